"""Other reviews and plans that a plan is held against, as far as the reader may know of them; constant statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from scrutiny.agenda import access
from scrutiny.agenda.item import Reader
from scrutiny.agenda.models import PlanAgency, ReviewPlan
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Phase, Review, ReviewBody, ReviewDraft, ReviewEdition
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import rules
from workflows.clashes import Near, Work
from workflows.phases import FIELDWORK, WITH_MEETINGS

#: How far before a plan and after it others are looked at.
AROUND = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Sought:
    """Where, when and of whom a plan is: the places that share its land with their shares, and the ids of its agencies."""

    shares: Mapping[int, float]
    agencies: frozenset[int]
    first: date
    last: date
    plan_id: int | None = None


def near_work(sought: Sought, reader: Reader) -> list[Near]:
    """Reviews and plans that share land or an agency with a plan, each with the share of its land."""
    return [*_reviews(sought, reader), *_plans(sought, reader)]


def work_of(plan: ReviewPlan) -> Work:
    """A plan as the rules see it."""
    visit = ((plan.visit_from, plan.visit_to),) if plan.visit_from and plan.visit_to else ()
    return Work(
        f"plan-{plan.id}",
        plan.title,
        plan.first_on,
        plan.last_on,
        frozenset({plan.body_id, *(one.body_id for one in plan.partners)}),
        frozenset(one.agency_id for one in plan.asks),
        frozenset(plan.services),
        visit,
        (plan.meeting_on,) if plan.meeting_on else (),
        plan.evidence_by,
        plan.method,
    )


def last_looked_at(places: Collection[int], method: str, reader: Reader) -> dict[str, date]:
    """The last day on which these places were reported on under a method; nothing where they never were. One statement."""
    if not method:
        return {}
    rows = (
        select(func.max(Review.reported_at))
        .join(ReviewEdition, ReviewEdition.review_id == Review.id)
        .join(MethodEdition, MethodEdition.id == ReviewEdition.edition_id)
        .where(
            MethodEdition.key == method,
            Review.place_id.in_(sorted(places)),
            Review.state.in_(("reported", "closed")),
            access.reviews_known(reader.by, reader.today),
        )
    )
    at = db.session.scalar(rows)
    return {} if at is None else {method: london_day(at)}


def _reviews(sought: Sought, reader: Reader) -> list[Near]:
    """Reviews planned, under way or lately reported; four statements."""
    asking = select(EvidenceRequest.review_id).where(
        EvidenceRequest.agency_id.in_(sorted(sought.agencies)), EvidenceRequest.is_asked
    )
    rows = (
        select(Review.id, Review.title, Review.reference, Review.subject, Review.starts_on, Review.place_id, Review.reported_at)
        .where(
            access.reviews_known(reader.by, reader.today),
            Review.state.in_(("planned", "opened", "reported", "closed")),
            Review.starts_on <= sought.last + AROUND,
            Review.starts_on >= sought.first - 2 * AROUND,
            or_(Review.place_id.in_(sorted(sought.shares)), Review.id.in_(asking)),
        )
        .order_by(Review.id)
    )
    found = db.session.execute(rows).all()
    ids = [row.id for row in found]
    phases, asked, bodies, themes = _phases(ids), _asked(ids, reader), _bodies(ids), _themes(ids)
    return [
        Near(_work(row, phases[row.id], asked[row.id], bodies[row.id], themes.get(row.id)), sought.shares.get(row.place_id, 0.0))
        for row in found
    ]


def _work(row: Any, phases: Sequence[Any], agencies: set[int], bodies: set[int], themes: frozenset[str] | None) -> Work:
    """A review as the rules see it; what it is about by its services, else by those of its subject of law."""
    reported = london_day(row.reported_at) if row.reported_at else None
    of_subject = frozenset(key for key, service in rules().services.items() if row.subject and service.subject == row.subject)
    still = [phase for phase in phases if reported is None or phase.starts_on > reported]
    return Work(
        f"review-{row.id}",
        f"{row.title} ({row.reference})",
        row.starts_on,
        reported or max([row.starts_on, *(phase.ends_on for phase in phases)]),
        frozenset(bodies),
        frozenset(agencies),
        themes or of_subject,
        tuple((phase.starts_on, phase.ends_on) for phase in still if phase.key in FIELDWORK),
        tuple(phase.ends_on for phase in still if phase.key in WITH_MEETINGS),
    )


def _phases(ids: Sequence[int]) -> dict[int, list[Any]]:
    """The stages of reviews."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = select(Phase.review_id, Phase.key, Phase.starts_on, Phase.ends_on).where(Phase.review_id.in_(ids)).order_by(Phase.id)
    for row in db.session.execute(rows):
        found[row.review_id].append(row)
    return found


def _asked(ids: Sequence[int], reader: Reader) -> dict[int, set[int]]:
    """The agencies that reviews have asked, as far as the reader may know."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = (
        select(EvidenceRequest.review_id, EvidenceRequest.agency_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(EvidenceRequest.review_id.in_(ids), EvidenceRequest.is_asked, access.dues_known(reader.by, reader.today))
    )
    for review_id, agency_id in db.session.execute(rows):
        found[review_id].add(agency_id)
    return found


def _bodies(ids: Sequence[int]) -> dict[int, set[int]]:
    """The bodies that take part in reviews."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = select(ReviewBody.review_id, ReviewBody.body_id).where(ReviewBody.review_id.in_(ids), ReviewBody.to_on.is_(None))
    for review_id, body_id in db.session.execute(rows):
        found[review_id].add(body_id)
    return found


def _themes(ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The services that reviews were opened about, where somebody said."""
    rows = select(ReviewDraft.review_id, ReviewDraft.answers).where(ReviewDraft.review_id.in_(ids))
    said: Any = db.session.execute(rows)
    return {review_id: frozenset(answers.get("scope", {}).get("services", ())) for review_id, answers in said}


def _plans(sought: Sought, reader: Reader) -> list[Near]:
    """Plans the reader may know of."""
    asking = select(PlanAgency.plan_id).where(PlanAgency.agency_id.in_(sorted(sought.agencies)))
    rows = access.whole_plans().where(
        access.plans_known(reader.by, reader.today),
        ReviewPlan.state.in_(("idea", "proposed", "agreed", "announced")),
        ReviewPlan.id != (sought.plan_id or 0),
        ReviewPlan.first_on <= sought.last + AROUND,
        ReviewPlan.last_on >= sought.first - AROUND,
        or_(ReviewPlan.place_id.in_(sorted(sought.shares)), ReviewPlan.id.in_(asking)),
    )
    found = db.session.scalars(rows.order_by(ReviewPlan.id)).unique()
    return [Near(work_of(plan), sought.shares.get(plan.place_id, 0.0)) for plan in found]
