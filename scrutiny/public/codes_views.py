"""What became of a code and what it came from; and the same for a whole list of codes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import public
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.lineage.history import history_of
from scrutiny.lineage.mapping import CodeMap, map_list
from scrutiny.pages import now
from scrutiny.public.bulk_views import may_send_list
from scrutiny.public.codes_forms import CodesForm
from scrutiny.public.days import day_asked
from scrutiny.transaction import writes_in_parts
from workflows.refusals import Refused

blueprint = Blueprint("codes", __name__)
SHOWN = 500


@blueprint.get("/codes/<code>")
@public
def code(code: str) -> ResponseReturnValue:
    """One code: its boundaries, what it came from and what became of it."""
    found = history_of(code[:40], day_asked() or london_day(now()))
    if not found.is_known:
        abort(
            404,
            gettext("Nothing loaded here knows the code %(code)s: check it, or look the place up by its name", code=found.code),
        )
    return render_template("public/code.html", history=found, asked_on=day_asked())


@blueprint.route("/codes", methods=["GET", "POST"])
@public
@writes_in_parts
def ask() -> ResponseReturnValue:
    """A list of codes: what each is on a day. Nothing of it is kept."""
    form, found = CodesForm(), None
    if form.validate_on_submit():
        if not may_send_list():
            form.form_errors.append(
                gettext("Many lists or tables have been sent from your network. Wait an hour, then send this again")
            )
            return render_template("public/codes.html", form=form, found=None, shown=SHOWN), 429
        try:
            found = _mapped(form, form.on.data or london_day(now()))
        except Refused as refused:
            form.form_errors.append(refused.sentence.replace(" with --code-field", " as the column of codes"))
    if found is not None and form.download.data:
        headers = {"Content-Disposition": 'attachment; filename="codes.csv"', "Cache-Control": "no-store"}
        return Response(_csv(found), mimetype="text/csv", headers=headers)
    return render_template("public/codes.html", form=form, found=found, shown=SHOWN)


def _mapped(form: CodesForm, on: date) -> CodeMap:
    """What each code of the list is on a day."""
    found = map_list(form.read(), on)
    return _as_pasted(found, form.added) if form.added else found


def _as_pasted(found: CodeMap, added: int) -> CodeMap:
    """The same with the lines counted as they were pasted, without the heading we wrote above them."""
    rows = tuple(replace(row, line=row.line - added) for row in found.rows)
    notes = tuple(re.sub(r"\(line (\d+)\)", lambda line: f"(line {int(line[1]) - added})", note) for note in found.notes)
    return replace(found, rows=rows, notes=notes)


def _csv(found: CodeMap) -> bytes:
    """A row for each area that a code is, so that shares can be used; one for a code that is none."""
    header = ("line", "code", "name", "standing", "now_code", "now_name", "share_of_people", "share_of_area", "note")
    rows = [
        (row.line, row.code, row.found.name, row.found.standing, *part, row.found.note)
        for row in found.rows
        for part in ([(p.code, p.name, p.share_of_people, p.share_of_area) for p in row.found.became] or [("", "", None, None)])
    ]
    return write_csv(header, rows)
