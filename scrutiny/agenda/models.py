"""Planned reviews: what is meant, where, when and of whom; the bodies that share it; and clashes that must stay, with why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.extensions import Json, Key, Model
from scrutiny.reviews.models import ReviewDraft
from workflows.lifecycles.plan import PLAN

STATES = "', '".join(PLAN.states)


class ReviewPlan(SealedRow, Model):
    """A review that is meant to be: an idea of one body, shared with others, until it is opened or dropped."""

    __tablename__ = "review_plan"
    __table_args__ = (
        CheckConstraint(f"state IN ('{STATES}')", name="known_state"),
        CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),
    )

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    #: the body that will lead
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    method: Mapped[str] = mapped_column(String(80), default="")
    services: Mapped[list[str]] = mapped_column(Json, default=list)
    #: its theme, as keys of services
    first_on: Mapped[date] = mapped_column()
    last_on: Mapped[date] = mapped_column()
    #: when the review begins and ends
    visit_from: Mapped[date | None] = mapped_column()
    visit_to: Mapped[date | None] = mapped_column()
    visit_days: Mapped[int] = mapped_column(Integer, default=0)
    questions: Mapped[int] = mapped_column(Integer, default=0)
    #: asked of each agency
    evidence_by: Mapped[date | None] = mapped_column()
    meeting_on: Mapped[date | None] = mapped_column()
    announced_on: Mapped[date | None] = mapped_column()
    #: from this day the public sees title, place, bodies and dates
    state: Mapped[str] = mapped_column(String(20), default="idea", index=True)
    ended_why: Mapped[str] = mapped_column(Text, default="")
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("review_draft.id"), index=True)
    #: the review being prepared that it became
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    body: Mapped[Body] = relationship()
    place: Mapped[Place] = relationship()
    draft: Mapped[ReviewDraft | None] = relationship()
    partners: Mapped[list["PlanBody"]] = relationship(cascade="all, delete-orphan", order_by="PlanBody.id")
    asks: Mapped[list["PlanAgency"]] = relationship(cascade="all, delete-orphan", order_by="PlanAgency.agency_id")
    overrides: Mapped[list["PlanOverride"]] = relationship(cascade="all, delete-orphan", order_by="PlanOverride.id")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that recorded it."""
        return f"plan:{values['id']}"

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'plan:2'."""
        return f"plan:{self.id}"


class PlanBody(SealedRow, Model):
    """A body that a plan is shared with; it may agree."""

    __tablename__ = "plan_body"
    __table_args__ = (UniqueConstraint("plan_id", "body_id"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("review_plan.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    agreed_by: Mapped[str] = mapped_column(String(40), default="")
    agreed_at: Mapped[datetime | None] = mapped_column()
    body: Mapped[Body] = relationship()


class PlanAgency(SealedRow, Model):
    """An agency that a plan would ask or visit."""

    __tablename__ = "plan_agency"

    plan_id: Mapped[int] = mapped_column(ForeignKey("review_plan.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    agency: Mapped[Agency] = relationship()


class PlanOverride(SealedRow, Model):
    """A clash that must stay, and why: kept, and seen by every body that shares the plan."""

    __tablename__ = "plan_override"
    __table_args__ = (UniqueConstraint("plan_id", "clash"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("review_plan.id"), index=True)
    clash: Mapped[str] = mapped_column(String(200))
    #: the key of the clash, which changes when its days or numbers do
    why: Mapped[str] = mapped_column(Text)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    #: for whom it was decided
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    body: Mapped[Body] = relationship()
