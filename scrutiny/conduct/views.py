"""Pages that change a whole review: each shows what would happen, and does exactly that once it has been seen."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.bodies.models import Body
from scrutiny.conduct import joining, moving, newer_method, withdrawing
from scrutiny.conduct.forms import MethodForm, MoveForm, WithdrawForm
from scrutiny.conduct.presenters import beside, by_part
from scrutiny.conduct.preview_token import mark_of
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.extensions import db
from scrutiny.formats import full_stop, london_day, number
from scrutiny.pages import now
from scrutiny.requests.letters import Preview
from scrutiny.reviews.access import review_to_run
from scrutiny.reviews.forms import JoinForm
from scrutiny.reviews.models import Review
from scrutiny.reviews.presenters import join_choices
from scrutiny.transaction import attempt, writes, writes_in_parts

blueprint = Blueprint("conduct", __name__)
OVER = ("reported", "closed", "withdrawn")


@blueprint.route("/reviews/<reference>/withdraw", methods=["GET", "POST"])
@signed_in
@writes_in_parts
def withdraw(reference: str) -> ResponseReturnValue:
    """Withdraw a review with everything asked in it, once what that does has been read."""
    by, at = actor(), now()
    review, form = _running(reference), WithdrawForm()
    if form.validate_on_submit():
        typed = {"why": form.why.data, "seen": form.seen.data or ""}
        refused = attempt(form, lambda: withdrawing.withdraw(review, **typed, by=by, at=at))
        if refused == "":
            told = queued_now("review_withdrawn", "review_withdrawn_agency", "request_withdrawn", "invitation_taken_back")
            flash(f"{gettext('The review is withdrawn.')} {told}", "success")
            return redirect(f"/reviews/{reference}")
        if refused:
            form.form_errors.append(
                gettext("Some requests are withdrawn, the review and the others are not yet. %(why)s", why=full_stop(refused))
            )
        review = _running(reference)
    shown = withdrawing.preview(review, at=at)
    _keep_mark(form, mark_of(shown))
    public_url = current_app.config["SETTINGS"].public_url
    letters = withdrawing.example_letters(review, at=at, public_url=public_url)
    return render_template("conduct/withdraw.html", form=form, review=review, shown=shown, letters=letters)


@blueprint.route("/reviews/<reference>/timetable/<key>", methods=["GET", "POST"])
@signed_in
@writes
def move_dates(reference: str, key: str) -> ResponseReturnValue:
    """Move one phase: first what follows from it, then the deed, in one form."""
    by, at = actor(), now()
    review = _running(reference)
    phase = next((one for one in review.phases if one.key == key), None) or abort(404)
    form, shown = MoveForm(starts_on=phase.starts_on, ends_on=phase.ends_on), None
    if form.validate_on_submit():
        wish = moving.Wish(key, _day(form.starts_on.data), _day(form.ends_on.data), form.follows.data == "yes")
        shown = attempt(form, lambda: moving.preview(review, wish, by=by, at=at))
        if shown and "confirm" in request.form:
            typed = {"why": form.why.data or "", "seen": form.seen.data or ""}
            if moved := attempt(form, lambda: moving.move(review, wish, **typed, by=by, at=at)):
                flash(ngettext("%(n)s phase moved", "%(n)s phases moved", len(moved), n=number(len(moved))), "success")
                return redirect(f"/reviews/{reference}/timetable")
        if form.errors:
            review = _running(reference)
            shown = moving.preview(review, wish, by=by, at=at) if shown else None
            phase = next(one for one in review.phases if one.key == key)
    _keep_mark(form, mark_of(shown) if shown else "")
    return render_template(
        "conduct/move_dates.html",
        form=form,
        review=review,
        phase=phase,
        shown=shown,
        picture=beside(shown),
        narrow=beside(shown, narrow=True),
    )


@blueprint.route("/reviews/<reference>/newer-method", methods=["GET", "POST"])
@signed_in
@writes
def take_up_method(reference: str) -> ResponseReturnValue:
    """The differences between two editions of the method, what would change here, and taking up the newer one."""
    by, at = actor(), now()
    review, form = _running(reference), MethodForm()
    if newer_method.newer_of(review) is None:
        abort(404)
    if form.validate_on_submit():
        typed = {"why": form.why.data, "seen": form.seen.data or ""}
        if attempt(form, lambda: newer_method.take_up(review, **typed, by=by, at=at)):
            flash(gettext("The review is run by the newer edition from now on"), "success")
            return redirect(f"/reviews/{reference}/timetable")
        review = _running(reference)
    shown = newer_method.preview(review, by=by, at=at)
    _keep_mark(form, mark_of(shown))
    return render_template("conduct/newer_method.html", form=form, review=review, shown=shown, parts=by_part(shown))


@blueprint.route("/reviews/<reference>/people/join", methods=["GET", "POST"])
@signed_in
@writes
def join(reference: str) -> ResponseReturnValue:
    """Add a body: first the letters to the agencies already asked, then the deed; where nobody was asked, at once."""
    review, form = _running(reference), JoinForm()
    form.body.choices = join_choices(review, london_day(now()))
    body: Body | None = None
    letters: list[Preview] = []
    mark = ""
    if form.validate_on_submit():
        joins, letters = _joining(review, form)
        shown = joining.preview(joins, form.part.data, letters)
        if "confirm" in request.form or not letters:
            if attempt(form, lambda: _join(review, joins, shown, form.seen.data or "")) is not None:
                flash(_joined(joins.name, form.part.data), "success")
                return redirect(f"/reviews/{reference}/people")
            review = _running(reference)
            joins, letters = _joining(review, form)
            shown = joining.preview(joins, form.part.data, letters)
        body, mark = joins, mark_of(shown)
    _keep_mark(form, mark)
    return render_template("conduct/join.html", form=form, review=review, body=body, letters=letters)


def _join(review: Review, body: Body, shown: joining.BodyJoins, seen: str) -> object:
    """Add the body, if the letters were read."""
    joining.check_read(shown, seen)
    return joining.join(review, body, shown, by=actor(), at=now())


def _joining(review: Review, form: JoinForm) -> tuple[Body, list[Preview]]:
    """The body chosen, and the letters that go as it joins."""
    body = db.session.get_one(Body, form.body.data)
    public_url = current_app.config["SETTINGS"].public_url
    return body, joining.letters_to_agencies(review, body, form.part.data, at=now(), public_url=public_url)


def _joined(body: str, part: str) -> str:
    """What was done, with what became of its letters."""
    if part == joining.PARTNER:
        done = gettext("%(body)s has been invited. It takes part once it accepts.", body=body)
        return f"{done} {queued_now('partner_invited')}"
    done = gettext("%(body)s can read this review from today.", body=body)
    return f"{done} {queued_now('body_added', 'body_joined')}"


def _running(reference: str) -> Review:
    """A review that is not over, for those who run it; of one that is over these pages are not there."""
    review = review_to_run(reference, actor())
    return review if review.state not in OVER else abort(404)


def _keep_mark(form: WithdrawForm | MoveForm | MethodForm | JoinForm, mark: str) -> None:
    """Send the mark of what is shown now back with the form."""
    form.seen.raw_data, form.seen.data = None, mark


def _day(typed: date | None) -> date:
    """A day a valid form holds."""
    assert typed is not None, "the form refuses an empty day"
    return typed
