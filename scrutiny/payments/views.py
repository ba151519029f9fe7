"""The pages on which an officer loads a file of payments: sent, its columns chosen, what would be loaded seen, then loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from secrets import token_hex

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.adapters import fitted
from scrutiny.adapters.files import Kept
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agencies_by_name
from scrutiny.doors import actor, signed_in
from scrutiny.extensions import db
from scrutiny.file_reading.raw_sheet import MOST_COLUMNS
from scrutiny.formats import number
from scrutiny.ledger.in_pieces import Entering, kept_in_pieces
from scrutiny.pages import now
from scrutiny.payments import access
from scrutiny.payments.forms import PaymentColumnsForm, PaymentsForm
from scrutiny.payments.lanes import PAGE
from scrutiny.payments.loading import Loaded, Wanted, load, prepare, read_for
from scrutiny.payments.profiles import save_profile
from scrutiny.spend_files.publishers import Understood
from scrutiny.spend_files.records import SpendFile
from scrutiny.spend_files.words import certainty_words, pounds, remark_words, role_words, why_words
from scrutiny.transaction import attempt, run, writes_in_parts
from scrutiny.widgets import SelectChoice
from scrutiny.work.claims import Progress
from workflows.refusals import Refused

blueprint = Blueprint("payments", __name__)
#: Rows left out that a page names; the command tells them all.
MOST_NAMED = 500
#: Columns that a page offers where no header tells how many there are.
MOST_OFFERED = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was sent: its bytes, how it was read, and the profile that was used; or why it cannot be read yet."""

    content: bytes
    file: SpendFile | None
    profile: str = ""
    refusal: str = ""


@blueprint.route("/count/payments", methods=["GET", "POST"])
@signed_in
@writes_in_parts
def send() -> ResponseReturnValue:
    """Send a file of payments; the next page shows what was understood of it."""
    access.body_loading(actor())
    form = PaymentsForm()
    empty = SelectChoice(value="", label=gettext("Choose"))
    form.spender.choices = [empty, *(SelectChoice(value=str(one.id), label=one.name) for one in agencies_by_name())]
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "payments"
        kept = attempt(form, lambda: _keep(content, name, int(form.spender.data), now()))
        if kept is not None:
            return redirect(url_for(".columns", file_id=kept))
    return render_template("payments/send.html", form=form)


@blueprint.route("/count/payments/<int:file_id>", methods=["GET", "POST"])
@signed_in
@writes_in_parts
def columns(file_id: int) -> ResponseReturnValue:
    """Which column is which, the first and the odd rows, the total against the file's own; then it is loaded."""
    row = access.file_to_map(file_id, actor())
    agency = db.session.get_one(Agency, row.task["agency"])
    form = PaymentColumnsForm()
    seen = _seen(row, agency, form)
    if seen is None:
        flash(gettext("The file is no longer kept. Send it again"))
        return redirect(url_for(".send"))
    if seen.file is not None and form.load.data:  # it is read only where what was chosen is valid
        done = attempt(form, partial(_load, seen, file_id, form, now()))
        if done is not None:
            _say(done)
            return redirect(url_for(".send"))
    return render_template("payments/columns.html", form=form, row=row, agency=agency, **_shown(seen))


def _keep(content: bytes, name: str, agency_id: int, at: datetime) -> int:
    """Keep a file aside for an hour, before the row that says so."""
    if not content:
        raise Refused(gettext("The file is empty. Choose a file with a header row and at least one row under it."))
    aside = token_hex(16)
    kept = fitted.files().aside(aside).keep(content)
    return run(lambda: _entered(aside, kept, name, agency_id, at))


def _entered(aside: str, kept: Kept, name: str, agency_id: int, at: datetime) -> int:
    """The number of a file that was put aside just now, by whoever may still do so."""
    access.body_loading(actor())
    row = Progress(
        kind=access.KIND,
        title=name[:300],
        doing="",
        task={"aside": aside, "sha256": kept.sha256, "agency": agency_id},
        state="done",
        started_by=actor().reference,
        started_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _seen(row: Progress, agency: Agency, form: PaymentColumnsForm) -> Seen | None:
    """The file as it is read: by what is chosen once something is, else as is proposed; None where it is no longer kept.

    It is read once, with nothing held: others write meanwhile.
    """
    try:
        content = fitted.files().aside(row.task["aside"]).read(row.task["sha256"])
    except (Refused, OSError, LookupError):
        return None
    form.offer([""] * MOST_COLUMNS)  # what is chosen is a number; its title is known once the file is read
    is_chosen = form.is_submitted() and form.validate()
    try:
        read = read_for(agency, content, form.reading() if is_chosen else None, at=now(), lane=PAGE)
    except Refused as refused:
        read = Understood(None, refusal=refused.said)
    form.offer(read.titles or [""] * MOST_OFFERED)
    refusal = str(read.refusal or "")
    if form.is_submitted():
        form.form_errors += [refusal] if is_chosen and refusal else []
        return Seen(content, read.found if is_chosen else None, read.profile)
    if read.found is not None:
        form.propose(read.found)
        form.profile.data = read.profile
    return Seen(content, read.found, read.profile, refusal)


def _load(seen: Seen, file_id: int, form: PaymentColumnsForm, at: datetime) -> Loaded:
    """Save how the file is read and load it: all that takes long first, then short transactions that look again."""
    found = seen.file
    if found is None:
        raise Refused(gettext("Choose the columns first"))

    def wanted() -> Wanted:
        row = access.file_to_map(file_id, actor())
        agency = db.session.get_one(Agency, row.task["agency"])
        return Wanted(seen.content, row.title, agency, form.year.data, "", access.body_loading(actor()))

    made = prepare(found, wanted(), at=at)

    def deed() -> tuple[Loaded, Entering | None]:
        asked = wanted()
        saved = save_profile(found, asked.agency, form.profile.data or "", by=actor(), at=at)
        return load(made, replace(asked, profile=saved.name), by=actor(), at=at)

    return kept_in_pieces(deed)


def _say(done: Loaded) -> None:
    """What became of the file."""
    rows = ngettext("%(n)s payment", "%(n)s payments", len(done.file.payments), n=number(len(done.file.payments)))
    flash(
        gettext(
            "%(rows)s loaded, %(pence)s, as source %(number)s. It is not published yet",
            rows=rows,
            pence=pounds(done.file.pence),
            number=done.source.id,
        ),
        "success",
    )
    for warning in done.warnings[:20]:
        flash(warning)


def _shown(seen: Seen) -> dict[str, object]:
    """What the page shows of a file, in words."""
    found = seen.file
    if found is None:
        return {"found": None, "refusal": seen.refusal}
    return {
        "found": found,
        "refusal": "",
        "total": pounds(found.pence),
        "left_out": pounds(found.left_out_pence),
        "stated": None if found.stated_pence is None else pounds(found.stated_pence),
        "roles": [(role_words(one.role), one.title or str(one.number), certainty_words(one.certainty)) for one in found.columns],
        "remarks": [remark_words(one) for one in found.remarks],
        "skipped": [(str(one.row), one.sheet, why_words(one)) for one in found.skipped[:MOST_NAMED]],
        "more": max(len(found.skipped) - MOST_NAMED, 0),
        "first": [(str(row), *cells[: len(found.header)]) for row, cells in found.sample],
    }
