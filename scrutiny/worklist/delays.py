"""The delay log: what fell due in a period and when it came, by agency and power; read across requests and recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from scrutiny.adapters.tables import Row
from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.legal_basis import power_named
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Question, Review, ReviewBody
from workflows.roles import Actor

ON_TIME, LATE, NONE = "on-time", "late", "none"
STANDINGS: Final = {ON_TIME: "On time", LATE: "Late", NONE: "No response"}
#: What a count of those late by the law's own day is filtered by.
BY_LAW: Final = "late-by-law"


@dataclass(frozen=True, slots=True)
class Fell:
    """One response that fell due: an item asked for, or a recommendation's. `due_on` is the date in force, extended or agreed."""

    kind: str  # information or response
    reference: str
    title: str
    href: str
    agency_id: int
    agency: str
    power: str
    due_on: date
    statutory_due_on: date | None
    answered_on: date | None
    late_by_law: bool

    @property
    def standing(self) -> str:
        """On time, late, or none, against the date in force."""
        if self.answered_on is None:
            return NONE
        return ON_TIME if self.answered_on <= self.due_on else LATE


@dataclass(frozen=True, slots=True)
class Count:
    """How many fell due of one agency under one power, and what came of them."""

    agency_id: int
    agency: str
    power: str
    fell: int
    on_time: int
    late: int
    none: int
    late_by_law: int
    enough: bool

    @property
    def share(self) -> float | None:
        """The share that came on time, from 0 to 1; None where they are too few to compare."""
        return self.on_time / self.fell if self.enough else None


def fell_due(by: Actor, first: date, last: date, today: date) -> list[Fell]:
    """What fell due from a day to a day and may be counted: an agency's own; for a body, in the reviews it leads."""
    found = [*_items(by, first, last, today), *_responses(by, first, last, today)]
    return sorted(found, key=lambda one: (one.agency, one.due_on, one.reference))


def counts(rows: Iterable[Fell], *, least: int) -> list[Count]:
    """Counted by agency and power, by name; `least` is how many must have fallen due before a share is worked out."""
    groups: dict[tuple[str, int, str], list[Fell]] = {}
    for row in rows:
        groups.setdefault((row.agency, row.agency_id, row.power), []).append(row)
    return [_count(key, group, least) for key, group in sorted(groups.items())]


def ranked(found: Iterable[Count]) -> list[Count]:
    """The same with the lowest share on time first; those too few to compare stand last, by name, outside the ranking."""
    return sorted(found, key=lambda one: (one.share is None, one.share or 0.0, one.agency, one.power))


def chosen(rows: Iterable[Fell], *, agency: int | None = None, power: str | None = None, standing: str = "") -> list[Fell]:
    """The rows a number counts."""
    return [
        row
        for row in rows
        if (agency is None or row.agency_id == agency)
        and (power is None or row.power == power)
        and (not standing or (row.late_by_law if standing == BY_LAW else row.standing == standing))
    ]


def title_of(power: str) -> str:
    """What a power is called; '' is a request no law stands behind."""
    named = power_named(power)
    return named.title if named else power or "Invited or asked: no power"


def as_table(found: Iterable[Count]) -> tuple[Sequence[str], list[Row]]:
    """The counts for a file."""
    head = ("agency", "power", "fell due", "on time", "late", "no response", "late by law", "share on time")
    return head, [
        (
            one.agency,
            title_of(one.power),
            one.fell,
            one.on_time,
            one.late,
            one.none,
            one.late_by_law,
            round(one.share, 3) if one.share is not None else "too few to compare",
        )
        for one in found
    ]


def as_list(rows: Iterable[Fell]) -> tuple[Sequence[str], list[Row]]:
    """The rows behind them for a file."""
    head = ("reference", "what", "agency", "power", "due", "by law", "came", "standing", "late by law")
    return head, [
        (
            one.reference,
            one.title,
            one.agency,
            title_of(one.power),
            one.due_on,
            one.statutory_due_on,
            one.answered_on,
            STANDINGS[one.standing],
            "yes" if one.late_by_law else "no",
        )
        for one in rows
    ]


def _items(by: Actor, first: date, last: date, today: date) -> list[Fell]:
    """Items of issued requests; one withdrawn is asked no longer, so it cannot be late."""
    due = func.coalesce(Item.answered_due_on, Item.due_on)
    columns = (
        select(
            Item.reference,
            Item.number,
            EvidenceRequest.number.label("request"),
            Review.reference.label("review"),
            Question.title,
            EvidenceRequest.agency_id,
            Agency.name,
            Item.power_key,
            EvidenceRequest.power_key.label("whole"),
            due.label("due_on"),
            Item.statutory_due_on,
            Item.answered_on,
        )
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Question, Question.id == Item.question_id)
        .where(EvidenceRequest.is_asked, Item.state != "withdrawn", due.between(first, last))
        .where((Item.answered_on.is_not(None)) | (due < today))
    )
    rows = db.session.execute(_permitted(columns, by, EvidenceRequest.agency_id))
    return [
        Fell(
            "information",
            row.reference,
            row.title,
            f"/reviews/{row.review}/requests/P{row.request:02d}" + ("" if by.agency is not None else f"/{row.number}"),
            row.agency_id,
            row.name,
            row.power_key or row.whole,
            row.due_on,
            row.statutory_due_on,
            row.answered_on,
            _late_by_law(row.statutory_due_on, row.answered_on, today),
        )
        for row in rows
    ]


def _responses(by: Actor, first: date, last: date, today: date) -> list[Fell]:
    """Responses to recommendations that were made."""
    columns = (
        select(
            Addressee.id,
            Recommendation.number,
            Review.reference.label("review"),
            Addressee.agency_id,
            Agency.name,
            Addressee.power_key,
            Addressee.due_on,
            Addressee.statutory_due_on,
            Addressee.answered_on,
        )
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(Agency, Agency.id == Addressee.agency_id)
        .where(Recommendation.state == "made", Addressee.due_on.between(first, last))
        .where((Addressee.answered_on.is_not(None)) | (Addressee.due_on < today))
    )
    return [
        Fell(
            "response",
            f"{row.review}/recommendation {row.number}",
            f"Response to recommendation {row.number}",
            f"/recommendations/{row.id}" + ("" if by.agency is not None else "/check"),
            row.agency_id,
            row.name,
            row.power_key,
            row.due_on,
            row.statutory_due_on,
            row.answered_on,
            _late_by_law(row.statutory_due_on, row.answered_on, today),
        )
        for row in db.session.execute(_permitted(columns, by, Addressee.agency_id))
    ]


def _permitted(rows: Select[*tuple[Any, ...]], by: Actor, agency_id: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    """Only an agency's own, or what was asked in the reviews the body leads; nothing for anybody else."""
    if by.agency is not None:
        return rows.where(agency_id == by.agency)
    leads = select(ReviewBody.review_id).where(
        ReviewBody.body_id == by.body, ReviewBody.part == "lead", ReviewBody.to_on.is_(None)
    )
    return rows.where(Review.id.in_(leads))


def _late_by_law(statutory: date | None, answered: date | None, today: date) -> bool:
    """Whether the law's own day had gone by when it came, or has while nothing came; an extension does not move that day."""
    return statutory is not None and (answered or today) > statutory


def _count(key: tuple[str, int, str], group: list[Fell], least: int) -> Count:
    """One line of the log."""
    agency, agency_id, power = key
    by_standing = {standing: sum(row.standing == standing for row in group) for standing in STANDINGS}
    return Count(
        agency_id,
        agency,
        power,
        len(group),
        by_standing[ON_TIME],
        by_standing[LATE],
        by_standing[NONE],
        sum(row.late_by_law for row in group),
        len(group) >= least,
    )
