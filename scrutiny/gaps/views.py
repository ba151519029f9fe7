"""Pages of gaps: of a place, and of every place of a layer as a map and a table; each as CSV and JSON too."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.agenda.access import may_plan
from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.gaps import access, drawing, plain, register_words, words
from scrutiny.gaps.forms import GapFilter, filter_asked
from scrutiny.gaps.found import PlaceGaps, Reading, gaps_of_layer, gaps_of_place
from scrutiny.gaps.models import GapEntry
from scrutiny.pages import now, today
from scrutiny.public.access import PlaceShown, place_to_show
from scrutiny.reviews.access import may_open
from scrutiny.rules.queries import rules

blueprint = Blueprint("gaps", __name__)
FORMS = "<any(csv, json):form>"
#: So many gaps stand on a page; the files have all.
MOST_ROWS = 150


@blueprint.get("/places/<key>/gaps")
@public
def of_place(key: str) -> ResponseReturnValue:
    """The gaps of a place: of each its reason, the reviews it rests on and the law."""
    shown, form = place_to_show(key, None, today()), filter_asked()
    found = _place(shown, form)
    return render_template(
        "gaps/place.html",
        shown=shown,
        found=found,
        rows=found.gaps[:MOST_ROWS],
        more=max(len(found.gaps) - MOST_ROWS, 0),
        form=form,
        query=_query(),
        words=words,
        choices=rules().gap_choices,
        noted=[register_words.shown(one, actor(), today()) for one in _noted(shown)],
        may_act=may_open(actor()) or may_plan(actor()),
    )


@blueprint.get(f"/places/<key>/gaps.{FORMS}")
@public
def of_place_file(key: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    shown = place_to_show(key, None, today())
    found = _place(shown, filter_asked())
    if form == "json":
        return _file(canonical(plain.place_plain(found, shown.on)), form, shown.name)
    return _file(write_csv(plain.COLUMNS, plain.rows_of(found)), form, shown.name)


@blueprint.get("/gaps")
@public
def of_layer() -> ResponseReturnValue:
    """How many gaps each place of a layer has, on a map and in a table."""
    form = filter_asked(layers=True)
    kind = form.layer.data or ""
    areas = access.layer_shown(kind, today()) if kind else []
    places = gaps_of_layer(areas, form.asked(), _reading())
    query = _query()
    return render_template(
        "gaps/layer.html",
        kind=drawing.plural(kind),
        places=places,
        drawn=drawing.layer_map(areas, places, kind, query),
        shades=drawing.key_of_shades(places),
        form=form,
        query=query,
        words=words,
        choices=rules().gap_choices,
    )


@blueprint.get(f"/gaps.{FORMS}")
@public
def of_layer_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    asked = filter_asked(layers=True)
    kind = asked.layer.data or ""
    areas = access.layer_shown(kind, today()) if kind else []
    places = gaps_of_layer(areas, asked.asked(), _reading())
    if form == "json":
        return _file(canonical(plain.layer_plain(places, kind, today())), form, kind)
    return _file(write_csv(plain.LAYER_COLUMNS, plain.layer_rows(places)), form, kind)


def _place(shown: PlaceShown, form: GapFilter) -> PlaceGaps:
    """The gaps of the place of an address."""
    return gaps_of_place(shown.name, shown.areas, form.asked(), Reading(actor(), today(), shown.on))


def _noted(shown: PlaceShown) -> list[GapEntry]:
    """What bodies have noted of gaps in this very place, as far as the reader may know."""
    return access.entries_shown(actor(), shown.place.id) if shown.place is not None else []


def _reading() -> Reading:
    return Reading(actor(), today(), today())


def _query() -> str:
    """What was chosen, to be carried to another page of gaps or to a file; '' where nothing was."""
    kept = {name: value[:60] for name in ("service", "kind", "years") if (value := request.args.get(name, ""))}
    return f"?{urlencode(kept)}" if kept else ""


def _file(content: str | bytes, form: str, name: str) -> Response:
    """A file of gaps, named after the place or layer and the day."""
    response = Response(content, mimetype="application/json" if form == "json" else "text/csv")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60]
    stem = "-".join(filter(None, ("gaps", slug, f"{london_day(now()):%Y-%m-%d}")))
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return response
