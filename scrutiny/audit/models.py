"""The audit trail: what happened, chained by digest; field names and digests only, no personal text."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.extensions import Json, Key, Model


class AuditEntry(Model):
    """One thing that happened; `digest` covers this row and the digest of the row before."""

    __tablename__ = "audit_entry"

    number: Mapped[Key]
    at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(String(40), index=True)
    #: person:4, operator, timetable or anyone
    capacity: Mapped[str] = mapped_column(String(40), default="")
    #: body:3, agency:7 or nothing
    event: Mapped[str] = mapped_column(String(60))
    #: past tense: item_submitted
    about: Mapped[str] = mapped_column(String(80), index=True)
    #: the record: request:17
    within: Mapped[str] = mapped_column(String(80), index=True, default="")
    #: what it is read with: review:2, place:5, agency:7
    before: Mapped[str] = mapped_column(String(40), default="")
    #: the state moved from
    after: Mapped[str] = mapped_column(String(40), default="")
    #: the state moved to
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: names of fields changed and digests of what they hold; never the text
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Model):
    """The one row that says where the chain ends; locked while a link is added."""

    __tablename__ = "audit_head"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(Integer, default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")


class AuditSeal(Model):
    """The digest of a row as it stood after a deed; the deed's own fields hold the digest of all its seals."""

    __tablename__ = "audit_seal"

    entry: Mapped[int] = mapped_column(Integer, primary_key=True)
    #: the number of the row of the trail
    about: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: the row: signature:4
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    #: empty: the deed removed the row
