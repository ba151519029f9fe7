"""Questions that an agency's people hand to each other: what stands beside who holds an item."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model
from scrutiny.requests.models import Item


class Handing(SealedRow, Model):
    """That somebody of an agency handed an item to a colleague, with a note and a date of their own; kept once ended."""

    __tablename__ = "handing"
    __table_args__ = (
        Index(
            "uq_handing_open",
            "item_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    #: whose people these are: another agency that holds the item later reads nothing of it
    given_by: Mapped[str] = mapped_column(String(40))
    given_to: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column()
    #: by when the colleague should be done; the item's own date is the requester's
    ended_at: Mapped[datetime | None] = mapped_column()
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    back_why: Mapped[str] = mapped_column(Text, default="")
    #: what was said when it was passed back; '' where it was handed on, or given to somebody with other work
    item: Mapped[Item] = relationship()
