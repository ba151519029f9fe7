"""Signatures and dissent; warnings that were seen; how often area reports come; errors people report in a report."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.areas.models import Place
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.editions.models import Edition
from scrutiny.extensions import Json, Key, Model
from scrutiny.findings.models import Finding


class Signature(SealedRow, Model):
    """A body's agreement to the findings and recommendations as they stood; it holds while their digest is the same."""

    __tablename__ = "signature"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    person: Mapped[str] = mapped_column(String(40))
    #: who signed: person:4
    name: Mapped[str] = mapped_column(String(200))
    #: as it stands in the report
    office: Mapped[str] = mapped_column(String(200), default="")
    rule: Mapped[str] = mapped_column(String(40))
    #: all-partners, named-signatories or committee-vote
    votes_for: Mapped[int | None] = mapped_column(Integer)
    votes_against: Mapped[int | None] = mapped_column(Integer)
    abstained: Mapped[int | None] = mapped_column(Integer)
    meeting_on: Mapped[date | None] = mapped_column()
    paper_sha256: Mapped[str] = mapped_column(String(64), default="")
    #: the signed paper, where the lead enters it for a partner without people here
    digest: Mapped[str] = mapped_column(String(64))
    signed: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: what was signed, in plain values, so that a voided signature can say what changed
    signed_at: Mapped[datetime] = mapped_column()
    voided_at: Mapped[datetime | None] = mapped_column()
    voided_why: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"), index=True)
    #: the entry this one puts right; both are kept
    correction_why: Mapped[str] = mapped_column(Text, default="")
    corrected_at: Mapped[datetime | None] = mapped_column()
    #: when another entry took this one's place
    body: Mapped[Body] = relationship()


class Acknowledgement(SealedRow, Model):
    """That somebody who runs a review has seen a warning about its report; `key` names the warning."""

    __tablename__ = "acknowledgement"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    #: phase:fieldwork, outstanding:3, dissent:7, changed:2:12
    person: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column()


class Dissent(SealedRow, Model):
    """A body's or a member's disagreement, in its own words, printed with the report."""

    __tablename__ = "dissent"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    person: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column()
    taken_back_at: Mapped[datetime | None] = mapped_column()
    body: Mapped[Body] = relationship()
    finding: Mapped[Finding | None] = relationship()


class AreaRhythm(Model):
    """How often an administrator wants area reports of a place; a place without one has them as soon as it was reported on."""

    __tablename__ = "area_rhythm"
    __table_args__ = (CheckConstraint("rhythm IN ('monthly', 'quarterly', 'yearly', 'stopped')", name="known_rhythm"),)

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), unique=True)
    rhythm: Mapped[str] = mapped_column(String(10))
    chosen_by: Mapped[str] = mapped_column(String(40))
    chosen_at: Mapped[datetime] = mapped_column()
    place: Mapped[Place] = relationship()


class ErrorReport(SealedRow, Model):
    """An error somebody says a released report holds, and what was decided about it."""

    __tablename__ = "error_report"
    __table_args__ = (CheckConstraint("(state = 'reported') = (decided_at IS NULL)", name="decided_when_it_has_a_moment"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    where: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="reported")
    #: reported, corrected or no_change
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column()
    edition: Mapped[Edition] = relationship()
