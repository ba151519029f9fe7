"""One gap, for those who can do something about it: open a review, or plan one."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.agenda.access import may_plan
from scrutiny.doors import actor, signed_in
from scrutiny.gaps import acting, words
from scrutiny.gaps.forms import OpenForm, filter_asked
from scrutiny.gaps.found import PlaceGaps, Reading, gaps_of_place
from scrutiny.gaps.register import open_entry
from scrutiny.pages import now, today
from scrutiny.public.access import PlaceShown, place_to_show
from scrutiny.reviews.access import body_to_open_for, may_open
from scrutiny.reviews.opening import start_draft
from scrutiny.transaction import attempt, writes
from workflows.gaps import Gap

blueprint = Blueprint("gap_acts", __name__)


@blueprint.route("/places/<key>/gaps/act", methods=["GET", "POST"])
@signed_in
@writes
def act(key: str) -> ResponseReturnValue:
    """A gap in full; sent, it begins a review that has its place and service filled in."""
    shown, place, gap = gap_asked(key)
    form = OpenForm()
    if form.validate_on_submit():
        body_id, answers = body_to_open_for(actor()), acting.answers_of(gap, place, shown, today())
        draft = attempt(form, lambda: start_draft(body_id, answers, by=actor(), at=now()))
        if draft is not None:
            return redirect(url_for("opening.steps", draft_id=draft.id))
    agencies, by = [gap.agency] if gap.agency else [], actor()
    return render_template(
        "gaps/act.html",
        shown=shown,
        gap=gap,
        title=acting.title_of(gap, place),
        agency=words.agency_words(gap, place),
        form=form,
        words=words,
        may_open=may_open(by),
        may_plan=may_plan(by),
        noted=open_entry(gap, shown.place.id, by.body) if shown.place and by.body is not None else None,
        years=filter_asked().asked().years,
        plan={"place": ",".join(shown.codes), "service": gap.service, "agency": agencies, "title": acting.title_of(gap, place)},
    )


def gap_asked(key: str) -> tuple[PlaceShown, PlaceGaps, Gap]:
    """The gap of an address, for members of a body that opens or plans reviews; 404 where it is none, or none any more."""
    by = actor()
    if not (may_open(by) or may_plan(by)):
        abort(403)
    shown = place_to_show(key, None, today())
    place = gaps_of_place(shown.name, shown.areas, filter_asked().asked(), Reading(by, today(), shown.on))
    gap = next((gap for gap in place.gaps if gap.key == request.args.get("gap", "")), None)
    return shown, place, gap or abort(404)
