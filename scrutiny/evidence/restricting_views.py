"""Pages by which something sent is made stricter, removed from publication or erased at once: its agency, and the lead."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.evidence import access, approvals, copies, queries, restricting
from scrutiny.evidence.erasing import Erased, Sealed, still_quoted
from scrutiny.evidence.forms import EraseForm, RestrictForm
from scrutiny.evidence.markings import STRICTNESS, offered
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.evidence.sweeping import also_said, words_of
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reviews.access import may_run
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("restricting", __name__)


@blueprint.route("/evidence/<int:lodging_id>/restrict", methods=["GET", "POST"])
@signed_in
@writes
def restrict(lodging_id: int) -> ResponseReturnValue:
    """Make an answer stricter, or take it back from the public; it holds at once for every page, file and export."""
    found = access.lodging_to_restrict(lodging_id, actor(), london_day(now()))
    form = RestrictForm(_markings(found), found.evidence.agency.name, marking=found.marking, ground=found.exempt_ground)
    if form.validate_on_submit() and attempt(form, lambda: _restrict(found, form)):
        flash(gettext("Only those listed can see this from now on"), "success")
        return redirect(url_for("evidence.lodging", lodging_id=lodging_id))
    found = access.lodging_to_restrict(lodging_id, actor(), london_day(now()))
    return render_template("evidence/restrict.html", form=form, lodging=found)


@blueprint.route("/evidence/<int:lodging_id>/allow", methods=["POST"])
@signed_in
@writes
def allow(lodging_id: int) -> ResponseReturnValue:
    """Let what was removed from publication be published again, with the next list or report."""
    found = access.lodging_to_restrict(lodging_id, actor(), london_day(now()))
    if approvals.allow_out(found, by=actor(), at=now()):
        flash(gettext("This can be published again, with the next list of requests or the report"), "success")
    else:
        flash(f"{queued_now('approval_wanted')} {gettext('Nothing is published until your approver approves it.')}", "success")
    return redirect(url_for("evidence.lodging", lodging_id=lodging_id))


def _markings(lodging: Lodging) -> list[str]:
    """The present marking and those stricter, as far as the review may hold them."""
    may_hold = offered(personal=queries.may_hold_personal(lodging.review))
    return [one for one in STRICTNESS[STRICTNESS.index(lodging.marking) :] if one in may_hold or one == lodging.marking]


def _restrict(lodging: Lodging, form: RestrictForm) -> bool:
    """Restrict it as chosen."""
    chosen = restricting.Restriction(form.marking.data, form.why.data or "", form.ground.data or "")
    restricting.restrict(lodging, chosen, by=actor(), at=now())
    return True


@blueprint.route("/evidence/<int:lodging_id>/erase", methods=["GET", "POST"])
@signed_in
@writes
def erase_words(lodging_id: int) -> ResponseReturnValue:
    """Erase the words and figures of an answer for ever."""
    found = access.lodging_to_restrict(lodging_id, actor(), london_day(now()))
    form = EraseForm()
    if form.validate_on_submit() and attempt(form, lambda: _erase_words(found, form.why.data or "")):
        flash(gettext("The words and figures are erased"), "success")
        return redirect(url_for("evidence.lodging", lodging_id=lodging_id))
    found = access.lodging_to_restrict(lodging_id, actor(), london_day(now()))
    quoted = _quoted([Erased(one) for one in copies.of_words(found.evidence)], found)
    said = _said(copies.of_words(found.evidence), found)
    return render_template("evidence/erase.html", form=form, lodging=found, file=None, quoted=quoted, said=said)


@blueprint.route("/evidence/<int:lodging_id>/files/<int:file_id>/erase", methods=["GET", "POST"])
@signed_in
@writes
def erase_file(lodging_id: int, file_id: int) -> ResponseReturnValue:
    """Erase one file for ever."""
    file, found = access.file_to_restrict(lodging_id, file_id, actor(), london_day(now()))
    form = EraseForm()
    if form.validate_on_submit() and attempt(form, lambda: _erase_file(file, found, form.why.data or "")):
        flash(gettext("The file is erased"), "success")
        return redirect(url_for("evidence.lodging", lodging_id=lodging_id))
    file, found = access.file_to_restrict(lodging_id, file_id, actor(), london_day(now()))
    quoted = _quoted([Erased(one.evidence, one) for one in copies.of_file(file)], found)
    said = _said([one.evidence for one in copies.of_file(file)], found, file)
    return render_template("evidence/erase.html", form=form, lodging=found, file=file, quoted=quoted, said=said)


def _erase_words(lodging: Lodging, why: str) -> bool:
    """Erase what was written."""
    restricting.erase_words(lodging, why, by=actor(), at=now())
    return True


def _erase_file(file: EvidenceFile, lodging: Lodging, why: str) -> bool:
    """Erase one file."""
    restricting.erase_file(file, lodging, why, by=actor(), at=now())
    return True


def _quoted(gone: list[Erased], lodging: Lodging) -> list[Sealed]:
    """What is sealed and quotes it or a copy of it: whoever runs the review is told of all its own, others of what is public."""
    runs = may_run(lodging.review, actor())
    found = [
        sealed
        for one in gone
        for sealed in still_quoted(one)
        if sealed.is_public or (runs and one.evidence.id == lodging.evidence_id)
    ]
    return list(dict.fromkeys(found))


def _said(gone: Sequence[Evidence], lodging: Lodging, file: EvidenceFile | None = None) -> list[str]:
    """Where people say the same in their own name, for whoever runs the review: an agency is told of no draft."""
    return also_said(words_of(gone, file)) if may_run(lodging.review, actor()) else []
