"""Methods and the counting of days."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext
from flask_smorest import Blueprint

from scrutiny.doors import public
from scrutiny.opendata import rule_presenters as present
from scrutiny.opendata import rule_shapes, schemas
from scrutiny.opendata.derived_schemas import schema_of
from scrutiny.rules.queries import calendars_in_force, method_to_read
from scrutiny.rules.queries import methods as methods_here
from workflows.deadlines import due
from workflows.refusals import Refused

blueprint = Blueprint("counted", __name__, url_prefix="/api/v1", description="Methods and due dates")
#: A working shows every day: no clock of the law runs longer than this.
LONGEST = 3660


@blueprint.route("/methods")
@public
@blueprint.etag
@blueprint.response(200, schema_of(rule_shapes.Method)(many=True))
def method_list() -> list[rule_shapes.Method]:
    """The methods reviews here may follow."""
    return [present.method(one) for one in methods_here().values()]


@blueprint.route("/methods/<key>")
@public
@blueprint.arguments(schemas.MethodQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(rule_shapes.MethodWhole))
def method(asked: schemas.AskedMethod, key: str) -> rule_shapes.MethodWhole:
    """One method, with its whole text; any version that a review here ever used."""
    found, text = method_to_read(key, asked.version) or abort(404)
    return present.method_whole(found, text)


@blueprint.route("/deadlines/explain")
@public
@blueprint.arguments(schemas.ClockQuery, location="query")
@blueprint.etag
@blueprint.response(200, schema_of(rule_shapes.Due))
def explain(asked: schemas.AskedClock) -> rule_shapes.Due:
    """When a clock that starts on a day runs out, and why then: every day of the count."""
    found = due(asked.clock, asked.from_, calendars_in_force(), nation=asked.nation)
    if found.due and abs((found.due - found.start).days) > LONGEST:
        raise Refused(gettext("This clock runs for more than ten years: ask for a shorter one"))
    return present.due(found)
