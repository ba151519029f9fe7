"""Which reviews looked at which agencies, and how much of a place each covers; a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from scrutiny.areas.models import Area, AreaOverlap, PlaceArea
from scrutiny.areas.queries import SLIVER
from scrutiny.areas.succession import ancestors
from scrutiny.bodies.models import Body
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.gaps.access import reviews_named
from scrutiny.requests.legal_basis import SUBJECT_OF_BODY
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review, ReviewBody, ReviewDraft, ReviewEdition
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import methods, rules
from workflows.gaps import Look
from workflows.roles import Actor

#: Square metres that the place of a review covers of an area, by the ids of both.
Covered = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Looks:
    """The reviews that may be named, each with the place it is about and the agencies it asked."""

    by_agency: Mapping[int, Sequence[tuple[int, Look]]]
    covered: Covered

    def of(self, areas: Sequence[Area]) -> dict[int, list[Look]]:
        """By agency, the reviews that share land with these areas, each with the share of them that it covers."""
        land = sum(area.square_metres for area in areas)
        found: dict[int, list[Look]] = {}
        for agency_id, looks in self.by_agency.items():
            for place_id, look in looks:
                metres = sum(self.covered.get((area.id, place_id), 0.0) for area in areas)
                if metres:
                    found.setdefault(agency_id, []).append(replace(look, share=min(metres / land, 1.0) if land else None))
        return found


def looks_at(areas: Sequence[Area], by: Actor, today: date) -> Looks:
    """The reviews of places that share land with some areas."""
    covered = _covered(areas, today)
    rows = _reviews({place_id for _, place_id in covered}, by, today)
    ids = [row.id for row in rows]
    services = _services(rows, ids)
    looks = {
        row.id: Look(row.reference, row.title, london_day(row.out_at) if row.out_at else None, services[row.id], None)
        for row in rows
    }
    asked = (
        select(EvidenceRequest.agency_id, EvidenceRequest.review_id)
        .where(EvidenceRequest.review_id.in_(ids), EvidenceRequest.is_asked)
        .distinct()
        .order_by(EvidenceRequest.agency_id, EvidenceRequest.review_id)
    )
    place_of = {row.id: row.place_id for row in rows}
    by_agency: dict[int, list[tuple[int, Look]]] = defaultdict(list)
    for agency_id, review_id in db.session.execute(asked):
        by_agency[agency_id].append((place_of[review_id], looks[review_id]))
    return Looks(by_agency, covered)


def _reviews(place_ids: Collection[int], by: Actor, today: date) -> Sequence[Any]:
    """The reviews of some places that a reader may be told of: published ones, and those under way."""
    out = (
        select(Report.review_id, func.min(Edition.released_at).label("out_at"))
        .join(Edition, Edition.report_id == Report.id)
        .where(Edition.state == "released")
        .group_by(Report.review_id)
        .subquery("out")
    )
    rows = (
        select(Review.id, Review.reference, Review.title, Review.place_id, Review.subject, out.c.out_at)
        .outerjoin(out, out.c.review_id == Review.id)
        .where(
            Review.place_id.in_(sorted(place_ids)),
            reviews_named(by, today),
            or_(out.c.out_at.is_not(None), Review.state.in_(("planned", "opened", "reported"))),
        )
        .order_by(Review.id)
    )
    return db.session.execute(rows).all()


def _services(rows: Sequence[Any], ids: Sequence[int]) -> dict[int, frozenset[str] | None]:
    """What each review is about: the services it was opened for, else those of its subject of law; None where neither is said."""
    drafts: Any = db.session.execute(select(ReviewDraft.review_id, ReviewDraft.answers).where(ReviewDraft.review_id.in_(ids)))
    said = {review_id: frozenset(answers.get("scope", {}).get("services", ())) for review_id, answers in drafts}
    subjects = _subjects(rows, ids)
    of_subject: dict[str, frozenset[str]] = defaultdict(frozenset)
    for key, service in rules().services.items():
        if service.subject:
            of_subject[service.subject] |= {key}
    return {row.id: said.get(row.id) or of_subject.get(subjects.get(row.id, "")) or None for row in rows}


def _subjects(rows: Sequence[Any], ids: Sequence[int]) -> dict[int, str]:
    """The subject of law of each review: by its method, as chosen for it, or by the kind of committee; two statements."""
    leads = (
        select(ReviewBody.review_id, Body.kind)
        .join(Body, Body.id == ReviewBody.body_id)
        .where(ReviewBody.review_id.in_(ids), ReviewBody.part == "lead", ReviewBody.to_on.is_(None))
    )
    found = {review_id: SUBJECT_OF_BODY[kind] for review_id, kind in db.session.execute(leads) if kind in SUBJECT_OF_BODY}
    found |= {row.id: row.subject for row in rows if row.subject}
    used = (
        select(ReviewEdition.review_id, MethodEdition.key)
        .join(MethodEdition, MethodEdition.id == ReviewEdition.edition_id)
        .where(ReviewEdition.review_id.in_(ids))
        .order_by(ReviewEdition.id)
    )
    for review_id, key in db.session.execute(used):
        if (method := methods().get(key)) is not None and method.subject:
            found[review_id] = method.subject
    return found


def _covered(areas: Sequence[Area], on: date) -> Covered:
    """What the places of reviews cover of some areas: the areas themselves, what overlaps them, and what they were made of."""
    by_code = {area.code: area for area in areas}
    found: dict[tuple[int, int], float] = defaultdict(float)
    over = (
        select(AreaOverlap.area_id, PlaceArea.place_id, func.sum(AreaOverlap.square_metres))
        .join(AreaOverlap, AreaOverlap.other_id == PlaceArea.area_id)
        .where(
            AreaOverlap.area_id.in_(sorted(area.id for area in areas)),
            or_(AreaOverlap.share_of_area >= SLIVER, AreaOverlap.share_of_other_area >= SLIVER),
        )
        .group_by(AreaOverlap.area_id, PlaceArea.place_id)
    )
    for area_id, place_id, metres in db.session.execute(over):
        found[area_id, place_id] = metres
    became: dict[str, str] = {code: code for code in by_code}
    for link in ancestors(sorted(by_code), on):
        became.setdefault(link.old_code, became.get(link.new_code, link.new_code))
    same = (
        select(Area.code, PlaceArea.place_id, func.max(Area.square_metres))
        .join(Area, Area.id == PlaceArea.area_id)
        .where(Area.code.in_(sorted(became)))
        .group_by(Area.code, PlaceArea.place_id)
        .order_by(Area.code, PlaceArea.place_id)
    )
    former: dict[tuple[int, int], float] = defaultdict(float)
    for code, place_id, metres in db.session.execute(same):
        area = by_code.get(became[code])
        if area is not None:
            former[area.id, place_id] += area.square_metres if code == area.code else metres
    for key, metres in former.items():
        found[key] = max(found[key], metres)
    return found
