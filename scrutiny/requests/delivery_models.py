"""Whether and how a request reached its agency, and the contact an officer entered for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model
from scrutiny.requests.models import EvidenceRequest
from workflows.lifecycles.delivery import DELIVERY


class Delivery(SealedRow, Model):
    """The delivery of one issued request: waiting, failed with the reason, or delivered on a day and how."""

    __tablename__ = "request_delivery"
    __table_args__ = (CheckConstraint(f"state IN {tuple(DELIVERY.states)}", name="known_state"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
    how: Mapped[str] = mapped_column(String(20), default="")
    #: email, post or hand; answered, where that is how it is known; before, where it was issued before this was recorded
    delivered_on: Mapped[date | None] = mapped_column()
    words: Mapped[str] = mapped_column(Text, default="")
    #: what the officer entered: signed for at the town hall
    fault: Mapped[str] = mapped_column(Text, default="")
    #: why it was not delivered
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    by: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    request: Mapped[EvidenceRequest] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Contact(SealedRow, Model):
    """A contact of an agency for one request, as an officer entered it; the agency's own record stays as it is."""

    __tablename__ = "request_contact"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    #: when another took its place
    request: Mapped[EvidenceRequest] = relationship()
