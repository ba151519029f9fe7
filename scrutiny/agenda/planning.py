"""Deeds on planned reviews: record, change, share, agree, move along, override a clash, open the review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy.orm.attributes import flag_modified

from scrutiny.agenda.effects import Wanted, effects_of
from scrutiny.agenda.item import Reader
from scrutiny.agenda.models import PlanAgency, PlanBody, PlanOverride, ReviewPlan
from scrutiny.agenda.others import work_of
from scrutiny.areas.models import Area
from scrutiny.areas.service import place_of
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day
from scrutiny.reviews.opening import start_draft
from scrutiny.transaction import check_version
from scrutiny.typed_text import clean
from workflows.clashes import BLOCK, Work
from workflows.lifecycles.plan import PLAN
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a plan."""

    title: str
    reason: str
    areas: tuple[Area, ...]
    method: str
    services: tuple[str, ...]
    first_on: date
    last_on: date
    visit_from: date | None
    visit_to: date | None
    visit_days: int
    questions: int
    evidence_by: date | None
    meeting_on: date | None
    announced_on: date | None
    partners: tuple[int, ...]
    agencies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A move of the lifecycle, the version of the plan it was asked for, and the reason where it needs one."""

    move: str
    seen: int | None
    why: str = ""


#: The columns that hold what is said, by the same names.
SAID = (
    "title",
    "method",
    "first_on",
    "last_on",
    "visit_from",
    "visit_to",
    "visit_days",
    "questions",
    "evidence_by",
    "meeting_on",
    "announced_on",
)


def wanted_of(details: Details, body: Body, plan: ReviewPlan | None = None) -> Wanted:
    """A plan as it would be if these details were saved."""
    visit = ((details.visit_from, details.visit_to),) if details.visit_from and details.visit_to else ()
    work = Work(
        f"plan-{plan.id}" if plan else "plan-new",
        details.title,
        details.first_on,
        details.last_on,
        frozenset({body.id, *details.partners}),
        frozenset(details.agencies),
        frozenset(details.services),
        visit,
        (details.meeting_on,) if details.meeting_on else (),
        details.evidence_by,
        details.method,
    )
    return Wanted(work, details.areas, details.questions, details.visit_days, body.nation, plan.id if plan else None)


def wanted_now(plan: ReviewPlan) -> Wanted:
    """A plan as it stands."""
    return Wanted(work_of(plan), tuple(plan.place.areas), plan.questions, plan.visit_days, plan.body.nation, plan.id)


def record_plan(details: Details, body: Body, *, by: Actor, at: datetime) -> ReviewPlan:
    """Record an idea; the bodies named see it from now on."""
    plan = ReviewPlan(body=body, state=PLAN.initial, made_by=by.reference, made_at=at, ended_why="")
    _say(plan, details, at)
    db.session.add(plan)
    db.session.flush()
    note("plan_recorded", about=plan.plain, by=by, at=at)
    return plan


def change_plan(plan: ReviewPlan, details: Details, *, seen: int | None, by: Actor, at: datetime) -> ReviewPlan:
    """Let a plan say something else; bodies that agreed to other days or agencies agree anew. Stale where another saved."""
    check_version(plan, seen)
    _still_plan(plan)
    before = _weighty(plan)
    _say(plan, details, at)
    if _weighty(plan) != before:
        for one in plan.partners:
            one.agreed_by, one.agreed_at = "", None
        if plan.state == "agreed":
            plan.state = "proposed"
    flag_modified(plan, "state")  # other bodies or agencies alone are a new version as well
    db.session.flush()
    note("plan_changed", about=plan.plain, by=by, at=at)
    return plan


def agree_to(plan: ReviewPlan, *, seen: int | None, by: Actor, at: datetime) -> ReviewPlan:
    """Agree to a plan as it was read, for a body that it is shared with; Stale where it says something else by now."""
    check_version(plan, seen)
    if plan.state not in ("proposed", "agreed", "announced"):
        raise Refused(gettext("Only a proposed plan can be agreed to"))
    row = next((one for one in plan.partners if one.body_id == by.body), None)
    if row is None or row.agreed_at is not None:
        raise Refused(gettext("Your body has agreed to this plan already"))
    row.agreed_by, row.agreed_at = by.reference, at
    db.session.flush()
    note("plan_agreed_to", about=plan.plain, by=by, at=at)
    return plan


def move_plan(plan: ReviewPlan, step: Step, *, by: Actor, at: datetime) -> ReviewPlan:
    """Move a plan along its lifecycle. Refused while a clash that must be settled is neither settled nor overridden."""
    move, why = step.move, step.why
    check_version(plan, step.seen)
    if move in ("propose", "agree", "announce", "open") and (left := unsettled(plan, Reader(by, london_day(at)))):
        raise Refused(gettext("Settle this first, or say why it must stay: %(clashes)s", clashes=listed(left)))
    waiting = [one.body.name for one in plan.partners if one.agreed_at is None]
    if move in ("agree", "announce", "open") and waiting:
        raise Refused(gettext("%(bodies)s must agree first", bodies=listed(waiting)))
    if move == "drop" and not why.strip():
        raise Refused(gettext("Say why the plan is dropped: the bodies that share it read this"))
    made = PLAN.make(move, plan, by=by)
    if move == "announce":
        plan.announced_on = max(plan.announced_on or london_day(at), london_day(at))
    if move == "return":
        for one in plan.partners:
            one.agreed_by, one.agreed_at = "", None
    if move == "drop":
        plan.ended_why = clean(why)
    if move == "open":
        plan.draft = start_draft(plan.body_id, _answers(plan), by=by, at=at)
    db.session.flush()
    note(made.event, about=plan.plain, by=by, at=at)
    return plan


def override(plan: ReviewPlan, clash: str, why: str, *, by: Actor, at: datetime) -> PlanOverride:
    """Let a clash stay, with the reason; every body that shares the plan sees it."""
    _still_plan(plan)
    if not clean(why).strip():
        raise Refused(gettext("Say why it must stay: the bodies that share the plan read this"))
    known = {one.key for one in effects_of(wanted_now(plan), Reader(by, london_day(at))).clashes}
    if clash not in known:
        raise Refused(gettext("This clash is no longer there. Look at the plan again"))
    if clash in {one.clash for one in plan.overrides}:
        raise Refused(gettext("Somebody has said already why this must stay"))
    row = PlanOverride(plan_id=plan.id, clash=clash, why=clean(why), body_id=by.body, by=by.reference, at=at)
    plan.overrides.append(row)
    db.session.flush()
    note("clash_overridden", about=plan.plain, by=by, at=at, rule=clash.partition("|")[0])
    return row


def unsettled(plan: ReviewPlan, reader: Reader) -> list[str]:
    """The titles of the rules that stand in a plan's way."""
    kept = {one.clash for one in plan.overrides}
    found = effects_of(wanted_now(plan), reader).clashes
    return list(dict.fromkeys(one.rule.title for one in found if one.rule.severity == BLOCK and one.key not in kept))


def _say(plan: ReviewPlan, details: Details, at: datetime) -> None:
    """Write what is said of a plan."""
    for name in SAID:
        setattr(plan, name, getattr(details, name))
    plan.reason, plan.services = clean(details.reason), list(details.services)
    plan.place = place_of(details.areas, at=at)
    partners = [key for key in details.partners if key != plan.body_id]
    plan.partners = [one for one in plan.partners if one.body_id in partners] + _new_partners(plan, partners)
    asked = {one.agency_id: one for one in plan.asks}
    plan.asks = [asked.get(key) or PlanAgency(agency_id=key) for key in sorted(set(details.agencies))]


def _new_partners(plan: ReviewPlan, partners: Sequence[int]) -> list[PlanBody]:
    """The bodies a plan was not shared with before."""
    there = {one.body_id for one in plan.partners}
    return [PlanBody(body_id=key, agreed_by="") for key in partners if key not in there]


def _weighty(plan: ReviewPlan) -> tuple[object, ...]:
    """What others agreed to: the place, the days and who is asked how much."""
    days = plan.first_on, plan.last_on, plan.visit_from, plan.visit_to, plan.evidence_by, plan.meeting_on
    return (plan.place.id, *days, plan.visit_days, plan.questions, tuple(one.agency_id for one in plan.asks))


def _still_plan(plan: ReviewPlan) -> None:
    """Refuse to change what has become a review, or was dropped."""
    if plan.state in ("under_way", "dropped"):
        raise Refused(gettext("This plan can no longer be changed"))


def _answers(plan: ReviewPlan) -> dict[str, object]:
    """What a review being prepared begins with: place, bodies and method; the rest is offered at its step."""
    announced = plan.announced_on.isoformat() if plan.announced_on else None
    on = max((area.from_on for area in plan.place.areas), default=plan.first_on)
    place = {
        "codes": [area.code for area in plan.place.areas],
        "on": max(on, plan.first_on).isoformat() if _holds(plan) else on.isoformat(),
        "starts_on": plan.first_on.isoformat(),
        "announced_on": announced,
    }
    scope = {"title": plan.title, "reason": plan.reason, "services": list(plan.services)}
    bodies = {"partners": [one.body_id for one in plan.partners], "observers": []}
    method = {"method": {"key": plan.method}} if plan.method else {}
    return {"place": place, "bodies": bodies, "scope_before": scope, "title": plan.title, **method}


def _holds(plan: ReviewPlan) -> bool:
    """Whether every area of a plan's place holds on its first day."""
    return all(area.to_on is None or area.to_on >= plan.first_on for area in plan.place.areas)
