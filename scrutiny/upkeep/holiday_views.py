"""The administrator's pages of bank holidays: how long they are known, a newer list, what it would change."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import actor, administrator
from scrutiny.pages import now, today
from scrutiny.rules import access, queries, service
from scrutiny.transaction import attempt, writes
from scrutiny.upkeep.forms import HolidayListForm, TakeUpForm
from workflows.bank_holidays import changes, signs_of_age
from workflows.workdays import DIVISION_LABELS

blueprint = Blueprint("holidays", __name__)


@blueprint.route("/administration/holidays", methods=["GET", "POST"])
@administrator
@writes
def known() -> ResponseReturnValue:
    """What is known of each division, the lists sent so far, and a newer one to send."""
    form = HolidayListForm()
    if form.validate_on_submit():
        sent = form.file.data
        content, name = sent.read(), sent.filename or gettext("the list")
        kept = attempt(form, lambda: service.keep_list(content, name, by=actor(), at=now())[0])
        if kept is not None:
            return redirect(url_for(".one_list", list_id=kept.id))
    return render_template(
        "upkeep/holidays.html",
        form=form,
        calendars=list(queries.calendars_in_force()),
        labels=DIVISION_LABELS,
        stale=queries.stale_holidays(today()),
        lists=queries.holiday_lists(),
        in_force=queries.list_in_force(),
    )


@blueprint.route("/administration/holidays/<int:list_id>", methods=["GET", "POST"])
@administrator
@writes
def one_list(list_id: int) -> ResponseReturnValue:
    """What a list would change, and the button that lets it count; or what it changed when it was taken up."""
    kept = access.list_to_look_at(list_id, actor())
    form, in_force = TakeUpForm(), queries.list_in_force()
    new = service.with_it(kept.text, kept.file_name)
    older = signs_of_age(queries.calendars_in_force(), new.calendars)
    if not older:
        del form.older
    if kept != in_force and form.validate_on_submit():
        service.take_up(kept, by=actor(), at=now(), older=bool(older))
        flash(
            gettext(
                "New bank holidays saved. Due dates will be worked out again, and we will email the people whose dates change."
            ),
            "success",
        )
        return redirect(url_for(".known"))
    return render_template(
        "upkeep/holiday_list.html",
        kept=kept,
        form=form,
        counts=kept == in_force,
        calendars=list(new.calendars),
        labels=DIVISION_LABELS,
        changes=changes(queries.calendars_in_force(), new.calendars),
        older=older,
        runs="engine" in current_app.extensions,
    )
