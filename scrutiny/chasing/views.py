"""Pages of the ladder: what goes next and what went, one click that chases everyone silent, letters to approve."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.chasing import in_turn, presenters, queries, service
from scrutiny.chasing.access import escalation_to_decide
from scrutiny.chasing.ladder_words import in_sentences, quiet_in_sentences
from scrutiny.chasing.unfit import error_of_waiting, errors_of, fitting
from scrutiny.doors import actor, administrator, signed_in
from scrutiny.formats import full_stop, london_day
from scrutiny.pages import now
from scrutiny.requests.forms import WhyForm, WordsForm
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.access import may_run, review_to_inspect, review_to_run
from scrutiny.reviews.queries import is_announced
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, writes, writes_in_parts
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
    runs, went, issued = may_run(review, by), queries.escalations_of(review), requests_of(review, "issued")
    running = issued if review.state == "opened" else []
    with queries.letters_of(issued, at):
        return render_template(
            "requests/reminders.html",
            review=review,
            runs=runs,
            at=at,
            public_url=_public_url(),
            ahead=queries.AHEAD,
            coming=queries.coming_of(running, at),
            silent=queries.silent_of(running, london_day(at)),
            waiting=[one for one in went if one.state == "proposed"],
            went=[one for one in went if one.state != "proposed"],
            ladders=[(ladder, in_sentences(ladder)) for ladder in queries.ladders_of(review, issued)],
            statuses=presenters.statuses(went),
            quiet=quiet_in_sentences(rules().ladders.quiet),
        )


@blueprint.route("/reviews/<reference>/chase", methods=["GET", "POST"])
@signed_in
@writes_in_parts
def everyone(reference: str) -> ResponseReturnValue:
    """Every letter that chasing everyone silent would send, as it will go; one press sends them all."""
    review, at, form = review_to_run(reference, actor()), now(), WordsForm()
    running = requests_of(review, "issued") if review.state == "opened" else []
    with queries.letters_of(running, at):
        silent = queries.silent_of(running, london_day(at), actor())
        left_out = [one for one in silent if one.why_not]
        shown, unfit = fitting([one for one in silent if not one.why_not], at, _public_url(), form.words)
    if form.validate_on_submit() and not form.preview.data:
        known = set(request.form.getlist("without"))
        form.form_errors += errors_of([one for one in unfit if one.key not in known], "everyone")
        if not form.form_errors:
            late = [(one.request, one.items) for one, _ in shown]
            sent, refused = in_turn.chase_in_turn(late, by=actor(), at=at, words=form.words)
            flash(queries.chased_words(sent, [*left_out, *unfit]), "success")
            if refused:
                flash(gettext("No letters were sent to the others. %(why)s", why=full_stop(refused)), "error")
            return redirect(url_for(".reminders", reference=reference))
    return render_template("requests/chase_everyone.html", review=review, shown=shown, unfit=unfit, left_out=left_out, form=form)


@blueprint.route("/reviews/<reference>/reminders/<int:escalation_id>", methods=["GET", "POST"])
@signed_in
@writes
def escalation(reference: str, escalation_id: int) -> ResponseReturnValue:
    """A letter proposed, as it will go; a chair or lead inspector sends it in their own name."""
    by, at = actor(), now()
    found, form = escalation_to_decide(reference, escalation_id, by), WordsForm()
    late = service.still_late(found, london_day(at))
    shown = queries.proposed_previews(found, late, by, at=at, public_url=_public_url(), words=form.words) if late else []
    if form.validate_on_submit() and not form.preview.data:
        form.form_errors += error_of_waiting(found, shown)
        if not form.form_errors:
            flash(queries.chased_words(service.approve(found, by=by, at=at, words=form.words), []), "success")
            return redirect(url_for(".reminders", reference=reference))
    return render_template(
        "requests/escalation.html",
        escalation=found,
        late=late,
        states=ESCALATION.states,
        moves={move.name for move in ESCALATION.open_to(found.state, by)},
        shown=shown,
        form=form,
    )


@blueprint.route("/reviews/<reference>/reminders/<int:escalation_id>/set-aside", methods=["GET", "POST"])
@signed_in
@writes
def set_aside(reference: str, escalation_id: int) -> ResponseReturnValue:
    """Do not send a proposed letter, with the reason."""
    found, form = escalation_to_decide(reference, escalation_id, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: service.set_aside(found, why=form.why.data, by=actor(), at=now())):
            flash(gettext("The letter to %(agency)s is set aside", agency=found.agency.name), "success")
            return redirect(url_for(".reminders", reference=reference))
        found = escalation_to_decide(reference, escalation_id, actor())
    return render_template("requests/set_aside.html", form=form, escalation=found)


@blueprint.route("/administration/letters/coming")
@administrator
def coming() -> ResponseReturnValue:
    """The letters that the ladders of all reviews will send in the next days; the words only of reviews that are announced."""
    at = now()
    ids, more = queries.requests_due_within(london_day(at), queries.AHEAD, MOST)
    with queries.letters_about(ids, at):
        return _coming_page(queries.coming_for(ids, at), more, at)


def _coming_page(coming: list[queries.Coming], more: int, at: datetime) -> str:
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
        ahead=queries.AHEAD,
    )


def _public_url() -> str:
    """The address under which letters send people here."""
    return str(current_app.config["SETTINGS"].public_url)
