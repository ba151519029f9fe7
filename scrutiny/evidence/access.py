"""Who sees what: one rule for an object in hand, the same rule as a filter for lists, and the doors that use it.

An agency sees its own, and alone sees what it has not sent. Once lodged: the body in the lead sees all, councillors
never what is personal; partner bodies see open and exempt, and the rest by a named grant; observers see open. The
public sees what is marked open, of an announced review, from the day written on it (`public_from`) by the deed that
published it: a report, or the list of requests after notice to its agency.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, and_, case, false, or_, select

from scrutiny.evidence.markings import STRICTNESS, stricter
from scrutiny.evidence.models import Evidence, EvidenceFile, Grant, Lodging
from scrutiny.evidence.queries import grant_of, lodging_with_files, lodgings_with_file, own_of
from scrutiny.extensions import db
from scrutiny.formats import LONDON, london_day
from scrutiny.reviews.access import is_councillor, may_run
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import is_announced, part_of
from workflows.roles import Actor


def may_read(lodging: Lodging, by: Actor, today: date) -> bool:
    """Whether the actor may read the text and figures of a lodging."""
    return _may(lodging.marking, lodging, by, today)


def may_read_file(file: EvidenceFile, lodging: Lodging, by: Actor, today: date) -> bool:
    """Whether the actor may read a file of a lodging, under the marking that governs it."""
    return file.evidence_id == lodging.evidence_id and _may(governing(file, lodging), lodging, by, today)


def governing(file: EvidenceFile, lodging: Lodging) -> str:
    """The marking that governs a file: its own for a redacted copy, made to be shown; else the stricter of the two."""
    return file.marking if file.role == "redacted" else stricter(file.marking, lodging.marking)


def _may(marking: str, lodging: Lodging, by: Actor, today: date) -> bool:
    """The rule of this room."""
    if lodging.evidence.is_of(by.agency):
        return True
    if lodging.lodged_at is None:
        return False
    return marking in _markings_for(part_of(lodging.review, by.body, today), by, lodging) or (
        marking == "open" and _is_out(lodging, today)
    )


def _markings_for(part: str | None, by: Actor, lodging: Lodging) -> tuple[str, ...]:
    """The markings a part in the review opens to this actor."""
    if part == "lead":
        return ("open", "exempt", "confidential") if is_councillor(by) else STRICTNESS
    if part == "partner":
        granted = not is_councillor(by) and by.person is not None and grant_of(lodging, by.person) is not None
        return STRICTNESS if granted else ("open", "exempt")
    return ("open",) if part == "observer" else ()


def _is_out(lodging: Lodging, today: date) -> bool:
    """Whether the public may see what is marked open here."""
    published = lodging.public_from is not None and london_day(lodging.public_from) <= today
    return is_announced(lodging.review, today) and published


def readable(review: Review, by: Actor, today: date) -> ColumnElement[bool]:
    """The rule as a filter on Lodging, for one review."""
    return and_(Lodging.review_id == review.id, readable_anywhere(by, today))


def readable_anywhere(by: Actor, today: date) -> ColumnElement[bool]:
    """The rule as a filter on Lodging, for every review."""
    return _filter(Lodging.marking, by, today)


def readable_files(by: Actor, today: date) -> ColumnElement[bool]:
    """The rule as a filter on EvidenceFile joined with Lodging by their evidence."""
    return _filter(_governing_column(), by, today)


def _filter(marking: Any, by: Actor, today: date) -> ColumnElement[bool]:
    """`_may` in SQL; a change to one is a change to both (the tests hold them together)."""
    own = Lodging.evidence_id.in_(select(Evidence.id).where(own_of(by.agency))) if by.agency else false()
    return or_(own, and_(Lodging.lodged_at.is_not(None), or_(_for_body(marking, by, today), _for_public(marking, today))))


def _for_body(marking: Any, by: Actor, today: date) -> ColumnElement[bool]:
    """`_markings_for` in SQL."""
    if by.body is None:
        return false()
    lead = ("open", "exempt", "confidential") if is_councillor(by) else STRICTNESS
    ways = [
        and_(_taking_part(by.body, "lead", today), marking.in_(lead)),
        and_(_taking_part(by.body, "partner", today), marking.in_(("open", "exempt"))),
        and_(_taking_part(by.body, "observer", today), marking == "open"),
    ]
    if not is_councillor(by) and by.person is not None:
        given = select(Grant.lodging_id).where(Grant.person_id == by.person, Grant.ended_at.is_(None))
        ways.append(and_(_taking_part(by.body, "partner", today), Lodging.id.in_(given)))
    return or_(*ways)


def _taking_part(body_id: int, part: str, today: date) -> ColumnElement[bool]:
    """That a body takes this part in the lodging's review on a day."""
    dated = or_(ReviewBody.to_on.is_(None), and_(ReviewBody.from_on <= today, ReviewBody.to_on >= today))
    rows = select(ReviewBody.review_id).where(ReviewBody.body_id == body_id, ReviewBody.part == part, dated)
    return Lodging.review_id.in_(rows)


def _for_public(marking: Any, today: date) -> ColumnElement[bool]:
    """`_is_out` in SQL: the day of London ends at its own midnight."""
    midnight = datetime.combine(today + timedelta(days=1), time(), LONDON)
    announced = select(Review.id).where(Review.announced_on <= today)
    return and_(marking == "open", Lodging.review_id.in_(announced), Lodging.public_from < midnight)


def _governing_column() -> Any:
    """`governing` in SQL."""
    rank = {marking: place for place, marking in enumerate(STRICTNESS)}
    own = case(rank, value=EvidenceFile.marking)
    its = case(rank, value=Lodging.marking)
    stricter_of = case((own >= its, EvidenceFile.marking), else_=Lodging.marking)
    return case((EvidenceFile.role == "redacted", EvidenceFile.marking), else_=stricter_of)


def lodging_to_read(lodging_id: int, by: Actor, today: date) -> Lodging:
    """The lodging with its files, for those who may read it; for others there is none."""
    lodging = lodging_with_files(lodging_id)
    if lodging is None or not may_read(lodging, by, today):
        abort(404)
    return lodging


def files_to_read(lodging: Lodging, by: Actor, today: date) -> list[EvidenceFile]:
    """The files of a lodging this actor may read, in the order they were added."""
    return [file for file in lodging.evidence.files if may_read_file(file, lodging, by, today)]


def file_to_read(file_id: int, by: Actor, today: date) -> tuple[EvidenceFile, Lodging]:
    """A file and the lodging through which it may be read; for others there is none."""
    ways = [(file, way) for way in lodgings_with_file(file_id) for file in way.evidence.files if file.id == file_id]
    permitted = [(file, way) for file, way in ways if may_read_file(file, way, by, today)]
    if not permitted:
        abort(404)
    return permitted[0]


def lodging_to_mark(lodging_id: int, by: Actor, today: date) -> Lodging:
    """The lodging, for those who run its review and so decide grants and summaries; its other readers are told so."""
    lodging = lodging_to_read(lodging_id, by, today)
    if lodging.lodged_at is None or not may_run(lodging.review, by):
        abort(403 if by.body is not None else 404)
    return lodging


def lodging_to_restrict(lodging_id: int, by: Actor, today: date) -> Lodging:
    """Something sent, for those who may make it stricter, take it back or erase it at once: its own agency, and the lead."""
    lodging = lodging_with_files(lodging_id)
    if lodging is not None and lodging.lodged_at is not None and lodging.evidence.is_of(by.agency):
        return lodging
    return lodging_to_mark(lodging_id, by, today)


def file_to_restrict(lodging_id: int, file_id: int, by: Actor, today: date) -> tuple[EvidenceFile, Lodging]:
    """A file of such a lodging; one that is not among them is not there."""
    lodging = lodging_to_restrict(lodging_id, by, today)
    file = next((one for one in lodging.evidence.files if one.id == file_id), None)
    if file is None:
        abort(404)
    return file, lodging


def lodging_of_own(lodging_id: int, by: Actor) -> Lodging:
    """A lodging of the agency acted for; another's is not there."""
    lodging = lodging_with_files(lodging_id)
    if lodging is None or not lodging.evidence.is_of(by.agency):
        abort(404)
    return lodging


def grant_to_end(grant_id: int, by: Actor, today: date) -> Grant:
    """A grant, for those who run the review it belongs to."""
    grant = db.session.get(Grant, grant_id)
    if grant is None:
        abort(404)
    lodging_to_mark(grant.lodging_id, by, today)
    return grant
