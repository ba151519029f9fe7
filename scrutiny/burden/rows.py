"""Reading the ledger from its rows: requests, their questions, who leads, and what was asked twice. Four statements, however
many rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from scrutiny.agencies.models import Agency
from scrutiny.burden.access import counted_for, inside
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Item, ItemReturn
from scrutiny.reviews.models import Line, Question, Review, ReviewBody, ReviewEdition
from scrutiny.reviews.queries import same_question
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import rules
from workflows.burden import Alike, Entry, Lead, Put, Sent, duplicated, entries_of, lead_on
from workflows.periods import Period
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose ledger, as seen by whom on which day; None asks for all."""

    by: Actor
    today: date
    period: Period
    agency: int | None = None
    agency_kind: str | None = None
    body: int | None = None
    places: Collection[int] | None = None


class Group(NamedTuple):
    """What alike questions of a request have in common."""

    kind: str
    power: str
    theme: str


def read(wanted: Wanted) -> list[Entry]:
    """Every entry of the ledger that is wanted, by request."""
    requests = db.session.execute(_requests(wanted)).all()
    if not requests:
        return []
    leads = _leads(wanted)
    groups = _groups(wanted, _asked_twice(wanted, leads))
    found: list[Entry] = []
    for row in requests:
        sent = _sent(row, leads.get(row.review_id, []))
        if wanted.body in (None, sent.body):
            found += entries_of(sent, [_seen(one, row.inside) for one in groups.get(row.id, [])], rules().burden)
    return found


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on requests (joined with agency and review), but for the period."""
    conditions = [counted_for(wanted.by, wanted.today)]
    if wanted.agency is not None:
        conditions.append(EvidenceRequest.agency_id == wanted.agency)
    if wanted.agency_kind is not None:
        conditions.append(Agency.kind == wanted.agency_kind)
    if wanted.places is not None:
        conditions.append(Review.place_id.in_(wanted.places))
    if wanted.body is not None:
        led = select(ReviewBody.review_id).where(ReviewBody.body_id == wanted.body, ReviewBody.part == "lead")
        conditions.append(EvidenceRequest.review_id.in_(led))
    return conditions


def _within(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [*_where(wanted), EvidenceRequest.delivered_on.between(wanted.period.first, wanted.period.last)]


def _requests(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """One row a request."""
    extended = select(func.count(Extension.id)).where(Extension.request_id == EvidenceRequest.id, Extension.state == "granted")
    first = select(func.min(ReviewEdition.id)).where(ReviewEdition.review_id == Review.id)
    return (
        select(
            EvidenceRequest.id,
            EvidenceRequest.review_id,
            EvidenceRequest.agency_id,
            Agency.kind.label("agency_kind"),
            Review.place_id,
            MethodEdition.key.label("method"),
            EvidenceRequest.delivered_on,
            EvidenceRequest.left_out,
            EvidenceRequest.hours_spent,
            EvidenceRequest.cost_pence,
            EvidenceRequest.effort_at,
            case((inside(wanted.by, wanted.today), 1), else_=0).label("inside"),
            extended.correlate(EvidenceRequest).scalar_subquery().label("extended"),
        )
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .outerjoin(ReviewEdition, ReviewEdition.id == first.correlate(Review).scalar_subquery())
        .outerjoin(MethodEdition, MethodEdition.id == ReviewEdition.edition_id)
        .where(*_within(wanted))
        .order_by(EvidenceRequest.id)
    )


def _sent(row: Any, leads: list[Lead]) -> Sent:
    """A request; hours its agency gave before it was told that they are published are only for those inside."""
    shown = row.inside or row.effort_at is not None
    return Sent(
        id=row.id,
        review=row.review_id,
        agency=row.agency_id,
        agency_kind=row.agency_kind,
        body=lead_on(leads, row.delivered_on),
        place=row.place_id,
        method=row.method or "",
        asked_on=row.delivered_on,
        left_out=len(row.left_out or ()),
        extended=row.extended,
        entered=round(row.hours_spent * 60) if shown and row.hours_spent is not None else None,
        entered_pence=row.cost_pence if shown else None,
    )


def _seen(group: Alike, is_inside: int) -> Alike:
    """Alike questions as the reader sees them: how many files came is nobody's but theirs who may know of the answers."""
    return group if is_inside else replace(group, files=0)


def _is_withdrawn() -> ColumnElement[bool]:
    """A question asked no longer: withdrawn by itself or with its request, and counted once."""
    return or_(Item.state == "withdrawn", EvidenceRequest.state == "withdrawn")


def _power() -> ColumnElement[str]:
    return case((Item.power_key != "", Item.power_key), else_=EvidenceRequest.power_key)


def _theme() -> ColumnElement[str]:
    """A line of the method by its key; a line of a review's own is none of the method's."""
    return case((Line.key.like("own-%"), literal("")), else_=Line.key)


def _groups(wanted: Wanted, asked_twice: Mapping[int, Counter[Group]]) -> dict[int, list[Alike]]:
    """The questions of each request, the alike ones together."""
    sent = Answer.submitted_at.is_not(None)
    files = (
        select(func.count(EvidenceFile.id))
        .join(Lodging, Lodging.evidence_id == EvidenceFile.evidence_id)
        .join(Answer, Answer.lodging_id == Lodging.id)
        .where(Answer.item_id == Item.id, sent)
        .correlate(Item)
        .scalar_subquery()
    )
    returned = (
        select(func.count(ItemReturn.id))
        .where(ItemReturn.item_id == Item.id, ItemReturn.kind == "returned")
        .correlate(Item)
        .scalar_subquery()
    )
    again = exists().where(Answer.item_id == Item.id, sent, Answer.reused_from.is_not(None)).correlate(Item)
    withdrawn = _is_withdrawn()
    each = (
        select(
            Item.request_id,
            Question.kind.label("kind"),
            _power().label("power"),
            _theme().label("theme"),
            case((withdrawn, 1), else_=0).label("withdrawn"),
            case((withdrawn, 0), (again, 1), else_=0).label("reused"),
            case((withdrawn, 0), else_=returned).label("returned"),
            files.label("files"),
        )
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(Question, Question.id == Item.question_id)
        .join(Line, Line.id == Question.line_id)
        .where(*_within(wanted))
        .subquery()
    )
    alike = (each.c.request_id, each.c.kind, each.c.power, each.c.theme)
    sums = (func.sum(each.c[name]) for name in ("withdrawn", "reused", "returned", "files"))
    rows = select(*alike, func.count(), *sums).group_by(*alike).order_by(*alike)
    found: dict[int, list[Alike]] = {}
    for request_id, kind, power, theme, put, *sums_of in db.session.execute(rows):
        gone, reused, back, came = map(int, sums_of)
        twice = asked_twice.get(request_id, Counter())[Group(kind, power, theme)]
        group = Alike(kind, power, theme, put, gone, reused, back, came, twice)
        found.setdefault(request_id, []).append(group)
    return found


def _leads(wanted: Wanted) -> dict[int, list[Lead]]:
    """Who led each review that asked the agencies concerned, and when; of reviews the reader sees requests of."""
    counted = select(EvidenceRequest.review_id).where(*_of_the_same_agencies(wanted))
    rows = (
        select(ReviewBody.review_id, ReviewBody.body_id, ReviewBody.from_on, ReviewBody.to_on)
        .where(ReviewBody.part == "lead", ReviewBody.review_id.in_(counted))
        .order_by(ReviewBody.from_on, ReviewBody.id)
    )
    found: dict[int, list[Lead]] = {}
    for review_id, body_id, from_on, to_on in db.session.execute(rows):
        found.setdefault(review_id, []).append(Lead(body_id, from_on, to_on))
    return found


def _of_the_same_agencies(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on every request that may be one of those wanted, or asked the same of one of their agencies."""
    agencies = (
        select(EvidenceRequest.agency_id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(*_within(wanted))
    )
    since = wanted.period.first - timedelta(days=rules().burden.same_within_days)
    return [
        counted_for(wanted.by, wanted.today),
        EvidenceRequest.agency_id.in_(agencies),
        EvidenceRequest.delivered_on.between(since, wanted.period.last),
    ]


def _asked_twice(wanted: Wanted, leads: Mapping[int, list[Lead]]) -> dict[int, Counter[Group]]:
    """How many questions of each request another body had asked the same agency, as far as the reader may see both."""
    asked = (
        select(
            Item.id.label("item"),
            Item.request_id,
            EvidenceRequest.agency_id,
            EvidenceRequest.review_id,
            EvidenceRequest.delivered_on,
            same_question(Question).label("same"),
            Question.kind,
            _power().label("power"),
            _theme().label("theme"),
        )
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Question, Question.id == Item.question_id)
        .join(Line, Line.id == Question.line_id)
        .where(*_of_the_same_agencies(wanted), ~_is_withdrawn())
        .cte("asked")
    )
    often = (
        select(asked.c.agency_id, asked.c.same)
        .group_by(asked.c.agency_id, asked.c.same)
        .having(func.count(asked.c.review_id.distinct()) > 1)
        .subquery()
    )
    rows = db.session.execute(
        select(asked).join(often, and_(often.c.agency_id == asked.c.agency_id, often.c.same == asked.c.same))
    ).all()
    put = [
        Put(row.item, row.agency_id, row.same, lead_on(leads.get(row.review_id, []), row.delivered_on), row.delivered_on)
        for row in rows
    ]
    twice = duplicated(put, rules().burden.same_within_days)
    found: dict[int, Counter[Group]] = {}
    for row in rows:
        if row.item in twice:
            found.setdefault(row.request_id, Counter())[Group(row.kind, row.power, row.theme)] += 1
    return found
