"""Who is asking: by session, API key or feed key. Passwords, codes and passkeys by Flask-Security, behind our doors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, WebauthnUtil, current_user
from flask_security.signals import password_changed, tf_profile_changed, user_authenticated, wan_deleted
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

from scrutiny import doors, transaction
from scrutiny.accounts import queries, service
from scrutiny.accounts.limits import PASSWORDS
from scrutiny.accounts.models import AccessKey, PassKey, Person
from scrutiny.accounts.settings import settings_from
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.pages import now
from workflows.roles import NO_CAPACITY, Actor

#: Flask-Security's pages a stranger may open; the rest are for people who have signed in.
OPEN = {"login", "two_factor_token_validation", "tf_select", "mf_recovery", "wan_signin", "wan_signin_response", "static"}
#: Where somebody tries a secret; each POST is counted.
TRIED = {"login", "two_factor_token_validation", "mf_recovery", "wan_signin_response", "verify"}


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's way to our people; it keeps what it did through `transaction`, as everyone here does."""

    def commit(self) -> None:
        """Keep what was done, with its links in the audit chain."""
        transaction.commit()


class NoMail(MailUtil):
    """Flask-Security posts nothing: letters are written by `correspondence` only."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: no letter leaves the house this way."""
        raise RuntimeError("Flask-Security tried to post a letter; letters are written by correspondence")


class PassKeys(WebauthnUtil):
    """Any device may keep a passkey; one that signs in with nothing else must check its owner's finger, face or PIN."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """What is asked of the device when a passkey is made."""
        wanted = super().authenticator_selection(user, usage)
        wanted.authenticator_attachment = None
        if usage == "first":
            wanted.user_verification = UserVerificationRequirement.REQUIRED
        return wanted

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """What is asked of the device when a passkey is used."""
        return super().user_verification(user, usage) if "secondary" in usage else UserVerificationRequirement.REQUIRED


def init_app(app: Flask) -> None:
    """Join Flask-Security to the application: its settings from ours, a door and a transaction for each of its pages."""
    app.config.update(settings_from(app.config["SECRET_KEY"]))
    security = Security(app, Datastore(db, Person, cast(Any, None), PassKey), mail_util_cls=NoMail, webauthn_util_cls=PassKeys)
    security.unauthn_handler(_sign_in_first)
    security.reauthn_handler(_sign_in_again)
    for endpoint, view in list(app.view_functions.items()):
        blueprint, _, name = endpoint.rpartition(".")
        if blueprint == "security":
            app.view_functions[endpoint] = _behind_a_door(name, view)
    user_authenticated.connect(_signed_in, app)
    for signal, event in (
        (password_changed, "password_changed"),
        (tf_profile_changed, "two_step_changed"),
        (wan_deleted, "passkey_removed"),
    ):
        signal.connect(functools.partial(_changed, event), app, weak=False)


def _behind_a_door(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """One page of Flask-Security with a door, in one transaction, its tries counted."""
    if name == "two_factor_rescue":  # it would post letters of its own: recovery codes stand in for it
        return doors.public(functools.wraps(view)(_not_offered))
    wrapped = transaction.writes(_counted(view) if name in TRIED else view)
    return (doors.public if name in OPEN else doors.signed_in)(wrapped)


def _not_offered(*args: Any, **kwargs: Any) -> ResponseReturnValue:
    """A page of Flask-Security this service does not offer."""
    abort(404)


def _counted(view: Callable[..., Any]) -> Callable[..., Any]:
    """Count each try by the address typed (or the session half way in) and by the network address; too many are refused."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            person = queries.by_uniquifier(session.get("tf_user_id", "")) or session_person()
            typed = person.email if person else service.address_of(request.form.get("email", ""))
            if not service.may_try(PASSWORDS, typed, request.remote_addr or "", at=now()):
                return _too_many()
        return view(*args, **kwargs)

    return wrapped


def _too_many() -> ResponseReturnValue:
    """The page for too many tries; an answer, not an abort, so that the count itself is kept."""
    wait = PASSWORDS.within
    sentence = f"You have tried too often. Wait {wait.total_seconds() // 60:.0f} minutes, or sign in by a link sent to you."
    return render_template("errors/429.html", sentence=sentence), 429, {"Retry-After": str(int(wait.total_seconds()))}


def _sign_in_first(mechanisms: list[str], headers: dict[str, str] | None = None) -> Response:
    """Somebody who has not signed in is shown where to."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("accounts.sign_in", next=target)))


def _sign_in_again(within: timedelta, grace: timedelta) -> Response:
    """A change to how somebody signs in asks for a fresh sign-in."""
    target = request.path if request.method == "GET" else "/account"
    return cast(Response, redirect(url_for("accounts.sign_in", next=target)))


def _signed_in(app: Flask, user: Person, **said: Any) -> None:
    """Whatever way somebody signed in: a session of their own, the moment kept, the trail told."""
    session.pop("acting_for", None)
    session.pop("csrf_token", None)
    service.note_sign_in(user, by=_as_themselves(user), at=now(), how=",".join(said.get("authn_via") or []))


def _changed(event: str, app: Flask, user: Person, **said: Any) -> None:
    """A change to how somebody signs in goes into the trail."""
    note(event, about=user.reference, by=_as_themselves(user), at=now())


def _as_themselves(person: Person) -> Actor:
    """The person acting for nobody but themselves."""
    return Actor(person.id, person.name, NO_CAPACITY, administrator=person.administrator)


def session_person() -> Person | None:
    """The person signed in to this session, whatever keys came with the request."""
    return cast(Person, current_user._get_current_object()) if current_user.is_authenticated else None


def key_shown() -> AccessKey | None:
    """The key the request came with: a bearer token under /api/, or `key` in the address of an .ics feed, or all of it."""
    if "access_key" not in g:
        g.access_key = _find_key()
    return cast("AccessKey | None", g.access_key)


def _find_key() -> AccessKey | None:
    """Look the key up; one that is unknown, revoked or of another kind is refused, never ignored."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith("/api/") and scheme.lower() == "bearer":
        key = queries.key_with(token.strip(), "api")
        if key is None:
            abort(401, "This API key is not known or has been revoked. Make another on the page “My account”.")
    elif request.path.endswith(".ics") and (typed := (request.view_args or {}).get("feed_key") or request.args.get("key")):
        key = queries.key_with(typed, "feed")
        if key is None:
            abort(404)
    else:
        return None
    if service.is_use_worth_keeping(key, at=now()):
        transaction.run(lambda: service.keep_use(key, at=now()))
    return key


def person_asking() -> Person | None:
    """Who is asking: by key where one is shown, else by session; None for a stranger."""
    key = key_shown()
    return key.person if key else session_person()


def acting_for() -> str | None:
    """The capacity asked for, 'body:3': the key's own, or what was chosen in this session; None where none was."""
    key = key_shown()
    return key.about if key else session.get("acting_for")


def check_capacity(by: Actor) -> None:
    """A key is for one capacity: once that has ended, the key opens nothing, rather than another capacity's doors."""
    key = key_shown()
    if key is not None and by.capacity.reference != key.about and not key.shows.startswith("person:"):
        abort(401, "The membership this key was made for has ended. Make another on the page “My account”.")
