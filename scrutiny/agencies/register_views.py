"""The pages of a register that others publish: its columns are proposed, its first rows shown, and then it is loaded."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from secrets import token_hex

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.adapters import fitted
from scrutiny.agencies import access, presenters
from scrutiny.agencies.forms import ColumnsForm, PublishedRegisterForm
from scrutiny.agencies.queries import kind_label
from scrutiny.agencies.register_mapping import Columns, RawRegister, first_rows, load_mapped, map_rows, propose, read_raw
from scrutiny.doors import actor, administrator
from scrutiny.extensions import db
from scrutiny.formats import number
from scrutiny.pages import now, today
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import SelectChoice
from scrutiny.work.claims import Progress
from workflows.refusals import Refused

blueprint = Blueprint("registers", __name__)


@blueprint.route("/administration/agencies/registers", methods=["GET", "POST"])
@administrator
@writes
def send() -> ResponseReturnValue:
    """Send a register as it was published; the next page shows what was understood of it."""
    form = PublishedRegisterForm()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "register"
        kept = attempt(form, lambda: _keep(content, name, now()))
        if kept is not None:
            return redirect(url_for(".columns", register_id=kept))
    return render_template("agencies/send_register.html", form=form)


@blueprint.route("/administration/agencies/registers/<int:register_id>", methods=["GET", "POST"])
@administrator
@writes
def columns(register_id: int) -> ResponseReturnValue:
    """Which column is which, the first rows as they would be loaded, and how many are skipped and why."""
    row = access.register_to_map(register_id, actor())
    raw = _raw(row)
    if raw is None:
        flash(gettext("The register is no longer kept. Send it again"))
        return redirect(url_for(".send"))
    form = _offered(ColumnsForm(obj=propose(raw)), raw)
    mapped = None
    if form.is_submitted() and form.validate() and (chosen := _chosen(form)).name:
        mapped = attempt(form, lambda: map_rows(raw, chosen, on=today()))
        if mapped is not None and form.load.data:
            done = attempt(form, partial(load_mapped, mapped, row.title, by=actor(), at=now()))
            if done is not None:
                added, changed = (
                    ngettext("%(n)s agency", "%(n)s agencies", len(done.added), n=number(len(done.added))),
                    ngettext("%(n)s agency", "%(n)s agencies", len(done.changed), n=number(len(done.changed))),
                )
                flash(gettext("%(added)s added and %(changed)s changed", added=added, changed=changed), "success")
                for warning in done.warnings[:40]:
                    flash(warning)
                return redirect(url_for("agencies.agencies"))
    elif not form.is_submitted():
        mapped = map_rows(raw, _chosen(form), on=today()) if form.name.data else None
    first = [(name, kind_label(kind), *rest) for name, kind, *rest in first_rows(mapped)] if mapped else []
    return render_template("agencies/map_register.html", form=form, row=row, raw=raw, mapped=mapped, first=first)


def _keep(content: bytes, name: str, at: datetime) -> int:
    """Keep a register aside for an hour; Refused where it cannot be read."""
    read_raw(content, name)
    aside = token_hex(16)
    kept = fitted.files().aside(aside).keep(content)
    task = {"aside": aside, "sha256": kept.sha256}
    row = Progress(
        kind=access.REGISTER, title=name[:300], doing="", task=task, state="done", started_by=actor().reference, started_at=at
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _raw(row: Progress) -> RawRegister | None:
    """The register that was kept; None where it is no longer."""
    try:
        return read_raw(fitted.files().aside(row.task["aside"]).read(row.task["sha256"]), row.title)
    except (Refused, OSError, LookupError):
        return None


def _chosen(form: ColumnsForm) -> Columns:
    """The columns chosen."""
    return Columns(**{key: form[key].data or "" for key in ("name", "code", "area", "email", "end", "kind")})


def _offered(form: ColumnsForm, raw: RawRegister) -> ColumnsForm:
    """The form with the columns of the file to choose from."""
    none = SelectChoice(value="", label=gettext("None"))
    for key in ("name", "code", "area", "email", "end"):
        form[key].choices = [none, *(SelectChoice(value=one, label=one) for one in raw.columns)]
    form.kind.choices = [none, *presenters.kinds()]
    return form
