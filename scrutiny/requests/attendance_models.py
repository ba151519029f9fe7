"""Meetings that agencies are asked to attend: the facts of a question whose kind is attendance."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model
from scrutiny.reviews.models import Question


class Meeting(SealedRow, Model):
    """The meeting a question asks agencies to attend: one question is put to each of them, so there is one meeting."""

    __tablename__ = "meeting"

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), unique=True)
    held_on: Mapped[date] = mapped_column(index=True)
    begins: Mapped[str] = mapped_column(String(20), default="")
    #: 10:30, as people write it
    place: Mapped[str] = mapped_column(Text)
    whom: Mapped[str] = mapped_column(String(300), default="")
    #: the person or post that is asked for; '' leaves it to the agency
    question: Mapped[Question] = relationship()
