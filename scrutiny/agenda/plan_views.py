"""Pages of planned reviews: the list, one plan with what it does and runs into, recording, changing and moving it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agenda import access, plan_choices, planning
from scrutiny.agenda.clash_words import said_of
from scrutiny.agenda.effects import Effects, effects_of
from scrutiny.agenda.forms import DropPlanForm, MovePlanForm, OverrideForm, PlanForm
from scrutiny.agenda.item import Reader
from scrutiny.agenda.models import ReviewPlan
from scrutiny.bodies.models import Body
from scrutiny.conduct.preview_token import mark_of
from scrutiny.doors import actor, signed_in
from scrutiny.pages import now, today
from scrutiny.rules.queries import methods, rules
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import SelectChoice
from workflows.clashes import BLOCK
from workflows.lifecycles.plan import PLAN
from workflows.refusals import Stale

blueprint = Blueprint("plans", __name__, url_prefix="/plans")


@blueprint.get("")
@signed_in
def plans() -> ResponseReturnValue:
    """The plans of the body acted for, and those shared with it."""
    by = actor()
    rows = plan_choices.plans_of(access.planning_for(by))
    return render_template("agenda/plans.html", rows=rows, states=PLAN.states, may_plan=access.may_plan(by), body=by.body)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@writes
def new() -> ResponseReturnValue:
    """Record an idea; what it would do is shown first."""
    body = access.body_to_plan_for(actor())
    form = PlanForm(**plan_choices.brought(request.args, today()))
    plan_choices.offer(form, body, today(), places=bool(form.agencies.data))
    if form.validate_on_submit():
        details = plan_choices.details_of(form, body)
        effects = effects_of(planning.wanted_of(details, body), Reader(actor(), today()))
        if form.looked.data != mark_of(effects):
            return _looked(form, body, effects)
        plan = attempt(form, lambda: planning.record_plan(details, body, by=actor(), at=now()))
        if plan is not None:
            flash(gettext("Saved. Only the bodies that share the plan can see it."), "success")
            return redirect(url_for(".plan", plan_id=plan.id))
    return render_template("agenda/plan_form.html", form=form, plan=None, effects=None)


@blueprint.get("/<int:plan_id>")
@signed_in
def plan(plan_id: int) -> ResponseReturnValue:
    """One plan: what it is, what it would do to each agency, what it runs into, and what may be done next."""
    by = actor()
    row = access.plan_to_read(plan_id, by)
    effects = effects_of(planning.wanted_now(row), Reader(by, today()))
    clashes = said_of(effects)
    kept = {one.clash: one for one in row.overrides}
    leads = row.body_id == by.body and access.may_plan(by)
    asked = next((one for one in row.partners if one.body_id == by.body), None)
    return render_template(
        "agenda/plan.html",
        plan=row,
        state=PLAN.states[row.state],
        method=methods().get(row.method),
        services=[rules().services[key].title for key in row.services if key in rules().services],
        effects=effects,
        clashes=clashes,
        kept=kept,
        open_clashes=[one for one in clashes if one.key not in kept],
        moves=PLAN.open_to(row.state, by) if leads else (),
        may_agree=asked is not None and asked.agreed_at is None and row.state == "proposed" and access.may_plan(by),
        may_override=access.may_plan(by) and row.state not in ("under_way", "dropped"),
        leads=leads,
        form=MovePlanForm(version=row.version),
        block=BLOCK,
    )


@blueprint.route("/<int:plan_id>/change", methods=["GET", "POST"])
@signed_in
@writes
def change(plan_id: int) -> ResponseReturnValue:
    """Change a plan or move its days; what that would do is shown first."""
    row = access.plan_to_change(plan_id, actor())
    form = PlanForm(data=plan_choices.values_of(row))
    plan_choices.offer(form, row.body, today(), places=not form.is_submitted())
    if not form.validate_on_submit():
        return render_template("agenda/plan_form.html", form=form, plan=row, effects=None)
    details = plan_choices.details_of(form, row.body)
    effects = effects_of(planning.wanted_of(details, row.body, row), Reader(actor(), today()))
    if form.looked.data != mark_of(effects):
        return _looked(form, row.body, effects, row)
    seen = whole_or_none(form.version.data)
    try:
        done = attempt(form, lambda: planning.change_plan(row, details, seen=seen, by=actor(), at=now()))
    except Stale as stale:
        undo()
        theirs = access.plan_to_change(plan_id, actor())
        form.form_errors.append(stale.sentence)
        form.version.data = form.version.raw_data = str(theirs.version)
        both = plan_choices.both_versions(theirs, form)
        return render_template("agenda/plan_form.html", form=form, plan=theirs, effects=None, both=both), 409
    if done is None:
        return render_template("agenda/plan_form.html", form=form, plan=row, effects=None)
    flash(gettext("Saved."), "success")
    return redirect(url_for(".plan", plan_id=plan_id))


@blueprint.route("/<int:plan_id>/move/<any(propose, agree, announce, open, return):move>", methods=["POST"])
@signed_in
@writes
def move(plan_id: int, move: str) -> ResponseReturnValue:
    """Move a plan along; a refusal is said on its page."""
    row, form = access.plan_to_change(plan_id, actor()), MovePlanForm()
    done: ReviewPlan | None = None
    if form.validate_on_submit():
        seen = whole_or_none(form.version.data)
        try:
            done = attempt(form, lambda: planning.move_plan(row, planning.Step(move, seen), by=actor(), at=now()))
        except Stale:
            undo()
            form.form_errors.append(gettext("Somebody else has changed this plan since you opened it. Look at it again"))
    if done is None:
        for sentence in form.form_errors:
            flash(sentence)
    elif move == "open" and done.draft_id is not None:
        return redirect(url_for("opening.steps", draft_id=done.draft_id))
    else:
        flash(gettext("The plan is now: %(state)s.", state=PLAN.states[done.state].lower()), "success")
    return redirect(url_for(".plan", plan_id=plan_id))


@blueprint.route("/<int:plan_id>/agree", methods=["POST"])
@signed_in
@writes
def agree(plan_id: int) -> ResponseReturnValue:
    """Agree to a plan that is shared with the body acted for."""
    row, form = access.plan_to_agree(plan_id, actor()), MovePlanForm()
    if form.validate_on_submit():
        seen = whole_or_none(form.version.data)
        try:
            if attempt(form, lambda: planning.agree_to(row, seen=seen, by=actor(), at=now())):
                flash(gettext("You have agreed to this plan."), "success")
        except Stale:
            undo()
            form.form_errors.append(gettext("Somebody else has changed this plan since you opened it. Look at it again"))
    for sentence in form.form_errors:
        flash(sentence)
    return redirect(url_for(".plan", plan_id=plan_id))


@blueprint.route("/<int:plan_id>/drop", methods=["GET", "POST"])
@signed_in
@writes
def drop(plan_id: int) -> ResponseReturnValue:
    """Drop a plan, with the reason."""
    row = access.plan_to_change(plan_id, actor())
    form = DropPlanForm(version=row.version)
    if form.validate_on_submit():
        why, seen = form.why.data or "", whole_or_none(form.version.data)
        if attempt(form, lambda: planning.move_plan(row, planning.Step("drop", seen, why), by=actor(), at=now())):
            flash(gettext("The plan is dropped."), "success")
            return redirect(url_for(".plan", plan_id=plan_id))
    return render_template("agenda/drop.html", form=form, plan=row)


@blueprint.route("/<int:plan_id>/keep", methods=["GET", "POST"])
@signed_in
@writes
def keep(plan_id: int) -> ResponseReturnValue:
    """Say why a clash must stay."""
    row, form = access.plan_to_override(plan_id, actor()), OverrideForm(clash=request.args.get("clash", "")[:200])
    kept = {one.clash for one in row.overrides}
    said = [one for one in said_of(effects_of(planning.wanted_now(row), Reader(actor(), today()))) if one.key not in kept]
    form.clash.choices = [SelectChoice(value=one.key, label=f"{one.rule}: {one.what}, {one.days}") for one in said]
    if form.validate_on_submit():
        clash, why = form.clash.data, form.why.data or ""
        if attempt(form, lambda: planning.override(row, clash, why, by=actor(), at=now())):
            flash(gettext("Kept. Every body that shares the plan can read your reason."), "success")
            return redirect(url_for(".plan", plan_id=plan_id))
    return render_template("agenda/keep.html", form=form, plan=row, there=bool(said))


def _looked(form: PlanForm, body: Body, effects: Effects, row: ReviewPlan | None = None) -> str:
    """The form again with what the plan would do, to be saved once that was seen."""
    form.looked.data = form.looked.raw_data = mark_of(effects)
    return render_template("agenda/plan_form.html", form=form, plan=row, effects=effects, clashes=said_of(effects), block=BLOCK)
