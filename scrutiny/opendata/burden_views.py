"""The burden ledger in the API: the same numbers as its pages and its command have, for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from flask_smorest import Blueprint
from marshmallow import fields, validate

from scrutiny.areas.queries import areas_with_code
from scrutiny.areas.queries import place as place_with_slug
from scrutiny.burden import plain
from scrutiny.burden.ledger import Asked, ledger
from scrutiny.burden.pages import place_counted
from scrutiny.burden.words import WAYS
from scrutiny.doors import actor, public
from scrutiny.formats import london_day
from scrutiny.opendata import burden_shapes as shapes
from scrutiny.opendata.derived_schemas import schema_of
from scrutiny.opendata.schemas import Query, text
from scrutiny.pages import now

blueprint = Blueprint("burden_data", __name__, url_prefix="/api/v1", description="What answering asks of agencies")
ID = validate.Range(1, 2**31 - 1)


@dataclass(frozen=True, slots=True)
class AskedBurden:
    """Which part of the ledger is asked for."""

    period: str = ""
    by: str = "who"
    place: str | None = None
    body: int | None = None
    agency: int | None = None


class BurdenQuery(Query):
    """Which part of the ledger."""

    asks = AskedBurden
    period = text(
        "2026-q3, cy2026, fy2026 (April 2026 to March 2027) or all; the last financial year if left out",
        validate=validate.Regexp(r"^(\d{4}-q[1-4]|[fc]y\d{4}|all)$", error="Write 2026-q3, cy2026, fy2026 or all"),
    )
    by = fields.String(load_default="who", validate=validate.OneOf(list(WAYS)), metadata={"description": "How to split it"})
    place = text("The slug of a place or the code of an area: reviews of every place that shares land with it")
    body = fields.Integer(validate=ID, metadata={"description": "The id of a body that asks"})
    agency = fields.Integer(validate=ID, metadata={"description": "The id of an agency that answers"})


@blueprint.route("/burden")
@public
@blueprint.arguments(BurdenQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(shapes.Burden))
def burden(asked: AskedBurden) -> shapes.Burden:
    """Who asks how much of whom, of what is public; with a key also what the reader's body or agency may count."""
    today = london_day(now())
    places = None
    if asked.place:
        known = place_with_slug(asked.place)
        areas = known.areas if known else areas_with_code(asked.place, today)[:1]
        places = place_counted("", areas).places
    found = ledger(Asked(asked.period, asked.body, asked.agency, places), by=actor(), today=today)
    *parts, total = (shapes.BurdenPart(*row) for row in plain.rows_of(found, asked.by))  # type: ignore[arg-type]  # in the order of the columns
    quarters = (shapes.BurdenQuarter(one.key, counts.asked, counts.estimated) for one, counts in found.trend())
    return shapes.Burden(
        period=found.period.key,
        from_=found.period.first.isoformat(),
        to=found.period.last.isoformat(),
        by=asked.by,
        parts=tuple(parts),
        total=total,
        requests_with_hours_entered=found.said,
        quarters=tuple(quarters),
        estimates=shapes.BurdenEstimates(found.rates.title, found.rates.as_at.isoformat()),
    )
