"""Pages of this room: what is loaded, loading more, and how far a loading is; for administrators."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.areas import queries
from scrutiny.doors import actor, administrator
from scrutiny.formats import london_day
from scrutiny.lineage import history
from scrutiny.loading import access, uploads
from scrutiny.loading.forms import LoadForm, as_typed, in_words_of_the_page
from scrutiny.pages import now
from scrutiny.rules.queries import rules
from scrutiny.transaction import writes
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
    form = LoadForm(**as_typed(access.loading_to_read(again, actor()).task) if again else {}).offer(rules().area_kinds)
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


@blueprint.route("/administration/boundaries/loading/<int:progress_id>")
@administrator
def loading(progress_id: int) -> ResponseReturnValue:
    """How far a loading is, or what came of it."""
    progress = access.loading_to_read(progress_id, actor())
    return render_template("areas/loading.html", progress=progress, fault=in_words_of_the_page(progress.fault or ""))


@blueprint.route("/administration/boundaries/loads/<int:load_id>")
@administrator
def one_load(load_id: int) -> ResponseReturnValue:
    """One loading: what was ended, repaired and skipped, and its remarks."""
    return render_template("areas/one_load.html", load=access.load_to_read(load_id, actor()))


@blueprint.route("/administration/boundaries/lineage")
@administrator
def lineage() -> ResponseReturnValue:
    """Every link of lineage loaded, by pages, or those of a code or name."""
    text, page = request.args.get("text", "")[:100], max(request.args.get("page", 1, type=whole), 1)
    links, count = history.links(text, page, PAGE)
    return render_template("areas/lineage.html", links=links, count=count, page=page, pages=max(1, -(-count // PAGE)), text=text)
