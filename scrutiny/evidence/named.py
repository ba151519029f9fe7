"""Who is named for a review to open what agencies mark for those named only; and why somebody may not be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.accounts.models import Person
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.evidence.markings import NAMED_ONLY
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging, NamedReader
from scrutiny.extensions import db
from scrutiny.formats import LONDON, listed, london_day
from scrutiny.reviews.conflicts import agencies_acted_for
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.queries import bodies_taking_part
from workflows.roles import BODY_ROLES, CHAIR, COUNCILLOR, LABELS, Actor, Capacity

#: The parts in a review whose people may be named.
NAMED_PARTS = ("lead", "partner")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody named, as pages say it."""

    row: NamedReader
    name: str
    office: str  # 'lead inspector, Ofsted'
    why_not: str  # why they cannot open it today though they are named; '' where they can

    @property
    def said(self) -> str:
        """Name and office: 'Leo Hart, lead inspector, Ofsted'."""
        return f"{self.name}, {self.office}"


def is_named(review_id: int, by: Actor, on: date) -> bool:
    """Whether the actor is named for a review, for the body acted for, and nothing bars them on this day."""
    found = select(NamedReader.id).where(NamedReader.review_id == review_id, *_open(by, on))
    return db.session.scalar(found.limit(1)) is not None


def named_for(by: Actor, on: date) -> Select[int]:
    """The ids of the reviews for which `is_named` holds, as a select for use inside other queries."""
    return select(NamedReader.review_id).where(*_open(by, on))


def _open(by: Actor, on: date) -> list[ColumnElement[bool]]:
    """The conditions of a naming that stands for this actor; none stands for a councillor, or beside an agency's work.

    Nor does one from before they left their body: whoever joins again is named again.
    """
    since = in_body_since(by, on)
    if since is None or is_barred(by):
        return [false()]
    mine = NamedReader.person_id == by.person, NamedReader.body_id == by.body
    return [*mine, NamedReader.ended_at.is_(None), NamedReader.named_at >= since]


def in_body_since(by: Actor, on: date) -> datetime | None:
    """The moment since when the actor has belonged to the body acted for: what they were given before that has ended."""
    since = bodies.belongs_since(by.person, by.body, on) if by.person is not None and by.body is not None else None
    return datetime.combine(since, time(), LONDON) if since is not None else None


def has_lapsed(row: NamedReader, on: date) -> bool:
    """Whether whoever is named has left their body since, whether they have joined it again or not."""
    since = bodies.belongs_since(row.person_id, row.body_id, on)
    return since is None or london_day(row.named_at) < since


def is_barred(by: Actor) -> bool:
    """Whether nobody may name this person: a councillor or chair, in whatever capacity, or somebody who acts for an agency."""
    return bool(agencies_acted_for(by)) or any(one.roles & {COUNCILLOR, CHAIR} for one in (by.capacity, *by.capacities))


def why_not(person: Person, body: Body, review: Review, on: date) -> str:
    """Why a person cannot open it for a body on a day, in a sentence; '' where they can."""
    actor = bodies.actor_of(person, body.reference, on=on)
    if body not in bodies_taking_part(review, *NAMED_PARTS):
        return gettext("%(body)s is not the lead or a partner of this review", body=body.name)
    if actor.capacity.reference != body.reference:
        return gettext("%(name)s does not belong to %(body)s", name=person.name, body=body.name)
    if any(one.roles & {COUNCILLOR, CHAIR} for one in actor.capacities):
        return gettext("%(name)s is a councillor or chair, and councillors may never see this", name=person.name)
    if is_barred(actor):
        agencies = listed(sorted({one.name for one in actor.capacities if one.kind in ("agency", "request")}))
        return gettext("%(name)s also acts for %(agency)s, and agencies answer here", name=person.name, agency=agencies)
    return ""


def open_rows(review: Review) -> list[NamedReader]:
    """The namings of a review that have not ended, in the order they were made."""
    return [row for row in all_rows(review) if row.ended_at is None]


def all_rows(review: Review) -> list[NamedReader]:
    """Every naming of a review, ended or not, in the order they were made."""
    rows = select(NamedReader).where(NamedReader.review_id == review.id).order_by(NamedReader.named_at, NamedReader.id)
    return list(db.session.scalars(rows.options(joinedload(NamedReader.person), joinedload(NamedReader.body))))


def readers_of(rows: Iterable[NamedReader], on: date) -> list[Reader]:
    """Namings as pages say them."""
    return [
        Reader(
            row,
            row.person.name,
            office_of(row.person, row.body, on),
            why_not(row.person, row.body, row.review, on) or _why_lapsed(row, on),
        )
        for row in rows
    ]


def _why_lapsed(row: NamedReader, on: date) -> str:
    """Why somebody who has joined their body again has to be named again; '' for everybody else."""
    if not has_lapsed(row, on):
        return ""
    return gettext("%(name)s has left %(body)s and joined it again since", name=row.person.name, body=row.body.name)


def who_may_open(review: Review, on: date) -> list[str]:
    """Everybody who may open it today, by name and office; an agency reads this before it sends, and after."""
    return [reader.said for reader in readers_of(open_rows(review), on) if not reader.why_not]


def office_of(person: Person, body: Body, on: date) -> str:
    """What somebody is at a body on a day, and the body: 'lead inspector, Ofsted'; the body alone where they left it."""
    capacity = _capacity(person, body, on)
    roles = [str(LABELS[role]).lower() for role in BODY_ROLES if capacity is not None and role in capacity.roles]
    return ", ".join([*roles, body.name])


def _capacity(person: Person, body: Body, on: date) -> Capacity | None:
    """The capacity of a person at a body on a day."""
    return next((one for one in bodies.capacities_of(person.id, on) if one.reference == body.reference), None)


def who_may_be_named(review: Review, on: date) -> list[tuple[Body, Person]]:
    """Everybody of the lead and partner bodies whom nothing bars and who is not named yet, the lead's first."""
    named = {(row.body_id, row.person_id) for row in open_rows(review) if not has_lapsed(row, on)}
    return [
        (body, person)
        for body in bodies_taking_part(review, *NAMED_PARTS)
        for person in bodies.members(body, on)
        if (body.id, person.id) not in named and not why_not(person, body, review, on)
    ]


def without_readers(review_ids: Collection[int]) -> set[int]:
    """Of these reviews, those that ask for or hold what only people named may open, and have nobody named."""
    asked = select(Question.review_id).where(Question.marking == NAMED_ONLY, Question.state == "taken")
    marked = or_(Lodging.marking == NAMED_ONLY, EvidenceFile.marking == NAMED_ONLY)
    held = select(Lodging.review_id).join(Evidence).outerjoin(EvidenceFile, EvidenceFile.evidence_id == Evidence.id)
    held = held.where(marked, Lodging.lodged_at.is_not(None), Lodging.withheld_at.is_(None))
    named = select(NamedReader.review_id).where(NamedReader.ended_at.is_(None))
    rows = select(Review.id).where(
        Review.id.in_(review_ids), or_(Review.id.in_(asked), Review.id.in_(held)), Review.id.not_in(named)
    )
    return set(db.session.scalars(rows))
