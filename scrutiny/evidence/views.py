"""Pages of this room: read what was lodged, take a file away, see a page or a sheet; grants and public summaries."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug import Response

from scrutiny.accounts import queries as accounts
from scrutiny.approving.service import needs_approver
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, public, signed_in
from scrutiny.evidence import access, approvals, presenters, reading, service
from scrutiny.evidence.forms import GrantForm, SummaryForm
from scrutiny.evidence.readings import give_out
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from scrutiny.file_reading.workbooks import NoSuchSheet
from scrutiny.formats import london_day
from scrutiny.pages import as_download, now
from scrutiny.reviews.access import may_run
from scrutiny.transaction import writes

blueprint = Blueprint("evidence", __name__)
# What somebody sent us is shown as dead matter: no script, no form, no origin of ours.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@blueprint.get("/evidence/<int:lodging_id>")
@public
def lodging(lodging_id: int) -> ResponseReturnValue:
    """Text, figures and files of one lodging, as far as the reader may see them."""
    by, at = access.as_owner(lodging_id, actor()), now()
    found = access.lodging_to_read(lodging_id, by, london_day(at))
    files = access.files_to_read(found, by, london_day(at))
    runs = found.lodged_at is not None and may_run(found.review, by)
    give_out([found], by, at=at)
    own = found.evidence.is_of(by.agency)
    return render_template(
        "evidence/lodging.html",
        page=presenters.page_of(found, files, by, runs=runs, on=london_day(at)),
        drafts=approvals.open_ones(found, by) if own else {},
        certified=own and needs_approver(by.agency or 0, by=by, at=at),
    )


@blueprint.get("/evidence/files/<int:file_id>")
@public
def download(file_id: int) -> ResponseReturnValue:
    """The file itself, always as a download."""
    file, found = access.file_to_read(file_id, actor(), london_day(now()))
    content = reading.opened(file)
    give_out([found], actor(), at=now(), file=file)
    return _sent(as_download(content, file.stored.media_type, file.name))


@blueprint.get("/evidence/files/<int:file_id>/pages/<int:n>.png")
@public
def page(file_id: int, n: int) -> ResponseReturnValue:
    """A picture of one page of a PDF."""
    file, found = access.file_to_read(file_id, actor(), london_day(now()))
    if not 1 <= n <= (file.stored.pages or 0):
        abort(404)
    picture = reading.page_png(file, n)
    give_out([found], actor(), at=now(), file=file, page=n)
    return _sent(send_file(io.BytesIO(picture), "image/png"))


@blueprint.get("/evidence/files/<int:file_id>/picture")
@public
def picture(file_id: int) -> ResponseReturnValue:
    """A photograph or drawing that was sent, shown in its page."""
    file, found = access.file_to_read(file_id, actor(), london_day(now()))
    if reading.kind_of(file) != "picture":
        abort(404)
    content = reading.opened(file)
    give_out([found], actor(), at=now(), file=file)
    return _sent(as_download(content, file.stored.media_type, file.name, shown=True))


@blueprint.get("/evidence/files/<int:file_id>/sheet")
@public
def sheet(file_id: int) -> ResponseReturnValue:
    """A sheet of a workbook, or a CSV, as a table."""
    file, found = access.file_to_read(file_id, actor(), london_day(now()))
    if reading.kind_of(file) != "sheet":
        abort(404)
    rows, why = None, ""
    row, column = request.args.get("row", 1, type=int), request.args.get("column", 1, type=int)
    try:
        rows = reading.sheet_rows(file, request.args.get("sheet", ""), row, column)
    except CannotBeShown as refused:
        why = refused.sentence
    except NoSuchSheet:
        abort(404)
    give_out([found], actor(), at=now(), file=file)
    return render_template("evidence/sheet.html", file=file, lodging=found, sheet=rows, why=why)


@blueprint.route("/evidence/<int:lodging_id>/grants", methods=["GET", "POST"])
@signed_in
@writes
def grants(lodging_id: int) -> ResponseReturnValue:
    """Who of the partner bodies may see something confidential, and why."""
    by, at = actor(), now()
    found = access.lodging_to_mark(lodging_id, by, london_day(at))
    form = GrantForm(presenters.grantees(found, london_day(at)))
    if form.validate_on_submit():
        person = accounts.person(int(form.person.data)) or abort(404)
        service.grant(found, person, form.why.data, by=by, at=at)
        flash(gettext("%(person)s may now see this", person=person.name), "success")
        return redirect(url_for(".grants", lodging_id=found.id))
    return render_template("evidence/grants.html", form=form, lodging=found, rows=presenters.grant_rows(found))


@blueprint.post("/evidence/grants/<int:grant_id>/end")
@signed_in
@writes
def end_grant(grant_id: int) -> ResponseReturnValue:
    """End a grant from this moment."""
    by, at = actor(), now()
    given = access.grant_to_end(grant_id, by, london_day(at))
    service.end_grant(given, by=by, at=at)
    flash(gettext("The grant has ended"), "success")
    return redirect(url_for(".grants", lodging_id=given.lodging_id))


@blueprint.route("/evidence/<int:lodging_id>/summary", methods=["GET", "POST"])
@signed_in
@writes
def summary(lodging_id: int) -> ResponseReturnValue:
    """What the public may be told of something not open: proposed by the lead, agreed by the agency."""
    by, at = actor(), now()
    found = access.lodging_to_mark(lodging_id, by, london_day(at))
    form = SummaryForm(data={"summary": found.public_summary})
    if form.validate_on_submit():
        written = service.summarise(found, form.summary.data, by=by, at=at)
        agency = found.evidence.agency.name
        if written:
            told = ngettext("%(num)s email queued to %(agency)s.", "%(num)s emails queued to %(agency)s.", written, agency=agency)
            flash(gettext("The summary is saved. %(told)s It counts once they agree.", told=told), "success")
        else:
            flash(gettext("The summary is saved. %(agency)s has no email address here: ask them in another way.", agency=agency))
        return redirect(url_for(".lodging", lodging_id=found.id))
    return render_template("evidence/summary.html", form=form, lodging=found)


@blueprint.post("/evidence/<int:lodging_id>/summary/agree")
@signed_in
@writes
def agree_summary(lodging_id: int) -> ResponseReturnValue:
    """The agency agrees to the public summary of what it gave."""
    by, at = access.as_owner(lodging_id, actor()), now()
    found = access.lodging_of_own(lodging_id, by)
    if approvals.agree_summary(found, by=by, at=at):
        flash(gettext("You have agreed that the public may be told this"), "success")
    else:
        flash(f"{queued_now('approval_wanted')} {gettext('Nothing is agreed until your approver approves it.')}", "success")
    return redirect(url_for(".lodging", lodging_id=found.id))


def _sent(response: Response) -> Response:
    """With the headers that keep a foreign file from acting as a page of ours."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
