"""The administrator's pages of calendar entries: what counts, the files loaded, a new one, and withdrawing one."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.doors import actor, administrator
from scrutiny.formats import full_stop, number
from scrutiny.pages import now, today
from scrutiny.public_calendar import access, presenters, queries, service
from scrutiny.public_calendar.forms import CalendarForm, WithdrawCalendarForm
from scrutiny.transaction import attempt, undo, writes
from workflows.calendar_entries import COLUMNS, KINDS
from workflows.reading import Faulty

blueprint = Blueprint("public_calendar", __name__, url_prefix="/administration/calendar")
#: How far the list of what counts looks ahead.
AHEAD = timedelta(days=730)
SHOWN = 60


@blueprint.route("", methods=["GET", "POST"])
@administrator
@writes
def entries() -> ResponseReturnValue:
    """What counts from today on, the files loaded, and a form for another."""
    form, faults = CalendarForm(), list[str]()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or gettext("the file")
        try:
            loaded = attempt(form, lambda: service.load_calendar(content, name, by=actor(), at=now()))
        except Faulty as faulty:
            undo()
            loaded, faults = None, [fault.sentence for fault in faulty.faults]
            form.file.errors = [*form.file.errors, gettext("Put right what is listed below, then choose the file again")]
        if loaded is not None:
            n = loaded.load.entries
            flash(ngettext("%(shown)s entry loaded", "%(shown)s entries loaded", n, shown=number(n)), "success")
            for warning in loaded.warnings[:SHOWN]:
                flash(full_stop(warning))
            return redirect(url_for(".entries"))
    found = queries.entries(today(), today() + AHEAD)
    return render_template(
        "public_calendar/entries.html",
        form=form,
        faults=faults[:SHOWN],
        rows=[(one, KINDS[one.kind], presenters.whom(one, names)) for names in [presenters.names_of(found)] for one in found],
        loads=queries.loads(),
        columns=COLUMNS,
    )


@blueprint.route("/<int:load_id>/withdraw", methods=["GET", "POST"])
@administrator
@writes
def withdraw(load_id: int) -> ResponseReturnValue:
    """Withdraw a file, once it has been said what that does."""
    row, form = access.load_to_withdraw(load_id, actor()), WithdrawCalendarForm()
    if form.validate_on_submit() and attempt(form, lambda: service.withdraw_calendar(row, by=actor(), at=now())):
        flash(gettext("Withdrawn. None of its entries counts any more."), "success")
        return redirect(url_for(".entries"))
    return render_template("public_calendar/withdraw.html", form=form, row=row)
