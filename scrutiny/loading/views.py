"""Pages of this room: what is loaded, loading more, and how far a loading is; for administrators."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.areas import queries
from scrutiny.areas.unloading import undo_load, why_not_undone
from scrutiny.doors import actor, administrator
from scrutiny.formats import london_day, number
from scrutiny.lineage import history
from scrutiny.loading import access, uploads
from scrutiny.loading.forms import LoadForm, LookedAtForm, UndoForm, in_words_of_the_page
from scrutiny.loading.tasks import task_of
from scrutiny.pages import now
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole
from workflows.refusals import Refused

blueprint = Blueprint("areas", __name__)
PAGE = 100


@blueprint.route("/administration/boundaries")
@administrator
def boundaries() -> ResponseReturnValue:
    """What is loaded of each kind, and every loading."""
    return render_template(
        "areas/boundaries.html",
        kinds=queries.kinds_loaded(london_day(now())),
        loads=queries.loads(),
        under_way=uploads.under_way(),
        refused=uploads.refused(now()),
        postcodes=queries.postcode_count(),
    )


@blueprint.route("/administration/boundaries/load", methods=["GET", "POST"])
@administrator
@writes
def load() -> ResponseReturnValue:
    """Send a file; its loading goes on in a process of its own. After one that was refused, the form is as it was sent."""
    again = request.args.get("again", type=whole)
    typed = replace(task_of(access.loading_to_read(again, actor())), look=False) if again else None
    form = LoadForm(obj=typed).offer(rules().area_kinds)
    if form.validate_on_submit():
        sent = form.file.data
        try:
            progress = uploads.begin(sent.read(), sent.filename or "file", form.task(), by=actor(), at=now())
        except Refused as refused:
            form.file.errors = [refused.sentence]
        else:
            uploads.start(progress.id)
            return redirect(url_for("areas.loading", progress_id=progress.id))
    return render_template("areas/load.html", form=form)


@blueprint.route("/administration/boundaries/loading/<int:progress_id>", methods=["GET", "POST"])
@administrator
@writes
def loading(progress_id: int) -> ResponseReturnValue:
    """How far a loading is, or what came of it; one that was looked at first is loaded or dropped here."""
    progress, form = access.loading_to_read(progress_id, actor()), LookedAtForm()
    waits = uploads.waits_for_a_word(progress, now())
    if waits and form.validate_on_submit():
        if form.drop.data:
            uploads.drop_looked_at(progress, at=now())
            flash(gettext("Nothing was loaded, and the file is not kept"), "success")
            return redirect(url_for("areas.boundaries"))
        begun = uploads.begin_looked_at(progress, by=actor(), at=now())
        uploads.start(begun.id)
        return redirect(url_for("areas.loading", progress_id=begun.id))
    fault = in_words_of_the_page(progress.fault or "")
    return render_template("areas/loading.html", progress=progress, fault=fault, form=form if waits else None)


@blueprint.route("/administration/boundaries/loads/<int:load_id>", methods=["GET", "POST"])
@administrator
@writes
def one_load(load_id: int) -> ResponseReturnValue:
    """One loading: what was ended, repaired and skipped, and its remarks; undone while nothing rests on it."""
    found, form = access.load_to_read(load_id, actor()), UndoForm()
    if form.validate_on_submit():
        gone = attempt(form, lambda: undo_load(found, by=actor(), at=now()))
        if gone is not None:
            flash(
                gettext("Load undone: %(areas)s taken away", areas=ngettext("%(n)s area", "%(n)s areas", gone, n=number(gone))),
                "success",
            )
            return redirect(url_for("areas.one_load", load_id=load_id))
    why = why_not_undone(found)
    return render_template("areas/one_load.html", load=found, form=form, why=why)


@blueprint.route("/administration/boundaries/lineage")
@administrator
def lineage() -> ResponseReturnValue:
    """Every link of lineage loaded, by pages, or those of a code or name."""
    text, page = request.args.get("text", "")[:100], max(request.args.get("page", 1, type=whole), 1)
    links, count = history.links(text, page, PAGE)
    return render_template("areas/lineage.html", links=links, count=count, page=page, pages=max(1, -(-count // PAGE)), text=text)
