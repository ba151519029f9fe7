"""What agencies are told of before it becomes public: entries of the register of non-response, and answers of theirs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.correspondence.reception import Received
from scrutiny.extensions import Json, Key, Model, db
from scrutiny.requests.models import EvidenceRequest
from workflows.lifecycles.register_entry import REGISTER_ENTRY


class RegisterEntry(Received, SealedRow, Model):
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
    replied_agency_id: Mapped[int | None] = mapped_column()
    #: the agency whose line it is, where a successor of the one asked wrote it
    reply_until: Mapped[date] = mapped_column()
    #: until when it may answer: as its letter says and, once that has arrived, counted from then
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
    def line_by(self) -> str:
        """The name of the agency whose line stands beside it: the one asked, or a successor that answers for it."""
        agency = db.session.get(Agency, self.replied_agency_id) if self.replied_agency_id else None
        return (agency or self.request.agency).name

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'register_entry:3'."""
        return f"register_entry:{self.id}"


class PublicationNotice(Received, SealedRow, Model):
    """That an agency is told which of its answers become public, and when; no day is set for them before it has been told."""

    __tablename__ = "publication_notice"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    #: whom it is told: the agency asked, or a successor that holds the items
    lodgings: Mapped[list[int]] = mapped_column(Json, default=list)
    #: the answers, by the id of what was lodged
    public_on: Mapped[date] = mapped_column()
    #: from when they are public: as the letter says and, once that has arrived, counted from then
    noticed_by: Mapped[str] = mapped_column(String(40))
    noticed_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    request: Mapped[EvidenceRequest] = relationship()
    agency: Mapped[Agency] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'publication_notice:3'."""
        return f"publication_notice:{self.id}"
