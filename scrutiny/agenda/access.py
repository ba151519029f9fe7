"""The one door of the agenda: which reviews and which due dates a reader may come upon, as conditions of a statement.

The public sees what is announced, and due dates once the list of a review is out. Members of a body see its reviews, and
due dates where it works on them; an agency what it was asked. A plan is seen by the bodies that share it until it is announced.
"""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.agencies.models import Agency
from scrutiny.agenda.models import PlanAgency, PlanBody, PlanOverride, ReviewPlan
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.opendata.records import listed_reviews
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review, ReviewBody, ReviewDraft
from scrutiny.reviews.queries import readable_by
from workflows.lifecycles.plan import PLANNERS
from workflows.roles import Actor

#: The states of a request its agency knows of.
SENT = ("issued", "closed")


def reviews_known(by: Actor, today: date) -> ColumnElement[bool]:
    """Reviews the reader may know of."""
    known: list[ColumnElement[bool]] = [Review.announced_on <= today]
    if by.body is not None:
        known.append(Review.id.in_(readable_by(by.body, today)))
    if by.agency is not None:
        asked = select(EvidenceRequest.review_id).where(EvidenceRequest.agency_id == by.agency, EvidenceRequest.is_asked)
        known.append(Review.id.in_(asked))
    return or_(*known)


def dues_known(by: Actor, today: date) -> ColumnElement[bool]:
    """Requests whose due dates the reader may know of."""
    known: list[ColumnElement[bool]] = [Review.id.in_(listed_reviews(today))]
    if by.body is not None:
        working = readable_by(by.body, today).where(ReviewBody.part.in_(("lead", "partner")), ReviewBody.to_on.is_(None))
        known.append(Review.id.in_(working))
    if by.agency is not None:
        known.append(EvidenceRequest.agency_id == by.agency)
    return or_(*known)


def reads_of(by: Actor, today: date) -> list[int]:
    """The ids of the reviews whose own pages the reader may open; one statement, none for the public."""
    return list(db.session.scalars(readable_by(by.body, today))) if by.body is not None else []


def body_shown(slug: str) -> Body:
    """A body by its short name; its agenda holds only what the reader may know."""
    return db.session.scalar(select(Body).where(Body.slug == slug)) or abort(404)


def agency_shown(agency_id: int) -> Agency:
    """An agency; the same."""
    return db.session.get(Agency, agency_id) or abort(404)


def own_body(body_id: int) -> Body:
    """The body acted for."""
    return db.session.get(Body, body_id) or abort(404)


def plans_known(by: Actor, today: date) -> ColumnElement[bool]:
    """Plans the reader may know of: those of their body or shared with it, and for all those that are announced."""
    public = and_(ReviewPlan.state.in_(("announced", "under_way")), ReviewPlan.announced_on <= today)
    return public if by.body is None else or_(public, plans_shared(by.body))


def plans_shared(body_id: int) -> ColumnElement[bool]:
    """Plans of a body, or shared with it."""
    shared = select(PlanBody.plan_id).where(PlanBody.body_id == body_id)
    return or_(ReviewPlan.body_id == body_id, ReviewPlan.id.in_(shared))


def planning_for(by: Actor) -> int:
    """The body whose plans the actor reads; 404 for whoever belongs to none."""
    return by.body if by.body is not None else abort(404)


def may_plan(by: Actor) -> bool:
    """Whether the actor plans for the body acted for."""
    return by.body is not None and by.has(*PLANNERS)


def body_to_plan_for(by: Actor) -> Body:
    """The body that would lead a new plan; 403 for those of it who do not plan."""
    body = own_body(planning_for(by))
    if not may_plan(by):
        abort(403)
    return body


def plan_to_read(plan_id: int, by: Actor) -> ReviewPlan:
    """A plan, for members of the bodies that share it; for others there is none."""
    shared = ReviewPlan.id == plan_id, plans_shared(planning_for(by))
    return db.session.scalar(whole_plans().where(*shared)) or abort(404)


def plan_to_change(plan_id: int, by: Actor) -> ReviewPlan:
    """A plan, for those who plan for the body that will lead; others who read it are told that they may not."""
    plan = plan_to_read(plan_id, by)
    if plan.body_id != by.body or not may_plan(by):
        abort(403)
    return plan


def plan_to_agree(plan_id: int, by: Actor) -> ReviewPlan:
    """A plan, for those who plan for a body it is shared with."""
    plan = plan_to_read(plan_id, by)
    if plan.body_id == by.body or not may_plan(by):
        abort(403)
    return plan


def plan_to_override(plan_id: int, by: Actor) -> ReviewPlan:
    """A plan, for those who plan for any body that shares it."""
    plan = plan_to_read(plan_id, by)
    if not may_plan(by):
        abort(403)
    return plan


def whole_plans() -> Select[ReviewPlan]:
    """Plans with all that hangs on them, in a constant number of statements."""
    return select(ReviewPlan).options(
        joinedload(ReviewPlan.body),
        joinedload(ReviewPlan.place).selectinload(Place.areas),
        joinedload(ReviewPlan.draft).joinedload(ReviewDraft.review),
        selectinload(ReviewPlan.partners).joinedload(PlanBody.body),
        selectinload(ReviewPlan.asks).joinedload(PlanAgency.agency),
        selectinload(ReviewPlan.overrides).joinedload(PlanOverride.body),
    )
