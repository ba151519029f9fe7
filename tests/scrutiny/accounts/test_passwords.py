"""Passwords, codes and passkeys: Flask-Security's pages, behind our doors, in our words, kept through our transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy import select

from scrutiny.accounts import queries, service
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

SignedIn = Callable[..., FlaskClient]
PASSWORD = "three quiet brown herons"


@pytest.fixture
def with_password(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The officer has set a password."""
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.password = hash_password(PASSWORD)
    return cast


def enter(client: FlaskClient, email: str = "officer@example.org", password: str = PASSWORD):
    """Try a password on the page."""
    return client.post("/sign-in/password", data={"email": email, "password": password})


@pytest.mark.usefixtures("with_password")
def test_a_password_signs_in_and_the_trail_says_so(app: Flask, client: FlaskClient) -> None:
    assert enter(client).status_code == 302
    assert "Olwen Price" in client.get("/account").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "person_signed_in")).one()
        assert entry.fields == {"how": "password"}


@pytest.mark.usefixtures("with_password")
def test_an_address_with_spaces_round_it_signs_in(client: FlaskClient) -> None:
    """Phones put a space after a word they complete; a copied cell brings others."""
    assert enter(client, "\u00a0 Officer@example.org \u200b\t").status_code == 302
    assert "Olwen Price" in client.get("/account").text


@pytest.mark.usefixtures("with_password")
def test_a_wrong_password_an_unknown_address_and_a_person_without_one_get_the_same_words(client: FlaskClient) -> None:
    tries = {"officer@example.org": "wrong", "nobody@example.org": PASSWORD, "inspector@example.org": PASSWORD}
    for email, password in tries.items():
        page = enter(client, email, password).text
        assert "That address and password do not go together" in page, email
        assert client.get("/account").status_code == 302


@pytest.mark.usefixtures("with_password")
def test_guessing_is_slowed_down_even_with_the_right_password_at_last(client: FlaskClient) -> None:
    for _ in range(10):
        assert enter(client, password="wrong").status_code == 200
    answer = enter(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert client.get("/account").status_code == 302


@pytest.mark.usefixtures("with_password")
def test_an_ended_person_cannot_use_a_password(app: Flask, client: FlaskClient, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.active = False
    assert "do not go together" in enter(client).text


def test_a_password_is_set_changed_and_removed(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = fresh(signed_in("officer"))
    page = client.post("/account/password", data={"new_password": "short", "new_password_confirm": "short"}).text
    assert "Use a password of 12 characters or more" in page
    done = client.post("/account/password", data={"new_password": PASSWORD, "new_password_confirm": PASSWORD})
    assert done.status_code == 302
    assert enter(app.test_client()).status_code == 302
    again = app.test_client()
    enter(again)
    assert again.post("/account/remove-password").status_code == 302
    assert "do not go together" in enter(app.test_client()).text


def test_a_code_from_an_app_is_asked_for_after_a_password(
    app: Flask, signed_in: SignedIn, with_password: SimpleNamespace
) -> None:
    client = fresh(signed_in("officer"))
    page = client.post("/account/two-step", data={"setup": "authenticator"}).text
    key = page.split("Key: <code>")[1].split("</code>")[0].replace("-", "")
    state = page.split("/account/two-step/")[1].split('"')[0]
    totp = TOTP(key=key)
    assert client.post(f"/account/two-step/{state}", data={"code": totp.generate().token}).status_code == 302
    stranger = app.test_client()
    halfway = enter(stranger)
    assert halfway.location == "/sign-in/code", "no whole address, which the next page would not follow"
    assert stranger.get(halfway.location).status_code == 200
    led = app.test_client().post("/sign-in/password?next=/reviews", data={"email": "officer@example.org", "password": PASSWORD})
    assert led.location == "/sign-in/code?next=/reviews"
    assert stranger.get("/account").status_code == 302, "a password alone no longer signs in"
    assert "That is not the code" in stranger.post("/sign-in/code", data={"code": "000000"}).text
    with app.app_context():
        person = queries.person(with_password.officer)
        assert person is not None
        assert person.tf_primary_method == "authenticator"
    # The code used to set it up works only once, so the next one is entered.
    assert stranger.post("/sign-in/code", data={"code": totp.generate(time=time.time() + 30).token}).status_code == 302
    assert "Olwen Price" in stranger.get("/account").text


def test_a_link_is_not_enough_for_somebody_with_a_second_step(app: Flask, client: FlaskClient, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.tf_primary_method = "authenticator"
        person.tf_totp_secret = app.extensions["security"].totp_factory.generate_totp_secret()
        service.ask_for_link(person.email, next_path="/account", at=datetime.now(UTC))
        letter = db.session.scalars(select(Letter)).one()
        token = unseal(letter.sealed or b"", app.config["SECRET_KEY"])
    assert client.post(f"/sign-in/link/{token}").location.startswith("/sign-in/code")
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("path", ["/sign-in/password", "/sign-in/passkey", "/sign-in"])
def test_a_stranger_may_open_the_pages_of_signing_in(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "scrutiny-header" in page.text
    assert "Login" not in page.text


@pytest.mark.parametrize("path", ["/account/password", "/account/two-step", "/account/passkeys", "/account/recovery-codes"])
def test_the_pages_that_change_how_one_signs_in_are_ours_in_look(signed_in: SignedIn, client: FlaskClient, path: str) -> None:
    page = fresh(signed_in("officer")).get(path)
    assert page.status_code == 200
    assert "scrutiny-header" in page.text
    assert "govuk-button" in page.text
    assert client.get(path).location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", ["/registration", "/reset", "/login", "/logout", "/sign-in/rescue", "/us-signin", "/confirm"])
def test_nobody_registers_and_nothing_else_is_offered(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_register_is_of_non_response_and_registers_nobody(app: Flask, client: FlaskClient) -> None:
    assert "security.register" not in app.view_functions
    assert client.post("/register", data={"email": "new@example.org"}).status_code == 405


def test_a_change_of_how_one_signs_in_asks_for_a_fresh_session(signed_in: SignedIn) -> None:
    client = signed_in("officer")
    with client.session_transaction() as session:
        session["fs_paa"] = 1.0
    assert client.get("/account/two-step").location.startswith("/sign-in?next=")


def test_every_page_of_flask_security_has_a_door(app: Flask) -> None:
    shut = [name for name, view in app.view_functions.items() if name.startswith("security.") and not hasattr(view, "door")]
    assert shut == []


def fresh(client: FlaskClient) -> FlaskClient:
    """A session that has just been begun."""
    with client.session_transaction() as session:
        session["fs_paa"] = time.time()
    return client
