"""What stands on an agenda, gathered from the rooms in a constant number of statements whatever there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from flask_babel import gettext, ngettext
from sqlalchemy import and_, false, func, or_, select

from scrutiny.agencies.models import Agency
from scrutiny.agenda import access
from scrutiny.agenda.item import DUE, MEETING, PHASE, PLANNED, REVIEWS, VISIT, AgendaItem, Period, Reader
from scrutiny.agenda.models import PlanAgency, PlanBody, ReviewPlan
from scrutiny.agenda.scope import Scope, shares_of_codes
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.formats import london_day, number
from scrutiny.public_calendar import presenters
from scrutiny.public_calendar.queries import Known, entries
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Phase, Review, ReviewBody
from workflows.calendar_entries import AGREED_LOAD
from workflows.lifecycles.plan import PLAN
from workflows.lifecycles.review import REVIEW
from workflows.phases import FIELDWORK, WITH_MEETINGS

#: More reviews than any one page can show: the rest are said to be left out.
MOST: Final = 5000


def agenda_of(scope: Scope, period: Period, reader: Reader) -> list[AgendaItem]:
    """Everything the reader may know of that touches these days, earliest first."""
    reviews = _reviews(scope, period, reader)
    found = [
        *_own_days(reviews, period),
        *_phases(reviews, period),
        *_dues(scope, period, reader, reviews),
        *_plans(scope, period, reader),
        *_days(scope, period),
    ]
    return sorted(found, key=lambda one: (one.starts_on, one.ends_on, one.kind, one.title, one.key))


@dataclass(frozen=True, slots=True)
class _Reviews:
    """The reviews that stand on an agenda: rows, their bodies, and those whose own pages the reader may open."""

    rows: Sequence[Any]
    bodies: dict[int, tuple[str, ...]]
    own: frozenset[int]
    scope: Scope
    today: date

    def item(self, row: Any, key: str, kind: str) -> AgendaItem:
        """An item of a review, with what every one says of it; its title and days are those of the review."""
        public = row.announced_on is not None and row.announced_on <= self.today
        return AgendaItem(
            key,
            kind,
            row.title,
            row.starts_on,
            row.ends_on or row.starts_on,
            bodies=self.bodies.get(row.id, ()),
            place=row.place,
            share=self.scope.places.get(row.place_id) if self.scope.places is not None else None,
            href=f"/reviews/{row.reference}" if row.id in self.own else f"/about/{row.reference}" if public else "",
            reference=row.reference,
            public=public,
        )


def _reviews(scope: Scope, period: Period, reader: Reader) -> _Reviews:
    """The reviews of a scope that touch the period, each with its first and last planned day; three statements."""
    last = func.max(Phase.ends_on)
    rows = (
        select(
            Review.id,
            Review.reference,
            Review.title,
            Review.state,
            Review.starts_on,
            Review.reported_at,
            Review.announced_on,
            Review.place_id,
            Place.name.label("place"),
            last.label("ends_on"),
        )
        .join(Place, Place.id == Review.place_id)
        .outerjoin(Phase, Phase.review_id == Review.id)
        .where(access.reviews_known(reader.by, reader.today), Review.starts_on <= period.last, *_within(scope, reader))
        .group_by(Review.id, Place.name)
        .having(func.coalesce(last, Review.starts_on) >= period.first)
        .order_by(Review.starts_on, Review.id)
        .limit(MOST)
    )
    found = db.session.execute(rows).all()
    ids = [row.id for row in found]
    names: dict[int, list[str]] = defaultdict(list)
    taking = (
        select(ReviewBody.review_id, Body.name)
        .join(Body, Body.id == ReviewBody.body_id)
        .where(ReviewBody.review_id.in_(ids), ReviewBody.part.in_(("lead", "partner")), ReviewBody.to_on.is_(None))
        .order_by(ReviewBody.review_id, ReviewBody.part, Body.name)
    )
    for review_id, name in db.session.execute(taking):
        names[review_id].append(name)
    own = frozenset(access.reads_of(reader.by, reader.today))
    return _Reviews(found, {key: tuple(held) for key, held in names.items()}, own, scope, reader.today)


def _within(scope: Scope, reader: Reader) -> list[Any]:
    """The conditions by which a review belongs to a scope. Whom a review asked is known with its list, not with its name."""
    conditions: list[Any] = []
    if scope.places is not None:
        conditions.append(Review.place_id.in_(sorted(scope.places)))
    if scope.body is not None:
        took_part = select(ReviewBody.review_id).where(ReviewBody.body_id == scope.body.id, ReviewBody.to_on.is_(None))
        conditions.append(Review.id.in_(took_part))
    if scope.agency is not None:
        listed = and_(Review.id == EvidenceRequest.review_id, access.dues_known(reader.by, reader.today))
        asked = select(EvidenceRequest.review_id).join(Review, listed)
        asked = asked.where(EvidenceRequest.agency_id == scope.agency.id, EvidenceRequest.is_asked)
        conditions.append(Review.id.in_(asked.correlate(None)))
    return conditions


def _review_item(row: Any, reviews: _Reviews) -> AgendaItem:
    """A review from its first day to its last: the day it reported, or the last one planned."""
    ended = london_day(row.reported_at) if row.reported_at else row.ends_on or row.starts_on
    item = reviews.item(row, f"review-{row.id}", REVIEWS)
    return replace(item, ends_on=max(ended, row.starts_on), state=str(REVIEW.states[row.state]))


def _own_days(reviews: _Reviews, period: Period) -> Iterable[AgendaItem]:
    """Each review whose own days touch the period: a later stage may bring in one that reported long before. None withdrawn."""
    items = (_review_item(row, reviews) for row in reviews.rows if row.state != "withdrawn")
    return (item for item in items if item.ends_on >= period.first)


def _phases(reviews: _Reviews, period: Period) -> Iterable[AgendaItem]:
    """Stages that are plans still: none of a withdrawn review, and of a reported one those after its report."""
    known = {row.id: row for row in reviews.rows if row.state != "withdrawn"}
    rows = (
        select(Phase.id, Phase.review_id, Phase.key, Phase.title, Phase.starts_on, Phase.ends_on)
        .where(Phase.review_id.in_(sorted(known)), Phase.starts_on <= period.last, Phase.ends_on >= period.first)
        .order_by(Phase.id)
    )
    for phase in db.session.execute(rows):
        review = known[phase.review_id]
        if review.reported_at and phase.starts_on <= london_day(review.reported_at):
            continue
        kind = VISIT if phase.key in FIELDWORK else MEETING if phase.key in WITH_MEETINGS else PHASE
        title = gettext("%(phase)s: %(review)s", phase=phase.title, review=review.title)
        item = reviews.item(review, f"phase-{phase.id}", kind)
        yield replace(item, title=title, starts_on=phase.starts_on, ends_on=phase.ends_on)


def _dues(scope: Scope, period: Period, reader: Reader, reviews: _Reviews) -> Iterable[AgendaItem]:
    """Days on which an agency owes answers, as far as the reader may know; one statement."""
    known = {row.id: row for row in reviews.rows}
    rows = (
        select(EvidenceRequest.review_id, Agency.id, Agency.name, Item.due_on, func.count())
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(
            EvidenceRequest.review_id.in_(sorted(known)),
            EvidenceRequest.is_asked,
            Item.state != "withdrawn",
            Item.due_on >= period.first,
            Item.due_on <= period.last,
            access.dues_known(reader.by, reader.today),
        )
        .group_by(EvidenceRequest.review_id, Agency.id, Agency.name, Item.due_on)
        .order_by(EvidenceRequest.review_id, Agency.id, Item.due_on)
    )
    if scope.agency is not None:
        rows = rows.where(EvidenceRequest.agency_id == scope.agency.id)
    told: Any = db.session.execute(rows)  # a day that lies in the period is one
    for review_id, agency_id, name, due_on, count in told:
        title = ngettext(
            "%(shown)s answer due: %(review)s",
            "%(shown)s answers due: %(review)s",
            count,
            shown=number(count),
            review=known[review_id].title,
        )
        item = reviews.item(known[review_id], f"due-{review_id}-{agency_id}-{due_on:%Y%m%d}", DUE)
        yield replace(item, title=title, starts_on=due_on, ends_on=due_on, agency=name)


def _plans(scope: Scope, period: Period, reader: Reader) -> Iterable[AgendaItem]:
    """Plans that touch the period, as far as the reader may know; what became a review stands there as one."""
    rows = access.whole_plans().where(
        access.plans_known(reader.by, reader.today),
        ReviewPlan.state.in_(("idea", "proposed", "agreed", "announced")),
        ReviewPlan.first_on <= period.last,
        ReviewPlan.last_on >= period.first,
    )
    if scope.places is not None:
        rows = rows.where(ReviewPlan.place_id.in_(sorted(scope.places)))
    if scope.body is not None:
        shared = select(PlanBody.plan_id).where(PlanBody.body_id == scope.body.id)
        rows = rows.where(or_(ReviewPlan.body_id == scope.body.id, ReviewPlan.id.in_(shared)))
    if scope.agency is not None:
        # Whom a plan would ask is between the bodies that share it, announced or not.
        asked = select(PlanAgency.plan_id).where(PlanAgency.agency_id == scope.agency.id)
        shared_with = access.plans_shared(reader.by.body) if reader.by.body is not None else false()
        rows = rows.where(ReviewPlan.id.in_(asked), shared_with)
    for plan in db.session.scalars(rows.order_by(ReviewPlan.id).limit(MOST)).unique():
        bodies = (plan.body.name, *(one.body.name for one in plan.partners))
        mine = reader.by.body is not None and reader.by.body in {plan.body_id, *(one.body_id for one in plan.partners)}
        public = plan.state == "announced" and plan.announced_on is not None and plan.announced_on <= reader.today
        yield AgendaItem(
            f"plan-{plan.id}",
            PLANNED,
            plan.title,
            plan.first_on,
            plan.last_on,
            bodies=bodies,
            place=plan.place.name,
            share=scope.places.get(plan.place_id) if scope.places is not None else None,
            state=str(PLAN.states[plan.state]),
            href=f"/plans/{plan.id}" if mine else "",
            public=public,
        )


def _days(scope: Scope, period: Period) -> Iterable[AgendaItem]:
    """Polls, holidays, year-ends and blackouts that concern the scope; a few statements."""
    found = [one for one in entries(period.first, period.last) if one.kind != AGREED_LOAD and _concerns(one, scope)]
    shares = shares_of_codes(scope, {one.area_code for one in found if one.area_code})
    names = presenters.names_of(found)
    for one in found:
        if one.area_code and one.area_code not in shares and (scope.codes or scope.agency):
            continue
        yield AgendaItem(
            one.key,
            one.kind,
            one.title,
            one.starts_on,
            one.ends_on,
            place=presenters.whom(one, names),
            share=shares.get(one.area_code) if one.area_code else None,
        )


def _concerns(entry: Known, scope: Scope) -> bool:
    """Whether an entry is for a scope, its area left to be looked at; what names an agency or body stands on its agenda."""
    if entry.agency_id is not None:
        return scope.agency is not None and scope.agency.id == entry.agency_id
    if entry.body_id is not None:
        return scope.body is not None and scope.body.id == entry.body_id
    if entry.agency_kind and scope.agency is not None and scope.agency.kind != entry.agency_kind:
        return False
    return not entry.nation or not scope.nations or entry.nation in scope.nations
