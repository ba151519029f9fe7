"""The register of gaps: the list, one gap, noting, changing, moving and closing it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agenda.access import body_to_plan_for, may_plan
from scrutiny.areas.service import place_of
from scrutiny.both_versions import typed_beside
from scrutiny.doors import actor, public, signed_in
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.gaps import access, acting, register, register_words, words
from scrutiny.gaps.acting_views import gap_asked
from scrutiny.gaps.models import GapEntry
from scrutiny.gaps.register_forms import CloseForm, EntryForm, MoveForm
from scrutiny.pages import now, today
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import Form
from workflows.lifecycles.gap import GAP
from workflows.refusals import Stale

blueprint = Blueprint("gap_register", __name__)


@blueprint.get("/gaps/register")
@public
def entries() -> ResponseReturnValue:
    """The gaps that bodies have noted, as far as the reader may know."""
    return render_template("gaps/register.html", found=_found())


@blueprint.get("/gaps/register.<any(csv, json):form>")
@public
def entries_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    found = _found()
    if form == "json":
        response = Response(canonical({"gaps": [register_words.plain(one) for one in found]}), mimetype="application/json")
    else:
        response = Response(write_csv(register_words.COLUMNS, register_words.cells(found)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="gap-register-{london_day(now()):%Y-%m-%d}.{form}"'
    return response


@blueprint.get("/gaps/register/<int:entry_id>")
@public
def entry(entry_id: int) -> ResponseReturnValue:
    """One noted gap: what was found, why it matters, what will be done, and how it ended."""
    return _page(access.entry_to_read(entry_id, actor()), MoveForm())


@blueprint.route("/places/<key>/gaps/note", methods=["GET", "POST"])
@signed_in
@writes
def note(key: str) -> ResponseReturnValue:
    """Note a gap for the body acted for."""
    body_to_plan_for(actor())
    where, place, gap = gap_asked(key)
    form = _form(EntryForm())
    if form.validate_on_submit():
        details, at = _details(form), now()
        made = attempt(form, lambda: register.note_gap(gap, place_of(where.areas, at=at), details, by=actor(), at=at))
        if made is not None:
            flash(gettext("Saved."), "success")
            return redirect(url_for(".entry", entry_id=made.id))
    back = url_for("gap_acts.act", key=where.key, gap=gap.key)
    title, reason = acting.title_of(gap, place), words.reason(gap)
    return render_template(
        "gaps/entry_form.html", form=form, title=gettext("Note this gap"), caption=title, reason=reason, back=back
    )


@blueprint.route("/gaps/register/<int:entry_id>/change", methods=["GET", "POST"])
@signed_in
@writes
def change(entry_id: int) -> ResponseReturnValue:
    """Say something else of a noted gap; when somebody else has saved first, both versions are shown."""
    row = access.entry_to_change(entry_id, actor())
    form, both, status = _form(EntryForm(data=_values(row))), None, 200
    if form.validate_on_submit():
        details, seen = _details(form), whole_or_none(form.version.data)
        try:
            if attempt(form, lambda: register.change_entry(row, details, seen=seen, by=actor(), at=now())) is not None:
                flash(gettext("Saved."), "success")
                return redirect(url_for(".entry", entry_id=entry_id))
        except Stale as stale:
            undo()
            form.form_errors.append(stale.sentence)
            row = access.entry_to_change(entry_id, actor())
            both, status = typed_beside(_values(row), form), 409
            form.version.data = form.version.raw_data = str(row.version)
    shown = register_words.shown(row, actor(), today())
    back = url_for(".entry", entry_id=entry_id)
    page = render_template(
        "gaps/entry_form.html",
        form=form,
        title=gettext("Change what is noted"),
        caption=f"{shown.service}, {row.place.name}",
        reason=row.reason,
        back=back,
        both=both,
    )
    return page, status


@blueprint.route("/gaps/register/<int:entry_id>/move/<any(look, reopen):move>", methods=["POST"])
@signed_in
@writes
def move(entry_id: int, move: str) -> ResponseReturnValue:
    """Look at a noted gap, or open it again."""
    row, form = access.entry_to_change(entry_id, actor()), MoveForm()
    seen = whole_or_none(form.version.data)
    if form.validate_on_submit() and _moved(form, lambda: register.move_entry(row, move, seen=seen, by=actor(), at=now())):
        flash(gettext("This gap is now: %(state)s.", state=GAP.states[row.state].lower()), "success")
        return redirect(url_for(".entry", entry_id=entry_id))
    return _page(access.entry_to_change(entry_id, actor()), form)


@blueprint.route("/gaps/register/<int:entry_id>/close", methods=["GET", "POST"])
@signed_in
@writes
def close(entry_id: int) -> ResponseReturnValue:
    """Close a noted gap with its outcome."""
    row = access.entry_to_change(entry_id, actor())
    form = CloseForm(version=row.version).offer()
    if form.validate_on_submit():
        ending = register.Ending(form.outcome.data, form.why.data or "", form.review.data or "")
        seen = whole_or_none(form.version.data)
        if _moved(form, lambda: register.close_entry(row, ending, seen=seen, by=actor(), at=now())):
            flash(gettext("This gap is closed."), "success")
            return redirect(url_for(".entry", entry_id=entry_id))
        row = access.entry_to_change(entry_id, actor())
    shown = register_words.shown(row, actor(), today())
    caption, back = f"{shown.service}, {row.place.name}", url_for(".entry", entry_id=entry_id)
    return render_template(
        "gaps/entry_form.html", form=form, title=gettext("Close this gap"), caption=caption, reason="", back=back
    )


def _moved(form: Form, deed: Callable[[], GapEntry]) -> bool:
    """Make a move; that somebody else has saved since is said on the form, which then has the version of now."""
    try:
        return attempt(form, deed) is not None
    except Stale:
        undo()
        form.form_errors.append(gettext("Somebody else has changed this since you opened it. Look at it again"))
        return False


def _found() -> list[register_words.EntryShown]:
    """The noted gaps the reader may know of."""
    return [register_words.shown(one, actor(), today()) for one in access.entries_shown(actor())]


def _page(row: GapEntry, form: MoveForm) -> str:
    """One noted gap, with what may be done next."""
    by = actor()
    leads = row.body_id == by.body and may_plan(by)
    form.version.data = form.version.raw_data = str(row.version)
    shown, moves = register_words.shown(row, by, today()), GAP.open_to(row.state, by) if leads else ()
    return render_template("gaps/entry.html", shown=shown, entry=row, moves=moves, leads=leads, form=form)


def _form(form: EntryForm) -> EntryForm:
    """The form, without the box about the public where the file does not allow that."""
    if not rules().gap_choices.register_public:
        del form.is_public
    return form


def _details(form: EntryForm) -> register.Details:
    """What a form says."""
    is_public = bool(form.is_public.data) if form.is_public else False
    return register.Details(form.why.data or "", form.todo.data or "", form.by_on.data, is_public)


def _values(row: GapEntry) -> dict[str, object]:
    """What is noted now, by the names of the form's fields."""
    return {"why": row.why, "todo": row.todo, "by_on": row.by_on, "is_public": row.is_public, "version": row.version}
