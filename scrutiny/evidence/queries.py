"""Reading what is lodged: with its files, through its files, by agency and review; always in order. Permits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.evidence.models import Evidence, EvidenceFile, Grant, Lodging
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of, method_of


def whole() -> Select[Lodging]:
    """A select of lodgings with evidence, agency, files and review, in a constant number of statements."""
    return select(Lodging).options(
        joinedload(Lodging.evidence).joinedload(Evidence.agency),
        joinedload(Lodging.evidence).selectinload(Evidence.files).joinedload(EvidenceFile.stored),
        joinedload(Lodging.review).selectinload(Review.bodies),
    )


def own_of(agency_id: int) -> ColumnElement[bool]:
    """`Evidence.is_of` in SQL."""
    return or_(Evidence.agency_id == agency_id, Evidence.keeper_id == agency_id)


def lodging_with_files(lodging_id: int) -> Lodging | None:
    """The lodging with all it holds, whoever asks; pages go through `access`."""
    return db.session.scalar(whole().where(Lodging.id == lodging_id))


def lodgings_with_file(file_id: int) -> list[Lodging]:
    """Every lodging of the evidence a file belongs to, oldest first."""
    of_file = select(EvidenceFile.evidence_id).where(EvidenceFile.id == file_id)
    return list(db.session.scalars(whole().where(Lodging.evidence_id.in_(of_file)).order_by(Lodging.id)))


def lodgings_of(evidence: Evidence) -> list[Lodging]:
    """Every review a piece of evidence is before, oldest first."""
    rows = select(Lodging).where(Lodging.evidence_id == evidence.id).options(joinedload(Lodging.review))
    return list(db.session.scalars(rows.order_by(Lodging.id)))


def lodging_in(evidence: Evidence, review: Review) -> Lodging | None:
    """The lodging of a piece of evidence with one review."""
    return db.session.scalar(select(Lodging).where(Lodging.evidence_id == evidence.id, Lodging.review_id == review.id))


def file(file_id: int) -> EvidenceFile | None:
    """A use of stored bytes, whoever asks; pages go through `access`."""
    return db.session.get(EvidenceFile, file_id)


def grant_of(lodging: Lodging, person_id: int) -> Grant | None:
    """The grant by which a person sees a lodging now."""
    return db.session.scalar(
        select(Grant).where(Grant.lodging_id == lodging.id, Grant.person_id == person_id, Grant.ended_at.is_(None))
    )


def grants_of(lodging: Lodging) -> list[Grant]:
    """Every grant of a lodging, ended or not, oldest first."""
    return list(db.session.scalars(select(Grant).where(Grant.lodging_id == lodging.id).order_by(Grant.id)))


def files_to_erase(today: date) -> list[int]:
    """The ids of files whose last day has passed and that are not erased."""
    rows = select(EvidenceFile.id).where(EvidenceFile.keep_until < today, EvidenceFile.erased_at.is_(None))
    return list(db.session.scalars(rows.order_by(EvidenceFile.id)))


def may_hold_personal(review: Review) -> bool:
    """Whether the method of a review lets personal material be held; not where its text is damaged."""
    return not damage_of(review.edition) and method_of(review.edition).may_hold_personal


def kept_days(review: Review) -> int:
    """How many days after its report the method lets personal files be kept."""
    return method_of(review.edition).retention_days


def summaries_to_agree(agency_id: int) -> list[Lodging]:
    """What an agency has sent of which somebody wrote what the public may be told, and which it has not agreed to yet."""
    under_way = select(Review.id).where(Review.state != "withdrawn")
    rows = whole().where(Lodging.public_summary != "", Lodging.summary_agreed_at.is_(None), Lodging.review_id.in_(under_way))
    return list(db.session.scalars(rows.where(Lodging.evidence.has(own_of(agency_id))).order_by(Lodging.id)))


def said_wrong(lodging_ids: Sequence[int]) -> list[Lodging]:
    """Of these lodgings, those their agencies say should not have been sent."""
    rows = whole().where(Lodging.id.in_(lodging_ids), Lodging.wrong_at.is_not(None))
    return list(db.session.scalars(rows.order_by(Lodging.id)))


def not_open(lodging_ids: Sequence[int]) -> list[Lodging]:
    """Of these lodgings, those a public report may not quote: not open, or held back, and without an agreed summary."""
    closed = or_(Lodging.marking != "open", Lodging.held_back_at.is_not(None))
    rows = whole().where(Lodging.id.in_(lodging_ids), closed, Lodging.summary_agreed_at.is_(None))
    return list(db.session.scalars(rows.order_by(Lodging.id)))


def lodged_with(review: Review) -> list[Lodging]:
    """Everything agencies have sent to a review, oldest first, whoever asks."""
    rows = whole().where(Lodging.review_id == review.id, Lodging.lodged_at.is_not(None))
    return list(db.session.scalars(rows.order_by(Lodging.lodged_at, Lodging.id)))


def uses_of(sha256: str) -> list[EvidenceFile]:
    """The uses of these bytes in evidence that are not erased, oldest first."""
    rows = select(EvidenceFile).where(EvidenceFile.sha256 == sha256, EvidenceFile.erased_at.is_(None))
    return list(db.session.scalars(rows.order_by(EvidenceFile.id)))
