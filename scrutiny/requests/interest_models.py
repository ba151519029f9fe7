"""Interests that people of the bodies declare in a review: what they did, or are, for an agency that answers in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model
from scrutiny.reviews.models import Review


class Interest(SealedRow, Model):
    """That somebody of a body told all of the review of their interest in an agency; it is never changed or removed."""

    __tablename__ = "interest"
    __table_args__ = (CheckConstraint("words != ''", name="says_what"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person: Mapped[str] = mapped_column(String(40), index=True)
    #: person:4
    name: Mapped[str] = mapped_column(String(200))
    #: as it is printed in the report
    capacity: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column()
    review: Mapped[Review] = relationship()
    agency: Mapped[Agency] = relationship()
