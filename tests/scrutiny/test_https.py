"""Forms as a browser sends them over https: with the token of the page, and the Referer its policy allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scrutiny.accounts import queries, service
from scrutiny.accounts.models import SignInLink
from scrutiny.correspondence import alerts
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

HOME = "https://localhost"
#: What a browser sends as Referer from a page of ours to another of ours, by the policy of the page.
REFERERS = {"no-referrer": None, "same-origin": "{address}", "strict-origin": HOME + "/", "origin": HOME + "/"}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its check against forged forms switched on, as it is when it runs."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def press(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Open a page and send its form, as a browser would."""
    page = client.get(path, base_url=HOME)
    assert page.status_code == 200
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    referer = REFERERS[page.headers["Referrer-Policy"]]
    headers = {"Referer": referer.format(address=HOME + path)} if referer else {}
    return client.post(path, base_url=HOME, data={"csrf_token": token[1], **typed}, headers=headers)


def secret_of(kind: str) -> str:
    """The secret of the newest letter of a kind."""
    letter = db.session.scalars(db.select(Letter).where(Letter.kind == kind).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert letter.sealed is not None
    return unseal(letter.sealed, "tests-only-" + "x" * 40)


def test_a_link_signs_in_over_https(guarded: Flask) -> None:
    """The page of the link keeps its secret, yet its button works."""
    with guarded.app_context(), writes_now():
        service.ask_for_link("officer@example.org", at=datetime.now(UTC))
    with guarded.app_context():
        token = secret_of("sign_in")
    client = guarded.test_client()
    assert press(client, f"/sign-in/link/{token}").status_code == 302
    assert client.get("/account", base_url=HOME).status_code == 200
    with guarded.app_context():
        used = db.session.scalars(db.select(SignInLink).where(SignInLink.token_hash == queries.hash_of(token))).one()
        assert used.used_at is not None


def test_an_alert_is_confirmed_over_https(guarded: Flask) -> None:
    """The same for whoever asked to be told of a place."""
    with guarded.app_context(), writes_now():
        alerts.ask_for_alert("reader@example.org", "place:E07900002", datetime.now(UTC), named="Barrow End")
    with guarded.app_context():
        token = secret_of("confirm_alert")
    assert press(guarded.test_client(), f"/alerts/confirm/{token}").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in/link/nothing", "/alerts/confirm/nothing", "/alerts/stop/nothing"])
def test_a_page_with_a_secret_in_its_address_tells_nobody_of_it(guarded: Flask, path: str) -> None:
    """Neither another site nor another page of ours is given the address."""
    assert guarded.test_client().get(path, base_url=HOME).headers["Referrer-Policy"] == "strict-origin"


def test_a_form_without_its_token_is_refused(guarded: Flask) -> None:
    """From another site it would come without."""
    answer = guarded.test_client().post("/sign-in", base_url=HOME, data={"email": "officer@example.org"})
    assert answer.status_code == 400
