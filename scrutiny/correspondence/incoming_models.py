"""Emails that came in: bounces, delays, automatic answers and replies, and which of our letters each is about."""

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.correspondence.models import Posting
from scrutiny.extensions import Json, Key, Model

KINDS = {
    "bounce": lazy_gettext("Came back"),
    "delayed": lazy_gettext("Delayed"),
    "auto": lazy_gettext("Automatic answer"),
    "reply": lazy_gettext("Reply by email"),
}


class IncomingMail(Model):
    """One email that came in, read once; its HTML and its attachments are not kept."""

    __tablename__ = "incoming_mail"
    __table_args__ = (CheckConstraint(f"kind IN {tuple(KINDS)}", name="known_kind"),)

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: SHA-256 of all of it, so that the same one again is recognised
    kind: Mapped[str] = mapped_column(String(20), index=True)
    message_id: Mapped[str] = mapped_column(String(200), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[list[str]] = mapped_column(Json, default=list)
    #: their names only
    fault: Mapped[str] = mapped_column(Text, default="")
    proven: Mapped[bool] = mapped_column(Boolean, default=False)
    #: of a bounce: that it came to the return path of the letter it names, or that an officer confirmed it
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("posting.id"), index=True)
    about: Mapped[str] = mapped_column(String(80), default="", index=True)
    #: what the letter was about: request:17; nothing where none was found
    within: Mapped[str] = mapped_column(String(80), default="", index=True)
    came_at: Mapped[datetime] = mapped_column()
    dealt_at: Mapped[datetime | None] = mapped_column()
    dealt_by: Mapped[str] = mapped_column(String(40), default="")
    posting: Mapped[Posting | None] = relationship()
