"""Alerts for anyone; letters sent, waiting and failed for administrators."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence import alerts, queries, service
from scrutiny.correspondence.forms import AlertForm, ConfirmForm, FilterForm, StopForm, TryAgainForm
from scrutiny.correspondence.kinds import KINDS
from scrutiny.correspondence.models import Letter
from scrutiny.doors import actor, administrator, public
from scrutiny.pages import now
from scrutiny.transaction import writes
from scrutiny.whole_numbers import whole
from scrutiny.widgets import SelectChoice
from scrutiny.work.puzzles import offer_where_refused, solved_here

blueprint = Blueprint("correspondence", __name__)
#: The address of these pages is a secret: what is opened from them is told our name only. Not even that would be too
#: little: on https the check against forged forms refuses a button pressed without a Referer.
QUIET = {"Referrer-Policy": "strict-origin"}


@blueprint.route("/alerts/ask", methods=["GET", "POST"])
@public
@writes
def ask_for_alert() -> ResponseReturnValue:
    """Ask to be told of changes to what a page offered; the answer is the same whoever asks."""
    form = AlertForm(offer=request.args.get("offer"))
    about, named = alerts.offered(form.offer.data or "")
    if form.validate_on_submit():
        network, worked = request.remote_addr or "", solved_here(now())
        verdict = alerts.ask_for_alert(form.address.data or "", about, now(), named=named, network=network, worked=worked)
        offer_where_refused(verdict, now())
        if verdict:
            return render_template("correspondence/alert_asked.html", named=named)
        said = gettext("Many alerts have been asked for from your network. Wait an hour, then try again")
        if verdict.refused == "all":
            said = gettext("Many people are asking for alerts at the moment. Wait an hour, then try again")
        form.form_errors.append(said)
        return render_template("correspondence/ask_for_alert.html", form=form, named=named), 429
    return render_template("correspondence/ask_for_alert.html", form=form, named=named)


@blueprint.route("/alerts/confirm/<token>", methods=["GET", "POST"])
@public
@writes
def confirm_alert(token: str) -> ResponseReturnValue:
    """A link opened shows a button; only the button begins the alert."""
    form = ConfirmForm()
    if form.validate_on_submit():
        alert = alerts.confirm_alert(token, now())
        return render_template("correspondence/alert_confirmed.html", named=alert.named)
    return render_template("correspondence/confirm_alert.html", form=form), 200, QUIET


@blueprint.route("/alerts/stop/<token>", methods=["GET", "POST"])
@public
@writes
def stop_alert(token: str) -> ResponseReturnValue:
    """A link opened shows a button; only the button ends the alert."""
    form = StopForm()
    if form.validate_on_submit():
        alert = alerts.stop_alert(token, now())
        return render_template("correspondence/alert_stopped.html", named=alert.named)
    return render_template("correspondence/stop_alert.html", form=form), 200, QUIET


@blueprint.route("/administration/letters")
@administrator
def letters() -> ResponseReturnValue:
    """Every letter, newest first, by state, kind and words."""
    form = FilterForm(request.args)
    form.state.choices = [
        SelectChoice(value=value, label=label) for value, label in {"": gettext("Any"), **queries.STATES}.items()
    ]
    form.kind.choices = [
        SelectChoice(value=kind, label=KINDS[kind] if kind else gettext("Any")) for kind in ["", *queries.kinds()]
    ]
    state, kind, words = (request.args.get(name, "") for name in ("state", "kind", "words"))
    found = queries.letters(state=state, kind=kind, words=words, page=request.args.get("page", 1, type=whole))
    # PAGE is put in by the template, where each number stands.
    address = url_for("correspondence.letters", state=state or None, kind=kind or None, words=words or None, page="PAGE")
    return render_template(
        "correspondence/letters.html",
        form=form,
        found=found,
        counts=queries.counts(),
        address=address,
        kinds=KINDS,
        letter_shown=queries.SHOWN,
    )


@blueprint.route("/administration/letters/<int:letter_id>")
@administrator
def letter(letter_id: int) -> ResponseReturnValue:
    """One letter as it is kept: where a secret stood there is a placeholder."""
    found = _letter(letter_id)
    return render_template(
        "correspondence/letter.html",
        letter=found,
        form=TryAgainForm(address=found.address),
        kinds=KINDS,
        letter_shown=queries.SHOWN,
    )


@blueprint.route("/administration/letters/<int:letter_id>/try-again", methods=["POST"])
@administrator
@writes
def try_again(letter_id: int) -> ResponseReturnValue:
    """Post a failed letter again, to a corrected address if it was wrong."""
    found, form = _letter(letter_id), TryAgainForm()
    if found.posting is None or not form.validate_on_submit():
        return render_template("correspondence/letter.html", letter=found, form=form, kinds=KINDS, letter_shown=queries.SHOWN)
    service.try_again(found.posting, address=form.address.data or "", by=actor(), at=now())
    flash(gettext("1 email queued to %(address)s.", address=form.address.data), "success")
    return redirect(url_for("correspondence.letter", letter_id=letter_id))


def _letter(letter_id: int) -> Letter:
    """The letter, or 404. These pages are for administrators only, so there is no more to permit."""
    found = queries.letter(letter_id)
    if found is None:
        abort(404)
    return found
