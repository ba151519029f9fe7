"""Letters are written once, in whole sentences, with no secret in what is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import UndefinedError
from sqlalchemy import select

from scrutiny.correspondence import queries
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import PLACEHOLDER, Unreadable, seal, unseal
from scrutiny.correspondence.service import NO_ADDRESS, Recipient, write_letter
from scrutiny.correspondence.wording import joined, worded
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OLWEN = Recipient("person:1", "olwen@example.org", "Olwen Price")
pytestmark = pytest.mark.usefixtures("context")


def write(to: Recipient = OLWEN, **more: object) -> Letter:
    """A sign-in letter."""
    with writes_now():
        return write_letter("sign_in", to=to, reference="person:1", at=AT, secret="SECRET", expires_at=AT, **more)


def test_the_same_letter_is_written_once() -> None:
    first, second, third = write(occasion="link:1"), write(occasion="link:1"), write(occasion="link:2")
    assert first.id == second.id
    assert third.id != first.id


def test_long_occasions_are_told_apart_by_their_ends() -> None:
    """Their column holds 80 characters, which PostgreSQL keeps to the letter."""
    same, other = "phase:2026-03-02," * 20 + "a", "phase:2026-03-02," * 20 + "b"
    first, second, third = write(occasion=same), write(occasion=same), write(occasion=other)
    assert first.id == second.id
    assert third.id != first.id
    assert max(len(first.occasion), len(third.occasion)) <= 80


def test_a_secret_is_sealed_beside_its_letter_and_never_in_it(app: Flask) -> None:
    letter = write()
    assert PLACEHOLDER in letter.text
    assert "SECRET" not in letter.text + letter.subject
    assert letter.sealed is not None
    assert b"SECRET" not in letter.sealed
    assert unseal(letter.sealed, app.config["SECRET_KEY"]) == "SECRET"


def test_a_secret_sealed_under_another_key_cannot_be_opened() -> None:
    with pytest.raises(Unreadable):
        unseal(seal("SECRET", "one" * 20), "two" * 20)


def test_a_value_left_out_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError), writes_now():
        write_letter("sign_in", to=OLWEN, reference="person:1", at=AT)
    assert db.session.scalar(select(Letter)) is None


def test_a_name_cannot_start_a_header_of_its_own() -> None:
    named = "Ashby\r\nBcc: everybody@example.org"
    subject, _ = worded("confirm_alert", "en", name="", public_url="", secret="x", named=named)
    assert "\n" not in subject
    assert "\r" not in subject


def test_a_letter_to_nobody_is_seen_to_have_failed() -> None:
    letter = write(Recipient("agency:3", " ", "Ashby District Council"))
    assert letter.state == "failed"
    assert letter.posting is not None
    assert letter.posting.fault == NO_ADDRESS
    assert {state: count for state, count in queries.counts().items() if count} == {"failed": 1}


def test_several_letters_in_one_e_mail_are_numbered_and_whole() -> None:
    subject, text = joined([("First", "Dear A,\n\none\n"), ("Second", "Dear A,\n\ntwo\n")])
    assert subject == "First (and 1 more)"
    assert text.startswith("This email contains 2 letters:\n\n  1. First\n  2. Second\n")
    assert "1. First\n\nDear A,\n\none\n" in text
    assert text.endswith("2. Second\n\nDear A,\n\ntwo\n")


def test_a_title_kept_with_a_control_character_fails_no_letter() -> None:
    subject, text = worded(
        "confirm_alert", "en", name="", public_url="", secret="x", named="Seeing a doctor\u0002 in \ue000Wendale"
    )
    assert "Seeing a doctor in Wendale" in subject
    assert "Seeing a doctor in Wendale" in text


def test_no_letter_is_told_apart_by_a_clock_of_seconds() -> None:
    """Two deeds of one second are two letters: what tells them apart is the moment itself, or the version of what moved."""
    rooms = Path(__file__).resolve().parents[3] / "scrutiny"
    assert [path.name for path in rooms.glob("*/letters.py") if "%H%M%S" in path.read_text(encoding="utf-8")] == []
