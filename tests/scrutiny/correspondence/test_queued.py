"""What a page says of letters is composed from the letters its deed wrote: an agency without an address was not emailed."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny.agencies.models import Agency
from scrutiny.chasing.queries import chased_words
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queued import queued_now, queued_words
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.transaction import undo, writes_now
from tests.conftest import NOW

ROOMS = Path(__file__).resolve().parents[3] / "scrutiny"
NONE = "1 agency has no email address: Jobcentre Plus. Enter an email address, or print the letter and post it."
#: Words of a flash that claim a letter.
CLAIMS = ("told", "on its way", "on the way", "written to", "will email", "emailed")
#: Who is written to here signs in with an address, or the letters of the moment are counted beside the words.
KNOWN = {"evidence/views.py", "bodies/views.py", "upkeep/holiday_views.py", "chasing/views.py"}


def letter(address: str, held: int = 0) -> Letter:
    """A letter as it was written."""
    return Letter(address=address, person="agency:1", not_before=NOW + timedelta(days=held) if held else None)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ([], "No email was sent."),
        ([("a@example.org", 0), ("b@example.org", 0)], "2 emails queued."),
        ([("", 0)], f"No email was sent. {NONE}"),
        ([("a@example.org", 0), ("", 0), ("", 0)], f"1 email queued. {NONE}"),
    ],
)
def test_only_letters_with_an_address_are_emails(written: list[tuple[str, int]], said: str) -> None:
    assert queued_words([(letter(*row), "Jobcentre Plus") for row in written]) == said


def test_a_chase_names_the_agencies_without_an_address(context: None, cast: SimpleNamespace) -> None:
    name = db.session.get_one(Agency, cast.county_council).name
    row = letter("")
    row.person = f"agency:{cast.county_council}"
    assert chased_words([row], []).startswith(f"No email was sent. 1 agency has no email address: {name}.")


def test_a_request_tells_of_its_own_letters_and_of_none_that_was_undone(app: Flask) -> None:
    to = Recipient("agency:1", "", "Jobcentre Plus")
    with app.test_request_context("/"), writes_now():
        assert queued_now("mail_check") == "No email was sent."
        write_letter("mail_check", to=to, reference="person:1", at=NOW, asked_at=NOW)
        assert queued_now("mail_check") == f"No email was sent. {NONE}"
        assert queued_now("sign_in") == "No email was sent."
        undo()
        assert queued_now("mail_check") == "No email was sent."


def test_no_page_claims_a_letter_in_words_of_its_own() -> None:
    claims = set()
    for path in sorted(ROOMS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "flash":
                words = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                if any(claim in " ".join(words) for claim in CLAIMS):
                    claims.add(str(path.relative_to(ROOMS)))
    assert claims <= KNOWN
