"""The links of emails: opened they show a button, and only the button confirms; scanners that follow links confirm nothing."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny import sent_once
from scrutiny.challenges import service, supporting, words
from scrutiny.challenges.forms import ConfirmForm
from scrutiny.challenges.models import Challenge
from scrutiny.doors import public
from scrutiny.pages import now
from scrutiny.transaction import writes
from workflows.refusals import Refused

blueprint = Blueprint("challenge_links", __name__)
#: The address of these pages is a secret: what is opened from them is told our name only (see correspondence/views).
QUIET = {"Referrer-Policy": "strict-origin"}


@blueprint.route("/challenges/confirm/<token>", methods=["GET", "POST"])
@public
@writes
def confirm(token: str) -> ResponseReturnValue:
    """Confirm a challenge."""
    form = ConfirmForm()
    if form.validate_on_submit():
        found = service.confirm(token, at=now())
        sent_once.done_here(url_for("challenges.challenge_list"))
        return render_template("challenges/confirmed.html", challenge=found, words=words)
    there = service.by_confirmation(token)
    return _page(form, there, gettext("Confirm your challenge"))


@blueprint.route("/challenges/confirm-support/<token>", methods=["GET", "POST"])
@public
@writes
def confirm_support(token: str) -> ResponseReturnValue:
    """Confirm that one supports a challenge."""
    form = ConfirmForm()
    if form.validate_on_submit():
        found = supporting.confirm(token, at=now())
        sent_once.done_here(url_for("challenges.challenge_list"))
        return render_template("challenges/supported.html", challenge=found.challenge, tell=found.tell, words=words)
    there = supporting.by_confirmation(token)
    return _page(form, there.challenge if there else None, gettext("Confirm that you support this challenge"))


def _page(form: ConfirmForm, challenge: Challenge | None, title: str) -> ResponseReturnValue:
    """The button, under what it is about; a link that leads nowhere says so."""
    if challenge is None:
        raise Refused(gettext("This link no longer works, or is cut short: copy the whole of it from the email"))
    return render_template("challenges/confirm.html", form=form, challenge=challenge, heading=title, words=words), 200, QUIET
