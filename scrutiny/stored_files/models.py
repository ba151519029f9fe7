"""Bytes that are kept, one row for each digest."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Model


class StoredFile(SealedRow, Model):
    """Bytes kept once under their SHA-256, however many uses they have."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int | None] = mapped_column(Integer)
    #: pages of a document, sheets of a workbook
    scan: Mapped[str] = mapped_column(String(20), default="not scanned")
    #: not scanned, clean or infected
    kept_at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    #: when its last unerased use went
    dropped_at: Mapped[datetime | None] = mapped_column()
    #: when the bytes went: after the deed that ended their last use was kept
    checked_at: Mapped[datetime | None] = mapped_column()
    #: when they were last read against their digest
    fault: Mapped[str] = mapped_column(String(20), default="")
    #: missing or damaged, where a look found them so
    not_sealed = SealedRow.not_sealed | {
        "checked_at": "when the bytes were last read, every night",
        "fault": "what that reading found: the next one finds it again",
    }
