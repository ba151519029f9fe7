"""Reports and their editions: scheduled, sealed, printed, released, withdrawn; and the files each was printed to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.areas.models import Place
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Json, Key, Model
from scrutiny.reviews.models import Review
from workflows.lifecycles.edition import EDITION


class Report(SealedRow, Model):
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


class Edition(SealedRow, Model):
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
    not_sealed = SealedRow.not_sealed | {
        "snapshot": "held against `digest`, which is sealed, by whoever reads it and by the check"
    }
    report: Mapped[Report] = relationship(back_populates="editions")
    files: Mapped[list["EditionFile"]] = relationship(cascade="all, delete-orphan", order_by="EditionFile.id")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that scheduled it."""
        return "" if values["state"] == "drafted" else f"report:{values['report_id']}"


class EditionFile(SealedRow, Model):
    """A file of an edition in one language: the PDF, its data, or the Word document; kept under its digest."""

    __tablename__ = "edition_file"
    __table_args__ = (UniqueConstraint("edition_id", "language", "kind"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    kind: Mapped[str] = mapped_column(String(10))
    #: pdf, data or word
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int | None] = mapped_column(Integer)
    printed_with: Mapped[str] = mapped_column(String(200), default="")
