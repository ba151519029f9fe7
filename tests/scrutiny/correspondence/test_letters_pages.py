"""Administrators see letters sent, waiting and failed; nobody sees a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config.settings import Settings
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import PLACEHOLDER
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def letters(app: Flask) -> dict[str, int]:
    """One letter posted to the folder, one waiting, one failed; each with a secret but the last."""
    with app.app_context():
        ids = {}
        for name, address in (("posted", "posted@example.org"), ("waiting", "waiting@example.org"), ("failed", "")):
            with writes_now():
                secret = None if name == "failed" else "SECRET"
                letter = write_letter(
                    "sign_in",
                    to=Recipient(f"person:{len(ids)}", address, name.title()),
                    reference="person:1",
                    at=AT,
                    secret=secret,
                    expires_at=AT,
                )
                ids[name] = letter.id
            if name == "posted":
                post_letters(at=AT)
        return ids


def test_letters_are_listed_by_state_kind_and_words(signed_in: SignedIn, letters: dict[str, int]) -> None:
    client = signed_in("administrator")
    page = client.get("/administration/letters").text
    assert "1 posted, 1 waiting and" in page
    assert "3 letters" in page
    for state in letters:
        listed = client.get("/administration/letters", query_string={"state": state, "kind": "sign_in"}).text
        assert "1 letter<" in listed, state
        assert f"/administration/letters/{letters[state]}" in listed
    assert "1 letter<" in client.get("/administration/letters?words=waiting@ex").text
    assert "No letter is like that" in client.get("/administration/letters?words=100%").text
    assert client.get("/administration/letters?page=99&state=odd").status_code == 200


def test_no_page_shows_a_secret_though_the_posted_file_holds_it(
    signed_in: SignedIn, letters: dict[str, int], settings: Settings
) -> None:
    client = signed_in("administrator")
    for letter_id in letters.values():
        assert "SECRET" not in client.get(f"/administration/letters/{letter_id}").text
    assert PLACEHOLDER in client.get(f"/administration/letters/{letters['waiting']}").text
    [posted] = Path(settings.mail_url).glob("*.eml")
    assert b"SECRET" in posted.read_bytes()


@pytest.mark.parametrize("who", ["officer", "responder"])
def test_letters_are_for_administrators(signed_in: SignedIn, letters: dict[str, int], who: str) -> None:
    client = signed_in(who)
    for path in ("", f"/{letters['posted']}"):
        assert client.get(f"/administration/letters{path}").status_code == 404
    assert client.post(f"/administration/letters/{letters['failed']}/try-again").status_code == 404


def test_a_failed_letter_is_tried_again_at_a_corrected_address(app: Flask, signed_in: SignedIn, letters: dict[str, int]) -> None:
    client = signed_in("administrator")
    address = f"/administration/letters/{letters['failed']}"
    page = client.get(address).text
    assert "No email address is known" in page
    assert "Enter an email address" in client.post(f"{address}/try-again", data={"address": ""}).text
    assert client.post(f"{address}/try-again", data={"address": "right@example.org"}).status_code == 302
    assert "Waiting" in client.get(address).text
    with app.app_context():
        assert post_letters(at=AT) == "2 posted"
        letter = db.session.scalars(select(Letter).where(Letter.id == letters["failed"])).one()
        assert (letter.state, letter.address) == ("posted", "right@example.org")
    assert client.post(f"{address}/try-again", data={"address": "x@example.org"}).status_code == 409
