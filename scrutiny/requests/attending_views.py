"""Pages of attendance: the officer's that asks for it, and the agency's that says who comes, or why nobody does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scrutiny.agencies.queries import agencies_by_id
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day, plural
from scrutiny.pages import now
from scrutiny.requests import answering_access, attending, drafting, presenters, queries
from scrutiny.requests import answering_pages as pages
from scrutiny.requests.answering_forms import AttendanceForm
from scrutiny.requests.answering_queries import ANSWERABLE, draft_of
from scrutiny.requests.forms import AttendForm
from scrutiny.requests.models import Item
from scrutiny.reviews.access import review_to_run
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Review
from scrutiny.reviews.presenters import line_choices
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("attending", __name__)


@blueprint.route("/reviews/<reference>/requests/attend", methods=["GET", "POST"])
@signed_in
@writes
def ask(reference: str) -> ResponseReturnValue:
    """Ask agencies to attend a meeting: it goes into their drafts, with the law and the notice beside it."""
    review, form = review_to_run(reference, actor()), AttendForm()
    form.line.choices = line_choices(review.open_lines)
    here = {one.agency_id for one in drafting.answering_here(review)} | queries.agencies_asked(review)
    form.agencies.choices = presenters.agency_choices(agencies_by_id(sorted(here)).values(), but=())
    if form.validate_on_submit() and (items := attempt(form, lambda: _ask(review, form))):
        flash(f"{plural(len(items), 'agency', 'agencies')} asked to attend, in a draft; nothing is sent yet", "success")
        return redirect(url_for("requests.of_review", reference=reference))
    return render_template("requests/attend.html", form=form, review=review_to_run(reference, actor()))


def _ask(review: Review, form: AttendForm) -> list[Item]:
    """Put the meeting into the draft of each agency chosen."""
    assert form.held_on.data is not None  # InputRequired
    asked = attending.Asked(
        held_on=form.held_on.data,
        place=form.place.data or "",
        about=form.about.data or "",
        begins=form.begins.data or "",
        whom=form.whom.data or "",
        why=form.why.data or "",
        answer_by=form.wanted_on.data,
    )
    line = next(one for one in review.lines if one.id == form.line.data)
    chosen = agencies_by_id(form.agencies.data)
    return attending.ask_to_attend(review, list(chosen.values()), asked, line=line, by=actor(), at=now())


@blueprint.route("/answering/items/<int:item_id>/attend", methods=["GET", "POST"])
@signed_in
@writes
def answer(item_id: int) -> ResponseReturnValue:
    """Say who attends, whom the agency sends instead, or why nobody can come."""
    by, at = actor(), now()
    found = answering_access.item_to_answer(item_id, by, london_day(at))
    if found.question.kind != ATTENDANCE:
        return redirect(url_for("answering.item", item_id=found.id))
    begun = draft_of(found)
    form = AttendanceForm(data={"comes": begun.attends, "who": begun.attended_by} if begun else None)
    if form.validate_on_submit() and attempt(form, lambda: _answer(found, form)) is not None:
        if form.comes.data == attending.DECLINES:
            flash("The asker has been told that nobody can attend, and why", "success")
            return redirect(url_for("answering.tasks", request_id=found.request_id))
        flash(f"Item {found.number} is saved. Nothing is sent yet", "success")
        return redirect(url_for("answering_sending.check", request_id=found.request_id))
    found = answering_access.item_to_answer(item_id, by, london_day(at))
    task = next(one for one in pages.tasks_of(found.request, by, london_day(at)).tasks if one.item.id == found.id)
    return render_template(
        "answering/attend.html",
        form=form,
        item=found,
        request_=found.request,
        task=task,
        attend=found.due_working.get("attend", {}),
        open=found.state in ANSWERABLE and found.request.state == "issued",
        shown=[pages.shown(one) for one in found.answers],
    )


def _answer(found: Item, form: AttendanceForm) -> bool:
    """Keep who comes, or decline."""
    by, at = actor(), now()
    if form.comes.data == attending.DECLINES:
        attending.decline(found, form.why.data or "", by=by, at=at)
    else:
        attending.say_attends(found, form.comes.data, form.who.data or "", more=form.why.data or "", by=by, at=at)
    return True
