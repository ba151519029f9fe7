"""What came in by email, for administrators: everything, and what could not be matched to a letter."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence import incoming, queries
from scrutiny.correspondence.incoming_models import KINDS
from scrutiny.doors import actor, administrator
from scrutiny.pages import now
from scrutiny.transaction import writes

blueprint = Blueprint("incoming", __name__)


@blueprint.route("/administration/mail")
@administrator
def mail() -> ResponseReturnValue:
    """What could not be matched to a letter, and below it the newest of all that came in."""
    return render_template(
        "correspondence/incoming.html", unmatched=queries.mail_unmatched(), came=queries.mail_that_came(), kinds=KINDS
    )


@blueprint.route("/administration/mail/<int:mail_id>/dealt-with", methods=["POST"])
@administrator
@writes
def deal_with(mail_id: int) -> ResponseReturnValue:
    """Say that an email has been dealt with."""
    row = queries.mail(mail_id)
    if row is None:
        abort(404)
    incoming.deal_with(row, by=actor(), at=now())
    flash(gettext("Marked as dealt with."), "success")
    return redirect(url_for(".mail"))
