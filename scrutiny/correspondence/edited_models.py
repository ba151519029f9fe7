"""What people do to a letter before it goes: its words edited as a whole, and files sent with it."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import Key, Model
from scrutiny.file_reading.file_warnings import FileWarning, read_text

#: kept, until its letter goes; used, where it went so; overtaken, where the letter says something else by then; dropped.
EDIT_STATES = ("kept", "used", "overtaken", "dropped")
#: So many bytes of files go with one email: what mail servers take, with room for how files are written into an email.
MOST_ATTACHED: Final = 10_000_000


class LetterEdit(Model):
    """The whole of a letter as a person edited it, kept for ever; at most one waits for each kind of letter about a record."""

    __tablename__ = "letter_edit"
    __table_args__ = (
        CheckConstraint(f"state IN {EDIT_STATES}", name="known_state"),
        Index(
            "uq_letter_edit_kept",
            "kind",
            "reference",
            unique=True,
            sqlite_where=text("state = 'kept'"),
            postgresql_where=text("state = 'kept'"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(80), index=True)
    #: what the letter is about: request:17, or for a letter that waits for approval escalation:7
    state: Mapped[str] = mapped_column(String(20), default="kept")
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    #: as it was typed; a first line that greets the reader it was shown for greets each by name
    language: Mapped[str] = mapped_column(String(2), default="en")
    #: what it was typed in: a letter edited in Welsh is not read out as English
    dear: Mapped[str] = mapped_column(String(300), default="")
    #: how the letter that was edited greeted its reader
    of_subject: Mapped[str] = mapped_column(String(300))
    of_text: Mapped[str] = mapped_column(Text)
    #: the letter as it was composed when it was edited: once it says something else, the edited words are out of date
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class LetterAttachment(Model):
    """A file sent with the letters about a record until it is removed; its bytes are kept as those of evidence are."""

    __tablename__ = "letter_attachment"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(80), index=True)
    #: review:2, with every request of it; or request:17
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    marking: Mapped[str] = mapped_column(String(20))
    warnings_kept: Mapped[str] = mapped_column("warnings", Text, default="")
    scan: Mapped[str] = mapped_column(String(20), default="not scanned")
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column()
    removed_by: Mapped[str] = mapped_column(String(40), default="")
    removed_at: Mapped[datetime | None] = mapped_column()

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        """What its sender was told of it."""
        return read_text(self.warnings_kept)


class LetterFile(Model):
    """That a letter was sent with a file: kept as sent, whatever is removed later."""

    __tablename__ = "letter_file"
    __table_args__ = (UniqueConstraint("letter_id", "attachment_id"),)

    id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("letter_attachment.id"), index=True)
    letter: Mapped[Letter] = relationship()
    attachment: Mapped[LetterAttachment] = relationship()
