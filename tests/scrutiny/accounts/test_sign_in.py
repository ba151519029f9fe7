"""Signing in by a one-time link: once, in time, for people known here, with one answer for everybody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts import queries, service
from scrutiny.accounts.models import SignInLink
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import PLACEHOLDER, unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import NO_CAPACITY, Actor

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def token_sent(app: Flask) -> str:
    """The secret of the newest sign-in letter, opened as the poster would."""
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "sign_in").order_by(Letter.id.desc())).first()
        assert letter is not None
        assert letter.sealed is not None
        return unseal(letter.sealed, app.config["SECRET_KEY"])


def ask(client: FlaskClient, email: str, next_path: str = "") -> None:
    """Ask for a link on the page."""
    answer = client.post("/sign-in", data={"email": email, "next": next_path})
    assert answer.status_code == 302
    assert answer.location.partition("?")[0] == "/sign-in/sent"
    if next_path:
        assert f'href="/sign-in?{answer.location.partition("?")[2]}"' in client.get(answer.location).text


def test_a_link_signs_its_person_in_once(app: Flask, client: FlaskClient) -> None:
    ask(client, "OFFICER@example.org ", "/requests/17")
    address = f"/sign-in/link/{token_sent(app)}"
    page = client.get(address).text
    assert "Sign in as Olwen Price" in page
    assert "officer@example.org" in page
    assert client.get("/account").status_code == 302, "opening the link must not sign anybody in"
    entered = client.post(address)
    assert (entered.status_code, entered.location) == (302, "/requests/17")
    assert "Olwen Price" in client.get("/account").text
    again = app.test_client().post(address)
    assert again.status_code == 409
    assert "ask for another" in again.text
    assert 'href="/sign-in?next=/requests/17"' in again.text
    assert "Sign in as" not in client.get("/sign-in/link/guessed").text


def test_the_answer_is_the_same_for_a_stranger_and_nothing_is_written(app: Flask, client: FlaskClient) -> None:
    ask(client, "nobody@example.org")
    with app.app_context():
        assert db.session.scalar(select(SignInLink)) is None
        assert db.session.scalar(select(Letter)) is None


def test_only_the_hash_of_a_link_is_stored_and_the_letter_holds_a_placeholder(app: Flask, client: FlaskClient) -> None:
    ask(client, "officer@example.org")
    token = token_sent(app)
    with app.app_context():
        link = db.session.scalars(select(SignInLink)).one()
        assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
        letter = db.session.scalars(select(Letter)).one()
        assert PLACEHOLDER in letter.text
        assert token not in letter.text
        assert token.encode() not in (letter.sealed or b"")


@pytest.mark.usefixtures("context")
def test_a_link_lasts_a_quarter_of_an_hour() -> None:
    with writes_now():
        service.ask_for_link("officer@example.org", at=AT)
    letter = db.session.scalars(select(Letter)).one()
    token = unseal(letter.sealed or b"", "tests-only-" + "x" * 40)
    with pytest.raises(Refused), writes_now():
        service.use_link(token, at=AT + timedelta(minutes=15))
    with writes_now():
        assert service.use_link(token, at=AT + timedelta(minutes=14)).person.email == "officer@example.org"


@pytest.mark.usefixtures("context")
def test_a_fifth_link_within_a_quarter_of_an_hour_is_not_sent() -> None:
    for minute in range(6):
        with writes_now():
            service.ask_for_link("officer@example.org", at=AT + timedelta(minutes=minute))
    assert len(list(db.session.scalars(select(SignInLink)))) == 4
    with writes_now():
        service.ask_for_link("officer@example.org", at=AT + timedelta(minutes=15))
    assert len(list(db.session.scalars(select(SignInLink)))) == 5


def test_whoever_signs_in_from_a_page_comes_back_to_it(app: Flask, client: FlaskClient) -> None:
    """Signing in from a place lost the place: of the link a page offers nothing was kept."""
    offered = re.search(r'href="(/sign-in[^"]*)">Sign in<', client.get("/places/barrow-end?on=2026-03-02").text)
    assert offered is not None
    address = unescape(offered[1])
    kept = re.search(r'name="next"[^>]*value="([^"]*)"', client.get(address).text)
    assert kept is not None
    ask(client, "officer@example.org", unescape(kept[1]))
    shown = client.post(f"/sign-in/link/{token_sent(app)}")
    assert shown.location == "/places/barrow-end?on=2026-03-02"


@pytest.mark.parametrize("page", ["/", "/many/secret", "/alerts/stop/secret", "/find?q=Loamshire&key=secret"])
def test_no_secret_and_no_front_page_is_come_back_to(client: FlaskClient, page: str) -> None:
    assert "Fsecret" not in client.get(page).text
    assert "next=%2F&" not in client.get(page).text


def test_a_form_error_keeps_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/sign-in", data={"email": "olwen at example"}).text
    assert "Enter an email address, like name@example.org" in page
    assert "olwen at example" in page


def test_signing_in_starts_a_session_of_its_own(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("officer", "body:1")
    ask(client, "inspector@example.org")
    client.post(f"/sign-in/link/{token_sent(app)}")
    with client.session_transaction() as session:
        assert session["_user_id"] == "cast-inspector"
        assert "acting_for" not in session


def test_sessions_and_keys_end_with_an_account(app: Flask, signed_in: Callable[..., FlaskClient], cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    assert client.get("/account").status_code == 200
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        secret = service.make_key(person, kind="api", name="x", by=_actor(cast.officer), at=AT)
        service.end_person(person, by=_actor(cast.administrator), at=AT)
    assert client.get("/account").status_code == 302
    with app.app_context():
        assert queries.key_with(secret, "api") is None


def test_signing_out_everywhere_ends_other_sessions(signed_in: Callable[..., FlaskClient]) -> None:
    here, there = signed_in("officer"), signed_in("officer")
    assert here.post("/account/sign-out-everywhere").status_code == 302
    assert there.get("/account").status_code == 302


def test_signing_out_ends_this_session(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("officer")
    assert client.post("/sign-out").status_code == 302
    assert client.get("/account").status_code == 302
    assert client.get("/sign-out").status_code == 405


def test_a_sign_in_is_on_the_trail_without_any_address(app: Flask, client: FlaskClient, cast: SimpleNamespace) -> None:
    ask(client, "officer@example.org")
    client.post(f"/sign-in/link/{token_sent(app)}")
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "person_signed_in")).one()
        assert (entry.by, entry.fields) == (f"person:{cast.officer}", {"how": "link"})


def test_the_only_administrator_cannot_be_ended(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        person = queries.person(cast.administrator)
        assert person is not None
        with pytest.raises(Refused, match="only administrator"):
            service.end_person(person, by=_actor(cast.administrator), at=AT)


def _actor(person_id: int) -> Actor:
    """Somebody acting for nobody but themselves."""
    return Actor(person_id, "x", NO_CAPACITY)
