"""What moves clocks, kept for each addressee: the days events happened, and questions that stopped or restarted a count."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model
from scrutiny.requests.models import EvidenceRequest, Item, Note
from workflows.lifecycles.clarification import CLARIFICATION
from workflows.powers import CLARIFICATIONS

#: email, post and hand as the request was delivered; answered, where that is how its delivery is known; entered by an officer.
KNOWN_BY = ("email", "post", "hand", "answered", "entered")


class Start(SealedRow, Model):
    """That an event which starts a clock happened for one request, on a day; all rows are kept.

    The latest row of an event stands, unless it is void: it followed from a letter that turned out not to have arrived.
    """

    __tablename__ = "start_event"
    __table_args__ = (CheckConstraint(f"known_by IN {KNOWN_BY}", name="known_way"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    #: as workflows.deadlines.START_EVENTS names it
    happened_on: Mapped[date] = mapped_column()
    known_by: Mapped[str] = mapped_column(String(20))
    #: how it is known: from the delivery of the request, or entered by an officer
    how: Mapped[str] = mapped_column(Text, default="")
    #: what the officer typed about it
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    void_at: Mapped[datetime | None] = mapped_column()
    request: Mapped[EvidenceRequest] = relationship()


class Clarification(SealedRow, Model):
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
