"""Deeds on gaps that bodies note: note one, change it, look at it, close it with its outcome, open it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Place
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.gaps import words
from scrutiny.gaps.models import GapEntry
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import readable_by
from scrutiny.rules.queries import rules
from scrutiny.transaction import check_version
from scrutiny.typed_text import clean
from workflows.gaps import Gap
from workflows.lifecycles.gap import GAP, REVIEW_OPENED
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a gap."""

    why: str
    todo: str
    by_on: date | None
    is_public: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """How a gap ended: the outcome, the reason, and the reference of the review where one was opened."""

    outcome: str
    why: str
    review: str


def note_gap(gap: Gap, place: Place, details: Details, *, by: Actor, at: datetime) -> GapEntry:
    """Note a gap for the body acted for; refused where it has noted the same and not closed it."""
    if by.body is None:
        raise Refused(gettext("Only members of a scrutiny body can note a gap"))
    if open_entry(gap, place.id, by.body) is not None:
        raise Refused(gettext("Your body has noted this gap already"))
    entry = GapEntry(
        place=place,
        kind=gap.kind,
        service=gap.service,
        agency_id=gap.agency,
        body_id=by.body,
        reason=words.reason_for_all(gap),
        state=GAP.initial,
        outcome="",
        ended_why="",
        made_by=by.reference,
        made_at=at,
    )
    _say(entry, details)
    db.session.add(entry)
    db.session.flush()
    note("gap_noted", about=entry.plain, by=by, at=at)
    return entry


def open_entry(gap: Gap, place_id: int, body_id: int) -> GapEntry | None:
    """What a body has noted of a gap and not closed."""
    rows = select(GapEntry).where(
        GapEntry.place_id == place_id,
        GapEntry.body_id == body_id,
        GapEntry.kind == gap.kind,
        GapEntry.service == gap.service,
        GapEntry.agency_id.is_(None) if gap.agency is None else GapEntry.agency_id == gap.agency,
        GapEntry.state != "closed",
    )
    return db.session.scalars(rows.order_by(GapEntry.id)).first()


def change_entry(entry: GapEntry, details: Details, *, seen: int | None, by: Actor, at: datetime) -> GapEntry:
    """Say something else of a gap; Stale where somebody else has saved since."""
    check_version(entry, seen)
    if entry.state == "closed":
        raise Refused(gettext("This gap is closed. Open it again to change it"))
    _say(entry, details)
    db.session.flush()
    note("gap_changed", about=entry.plain, by=by, at=at)
    return entry


def move_entry(entry: GapEntry, move: str, *, seen: int | None, by: Actor, at: datetime) -> GapEntry:
    """Look at a gap, or open it again; what it ended with is forgotten then, and stays in the trail."""
    check_version(entry, seen)
    made = GAP.make(move, entry, by=by)
    if move == "reopen":
        entry.outcome, entry.ended_why, entry.review_id, entry.closed_at = "", "", None, None
    db.session.flush()
    note(made.event, about=entry.plain, by=by, at=at)
    return entry


def close_entry(entry: GapEntry, ending: Ending, *, seen: int | None, by: Actor, at: datetime) -> GapEntry:
    """Close a gap with its outcome: a review of the body's that was opened, or a reason."""
    check_version(entry, seen)
    review = _review(ending.review, by, london_day(at)) if ending.outcome == REVIEW_OPENED else None
    if review is None and not clean(ending.why).strip():
        raise Refused(gettext("Say why: what was asked for and of whom, or why the gap is accepted"))
    made = GAP.make("close", entry, by=by)
    entry.outcome, entry.ended_why, entry.closed_at = ending.outcome, clean(ending.why), at
    entry.review_id = review.id if review else None
    db.session.flush()
    note(made.event, about=entry.plain, by=by, at=at, outcome=ending.outcome)
    return entry


def _review(reference: str, by: Actor, today: date) -> Review:
    """The review that was opened, which the body takes part in."""
    rows = select(Review).where(Review.reference == reference.strip().upper())
    if by.body is not None:
        found = db.session.scalar(rows.where(Review.id.in_(readable_by(by.body, today))))
        if found is not None:
            return found
    raise Refused(gettext("Your body has no review “%(reference)s”. Enter one such as R-2026-001", reference=reference[:40]))


def _say(entry: GapEntry, details: Details) -> None:
    """Write what is said of a gap."""
    entry.why, entry.todo, entry.by_on = clean(details.why), clean(details.todo), details.by_on
    entry.is_public = details.is_public and rules().gap_choices.register_public
