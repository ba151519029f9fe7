"""For those who check and answer challenges: one page for each, with what can be done with it now."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.approving.service import needs_approver
from scrutiny.challenges import access, answering, approvals, following, originals, queries, retention, service, subjects, words
from scrutiny.challenges.forms import AnswerForm, EraseForm, MergeForm, OriginalForm, PublishForm, RefuseForm, words_of
from scrutiny.challenges.models import Challenge
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.transaction import attempt, check_version, writes
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import Form
from workflows.lifecycles.challenge import CHALLENGE
from workflows.refusals import Refused

blueprint = Blueprint("challenge_desk", __name__, url_prefix="/challenges/desk")
ONE = "/<int:challenge_id>"


@blueprint.get("")
@signed_in
def desk() -> ResponseReturnValue:
    """What waits for whoever asks: to be checked, to be answered, to be considered."""
    by, today = actor(), london_day(now())
    if by.agency is not None:
        rows = queries.open_of_agency(by.agency)
    elif by.body is not None:
        rows = [one for one in queries.open_of_body(by.body) if access.may_moderate(one, by)]
    elif not by.administrator:
        abort(404)
    else:
        rows = []
    if by.administrator:
        rows = [*rows, *queries.open_of_administrators()]
    referred = queries.referred_to(by.body) if by.body is not None else []
    return render_template("challenges/desk.html", rows=rows, referred=referred, words=words, today=today)


@blueprint.get(ONE)
@signed_in
def challenge(challenge_id: int) -> ResponseReturnValue:
    """One challenge as those who work on it see it."""
    found = access.challenge_to_work_on(challenge_id, access.as_answerer(challenge_id, actor()))
    return _page(found)


@blueprint.post(f"{ONE}/publish")
@signed_in
@writes
def publish(challenge_id: int) -> ResponseReturnValue:
    """Publish it, without what must not be public."""
    found, form = access.challenge_to_moderate(challenge_id, actor()), PublishForm()

    def deed() -> Challenge:
        check_version(found, whole_or_none(form.version.data))
        return service.publish(found, form.said(found.shows_name), by=actor(), at=now())

    if form.validate_on_submit() and attempt(form, deed) is not None:
        flash(gettext("Published. %(name)s has it under My work, to answer.", name=found.answerer), "success")
        return redirect(url_for(".challenge", challenge_id=challenge_id))
    return _page(found, form)


@blueprint.post(f"{ONE}/refuse")
@signed_in
@writes
def refuse(challenge_id: int) -> ResponseReturnValue:
    """Do not publish it, or take it down."""
    found, form = access.challenge_to_moderate(challenge_id, actor()), RefuseForm()

    def deed() -> Challenge:
        check_version(found, whole_or_none(form.version.data))
        return service.refuse(found, form.ground.data or "", form.why.data or "", by=actor(), at=now())

    return _done(found, form, deed, gettext("Not published. Its writer has been emailed the reason."))


@blueprint.post(f"{ONE}/merge")
@signed_in
@writes
def merge(challenge_id: int) -> ResponseReturnValue:
    """Join it with another."""
    found, form = access.challenge_to_moderate(challenge_id, actor()), MergeForm()

    def deed() -> Challenge:
        check_version(found, whole_or_none(form.version.data))
        into = queries.called((form.into.data or "").strip().upper())
        if into is None:
            raise Refused(gettext("There is no published challenge with this reference"))
        return service.merge(found, into, by=actor(), at=now())

    return _done(found, form, deed, gettext("Joined. Its writer now supports the other challenge, and has been emailed."))


@blueprint.route(f"{ONE}/answer", methods=["GET", "POST"])
@signed_in
@writes
def answer(challenge_id: int) -> ResponseReturnValue:
    """Answer it in public: an agency by its approver, where it has one."""
    by = access.as_answerer(challenge_id, actor())
    found = access.challenge_to_answer(challenge_id, by)
    draft = approvals.open_one(found, by) if by.agency is not None else None
    form = AnswerForm(version=str(found.version), **(draft.content if draft is not None and draft.state != "waiting" else {}))

    def deed() -> tuple[bool]:
        check_version(found, whole_or_none(form.version.data))
        return (approvals.send_answer(found, form.outcome.data or "", form.words.data or "", by=by, at=now()),)

    if by.agency is not None and needs_approver(by.agency, by=by, at=now()):
        form.submit.label.text = gettext("Send to your approver")
    if form.validate_on_submit() and (done := attempt(form, deed)) is not None:
        said = gettext("The answer is published. Those who follow the challenge have been emailed.")
        flash(said if done[0] else gettext("Sent to your approver. It is published once they approve it."), "success")
        return redirect(url_for(".challenge", challenge_id=challenge_id))
    return render_template(
        "challenges/answer.html",
        form=form,
        challenge=found,
        draft=draft,
        subject=subjects.subject_of(found.subject, london_day(now())),
        words=words,
        today=london_day(now()),
        correction=following.correcting_source(found) or following.corrected_edition(found),
        corrected_where=answering.CORRECTED_WHERE,
    )


@blueprint.post(f"{ONE}/original")
@signed_in
@writes
def original(challenge_id: int) -> ResponseReturnValue:
    """What was sent, word for word; administrators alone, and it is noted that they looked."""
    found, kept = access.challenge_with_original(challenge_id, actor())
    if not OriginalForm().validate_on_submit():
        abort(404)
    sent = originals.opened(kept, found, by=actor(), at=now())
    return render_template("challenges/original.html", challenge=found, sent=sent, words=words)


@blueprint.post(f"{ONE}/erase")
@signed_in
@writes
def erase(challenge_id: int) -> ResponseReturnValue:
    """Erase words for ever."""
    found, form = access.challenge_to_moderate(challenge_id, actor()), EraseForm()
    erasing = retention.erase_answers if form.what.data == "answers" else retention.erase_words

    def deed() -> bool:
        erasing(found, form.why.data or "", by=actor(), at=now())
        return True

    return _done(found, form, deed, gettext("Erased. The record shows that something was erased here, and when."))


def _done(found: Challenge, form: Form, deed: Callable[[], object], said: str) -> ResponseReturnValue:
    """Do a deed and lead back to the challenge; a refusal stands on the form."""
    if form.validate_on_submit() and attempt(form, deed) is not None:
        flash(said, "success")
        return redirect(url_for(".challenge", challenge_id=found.id))
    return _page(found, form)


def _page(found: Challenge, form: Form | None = None) -> str:
    """The page of a challenge with its forms; the one that was sent keeps what was typed."""
    by, today = access.as_answerer(found.id, actor()), london_day(now())
    moderates = access.may_moderate(found, by)
    given = {type(form): form} if form is not None else {}
    blank = {
        "publish": PublishForm(formdata=None, version=str(found.version), **words_of(found)),
        "refuse": RefuseForm(formdata=None, version=str(found.version)),
        "merge": MergeForm(formdata=None, version=str(found.version)),
        "erase": EraseForm(formdata=None),
        "original": OriginalForm(formdata=None),
    }
    return render_template(
        "challenges/work.html",
        challenge=found,
        forms={name: given.get(type(one), one) for name, one in blank.items()},
        failed=form,
        subject=subjects.subject_of(found.subject, today),
        moves={move.name for move in CHALLENGE.open_to(found.state, by)} if moderates else set(),
        answers=found.state in ("published", "answered") and access.may_answer(found, by),
        moderates=moderates,
        has_original=moderates and by.administrator and originals.is_kept(found),
        supporters=queries.supporters_of([found.id])[found.id],
        words=words,
        today=today,
    )
