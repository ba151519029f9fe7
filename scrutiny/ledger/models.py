"""Sources of the count of public money, the rows they skipped, their cells, and words of their files mapped to services."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.reading import Values
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.audit.sealed_together import SealedTogether
from scrutiny.bodies.models import Body
from scrutiny.extensions import Json, Key, Model
from scrutiny.ledger.keys import BASES, CONTROLS, COVERAGES, DIRECTIONS, GRADES, PHASES, STREAMS
from scrutiny.stored_files.models import StoredFile
from workflows.lifecycles.ledger_source import LEDGER_SOURCE


def _among(column: str, keys: Iterable[str]) -> str:
    """The condition that a column holds one of these keys."""
    return f"{column} IN ('" + "', '".join(keys) + "')"


class LedgerSource(SealedRow, Model):
    """One file, or one set of typed figures, of what a body spent in a financial year; nobody's to see while its rows are
    being entered, then pending until it is published."""

    __tablename__ = "ledger_source"
    __table_args__ = (
        CheckConstraint(_among("state", LEDGER_SOURCE.states), name="known_state"),
        CheckConstraint(_among("phase", PHASES), name="known_phase"),
        CheckConstraint(_among("coverage", COVERAGES), name="known_coverage"),
        CheckConstraint(_among("confidence", GRADES), name="known_confidence"),
        CheckConstraint("share IS NULL OR (share > 0 AND share <= 1)", name="share_of_one"),
        CheckConstraint("rows_read >= rows_loaded + rows_skipped", name="no_more_rows_than_read"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_at_a_moment"),
        Index("ix_ledger_source_agency_id_year", "agency_id", "year"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    #: the body that spends
    area_code: Mapped[str] = mapped_column(String(40), default="")
    #: the area it is about, as the file or its loader says; '' for the area the body serves
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    #: the body whose officers loaded it: they alone see it before it is published
    title: Mapped[str] = mapped_column(String(300))
    publisher: Mapped[str] = mapped_column(String(300), default="")
    citation: Mapped[str] = mapped_column(Text, default="")
    #: where it was published: an address or a document with its page; always given where there is no file
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    #: the name it came with, made safe to show
    licence: Mapped[str] = mapped_column(String(60), default="")
    year: Mapped[int] = mapped_column(Integer)
    #: the year its financial year begins in: 2024 is 2024 to 2025
    phase: Mapped[str] = mapped_column(String(20))
    stream: Mapped[str] = mapped_column(String(20), default="")
    #: revenue or capital; '' where the rows say which, or nobody does
    state: Mapped[str] = mapped_column(String(20), default=LEDGER_SOURCE.initial)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_source.id"), index=True)
    profile: Mapped[str] = mapped_column(String(120), default="")
    #: the name of the saved columns it was read with
    encoding: Mapped[str] = mapped_column(String(40), default="")
    rows_read: Mapped[int] = mapped_column(Integer, default=0)
    rows_loaded: Mapped[int] = mapped_column(Integer, default=0)
    rows_skipped: Mapped[int] = mapped_column(Integer, default=0)
    cells_sha256: Mapped[str] = mapped_column(String(64), default="")
    skipped_sha256: Mapped[str] = mapped_column(String(64), default="")
    #: the digests of its cells and of its skipped rows, in their order; '' where it was loaded before these were kept
    pence: Mapped[int] = mapped_column(BigInteger, default=0)
    #: what the loaded rows add up to; so do its cells
    stated_pence: Mapped[int | None] = mapped_column(BigInteger)
    #: the file's own total, where it has one
    coverage: Mapped[str] = mapped_column(String(20), default="unknown")
    share: Mapped[float | None] = mapped_column(Float)
    #: how much of the body's spending of the year it covers, where that is known
    confidence: Mapped[str] = mapped_column(String(1), default="B")
    loaded_by: Mapped[str] = mapped_column(String(40))
    loaded_at: Mapped[datetime] = mapped_column()
    published_by: Mapped[str] = mapped_column(String(40), default="")
    published_at: Mapped[datetime | None] = mapped_column()
    withdrawn_by: Mapped[str] = mapped_column(String(40), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    agency: Mapped[Agency] = relationship()
    body: Mapped[Body | None] = relationship()
    stored: Mapped[StoredFile | None] = relationship()
    skipped: Mapped[list["LedgerSkipped"]] = relationship(
        cascade="all, delete-orphan", order_by="LedgerSkipped.row, LedgerSkipped.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows: 'ledger_source:3'."""
        return f"ledger_source:{self.id}"


class SealedInSource(SealedTogether):
    """Rows of a source, which come in pieces where there are many of them."""

    @classmethod
    def is_being_entered(cls, owner: Values) -> bool:
        """Until the last of them stands, and the source says so."""
        return bool(owner["state"] == LEDGER_SOURCE.initial)


class LedgerSkipped(SealedInSource, Model):
    """A row of a source's file that was not loaded, and why: a key and its values, composed to a sentence where it is shown."""

    __tablename__ = "ledger_skipped"
    sealed_in = ("source_id", "skipped_sha256")

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("ledger_source.id", ondelete="CASCADE"), index=True)
    sheet: Mapped[str] = mapped_column(String(200), default="")
    row: Mapped[int] = mapped_column(Integer)
    #: as a person counts the rows of the file: its first is 1
    reason: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: what the sentence names: the column, what stood there


class LedgerCell(SealedInSource, Model):
    """One figure of the count: body × service × area × year × phase, in integer pence, with how it came about.

    Spending is above nothing, a refund below. A transfer names the other body: what is paid `to` it is spending of this one;
    what is received `from` it is no spending, but the other side of the same money: it is compared and never added up.
    """

    __tablename__ = "ledger_cell"
    sealed_in = ("source_id", "cells_sha256")
    __table_args__ = (
        CheckConstraint(_among("phase", PHASES), name="known_phase"),
        CheckConstraint(_among("stream", STREAMS), name="known_stream"),
        CheckConstraint(_among("control", CONTROLS), name="known_control"),
        CheckConstraint(_among("basis", BASES), name="known_basis"),
        CheckConstraint(_among("confidence", GRADES), name="known_confidence"),
        CheckConstraint(_among("direction", DIRECTIONS), name="known_direction"),
        CheckConstraint("(direction = '') = (other_agency_id IS NULL)", name="transfer_names_the_other"),
        CheckConstraint("other_agency_id IS NULL OR other_agency_id <> agency_id", name="transfer_between_two"),
        Index("ix_ledger_cell_agency_id_year", "agency_id", "year"),
        Index("ix_ledger_cell_area_code_year", "area_code", "year"),
        Index("ix_ledger_cell_other_agency_id_year", "other_agency_id", "year"),
    )

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("ledger_source.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    service: Mapped[str] = mapped_column(String(10), default="")
    #: a class of COFOG: '09' or '09.1'; '' where it could not be placed
    division: Mapped[str] = mapped_column(String(40), default="")
    #: a service division of the councils' returns; '' where none is known
    words: Mapped[str] = mapped_column(String(300), default="")
    #: what the file calls the service; unplaced money is named by it
    area_code: Mapped[str] = mapped_column(String(40), default="")
    #: where it was spent or apportioned to; '' for the whole area the body serves
    year: Mapped[int] = mapped_column(Integer)
    phase: Mapped[str] = mapped_column(String(20))
    stream: Mapped[str] = mapped_column(String(20))
    pence: Mapped[int] = mapped_column(BigInteger)
    ring_fence: Mapped[str] = mapped_column(String(200), default="")
    #: what the money may only be spent on, in the words of the source; '' where it is free
    control: Mapped[str] = mapped_column(String(20), default="")
    direction: Mapped[str] = mapped_column(String(10), default="")
    other_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    basis: Mapped[str] = mapped_column(String(20), default="actual")
    weight: Mapped[str] = mapped_column(String(120), default="")
    #: the name of the weight it was apportioned by
    base_year: Mapped[int | None] = mapped_column(Integer)
    #: of the people, land or weight
    error_note: Mapped[str] = mapped_column(Text, default="")
    sheet: Mapped[str] = mapped_column(String(200), default="")
    row: Mapped[int | None] = mapped_column(Integer)
    #: of the source's file, the first is 1; where it sums several rows, the first of them
    rows: Mapped[int] = mapped_column(Integer, default=1)
    confidence: Mapped[str] = mapped_column(String(1), default="B")
    share: Mapped[float | None] = mapped_column(Float)
    #: how much of this service's spending it covers, where that differs from the source's share
    source: Mapped[LedgerSource] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    other_agency: Mapped[Agency | None] = relationship(foreign_keys=[other_agency_id])


class ServiceMapping(Model):
    """What the words of one publisher's files mean: the service they are placed under, or none yet."""

    __tablename__ = "service_mapping"
    __table_args__ = (
        UniqueConstraint("agency_id", "field", "words"),
        CheckConstraint("field IN ('service', 'expense_type', 'cost_centre', 'category')", name="known_field"),
        CheckConstraint(_among("control", CONTROLS), name="known_control"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the publisher
    field: Mapped[str] = mapped_column(String(20))
    #: which column the words stand in
    words: Mapped[str] = mapped_column(String(300))
    #: as they stand there, with single spaces and folded to small letters
    service: Mapped[str] = mapped_column(String(10), default="")
    #: a class of COFOG; '' where nobody has placed them
    division: Mapped[str] = mapped_column(String(40), default="")
    control: Mapped[str] = mapped_column(String(20), default="")
    decided_by: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime] = mapped_column()
