"""The administrator's pages: what changes and when, the new areas, who goes where, the preview, staging and undoing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import actor, administrator
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.reorganisation import access, presenters, queries, service
from scrutiny.reorganisation.forms import ButtonForm, NewAreaForm, WhatForm, people_form
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import Plan, check_plan, plain, read_plan
from scrutiny.reorganisation.preview import preview
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.lifecycles.reorganisation import REORGANISATION

blueprint = Blueprint("reorganisation", __name__, url_prefix="/administration/reorganisations")


@blueprint.route("")
@administrator
def reorganisations() -> ResponseReturnValue:
    """Every reorganisation: its day and how it stands."""
    return render_template(
        "reorganisation/reorganisations.html", rows=queries.reorganisations(), states=REORGANISATION.states, today=_today()
    )


@blueprint.route("/new", methods=["GET", "POST"])
@administrator
@writes
def new() -> ResponseReturnValue:
    """Begin one: what changes, and when."""
    form = WhatForm()
    if form.validate_on_submit():
        row = attempt(form, lambda: service.prepare(_planned(form, None), by=actor(), at=now()))
        if row is not None:
            return redirect(url_for(".one", change=row.reference))
    return render_template("reorganisation/what.html", form=form, row=None)


@blueprint.route("/<change>")
@administrator
def one(change: str) -> ResponseReturnValue:
    """One reorganisation: what is planned, how it stands, and what may be done next."""
    row = access.reorganisation_to_keep(change, actor())
    plan = read_plan(row.plan)
    return render_template(
        "reorganisation/one.html",
        row=row,
        plan=plan,
        states=REORGANISATION.states,
        may_undo=_may_undo(row),
        form=ButtonForm(),
        names=queries.names_of(plan.ending, plan.on),
    )


@blueprint.route("/<change>/what", methods=["GET", "POST"])
@administrator
@writes
def what(change: str) -> ResponseReturnValue:
    """Change what changes, and when."""
    row, plan = access.plan_to_change(change, actor())
    form = WhatForm(data=presenters.what_values(plan, row.version))
    if form.validate_on_submit() and attempt(form, lambda: _revised(row, _planned(form, plan), form)):
        return redirect(url_for(".one", change=change))
    return render_template("reorganisation/what.html", form=form, row=row)


@blueprint.route("/<change>/areas/add", methods=["GET", "POST"])
@administrator
@writes
def add_area(change: str) -> ResponseReturnValue:
    """Add a new area and its council."""
    row, plan = access.plan_to_change(change, actor())
    form = NewAreaForm(data={"version": str(row.version)})
    if form.validate_on_submit() and attempt(form, lambda: _revised(row, _with(plan, form, None), form)):
        flash(gettext("%(name)s is added", name=form.name.data), "success")
        return redirect(url_for(".one", change=change))
    return render_template("reorganisation/area.html", form=form, row=row, area=None)


@blueprint.route("/<change>/areas/<code>", methods=["GET", "POST"])
@administrator
@writes
def area(change: str, code: str) -> ResponseReturnValue:
    """Change a new area."""
    row, plan, found = access.new_area_to_change(change, code, actor())
    form = NewAreaForm(data=presenters.area_values(found, row.version))
    if form.validate_on_submit() and attempt(form, lambda: _revised(row, _with(plan, form, code), form)):
        return redirect(url_for(".one", change=change))
    return render_template("reorganisation/area.html", form=form, row=row, area=found)


@blueprint.route("/<change>/areas/<code>/remove", methods=["POST"])
@administrator
@writes
def remove_area(change: str, code: str) -> ResponseReturnValue:
    """Take a new area out of the plan."""
    row, plan, found = access.new_area_to_change(change, code, actor())
    values = plain(plan)
    values["new"] = [one for one in values["new"] if one["code"] != code]
    values["people"] = {who: [to for to in codes if to != code] for who, codes in values["people"].items()}
    service.revise(row, check_plan(values, row.reference, whole=False), seen=None, by=actor(), at=now())
    flash(gettext("%(found)s is taken out", found=found.name), "success")
    return redirect(url_for(".one", change=change))


@blueprint.route("/<change>/people", methods=["GET", "POST"])
@administrator
@writes
def people(change: str) -> ResponseReturnValue:
    """Say where people go who are not to follow the rule."""
    row, plan = access.plan_to_change(change, actor())
    found = preview(plan, today=_today())
    choices = presenters.people_choices(found)
    form = people_form(choices)(data={**presenters.people_values(found), "version": str(row.version)})
    if form.validate_on_submit():
        values = plain(plan) | {"people": presenters.people_chosen(found, form)}
        if attempt(form, lambda: _revised(row, check_plan(values, row.reference, whole=False), form)):
            return redirect(url_for(".preview_page", change=change))
    return render_template("reorganisation/people.html", form=form, row=row, count=len(choices))


@blueprint.route("/<change>/preview", methods=["GET", "POST"])
@administrator
@writes
def preview_page(change: str) -> ResponseReturnValue:
    """Everything it would change, with people; the button stages it. Once it is staged, what was shown then."""
    row = access.reorganisation_to_keep(change, actor())
    if row.state != "drafted":
        return _kept_preview(row)
    row, plan = access.plan_to_change(change, actor())
    form = ButtonForm(data={"version": str(row.version)})
    if form.validate_on_submit() and attempt(form, lambda: _staged(row)):
        flash(gettext("Staged for %(on)s. Nothing changes before; until then it can be undone", on=day(row.on)), "success")
        return redirect(url_for(".one", change=change))
    found = preview(plan, today=_today())
    return render_template("reorganisation/preview.html", form=form, row=row, found=found, present=presenters)


def _kept_preview(row: Reorganisation) -> ResponseReturnValue:
    """What was shown when it was staged: worked out today, it would find its own areas and councils in the way."""
    if request.method == "POST":
        flash(gettext("Nothing was changed: this plan is no longer being prepared."))
        return redirect(url_for(".one", change=row.reference))
    kept = row.journal.get("preview")
    return render_template(
        "reorganisation/kept_preview.html", row=row, kept=kept, states=REORGANISATION.states, present=presenters
    )


@blueprint.route("/<change>/undo", methods=["GET", "POST"])
@administrator
@writes
def undo(change: str) -> ResponseReturnValue:
    """Take a staging back, after saying what that means."""
    row, form = access.reorganisation_to_keep(change, actor()), ButtonForm()
    if form.validate_on_submit() and attempt(form, lambda: _undone(row)):
        flash(gettext("Undone: everything is as it was before it was staged"), "success")
        return redirect(url_for(".one", change=change))
    row = access.reorganisation_to_keep(change, actor())
    return render_template("reorganisation/undo.html", form=form, row=row, may_undo=_may_undo(row), states=REORGANISATION.states)


@blueprint.route("/<change>/drop", methods=["POST"])
@administrator
@writes
def drop(change: str) -> ResponseReturnValue:
    """Give up a plan."""
    row, _ = access.plan_to_change(change, actor())
    service.drop(row, by=actor(), at=now())
    flash(gettext("%(title)s is dropped", title=row.title), "success")
    return redirect(url_for(".reorganisations"))


def _planned(form: WhatForm, plan: Plan | None) -> Plan:
    """What was typed on the first page, with what the others hold."""
    held = {key: plain(plan)[key] for key in ("new", "people")} if plan else {}
    return check_plan(form.changed(plan) | held, whole=False)


def _with(plan: Plan, form: NewAreaForm, code: str | None) -> Plan:
    """The plan with a new area in the place of one (or at the end)."""
    values: dict[str, Any] = plain(plan)
    typed = plain(Plan(plan.title, plan.on, plan.ending, (form.area(),)))["new"][0]
    at = next((n for n, one in enumerate(values["new"]) if one["code"] == code), None)
    if at is None:
        values["new"].append(typed)
    else:
        kept = values["new"][at]
        values["new"][at] = typed | {key: kept[key] for key in ("kinds", "name_cy") if key in kept}
        if typed["code"] != code:
            values["people"] = {
                who: [typed["code"] if to == code else to for to in codes] for who, codes in values["people"].items()
            }
    return check_plan(values, whole=False)


def _revised(row: Reorganisation, plan: Plan, form: Any) -> bool:
    """Keep a changed plan."""
    service.revise(row, plan, seen=whole_or_none(form.version.data), by=actor(), at=now())
    return True


def _staged(row: Reorganisation) -> bool:
    """Stage it."""
    service.stage(row, by=actor(), at=now())
    return True


def _undone(row: Reorganisation) -> bool:
    """Undo it."""
    service.undo_staging(row, by=actor(), at=now())
    return True


def _may_undo(row: Reorganisation) -> bool:
    """Whether it is staged and its day is still to come."""
    return row.state == "staged" and row.on > _today()


def _today() -> date:
    """The day in London."""
    return london_day(now())
