"""The page on which words published with a recommendation are erased: its agency, and whoever runs the review."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.pages import now
from scrutiny.recommendations import access, erasing, outcomes
from scrutiny.recommendations.forms import EraseForm
from scrutiny.recommendations.models import Addressee
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import SelectChoice
from workflows.refusals import Refused
from workflows.roles import Actor

blueprint = Blueprint("erasing_words", __name__)


@blueprint.route("/recommendations/<int:addressee_id>/erase", methods=["GET", "POST"])
@signed_in
@writes
def erase(addressee_id: int) -> ResponseReturnValue:
    """Erase the words of one step or progress update for ever."""
    by = access.as_addressee(addressee_id, actor())
    addressee = access.addressee_to_erase_in(addressee_id, by)
    found = erasing.erasable(addressee, by)
    if not found:
        raise Refused(gettext("Nothing is left here that you could erase"))
    form = EraseForm()
    form.what.choices = [SelectChoice(value=key, label=outcomes.say(row, addressee).text) for key, row in found.items()]
    back = url_for(f"recommendations.{'check' if by.agency is None else 'answer'}", addressee_id=addressee_id)
    if form.validate_on_submit() and attempt(form, lambda: _erased(addressee_id, form, by)):
        flash(f"{gettext('The words are erased.')} {queued_now('response_words_erased')}".strip(), "success")
        return redirect(back)
    addressee = access.addressee_to_erase_in(addressee_id, by)
    quoted = [(label, erasing.still_said(addressee, row, by)) for label, row in _labelled(addressee, by)]
    return render_template("recommendations/erase.html", form=form, addressee=addressee, back=back, quoted=quoted)


def _labelled(addressee: Addressee, by: Actor) -> list[tuple[str, erasing.Said]]:
    """What can be erased, as the choices say it."""
    return [(outcomes.say(row, addressee).text, row) for row in erasing.erasable(addressee, by).values()]


def _erased(addressee_id: int, form: EraseForm, by: Actor) -> bool:
    """Erase what was chosen."""
    addressee = access.addressee_to_erase_in(addressee_id, by)
    erasing.erase_words(addressee, form.what.data or "", form.why.data or "", by=by, at=now())
    return True
