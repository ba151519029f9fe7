"""Words that were typed into a form and not saved."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.extensions import Key, Model


class UnsavedForm(Model):
    """One form as it was sent or left: sealed, for whoever typed it: a person, or a stranger who holds its key."""

    __tablename__ = "unsaved_form"

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: of the one-time key, for a form of a public page; nothing where it belongs to a person
    address: Mapped[str] = mapped_column(String(500))
    #: where the form is sent to
    page: Mapped[str] = mapped_column(String(500))
    #: where the form stands
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    refused: Mapped[bool] = mapped_column(Boolean, default=False)
    #: it was sent, and could not be taken; otherwise it was kept while being typed
    kept_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("person_id", "address"),)
