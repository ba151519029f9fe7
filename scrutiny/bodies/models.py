"""Bodies that ask: committees, inspectorates, panels and joint committees, with their members."""

from datetime import date

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model


class Body(Model):
    """A body that asks. A council committee has its council as host agency, for a council is both."""

    __tablename__ = "body"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    name_cy: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(60))
    #: as methods and powers name them: council-committee, inspectorate …
    nation: Mapped[str] = mapped_column(String(30), default="england")
    host_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    #: the days of its service: from when to when it does its work
    legal_from: Mapped[date | None] = mapped_column()
    legal_to: Mapped[date | None] = mapped_column()
    #: the days on which it exists in law; where not given, those of its service
    elected_from: Mapped[date | None] = mapped_column()
    #: the day its first members were or will be elected
    seats: Mapped[int | None] = mapped_column(Integer)
    #: how many sit on it; no vote may have more voices
    quorum: Mapped[int | None] = mapped_column(Integer)
    #: how many must be there for it to decide
    version: Mapped[int] = mapped_column(Integer, default=1)
    host_agency: Mapped[Agency | None] = relationship()
    letterhead: Mapped["Letterhead | None"] = relationship(back_populates="body")

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows and letters."""
        return f"body:{self.id}"


class Letterhead(Model):
    """What a body's letters say of it: who signs them, whom to ask, where replies go, how to check that one is genuine."""

    __tablename__ = "letterhead"

    id: Mapped[Key]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), unique=True)
    signatory_name: Mapped[str] = mapped_column(String(200), default="")
    signatory_office: Mapped[str] = mapped_column(String(200), default="")
    deputy_name: Mapped[str] = mapped_column(String(200), default="")
    deputy_office: Mapped[str] = mapped_column(String(200), default="")
    deputy_signs: Mapped[bool] = mapped_column(Boolean, default=False)
    #: while the signatory cannot
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_office: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    mailbox: Mapped[str] = mapped_column(String(254), default="")
    #: where replies go; the contact's address where it is empty
    heading: Mapped[str] = mapped_column(Text, default="")
    #: what stands under the signature: the body's postal address and whatever else its letters carry
    privacy_url: Mapped[str] = mapped_column(String(300), default="")
    genuine_url: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    body: Mapped[Body] = relationship(back_populates="letterhead")

    __mapper_args__ = {"version_id_col": version}


class BodyMembership(SealedRow, Model):
    """That a person has a role in a body, from a day to a day."""

    __tablename__ = "body_membership"

    id: Mapped[Key]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    body: Mapped[Body] = relationship()
    person: Mapped[Person] = relationship()
