"""Pages of what was typed and not saved: all of it, one form to check and send again, and keeping words while they are typed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from scrutiny.doors import actor, signed_in
from scrutiny.formats import clock_time
from scrutiny.pages import now, own_path
from scrutiny.posted_words import Posted, label_boxes, posted_words
from scrutiny.transaction import writes
from scrutiny.unsaved import service
from scrutiny.unsaved.models import UnsavedForm

blueprint = Blueprint("unsaved", __name__)


@blueprint.get("/unsaved")
@signed_in
def mine() -> ResponseReturnValue:
    """Everything the person has typed and not saved."""
    return render_template("unsaved/mine.html", forms=service.forms_of(actor().person, at=now()))


@blueprint.get("/unsaved/<int:unsaved_id>")
@signed_in
def form(unsaved_id: int) -> ResponseReturnValue:
    """One form as it was typed, to check and send again."""
    found = _mine(unsaved_id)
    posted = service.open_form(found)
    typed = label_boxes(found.address, posted.fields, found.page)
    return render_template("unsaved/form.html", kept=found, typed=typed, files=posted.files)


@blueprint.post("/unsaved/<int:unsaved_id>/discard")
@signed_in
@writes
def discard(unsaved_id: int) -> ResponseReturnValue:
    """Forget what was typed; what is saved stays."""
    found = _mine(unsaved_id)
    page = found.page
    service.forget(found)
    flash(gettext("What you had typed and not saved is discarded"), "success")
    return redirect(page)


@blueprint.post("/unsaved/keep")
@signed_in
@writes
def keep() -> ResponseReturnValue:
    """Keep what is being typed, for its writer alone; asked for by a script while the page is open."""
    address, page = (own_path(request.form.get(name)) for name in ("unsaved_address", "unsaved_page"))
    posted = posted_words(address)
    words = Posted(tuple((name, value) for name, value in posted.fields if not name.startswith("unsaved_")), posted.files)
    if not page or not _takes_forms(address):
        abort(422)
    at = now()
    kept = service.keep(words, person=actor().person or 0, address=address, page=page, refused=False, at=at)
    if kept is None:
        return jsonify(why=gettext("it is too long to keep")), 413
    return jsonify(at=clock_time(at), more=service.words_dropped(kept.dropped))


def _mine(unsaved_id: int) -> UnsavedForm:
    """A form of the person who asks; another's is not there."""
    return service.find_by_id(unsaved_id, actor().person, at=now()) or abort(404)


def _takes_forms(address: str) -> bool:
    """Whether forms can be sent to an address of ours."""
    try:
        endpoint, _ = current_app.url_map.bind_to_environ(request.environ).match(urlsplit(address).path, "POST")
    except HTTPException:
        return False
    return not endpoint.startswith(("security.", "unsaved."))
