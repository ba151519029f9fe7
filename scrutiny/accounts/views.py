"""Signing in and out, whom one acts for, and one's own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from flask_security import auth_required, login_user, logout_user

from scrutiny import sent_once
from scrutiny.accounts import access, queries, security, service, sessions
from scrutiny.accounts.forms import ButtonForm, CapacityForm, KeyForm, LanguageForm, SignInForm, SignOutForm
from scrutiny.accounts.models import Person
from scrutiny.accounts.security_pages import note_halfway
from scrutiny.accounts.settings import FRESH, IDLE_HOURS, SESSION_HOURS
from scrutiny.doors import actor, public, signed_in
from scrutiny.formats import clock_time
from scrutiny.pages import is_demo, now, own_path
from scrutiny.transaction import writes
from scrutiny.widgets import SelectChoice
from scrutiny.work.limits import Verdict
from scrutiny.work.puzzles import offer_where_refused, solved_here
from workflows.refusals import Refused

blueprint = Blueprint("accounts", __name__)
#: How a session began, on the page of one's own account.
WAYS = {
    "link": lazy_gettext("By a link."),
    "password": lazy_gettext("By a password."),
    "code": lazy_gettext("By a code from your app."),
    "recovery_code": lazy_gettext("By a recovery code."),
    "passkey": lazy_gettext("By a passkey."),
    "change": lazy_gettext("When you changed your password."),
}


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@writes
def sign_in() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whoever asks."""
    form = SignInForm(next=own_path(request.args.get("next")))
    form.next.data = own_path(form.next.data)
    if form.validate_on_submit():
        network, worked, typed = request.remote_addr or "", solved_here(now()), form.email.data or ""
        verdict = service.ask_for_link(typed, next_path=form.next.data or "", network=network, worked=worked, at=now())
        offer_where_refused(verdict, now())
        if verdict.refused == "victim":
            return _sent_already(form, verdict), 429
        if verdict:
            return redirect(url_for("accounts.link_sent", next=form.next.data or None))
        form.form_errors.append(_why_no_link(verdict))
        return _sign_in_page(form), 429
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm) -> str:
    """The page, with the people of a demonstration."""
    people = queries.people(active=True) if is_demo() else []
    return render_template("accounts/sign_in.html", form=form, people=people, kept="kept" in request.args)


def _why_no_link(verdict: Verdict) -> str:
    """Why no link was sent, and what still works."""
    assert verdict.again_at is not None  # of one that is refused
    again = clock_time(verdict.again_at)
    if verdict.refused == "network":
        said = gettext("Many links have been asked for from your network. Try again at %(time)s.", time=again)
    else:
        said = gettext("Many people are asking for links. Try again at %(time)s.", time=again)
    return f"{said} {gettext('Links already sent still work.')}"


def _sent_already(form: SignInForm, verdict: Verdict) -> str:
    """The page that says when links were sent to this address, and until when the last works; the same for any address."""
    assert verdict.last_at is not None  # as above
    assert verdict.again_at is not None
    return render_template(
        "accounts/link_sent.html",
        address=(form.email.data or "").strip(),
        next_path=form.next.data,
        last=clock_time(verdict.last_at),
        until=clock_time(verdict.last_at + service.LINK_LASTS),
        again=clock_time(verdict.again_at),
    )


@blueprint.route("/sign-in/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Look in your letter-box."""
    return render_template("accounts/link_sent.html", next_path=own_path(request.args.get("next")))


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
@writes
def open_link(token: str) -> ResponseReturnValue:
    """A link opened shows a button, for mail scanners open links too; only the button uses it up.

    It names who is signed in by it, so that whoever was forwarded somebody else's link sees that before they press.
    """
    form, link = ButtonForm(), queries.link_with(token)
    if form.validate_on_submit():
        try:
            used = service.use_link(token, at=now())
        except Refused as refusal:
            next_path = own_path(link.next) if link else ""
            return render_template("accounts/link_spent.html", sentence=refusal.sentence, next_path=next_path), 409
        return _enter(used.person, "link", used.next)
    if link is not None and link.used_at is None:
        form.submit.label.text = gettext("Sign in as %(name)s", name=link.person.name)
    # Only our name is told to what is opened from here, never the secret in the address; with no Referer at all, the
    # check against forged forms would refuse the button itself on https.
    return render_template("accounts/open_link.html", form=form, link=link), 200, {"Referrer-Policy": "strict-origin"}


@blueprint.route("/sign-in/demo/<int:person_id>", methods=["POST"])
@public
@writes
def sign_in_demo(person_id: int) -> ResponseReturnValue:
    """Sign in as one of the demo's people; not there unless this is a demo."""
    person = queries.person(person_id) if is_demo() else None
    if person is None or not person.active:
        abort(404)
    return _enter(person, "demo", own_path(request.form.get("next")))


def _enter(person: Person, how: str, next_path: str) -> ResponseReturnValue:
    """Begin a session of their own; where the person has a second step, that comes first."""
    security.signed_out(current_app)
    session.clear()
    second_step = current_app.extensions["security"].two_factor_plugins
    response = None if how == "demo" else second_step.tf_enter(person, False, how, next_path or url_for("accounts.home"))
    if response is not None:
        note_halfway(now(), how)
        return cast(ResponseReturnValue, response)
    login_user(person, remember=False, authn_via=[how])
    return redirect(next_path or url_for("accounts.home"))


@blueprint.route("/home")
@signed_in
def home() -> ResponseReturnValue:
    """Where each person begins: their work, administration, or the front page."""
    by = actor()
    wanted = ["worklist.inbox"] if by.capacities else ["upkeep.administration"] if by.administrator else []
    here = [endpoint for endpoint in [*wanted, "public.front"] if endpoint in current_app.view_functions]
    return redirect(url_for(here[0]) if here else "/")


@blueprint.route("/sign-out", methods=["POST"])
@public
@writes
def sign_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    session.clear()
    flash(gettext("You have signed out"), "success")
    return redirect("/")


@blueprint.route("/account/acting-for", methods=["GET", "POST"])
@signed_in
@writes
def choose_capacity() -> ResponseReturnValue:
    """Choose the body or agency to act for; it must be one's own."""
    by = actor()
    form = CapacityForm(capacity=by.capacity.reference)
    form.capacity.choices = [SelectChoice(value=one.reference, label=one.name) for one in by.capacities]
    if form.validate_on_submit():
        session["acting_for"] = form.capacity.data
        return redirect(own_path(form.next.data) or url_for("accounts.home"))
    return render_template("accounts/choose_capacity.html", form=form)


@blueprint.route("/account")
@signed_in
def account() -> ResponseReturnValue:
    """One's own account: name, language, ways of signing in, keys."""
    return _account_page(access.oneself(actor()))


def _account_page(person: Person, **forms: Any) -> str:
    """The page, with the forms as they stand."""
    shown = {
        "language_form": LanguageForm(language=person.language),
        "key_form": KeyForm(formdata=None),
        "sign_out_form": SignOutForm(formdata=None),
    } | forms
    return render_template(
        "accounts/account.html",
        person=person,
        keys=queries.keys_of(person.id),
        kinds=service.KEY_KINDS,
        sessions=sessions.sessions_of(person.id, at=now()),
        this_session=security.this_session(),
        ways=WAYS,
        hours={"all": SESSION_HOURS, "idle": IDLE_HOURS},
        **shown,
    )


@blueprint.route("/account/language", methods=["POST"])
@signed_in
@writes
def choose_language() -> ResponseReturnValue:
    """Keep the language of one's letters."""
    person, form = access.oneself(actor()), LanguageForm()
    if not form.validate_on_submit():
        return _account_page(person, language_form=form)
    service.choose_language(person, form.language.data, by=actor(), at=now())
    flash(gettext("Saved"), "success")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/keys", methods=["POST"])
@signed_in
@writes
def make_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    by, form = actor(), KeyForm()
    person = access.oneself(by)
    if not form.validate_on_submit():
        return _account_page(person, key_form=form)
    made = {"kind": form.kind.data, "name": form.name.data or "", "ends_on": form.ends_on.data}
    secret = service.make_key(person, by=by, at=now(), **made)
    sent_once.done_here(url_for("accounts.account"))
    return render_template("accounts/key_made.html", secret=secret, **made)


@blueprint.route("/account/keys/<int:key_id>/revoke", methods=["POST"])
@signed_in
@writes
def revoke_key(key_id: int) -> ResponseReturnValue:
    """Stop one of one's own keys."""
    by = actor()
    service.revoke_key(access.key_of_mine(key_id, by), by=by, at=now())
    flash(gettext("This key no longer works"), "success")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/remove-password", methods=["POST"])
@signed_in
@auth_required("session", within=lambda: FRESH, grace=lambda: timedelta(0))
@writes
def remove_password() -> ResponseReturnValue:
    """Sign in by link only from now on; asked of somebody who has just signed in."""
    by = actor()
    service.remove_password(access.oneself(by), by=by, at=now())
    flash(gettext("You have no password now: sign in by a link"), "success")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/sessions/<int:session_id>/end", methods=["POST"])
@signed_in
@writes
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out on one of one's devices; on this one that is to sign out."""
    by = actor()
    if session_id == security.this_session():
        return sign_out()
    sessions.end(access.session_of_mine(session_id, by, now()), by=by, at=now())
    flash(gettext("You are signed out on that device."), "success")
    return redirect(url_for("accounts.account", _anchor="devices"))


@blueprint.route("/account/sign-out-everywhere", methods=["POST"])
@signed_in
@writes
def sign_out_everywhere() -> ResponseReturnValue:
    """End one's sessions on every device, this one too, and one's keys where wanted."""
    by, keys_too = actor(), bool(SignOutForm().keys_too.data)
    ended = service.sign_out_everywhere(access.oneself(by), by=by, at=now(), keys_too=keys_too)
    logout_user()
    session.clear()
    said = ngettext(
        "You are signed out everywhere. %(num)d key ended.", "You are signed out everywhere. %(num)d keys ended.", ended
    )
    flash(said if keys_too else gettext("You are signed out everywhere."), "success")
    return redirect(url_for("accounts.sign_in"))
