"""Challenges of the public: what is published of them, and nothing else, whoever asks."""

from __future__ import annotations

from flask_smorest import Blueprint

from scrutiny.challenges import access, plain, queries
from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.opendata import challenge_shapes, schemas
from scrutiny.opendata.derived_schemas import schema_of
from scrutiny.pages import now

blueprint = Blueprint("challenges_data", __name__, url_prefix="/api/v1", description="Challenges of the public and their answers")
PAGE = 100


@blueprint.route("/challenges")
@public
@blueprint.arguments(schemas.PageQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(challenge_shapes.Challenge)(many=True))
def challenge_list(asked: schemas.AskedPage) -> list[challenge_shapes.Challenge]:
    """Published challenges, newest first."""
    found = queries.published(queries.Filter(page=asked.page), PAGE)
    return [_shape(plain.as_plain(one, found.supporters[one.id], london_day(now()))) for one in found.rows]


@blueprint.route("/challenges/<reference>")
@public
@blueprint.etag
@blueprint.response(200, schema_of(challenge_shapes.Challenge))
def challenge(reference: str) -> challenge_shapes.Challenge:
    """One published challenge; one that was joined with another is that other."""
    found = access.challenge_to_read(reference)
    return _shape(plain.as_plain(found, queries.supporters_of([found.id])[found.id], london_day(now())))


def _shape(said: dict[str, object]) -> challenge_shapes.Challenge:
    """The plain values as the API's schema reads them."""
    return challenge_shapes.Challenge(**said)  # type: ignore[arg-type]  # the same names and kinds; the schema's test holds it
