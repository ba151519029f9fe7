"""The administrator's page of what a first review needs, and the test of whether emails are sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts import access
from scrutiny.accounts.notices import recipient
from scrutiny.correspondence.service import write_letter
from scrutiny.doors import actor, administrator
from scrutiny.pages import now, today
from scrutiny.transaction import writes
from scrutiny.upkeep import first_review, queries
from scrutiny.upkeep.forms import MailCheckForm

blueprint = Blueprint("setup", __name__)


@blueprint.route("/administration/set-up")
@administrator
def set_up() -> ResponseReturnValue:
    """What a first review needs, each with its state and where it is done."""
    return render_template("upkeep/set_up.html", tasks=first_review.tasks(today()))


@blueprint.route("/administration/set-up/mail", methods=["GET", "POST"])
@administrator
@writes
def mail() -> ResponseReturnValue:
    """How emails leave this machine, and one to oneself to see whether they arrive."""
    form, person = MailCheckForm(), access.oneself(actor())
    if form.validate_on_submit():
        at = now()
        write_letter("mail_check", to=recipient(person), reference=person.reference, at=at, occasion=at.isoformat(), asked_at=at)
        flash(gettext("Test email to %(address)s queued. It is posted within a minute.", address=person.email), "success")
        return redirect(url_for(".mail"))
    return render_template(
        "upkeep/mail.html",
        form=form,
        person=person,
        by_server=first_review.is_sent_by_server(),
        last=first_review.last_posted(),
        letters=queries.letters_by_state(),
    )
