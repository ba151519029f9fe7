"""Public statements, one row for each time one was written: the newest counts, the others are its history."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model


class Statement(SealedRow, Model):
    """One wording of a public page, in plain text with headings; an empty one gives the page back to its default text."""

    __tablename__ = "statement"

    id: Mapped[Key]
    page: Mapped[str] = mapped_column(String(20), index=True)
    #: accessibility, privacy or press
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column()

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'statement:3'."""
        return f"statement:{self.id}"
