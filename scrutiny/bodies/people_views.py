"""The pages of a list of people: sent, shown with what each row will do, and loaded once that is confirmed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from scrutiny.adapters import fitted
from scrutiny.bodies import access
from scrutiny.bodies.forms import PeopleListForm, PeopleLoadForm
from scrutiny.bodies.people_register import (
    COLUMNS,
    INVITE,
    JOIN,
    LET_IN,
    NOTHING,
    FaultyList,
    Row,
    in_words,
    keep_list,
    load_people,
    mark_of,
    plan_people,
)
from scrutiny.doors import actor, administrator
from scrutiny.formats import full_stop
from scrutiny.pages import now, today
from scrutiny.transaction import attempt, undo, writes, writes_in_parts
from workflows.roles import LABELS

blueprint = Blueprint("people_lists", __name__)
#: How many faults a page names.
FAULTS_SAID = 50
DEEDS = {
    INVITE: lazy_gettext("Invite, and add the role"),
    LET_IN: lazy_gettext("Invite again, as their account had ended, and add the role"),
    JOIN: lazy_gettext("Add the role"),
    NOTHING: lazy_gettext("Nothing: they have this role already"),
}


@blueprint.route("/administration/people/load", methods=["GET", "POST"])
@administrator
@writes
def send() -> ResponseReturnValue:
    """Send a list of people; the next page shows what each row will do."""
    form, faults = PeopleListForm(), list[str]()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "people.csv"
        try:
            plan_people(content, name, on=today())
        except FaultyList as faulty:
            faults = faulty.faults
        else:
            return redirect(url_for(".preview", list_id=keep_list(content, name, by=actor(), at=now())))
    return _send_page(form, faults)


@blueprint.route("/administration/people/load/<int:list_id>", methods=["GET", "POST"])
@administrator
@writes_in_parts
def preview(list_id: int) -> ResponseReturnValue:
    """What each row will do; loaded where what was confirmed is still what would happen."""
    row = access.people_list_to_load(list_id, actor())
    try:
        content = fitted.files().aside(row.task["aside"]).read(row.task["sha256"])
        rows = plan_people(content, row.title, on=today())
    except (OSError, LookupError):
        flash(gettext("The list is no longer kept. Send it again."))
        return redirect(url_for(".send"))
    except FaultyList as faulty:
        undo()
        return _send_page(PeopleListForm(formdata=None), faulty.faults)
    form = PeopleLoadForm(seen=mark_of(rows))
    if form.validate_on_submit():
        if form.seen.data == mark_of(rows):
            done = attempt(form, lambda: load_people(rows, by=actor(), at=now(), on=today()))
            if done is not None:
                return _loaded(list_id, *done)
            return _preview_page(form, row.title, plan_people(content, row.title, on=today()))
        form.form_errors.append(gettext("What the list does has changed since you opened this page. Check it again."))
        form.seen.data = form.seen.raw_data = mark_of(rows)
    return _preview_page(form, row.title, rows)


def _loaded(list_id: int, done: tuple[Row, ...], refused: str) -> ResponseReturnValue:
    """What was done of a list is said; where somebody else changed something meanwhile, what is left is shown again."""
    flash(" ".join(in_words(done, done=True)), "success")
    if not refused:
        return redirect(url_for("bodies.people"))
    flash(gettext("The other rows were not done. %(why)s", why=full_stop(refused)), "error")
    return redirect(url_for(".preview", list_id=list_id))


def _preview_page(form: PeopleLoadForm, title: str, rows: tuple[Row, ...]) -> str:
    """The page of a plan."""
    return render_template(
        "bodies/load_people.html",
        form=form,
        title=title,
        rows=rows,
        told=in_words(rows),
        deeds=DEEDS,
        labels=LABELS,
        changes=any(row.deed != NOTHING for row in rows),
    )


def _send_page(form: PeopleListForm, faults: list[str]) -> str:
    """The page a list is sent on, with what is wrong with the one that was."""
    if faults:
        form.file.errors = [
            ngettext(
                "Correct %(num)d error and send the list again", "Correct %(num)d errors and send the list again", len(faults)
            )
        ]
    left = len(faults) - FAULTS_SAID
    more = [ngettext("There is %(num)d more error.", "There are %(num)d more errors.", left)] if left > 0 else []
    columns = ",".join(COLUMNS)
    return render_template("bodies/send_people.html", form=form, columns=columns, faults=[*faults[:FAULTS_SAID], *more])
