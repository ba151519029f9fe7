"""Many places at once: anyone sends a list, waits while it is answered, and takes the table away."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts.limits import LISTS
from scrutiny.agencies import bulk_jobs as lists
from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.public import access
from scrutiny.public.bulk_forms import ManyForm
from scrutiny.public.presenters import on_day
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, writes, writes_in_parts, writes_now
from scrutiny.work.claims import Progress
from scrutiny.work.puzzles import may_try_here

blueprint = Blueprint("many", __name__)
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: So many rows are shown on the page; the files hold all.
SHOWN = 20
FAULTS_SHOWN = 100


@blueprint.route("/many", methods=["GET", "POST"])
@public
@writes_in_parts
def ask() -> ResponseReturnValue:
    """Paste or send a list of postcodes or codes."""
    form = ManyForm().offer(list(rules().agency_kinds.values()), list(rules().services.values()))
    if form.validate_on_submit():
        if not may_send_list():
            form.form_errors.append(
                gettext("Many lists or tables have been sent from your network. Wait an hour, then send this again")
            )
            return render_template("public/many.html", form=form), 429
        cells = attempt(form, form.cells)
        if cells is not None:
            with writes_now():
                begun = attempt(form, lambda: lists.begin(cells, form.wanted(london_day(now())), at=now()))
                token = lists.address_of(begun) if begun else ""
            if begun is not None:
                lists.start(begun.id)
                return redirect(url_for(".answers", token=token))
    return render_template("public/many.html", form=form)


def may_send_list() -> bool:
    """Count one list sent from this network, and say whether it may be read."""
    with writes_now():
        return bool(may_try_here(LISTS, at=now()))


@blueprint.get("/many/<token>")
@public
def answers(token: str) -> ResponseReturnValue:
    """How far a list is; once it is done, its faults, its first rows, and the whole to take away."""
    progress = access.list_to_read(token, now())
    found = lists.answered(progress) if progress.state == "done" else None
    faults = [row for row in found.rows if row[-1]][:FAULTS_SHOWN] if found else []
    page = render_template(
        "public/many_answers.html",
        progress=progress,
        token=token,
        found=found,
        faults=faults,
        shown=SHOWN,
        until=progress.started_at + lists.KEPT,
        on_day=on_day,
    )
    return kept_by_nobody(make_response(page))


@blueprint.get("/many/<token>/answers.<any(csv, xlsx):form>")
@public
def download(token: str, form: str) -> ResponseReturnValue:
    """The whole table, as CSV or as a workbook."""
    found = lists.answered(access.list_to_read(token, now(), done=True))
    content = found.xlsx() if form == "xlsx" else found.csv()
    headers = {"Content-Disposition": f'attachment; filename="who-answers.{form}"'}
    return kept_by_nobody(Response(content, mimetype=TYPES[form], headers=headers))


@blueprint.post("/many/<token>/forget")
@public
@writes
def forget(token: str) -> ResponseReturnValue:
    """Drop the answers now, for whoever has their address."""
    progress: Progress = access.list_to_read(token, now())
    lists.forget(progress)
    flash(gettext("The list and its answers have been deleted."), "success")
    return redirect(url_for(".ask"))


def kept_by_nobody(response: Response) -> Response:
    """The answer, which no cache keeps and no search engine lists."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
