"""The page on which somebody of an agency discards what is saved of an item and not sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.answering import access
from scrutiny.answering import presenters as pages
from scrutiny.answering.acting import actor
from scrutiny.answering.discarding import discard, to_discard
from scrutiny.answering.forms import DiscardForm
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.models import Decline, Item
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none

blueprint = Blueprint("discarding", __name__)


@blueprint.route("/answering/items/<int:item_id>/discard", methods=["GET", "POST"])
@signed_in
@writes
def discard_item(item_id: int) -> ResponseReturnValue:
    """Look at what is saved, then discard it."""
    found = access.item_to_answer(item_id, actor(), london_day(now()))
    form = DiscardForm(data={"version": found.version})
    if form.validate_on_submit() and attempt(form, lambda: _discard(found, form.version.data)):
        flash(gettext("What was saved for item %(number)s is discarded. Nothing was sent.", number=found.number), "success")
        return redirect(url_for("answering.item", item_id=item_id))
    found = access.item_to_answer(item_id, actor(), london_day(now()))
    form.version.data = found.version
    saved = to_discard(found)
    shown = (
        None if saved is None else pages.declined(saved) if isinstance(saved, Decline) else pages.shown(saved, london_day(now()))
    )
    return render_template(
        "answering/discard.html",
        form=form,
        item=found,
        shown=shown,
        is_decline=isinstance(saved, Decline),
        stays=isinstance(saved, Decline) and pages.draft_of(found) is not None,
    )


def _discard(found: Item, seen: str | None) -> bool:
    """Discard it."""
    discard(found, by=actor(), at=now(), seen=whole_or_none(seen))
    return True
