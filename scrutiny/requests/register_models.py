"""The register of non-response: what was asked, fell due and was not answered, published on purpose by the lead."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.extensions import Json, Key, Model
from scrutiny.requests.models import EvidenceRequest
from workflows.lifecycles.register_entry import REGISTER_ENTRY


class RegisterEntry(Model):
    """That an agency has not answered items of a request, as it was when it was told; with its own line beside it."""

    __tablename__ = "register_entry"
    __table_args__ = (
        CheckConstraint("state IN ('" + "', '".join(REGISTER_ENTRY.states) + "')", name="known_state"),
        CheckConstraint("state != 'published' OR published_on IS NOT NULL", name="published_on_a_day"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="noticed", index=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: what was not answered: [{id, reference, title, due_on, statutory_due_on}]
    words: Mapped[str] = mapped_column(Text, default="")
    #: the lead's own line
    reply: Mapped[str] = mapped_column(Text, default="")
    #: the agency's own line, shown beside it
    replied_by: Mapped[str] = mapped_column(String(40), default="")
    reply_until: Mapped[date] = mapped_column()
    noticed_by: Mapped[str] = mapped_column(String(40))
    noticed_at: Mapped[datetime] = mapped_column()
    published_on: Mapped[date | None] = mapped_column(index=True)
    corrected: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    #: corrections since it was published: [{on, why}]
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    withdrawn_on: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    request: Mapped[EvidenceRequest] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'register_entry:3'."""
        return f"register_entry:{self.id}"
