"""Findings resting on citations, accuracy checks with their corrections, and private notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny import due_words
from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.correspondence.reception import Received
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import Json, Kept, Key, Model
from scrutiny.reviews.models import Line, Review
from workflows.due_working import Working
from workflows.lifecycles.finding import CORRECTION, FINDING


class Finding(SealedRow, Model):
    """What the bodies of a review conclude under one or more lines of enquiry, with a judgement on the method's scale."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        CheckConstraint("state IN ('" + "', '".join(FINDING.states) + "')", name="known_state"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    judgement: Mapped[str] = mapped_column(String(80), default="")
    #: an option key of the method's scale, or nothing
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("method_edition.id"))
    #: whose scale the judgement is on
    overall: Mapped[bool] = mapped_column(default=False)
    #: the one finding that judges the whole area, where the method's scale is given to the area
    state: Mapped[str] = mapped_column(String(20), default="drafted", index=True)
    moved_why: Mapped[str] = mapped_column(Text, default="")
    #: why it was last reopened or withdrawn
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    #: the body whose finding it is; nothing: that in the lead
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    review: Mapped[Review] = relationship()
    body: Mapped[Body | None] = relationship()
    lines: Mapped[list[Line]] = relationship(secondary="finding_line", order_by="Line.position, Line.id")
    citations: Mapped[list["Citation"]] = relationship(
        cascade="all, delete-orphan", order_by="Citation.number", back_populates="finding"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows."""
        return f"finding:{self.id}"


class FindingLine(SealedRow, Model):
    """That a finding stands under a line of enquiry."""

    __tablename__ = "finding_line"

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)


class Citation(SealedRow, Model):
    """A quotation pinned to evidence: the digest of the file (or of the written answer), the page or cell, the words."""

    __tablename__ = "citation"
    __table_args__ = (UniqueConstraint("finding_id", "number"),)

    id: Mapped[Key]
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    lodging_id: Mapped[int] = mapped_column(ForeignKey("lodging.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))
    #: nothing: the written answer itself
    sha256: Mapped[str] = mapped_column(String(64))
    page: Mapped[int | None] = mapped_column(Integer)
    cell: Mapped[str] = mapped_column(String(80), default="")
    #: Sheet1!B7
    row_head: Mapped[str] = mapped_column(Text, default="")
    #: what heads the cell's row in its table, and its column; nothing where nothing does, or in what was cited before 0038
    column_head: Mapped[str] = mapped_column(Text, default="")
    quotation: Mapped[str] = mapped_column(Text)
    by_eye: Mapped[bool] = mapped_column(default=False)
    #: its words could not be found by machine there (a scan, a picture); whoever cited it checked them by eye
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    finding: Mapped[Finding] = relationship(back_populates="citations")
    lodging: Mapped[Lodging] = relationship()
    file: Mapped[EvidenceFile | None] = relationship()


class PrivateNote(Model):
    """A note an inspector keeps on a review or a lodging; nobody else ever sees it."""

    __tablename__ = "private_note"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    lodging_id: Mapped[int | None] = mapped_column(ForeignKey("lodging.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column()
    review: Mapped[Review] = relationship()


class AccuracyCheck(Received, SealedRow, Model):
    """That an agency was shown its own extracts of the findings and asked to correct facts by a day."""

    __tablename__ = "accuracy_check"
    __table_args__ = (UniqueConstraint("review_id", "agency_id", "round"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the successor that answers it, where the agency has ended
    round: Mapped[int] = mapped_column(Integer, default=1)
    sent_at: Mapped[datetime] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    #: counted from the day it was received; until then from the day it was sent, as its letter says
    clock: Mapped[str] = mapped_column(String(40), default="")
    #: working_after:10
    due_why_kept: Mapped[str] = mapped_column("due_why", Text, default="")
    #: the sentence of a check of before reasons were kept as values
    due_working: Mapped[Working] = mapped_column(Kept(Working), default=Working)
    #: reasons (workflows.due_reasons), start, calendar edition and steps
    answered_at: Mapped[datetime | None] = mapped_column()
    #: the agency said it has finished, with or without corrections
    passed_at: Mapped[datetime | None] = mapped_column()
    passed_by: Mapped[str] = mapped_column(String(40), default="")
    #: it waits for the agency's approver, and who passed it on; passed_by stays when it is sent back or approved
    sent_back_why: Mapped[str] = mapped_column(Text, default="")
    #: why the approver sent it back, until it is passed on again
    approved_by: Mapped[str] = mapped_column(String(40), default="")
    #: who of the agency approved it, where it has an approver
    review: Mapped[Review] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    keeper: Mapped[Agency | None] = relationship(foreign_keys=[keeper_id])
    extracts: Mapped[list["Extract"]] = relationship(cascade="all, delete-orphan", order_by="Extract.id", back_populates="check")

    @property
    def due_why(self) -> str:
        """Why it is due on its day, in sentences."""
        return due_words.why(self.due_working) or self.due_why_kept

    @property
    def answerer(self) -> Agency:
        """The agency that answers it now: the one shown the extracts, or its successor."""
        return self.keeper or self.agency

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows and letters."""
        return f"accuracy:{self.id}"


class AccuracyWaiver(SealedRow, Model):
    """That findings go on without an agency having checked their facts: who decided so, and the reason, which is printed."""

    __tablename__ = "accuracy_waiver"
    __table_args__ = (UniqueConstraint("review_id", "agency_id"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column()
    agency: Mapped[Agency] = relationship()


class Extract(SealedRow, Model):
    """The words of one finding as an agency was shown them."""

    __tablename__ = "extract"

    id: Mapped[Key]
    check_id: Mapped[int] = mapped_column(ForeignKey("accuracy_check.id", ondelete="CASCADE"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    quotations: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: what the finding quotes of this agency's own evidence: [{"evidence", "where", "quotation", "lodging"}]
    #: (those of earlier releases do not say from which lodging)
    check: Mapped[AccuracyCheck] = relationship(back_populates="extracts")
    finding: Mapped[Finding] = relationship()
    corrections: Mapped[list["Correction"]] = relationship(
        cascade="all, delete-orphan", order_by="Correction.id", back_populates="extract"
    )


class Correction(SealedRow, Model):
    """A correction of fact offered to an extract, and what was decided about it, with the reason."""

    __tablename__ = "correction"
    __table_args__ = (CheckConstraint("state IN ('" + "', '".join(CORRECTION.states) + "')", name="known_state"),)

    id: Mapped[Key]
    extract_id: Mapped[int] = mapped_column(ForeignKey("extract.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    #: the words that are wrong
    correction: Mapped[str] = mapped_column(Text)
    grounds: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=CORRECTION.initial)
    offered_by: Mapped[str] = mapped_column(String(40))
    offered_at: Mapped[datetime] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column()
    decision: Mapped[str] = mapped_column(Text, default="")
    extract: Mapped[Extract] = relationship(back_populates="corrections")
