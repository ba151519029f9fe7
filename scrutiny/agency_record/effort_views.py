"""The page on which an agency says what answering a request cost, once it was sent or before."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agency_record.effort import Effort, effort_words, record_effort
from scrutiny.agency_record.forms import EffortForm
from scrutiny.answering import access
from scrutiny.answering.acting import actor
from scrutiny.answering.hours_field import hours_of
from scrutiny.both_versions import typed_beside
from scrutiny.doors import signed_in
from scrutiny.formats import london_day, moment
from scrutiny.pages import now
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.refusals import Stale

blueprint = Blueprint("effort", __name__)


@blueprint.route("/answering/<int:request_id>/effort", methods=["GET", "POST"])
@signed_in
@writes
def effort(request_id: int) -> ResponseReturnValue:
    """Say what answering cost, or say it again; where somebody else saved first, both versions are shown."""
    found = access.request_to_answer(request_id, actor(), london_day(now()))
    form = EffortForm(data=_kept(found))
    if form.validate_on_submit():
        try:
            said = Effort(form.hours.hours, form.pence)
            seen = whole_or_none(form.version.data)
            if attempt(form, lambda: (record_effort(found, said, by=actor(), at=now(), seen=seen), True)[1]):
                flash(effort_words(found), "success")
                return redirect(url_for("receipts.receipt", request_id=request_id))
        except Stale:
            return _both(request_id, form)
    found = access.request_to_answer(request_id, actor(), london_day(now()))
    return render_template("agency_record/effort.html", form=form, request_=found, both=None)


def _kept(found: EvidenceRequest) -> dict[str, object]:
    """What is kept, by the names of the fields."""
    pounds = None if found.cost_pence is None else Decimal(found.cost_pence) / 100
    return {"hours": hours_of(found), "pounds": pounds, "version": found.version}


def _both(request_id: int, form: EffortForm) -> ResponseReturnValue:
    """The page again, with what the other person saved beside what was typed; saving now is meant."""
    undo()
    found = access.request_to_answer(request_id, actor(), london_day(now()))
    both = typed_beside(_kept(found), form)
    when = gettext("on %(when)s", when=moment(found.effort_at or now()))
    form.version.data = form.version.raw_data = str(found.version)
    return render_template("agency_record/effort.html", form=form, request_=found, both=both, who="", when=when), 409
