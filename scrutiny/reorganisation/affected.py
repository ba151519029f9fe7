"""Open work that ending agencies and bodies have before them, and who takes each piece: the council of most of its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.areas.models import Place, PlaceArea
from scrutiny.correspondence.models import Alert
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck
from scrutiny.lineage.forming import shapes_of, shares_between
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reorganisation.plan import Heir
from scrutiny.requests.models import EvidenceRequest, Holder, Item
from scrutiny.requests.queries import holders, whole
from scrutiny.requests.states import OPEN
from scrutiny.reviews.models import Review, ReviewBody
from workflows.lifecycles.recommendation import ENDED

#: reviews that are over for good
OVER = ("withdrawn", "closed")
#: below this share a council has a border with a place, and not a part in it
BORDER = 0.01


@dataclass(frozen=True, slots=True)
class ReviewMoving:
    """The part of an ending body in a review, and the new code whose body takes it."""

    row: ReviewBody
    review: Review
    to: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemsMoving:
    """Items of a request that an ending agency holds, and the new code whose council holds them next."""

    request: EvidenceRequest
    items: tuple[Item, ...]
    holder: int
    to: str
    others: tuple[str, ...]

    @property
    def open(self) -> int:
        """How many are still to be answered."""
        return sum(item.state in OPEN for item in self.items)


@dataclass(frozen=True, slots=True)
class RecommendationMoving:
    """What was recommended to an ending agency, and the new code whose council answers for it next."""

    addressee: Addressee
    to: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckMoving:
    """An accuracy check an ending agency has not answered, and the new code whose council answers it."""

    check: AccuracyCheck
    to: str


@dataclass(frozen=True, slots=True)
class PlaceEnding:
    """A place of which nothing is left under its name: how many reviews and alerts rest on it, and what it becomes."""

    place: Place
    reviews: int
    alerts: int
    to: tuple[str, ...]


class Chooser:
    """Which of several new areas a place lies in, by its people, else by its land."""

    def __init__(self, shapes: Mapping[str, Any], on: date) -> None:
        self.codes, self.shapes, self.on = list(shapes), list(shapes.values()), on
        self._held: dict[int, dict[str, float]] = {}

    def parts(self, place: Place) -> dict[str, float]:
        """The share of a place that lies in each new area, 0..1."""
        if place.id not in self._held:
            sizes = [float(area.people or area.square_metres) for area in place.areas]
            found: dict[str, float] = defaultdict(float)
            for (i, j), share in shares_between(shapes_of(place.areas), self.shapes, self.on).items():
                found[self.codes[j]] += share.weight * sizes[i] / sum(sizes)
            self._held[place.id] = dict(found)
        return self._held[place.id]

    def choose(self, place: Place, heirs: Sequence[Heir]) -> tuple[str, tuple[str, ...]]:
        """The successor whose area holds most of a place (the first where it lies in none), and others that hold some."""
        parts = self.parts(place)
        order = sorted(heirs, key=lambda heir: -round(parts.get(heir.code, 0.0), 6))
        return order[0].code, tuple(heir.code for heir in order[1:] if parts.get(heir.code, 0.0) >= BORDER)


def reviews_moving(bodies: Mapping[int, Sequence[Heir]], chooser: Chooser) -> list[ReviewMoving]:
    """The parts that ending bodies (each with its successors' codes) take in reviews that are not over."""
    rows = (
        select(ReviewBody, Review)
        .join(Review, Review.id == ReviewBody.review_id)
        .where(ReviewBody.body_id.in_(bodies), ReviewBody.to_on.is_(None), Review.state.not_in(OVER))
        .order_by(Review.reference, ReviewBody.id)
    )
    found = []
    for row, review in db.session.execute(rows):
        if bodies[row.body_id]:
            found.append(ReviewMoving(row, review, *chooser.choose(review.place, bodies[row.body_id])))
    return found


def items_moving(agencies: Mapping[int, Sequence[Heir]], chooser: Chooser, on: date) -> list[ItemsMoving]:
    """The items ending agencies hold on a day in issued requests of reviews that are not over; answered ones may be returned."""
    held = select(Item.request_id).join(Holder, Holder.item_id == Item.id).where(Holder.agency_id.in_(agencies))
    rows = (
        whole()
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(
            or_(EvidenceRequest.agency_id.in_(agencies), EvidenceRequest.id.in_(held)),
            EvidenceRequest.state == "issued",
            Review.state.not_in(OVER),
        )
    )
    found: list[ItemsMoving] = []
    for request in db.session.scalars(rows.order_by(EvidenceRequest.reference)):
        by_holder: dict[int, list[Item]] = defaultdict(list)
        now = holders(request, on)
        for item in request.items:
            if now[item.id] in agencies and item.state != "withdrawn":
                by_holder[now[item.id]].append(item)
        for holder, items in by_holder.items():
            if agencies[holder]:
                chosen = chooser.choose(request.review.place, agencies[holder])
                found.append(ItemsMoving(request, tuple(items), holder, *chosen))
    return found


def drafts_left(agencies: Collection[int]) -> list[EvidenceRequest]:
    """Requests to ending agencies that are drafted and not issued; whoever drafted them decides what becomes of them."""
    rows = whole().where(EvidenceRequest.agency_id.in_(agencies), EvidenceRequest.state == "drafted")
    return list(db.session.scalars(rows.order_by(EvidenceRequest.reference)))


def recommendations_moving(agencies: Mapping[int, Sequence[Heir]], chooser: Chooser) -> list[RecommendationMoving]:
    """What is recommended to ending agencies, or is about to be, and not closed."""
    rows = (
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.review)
        .where(Addressee.state.not_in(ENDED), Recommendation.state != "withdrawn", Review.state != "withdrawn")
        .options(
            joinedload(Addressee.agency),
            selectinload(Addressee.holders),
            joinedload(Addressee.recommendation).joinedload(Recommendation.review).joinedload(Review.place),
        )
        .order_by(Review.reference, Recommendation.number, Addressee.id)
    )
    return [
        RecommendationMoving(row, *chooser.choose(row.recommendation.review.place, agencies[row.answerer.id]))
        for row in db.session.scalars(rows)
        if agencies.get(row.answerer.id)
    ]


def checks_moving(agencies: Mapping[int, Sequence[Heir]], chooser: Chooser) -> list[CheckMoving]:
    """Accuracy checks that ending agencies have not answered."""
    rows = (
        select(AccuracyCheck)
        .where(AccuracyCheck.answered_at.is_(None))
        .options(joinedload(AccuracyCheck.agency), joinedload(AccuracyCheck.review).joinedload(Review.place))
        .order_by(AccuracyCheck.id)
    )
    return [
        CheckMoving(row, chooser.choose(row.review.place, agencies[row.answerer.id])[0])
        for row in db.session.scalars(rows)
        if agencies.get(row.answerer.id)
    ]


def places_ending(area_ids: Collection[int], chooser: Chooser) -> list[PlaceEnding]:
    """The places that rest on areas that end, by name."""
    rows = select(Place).join(PlaceArea, PlaceArea.place_id == Place.id).where(PlaceArea.area_id.in_(area_ids)).distinct()
    return list(_places(db.session.scalars(rows.order_by(Place.name, Place.id)), chooser))


def _places(places: Any, chooser: Chooser) -> Iterator[PlaceEnding]:
    """Each with what rests on it."""
    for place in places:
        reviews = db.session.scalar(select(func.count(Review.id)).where(Review.place_id == place.id)) or 0
        wanted = select(func.count(Alert.id)).where(
            Alert.about == place.reference, Alert.confirmed_at.is_not(None), Alert.stopped.is_(False)
        )
        parts = chooser.parts(place)
        to = tuple(sorted((code for code, share in parts.items() if share >= BORDER), key=lambda code: -parts[code]))
        yield PlaceEnding(place, reviews, db.session.scalar(wanted) or 0, to)
