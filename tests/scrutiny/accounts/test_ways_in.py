"""Every way in, listed. A page, a header, a cookie or a part of an address that lets somebody in and is not here fails a test."""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import encode_cookie
from flask_security import hash_password

from scrutiny.accounts import queries, security, security_pages
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

SignedIn = Callable[..., FlaskClient]
SOURCE = Path(__file__).parents[3] / "scrutiny"
PASSWORD = "three quiet brown herons"

#: The pages by which a stranger may become somebody, and what each asks for.
WAYS_IN = {
    "accounts.sign_in": "an address, to which a link is sent",
    "accounts.open_link": "a link, once",
    "accounts.sign_in_demo": "nothing, in a database that holds invented people only",
    "security.login": "a password",
    "security.two_factor_token_validation": "a code, after a first step",
    "security.mf_recovery": "a recovery code, after a first step",
    "security.tf_select": "which second step, after a first step",
    "security.wan_signin": "a passkey is asked for",
    "security.wan_signin_response": "a passkey",
    "accounts.sign_out": "nothing: it ends a session",
}
#: Addresses that carry a secret, and what each opens.
SECRETS_IN_ADDRESSES = {
    "accounts.open_link": "a button, which uses it up",
    "apportioning.answers": "one table of figures, for a day",
    "apportioning.download": "one table of figures, for a day",
    "apportioning.forget": "drops one table of figures",
    "challenge_links.confirm": "a button that sends one challenge",
    "challenge_links.confirm_support": "a button that supports one challenge",
    "correspondence.confirm_alert": "a button that begins one alert",
    "correspondence.stop_alert": "a button that ends one alert",
    "feeds.feed": "one calendar",
    "many.answers": "one list, for a day",
    "many.download": "one list, for a day",
    "many.forget": "drops one list",
    "security.two_factor_setup_validate": "the state of a form of somebody signed in",
    "security.wan_register_response": "as above",
    "security.wan_verify_response": "as above",
    "security.wan_signin_response": "the challenge a passkey answers, for a minute",
}
#: Names in an address that look like it and are no secret: the key of a method, the id of a key of one's own.
PLAIN = {"key", "key_id"}


def test_every_page_that_a_stranger_may_post_a_secret_to_is_known(app: Flask) -> None:
    ways = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("security.", "accounts."))
        and "POST" in (rule.methods or ())
        and getattr(app.view_functions[rule.endpoint], "door", None) == "public"
    }
    assert ways - {f"security.{name}" for name in security_pages.NOT_OFFERED} == set(WAYS_IN)


def test_every_secret_in_an_address_is_known(app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {name for name in rule.arguments if re.search(r"token|key|secret|offer", name)} - PLAIN
    }
    assert found == set(SECRETS_IN_ADDRESSES)


def test_the_code_signs_people_in_at_one_place_of_its_own() -> None:
    callers = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "login_user",
                "confirm_login",
                "begin_session",
            ):
                callers.add(path.relative_to(SOURCE).as_posix())
    assert callers == {"accounts/views.py"}


def test_a_visitor_is_known_by_the_session_alone(app: Flask) -> None:
    manager = app.login_manager
    assert manager._user_callback is security.load_session
    assert manager._header_callback is None
    with app.test_request_context("/?auth_token=x", headers={"Authentication-Token": "x"}):
        assert manager._request_callback(None) is None


def test_what_the_library_offers_is_what_we_chose(app: Flask) -> None:
    """A new version of Flask-Security with another feature on is seen here."""
    offered = (
        "REGISTERABLE",
        "RECOVERABLE",
        "CONFIRMABLE",
        "PASSWORDLESS",
        "CHANGEABLE",
        "TRACKABLE",
        "TWO_FACTOR",
        "WEBAUTHN",
        "UNIFIED_SIGNIN",
        "OAUTH_ENABLE",
        "MULTI_FACTOR_RECOVERY_CODES",
        "CHANGE_EMAIL",
        "USERNAME_ENABLE",
        "USERNAME_RECOVERY",
        "CHANGE_USERNAME",
        "REFRESH_TOKEN",
        "US_SIGNIN_REPLACES_LOGIN",
    )
    on = {name for name in offered if app.config.get(f"SECURITY_{name}")}
    assert on == {"CHANGEABLE", "TWO_FACTOR", "WEBAUTHN", "MULTI_FACTOR_RECOVERY_CODES"}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert pages == {
        f"security.{name}"
        for name in (
            "static",
            "login",
            "verify",
            "two_factor_setup",
            "two_factor_setup_validate",
            "two_factor_token_validation",
            "two_factor_rescue",
            "change_password",
            "mf_recovery_codes",
            "mf_recovery",
            "wan_register",
            "wan_register_response",
            "wan_signin",
            "wan_signin_response",
            "wan_delete",
            "wan_verify",
            "wan_verify_response",
            "tf_select",
        )
    }
    assert app.config["SECURITY_API_ENABLED_METHODS"] == ["session"]


@pytest.fixture
def token(app: Flask, cast: SimpleNamespace) -> str:
    """The library's own token of the officer, which it would take for a sign-in."""
    with app.app_context():
        person = queries.person(cast.officer)
        assert person is not None
        return str(person.get_auth_token())


def test_a_token_of_the_library_opens_nothing_in_whatever_way_it_comes(app: Flask, token: str) -> None:
    client = app.test_client()
    basic = base64.b64encode(f"officer@example.org:{PASSWORD}".encode()).decode()
    tries = (
        client.get("/account", headers={"Authentication-Token": token}),
        client.get(f"/account?auth_token={token}"),
        client.get("/account", json={"auth_token": token}),
        client.get("/account", headers={"Authorization": f"Bearer {token}"}),
        client.get("/account", headers={"Authorization": f"Basic {basic}"}),
    )
    for answer in tries:
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in"), answer.request.path
    assert client.get("/api/v1/reviews", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.fixture
def with_password(app: Flask, cast: SimpleNamespace) -> None:
    """The officer has set a password."""
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.password = hash_password(PASSWORD)


@pytest.mark.usefixtures("with_password")
def test_a_sign_in_as_json_is_refused_and_gives_no_token(app: Flask) -> None:
    client = app.test_client()
    typed = {"email": "officer@example.org", "password": PASSWORD}
    for address in ("/sign-in/password", "/sign-in/password?include_auth_token", "/sign-in/code", "/sign-in/recovery-code"):
        answer = client.post(address, json=typed)
        assert answer.status_code == 415, address
        assert "token" not in answer.text.lower().replace("csrf_token", "")
    wanting = client.post("/sign-in/password?include_auth_token", data=typed, headers={"Accept": "application/json"})
    assert wanting.status_code == 302
    assert "authentication_token" not in wanting.text


@pytest.mark.usefixtures("with_password")
def test_nobody_is_remembered_longer_than_a_session(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/sign-in/password", data={"email": "officer@example.org", "password": PASSWORD, "remember": "y"})
    assert answer.status_code == 302
    names = {cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert names <= {app.config["SESSION_COOKIE_NAME"]}


def test_a_cookie_of_the_library_that_remembers_opens_nothing(app: Flask) -> None:
    client = app.test_client()
    with app.app_context():
        remembered = encode_cookie("cast-officer")
        second_step = app.extensions["security"].tf_validity_serializer.dumps("cast-officer")
    client.set_cookie("remember_token", remembered)
    client.set_cookie("tf_validity", second_step)
    assert client.get("/account").status_code == 302


def test_a_signed_cookie_that_names_no_session_opens_nothing(app: Flask) -> None:
    """What signed somebody in before sessions were kept on the server."""
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": "cast-officer", "_fresh": True, "fs_cc": "set"})
    assert client.get("/account").status_code == 302
    with client.session_transaction() as session:
        session.update({"_user_id": "cast-officer", "signed_in": "guessed", "_fresh": True})
    assert client.get("/account").status_code == 302


def test_the_session_of_one_person_does_not_sign_in_another(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in("councillor")
    with client.session_transaction() as session:
        session["_user_id"] = "cast-administrator"
    assert client.get("/account").status_code == 302


def test_no_page_that_is_only_looked_at_ends_a_session(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in("officer")
    looked = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    assert "/sign-in/code" in looked
    for address in looked:
        if not address.startswith("/api/"):
            client.get(address)
            assert client.get("/account").status_code == 200, f"{address} ended the session"


def test_the_database_knows_no_secret_by_which_somebody_signs_in(app: Flask, signed_in: SignedIn) -> None:
    signed_in("officer")
    with app.app_context():
        rows = json.dumps([list(map(str, row)) for row in db.session.execute(db.text("SELECT * FROM sign_in_session"))])
    assert "a session of" not in rows
