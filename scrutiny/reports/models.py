"""Signatures and dissent; reports and their editions: scheduled, sealed, printed, released; errors people report in them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.extensions import Json, Key, Model
from scrutiny.findings.models import Finding
from scrutiny.reviews.models import Review
from workflows.lifecycles.edition import EDITION


class Signature(Model):
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


class Acknowledgement(Model):
    """That somebody who runs a review has seen a warning about its report; `key` names the warning."""

    __tablename__ = "acknowledgement"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    #: phase:fieldwork, outstanding:3, dissent:7, changed:2:12
    person: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column()


class Dissent(Model):
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


class Report(Model):
    """The report of a review, or the monthly area report of a place."""

    __tablename__ = "report"
    __table_args__ = (CheckConstraint("kind IN ('review', 'area')", name="known_kind"), UniqueConstraint("reference"))

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(40))
    #: R-2026-014, or A-E06000064
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    monthly: Mapped[bool] = mapped_column(default=False)
    #: an area report printed again every month
    summary: Mapped[str] = mapped_column(Text, default="")
    #: the summary, in the officer's words
    version: Mapped[int] = mapped_column(Integer, default=1)
    review: Mapped[Review | None] = relationship()
    place: Mapped[Place] = relationship()
    editions: Mapped[list["Edition"]] = relationship(order_by="Edition.number", back_populates="report")

    __mapper_args__ = {"version_id_col": version}


class Edition(Model):
    """One edition: what it says is its snapshot, fixed when sealed; `claim` is the worker printing it."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("state IN ('" + "', '".join(EDITION.states) + "')", name="known_state"),
        CheckConstraint("(state IN ('released', 'recalled')) = (released_at IS NOT NULL)", name="released_when_it_has_a_moment"),
        CheckConstraint("(state = 'recalled') = (recalled_at IS NOT NULL)", name="recalled_when_it_has_a_moment"),
        CheckConstraint(
            "state NOT IN ('sealed', 'printed', 'released') OR (sealed_at IS NOT NULL AND snapshot IS NOT NULL)",
            name="sealed_with_its_snapshot",
        ),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), default="drafted", index=True)
    why: Mapped[str] = mapped_column(Text, default="")
    #: why this edition was made: first edition, correction of …, month of …
    release_at: Mapped[datetime | None] = mapped_column(index=True)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    audit_number: Mapped[int | None] = mapped_column(Integer)
    audit_digest: Mapped[str] = mapped_column(String(64), default="")
    #: head of the audit trail when sealed
    sealed_at: Mapped[datetime | None] = mapped_column()
    released_at: Mapped[datetime | None] = mapped_column()
    recalled_at: Mapped[datetime | None] = mapped_column()
    recalled_why: Mapped[str] = mapped_column(Text, default="")
    #: published in its place
    erased_at: Mapped[datetime | None] = mapped_column()
    #: what it said is erased too; its digest stays
    claim: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column()
    fault: Mapped[str] = mapped_column(Text, default="")
    #: why it could not be released, in words
    version: Mapped[int] = mapped_column(Integer, default=1)
    report: Mapped[Report] = relationship(back_populates="editions")
    files: Mapped[list["EditionFile"]] = relationship(cascade="all, delete-orphan", order_by="EditionFile.id")

    __mapper_args__ = {"version_id_col": version}


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


class EditionFile(Model):
    """A file of an edition in one language: the PDF, or its data; kept under its digest."""

    __tablename__ = "edition_file"
    __table_args__ = (UniqueConstraint("edition_id", "language", "kind"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    kind: Mapped[str] = mapped_column(String(10))
    #: pdf or data
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int | None] = mapped_column(Integer)
    printed_with: Mapped[str] = mapped_column(String(200), default="")


class ErrorReport(Model):
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
