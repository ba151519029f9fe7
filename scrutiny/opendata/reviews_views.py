"""Reviews, reports and recommendations: what is published, and with a key what `access` lets that person see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from flask_smorest import Blueprint

from scrutiny.agreement import status as agreement
from scrutiny.areas.models import Area
from scrutiny.areas.places_here import places_here
from scrutiny.areas.queries import areas_with_code
from scrutiny.areas.queries import place as place_with_slug
from scrutiny.doors import actor, public
from scrutiny.editions import access as editions
from scrutiny.editions.found_here import FoundHere, found_here
from scrutiny.editions.published import published, recommended, withdrawn
from scrutiny.evidence.access import files_to_read
from scrutiny.findings import access as findings
from scrutiny.findings.queries import of_review
from scrutiny.formats import london_day
from scrutiny.opendata import access, records, review_shapes, schemas
from scrutiny.opendata import presenters as present
from scrutiny.opendata.derived_schemas import schema_of
from scrutiny.pages import now
from scrutiny.publication import registering
from scrutiny.requests.matrix import matrix as matrix_of
from scrutiny.snapshots.snapshot import read

blueprint = Blueprint("published", __name__, url_prefix="/api/v1", description="Reviews, reports and recommendations")
PAGE = 100
Row = TypeVar("Row")


@blueprint.route("/reviews")
@public
@blueprint.arguments(schemas.ReviewQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Review)(many=True))
def review_list(asked: schemas.AskedPage) -> list[review_shapes.Review]:
    """Reviews that have been announced, newest first; with a key also those of the body it acts for."""
    found = records.reviews_known(actor(), _today(), _places(asked.place), limit=asked.page * PAGE)
    reported = records.reported_among([one.id for one in found])
    return [present.review(one, reported) for one in _page(found, asked.page)]


@blueprint.route("/reviews/<reference>")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.ReviewWhole))
def review(reference: str) -> review_shapes.ReviewWhole:
    """One review."""
    known = access.review_to_know(reference, actor(), _today())
    return present.review_whole(known.review, records.reported_among([known.review.id]), member=known.member)


@blueprint.route("/reviews/<reference>/requests")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Request)(many=True))
def requests(reference: str) -> list[review_shapes.Request]:
    """What was asked of whom: once its list is out; before that only for the review's bodies and the agency asked."""
    by, today = actor(), _today()
    known = access.review_to_know(reference, by, today)
    found = access.requests_to_read(known, by, today)
    return [present.request(one, today, inside=known.member, own=by.agency == one.agency_id) for one in found]


@blueprint.route("/reviews/<reference>/matrix")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Matrix))
def matrix(reference: str) -> review_shapes.Matrix:
    """The evidence matrix, for members of the review's bodies."""
    by, today = actor(), _today()
    return present.matrix(matrix_of(access.review_with_matrix(reference, by, today), by, today, reasons=True))


@blueprint.route("/reviews/<reference>/evidence")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Evidence)(many=True))
def evidence(reference: str) -> list[review_shapes.Evidence]:
    """What was lodged with a review, as far as this reader may read it."""
    by, today = actor(), _today()
    known = access.review_to_know(reference, by, today)
    found = records.lodged_readable(known.review, by, today)
    return [present.evidence(one, files_to_read(one, by, today)) for one in found]


@blueprint.route("/reviews/<reference>/findings")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Finding)(many=True))
def finding_list(reference: str) -> list[review_shapes.Finding]:
    """Findings: as published; before that only for the lead and partner bodies."""
    by, today = actor(), _today()
    known = access.review_to_know(reference, by, today)
    if access.reads_findings(known, by):
        readable = findings.readable_in(known.review, by, today)
        rows = of_review(known.review.id, findings.states_open_to(by))
        agreed = agreement.statuses(rows) if agreement.is_joint(known.review) else {}
        return [present.finding(one, readable, agreed.get(one.id)) for one in rows]
    snapshot = read(editions.released(reference).snapshot or {})
    digests = {row.number: row.sha256 for row in snapshot.evidence}
    return [present.published_finding(finding, digests) for finding in snapshot.findings]


@blueprint.route("/reports")
@public
@blueprint.arguments(schemas.ReviewQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Report)(many=True))
def report_list(asked: schemas.AskedPage) -> list[review_shapes.Report]:
    """Reports that have been published, newest first."""
    place = asked.place
    here = _here(place) if place else None
    found = [*here.area_reports, *here.reports] if here else published(kind=None, limit=asked.page * PAGE)
    return [present.report(one) for one in _page(found, asked.page)]


@blueprint.route("/withdrawn-reports")
@public
@blueprint.arguments(schemas.ReviewQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Withdrawn)(many=True))
def withdrawn_list(asked: schemas.AskedPage) -> list[review_shapes.Withdrawn]:
    """Editions of reports that were withdrawn after they were published, the last first: whoever holds a copy should drop it."""
    found = withdrawn(_places(asked.place), limit=asked.page * PAGE)
    return [present.withdrawn_report(one) for one in _page(found, asked.page)]


@blueprint.route("/reports/<reference>")
@public
@blueprint.arguments(schemas.EditionQuery, location="query")
@blueprint.etag
@blueprint.response(200)
def report(asked: schemas.AskedEdition, reference: str) -> Mapping[str, object]:
    """A published report: what was sealed, and nothing else."""
    return editions.released(reference, asked.edition).snapshot or {}


@blueprint.route("/recommendations")
@public
@blueprint.arguments(schemas.RecommendationQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.Recommendation)(many=True))
def recommendation_list(asked: schemas.AskedRecommendations) -> list[review_shapes.Recommendation]:
    """Recommendations that have been made, and what came of each."""
    found = recommended(place_ids=_places(asked.place), agency_id=asked.agency, only_open=asked.open)
    return [present.recommendation(one, _today()) for one in _page(found, asked.page)]


def _areas(key: str) -> Sequence[Area]:
    """The areas of a place by its slug, or the area of a code."""
    place = place_with_slug(key)
    return place.areas if place else areas_with_code(key, _today())[:1]


def _places(key: str | None) -> list[int] | None:
    """The places that share land with those areas; None where none is asked for."""
    areas = _areas(key) if key else []
    return list(places_here([area.code for area in areas], [area.id for area in areas])) if key else None


def _here(key: str) -> FoundHere:
    """What is published about a place: the same as its page and its area report say."""
    areas = _areas(key)
    return found_here([area.code for area in areas], [area.id for area in areas])


def _page(found: Sequence[Row], page: int) -> Sequence[Row]:
    """One page of a list."""
    return found[(page - 1) * PAGE : page * PAGE]


def _today() -> date:
    """Today in London."""
    return london_day(now())


@blueprint.route("/non-responses")
@public
@blueprint.etag
@blueprint.response(200, schema_of(review_shapes.NonResponse)(many=True))
def non_responses() -> list[dict[str, object]]:
    """The public register of non-response, newest first."""
    return [registering.as_plain(entry) for entry in registering.published(_today())]
