"""What moves clocks, kept for each addressee: the days events happened, and questions that stopped or restarted a count."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.extensions import Key, Model
from scrutiny.requests.models import EvidenceRequest, Item, Note
from workflows.lifecycles.clarification import CLARIFICATION
from workflows.powers import CLARIFICATIONS


class Start(Model):
    """That an event which starts a clock happened for one request, on a day; the latest row of an event stands, all are kept."""

    __tablename__ = "start_event"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    #: as workflows.deadlines.START_EVENTS names it
    happened_on: Mapped[date] = mapped_column()
    how: Mapped[str] = mapped_column(Text, default="")
    #: how it is known, in words
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    request: Mapped[EvidenceRequest] = relationship()


class Clarification(Model):
    """A question back from an agency about one item, and what it does to that item's clock until it is answered."""

    __tablename__ = "clarification"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(CLARIFICATION.states)}", name="known_state"),
        CheckConstraint(f"effect IN {tuple(CLARIFICATIONS)}", name="known_effect"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("request_note.id"), index=True)
    #: the question
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("request_note.id"))
    state: Mapped[str] = mapped_column(String(20), default="asked")
    effect: Mapped[str] = mapped_column(String(20))
    #: none, pauses or restarts, as the power says or, where the day is an expectation, as we do
    asked_on: Mapped[date] = mapped_column()
    answered_on: Mapped[date | None] = mapped_column()
    due_before: Mapped[date | None] = mapped_column()
    due_after: Mapped[date | None] = mapped_column()
    item: Mapped[Item] = relationship()
    note: Mapped[Note] = relationship(foreign_keys=[note_id])
    reply: Mapped[Note | None] = relationship(foreign_keys=[reply_id])
