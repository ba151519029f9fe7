"""For anyone: every published challenge, how long answers take, the form that sends one, and the form that supports one."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny import sent_once
from scrutiny.challenges import access, plain, queries, referring, service, subjects, supporting, times, words
from scrutiny.challenges.forms import ChallengeForm, SupportForm
from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.rules.queries import rules
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import Form
from scrutiny.work.limits import Limit, Verdict
from scrutiny.work.puzzles import may_try_here

blueprint = Blueprint("challenges", __name__)
#: A library or a hall has one network address; nobody's letter-box is to be filled by somebody else.
SENT = Limit("challenge sent", timedelta(hours=1), of_network=10, in_all=300, of_victim=5)
SUPPORTED = Limit("challenge supported", timedelta(hours=1), of_network=60, in_all=3000, of_victim=10)
MOST_ROWS = 10_000


@blueprint.get("/challenges")
@public
def challenge_list() -> ResponseReturnValue:
    """Published challenges, the newest first, and how long answers take."""
    asked, today = _asked(), london_day(now())
    return render_template(
        "challenges/list.html",
        found=queries.published(asked),
        asked=asked,
        words=words,
        today=today,
        times=times.response_times(today),
        sample=rules().challenges.minimum_sample,
    )


@blueprint.get("/challenges.<any(csv, json):form>")
@public
def download(form: str) -> ResponseReturnValue:
    """The same as a table or as JSON."""
    found = queries.published(_asked(), MOST_ROWS)
    rows = [plain.as_plain(one, found.supporters[one.id], london_day(now())) for one in found.rows]
    if form == "json":
        return Response(canonical(rows), mimetype="application/json")
    cells = [[plain.cell(row[column]) for column in plain.COLUMNS] for row in rows]
    response = Response(write_csv(plain.COLUMNS, cells), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="challenges.csv"'
    return response


@blueprint.get("/challenges/<reference>")
@public
def challenge(reference: str) -> ResponseReturnValue:
    """One challenge: its state, who must answer and by when, the answers, and what has changed since."""
    found = access.challenge_to_read(reference)
    if found.reference != reference:
        return redirect(url_for(".challenge", reference=found.reference))
    today = london_day(now())
    threshold = referring.threshold_of(found)
    by = actor()
    return render_template(
        "challenges/challenge.html",
        challenge=found,
        subject=subjects.subject_of(found.subject, today),
        supporters=queries.supporters_of([found.id])[found.id],
        threshold=threshold,
        words=words,
        today=today,
        works=access.may_moderate(found, by) or access.may_answer(found, by),
        brings=by.body is not None,
    )


@blueprint.route("/challenges/new", methods=["GET", "POST"])
@public
@writes
def new() -> ResponseReturnValue:
    """Challenge one thing that is published; whoever says the same already stands above the form."""
    subject = subjects.subject_to_challenge(request.args.get("about", ""), london_day(now()))
    form = ChallengeForm()
    if form.validate_on_submit():
        verdict = may_try_here(SENT, (form.address.data or "").lower(), at=now())
        if not verdict:
            form.form_errors.append(_too_many(verdict))
            return _form(form, subject), 429
        said = form.said(bool(form.shows_name.data))
        if attempt(form, lambda: service.ask(subject, said, form.address.data or "", language="en", at=now())) is not None:
            sent_once.done_here(subject.path)
            return render_template("challenges/sent.html", subject=subject, words=words, days=rules().challenges.confirm_within)
    return _form(form, subject)


@blueprint.route("/challenges/<reference>/support", methods=["GET", "POST"])
@public
@writes
def support(reference: str) -> ResponseReturnValue:
    """Support a published challenge; counted once its link is opened and confirmed."""
    found, form = access.challenge_to_read(reference), SupportForm()
    if form.validate_on_submit():
        address = form.address.data or ""
        verdict = may_try_here(SUPPORTED, address.lower(), at=now())
        if not verdict:
            form.form_errors.append(_too_many(verdict))
            return render_template("challenges/support.html", form=form, challenge=found, words=words), 429
        tell = bool(form.tell.data)
        supporting.support(found, address, tell=tell, language="en", at=now())
        sent_once.done_here(url_for(".challenge", reference=found.reference))
        return render_template("challenges/support_sent.html", challenge=found, days=rules().challenges.confirm_within)
    return render_template("challenges/support.html", form=form, challenge=found, words=words)


def _form(form: Form, subject: subjects.Subject) -> str:
    """The form of a challenge, with those there are already."""
    same = queries.similar(subject)
    return render_template(
        "challenges/new.html",
        form=form,
        subject=subject,
        same=same,
        words=words,
        today=london_day(now()),
        rules=rules().challenges,
    )


def _too_many(verdict: Verdict) -> str:
    """Why a form is not taken now, and what to do."""
    if verdict.refused == "victim":
        return gettext(
            "Several of these were sent from this email address in the last hour. Confirm those first, or try again in an hour"
        )
    if verdict.refused == "all":
        return gettext("Many people are sending challenges at the moment. Wait an hour, then send this again")
    return gettext("Many challenges have been sent from your network. Wait an hour, then send this again")


def _asked() -> queries.Filter:
    """What of the list is asked for."""
    asked = request.args
    return queries.Filter(
        state=asked.get("state", ""),
        subject=asked.get("about", "")[:160],
        agency_id=whole_or_none(asked.get("agency", "")),
        source_id=whole_or_none(asked.get("source", "")),
        report=asked.get("report", "")[:40],
        page=whole_or_none(asked.get("page", "")) or 1,
    )
