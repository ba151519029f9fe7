"""Signing in and out, whom one acts for, and one's own account."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user, logout_user

from scrutiny.accounts import access, queries, service
from scrutiny.accounts.forms import ButtonForm, CapacityForm, KeyForm, LanguageForm, SignInForm
from scrutiny.accounts.models import Person
from scrutiny.doors import actor, public, signed_in
from scrutiny.pages import now
from scrutiny.transaction import writes
from scrutiny.widgets import SelectChoice
from workflows.refusals import Refused

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@writes
def sign_in() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whoever asks."""
    form = SignInForm(next=service.local_path(request.args.get("next")))
    if form.validate_on_submit():
        network = request.remote_addr or ""
        service.ask_for_link(form.email.data or "", next_path=form.next.data or "", network=network, at=now())
        return redirect(url_for("accounts.link_sent"))
    return render_template("accounts/sign_in.html", form=form, people=queries.people(active=True) if _is_demo() else [])


@blueprint.route("/sign-in/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Look in your letter-box."""
    return render_template("accounts/link_sent.html")


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
@writes
def open_link(token: str) -> ResponseReturnValue:
    """A link opened shows a button, for mail scanners open links too; only the button uses it up."""
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            link = service.use_link(token, at=now())
        except Refused as refusal:
            return render_template("accounts/link_spent.html", sentence=refusal.sentence), 409
        return _enter(link.person, "link", link.next)
    # Only our name is told to what is opened from here, never the secret in the address; with no Referer at all, the
    # check against forged forms would refuse the button itself on https.
    return render_template("accounts/open_link.html", form=form), 200, {"Referrer-Policy": "strict-origin"}


@blueprint.route("/sign-in/demo/<int:person_id>", methods=["POST"])
@public
@writes
def sign_in_demo(person_id: int) -> ResponseReturnValue:
    """Sign in as one of the demo's people; not there unless this is a demo."""
    person = queries.person(person_id) if _is_demo() else None
    if person is None or not person.active:
        abort(404)
    return _enter(person, "demo", service.local_path(request.form.get("next")))


def _enter(person: Person, how: str, next_path: str) -> ResponseReturnValue:
    """Begin a session of their own; where the person has a second step, that comes first."""
    session.clear()
    second_step = current_app.extensions["security"].two_factor_plugins
    response = None if how == "demo" else second_step.tf_enter(person, False, how, next_path or url_for("accounts.home"))
    if response is not None:
        return cast(ResponseReturnValue, response)
    login_user(person, remember=False, authn_via=[how])
    return redirect(next_path or url_for("accounts.home"))


def _is_demo() -> bool:
    return bool(current_app.config["SETTINGS"].demo)


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
    flash("You have signed out", "success")
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
        return redirect(url_for("accounts.home"))
    return render_template("accounts/choose_capacity.html", form=form)


@blueprint.route("/account")
@signed_in
def account() -> ResponseReturnValue:
    """One's own account: name, language, ways of signing in, keys."""
    return _account_page(access.oneself(actor()))


def _account_page(person: Person, **forms: Any) -> str:
    """The page, with the forms as they stand."""
    shown = {"language_form": LanguageForm(language=person.language), "key_form": KeyForm(formdata=None)} | forms
    keys = queries.keys_of(person.id)
    return render_template("accounts/account.html", person=person, keys=keys, kinds=service.KEY_KINDS, **shown)


@blueprint.route("/account/language", methods=["POST"])
@signed_in
@writes
def choose_language() -> ResponseReturnValue:
    """Keep the language of one's letters."""
    person, form = access.oneself(actor()), LanguageForm()
    if not form.validate_on_submit():
        return _account_page(person, language_form=form)
    service.choose_language(person, form.language.data, by=actor(), at=now())
    flash("Saved", "success")
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
    secret = service.make_key(person, kind=form.kind.data, name=form.name.data or "", by=by, at=now())
    return render_template("accounts/key_made.html", secret=secret, kind=form.kind.data, label=form.name.data)


@blueprint.route("/account/keys/<int:key_id>/revoke", methods=["POST"])
@signed_in
@writes
def revoke_key(key_id: int) -> ResponseReturnValue:
    """Stop one of one's own keys."""
    by = actor()
    service.revoke_key(access.key_of_mine(key_id, by), by=by, at=now())
    flash("The key no longer opens anything", "success")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/remove-password", methods=["POST"])
@signed_in
@writes
def remove_password() -> ResponseReturnValue:
    """Sign in by link only from now on."""
    by = actor()
    service.remove_password(access.oneself(by), by=by, at=now())
    flash("You have no password now: sign in by a link", "success")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/sign-out-everywhere", methods=["POST"])
@signed_in
@writes
def sign_out_everywhere() -> ResponseReturnValue:
    """End one's sessions on every machine, this one too."""
    by = actor()
    service.sign_out_everywhere(access.oneself(by), by=by, at=now())
    logout_user()
    session.clear()
    flash("You have signed out everywhere", "success")
    return redirect(url_for("accounts.sign_in"))
