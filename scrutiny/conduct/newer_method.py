"""A running review takes up a newer edition of its method: by somebody who has seen how they differ and what would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext, ngettext

from scrutiny.asking.drafting import add_item, work_out
from scrutiny.conduct import letters
from scrutiny.conduct.clashes import Clash, clashes_of
from scrutiny.conduct.moving import MovedItem, MovedPhase, item_as_shown
from scrutiny.conduct.preview_token import check_seen
from scrutiny.due_dates.rescheduling import Timetable, redated
from scrutiny.due_dates.rules import phases_of
from scrutiny.editions.queries import ON_THE_WAY, report_of
from scrutiny.findings import queries as findings
from scrutiny.formats import day, listed, london_day, number
from scrutiny.phase_words import phase_why
from scrutiny.reports import signing
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews import service as reviews
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part, questions_of
from scrutiny.reviews.timetable import is_by_hand, still_open, take_up_edition
from scrutiny.rules.queries import calendars_in_force, method_of
from scrutiny.rules.queries import methods as methods_here
from scrutiny.rules.service import keep_method
from workflows.differences import Difference, differences
from workflows.method import Evidence, Line, Method
from workflows.methods import PhaseDates, timetable_of
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What taking up a newer edition would do; nothing is changed by looking. `digest` is the newer text's."""

    reference: str
    version: int
    title: str
    was: str
    now: str
    digest: str
    differences: tuple[Difference, ...]
    phases: tuple[MovedPhase, ...]
    begins: tuple[str, ...]
    goes: tuple[str, ...]
    lines: tuple[str, ...]
    drafts: tuple[MovedItem, ...]
    added: tuple[str, ...]
    stays: tuple[str, ...]
    voided: tuple[str, ...]
    obstacles: tuple[str, ...]
    clashes: tuple[Clash, ...]
    written_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The same as the deed needs it: the whole timetable, the phases that go, the lines that come, items for each draft."""

    older: Method
    newer: Method
    dated: tuple[PhaseDates, ...]
    goes: tuple[str, ...]
    lines: tuple[Line, ...]
    added: tuple[tuple[EvidenceRequest, Evidence], ...]


def newer_of(review: Review) -> Method | None:
    """The newest edition of a review's method that is here, if it is newer than the one the review reads."""
    newest = methods_here().get(review.edition.key)
    if newest is None or review.state not in ("planned", "opened"):
        return None
    return newest if (newest.year, newest.number) > review.edition.order else None


def preview(review: Review, *, by: Actor, at: datetime) -> Upgrade:
    """The differences between the two editions, and what would change in this review; refused where there is none newer."""
    today, plan = london_day(at), _plan(review, at)
    was = {phase.key: phase for phase in review.phases}
    drafts = requests_of(review, "drafted")
    rows = redated(
        drafts, Timetable(plan.older, phases_of(review.phases)), Timetable(plan.newer, plan.dated), today
    )  # items already asked keep their dates
    kept = [one for one in plan.dated if one.key in was]
    return Upgrade(
        reference=review.reference,
        version=review.version,
        title=plan.newer.title,
        was=plan.older.version,
        now=plan.newer.version,
        digest=plan.newer.digest,
        differences=differences(plan.older, plan.newer),
        phases=tuple(
            MovedPhase(
                one.key, one.title, was[one.key].starts_on, was[one.key].ends_on, one.starts_on, one.ends_on, phase_why(one.why)
            )
            for one in kept
        ),
        begins=tuple(f"{one.title}: {day(one.starts_on)} to {day(one.ends_on)}" for one in plan.dated if one.key not in was),
        goes=tuple(was[key].title for key in plan.goes),
        lines=tuple(_of_lines(review, plan.lines)),
        drafts=tuple(item_as_shown(row) for row in rows),
        added=tuple(
            gettext("“%(item)s” to the draft for %(agency)s", item=item.title, agency=request.agency.name)
            for request, item in plan.added
        ),
        stays=tuple(_stays(review, plan, today)),
        voided=tuple(_voided(review, plan)),
        obstacles=tuple(_obstacles(review, plan.newer)),
        clashes=clashes_of(review, plan.dated, by=by, today=today, instead={row.item.id: row.now for row in rows}),
        written_to=tuple(body.name for body in letters.partners_of(review)),
    )


def take_up(review: Review, *, why: str, seen: str, by: Actor, at: datetime) -> Review:
    """Read the review by the newest edition from now on, as previewed; what agencies were asked already keeps its dates."""
    if not why.strip():
        raise Refused(gettext("Say why the newer edition is taken up: it stays on the record"))
    shown = preview(review, by=by, at=at)
    if shown.obstacles:
        raise Refused(shown.obstacles[0])
    check_seen(shown, seen)
    plan, today = _plan(review, at), london_day(at)
    edition = keep_method(plan.newer.key, at=at)
    take_up_edition(review, edition, plan.dated, dropped=plan.goes, lines=plan.lines, why=why, by=by, at=at)
    lines = {line.key: line for line in review.lines}
    for request, item in plan.added:
        question = reviews.standard_question(review, item, lines[item.line], by=by, at=at)
        add_item(request, question, power_key=item.power or "", by=by, at=at)
    for request in requests_of(review, "drafted"):
        work_out(request, today)
    if shown.voided:
        signing.void_signatures(review, f"The review took up version {plan.newer.version} of its method", by=by, at=at)
    letters.method_taken_up(review, plan.older, plan.newer, why.strip(), by=by, at=at)
    return review


def _plan(review: Review, at: datetime) -> _Plan:
    """Everything the newer edition brings to this review."""
    still_open(review)
    newer = newer_of(review)
    if newer is None:
        own = review.edition
        raise Refused(
            gettext(
                "%(reference)s is run by version %(version)s of “%(own)s”, and no newer version is here",
                reference=review.reference,
                version=own.version,
                own=own.title,
            )
        )
    older, today = method_of(review.edition), london_day(at)
    keys = {phase.key for phase in newer.phases}
    titles = {phase.key: phase.title for phase in newer.phases}
    standing = {one.key: one for one in phases_of(review.phases)}
    begun = {one.key for one in review.phases if one.starts_on <= today or is_by_hand(one)}
    pinned = {key: replace(standing[key], title=titles[key]) for key in begun & keys}
    lines = tuple(_new_lines(review, older, newer))
    return _Plan(
        older=older,
        newer=newer,
        dated=timetable_of(newer, review.starts_on, calendars_in_force(), review.lead.nation, pinned),
        goes=tuple(key for key in standing if key not in keys and key not in begun),
        lines=lines,
        added=tuple(_added(review, older, newer, {line.key for line in lines})),
    )


def _new_lines(review: Review, older: Method, newer: Method) -> Iterable[Line]:
    """Lines of enquiry that are new, and those reworded by the newer edition which nobody here had reworded."""
    there, before = {line.key: line for line in review.lines}, {line.key: line for line in older.lines}
    for line in newer.lines:
        own, was = there.get(line.key), before.get(line.key)
        if own is None or (was is not None and (own.title, own.text) == (was.title, was.text) and line != was):
            yield line


def _added(review: Review, older: Method, newer: Method, new_lines: set[str]) -> Iterable[tuple[EvidenceRequest, Evidence]]:
    """The standard items that are new, for each draft to an agency they are asked of."""
    known = {item.key for item in older.evidence}
    open_lines = {line.key for line in review.open_lines} | (new_lines - {line.key for line in review.lines})
    for request in requests_of(review, "drafted"):
        held = {item.question.standard_key for item in request.items}
        for item in newer.evidence_for(request.agency.kind):
            if item.key not in known | held and item.line in open_lines:
                yield request, item


def _of_lines(review: Review, lines: Iterable[Line]) -> Iterable[str]:
    """What becomes of lines of enquiry, in sentences."""
    there = {line.key for line in review.lines}
    for line in lines:
        yield f"“{line.title}” {'takes its new wording' if line.key in there else 'is added'}."


def _stays(review: Review, plan: _Plan, today: date) -> Iterable[str]:
    """What does not change though the edition does, in sentences."""
    issued = requests_of(review, "issued")
    if issued:
        yield ngettext(
            "%(n)s request already issued: every item keeps its words and its date.",
            "%(n)s requests already issued: every item keeps its words and its date.",
            len(issued),
            n=number(len(issued)),
        )
    for phase in review.phases:
        changed = next((one for one in plan.newer.phases if one.key == phase.key), None)
        before = next((one for one in plan.older.phases if one.key == phase.key), None)
        if changed is None and phase.key not in plan.goes:
            yield gettext("“%(phase)s” is not in the newer edition, but has begun: it stays.", phase=phase.title)
        elif changed is not None and changed != before and phase.starts_on <= today:
            yield gettext(
                "“%(phase)s” has begun and keeps its days. Move its last day by hand if the new length is wanted.",
                phase=phase.title,
            )
        elif changed is not None and changed != before and is_by_hand(phase):
            yield gettext("“%(phase)s” was given its days by hand and keeps them.", phase=phase.title)
    keys = {line.key for line in plan.newer.lines}
    for line in plan.older.lines:
        if line.key not in keys and any(own.key == line.key and not own.dropped_why for own in review.lines):
            yield gettext(
                "The line of enquiry “%(line)s” is not in the newer edition. It stays here until you leave it out.",
                line=line.title,
            )
    known = {item.key for item in plan.older.evidence}
    for item in (one for one in plan.newer.evidence if one.key not in known):
        asked = [request.agency.name for request in issued if request.agency.kind in item.agencies]
        if asked:
            yield gettext(
                "“%(item)s” is new and is not asked of %(asked)s by this: ask it as a question of your own.",
                item=item.title,
                asked=listed(asked),
            )


def _voided(review: Review, plan: _Plan) -> Iterable[str]:
    """The signatures that fall because the rule of sign-off is another."""
    if plan.older.sign_off == plan.newer.sign_off:
        return
    for row in signing.wanted(review):
        if row.signature is not None:
            yield gettext("%(body)s, signed by %(signature)s", body=row.body.name, signature=row.signature.name)


def _obstacles(review: Review, newer: Method) -> Iterable[str]:
    """Why the newer edition cannot be taken up, each with what to do."""
    yield from reviews.why_not(newer, review.lead, bodies_taking_part(review, "partner"))
    labels = newer.judgement.labels
    for finding in findings.of_review(review.id):
        if finding.state != "withdrawn" and finding.judgement and finding.judgement not in labels:
            yield (
                gettext(
                    "Finding %(number)s carries the judgement “%(judgement)s”, which the newer edition does not have: change it "
                    "first, or stay with this edition",
                    number=finding.number,
                    judgement=finding.judgement,
                )
            )
    if not newer.may_hold_personal and any(question.marking == "personal" for question in questions_of(review)):
        yield gettext(
            "Personal information has been asked for here, and the newer edition does not allow it: stay with this edition"
        )
    report = report_of(review.id)
    if report is not None and report.editions[-1].state in ON_THE_WAY:
        yield gettext("The report is on its way out: take it off the schedule first")
