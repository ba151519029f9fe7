"""The administrator's pages of public statements: what each says, its words to change, who changed what."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts.queries import people_named
from scrutiny.doors import actor, administrator
from scrutiny.pages import now
from scrutiny.statements import access, queries, service
from scrutiny.statements.forms import StatementForm
from scrutiny.statements.layout import laid_out
from scrutiny.statements.models import Statement
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.refusals import Stale

blueprint = Blueprint("statements", __name__, url_prefix="/administration/statements")
ONE = "/<any(accessibility, privacy, press):page>"


@blueprint.route("")
@administrator
def statements() -> ResponseReturnValue:
    """The pages that may be written, and since when each says what was written here."""
    rows = [(page, title, queries.current(page)) for page, title in queries.PAGES.items()]
    return render_template("statements/statements.html", rows=rows)


@blueprint.route(ONE, methods=["GET", "POST"])
@administrator
@writes
def statement(page: str) -> ResponseReturnValue:
    """The words of a page and its history; where somebody else wrote it first, theirs are shown beside what was typed."""
    newest = next(iter(queries.history(page)), None)
    form = StatementForm(text=newest.text if newest else "", seen=str(newest.id if newest else 0))
    if not form.validate_on_submit():
        return _page(page, form)
    try:
        written = attempt(form, lambda: _write(page, form))
    except Stale:
        undo()
        theirs = queries.history(page)[0]
        form.seen.data = form.seen.raw_data = str(theirs.id)
        return _page(page, form, theirs), 409
    if written is None:
        return _page(page, form)
    if not written:
        flash(gettext("Nothing was changed: the page says this already."))
    elif written[0].text:
        flash(gettext("Published. Everybody can read it now."), "success")
    else:
        flash(gettext("The page shows its default text again."), "success")
    return redirect(url_for(".statement", page=page))


def _write(page: str, form: StatementForm) -> list[Statement]:
    """Write what was typed; nothing where the page says so already."""
    row = service.write_statement(page, form.text.data or "", seen=whole_or_none(form.seen.data), by=actor(), at=now())
    return [row] if row is not None else []


def _page(page: str, form: StatementForm, theirs: Statement | None = None) -> str:
    """The page with its form and history."""
    rows = queries.history(page)
    return render_template(
        "statements/statement.html",
        page=page,
        title=queries.PAGES[page],
        form=form,
        rows=rows,
        theirs=theirs,
        people=_writers(rows),
    )


@blueprint.route(f"{ONE}/<int:statement_id>")
@administrator
def wording(page: str, statement_id: int) -> ResponseReturnValue:
    """What a page said, when it was written so and by whom."""
    row = access.wording_to_read(page, statement_id, actor())
    shown = laid_out(row.text)
    return render_template("statements/wording.html", row=row, title=queries.PAGES[page], blocks=shown, people=_writers([row]))


def _writers(rows: list[Statement]) -> dict[int, str]:
    """The names of those who wrote, by id."""
    return people_named([key for row in rows if (key := whole_or_none(row.written_by.partition(":")[2]))])
