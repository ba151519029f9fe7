"""Recommendations, whom they are addressed to, every step of their responses, and progress returns."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.correspondence.reception import Received
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import Json, Kept, Key, Model
from scrutiny.findings.models import Finding
from scrutiny.reviews.models import Review
from workflows.due_working import Working
from workflows.lifecycles.recommendation import ENDED, RECOMMENDATION, RESPONSE


class Recommendation(SealedRow, Model):
    """One thing to be done, by whom, by when, and how anyone will know that it was."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        CheckConstraint("state IN ('" + "', '".join(RECOMMENDATION.states) + "')", name="known_state"),
        CheckConstraint("state IN ('drafted', 'withdrawn') OR done_by IS NOT NULL", name="proposed_with_a_day"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    done_by: Mapped[date] = mapped_column(nullable=True)
    #: none only in a draft, and in one withdrawn as it was
    state: Mapped[str] = mapped_column(String(20), default="drafted", index=True)
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column()
    made_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    review: Mapped[Review] = relationship()
    findings: Mapped[list[Finding]] = relationship(secondary="recommendation_finding", order_by="Finding.number, Finding.id")
    addressees: Mapped[list["Addressee"]] = relationship(
        cascade="all, delete-orphan", order_by="Addressee.id", back_populates="recommendation"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows."""
        return f"recommendation:{self.id}"


class RecommendationFinding(SealedRow, Model):
    """That a recommendation follows from a finding."""

    __tablename__ = "recommendation_finding"

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class Addressee(Received, SealedRow, Model):
    """An agency a recommendation is addressed to, its clock and its response."""

    __tablename__ = "addressee"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "agency_id"),
        CheckConstraint("state IN ('" + "', '".join(RESPONSE.states) + "')", name="known_state"),
    )

    id: Mapped[Key]
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    power_key: Mapped[str] = mapped_column(String(80), default="")
    legal_basis: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: a LegalBasis in plain values, as worked out when it was made
    clock: Mapped[str] = mapped_column(String(40), default="")
    due_on: Mapped[date | None] = mapped_column(index=True)
    #: the law's day where it sets one, else the method's
    statutory_due_on: Mapped[date | None] = mapped_column()
    agreed_due_on: Mapped[date | None] = mapped_column()
    #: the day the method's own rule asks for
    due_working: Mapped[Working] = mapped_column(Kept(Working), default=Working)
    state: Mapped[str] = mapped_column(String(20), default="awaited", index=True)
    response: Mapped[str] = mapped_column(Text, default="")
    responded_by: Mapped[str] = mapped_column(String(40), default="")
    responded_at: Mapped[datetime | None] = mapped_column()
    answered_on: Mapped[date | None] = mapped_column()
    #: the day it was first accepted, in part or whole, or rejected; noting it is no answer
    recommendation: Mapped[Recommendation] = relationship(back_populates="addressees")
    agency: Mapped[Agency] = relationship()
    holders: Mapped[list["AddresseeHolder"]] = relationship(
        cascade="all, delete-orphan", order_by="AddresseeHolder.id", lazy="selectin"
    )
    returns: Mapped[list["ProgressReturn"]] = relationship(cascade="all, delete-orphan", order_by="ProgressReturn.id")
    steps: Mapped[list["ResponseStep"]] = relationship(cascade="all, delete-orphan", order_by="ResponseStep.id")

    @property
    def answer(self) -> str:
        """What the agency answered, whatever became of it since: accepted, partly_accepted, rejected, noted, or ''."""
        answers = ("accepted", "partly_accepted", "rejected", "noted")
        given = (step.outcome for step in reversed(self.steps) if step.agency_id is not None)
        return next((outcome for outcome in given if outcome in answers), "")

    @property
    def has_ended(self) -> bool:
        """Whether the body has ended it: done and verified, or closed in another way."""
        return self.state in ENDED

    @property
    def expected_on(self) -> date | None:
        """The new day the agency gave last, where it has said that it slipped."""
        return next((row.new_date for row in reversed(self.returns) if row.new_date is not None), None)

    @property
    def answerer(self) -> Agency:
        """The agency that answers for it now: the one it was addressed to, or its successor."""
        return next((row.agency for row in reversed(self.holders) if row.to_on is None), self.agency)


class AddresseeHolder(Model):
    """Which agency answers for what was recommended to one that has ended, from a day to a day."""

    __tablename__ = "addressee_holder"

    id: Mapped[Key]
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    agency: Mapped[Agency] = relationship()


class ResponseStep(SealedRow, Model):
    """One move of a response, by the agency or by a body of the review, in its own words; never overwritten, at most erased."""

    __tablename__ = "response_step"

    id: Mapped[Key]
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    #: the state it led to
    words: Mapped[str] = mapped_column(Text)
    #: the agency's response, or the reason of the body
    evidence: Mapped[str] = mapped_column(Text, default="")
    #: what the body saw
    lodging_id: Mapped[int | None] = mapped_column(ForeignKey("lodging.id"))
    #: evidence before the review that shows it
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    #: the recommendation that replaces it
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    #: for whom the step was made: a body, or the agency that answered then
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    #: when its words were erased, and why: that the step was made stays
    erased_why: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[Body | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    lodging: Mapped[Lodging | None] = relationship()
    replaced_by: Mapped[Recommendation | None] = relationship()


class ProgressReturn(SealedRow, Model):
    """What an agency says it has done so far; never overwritten, only followed by another, and its words at most erased."""

    __tablename__ = "progress_return"

    id: Mapped[Key]
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    #: on track, slipped, achieved or not achieved
    text: Mapped[str] = mapped_column(Text)
    new_date: Mapped[date | None] = mapped_column()
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
