"""Who sees what: one rule for an object in hand, the same rule as a filter for lists, and the doors that use it.

An agency sees its own, and alone sees what it has not sent or has said was sent by mistake. Once lodged: what is
personal opens to the people of lead and partners who are named for the review (`named`), and to nobody else. Of the rest the
body in the lead sees all; partner bodies see open and exempt, and what is confidential by a grant; observers see open. The
public sees what is marked open, of an announced review, from the day written on it (`public_from`) by the deed that
published it: a report, or the list of requests after notice to its agency.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, and_, case, false, or_, select

from scrutiny.agencies.letter_readers import agency_by_letter, as_reader_of
from scrutiny.evidence.markings import NAMED_ONLY, STRICTNESS, stricter
from scrutiny.evidence.models import Evidence, EvidenceFile, Grant, Lodging, NamedReader
from scrutiny.evidence.named import NAMED_PARTS, in_body_since, is_named, named_for
from scrutiny.evidence.queries import grant_of, lodging_with_files, lodgings_with_file, own_of
from scrutiny.extensions import db
from scrutiny.formats import LONDON, london_day
from scrutiny.reviews.access import is_councillor, may_run, review_to_run
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import is_announced, part_of
from workflows.roles import Actor

#: The markings a part in a review opens to everybody of the body, councillors too.
OPENED = {"lead": ("open", "exempt", "confidential"), "partner": ("open", "exempt"), "observer": ("open",)}


def may_read(lodging: Lodging, by: Actor, today: date) -> bool:
    """Whether the actor may read the text and figures of a lodging."""
    return _may(lodging.marking, lodging, by, today)


def may_read_file(file: EvidenceFile, lodging: Lodging, by: Actor, today: date) -> bool:
    """Whether the actor may read a file of a lodging, under the marking that governs it."""
    return file.evidence_id == lodging.evidence_id and _may(governing(file, lodging), lodging, by, today)


def governing(file: EvidenceFile, lodging: Lodging) -> str:
    """The marking that governs a file: its own for a redacted copy, made to be shown; else the stricter of the two."""
    return file.marking if file.role == "redacted" else stricter(file.marking, lodging.marking)


def is_of_own(lodging: Lodging, by: Actor) -> bool:
    """Whether something is the actor's own agency's; somebody known by an address only was led there by a letter about it."""
    return lodging.evidence.is_of(by.agency) or lodging.evidence.is_of(agency_by_letter(by, f"lodging:{lodging.id}"))


def _may(marking: str, lodging: Lodging, by: Actor, today: date) -> bool:
    """The rule of this room."""
    if is_of_own(lodging, by):
        return True
    if lodging.lodged_at is None or lodging.withheld_at is not None:
        return False
    return _opens_to_body(marking, lodging, by, today) or (marking == "open" and _is_out(lodging, today))


def _opens_to_body(marking: str, lodging: Lodging, by: Actor, today: date) -> bool:
    """Whether a marking opens to this actor by the part their body takes in the review."""
    part = part_of(lodging.review, by.body, today)
    if marking == NAMED_ONLY:
        return part in NAMED_PARTS and is_named(lodging.review_id, by, today)
    if marking == "confidential" and part == "partner":
        since = in_body_since(by, today)
        given = grant_of(lodging, by.person) if by.person is not None and not is_councillor(by) else None
        return given is not None and since is not None and given.given_at >= since
    return part is not None and marking in OPENED[part]


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
    sent = and_(Lodging.lodged_at.is_not(None), Lodging.withheld_at.is_(None))
    return or_(own, and_(sent, or_(_for_body(marking, by, today), _for_public(marking, today))))


def _for_body(marking: Any, by: Actor, today: date) -> ColumnElement[bool]:
    """`_opens_to_body` in SQL."""
    if by.body is None:
        return false()
    ways = [and_(_taking_part(by.body, part, today), marking.in_(opened)) for part, opened in OPENED.items()]
    if not is_councillor(by) and (since := in_body_since(by, today)) is not None:
        given = select(Grant.lodging_id).where(Grant.person_id == by.person, Grant.ended_at.is_(None), Grant.given_at >= since)
        ways.append(and_(_taking_part(by.body, "partner", today), marking == "confidential", Lodging.id.in_(given)))
    named = Lodging.review_id.in_(named_for(by, today))
    ways += [and_(_taking_part(by.body, part, today), marking == NAMED_ONLY, named) for part in NAMED_PARTS]
    return or_(*ways)


def _taking_part(body_id: int, part: str, today: date) -> ColumnElement[bool]:
    """That a body takes this part in the lodging's review on a day."""
    dated = and_(ReviewBody.from_on <= today, or_(ReviewBody.to_on.is_(None), ReviewBody.to_on >= today))
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
    if lodging is None or not is_of_own(lodging, by):
        abort(404)
    return lodging


def as_owner(lodging_id: int, by: Actor) -> Actor:
    """The actor at the door of a lodging: for its agency, where a letter about it led them there."""
    return as_reader_of(by, f"lodging:{lodging_id}")


def grant_to_end(grant_id: int, by: Actor, today: date) -> Grant:
    """A grant, for those who run the review it belongs to."""
    grant = db.session.get(Grant, grant_id)
    if grant is None:
        abort(404)
    lodging_to_mark(grant.lodging_id, by, today)
    return grant


def may_name(review: Review, by: Actor) -> bool:
    """Whether the actor is in charge of who may open what is for people named only: who runs the review, but no councillor."""
    return may_run(review, by) and not is_councillor(by)


def reader_to_end(reference: str, reader_id: int, by: Actor) -> NamedReader:
    """A naming of this review, for those in charge of it; the review's other readers are told that they are not."""
    review = review_to_run(reference, by)
    row = db.session.get(NamedReader, reader_id)
    if row is None or row.review_id != review.id:
        abort(404)
    if not may_name(review, by):
        abort(403)
    return row
