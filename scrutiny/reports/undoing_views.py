"""The page that asks before a finding is reopened or withdrawn: what follows, and the reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import actor, signed_in
from scrutiny.editions.queries import report_of
from scrutiny.findings import access as findings
from scrutiny.findings import service
from scrutiny.findings.guards import guard
from scrutiny.pages import now
from scrutiny.reports import forms, signing
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("undoing", __name__)


@blueprint.route("/reviews/<reference>/findings/<int:number>/<any(reopen, withdraw):move>", methods=["GET", "POST"])
@signed_in
@writes
def undo_finding(reference: str, number: int, move: str) -> ResponseReturnValue:
    """Reopen or withdraw a finding: what follows is said first, and the reason is sent to those concerned."""
    by, at = actor(), now()
    finding = findings.finding_to_move(reference, number, move, by)
    review, form = finding.review, forms.UndoForm()
    if form.validate_on_submit():
        done = attempt(form, lambda: service.move_finding(finding, move, why=form.why.data, by=by, at=at))
        if done:
            voided = signing.void_stale_signatures(review, by=by, at=at)
            flash(_done(move, number, [row.body.name for row in voided]), "success")
            return redirect(url_for("findings.finding", reference=reference, number=number))
        finding = findings.finding_to_move(reference, number, move, by)
    report = report_of(review.id)
    edition = report.editions[-1] if report else None
    return render_template(
        "reports/undo_finding.html",
        review=finding.review,
        finding=finding,
        withdraws=move == "withdraw",
        form=form,
        agreed=guard().agreeing(finding, by),
        signed=[row for row in signing.wanted(finding.review) if row.signature] if finding.state == "settled" else [],
        coming=edition if edition and edition.state == "scheduled" else None,
    )


def _done(move: str, number: int, voided: list[str]) -> str:
    """What was done, and whose signature fell with it."""
    done = (
        gettext("Finding %(number)s is withdrawn.", number=number)
        if move == "withdraw"
        else gettext("Finding %(number)s is open again.", number=number)
    )
    if voided:
        done += " " + gettext("These signatures no longer hold: %(names)s.", names=", ".join(voided))
    return done
