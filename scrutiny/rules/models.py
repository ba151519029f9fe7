"""Editions of calendars, methods and powers, kept as rows so that what a review used can be read for ever."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Json, Key, Model


class MethodEdition(SealedRow, Model):
    """The full text of a method at the version a review used, stored at first use."""

    __tablename__ = "method_edition"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column()

    @property
    def order(self) -> tuple[int, int]:
        """Year and number of the version: newer editions of a method come after older ones."""
        year, _, number = self.version.partition(".")
        return int(year), int(number)


class RuleEdition(SealedRow, Model):
    """The full text of the powers, or of one division's holidays, at the edition a due date was worked out with."""

    __tablename__ = "rule_edition"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    #: powers, or holidays/scotland
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column()


class HolidayList(Model):
    """An official list of bank holidays as it was sent; once taken up it counts over the files of config/, until another is."""

    __tablename__ = "holiday_list"

    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    loaded_by: Mapped[str] = mapped_column(String(40))
    loaded_at: Mapped[datetime] = mapped_column()
    taken_up_by: Mapped[str] = mapped_column(String(40), default="")
    taken_up_at: Mapped[datetime | None] = mapped_column(index=True)
    changes: Mapped[list[str]] = mapped_column(Json, default=list)
    #: what it changed when it was taken up, in sentences
    over: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: the digest of each division's file of config/ at that moment

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'holiday_list:3'."""
        return f"holiday_list:{self.id}"


class MethodText(Model):
    """A method as it was sent here; once taken up it counts beside the files, and over an older version of the same key."""

    __tablename__ = "method_text"

    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(120))
    #: its key and version: winter-check-2026.1.toml
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    loaded_by: Mapped[str] = mapped_column(String(40))
    loaded_at: Mapped[datetime] = mapped_column()
    taken_up_by: Mapped[str] = mapped_column(String(40), default="")
    taken_up_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'method_text:3'."""
        return f"method_text:{self.id}"
