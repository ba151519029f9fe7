"""The administrator's pages of methods: those in use, a new one to send, what it asks and changes, and letting it be used."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.accounts.queries import people_named
from scrutiny.doors import actor, administrator
from scrutiny.pages import now, today
from scrutiny.public.methods import next_working_day, page_of
from scrutiny.rules import access, queries, service
from scrutiny.rules.files import method_order
from scrutiny.transaction import attempt, undo, writes
from scrutiny.upkeep.forms import MethodForm, UseMethodForm
from scrutiny.whole_numbers import whole_or_none
from workflows.differences import differences
from workflows.methods import read_method
from workflows.reading import Fault, Faulty
from workflows.refusals import Refused

#: So many errors of a file are listed at once.
MOST_FAULTS = 100
blueprint = Blueprint("methods", __name__)


@blueprint.route("/administration/methods", methods=["GET", "POST"])
@administrator
@writes
def methods() -> ResponseReturnValue:
    """The methods in use and those that were sent, and a form for a new one; a faulty one is answered fault by fault."""
    form = MethodForm()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "method.toml"
        try:
            return redirect(url_for(".method", text_id=service.keep_method_text(content, name, by=actor(), at=now()).id))
        except Faulty as faulty:
            undo()
            faults = faulty.faults[:MOST_FAULTS]
            said = ngettext(
                "Correct %(num)d error and send the file again",
                "Correct %(num)d errors and send the file again",
                len(faulty.faults),
            )
            form.file.errors = [said]
        except Refused as refused:
            undo()
            form.file.errors = [refused.sentence]
    in_use, texts = queries.methods(), queries.method_texts()
    return render_template("upkeep/methods.html", form=form, faults=faults, methods=list(in_use.values()), texts=texts)


@blueprint.route("/administration/methods/<int:text_id>", methods=["GET", "POST"])
@administrator
@writes
def method(text_id: int) -> ResponseReturnValue:
    """What a method that was sent asks, how it differs from the version in use, and the button that lets it be used."""
    kept = access.method_to_look_at(text_id, actor())
    form, found = UseMethodForm(), read_method(kept.text, kept.file_name)
    if kept.taken_up_at is None and form.validate_on_submit():
        used = attempt(form, lambda: service.take_up_method(kept, by=actor(), at=now()))
        if used is not None:
            said = gettext("“%(title)s” version %(version)s is used for new reviews.", title=used.title, version=used.version)
            flash(said, "success")
            return redirect(url_for(".methods"))
        kept = access.method_to_look_at(text_id, actor())
    newest = queries.methods().get(found.key)
    newer = newest is None or method_order(found) > method_order(newest)
    return render_template(
        "upkeep/method.html",
        kept=kept,
        form=form,
        page=page_of(found, next_working_day(today())),
        newest=newest,
        newer=newer,
        differences=differences(newest, found) if newest is not None and newer else (),
        people=people_named([key for who in (kept.loaded_by, kept.taken_up_by) if (key := whole_or_none(who.partition(":")[2]))]),
    )
