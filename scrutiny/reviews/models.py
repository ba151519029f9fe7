"""A method applied to a place over a period: the review, its bodies, editions of method, phases, lines and questions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.areas.models import Place
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.extensions import Json, Kept, Key, Model
from scrutiny.rules.models import MethodEdition
from workflows.lifecycles.invitation import INVITATION
from workflows.lifecycles.review import REVIEW
from workflows.phase_reasons import PhaseWhy

STATES = "', '".join(REVIEW.states)


class Review(SealedRow, Model):
    """An inquiry or inspection of a place under a method; its reference never changes."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint(f"state IN ('{STATES}')", name="known_state"),)

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    #: R-2026-014
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    in_scope: Mapped[str] = mapped_column(Text, default="")
    out_of_scope: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str | None] = mapped_column(String(20))
    #: what it is about, where the law depends on it and the method leaves it open
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    place_on: Mapped[date] = mapped_column()
    #: the day whose boundaries it is read with
    starts_on: Mapped[date] = mapped_column()
    announced_on: Mapped[date | None] = mapped_column()
    #: from this day the public sees title, place, bodies and dates
    list_released_on: Mapped[date | None] = mapped_column()
    #: from this day the public sees the requests and the answers marked open
    state: Mapped[str] = mapped_column(String(20), default="planned", index=True)
    opened_at: Mapped[datetime | None] = mapped_column()
    reported_at: Mapped[datetime | None] = mapped_column()
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_office: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    #: whom its letters say to ask; empty: the contact of the body in the lead
    ended_why: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    place: Mapped[Place] = relationship()
    bodies: Mapped[list["ReviewBody"]] = relationship(cascade="all, delete-orphan", order_by="ReviewBody.id")
    lines: Mapped[list["Line"]] = relationship(cascade="all, delete-orphan", order_by="Line.position, Line.id")
    phases: Mapped[list["Phase"]] = relationship(cascade="all, delete-orphan", order_by="Phase.position, Phase.id")
    editions: Mapped[list["ReviewEdition"]] = relationship(cascade="all, delete-orphan", order_by="ReviewEdition.id")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that planned it."""
        return f"review:{values['id']}"

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters: 'review:2'."""
        return f"review:{self.id}"

    @property
    def edition(self) -> MethodEdition:
        """The edition of the method it is run by now."""
        return self.editions[-1].edition

    @property
    def lead(self) -> Body:
        """The body in the lead."""
        return next(row.body for row in self.bodies if row.part == "lead" and row.to_on is None)

    @property
    def open_lines(self) -> list["Line"]:
        """The lines of enquiry still in scope."""
        return [line for line in self.lines if not line.dropped_why]


class ReviewBody(SealedRow, Model):
    """The part a body takes in a review: lead, partner or observer, from a day to a day."""

    __tablename__ = "review_body"
    __table_args__ = (CheckConstraint("part IN ('lead', 'partner', 'observer')", name="known_part"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    part: Mapped[str] = mapped_column(String(10))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    body: Mapped[Body] = relationship()


class Invitation(SealedRow, Model):
    """An invitation to a body to be a partner; until it is accepted the body has no part in the review."""

    __tablename__ = "review_invitation"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(INVITATION.states)}", name="known_state"),
        Index(
            "uq_review_invitation_open",
            "review_id",
            "body_id",
            unique=True,
            sqlite_where=text("state = 'invited'"),
            postgresql_where=text("state = 'invited'"),
        ),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="invited")
    why: Mapped[str] = mapped_column(Text, default="")
    #: why it was declined
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    answered_by: Mapped[str] = mapped_column(String(40), default="")
    answered_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    review: Mapped[Review] = relationship()
    body: Mapped[Body] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReviewEdition(SealedRow, Model):
    """The edition of its method a review reads, from a moment on."""

    __tablename__ = "review_edition"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("method_edition.id"))
    from_at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(String(40))
    edition: Mapped[MethodEdition] = relationship()


class Phase(SealedRow, Model):
    """A phase of the timetable, with the working its dates came from."""

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("review_id", "key"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    #: the method's key
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    statutory: Mapped[bool] = mapped_column(default=False)
    why: Mapped[PhaseWhy] = mapped_column(Kept(PhaseWhy), default=PhaseWhy)


class Line(SealedRow, Model):
    """A line of enquiry: a question the review tests."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("review_id", "key"),)

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    #: the method's key, or own-1 …
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200), default="")
    #: a few words, for tables
    text: Mapped[str] = mapped_column(Text)
    dropped_why: Mapped[str] = mapped_column(Text, default="")
    #: not empty: no longer in scope


class Question(SealedRow, Model):
    """What is asked under a line of enquiry; a row of the matrix. The same question may be an item to many agencies."""

    __tablename__ = "question"

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    #: a few words, for tables
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    #: why it is asked, for those who answer
    period: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20), default="any")
    #: text, figures, file or any
    standard_key: Mapped[str] = mapped_column(String(80), default="")
    #: the method's key for its standard evidence
    marking: Mapped[str] = mapped_column(String(20), default="open")
    #: the marking offered first
    proposed_by: Mapped[str] = mapped_column(String(40), default="")
    #: person:4, a councillor's question
    state: Mapped[str] = mapped_column(String(20), default="taken")
    #: proposed, taken or declined
    declined_why: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int | None] = mapped_column(Integer, default=None)
    #: its place among the questions of the review, once one of them was moved; those without one come last, as they were added
    version: Mapped[int] = mapped_column(Integer, default=1)
    line: Mapped[Line] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReviewDraft(Model):
    """A review being prepared, step by step: what has been answered so far, and the review it became."""

    __tablename__ = "review_draft"

    id: Mapped[Key]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    #: the body that will lead
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: what was typed at each step, in plain values
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    made_by: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    body: Mapped[Body] = relationship()
    review: Mapped[Review | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
