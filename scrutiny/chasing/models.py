"""Escalations: each rung of its ladder that a request has come to, for which items, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Json, Key, Model
from scrutiny.requests.models import EvidenceRequest, Item
from workflows.ladders import LETTERS, REMINDER
from workflows.lifecycles.escalation import ESCALATION

#: The rung of a chase that a person sent, whatever the ladder says.
BY_HAND = "by-hand"


class Escalation(SealedRow, Model):
    """That a request came to a rung on a day: an agency is reminded at most once of each, whoever runs the job however often."""

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("request_id", "agency_id", "rung", "reached_on"),
        CheckConstraint("state IN ('" + "', '".join(ESCALATION.states) + "')", name="known_state"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    #: which holds the items now
    state: Mapped[str] = mapped_column(String(20), default=ESCALATION.initial, index=True)
    rung: Mapped[str] = mapped_column(String(80))
    #: its key in the ladder, or by-hand
    title: Mapped[str] = mapped_column(String(200))
    letter: Mapped[str] = mapped_column(String(60))
    #: the kind of letter: request_chased
    to: Mapped[list[Any]] = mapped_column(Json, default=list)
    #: the roles it goes to, as the ladder had them
    reached_on: Mapped[date] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    #: who approved it or set it aside
    decided_at: Mapped[datetime | None] = mapped_column()
    decision: Mapped[str] = mapped_column(Text, default="")
    #: why it was set aside
    opening: Mapped[str] = mapped_column(Text, default="")
    closing: Mapped[str] = mapped_column(Text, default="")
    #: the words a person put at the head and at the foot of its letter before it went
    worded_by: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    @property
    def letter_to_write(self) -> str:
        """The kind of letter that is written: the mildest where the ladder it was begun by names one not known here."""
        return self.letter if self.letter in LETTERS else REMINDER

    request: Mapped[EvidenceRequest] = relationship()
    agency: Mapped[Agency] = relationship()
    rows: Mapped[list["EscalationItem"]] = relationship(order_by="EscalationItem.id", back_populates="escalation")

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters: 'escalation:7'."""
        return f"escalation:{self.id}"

    @property
    def items(self) -> list[Item]:
        """The items it is about, by number."""
        return sorted((row.item for row in self.rows), key=lambda item: item.number)


class EscalationItem(SealedRow, Model):
    """An item of an escalation, and the due date it had then."""

    __tablename__ = "escalation_item"
    __table_args__ = (UniqueConstraint("escalation_id", "item_id"),)

    id: Mapped[Key]
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    due_on: Mapped[date | None] = mapped_column()
    escalation: Mapped[Escalation] = relationship(back_populates="rows")
    item: Mapped[Item] = relationship()
