"""Pages of the ladder: what goes next and what went, one click that chases everyone silent, letters to approve."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scrutiny.doors import actor, administrator, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests import access, chasing, escalating
from scrutiny.requests.forms import WhyForm, WordsForm
from scrutiny.reviews.access import may_run, review_to_inspect, review_to_run
from scrutiny.reviews.queries import is_announced
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, writes
from workflows.ladders import in_sentences, quiet_in_sentences
from workflows.lifecycles.escalation import ESCALATION

blueprint = Blueprint("chasing", __name__)
#: How many requests the administrator's page looks at; the rest is counted.
MOST = 100


@blueprint.route("/reviews/<reference>/reminders")
@signed_in
def reminders(reference: str) -> ResponseReturnValue:
    """What the ladder will send in the next days, what waits for approval, and what went; the words for those who run it."""
    by, at = actor(), now()
    review = review_to_inspect(reference, by)
    runs, went = may_run(review, by), chasing.escalations_of(review)
    with chasing.letters_of(review, at):
        return render_template(
            "requests/reminders.html",
            review=review,
            runs=runs,
            at=at,
            public_url=_public_url(),
            ahead=chasing.AHEAD,
            coming=chasing.coming_in(review, at),
            silent=chasing.silent_in(review, london_day(at)),
            waiting=[one for one in went if one.state == "proposed"],
            went=[one for one in went if one.state != "proposed"],
            ladders=[(ladder, in_sentences(ladder)) for ladder in chasing.ladders_of(review)],
            states=ESCALATION.states,
            quiet=quiet_in_sentences(rules().ladders.quiet),
        )


@blueprint.route("/reviews/<reference>/chase", methods=["GET", "POST"])
@signed_in
@writes
def everyone(reference: str) -> ResponseReturnValue:
    """Every letter that chasing everyone silent would send, as it will go; one press sends them all."""
    review, at, form = review_to_run(reference, actor()), now(), WordsForm()
    with chasing.letters_of(review, at):
        silent = chasing.silent_in(review, london_day(at))
    left_out = [one for one in silent if one.why_not]
    if form.validate_on_submit() and not form.preview.data:
        late = [(one.request, one.items) for one in silent if not one.why_not]
        sent = escalating.chase_everyone(late, by=actor(), at=at, words=form.words)
        flash(chasing.chased_words(sent, left_out), "success")
        return redirect(url_for(".reminders", reference=reference))
    with chasing.letters_of(review, at):
        shown = [(one, one.previews(at, _public_url(), form.words)) for one in silent if not one.why_not]
    return render_template("requests/chase_everyone.html", review=review, shown=shown, left_out=left_out, form=form)


@blueprint.route("/reviews/<reference>/reminders/<int:escalation_id>", methods=["GET", "POST"])
@signed_in
@writes
def escalation(reference: str, escalation_id: int) -> ResponseReturnValue:
    """A letter proposed, as it will go; a chair or lead inspector sends it in their own name."""
    by, at = actor(), now()
    found, form = access.escalation_to_decide(reference, escalation_id, by), WordsForm()
    if form.validate_on_submit() and not form.preview.data:
        flash(chasing.chased_words(escalating.approve(found, by=by, at=at, words=form.words), []), "success")
        return redirect(url_for(".reminders", reference=reference))
    late = escalating.still_late(found, london_day(at))
    return render_template(
        "requests/escalation.html",
        escalation=found,
        late=late,
        states=ESCALATION.states,
        moves={move.name for move in ESCALATION.open_to(found.state, by)},
        shown=chasing.proposed_previews(found, late, by, at=at, public_url=_public_url(), words=form.words) if late else [],
        form=form,
    )


@blueprint.route("/reviews/<reference>/reminders/<int:escalation_id>/set-aside", methods=["GET", "POST"])
@signed_in
@writes
def set_aside(reference: str, escalation_id: int) -> ResponseReturnValue:
    """Do not send a proposed letter, with the reason."""
    found, form = access.escalation_to_decide(reference, escalation_id, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: escalating.set_aside(found, why=form.why.data, by=actor(), at=now())):
            flash(f"The letter to {found.agency.name} is set aside", "success")
            return redirect(url_for(".reminders", reference=reference))
        found = access.escalation_to_decide(reference, escalation_id, actor())
    return render_template("requests/set_aside.html", form=form, escalation=found)


@blueprint.route("/administration/letters/coming")
@administrator
def coming() -> ResponseReturnValue:
    """The letters that the ladders of all reviews will send in the next days; the words only of reviews that are announced."""
    at = now()
    ids, more = chasing.requests_due_within(london_day(at), chasing.AHEAD, MOST)
    with chasing.letters_about(ids, at):
        return _coming_page(chasing.coming_for(ids, at), more, at)


def _coming_page(coming: list[chasing.Coming], more: int, at: datetime) -> str:
    """The page itself, worded while what its letters need is at hand."""
    known = {one.request.review_id for one in coming if is_announced(one.request.review, london_day(at))}
    return render_template(
        "requests/coming.html",
        coming=coming,
        known=known,
        more=more,
        most=MOST,
        at=at,
        public_url=_public_url(),
        ahead=chasing.AHEAD,
    )


def _public_url() -> str:
    """The address under which letters send people here."""
    return str(current_app.config["SETTINGS"].public_url)
