"""The agency's own line in the register of non-response."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.answering.access import request_to_answer
from scrutiny.answering.acting import actor
from scrutiny.approving.service import needs_approver
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.publication import line_approvals, registering
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import Form, LongTextField, SubmitField

blueprint = Blueprint("register_line", __name__)
TOO_LONG = Length(max=2000, message=lazy_gettext("Keep it to 2,000 characters"))


class LineForm(Form):
    """The agency's own line."""

    reply = LongTextField(
        lazy_gettext("Your line"),
        description=lazy_gettext("Shown beside the entry, word for word."),
        validators=[InputRequired(lazy_gettext("Write your line")), TOO_LONG],
    )
    save = SubmitField(lazy_gettext("Save your line"))


@blueprint.route("/answering/<int:request_id>/register", methods=["GET", "POST"])
@signed_in
@writes
def line(request_id: int) -> ResponseReturnValue:
    """An agency reads what is to be published, or is, and adds its own line."""
    by, at = actor(), now()
    found = request_to_answer(request_id, by, london_day(at))
    entry = registering.entry_of(found) or abort(404)
    if not registering.may_write_line(entry, by.agency, london_day(at)):
        abort(404)  # the line stands under the name of the agency that was asked, or of the one that answers for it now
    draft = line_approvals.open_one(entry, by)
    form = LineForm(reply=draft.content["line"] if draft else entry.reply)
    if needs_approver(by.agency or 0, by=by, at=at):
        form.save.label.text = gettext("Send to your approver")
    if form.validate_on_submit():
        sent = attempt(form, lambda: line_approvals.send_line(entry, form.reply.data, by=by, at=at))
        if sent is not None:
            said = gettext("Your line is saved. It is shown beside the entry")
            waits = gettext("Nothing is published until your approver approves it.")
            flash(said if sent else f"{queued_now('approval_wanted')} {waits}", "success")
            return redirect(url_for(".line", request_id=request_id))
    return render_template("answering/register_line.html", form=form, found=found, entry=entry, draft=draft)
