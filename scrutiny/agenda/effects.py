"""What a plan would do before it is saved: to each agency in each quarter, and what it runs into; constant statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.agenda import access
from scrutiny.agenda.item import Reader
from scrutiny.agenda.models import PlanAgency, ReviewPlan
from scrutiny.agenda.others import Sought, last_looked_at, near_work
from scrutiny.agenda.scope import Scope, shares_of_codes, shares_of_places
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.public_calendar.queries import Known, entries
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force, rules
from workflows.calendar_entries import AGREED_LOAD
from workflows.clashes import DaysOff, Facts, Found, Load, Near, Work, find_clashes, months_after, quarter_of
from workflows.workdays import weekdays


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan as it would be: its work, its areas, what it asks of each agency, and whose bank holidays count."""

    work: Work
    areas: tuple[Area, ...]
    questions: int
    visit_days: int
    nation: str
    plan_id: int | None = None


@dataclass(frozen=True, slots=True)
class ForAgency:
    """What an agency would have in one quarter: before the plan, with it, and the most it agreed to."""

    agency: str
    quarter: date
    questions: int
    added_questions: int
    visit_days: int
    added_visit_days: int
    most_questions: int | None
    most_visit_days: int | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What a plan would do."""

    agencies: tuple[ForAgency, ...]
    clashes: tuple[Found, ...]
    names: dict[int, str]


def effects_of(wanted: Wanted, reader: Reader) -> Effects:
    """What a plan would do to each agency, and what it runs into, as far as the reader may know of others."""
    work, codes = wanted.work, frozenset(area.code for area in wanted.areas)
    ids, land = [area.id for area in wanted.areas], sum(area.square_metres for area in wanted.areas)
    shares = shares_of_places(ids, codes, land)
    others = near_work(Sought(shares, work.agencies, work.first, work.last, wanted.plan_id), reader)
    kinds: dict[int, tuple[str, str]] = {}
    found = select(Agency.id, Agency.name, Agency.kind).where(Agency.id.in_(sorted(work.agencies))).order_by(Agency.name)
    for agency_id, name, kind in db.session.execute(found):
        kinds[agency_id] = name, kind
    known = entries(quarter_of(work.first), work.last)
    scope = Scope("", shares, codes, tuple(ids), land)  # type: ignore[arg-type]  # a share is a share, known or not
    loads, rows = _loads(wanted, kinds, others, known, reader)
    facts = Facts(others, _days(known, kinds, scope, wanted), loads, last_looked_at(shares, work.method, reader))
    clashes = find_clashes(work, facts, rules().clash_rules, calendars_in_force().of(wanted.nation))
    return Effects(tuple(rows), clashes, {key: name for key, (name, _) in kinds.items()})


def _days(known: Sequence[Known], kinds: dict[int, tuple[str, str]], scope: Scope, wanted: Wanted) -> list[DaysOff]:
    """The days to keep clear of, with whom each is for."""
    shares = shares_of_codes(scope, {one.area_code for one in known if one.area_code})
    found = []
    for one in known:
        if one.kind == AGREED_LOAD or (one.area_code and one.area_code not in shares):
            continue
        if one.nation and one.nation != wanted.nation:
            continue
        agencies: frozenset[int] | None = None
        if one.agency_id is not None:
            agencies = frozenset({one.agency_id})
        elif one.agency_kind:
            agencies = frozenset(key for key, (_, kind) in kinds.items() if kind == one.agency_kind)
        bodies = frozenset({one.body_id}) if one.body_id is not None else None
        share = shares[one.area_code] if one.area_code else 1.0
        found.append(DaysOff(one.key, one.kind, one.title, one.starts_on, one.ends_on, agencies, bodies, share))
    return found


def _loads(
    wanted: Wanted, kinds: dict[int, tuple[str, str]], others: Sequence[Near], known: Sequence[Known], reader: Reader
) -> tuple[list[Load], list[ForAgency]]:
    """What each agency has in the quarters the plan touches, with the plan and without."""
    work = wanted.work
    asked_in = quarter_of(work.evidence_by or work.first)
    visited_in = quarter_of(work.fieldwork[0][0]) if work.fieldwork else asked_in
    questions, visits = _questions(wanted, reader), _visits(others)
    loads, rows = [], []
    for agency_id, (name, kind) in kinds.items():
        for quarter in sorted({asked_in, visited_in}):
            more = wanted.questions if quarter == asked_in else 0
            longer = wanted.visit_days if quarter == visited_in and work.fieldwork else 0
            before, days = questions[agency_id, quarter], visits[agency_id, quarter]
            most = _agreed(known, agency_id, kind, quarter)
            loads.append(Load(agency_id, quarter, before + more, days + longer, *most))
            rows.append(ForAgency(name, quarter, before, more, days, longer, *most))
    return loads, rows


def _questions(wanted: Wanted, reader: Reader) -> Counter[tuple[int, date]]:
    """How many answers agencies owe in each quarter, of reviews and of other plans the reader may know; two statements."""
    first = quarter_of(wanted.work.first)
    last = months_after(quarter_of(wanted.work.last), 3)
    ids = sorted(wanted.work.agencies)
    found: Counter[tuple[int, date]] = Counter()
    rows = (
        select(EvidenceRequest.agency_id, Item.due_on, func.count())
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(
            EvidenceRequest.agency_id.in_(ids),
            EvidenceRequest.is_asked,
            Item.state != "withdrawn",
            Item.due_on >= first,
            Item.due_on < last,
            access.dues_known(reader.by, reader.today),
        )
        .group_by(EvidenceRequest.agency_id, Item.due_on)
    )
    for agency_id, due_on, count in db.session.execute(rows):
        if due_on is not None:
            found[agency_id, quarter_of(due_on)] += count
    plans = (
        select(PlanAgency.agency_id, ReviewPlan.evidence_by, ReviewPlan.first_on, ReviewPlan.questions)
        .join(ReviewPlan, ReviewPlan.id == PlanAgency.plan_id)
        .where(
            PlanAgency.agency_id.in_(ids),
            ReviewPlan.id != (wanted.plan_id or 0),
            ReviewPlan.state.in_(("proposed", "agreed", "announced")),
            access.plans_known(reader.by, reader.today),
        )
    )
    for agency_id, evidence_by, first_on, count in db.session.execute(plans):
        found[agency_id, quarter_of(evidence_by or first_on)] += count
    return found


def _visits(others: Sequence[Near]) -> Counter[tuple[int, date]]:
    """How many weekdays of visits agencies have in each quarter, each visit in the quarter it begins in."""
    found: Counter[tuple[int, date]] = Counter()
    for near in others:
        for first, last in near.work.fieldwork:
            for agency in near.work.agencies:
                found[agency, quarter_of(first)] += weekdays(first, last)
    return found


def _agreed(known: Sequence[Known], agency_id: int, kind: str, quarter: date) -> tuple[int | None, int | None]:
    """The most questions and visit days an agency agreed to in a quarter: its own agreement, else that of its kind."""
    held = [one for one in known if one.kind == AGREED_LOAD and one.starts_on <= quarter <= one.ends_on]
    own = [one for one in held if one.agency_id == agency_id] or [one for one in held if one.agency_kind == kind]
    return (
        min((one.questions for one in own if one.questions is not None), default=None),
        min((one.visit_days for one in own if one.visit_days is not None), default=None),
    )
