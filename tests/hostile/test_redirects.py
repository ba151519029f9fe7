"""No address that somebody else made up leads from a page of ours to another site, in whatever way it is written."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from scrutiny.accounts.models import SignInLink
from scrutiny.extensions import db
from scrutiny.pages import keep_on_site, own_path
from tests import cast as the_cast

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%5cevil.example",
    "/%252fevil.example",
    "/.//evil.example",
    "%2f%2fevil.example",
    "https:evil.example",
    "https:/evil.example",
    "/\t/evil.example",
    "/a\nb",
    "\r\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "//localhost@evil.example",
    "http://localhost@evil.example",
    "http://localhost\\@evil.example/",
    "http://localhost.evil.example/",
    "http://[evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/" + "a" * 500,
    "",
    None,
]


def leads_to(location: str) -> str:
    """The host a browser goes to: it takes \\ for / and passes over tabs and line ends."""
    plain = "".join(letter for letter in location if ord(letter) > 32).replace("\\", "/")
    while plain.startswith("///"):
        plain = plain[1:]
    return urlsplit(urljoin("http://localhost/here", plain)).netloc


@pytest.mark.parametrize("typed", ELSEWHERE)
def test_only_a_path_of_ours_is_gone_on_to(typed: str | None) -> None:
    assert own_path(typed) == ""


@pytest.mark.parametrize("typed", ["/reviews/R-2026-001?tab=history#x", "/", "/search?q=a//b", "/places/E07%20x"])
def test_a_path_of_ours_is(typed: str) -> None:
    assert own_path(typed) == typed


@pytest.mark.parametrize("to", [one for one in ELSEWHERE if one])
def test_whatever_made_the_answer_it_stays_on_the_site(app: Flask, to: str) -> None:
    with app.test_request_context("/"):
        answer = Response(status=302)
        answer.headers.set("Location", "".join(letter for letter in to if letter not in "\r\n"))
        assert leads_to(keep_on_site(answer).headers["Location"]) == "localhost"
        answer.headers["Location"] = "http://localhost/reviews/"
        assert keep_on_site(answer).headers["Location"] == "http://localhost/reviews/"


@pytest.mark.parametrize("to", [one for one in ELSEWHERE if one and len(one) < 100])
def test_signing_in_leads_nowhere_else(app: Flask, cast: SimpleNamespace, to: str) -> None:
    """By a link, by every page of the library, and as somebody who is signed in already."""
    client, written = app.test_client(), quote(to, safe="")
    client.post("/sign-in", data={"email": "officer@example.org", "next": to})
    with app.app_context():
        assert db.session.scalars(select(SignInLink.next)).all() == [""]
    signed_in = the_cast.sign_in(app, app.test_client(), the_cast.uniquifier("officer"))
    for path in (
        "/sign-in",
        "/sign-in/password",
        "/sign-in/passkey",
        "/sign-in/code",
        "/account/check",
        "/account/check-passkey",
    ):
        for browser in (client, signed_in):
            for answer in (browser.get(f"{path}?next={written}"), browser.post(f"{path}?next={written}", data={"next": to})):
                assert leads_to(answer.headers.get("Location", "/")) == "localhost"


@pytest.mark.parametrize("referer", ["//evil.example/", "/\\evil.example/", "/%2fevil.example/", "/.//evil.example"])
def test_a_stale_form_leads_back_to_no_other_site(app: Flask, client: FlaskClient, cast: SimpleNamespace, referer: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("of-a-strangers-session")
        for path in ("/many", "//evil.example/many", "/many?next=//evil.example"):
            sent = {"csrf_token": str(token), "text": "Words"}
            answer = client.post(path, data=sent, headers={"Referer": f"http://localhost{referer}"})
            assert leads_to(answer.headers.get("Location", "/")) == "localhost"
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_what_a_key_opens_is_kept_by_no_cache(client: FlaskClient) -> None:
    """A key in an address stands in for signing in: neither a browser nor a proxy keeps the page."""
    for address in ("/?kept=x", "/inbox.ics?key=x", "/feeds/x.ics", "/many/x"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
