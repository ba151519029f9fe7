"""Pages of attendance for the agency: who comes, whom it sends instead, or why nobody can."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.answering import access, attendance, correcting
from scrutiny.answering import presenters as pages
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import AttendanceForm
from scrutiny.answering.neighbours import beside
from scrutiny.answering.queries import ANSWERABLE, draft_of
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.legal_words import AGENCY, sentence
from scrutiny.pages import now
from scrutiny.requests.legal_basis import item_basis
from scrutiny.requests.models import Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("attendance", __name__)


@blueprint.route("/answering/items/<int:item_id>/attend", methods=["GET", "POST"])
@signed_in
@writes
def answer(item_id: int) -> ResponseReturnValue:
    """Say who attends, whom the agency sends instead, or why nobody can come."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, london_day(at))
    if found.question.kind != ATTENDANCE:
        return redirect(url_for("answering.item", item_id=found.id))
    begun = draft_of(found)
    form = AttendanceForm(data={"comes": begun.attends, "who": begun.attended_by} if begun else None)
    if found.decline_kept is not None and not form.is_submitted():
        form.comes.data, form.who.data, form.why.data = attendance.DECLINES, "", found.decline_kept.ground
    if form.validate_on_submit() and attempt(form, lambda: _answer(found, form)) is not None:
        flash(gettext("Item %(number)s is saved. Nothing is sent yet", number=found.number), "success")
        return redirect(url_for("answering_sending.check", request_id=found.request_id))
    found = access.item_to_answer(item_id, by, london_day(at))
    task = next(one for one in pages.tasks_of(found.request, by, london_day(at)).tasks if one.item.id == found.id)
    return render_template(
        "answering/attend.html",
        form=form,
        item=found,
        request_=found.request,
        task=task,
        attend=found.due_working.attend,
        law=sentence(item_basis(found), AGENCY),
        open=found.state in ANSWERABLE and found.request.state == "issued",
        shown=[
            pages.shown(one, london_day(at))
            for one in found.answers
            if one.submitted_at is not None or found.decline_kept is None
        ],
        declined=[pages.declined(one) for one in found.declines],
        may_correct=correcting.answers_to_correct(found, by),
        may_take_back=pages.may_take_back(found, by, london_day(at)),
        taken_back=pages.taken_back(found),
        beside=beside(found, by, london_day(at)),
    )


def _answer(found: Item, form: AttendanceForm) -> bool:
    """Keep who comes, or why nobody can."""
    by, at = actor(), now()
    if form.comes.data == attendance.DECLINES:
        attendance.keep_decline(found, form.why.data or "", by=by, at=at)
    else:
        attendance.say_attends(found, form.comes.data, form.who.data or "", more=form.why.data or "", by=by, at=at)
    return True
