"""For members of a body: bring a published challenge before it, and say what it does with it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.bodies.models import Body
from scrutiny.challenges import access, referring, words
from scrutiny.challenges.forms import BringForm, DecideForm
from scrutiny.challenges.models import ChallengeReferral
from scrutiny.doors import actor, signed_in
from scrutiny.extensions import db
from scrutiny.pages import now
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, check_version, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.challenges import EXCLUSIONS, WAYS
from workflows.lifecycles.challenge import REFERRAL

blueprint = Blueprint("challenge_referrals", __name__)


@blueprint.route("/challenges/<reference>/bring", methods=["GET", "POST"])
@signed_in
@writes
def bring(reference: str) -> ResponseReturnValue:
    """Bring it before the body acted for."""
    found, form = access.challenge_to_bring(reference, actor()), BringForm()
    body = db.session.get_one(Body, actor().body)
    if form.validate_on_submit():
        row = attempt(form, lambda: referring.bring(found, body, form.why.data or "", by=actor(), at=now()))
        if row is not None:
            flash(
                gettext("Brought before %(body)s. It is in its officers’ work for the next meeting.", body=body.name), "success"
            )
            return redirect(url_for("challenges.challenge", reference=found.reference))
    held = [(EXCLUSIONS[one.key], one.law) for one in rules().challenges.exclusions.values()]
    return render_template(
        "challenges/bring.html",
        form=form,
        challenge=found,
        words=words,
        body=body,
        exclusions=held,
        called=referring.is_call_for_action(body, actor()),
    )


@blueprint.route("/challenges/referrals/<int:referral_id>", methods=["GET", "POST"])
@signed_in
@writes
def decide(referral_id: int) -> ResponseReturnValue:
    """What the body does with it."""
    found = access.referral_to_decide(referral_id, actor())
    moves = tuple(move for move in REFERRAL.open_to(found.state, actor()) if move.name != "exclude" or found.way == "councillor")
    form = DecideForm(moves, version=str(found.version), meeting_on=found.meeting_on)

    def deed() -> ChallengeReferral:
        check_version(found, whole_or_none(form.version.data))
        given = referring.Decision(
            move=form.move.data or "",
            words=form.words.data or "",
            meeting_on=form.meeting_on.data,
            review=form.review.data or "",
            exclusion=form.exclusion.data or "",
        )
        return referring.decide(found, given, by=actor(), at=now())

    if moves and form.validate_on_submit() and attempt(form, deed) is not None:
        flash(gettext("Saved. The page of the challenge says so."), "success")
        return redirect(url_for(".decide", referral_id=found.id))
    return render_template("challenges/referral.html", form=form, referral=found, words=words, ways=WAYS, moves=moves)
