"""The day itself: what could not be dated ahead is handed on through the lower rooms, and everybody concerned is told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from scrutiny.agencies import succession as agencies
from scrutiny.agencies.models import Agency
from scrutiny.agreement import succession as agreement
from scrutiny.areas.models import Area
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings import succession as findings
from scrutiny.lineage.forming import DAY, shapes_of
from scrutiny.recommendations import succession as recommendations
from scrutiny.reorganisation import affected, letters
from scrutiny.reorganisation.affected import Chooser
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan import Heir
from scrutiny.requests import succession as requests
from scrutiny.reviews import succession as reviews
from workflows.lifecycles.reorganisation import REORGANISATION
from workflows.roles import Actor


def carry_out(row: Reorganisation, *, by: Actor, at: datetime) -> dict[str, int]:
    """Hand on what ending agencies and bodies have before them, from the day, however late this runs; how much of each.

    Done once: a reorganisation that is carried out is no longer staged, and so no longer due.
    """
    before = row.state
    move = REORGANISATION.make("carry_out", row, by=by)
    kept, on = row.journal, row.on
    heirs, of_bodies = _heirs(kept["heirs"]), _heirs(kept["body_heirs"])
    councils = {code: db.session.get_one(Agency, key) for code, key in kept["agencies"].items()}
    chooser = Chooser(_shapes(list(councils), on), on)
    told = letters.Told(row, councils)
    for agency_id, (name, code) in kept["carry_on"].items():
        agencies.carry_on(db.session.get_one(Agency, int(agency_id)), name=name, code=code, by=by, at=at)
    for part in affected.reviews_moving(of_bodies, chooser):
        to = db.session.get_one(Body, kept["bodies"][str(part.row.body_id)][part.to])
        reviews.hand_on(part.review, part.row, to, on=on, by=by, at=at)
        findings.hand_on_findings(part.review, part.row.body_id, to)
        agreement.hand_on_agreements(part.review, part.row.body_id, to, by=by, at=at)
        told.reviews[to].append(part)
    for items in affected.items_moving(heirs, chooser, on - DAY):
        requests.hand_on(items.request, items.items, councils[items.to], on=on, by=by, at=at)
        told.requests[items.to].append(items)
    for one in affected.recommendations_moving(heirs, chooser):
        recommendations.hand_on(one.addressee, councils[one.to], on=on, by=by, at=at)
        told.recommendations[one.to].append(one)
    for check in affected.checks_moving(heirs, chooser):
        findings.hand_on(check.check, councils[check.to], by=by, at=at)
        told.checks[check.to].append(check)
    counts = {
        "reviews": sum(map(len, told.reviews.values())),
        "requests": sum(map(len, told.requests.values())),
        "recommendations": sum(map(len, told.recommendations.values())),
        "checks": sum(map(len, told.checks.values())),
    }
    counts["letters"] = told.write(kept, at=at)
    row.outcome, row.carried_out_at = counts, at
    db.session.flush()
    note(move.event, about=row.plain, by=by, at=at, before=before, after=row.state, on=on.isoformat(), handed=counts)
    return counts


def _heirs(kept: dict[str, list[list[Any]]]) -> dict[int, tuple[Heir, ...]]:
    """The successors written down at the staging, by the id of what ends."""
    return {int(key): tuple(Heir(code, share) for code, share in heirs) for key, heirs in kept.items()}


def _shapes(codes: list[str], on: date) -> dict[str, Any]:
    """The shapes of the new areas, by code."""
    rows = select(Area).where(Area.code.in_(codes), Area.from_on <= on, Area.to_on.is_(None) | (Area.to_on >= on))
    found: dict[str, list[Area]] = defaultdict(list)
    for area in db.session.scalars(rows.order_by(Area.id)):
        found[area.code].append(area)
    return {code: shapes_of(held[:1])[0] for code, held in found.items()}
