"""The pages of Flask-Security, behind our doors and in our transaction; nothing else of it is open."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import user_logged_out
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, Totp
from flask_security.signals import (
    password_changed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    wan_deleted,
    wan_registered,
)

from scrutiny import doors, transaction
from scrutiny.accounts import notices, queries, security, service
from scrutiny.accounts.limits import CHECKS, PASSKEYS, PASSWORDS, SECOND_STEPS
from scrutiny.accounts.models import PassKey, Person
from scrutiny.accounts.passkey_pages import PassKeys, Registered, Signed
from scrutiny.accounts.refused_tries import FIRST_STEP, too_many
from scrutiny.accounts.settings import settings_from
from scrutiny.extensions import db
from scrutiny.pages import now, own_path
from scrutiny.typed_text import clean_line
from scrutiny.work.limits import may_try

#: No address and no password is longer, in letters; what a passkey answers is, and is plain ASCII.
LONGEST_TYPED = 1_000
#: Flask-Security's pages a stranger may open; the rest are for people who have signed in.
OPEN = {"login", "two_factor_token_validation", "tf_select", "mf_recovery", "wan_signin", "wan_signin_response", "static"}
#: Pages of somebody who has taken the first step of signing in and not the second.
HALFWAY = {"two_factor_token_validation", "tf_select", "mf_recovery", "wan_signin", "wan_signin_response"}
#: Where somebody tries a secret, what the trail calls it, and how often it may be tried; each POST is counted.
TRIED = {
    "login": ("password", PASSWORDS),
    "two_factor_token_validation": ("code", SECOND_STEPS),
    "mf_recovery": ("recovery_code", SECOND_STEPS),
    "wan_signin_response": ("passkey", PASSKEYS),
    "verify": ("password", CHECKS),
}
#: It would post letters of its own: recovery codes stand in for it.
NOT_OFFERED = {"two_factor_rescue"}
#: The second step is taken within this time of the first, or the first is taken again.
SECOND_STEP_WITHIN = timedelta(minutes=15)
#: What a change to how somebody signs in is called in the trail and in the letter about it.
CHANGES = (
    (password_changed, "password_changed"),
    (tf_profile_changed, "two_step_changed"),
    (tf_disabled, "two_step_removed"),
    (wan_registered, "passkey_added"),
    (wan_deleted, "passkey_removed"),
)


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's way to our people; it keeps what it did through `transaction`, as everyone here does."""

    def commit(self) -> None:
        """Keep what was done, with its links in the audit chain."""
        transaction.commit()


class NoMail(MailUtil):
    """Flask-Security posts nothing: letters are written by `correspondence` only. It reads addresses as our own forms do."""

    def normalize(self, email: str) -> str:
        """An address as it is looked up: without the spaces, and the characters nobody sees, that came with it."""
        return str(super().normalize(clean_line(email)))

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: no letter leaves the house this way."""
        raise RuntimeError("Flask-Security tried to post a letter; letters are written by correspondence")


class CodesOnce(Totp):
    """A code is taken once: neither it nor an earlier one works again, though its half minute has not passed."""

    def get_last_counter(self, user: Any) -> int | None:
        """The half minute of the last code this person gave."""
        return cast("int | None", user.tf_last_counter)

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the half minute of the code just taken; of two posts of one code, the row's version lets one through."""
        user.tf_last_counter = tmatch.counter


def init_app(app: Flask) -> None:
    """Join Flask-Security to the application: its settings from ours, a door and a transaction for each of its pages."""
    app.config.update(settings_from(app.config["SECRET_KEY"]))
    library = Security(
        app,
        Datastore(db, Person, cast(Any, None), PassKey),
        mail_util_cls=NoMail,
        webauthn_util_cls=PassKeys,
        totp_cls=CodesOnce,
        wan_register_response_form=Registered,
        wan_signin_response_form=Signed,
    )
    library.unauthn_handler(_sign_in_first)
    library.reauthn_handler(_sign_in_again)
    library.want_json(lambda request: False)
    # A person is known by a session that has a row, and by nothing else: no token, no header, no cookie that remembers.
    app.login_manager.user_loader(security.load_session)  # type: ignore[attr-defined]  # Flask-Login sets it
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]  # as above
    for endpoint, view in list(app.view_functions.items()):
        blueprint, _, name = endpoint.rpartition(".")
        if blueprint == "security":
            app.view_functions[endpoint] = _behind_a_door(name, view)
    app.before_request(_lead_on_here_only)
    app.before_request(_take_no_long_words)
    user_authenticated.connect(security.signed_in, app)
    user_logged_out.connect(security.signed_out, app)
    for signal, event in CHANGES:
        signal.connect(functools.partial(_changed, event), app, weak=False)


def _lead_on_here_only() -> None:
    """None of the library's pages is asked to lead to another site: it knows fewer ways to write one."""
    if request.blueprint == "security" and any(to and not own_path(to) for to in request.values.getlist("next")):
        abort(400, gettext("This link leads to another site, so it was not followed"))


def _take_no_long_words() -> None:
    """The library brings what is typed into a normal form before it looks at the length, which takes the square of it."""
    if request.blueprint == "security" and any(len(one) > LONGEST_TYPED and not one.isascii() for one in request.values.values()):
        abort(400, gettext("What you typed is too long. Type your email address and your password"))


def _behind_a_door(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """One page of Flask-Security with a door, in one transaction, its tries counted; only what its forms send is read."""
    if name in NOT_OFFERED:
        return doors.public(functools.wraps(view)(_not_offered))
    wrapped = transaction.writes(_checked(name, _counted(name, view)))
    return (doors.public if name in OPEN else doors.signed_in)(wrapped)


def _not_offered(*args: Any, **kwargs: Any) -> ResponseReturnValue:
    """A page of Flask-Security this service does not offer."""
    abort(404)


def _checked(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """The page, unless it would let in what our own pages do not ask for, or end a session by being looked at."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.is_json:
            abort(415)
        person = security.session_person()
        if person is not None and name in HALFWAY - {"wan_signin", "wan_signin_response"}:
            return redirect(url_for("accounts.account"))
        if person is not None and name == "verify" and service.has_second_step(person):
            return _sign_in_again()  # a password alone is not enough for somebody with a second step
        if name in HALFWAY and _took_too_long(now()):
            return redirect(url_for("accounts.sign_in"))
        answer = _led_on(view(*args, **kwargs))
        note_halfway(now(), name)
        if name == "mf_recovery_codes" and request.method == "POST" and person is not None:
            _changed("recovery_codes_made", None, person)
        return answer

    return wrapped


def _led_on(answer: Any) -> Any:
    """The answer of the library, which leads on to the page somebody came for or to none: it names its own whole address else."""
    parts = urlsplit(answer.location or "") if isinstance(answer, Response) else urlsplit("")
    sent = parse_qsl(parts.query)
    if any(key == "next" and not own_path(value) for key, value in sent):
        to = own_path(request.values.get("next"))
        query = [(key, value) for key, value in sent if key != "next"] + ([("next", to)] if to else [])
        answer.location = urlunsplit(parts._replace(query=urlencode(query)))
    return answer


def _counted(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """Count each try by the address typed (or the session half way in) and by the network address; too many are refused."""
    if name not in TRIED:
        return view
    how, limit = TRIED[name]

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        halfway = None if name == "login" else queries.by_uniquifier(session.get("tf_user_id", ""))
        person = halfway or security.session_person()
        typed = person.email if person else service.address_of(request.form.get("email", ""))
        # Whoever knows a password uses up no tries of its owner, who comes by a link: each first step has tries of its own.
        victim = f"{typed} after {session.get(FIRST_STEP, '')}" if halfway else typed
        verdict = may_try(limit, victim, request.remote_addr or "", at=now())
        if not verdict:
            return too_many(verdict, halfway, now())
        was = _step()
        answer = view(*args, **kwargs)
        # A page shown again has failed; of a passkey's answer, only what became of the visitor tells.
        if _step() == was and (name == "wan_signin_response" or not _leads_on(answer)):
            _note_failure(how, person or queries.person_by_email(typed), typed)
        return answer

    return wrapped


def _step() -> tuple[Any, ...]:
    """How far this visitor has come: a try that changes nothing of it has failed."""
    return session.get("_user_id"), session.get("tf_user_id"), session.get("tf_state"), session.get("fs_paa")


def _leads_on(answer: Any) -> bool:
    """Whether the answer sends the visitor on to another page."""
    return isinstance(answer, Response) and answer.status_code in (302, 303)


def _note_failure(how: str, person: Person | None, typed: str) -> None:
    """Keep a try that failed: whose it was, or a digest of an address nobody here has; never what was tried."""
    notices.note_failed_sign_in(person, typed, how=how, at=now())


def note_halfway(at: datetime, first_step: str) -> None:
    """Write down when the first step of signing in was taken, and which it was, while the second is still to come."""
    if "tf_user_id" not in session:
        for key in ("halfway_at", FIRST_STEP):
            session.pop(key, None)
    elif "halfway_at" not in session:
        session["halfway_at"], session[FIRST_STEP] = at.timestamp(), first_step


def _took_too_long(at: datetime) -> bool:
    """Whether the first step was taken so long ago that it is forgotten; it then is."""
    if "tf_user_id" not in session or at.timestamp() - session.get("halfway_at", 0) < SECOND_STEP_WITHIN.total_seconds():
        return False
    for key in [key for key in session if key.startswith("tf_")]:
        session.pop(key)
    session.pop("halfway_at", None)
    session.pop(FIRST_STEP, None)
    flash(gettext("You took longer than 15 minutes. Sign in again."), "error")
    return True


def _sign_in_first(mechanisms: list[str], headers: dict[str, str] | None = None) -> Response:
    """Somebody who has not signed in is shown where to."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("accounts.sign_in", next=target)))


def _sign_in_again(within: timedelta | None = None, grace: timedelta | None = None) -> Response:
    """A change to how somebody signs in asks who they are: by the password or passkey they have, else by signing in again."""
    person = security.session_person()
    target = request.args.get("next") if request.endpoint == "security.verify" else request.path
    target = own_path(target) if request.method == "GET" else url_for("accounts.account")
    if person is not None and person.webauthn:
        return cast(Response, redirect(url_for("security.wan_verify", next=target or None)))
    if person is not None and person.password and not service.has_second_step(person):
        return cast(Response, redirect(url_for("security.verify", next=target or None)))
    flash(gettext("Sign in again to change how you sign in."), "error")
    return cast(Response, redirect(url_for("accounts.sign_in", next=target or None)))


def _changed(event: str, app: Any, user: Person, **said: Any) -> None:
    """A change to how somebody signs in goes into the trail, and its person is written to."""
    notices.note_change(event, user, by=security.as_themselves(user), at=now())
