"""What each review needs of the person who asks: counted for many reviews at once, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from scrutiny.formats import listed, moment, plural, short_day
from scrutiny.requests.states import shown
from scrutiny.reviews.access import may_inspect, may_run
from scrutiny.reviews.models import Review
from scrutiny.worklist import readiness as standing
from scrutiny.worklist import waiting
from workflows.labels import labels
from workflows.lifecycles.finding import LEADERS
from workflows.lifecycles.item import READERS
from workflows.roles import CHAIR, COUNCILLOR, Actor

#: What an agency says in place of an answer.
INSTEAD = labels({"not_held": "not held", "refused": "refused", "redirected": "redirected"})


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits: in words, where to do it, and a word for the link where it is a deed."""

    text: str
    href: str
    deed: str = ""
    tone: str = "waiting"


Needs = dict[int, list[Need]]


def needs_of(reviews: Sequence[Review], by: Actor, today: date, at: datetime) -> Needs:
    """What waits for this person in each of these reviews, most pressing first; empty lists where nothing does."""
    found: Needs = {review.id: [] for review in reviews}
    under_way = [review for review in reviews if review.state in ("planned", "opened", "reported")]
    runs = {review.id: review for review in under_way if may_run(review, by)}
    works = {review.id: review for review in under_way if may_inspect(review, by)}
    _not_delivered(found, runs)
    _late(found, runs or (works if by.has(*READERS) else {}), today, runs)
    if by.has(*READERS):
        _to_accept(found, works)
    _for_those_who_run(found, runs, at)
    if by.has(*LEADERS):
        _to_settle(found, works)
        _responses(found, works, today)
    _signatures(found, works, runs, by)
    if by.has(COUNCILLOR, CHAIR):
        _for_councillors(found, works, by)
    return found


def _not_delivered(found: Needs, runs: dict[int, Review]) -> None:
    """Requests that never reached their agency, and other letters that failed or came back."""
    for review_id, number, agency, fault in waiting.undelivered(list(runs)):
        page = f"{_at(runs[review_id])}/requests/P{number:02d}"
        found[review_id].append(Need(f"The request to {agency} was not delivered: {fault.rstrip('.')}", page, "correct", "late"))
    said = {
        "bounce": gettext("a letter came back by email"),
        "delayed": gettext("a letter is delayed"),
        "reply": gettext("a reply came by email"),
    }
    for review_id, number, agency, kind in waiting.mail_to_read(list(runs)):
        page = f"{_at(runs[review_id])}/requests/P{number:02d}#email"
        found[review_id].append(Need(f"{agency}: {said[kind]}", page, "read", "late" if kind == "bounce" else "waiting"))
    for review_id, count in waiting.letters_lost(list(runs)):
        words = f"{plural(count, 'letter')} could not be delivered"
        found[review_id].append(Need(words, f"{_at(runs[review_id])}/letters", tone="late"))


def _late(found: Needs, reviews: dict[int, Review], today: date, runs: dict[int, Review]) -> None:
    """Items overdue, agency by agency."""
    for review_id, number, agency, count, since in waiting.overdue(list(reviews), today):
        late = plural((today - since).days, "day")
        found[review_id].append(
            Need(
                f"{agency}: {plural(count, 'item')} overdue by {late}",
                f"{_at(reviews[review_id])}/requests/P{number:02d}",
                "chase" if review_id in runs else "",
                "late",
            )
        )


def _to_accept(found: Needs, works: dict[int, Review]) -> None:
    """Answers that came in, and what agencies say in place of one."""
    for review_id, state, count in waiting.received(list(works)):
        words = plural(count, "answer") if state == "submitted" else f"{plural(count, 'item')} {INSTEAD[state]}"
        key = shown(state, None, date.min).key
        found[review_id].append(Need(f"{words} to accept", f"{_at(works[review_id])}/matrix?state={key}"))


def _for_those_who_run(found: Needs, runs: dict[int, Review], at: datetime) -> None:
    """Extensions, questions back, drafts, proposed questions, reports held and errors reported."""
    ids = list(runs)
    for review_id, number, agency, until in waiting.extensions(ids):
        words = f"{agency} asks for more time, until {short_day(until)}"
        found[review_id].append(Need(words, f"{_at(runs[review_id])}/requests/P{number:02d}", "decide"))
    for review_id, number, agency in waiting.letters_to_approve(ids):
        words = f"A letter to {agency} about what is late waits for a chair or lead inspector"
        found[review_id].append(Need(words, f"{_at(runs[review_id])}/reminders/{number}", "decide"))
    for review_id, number, agency in waiting.questions_back(ids):
        found[review_id].append(Need(f"{agency} asks a question", f"{_at(runs[review_id])}/requests/P{number:02d}", "reply"))
    each: tuple[tuple[Callable[[list[int]], list[Any]], Callable[[int], str], str], ...] = (
        (waiting.drafts, lambda count: f"{plural(count, 'request')} drafted and not issued", "/requests"),
        (waiting.proposed_questions, lambda count: f"{plural(count, 'question')} proposed", "/questions"),
        (waiting.errors_reported, lambda count: f"{plural(count, 'error')} reported in the report", "/report"),
    )
    for read, counted, page in each:
        for review_id, count in read(ids):
            found[review_id].append(Need(counted(count), f"{_at(runs[review_id])}{page}"))
    for review_id, release_at, fault in waiting.reports_held(ids, at):
        said = f"The report is held: {fault.rstrip('.')}" if fault else f"The report was to be released on {moment(release_at)}"
        found[review_id].append(Need(said, f"{_at(runs[review_id])}/report", tone="late"))


def _to_settle(found: Needs, works: dict[int, Review]) -> None:
    """Findings proposed, and corrections offered to them."""
    for review_id, count in waiting.proposed_findings(list(works)):
        found[review_id].append(Need(f"{plural(count, 'finding')} to settle", f"{_at(works[review_id])}/findings"))
    for review_id, count in waiting.corrections(list(works)):
        found[review_id].append(Need(f"{plural(count, 'correction')} to decide", f"{_at(works[review_id])}/accuracy"))


def _responses(found: Needs, works: dict[int, Review], today: date) -> None:
    """Responses that are late, and what is said to be done."""
    for review_id, late, done in waiting.responses(list(works), today):
        page = f"{_at(works[review_id])}/recommendations"
        if late:
            found[review_id].append(Need(f"{plural(late, 'response')} to a recommendation overdue", page, tone="late"))
        if done:
            found[review_id].append(Need(f"{plural(done, 'recommendation')} to check and close", page))


def _signatures(found: Needs, works: dict[int, Review], runs: dict[int, Review], by: Actor) -> None:
    """Whose signature is wanted, once the findings are settled; and why one given before no longer holds."""
    for review_id, wanted in standing.signatures_wanted([one for one in works.values() if one.state == "opened"]).items():
        page = f"{_at(works[review_id])}/sign-off"
        mine = next((row for row in wanted if row.body_id == by.body), None)
        if mine and by.has(*standing.SIGNERS):
            words = f"Your signature for {mine.name} is wanted"
            found[review_id].append(Need(f"{words}. {mine.voided_why}" if mine.voided_why else words, page, "sign"))
        others = [row.name for row in wanted if row is not mine or not by.has(*standing.SIGNERS)]
        if others and review_id in runs:
            found[review_id].append(Need(f"Not signed yet: {listed(others)}", page, tone="quiet"))


def _for_councillors(found: Needs, works: dict[int, Review], by: Actor) -> None:
    """The pack to read, and what became of the questions they proposed."""
    answers = defaultdict(list)
    for review_id, state, count in waiting.own_questions(list(works), by.reference):
        answers[review_id].append(f"{count} {state}")
    for review in works.values():
        if review.state != "opened":
            continue
        found[review.id].append(Need("The pack for your meeting", f"{_at(review)}/pack", "read", "quiet"))
        if answers[review.id]:
            found[review.id].append(
                Need(f"Questions you proposed: {', '.join(answers[review.id])}", f"{_at(review)}/pack", tone="quiet")
            )


def _at(review: Review) -> str:
    """The address of a review."""
    return f"/reviews/{review.reference}"
