"""Figures of one kind of area for another: anyone sends a table, looks at what came of it, and takes it away."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.apportioning.figures import Figures, as_csv, as_xlsx
from scrutiny.apportioning.file_apportioning import BetweenKinds, FiguresSent
from scrutiny.areas.queries import kinds_loaded
from scrutiny.doors import public
from scrutiny.formats import london_day, plain_day
from scrutiny.pages import now
from scrutiny.public import access
from scrutiny.public.apportion_forms import ApportionForm
from scrutiny.public.bulk_views import TYPES, kept_by_nobody, may_send_list
from scrutiny.transaction import attempt, writes, writes_in_parts, writes_now
from scrutiny.work.claims import Progress

blueprint = Blueprint("apportioning", __name__)
SHOWN = 200


@blueprint.route("/apportion", methods=["GET", "POST"])
@public
@writes_in_parts
def ask() -> ResponseReturnValue:
    """Send a table of figures."""
    form = ApportionForm().offer([one for one in kinds_loaded(london_day(now())) if one.areas])
    if form.validate_on_submit():
        if not may_send_list():
            form.form_errors.append(
                gettext("Many lists or tables have been sent from your network. Wait an hour, then send this again")
            )
            return render_template("public/apportion.html", form=form), 429
        read = attempt(form, form.read)
        if read is not None:
            with writes_now():
                begun = attempt(form, lambda: _begin(form, *read))
                token = lists.address_of(begun) if begun else ""
            if begun is not None:
                lists.start(begun.id)
                return redirect(url_for(".answers", token=token))
    return render_template("public/apportion.html", form=form)


def _begin(form: ApportionForm, figures: Figures, weights: dict[str, float] | None) -> Progress:
    """Note what was sent."""
    on = form.on.data or london_day(now())
    between = BetweenKinds(form.from_kind.data, form.to_kind.data, form.by.data, on)
    return lists.begin_figures(FiguresSent(figures, weights), between, at=now())


@blueprint.get("/apportion/<token>")
@public
def answers(token: str) -> ResponseReturnValue:
    """How far it is; once it is done, how it was done, how sure it is, and the figures."""
    progress = access.list_to_read(token, now(), kind=lists.FIGURES)
    page = render_template(
        "public/apportioned.html",
        progress=progress,
        token=token,
        found=lists.apportioned(progress) if progress.state == "done" else None,
        shown=SHOWN,
        on_day=plain_day,
        until=progress.started_at + lists.KEPT,
    )
    return kept_by_nobody(make_response(page))


@blueprint.get("/apportion/<token>/figures.<any(csv, xlsx):form>")
@public
def download(token: str, form: str) -> ResponseReturnValue:
    """The figures, as CSV or as a workbook that also says what went where and how."""
    found = lists.apportioned(access.list_to_read(token, now(), kind=lists.FIGURES, done=True))
    headers = {"Content-Disposition": f'attachment; filename="apportioned.{form}"'}
    return kept_by_nobody(Response(as_xlsx(found) if form == "xlsx" else as_csv(found), mimetype=TYPES[form], headers=headers))


@blueprint.post("/apportion/<token>/forget")
@public
@writes
def forget(token: str) -> ResponseReturnValue:
    """Drop the figures now, for whoever has their address."""
    lists.forget(access.list_to_read(token, now(), kind=lists.FIGURES))
    flash(gettext("The figures have been deleted."), "success")
    return redirect(url_for(".ask"))
