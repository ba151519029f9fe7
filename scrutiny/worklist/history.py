"""What happened in a review, as its bodies may know it, and the trail of the whole instance, with names in place of numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import current_app
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from scrutiny.accounts.queries import people_named
from scrutiny.agencies.queries import agencies_named
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies.queries import bodies_named
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import letters_by_id
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.findings.access import DRAFT_READERS
from scrutiny.formats import moment
from scrutiny.recommendations import queries as recommendations
from scrutiny.requests.queries import names_of, records_of_agency, requests_of
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.worklist.access import AGENCY_OWN_LETTERS
from scrutiny.worklist.letters import told as letters_told
from workflows.labels import words_of
from workflows.lifecycles.every import LIFECYCLES
from workflows.roles import Actor

PER_PAGE = 100
#: What the bodies of a review may know of an agency's deeds; how it works on an answer before sending it is its own affair.
KNOWN_OF_AGENCIES = (
    "request_opened",
    "item_submitted",
    "item_not_held",
    "item_refused",
    "item_redirected",
    "item_decline_taken_back",
    "item_said_wrong",
    "evidence_said_wrong",
    "evidence_withheld",
    "evidence_lodged",
    "question_asked",
    "extension_asked",
    "extension_taken_back",
    "summary_agreed",
    "accuracy_check_finished",
    "correction_offered",
    "recommendation_accepted",
    "recommendation_partly_accepted",
    "recommendation_rejected",
    "recommendation_noted",
    "recommendation_corrected_to_accepted",
    "recommendation_corrected_to_partly_accepted",
    "recommendation_corrected_to_rejected",
    "recommendation_said_done",
    "progress_returned",
    "response_words_erased",
)
#: How an agency shares its work out, whoever does it: an administrator hands over what somebody leaves.
INSIDE_AGENCIES = ("item_handed", "item_passed_back")
#: That an answer was entered or sent, and what that writes besides: one row is enough for its readers.
ANSWERED = ("item_entered", "item_submitted")
OF_AN_ANSWER = ("evidence_drafted", "evidence_lodged")
#: Who read what is personal or confidential: for those who run the review, who answer for it.
READINGS = ("evidence_read", "evidence_granted", "evidence_grant_ended")
#: Work on drafts, which councillors do not follow.
DRAFTING = (
    "finding_drafted",
    "finding_revised",
    "finding_cited",
    "finding_uncited",
    "quotation_erased",
    "agreed_quotation_erased",
    "finding_taken_back",
    "recommendation_drafted",
    "recommendation_revised",
    "recommendation_taken_back",
)
#: The lifecycles with a move that is written down as an event, by the event: its states are called as in these first.
LIFECYCLES_OF: Final = {
    event: tuple(table for table in LIFECYCLES if any(move.event == event for move in table.moves))
    for event in {move.event for table in LIFECYCLES for move in table.moves}
}
PLAIN_NAMES = {
    "operator": lazy_gettext("The operator"),
    "timetable": lazy_gettext("Area Scrutiny (automatic)"),
    "anyone": lazy_gettext("Somebody not signed in"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the trail as a person reads it."""

    number: int
    title: Markup
    by: str
    at: datetime
    when: str
    text: str
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a trail, newest first."""

    rows: list[Happening]
    number: int
    pages: int
    count: int


def of_review(review: Review, by: Actor, page: int = 1, agency_id: int | None = None) -> Page:
    """What happened within a review, as far as this reader may know it; of one agency where one is named."""
    wanted = _visible(review, by)
    return _page(wanted if agency_id is None else and_(wanted, _of_agency(review, agency_id)), page)


def agencies_of(review: Review) -> list[tuple[int, str]]:
    """The agencies that were asked in a review, by name, to choose one from."""
    asked = {request.agency_id: request.agency.name for request in requests_of(review, "issued", "closed")}
    return sorted(asked.items(), key=lambda one: one[1].casefold())


def _of_agency(review: Review, agency_id: int) -> ColumnElement[bool]:
    """The rows of what an agency did, and of what was done about its requests and their items."""
    about = [AuditEntry.about.in_(rows) for rows in records_of_agency(review.id, agency_id)]
    return or_(AuditEntry.capacity == f"agency:{agency_id}", *about)


def of_instance(record: str = "", page: int = 1) -> Page:
    """The trail of the whole instance, or of one record ('request:17', 'review:2', 'person:4'), for administrators."""
    return _page(_of_record(record), page)


def entries_of(record: str = "") -> list[AuditEntry]:
    """The same rows, all of them, oldest first, for a file."""
    return list(db.session.scalars(select(AuditEntry).where(_of_record(record)).order_by(AuditEntry.number)))


def _of_record(record: str) -> ColumnElement[bool]:
    """The rows about a record, within it, or done by it."""
    record = record.strip()
    if not record:
        return AuditEntry.number > 0
    return or_(AuditEntry.about == record, AuditEntry.within == record, AuditEntry.by == record, AuditEntry.capacity == record)


def _visible(review: Review, by: Actor) -> ColumnElement[bool]:
    """The rows of a review this reader may know."""
    hidden: tuple[str, ...] = INSIDE_AGENCIES if may_run(review, by) else (*INSIDE_AGENCIES, *READINGS)
    hidden += () if by.has(*DRAFT_READERS) else DRAFTING
    return and_(
        AuditEntry.within == review.plain,
        or_(AuditEntry.capacity.not_like("agency:%"), AuditEntry.event.in_(KNOWN_OF_AGENCIES)),
        AuditEntry.event.not_in(hidden),
        AuditEntry.about.not_in(_own_letters(review)),
        not_(_part_of_an_answer()),
    )


def _part_of_an_answer() -> ColumnElement[bool]:
    """Rows of one deed of which another row says the whole: an answer entered or sent is lodged in the same moment."""
    whole = aliased(AuditEntry)
    same = select(whole.number).where(
        whole.within == AuditEntry.within, whole.at == AuditEntry.at, whole.by == AuditEntry.by, whole.event.in_(ANSWERED)
    )
    return and_(AuditEntry.event.in_(OF_AN_ANSWER), same.correlate(AuditEntry).exists())


def _own_letters(review: Review) -> Select[str]:
    """The letters by which agencies pass an answer round among themselves, as the trail names them: 'letter:7'."""
    named = literal("letter:") + cast(Letter.id, String)
    return select(named).where(Letter.within == review.plain, Letter.kind.in_(AGENCY_OWN_LETTERS))


def _page(wanted: ColumnElement[bool], page: int) -> Page:
    """One page of these rows, with names; a constant number of statements."""
    count = db.session.scalar(select(func.count()).select_from(AuditEntry).where(wanted)) or 0
    pages = max(1, -(-count // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = select(AuditEntry).where(wanted).order_by(AuditEntry.number.desc())
    return Page(_told(list(db.session.scalars(rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)))), number, pages, count)


def _told(entries: Sequence[AuditEntry]) -> list[Happening]:
    """Entries with the names of who did them and what they are about."""
    people = people_named(_ids("person", [entry.by for entry in entries]))
    capacities = [entry.capacity for entry in entries]
    bodies, agencies = bodies_named(_ids("body", capacities)), agencies_named(_ids("agency", capacities))
    called = _called([entry.about for entry in entries])
    names = {f"body:{key}": name for key, name in bodies.items()} | {f"agency:{key}": name for key, name in agencies.items()}
    names |= {f"person:{key}": name for key, name in people.items()} | {key: str(name) for key, name in PLAIN_NAMES.items()}
    return [
        Happening(
            entry.number,
            sentence(entry),
            ", ".join(filter(None, (names.get(entry.by, entry.by), names.get(entry.capacity)))),
            entry.at,
            moment(entry.at),
            called.get(entry.about, ""),
            entry,
        )
        for entry in entries
    ]


def sentence(entry: AuditEntry) -> Markup:
    """What happened, from templates/events; an event of an older version that has no template is said by its name."""
    template = current_app.jinja_env.get_or_select_template([f"events/{entry.event}.html", "worklist/event.html"])
    return Markup(template.render(entry=entry).strip())  # rendered by Jinja, which escaped what it was given


def states_of(entry: AuditEntry) -> str:
    """The state after a move, and the one before it, in the words of the pages; '' where nothing moved."""
    tables = (*LIFECYCLES_OF.get(entry.event, ()), *LIFECYCLES)
    keys = [key for key in (entry.before, entry.after) if key and entry.after]
    words = (next((table.states[key] for table in tables if key in table.states), "") for key in keys)
    return " → ".join(word or words_of(key).capitalize() for word, key in zip(words, keys, strict=True))


def _ids(kind: str, references: Sequence[str]) -> list[int]:
    """The ids in references of one kind: person:4 → 4."""
    start = f"{kind}:"
    found = {one.removeprefix(start) for one in references if one.startswith(start)}
    return sorted(int(one) for one in found if one.isdigit())


def _called(references: Sequence[str]) -> dict[str, str]:
    """How records are called on pages: R-2026-001/P03/2, Loamshire Police; Finding 4; Reminder, to Rhys Cole."""
    found = names_of(_ids("request", references), _ids("item", references))
    for key, number in findings.numbers_of(_ids("finding", references)).items():
        found[f"finding:{key}"] = gettext("Finding %(number)s", number=number)
    for row in letters_told(letters_by_id(_ids("letter", references))):
        found[f"letter:{row.letter.id}"] = gettext("%(kind)s, to %(name)s", kind=row.kind, name=row.to)
    for key, number in recommendations.numbers_of(_ids("recommendation", references)).items():
        found[f"recommendation:{key}"] = gettext("Recommendation %(number)s", number=number)
    return found


COLUMNS = ("number", "at", "by", "capacity", "event", "about", "within", "before", "after", "fields", "previous", "digest")


def as_rows(entries: Sequence[AuditEntry]) -> list[tuple[str | int, ...]]:
    """Entries as the rows of a table, every column as it is chained."""
    return [
        (
            entry.number,
            entry.at.isoformat(),
            entry.by,
            entry.capacity,
            entry.event,
            entry.about,
            entry.within,
            entry.before,
            entry.after,
            json.dumps(entry.fields, sort_keys=True, ensure_ascii=False),
            entry.previous,
            entry.digest,
        )
        for entry in entries
    ]
