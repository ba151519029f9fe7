"""What answering asks of agencies in a place: the ledger narrowed to reviews of every place that shares land with it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scrutiny.burden import pages, words
from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.public.access import PlaceShown, place_to_show

blueprint = Blueprint("placeburden", __name__)


@blueprint.get("/places/<key>/burden")
@public
def of_place(key: str) -> ResponseReturnValue:
    """Who asks how much of whom in a place, and how much that is for its people."""
    shown, page = _page(key)
    return render_template("burden/ledger.html", page=page, words=words, shown=shown)


@blueprint.get("/places/<key>/burden.<any(csv, json):form>")
@public
def of_place_file(key: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    shown, page = _page(key)
    return pages.file_of(page, form, shown.name)


def _page(key: str) -> tuple[PlaceShown, pages.LedgerPage]:
    """The place of an address as it stands today, and its ledger."""
    shown = place_to_show(key, None, london_day(now()))
    return shown, pages.page_of(place=pages.place_counted(shown.name, shown.areas))
