"""What has been published about places: reviews announced, reports released with their findings, recommendations made.

Each function is one statement, or a few, whatever the number of rows. Nothing here reads a draft.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import Select, case, func, literal, or_, select, union
from sqlalchemy.orm import joinedload, load_only, selectinload

from scrutiny.areas.models import Area, AreaOverlap, PlaceArea
from scrutiny.evidence.access import readable
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import whole
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.recommendations.queries import OPEN_RESPONSES
from scrutiny.reports.models import Edition, Report
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import readable_by
from workflows.roles import Actor

SLIVER = 0.01
MOST_KEPT = 400
#: title, summary, names of bodies, findings
Plain = tuple[str, str, tuple[str, ...], tuple[dict[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class Published:
    """The newest released edition of a report, with what of its sealed snapshot pages of places show."""

    edition: Edition
    title: str
    summary: str
    bodies: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]

    @property
    def report(self) -> Report:
        """The report it is an edition of."""
        return self.edition.report


def places_here(codes: Collection[str], area_ids: Collection[int]) -> dict[int, bool]:
    """Places that share land with these areas, by id: True where the place holds one of these very codes."""
    own = select(PlaceArea.place_id, literal(1).label("own")).join(Area, Area.id == PlaceArea.area_id).where(Area.code.in_(codes))
    over = (
        select(PlaceArea.place_id, literal(0).label("own"))
        .join(AreaOverlap, AreaOverlap.other_id == PlaceArea.area_id)
        .where(
            AreaOverlap.area_id.in_(area_ids), or_(AreaOverlap.share_of_area >= SLIVER, AreaOverlap.share_of_other_area >= SLIVER)
        )
    )
    both = union(own, over).subquery()
    rows = select(both.c.place_id, func.max(both.c.own)).group_by(both.c.place_id).order_by(both.c.place_id)
    return {place_id: bool(held) for place_id, held in db.session.execute(rows)}


def reviews_known(by: Actor, today: date, place_ids: Collection[int] | None = None, limit: int = 100) -> list[Review]:
    """Announced reviews, newest first, and those of the body acted for; of these places, or of all."""
    known = Review.announced_on <= today
    if by.body is not None:
        known = or_(known, Review.id.in_(readable_by(by.body, today)))
    rows = (
        select(Review)
        .where(known)
        .options(joinedload(Review.place), selectinload(Review.bodies).joinedload(ReviewBody.body))
        .order_by(Review.starts_on.desc(), Review.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(rows if place_ids is None else rows.where(Review.place_id.in_(place_ids))))


def published(place_ids: Collection[int] | None = None, *, kind: str | None = "review", limit: int = 200) -> list[Published]:
    """The newest released edition of each report, newest first; of one kind or (None) of both; of these places, or of all."""
    rows = _newest().limit(limit)
    rows = rows.where(Report.kind == kind) if kind else rows
    editions = list(db.session.scalars(rows if place_ids is None else rows.where(Report.place_id.in_(place_ids))))
    kept = _snapshots(editions)
    return [Published(edition, *kept[edition.digest]) for edition in editions]


def _newest() -> Select[Edition]:
    """The released editions that no later one of their report replaces, without their snapshots."""
    last = (
        select(Edition.report_id, func.max(Edition.number).label("number"))
        .where(Edition.state == "released")
        .group_by(Edition.report_id)
        .subquery()
    )
    return (
        select(Edition)
        .join(last, (last.c.report_id == Edition.report_id) & (last.c.number == Edition.number))
        .join(Report, Report.id == Edition.report_id)
        .options(
            load_only(Edition.report_id, Edition.number, Edition.why, Edition.digest, Edition.released_at, Edition.state),
            joinedload(Edition.report).joinedload(Report.place),
            joinedload(Edition.report).joinedload(Report.review),
        )
        .order_by(Edition.released_at.desc(), Edition.id.desc())
    )


def _snapshots(editions: Sequence[Edition]) -> dict[str, Plain]:
    """Title, summary, bodies and findings by digest. What is sealed never changes, so it is read once and kept."""
    kept: dict[str, Plain] = current_app.extensions.setdefault("public_snapshots", {})
    fresh = [edition.id for edition in editions if edition.digest not in kept]
    if len(kept) + len(fresh) > MOST_KEPT:
        kept = current_app.extensions["public_snapshots"] = {}
        fresh = [edition.id for edition in editions]
    if fresh:
        rows = select(Edition.digest, Edition.snapshot).where(Edition.id.in_(fresh)).order_by(Edition.id)
        kept |= {digest: _plain(snapshot or {}) for digest, snapshot in db.session.execute(rows)}
    return {edition.digest: kept[edition.digest] for edition in editions}


def _plain(snapshot: dict[str, Any]) -> Plain:
    """What pages of places show of a snapshot."""
    findings = tuple({k: f.get(k) for k in ("number", "title", "text", "judgement")} for f in snapshot.get("findings", []))
    parts = sorted(snapshot.get("bodies", []), key=lambda body: body["part"] != "lead")
    bodies = tuple(body["name"] for body in parts if body["part"] != "observer")
    return snapshot.get("title", ""), snapshot.get("summary", ""), bodies, findings


def recommended(
    *,
    place_ids: Collection[int] | None = None,
    agency_id: int | None = None,
    review_id: int | None = None,
    only_open: bool = False,
) -> list[Addressee]:
    """Recommendations made, each with the agency it is for and what came of it, newest review first."""
    rows = (
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.review)
        .where(Recommendation.state == "made")
        .options(
            joinedload(Addressee.agency),
            joinedload(Addressee.recommendation).joinedload(Recommendation.review).joinedload(Review.place),
            selectinload(Addressee.returns),
        )
        .order_by(Review.reference.desc(), Recommendation.number, Addressee.id)
    )
    if place_ids is not None:
        rows = rows.where(Review.place_id.in_(place_ids))
    if agency_id is not None:
        rows = rows.where(Addressee.agency_id == agency_id)
    if review_id is not None:
        rows = rows.where(Recommendation.review_id == review_id)
    return list(db.session.scalars(rows.where(Addressee.state.in_(OPEN_RESPONSES)) if only_open else rows))


def listed_reviews(today: date) -> Select[int]:
    """The ids of the reviews whose requests the public may see: the lead has released the list, or the report is out."""
    out = select(Report.review_id).join(Edition, Edition.report_id == Report.id).where(Edition.state == "released")
    return select(Review.id).where(Review.announced_on <= today, or_(Review.list_released_on <= today, Review.id.in_(out)))


def list_is_out(review: Review, today: date) -> bool:
    """Whether the public may see what was asked in this review."""
    return db.session.scalar(listed_reviews(today).where(Review.id == review.id)) is not None


def reported_among(review_ids: Collection[int]) -> set[int]:
    """Of these reviews, those whose report is out."""
    rows = (
        select(Report.review_id)
        .join(Edition, Edition.report_id == Report.id)
        .where(Edition.state == "released", Report.review_id.in_(review_ids))
    )
    return {found for found in db.session.scalars(rows.order_by(Report.review_id)) if found is not None}


def lodged_readable(review: Review, by: Actor, today: date) -> list[Lodging]:
    """What agencies have lodged with a review, as far as an actor may read it, oldest first."""
    rows = whole().where(readable(review, by, today), Lodging.lodged_at.is_not(None))
    return list(db.session.scalars(rows.order_by(Lodging.lodged_at, Lodging.id)))


def asked_of(agency_id: int, today: date) -> list[tuple[Review, int, int]]:
    """The reviews whose lists are out and that asked an agency, newest first, with how many items it was asked and answered."""
    rows = (
        select(
            EvidenceRequest.review_id,
            func.sum(case((Item.state != "withdrawn", 1), else_=0)),
            func.sum(case((Item.state.in_(("submitted", "accepted")), 1), else_=0)),
        )
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(
            EvidenceRequest.agency_id == agency_id,
            EvidenceRequest.state.in_(("issued", "closed")),
            EvidenceRequest.review_id.in_(listed_reviews(today)),
        )
        .group_by(EvidenceRequest.review_id)
        .order_by(EvidenceRequest.review_id.desc())
    )
    counts = {review_id: (asked, answered) for review_id, asked, answered in db.session.execute(rows)}
    found = select(Review).where(Review.id.in_(list(counts))).options(joinedload(Review.place))
    return [(review, *counts[review.id]) for review in db.session.scalars(found.order_by(Review.starts_on.desc(), Review.id))]
