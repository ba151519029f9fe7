"""Pages of the register of non-response: the lead's, and the public register."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms.validators import Length

from scrutiny.doors import actor, public, signed_in
from scrutiny.formats import london_day, sentences
from scrutiny.pages import now
from scrutiny.publication import delivering, registering
from scrutiny.publication.models import RegisterEntry
from scrutiny.requests import access
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import Form, LongTextField, SubmitField

blueprint = Blueprint("register", __name__)
TOO_LONG = Length(max=2000, message=lazy_gettext("Keep it to 2,000 characters"))


class EntryForm(Form):
    """The lead's line, and why an entry is corrected or withdrawn."""

    words = LongTextField(
        lazy_gettext("Your line"),
        description=lazy_gettext("Shown in the register. Leave it empty if the list says enough."),
        validators=[TOO_LONG],
    )
    why = LongTextField(
        lazy_gettext("Why it is corrected or withdrawn"),
        description=lazy_gettext("Only for these two; shown with the entry."),
        validators=[TOO_LONG],
    )
    notice = SubmitField(lazy_gettext("Tell the agency"))
    publish = SubmitField(lazy_gettext("Publish it in the register"))
    correct = SubmitField(lazy_gettext("Correct it"))
    withdraw = SubmitField(lazy_gettext("Withdraw it"))


@blueprint.route("/reviews/<reference>/requests/<slug>/register", methods=["GET", "POST"])
@signed_in
@writes
def manage(reference: str, slug: str) -> ResponseReturnValue:
    """What would be public of a request not answered; telling the agency, publishing, correcting, withdrawing."""
    by, at = actor(), now()
    found = access.request_to_run(reference, slug, by)
    entry = registering.entry_of(found)
    form = EntryForm(words=entry.words if entry else "")
    words, why = form.words.data or "", form.why.data or ""
    if form.validate_on_submit():
        deed = next((deed for name, deed in _deeds(found, entry, words, why).items() if form[name].data), None)
        if deed is not None and attempt(form, deed) is not None:
            return redirect(url_for(".manage", reference=reference, slug=slug))
        found = access.request_to_run(reference, slug, by)
        entry = registering.entry_of(found)
    today = london_day(at)
    return render_template(
        "requests/register_entry.html",
        form=form,
        found=found,
        entry=entry,
        not_reached=_not_reached(entry),
        items=registering.would_say(found, today),
        still_to_do=registering.still_to_do(found.review, today),
        came=registering.came_since(entry) if entry else {},
    )


def _not_reached(entry: RegisterEntry | None) -> str:
    """Why the agency has not been told of an entry that is to be published, or nothing."""
    if entry is None or entry.state != "noticed" or entry.reply or entry.received_on is not None:
        return ""
    return sentences([delivering.why_not_reached(entry)]).removesuffix(".")


def _deeds(found: EvidenceRequest, entry: RegisterEntry | None, words: str, why: str) -> dict[str, Callable[[], RegisterEntry]]:
    """What each button does, as the entry stands."""
    by, at = actor(), now()
    if entry is None:
        return {"notice": lambda: registering.give_notice(found, words=words, by=by, at=at)}
    return {
        "publish": lambda: registering.publish(entry, by=by, at=at),
        "correct": lambda: registering.correct(entry, words=words, why=why, by=by, at=at),
        "withdraw": lambda: registering.withdraw(entry, why=why, by=by, at=at),
    }


@blueprint.route("/register")
@public
def of_everybody() -> ResponseReturnValue:
    """The public register: what was asked and not answered, with the agency's own line."""
    entries = registering.published(london_day(now()))
    return render_template(
        "public/register.html", entries=[(entry, registering.came_since(entry)) for entry in entries], asked=request.path
    )
