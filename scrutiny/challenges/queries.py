"""Reading challenges: what is published, of what thing, for whom it waits, and how many support it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.challenges.models import Challenge, ChallengeAnswer, ChallengeReferral, ChallengeSupport
from scrutiny.challenges.subjects import Subject
from scrutiny.extensions import db
from workflows.lifecycles.challenge import PUBLIC

#: So many are shown on a page of the list.
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which published challenges are asked for; '' and None are any."""

    state: str = ""  # published or answered
    subject: str = ""
    agency_id: int | None = None
    source_id: int | None = None
    report: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, how many support each, and whether there are more."""

    rows: tuple[Challenge, ...]
    supporters: dict[int, int]
    page: int
    more: bool


def published(asked: Filter, size: int = A_PAGE) -> Page:
    """Challenges that anybody may read, the newest first; a constant number of statements."""
    rows = _with_answers(select(Challenge).where(Challenge.state.in_(PUBLIC)))
    if asked.state in PUBLIC:
        rows = rows.where(Challenge.state == asked.state)
    if asked.subject:
        rows = rows.where(Challenge.subject == asked.subject)
    if asked.agency_id is not None:
        rows = rows.where(Challenge.agency_id == asked.agency_id)
    if asked.source_id is not None:
        rows = rows.where(Challenge.source_id == asked.source_id)
    if asked.report:
        rows = rows.join(Challenge.review).where(_review_reference() == asked.report)
    page = max(asked.page, 1)
    rows = rows.order_by(Challenge.published_at.desc(), Challenge.id.desc()).offset((page - 1) * size).limit(size + 1)
    found = tuple(db.session.scalars(rows))
    shown = found[:size]
    return Page(shown, supporters_of([one.id for one in shown]), page, len(found) > size)


def similar(subject: Subject, limit: int = 5) -> list[Challenge]:
    """Published challenges of the same thing, then of the same row or source; those still open first."""
    near: ColumnElement[bool] = Challenge.subject == subject.key
    if subject.source is not None:
        near = or_(near, Challenge.source_id == subject.source.id)
    elif subject.kind == "service" and subject.agency is not None:
        near = or_(near, and_(Challenge.kind == "service", Challenge.agency_id == subject.agency.id))
    rows = _with_answers(select(Challenge).where(Challenge.state.in_(PUBLIC), near))
    found = list(db.session.scalars(rows.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(200)))
    row = subject.facts.get("row")
    found.sort(key=lambda one: (one.subject != subject.key, row is None or one.facts.get("row") != row, one.state != "published"))
    return found[:limit]


def about_sources(source_ids: Collection[int], limit: int = 20) -> list[Challenge]:
    """Published challenges to figures of these sources, the newest first; one statement."""
    return _newest(Challenge.source_id.in_(source_ids), limit)


def about_place(codes: Collection[str], limit: int = 20) -> list[Challenge]:
    """Published challenges to services in a place of these codes, the newest first; one statement."""
    here = or_(false(), *(Challenge.subject.endswith(f":{code}", autoescape=True) for code in codes))
    return _newest(and_(Challenge.kind == "service", here), limit)


def about_report(review_id: int) -> dict[str, list[Challenge]]:
    """Published challenges to findings and recommendations of a review's report, by what they are about; one statement."""
    found: dict[str, list[Challenge]] = {}
    for one in _newest(Challenge.review_id == review_id, 200):
        found.setdefault(one.subject, []).append(one)
    return found


def called(reference: str) -> Challenge | None:
    """The challenge of a reference, whatever became of it."""
    return db.session.scalar(select(Challenge).where(Challenge.reference == reference))


def supporters_of(ids: Collection[int]) -> dict[int, int]:
    """How many confirmed that they support each of these, its writer apart."""
    rows = select(ChallengeSupport.challenge_id, func.count()).where(
        ChallengeSupport.challenge_id.in_(ids), ChallengeSupport.confirmed_at.is_not(None)
    )
    found = {row[0]: int(row[1]) for row in db.session.execute(rows.group_by(ChallengeSupport.challenge_id))} if ids else {}
    return {key: found.get(key, 0) for key in ids}


def open_of_body(body_id: int) -> list[Challenge]:
    """What a body has to check or, where it answers itself, to answer; the longest waiting first."""
    waits = or_(
        Challenge.state == "waiting",
        and_(Challenge.state == "published", or_(Challenge.agency_id.is_(None), Challenge.source_id.is_not(None))),
    )
    return _in_turn(select(Challenge).where(Challenge.body_id == body_id, waits))


def open_of_agency(agency_id: int) -> list[Challenge]:
    """What an agency has to answer."""
    return _in_turn(select(Challenge).where(Challenge.agency_id == agency_id, Challenge.state == "published"))


def open_of_administrators() -> list[Challenge]:
    """What no body checks, and so administrators do."""
    return _in_turn(select(Challenge).where(Challenge.body_id.is_(None), Challenge.state == "waiting"))


def referred_to(body_id: int, states: Collection[str] = ("waiting", "on_agenda")) -> list[ChallengeReferral]:
    """What came before a body and still waits for it, the oldest first."""
    rows = select(ChallengeReferral).where(ChallengeReferral.body_id == body_id, ChallengeReferral.state.in_(states))
    rows = rows.options(joinedload(ChallengeReferral.challenge).joinedload(Challenge.agency))
    rows = rows.options(joinedload(ChallengeReferral.challenge).joinedload(Challenge.body))
    return list(db.session.scalars(rows.order_by(ChallengeReferral.at, ChallengeReferral.id)))


def overdue(today: date) -> Select[Challenge]:
    """The published challenges whose answer is late on a day."""
    return select(Challenge).where(Challenge.state == "published", Challenge.due_on < today).order_by(Challenge.id)


def answered_times() -> list[Any]:
    """(agency id, body id, published at, answered at, due on) of every challenge that anybody may read."""
    rows = select(Challenge.agency_id, Challenge.body_id, Challenge.published_at, Challenge.answered_at, Challenge.due_on).where(
        Challenge.state.in_(PUBLIC)
    )
    return list(db.session.execute(rows.order_by(Challenge.id)))


def _newest(condition: ColumnElement[bool], limit: int) -> list[Challenge]:
    """Published challenges that meet a condition, the newest first."""
    rows = select(Challenge).where(Challenge.state.in_(PUBLIC), condition).options(joinedload(Challenge.agency))
    return list(db.session.scalars(rows.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(limit)))


def _in_turn(rows: Select[Challenge]) -> list[Challenge]:
    """Those of a work list, the earliest due first."""
    rows = rows.options(joinedload(Challenge.agency), joinedload(Challenge.body))
    by_day = func.coalesce(Challenge.due_on, Challenge.check_by)
    return list(db.session.scalars(rows.order_by(by_day, Challenge.id)))


def _with_answers(rows: Select[Challenge]) -> Select[Challenge]:
    """Each with who answers and what they said, read at once."""
    answers = selectinload(Challenge.answers)
    return rows.options(
        joinedload(Challenge.agency),
        joinedload(Challenge.body),
        answers.joinedload(ChallengeAnswer.agency),
        answers.joinedload(ChallengeAnswer.body),
    )


def _review_reference() -> Any:
    """The column that holds the reference of a challenge's review."""
    return Challenge.review.property.mapper.class_.reference
