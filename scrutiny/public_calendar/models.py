"""Files of calendar entries as they were loaded, and their entries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.extensions import Key, Model
from workflows.calendar_entries import KINDS


class CalendarLoad(Model):
    """One file of entries; withdrawn, none of its entries counts any more."""

    __tablename__ = "calendar_load"

    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    entries: Mapped[int] = mapped_column(Integer)
    #: how many
    loaded_by: Mapped[str] = mapped_column(String(40))
    loaded_at: Mapped[datetime] = mapped_column()
    withdrawn_by: Mapped[str] = mapped_column(String(40), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column()

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'calendar_load:3'."""
        return f"calendar_load:{self.id}"


class CalendarEntry(Model):
    """One stretch of days, both ends included, and whom it is for; for everybody where it names nobody."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="known_kind"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        Index("ix_calendar_entry_ends_on_starts_on", "ends_on", "starts_on"),
    )

    id: Mapped[Key]
    load_id: Mapped[int] = mapped_column(ForeignKey("calendar_load.id"), index=True)
    line: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    area_code: Mapped[str] = mapped_column(String(40), default="", index=True)
    nation: Mapped[str] = mapped_column(String(30), default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    agency_kind: Mapped[str] = mapped_column(String(60), default="")
    questions: Mapped[int | None] = mapped_column(Integer)
    visit_days: Mapped[int | None] = mapped_column(Integer)
    #: the most an agency has agreed to in a quarter
    source: Mapped[str] = mapped_column(String(500), default="")
    load: Mapped[CalendarLoad] = relationship()
