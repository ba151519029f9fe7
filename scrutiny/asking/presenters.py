"""What the asker's pages say of drafts, requests and items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import SelectChoice

from scrutiny.accounts.queries import people_named
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import Answering
from scrutiny.asking.delivering import ASKS
from scrutiny.audit import queries as trail
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import UNDELIVERED, letters_about
from scrutiny.correspondence.queued import queued_now, queued_words
from scrutiny.due_dates.closed_days import closed_day_words
from scrutiny.due_dates.models import Start
from scrutiny.due_dates.starting import how_known
from scrutiny.evidence.markings import FOR_REQUESTER, WORDS, offered
from scrutiny.formats import day, listed, number, percent
from scrutiny.requests.letters import receivers
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import Elsewhere
from scrutiny.requests.states import SHOWN, Shown, shown
from scrutiny.requests.ways import CAME_BY
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from scrutiny.whole_numbers import whole_or_none
from workflows.deadlines import START_EVENTS
from workflows.labels import labels
from workflows.lifecycles.item import ITEM
from workflows.roles import Actor

#: States in which what was said in place of an answer stands.
DECLINED = ("not_held", "refused", "redirected", "accepted")
KINDS = labels(
    {
        "any": lazy_gettext("Whatever fits"),
        "text": lazy_gettext("Words"),
        "figures": lazy_gettext("Figures"),
        "file": lazy_gettext("A file"),
    }
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as the table shows it."""

    request: EvidenceRequest
    cover: str
    elsewhere: str
    receivers: str
    emails: int
    reachable: bool


def ended_at(request: EvidenceRequest) -> datetime | None:
    """When a request was closed or withdrawn, as the trail has it; None while it is neither."""
    if request.state not in ("closed", "withdrawn"):
        return None
    return next((row.at for row in trail.about(request.plain) if row.event in ("request_closed", "request_withdrawn")), None)


def draft_rows(requests: Iterable[EvidenceRequest], there: dict[int, Elsewhere], at: datetime) -> list[DraftRow]:
    """The drafts of a review, each with its cover, what is asked or held elsewhere, and who gets the letter."""
    return [_draft_row(request, there.get(request.agency_id), at) for request in requests]


def _draft_row(request: EvidenceRequest, found: Elsewhere | None, at: datetime) -> DraftRow:
    """One draft."""
    to = receivers(request, at)
    named = listed([f"{one.name} ({one.address})" if one.address else one.name for one in to])
    emails = len({one.address for one in to if one.address})
    return DraftRow(request, cover_of(request), elsewhere_words(found), named, emails, bool(emails))


def cover_of(request: EvidenceRequest) -> str:
    """How much of the place the agency answers for."""
    if request.share_of_land is None:
        return gettext("answers for no part of this place")
    if request.share_of_land >= 0.99 and (request.share_of_people or 1) >= 0.99:
        return gettext("answers for the whole place")
    land = percent(request.share_of_land)
    if request.share_of_people is None:
        return gettext("answers for %(land)s of the land", land=land)
    people = percent(request.share_of_people)
    return gettext("answers for %(people)s of the people, %(land)s of the land", people=people, land=land)


def elsewhere_words(found: Elsewhere | None) -> str:
    """What the bodies of this review asked the agency in their other reviews, and hold from it."""
    if found is None or not (found.asked or found.held):
        return ""
    said = (
        [ngettext("%(n)s item still open", "%(n)s items still open", found.asked, n=number(found.asked))] if found.asked else []
    )
    said += [ngettext("%(n)s answer held", "%(n)s answers held", found.held, n=number(found.held))] if found.held else []
    return gettext("In your bodies’ other reviews: %(said)s", said=listed(said))


def nothing_standard(here: Sequence[Answering], asked: Iterable[int]) -> list[Answering]:
    """The agencies that answer here but are asked nothing."""
    already = set(asked)
    return [one for one in here if one.agency_id not in already]


def agency_choices(agencies: Iterable[Agency], *, but: Iterable[int]) -> list[SelectChoice]:
    """Agencies to choose from."""
    left_out = set(but)
    return [SelectChoice(value=one.id, label=one.name) for one in agencies if one.id not in left_out]


def kind_choices() -> list[SelectChoice]:
    """Kinds of answer to choose from."""
    return [SelectChoice(value=key, label=label) for key, label in KINDS.items()]


def entered_words(items: Sequence[Item]) -> str:
    """What was entered, after an answer that came another way."""
    numbers = listed([str(item.number) for item in items])
    said = ngettext(
        "The answer to item %(numbers)s is entered.", "The answers to items %(numbers)s are entered.", len(items), numbers=numbers
    )
    return f"{said} {queued_now('answer_entered')}".strip()


def came_by_choices() -> list[SelectChoice]:
    """Ways an answer may have come."""
    return [SelectChoice(value=key, label=label) for key, label in CAME_BY.items()]


def marking_choices(*, personal: bool) -> list[SelectChoice]:
    """Markings in words for whoever enters an answer in its agency's name; personal only where the method may hold it."""
    hints = {one: FOR_REQUESTER.get(one, WORDS[one][1]) for one in offered(personal=personal)}
    return [SelectChoice(value=one, label=WORDS[one][0], render_kw={"hint": hint}) for one, hint in hints.items()]


def _with_items(request: EvidenceRequest) -> str:
    """Whom a request asks, and for how much."""
    n = len(request.items)
    return ngettext("%(agency)s (%(n)s item)", "%(agency)s (%(n)s items)", n, agency=request.agency.name, n=number(n))


def request_choices(requests: Iterable[EvidenceRequest]) -> list[SelectChoice]:
    """Drafts to choose from."""
    return [SelectChoice(value=one.id, label=_with_items(one)) for one in requests]


def how(item: Item, today: date) -> Shown:
    """How an item stands for its asker today."""
    request = item.request
    drafted, delivered = request.state in ("drafted", "dropped"), request.delivered_on is not None
    return shown(item.stands, item.due_on, today, late_after=item.late_after, drafted=drafted, delivered=delivered)


def standing_of_request(request: EvidenceRequest, today: date) -> str:
    """How a request stands, as counts of its items in words: '3 answered, 2 waiting'."""
    counts = Counter(how(item, today).key for item in request.items)
    return ", ".join(f"{counts[key]} {row.word.lower()}" for key, row in SHOWN.items() if counts[key]) or gettext("no items")


def accept_words(item: Item) -> str:
    """What is accepted by accepting an item: an answer, or what was said in place of one."""
    said = {
        "not_held": gettext("Accept that it is not held"),
        "refused": gettext("Accept the refusal"),
        "redirected": gettext("Accept that another agency holds it"),
    }
    answer = gettext("Accept who attends") if item.question.kind == ATTENDANCE else gettext("Accept the answer")
    return said.get(item.state, answer)


def answers_sent(item: Item) -> list[Answer]:
    """The answers the asker may know of, newest first: what an agency has only begun is not among them."""
    return [answer for answer in reversed(item.answers) if answer.submitted_at is not None]


@dataclass(frozen=True, slots=True)
class DeclineRow:
    """What an agency said in place of an answer, and who of it said so and approved it."""

    decline: Decline
    word: str
    by: str
    approved_by: str
    taken_back_by: str
    came_from: str  # where nobody is known by name


def declines_sent(item: Item) -> tuple[DeclineRow | None, list[DeclineRow]]:
    """What the agency says now in place of an answer, if it does, and what it said before, newest first."""
    sent = item.declines_sent
    people = [one for row in sent for one in (row.by, row.certified_by, row.taken_back_by) if one.startswith("person:")]
    names = people_named([int(one[7:]) for one in people])
    rows = [_decline_row(row, {f"person:{key}": name for key, name in names.items()}) for row in reversed(sent)]
    stands = rows[0] if rows and item.ground and rows[0].decline.taken_back_at is None and item.state in DECLINED else None
    return stands, [row for row in rows if row is not stands]


def _decline_row(row: Decline, names: dict[str, str]) -> DeclineRow:
    """One of them, with names."""
    agency = row.item.request.agency.name
    wrote, approved, took_back = (names.get(one, "") for one in (row.by, row.certified_by, row.taken_back_by))
    return DeclineRow(row, ITEM.states[row.kind], wrote, approved, took_back or agency, agency)


def what_happens(rows: Sequence[DraftRow]) -> list[str]:
    """What issuing these requests will do, to whom and when, in sentences; those without an address are told apart."""
    if not rows:
        return []
    asked = [item for row in rows for item in row.request.items]
    reached = [row for row in rows if row.reachable]
    agencies = ngettext(
        "%(n)s agency",
        "%(n)s agencies",
        len({row.request.agency_id for row in reached}),
        n=number(len({row.request.agency_id for row in reached})),
    )
    said = []
    if reached:
        said.append(
            ngettext(
                "%(n)s email to %(agencies)s, within a minute.",
                "%(n)s emails to %(agencies)s, within a minute.",
                sum(row.emails for row in reached),
                n=number(sum(row.emails for row in reached)),
                agencies=agencies,
            )
        )
    without = without_address(rows)
    if without:
        said.append(
            ngettext(
                "%(without)s. Nothing is asked of it until you enter an address, or post the letter and record that.",
                "%(without)s. Nothing is asked of them until you enter an address, or post the letter and record that.",
                len(rows) - len(reached),
                without=without,
            )
        )
    said.append(ngettext("%(n)s question in all.", "%(n)s questions in all.", len(asked), n=number(len(asked))))
    due = [item.due_on for item in asked if item.due_on]
    if due and min(due) == max(due):
        said.append(
            ngettext(
                "The answer is due on %(day)s, if the emails arrive today.",
                "All answers are due on %(day)s, if the emails arrive today.",
                len(due),
                day=_day(min(due)),
            )
        )
    elif due:
        said.append(
            gettext(
                "The first answer is due on %(first)s and the last on %(last)s, if the emails arrive today.",
                first=_day(min(due)),
                last=_day(max(due)),
            )
        )
    return [
        *said,
        gettext(
            "Due dates are counted from the day a request is delivered. A request that was issued can be "
            "withdrawn, with a reason."
        ),
    ]


def mind_the_day(review: Review, today: date) -> list[str]:
    """What to know before issuing today: that the review has not begun, or that nobody is at work."""
    said = []
    if today < review.starts_on:
        said.append(
            gettext("The review starts on %(day)s. Agencies would be asked before it has begun.", day=_day(review.starts_on))
        )
    if not calendars_in_force().of(review.lead.nation).is_working(today):
        said.append(gettext("Today is not a working day. Due dates are counted from the day each request is delivered."))
    return said


def without_address(rows: Iterable[DraftRow]) -> str:
    """The agencies with no email address, in words; '' where every one has one."""
    named = [row.request.agency.name for row in rows if not row.reachable]
    if not named:
        return ""
    return ngettext(
        "%(n)s agency has no email address: %(named)s",
        "%(n)s agencies have no email address: %(named)s",
        len(named),
        n=len(named),
        named=listed(named),
    )


def issued_words(requests: Sequence[EvidenceRequest]) -> str:
    """What issuing did, composed from the letters that were written: '8 emails queued. 1 agency has no email address: …'."""
    return queued_words(
        [(letter, request.agency.name) for request in requests for letter in letters_about(request.plain) if letter.kind == ASKS]
    )


def extension_words(extension: Extension) -> str:
    """What deciding on more time did."""
    agency = extension.request.agency.name
    if extension.granted_until is None:
        return gettext("You have refused more time for %(agency)s.", agency=agency)
    said = gettext("You have given %(agency)s more time, until %(day)s.", agency=agency, day=day(extension.granted_until))
    return f"{said} {closed_day_words(extension.granted_until, extension.request.agency)}".rstrip()


def undelivered(request: EvidenceRequest) -> list[Letter]:
    """The letters about a request that failed or came back and nobody has dealt with, oldest first."""
    return [letter for letter in letters_about(request.plain) if letter.state in UNDELIVERED]


@dataclass(frozen=True, slots=True)
class StartShown:
    """One start as pages show it; one that was corrected since does not stand."""

    event: str
    words: str
    happened_on: date
    how: str
    stands: bool


def starts_shown(starts: Sequence[Start]) -> list[StartShown]:
    """The starts of a request in the order they happened; of each event the last that is not void stands."""
    latest = {one.event: one.id for one in sorted(starts, key=lambda one: one.id) if one.void_at is None}
    return [
        StartShown(one.event, START_EVENTS[one.event], one.happened_on, how_known(one), latest.get(one.event) == one.id)
        for one in starts
    ]


def question_choices(questions: Iterable[Note]) -> list[tuple[int, str]]:
    """Questions back to choose from."""
    return [
        (one.id, gettext("Item %(number)s: %(text)s", number=one.item.number, text=one.text) if one.item else one.text)
        for one in questions
    ]


def filters(args: Any) -> dict[str, Any]:
    """The filters of the matrix as they stand in the address; what makes no sense is left out."""
    state = str(args.get("state", ""))
    return {
        "agency_id": whole_or_none(args.get("agency")),
        "line": str(args.get("line", "")),
        "state": state if state in SHOWN else "",
    }


def _day(day: date) -> str:
    """A day within a sentence."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def items_to_enter(request: EvidenceRequest, by: Actor) -> list[Item]:
    """The items of a request to which an answer that came another way may be entered."""
    if request.state != "issued":
        return []
    return [item for item in request.items if any(move.name == "enter" for move in ITEM.open_to(item.state, by))]
