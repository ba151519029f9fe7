"""Bodies that answer: their codes, footprints, services, contacts, members and what became of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.accounts.models import Person
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Key, Model


class Agency(Model):
    """A body that answers evidence requests. Its id never changes; what becomes of it is a succession."""

    __tablename__ = "agency"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(300), unique=True)
    name_cy: Mapped[str] = mapped_column(String(300), default="")
    other_names: Mapped[str] = mapped_column(Text, default="")
    #: what else it is or was called, by which it is found too: one on each line
    kind: Mapped[str] = mapped_column(String(60), index=True)
    #: of config/agency_kinds.toml
    nation: Mapped[str] = mapped_column(String(30), default="england")
    email: Mapped[str] = mapped_column(String(254), default="")
    #: where letters go when nobody of it has signed up
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    #: the days of its service: from when to when it answers
    legal_from: Mapped[date | None] = mapped_column()
    legal_to: Mapped[date | None] = mapped_column()
    #: the days on which it exists in law; where not given, those of its service
    elected_from: Mapped[date | None] = mapped_column()
    #: the day its first members were or will be elected
    version: Mapped[int] = mapped_column(Integer, default=1)
    codes: Mapped[list["AgencyCode"]] = relationship(cascade="all, delete-orphan", order_by="AgencyCode.scheme, AgencyCode.code")
    footprint: Mapped[list["Footprint"]] = relationship(
        cascade="all, delete-orphan", order_by="Footprint.area_code, Footprint.id"
    )
    services: Mapped[list["AgencyService"]] = relationship(
        cascade="all, delete-orphan", order_by="AgencyService.service, AgencyService.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows and letters."""
        return f"agency:{self.id}"

    @property
    def names_besides(self) -> list[str]:
        """What else it is or was called."""
        return self.other_names.splitlines()


class AgencyCode(Model):
    """A code an agency has in a scheme: gss, ods, gb-lae …"""

    __tablename__ = "agency_code"
    __table_args__ = (UniqueConstraint("scheme", "code", "agency_id"), Index("ix_agency_code_code", "code"))

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(80))


class Footprint(Model):
    """That an agency serves the area of a code, from a day to a day."""

    __tablename__ = "footprint"
    __table_args__ = (
        UniqueConstraint("agency_id", "area_kind", "area_code", "from_on"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
        Index("ix_footprint_area_code_area_kind", "area_code", "area_kind"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    area_kind: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()


class AgencyService(Model):
    """A service an agency answers for (or, with `excluded`, does not) whatever its kind would say, from a day to a day."""

    __tablename__ = "agency_service"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    service: Mapped[str] = mapped_column(String(60))
    excluded: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()


class AgencyMembership(SealedRow, Model):
    """That a person is a responder or certifier of an agency, from a day to a day."""

    __tablename__ = "agency_membership"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    agency: Mapped[Agency] = relationship()
    person: Mapped[Person] = relationship()


class AgencyGuest(Model):
    """That a person answers one request for an agency, because its letter went to that person's address; it can be ended.

    Without a request: other letters went there, of a check of facts or a recommendation, and they open what these are about.
    """

    __tablename__ = "agency_guest"
    __table_args__ = (
        UniqueConstraint("person_id", "request"),
        Index(
            "uq_agency_guest_letters",
            "person_id",
            "agency_id",
            unique=True,
            sqlite_where=text("request IS NULL"),
            postgresql_where=text("request IS NULL"),
        ),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    request: Mapped[int | None] = mapped_column(Integer, index=True)
    #: the id of the request, which is known to a higher room
    made_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    agency: Mapped[Agency] = relationship()
    person: Mapped[Person] = relationship()


class Succession(SealedRow, Model):
    """That one agency followed another on a day, with the share of people that passed."""

    __tablename__ = "succession"

    id: Mapped[Key]
    from_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    on: Mapped[date] = mapped_column()
    share: Mapped[float | None] = mapped_column(Float)
    kind: Mapped[str] = mapped_column(String(30))
    #: merge, split, rename, transfer
