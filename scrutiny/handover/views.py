"""The pages on which somebody's work is handed over: to whom, then what passes on."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.handover import access, presenters, service
from scrutiny.handover.forms import ColleagueForm, HandOverForm
from scrutiny.handover.queries import Work
from scrutiny.pages import now, today
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import SelectChoice

blueprint = Blueprint("handover", __name__)


@blueprint.route("/people/<int:person_id>/hand-over", methods=["GET", "POST"])
@signed_in
@writes
def colleague(person_id: int) -> ResponseReturnValue:
    """Choose who takes the work, of the same body or agency."""
    person, form = access.person_who_leaves(person_id, actor()), ColleagueForm()
    found = access.colleagues_of(person, actor(), on=today())
    form.to.choices = [
        SelectChoice(value="", label=gettext("Choose a person")),
        *(SelectChoice(value=key, label=other.name, optgroup=owner.name) for key, (owner, other) in found.items()),
    ]
    if form.validate_on_submit():
        return redirect(url_for(".preview", person_id=person_id, to=form.to.data))
    return render_template("handover/colleague.html", form=form, person=person, anybody=bool(found))


@blueprint.route("/people/<int:person_id>/hand-over/preview", methods=["GET", "POST"])
@signed_in
@writes
def preview(person_id: int) -> ResponseReturnValue:
    """What passes on, and the button that hands it over; shown again where it has changed meanwhile."""
    by, to = actor(), request.args.get("to", "")
    person = access.person_who_leaves(person_id, by)
    work = access.work_to_hand_over(person, to, by, on=today())
    if work is None:
        flash(gettext("Choose who takes over the work."))
        return redirect(url_for(".colleague", person_id=person_id))
    form = HandOverForm(seen=work.mark)
    if form.validate_on_submit():
        if form.seen.data != work.mark:
            form.form_errors.append(gettext("What will be handed over has changed since you opened this page. Check it again."))
            form.seen.data = form.seen.raw_data = work.mark
        elif attempt(form, partial(_hand_over, work)):
            done = gettext("The work of %(name)s is handed over.", name=person.name)
            flash(f"{done} {queued_now('work_handed_over')}", "success")
            return redirect(url_for("bodies.person", person_id=person_id) if by.administrator else url_for("accounts.account"))
        else:
            person = access.person_who_leaves(person_id, by)
            work = access.work_to_hand_over(person, to, by, on=today()) or work
    return render_template(
        "handover/preview.html", form=form, work=work, told=presenters.in_words(work), with_roles=by.administrator
    )


def _hand_over(work: Work) -> list[str]:
    """Hand it over."""
    return service.hand_over(work, by=actor(), at=now(), on=today())
