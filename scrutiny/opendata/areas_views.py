"""Areas, places and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import abort
from flask_babel import gettext
from flask_smorest import Blueprint

from scrutiny.agencies import bulk_lookup as many
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.queries import Answering
from scrutiny.areas import queries as areas
from scrutiny.areas.queries import Overlap
from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.opendata import place_shapes, schemas
from scrutiny.opendata import presenters as present
from scrutiny.opendata.access import area_to_read
from scrutiny.opendata.derived_schemas import schema_of
from scrutiny.pages import now
from scrutiny.place_lookup import lookup
from scrutiny.search import queries as searching
from workflows.refusals import Refused

#: An address may be only so long.
MOST_AT_ONCE = 100
blueprint = Blueprint("places", __name__, url_prefix="/api/v1", description="Areas, places and agencies")


@blueprint.route("/find")
@public
@blueprint.arguments(schemas.FindQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Found))
def find_places(asked: schemas.AskedWords) -> Mapping[str, object]:
    """The places meant by a name (however it is spelt), a code, a postcode or a point."""
    return lookup.plain(lookup.find(asked.q, _on(asked)))


@blueprint.route("/search")
@public
@blueprint.arguments(schemas.SearchQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Searched))
def search_everything(asked: schemas.AskedWords) -> Mapping[str, object]:
    """What the search box finds: places, agencies, and published reports and recommendations by their words."""
    return searching.plain(searching.search(asked.q, _on(asked)))


@blueprint.route("/areas/<code>")
@public
@blueprint.arguments(schemas.AreaQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Area))
def area(asked: schemas.AskedArea, code: str) -> place_shapes.Area:
    """One area on a day."""
    on = _on(asked)
    found = area_to_read(code, on, asked.kind)
    return present.area(found, [one.kind for one in areas.areas_with_code(found.code, on)])


@blueprint.route("/areas/<code>/overlaps")
@public
@blueprint.arguments(schemas.OverlapQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Overlap)(many=True))
def overlaps(asked: schemas.AskedOverlaps, code: str) -> list[Overlap]:
    """What an area shares with areas of other kinds, in land and in people."""
    on = _on(asked)
    found = area_to_read(code, on)
    return areas.overlaps([found.id], on, with_kind=asked.with_, slivers=asked.slivers)


@blueprint.route("/places/<slug>")
@public
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Place))
def place(slug: str) -> place_shapes.Place:
    """A place (by its slug, or the code of an area) with its areas and who answers for it today."""
    found, today = areas.place(slug), london_day(now())
    held = found.areas if found else [area_to_read(slug, today)]
    size = areas.summary(held)
    return place_shapes.Place(
        slug=slug,
        name=found.name if found else held[0].name,
        on=today.isoformat(),
        areas=tuple(present.area(one, [one.kind]) for one in held),
        people=size.people,
        area_km2=round(size.square_metres / 1e6, 6),
        agencies=tuple(present.answering(one) for one in agencies.answering([one.id for one in held], today)),
    )


@blueprint.route("/agencies")
@public
@blueprint.arguments(schemas.AgencyQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Agency)(many=True))
def agency_list(asked: schemas.AskedAgencies) -> Sequence[place_shapes.AgencyNamed]:
    """Who answers at a postcode or for the area of a code, with shares; or every agency by name."""
    if asked.postcode or asked.code:
        return [present.answering(one) for one in _answering(asked)]
    found = agencies.agencies_by_name(asked.name, on=asked.on)
    return [present.agency(one) for one in found]


@blueprint.route("/many")
@public
@blueprint.arguments(schemas.ManyQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.Many)(many=True))
def many_places(asked: schemas.AskedMany) -> list[place_shapes.Many]:
    """The areas and agencies of many postcodes or codes at once (100; up to 10,000 on the page /many), none left out."""
    cells = [(line, text.strip()[:60]) for line, text in enumerate(asked.places.split(","), 1)]
    if len(cells) > MOST_AT_ONCE:
        raise Refused(
            gettext(
                "%(n)s places were asked for, and %(most_at_once)s is the most at once: ask in parts",
                n=len(cells),
                most_at_once=MOST_AT_ONCE,
            )
        )
    kinds, services = ((one,) if one else () for one in (asked.kind, asked.service))
    found = many.answer_each(cells, many.Wanted(_on(asked), kinds, services))
    return [present.many_row(row, agencies) for row, agencies in found]


@blueprint.route("/agencies/<int:agency_id>")
@public
@blueprint.etag
@blueprint.response(200, schema_of(place_shapes.AgencyWhole))
def agency(agency_id: int) -> place_shapes.AgencyWhole:
    """An agency: where and for what it answers."""
    found, today = agencies.agency(agency_id) or abort(404), london_day(now())
    services = [one.key for one in agencies.services_of(found, today)]
    return present.agency_whole(found, agencies.footprint_areas(found, today), services)


def _answering(asked: schemas.AskedAgencies) -> list[Answering]:
    """Who answers there."""
    on = _on(asked)
    if asked.postcode:
        there = areas.areas_at_text(asked.postcode, on)
        return agencies.answering([one.id for one in there], on, asked.service, exactly=True)
    return agencies.answering([area_to_read(asked.code, on).id], on, asked.service)


def _on(asked: schemas.AskedOn) -> date:
    """The day asked about."""
    return asked.on or london_day(now())
