"""Sources of the count: for everybody once they are published, with the row asked about; published and withdrawn by officers."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import actor, public, signed_in
from scrutiny.ledger import access, queries, service, words
from scrutiny.ledger.counting import service_title, year_title
from scrutiny.ledger.forms import PublishForm, WithdrawForm
from scrutiny.ledger.models import LedgerSource
from scrutiny.pages import now
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none

blueprint = Blueprint("ledger", __name__, url_prefix="/count/sources")
#: So many rows of a source are shown at a time.
A_PAGE = 100


@blueprint.get("")
@signed_in
def sources() -> ResponseReturnValue:
    """The sources the reader looks after; nobody else has this page."""
    if not access.keeps_any(actor()):
        abort(404)
    return render_template("ledger/sources.html", sources=access.sources_kept(actor()), words=words)


@blueprint.get("/<int:source_id>")
@public
def source(source_id: int) -> ResponseReturnValue:
    """A source: what it is, what it covers, its rows, those it skipped and why; and one row where it is asked for."""
    found = access.source_to_show(source_id, actor())
    return _page(found, PublishForm(), WithdrawForm())


@blueprint.post("/<int:source_id>/publish")
@signed_in
@writes
def publish(source_id: int) -> ResponseReturnValue:
    """Publish it: from then on it is in the count everybody sees."""
    found = access.source_to_keep(source_id, actor())
    form = PublishForm()
    if form.validate_on_submit() and _done(form, lambda: service.publish(found, by=actor(), at=now())):
        flash(gettext("“%(title)s” is published and in the count.", title=found.title), "success")
        return redirect(url_for(".source", source_id=found.id))
    return _page(found, form, WithdrawForm())


@blueprint.post("/<int:source_id>/withdraw")
@signed_in
@writes
def withdraw(source_id: int) -> ResponseReturnValue:
    """Withdraw it for a reason: its figures leave the count, its rows are kept."""
    found = access.source_to_keep(source_id, actor())
    form = WithdrawForm()
    if form.validate_on_submit() and _done(form, lambda: service.withdraw(found, form.why.data or "", by=actor(), at=now())):
        flash(gettext("“%(title)s” is withdrawn. Its figures are no longer in the count.", title=found.title), "success")
        return redirect(url_for(".source", source_id=found.id))
    return _page(found, PublishForm(), form)


def _done(form: PublishForm | WithdrawForm, deed: Callable[[], object]) -> bool:
    """Try a deed; a refusal stands on the form."""
    return attempt(form, lambda: (deed(), True)[1]) is True


def _page(found: LedgerSource, publishing: PublishForm, withdrawing: WithdrawForm) -> ResponseReturnValue:
    row, page = whole_or_none(request.args.get("row", "")), whole_or_none(request.args.get("page", "")) or 1
    cells, more = queries.cells_of(found, page, A_PAGE)
    return render_template(
        "ledger/source.html",
        source=found,
        row=row,
        at_row=queries.cells_at(found, row) if row is not None else [],
        cells=cells,
        page=page,
        more=more,
        keeps=access.may_keep(found, actor()),
        effect=queries.effect_of(found) if found.state == "pending" else None,
        corrected=queries.corrected_by(found),
        publishing=publishing,
        withdrawing=withdrawing,
        words=words,
        service_title=service_title,
        year_title=year_title,
    )
