"""Who is asking: by a session that has a row, by API key or by feed key; by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, abort, current_app, g, request, session
from flask_babel import gettext
from flask_security import current_user
from flask_security.utils import set_request_attr

from scrutiny import transaction
from scrutiny.accounts import queries, service, sessions
from scrutiny.accounts.devices import device_of
from scrutiny.accounts.models import AccessKey, Person
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from workflows.roles import NO_CAPACITY, Actor

#: Where the cookie keeps the secret of its session.
SESSION_SECRET = "signed_in"
#: How somebody signed in where the library does not say, by the page they came from.
STEPS = {
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "recovery_code",
    "security.wan_signin_response": "passkey",
}


def load_session(uniquifier: str) -> Person | None:
    """The person of the session whose secret the cookie holds, while its row is there; else nobody."""
    found = sessions.find(session.get(SESSION_SECRET, ""), at=now())
    if found is None or not uniquifier or found.person.fs_uniquifier != uniquifier:
        return None
    g.sign_in_session = found.id
    g.is_use_worth_keeping = sessions.is_use_worth_keeping(found, at=now())
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return found.person


def this_session() -> int | None:
    """The id of the session of this visitor."""
    return cast("int | None", g.get("sign_in_session"))


def keep_session_alive() -> None:
    """Keep that the session is used; where that cannot be written now (a full disk, a lock), the page is shown all the same.

    While somebody else writes it is left to the next page: nobody waits for it.
    """
    session_id = this_session()
    if session_id is None or not g.is_use_worth_keeping:
        return
    _keep_in_passing(lambda: sessions.keep_use(session_id, at=now()))


def _keep_in_passing(use: Callable[[], None]) -> None:
    """Keep a use where nobody has to wait for it."""
    if fault := transaction.write_in_passing(use):
        current_app.logger.error("the use of a session or key could not be written down", exc_info=fault)


def signed_in(app: Flask, user: Person, **said: Any) -> None:
    """Whatever way somebody signed in: a session of their own with a row, never remembered longer; the trail told."""
    for key in (
        "acting_for",
        "csrf_token",
        "_remember",
        "_remember_seconds",
        "fs_gexp",
        "halfway_at",
        "halfway_by",
        "passkey_asked",
    ):
        session.pop(key, None)
    how = ",".join(said.get("authn_via") or []) or STEPS.get(request.endpoint or "", "")
    how = {"webauthn": "passkey"}.get(how, how)
    if how == "change":  # of the password: whoever was signed in by the old one is signed in no more
        sessions.forget_all_of(user)
    sessions.forget(session.pop(SESSION_SECRET, ""))
    session[SESSION_SECRET] = sessions.begin(user, how=how, device=device_of(request.user_agent.string), at=now())
    service.note_sign_in(user, by=as_themselves(user), at=now(), how=how)


def signed_out(app: Flask, user: Any = None, **said: Any) -> None:
    """Whatever way somebody signs out: the row goes, and with it every copy of the cookie."""
    sessions.forget(session.pop(SESSION_SECRET, ""))


def as_themselves(person: Person) -> Actor:
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
    """Look the key up; one that is unknown, revoked, at its end or of another kind is refused, never ignored."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith("/api/") and scheme.lower() == "bearer":
        key = queries.key_with(token.strip(), "api")
        if key is None:
            abort(401, gettext("This API key is not known or has been revoked. Make another on the page “My account”."))
    elif request.path.endswith(".ics") and (typed := (request.view_args or {}).get("feed_key") or request.args.get("key")):
        key = queries.key_with(typed, "feed")
        # A calendar with an address of its own is opened by that address, and that address opens nothing else.
        if key is None or bool(key.shows) != ("feed_key" in (request.view_args or {})):
            abort(404)
    else:
        return None
    if london_day(now()) > key.ends_on:
        abort(
            401 if key.kind == "api" else 410,
            gettext("This key ended on %(ends_on)s. Make another on the page “My account”.", ends_on=day(key.ends_on)),
        )
    if service.is_use_worth_keeping(key, at=now()):
        _keep_in_passing(lambda: service.keep_use(key, at=now()))
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
        abort(401, gettext("The membership this key was made for has ended. Make another on the page “My account”."))
