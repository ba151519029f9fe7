"""What happened in a review, as its bodies may know it, and the trail of the whole instance, with names in place of numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, func, or_, select

from scrutiny.accounts.queries import people_named
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.findings.access import DRAFT_READERS
from scrutiny.findings.models import Finding
from scrutiny.formats import moment
from scrutiny.recommendations.models import Recommendation
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.worklist.queries import agencies_named, bodies_named
from workflows.roles import Actor

PER_PAGE = 100
#: What the bodies of a review may know of an agency's deeds; how it works on an answer before sending it is its own affair.
KNOWN_OF_AGENCIES = (
    "request_opened",
    "item_submitted",
    "item_not_held",
    "item_refused",
    "item_redirected",
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
    "recommendation_said_done",
    "progress_returned",
)
#: Who read what is personal or confidential: for those who run the review, who answer for it.
READINGS = ("evidence_read", "evidence_granted", "evidence_grant_ended")
#: Work on drafts, which councillors do not follow.
DRAFTING = (
    "finding_drafted",
    "finding_revised",
    "finding_cited",
    "finding_uncited",
    "finding_taken_back",
    "recommendation_drafted",
    "recommendation_revised",
    "recommendation_taken_back",
)
PLAIN_NAMES = {"operator": "The operator", "timetable": "The timetable", "anyone": "Somebody not signed in"}


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


def of_review(review: Review, by: Actor, page: int = 1) -> Page:
    """What happened within a review, as far as this reader may know it."""
    return _page(_visible(review, by), page)


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
    hidden: tuple[str, ...] = () if may_run(review, by) else READINGS
    hidden += () if by.has(*DRAFT_READERS) else DRAFTING
    return and_(
        AuditEntry.within == review.plain,
        or_(AuditEntry.capacity.not_like("agency:%"), AuditEntry.event.in_(KNOWN_OF_AGENCIES)),
        AuditEntry.event.not_in(hidden),
    )


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
    names |= {f"person:{key}": name for key, name in people.items()} | PLAIN_NAMES
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


def _ids(kind: str, references: Sequence[str]) -> list[int]:
    """The ids in references of one kind: person:4 → 4."""
    start = f"{kind}:"
    found = {one.removeprefix(start) for one in references if one.startswith(start)}
    return sorted(int(one) for one in found if one.isdigit())


def _called(references: Sequence[str]) -> dict[str, str]:
    """How records are called on pages: R-2026-001/P03/2, Finding 4; four statements."""
    tables: tuple[tuple[str, Any, Any, str], ...] = (
        ("item", Item, Item.reference, ""),
        ("request", EvidenceRequest, EvidenceRequest.reference, ""),
        ("finding", Finding, Finding.number, "Finding "),
        ("recommendation", Recommendation, Recommendation.number, "Recommendation "),
    )
    found: dict[str, str] = {}
    for kind, table, column, word in tables:
        rows = select(table.id, column).where(table.id.in_(_ids(kind, references))).order_by(table.id)
        found |= {f"{kind}:{key}": f"{word}{value}" for key, value in db.session.execute(rows)}
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
