"""Editions of calendars, methods and powers, kept as rows so that what a review used can be read for ever."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.extensions import Key, Model


class MethodEdition(Model):
    """The full text of a method at the version a review used, stored at first use."""

    __tablename__ = "method_edition"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column()


class RuleEdition(Model):
    """The full text of the powers, or of one division's holidays, at the edition a due date was worked out with."""

    __tablename__ = "rule_edition"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    #: powers, or holidays/scotland
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column()
