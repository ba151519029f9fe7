"""Public statements: a default that says it is one, the administrator's words in its place, and every wording kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.statements.layout import laid_out
from scrutiny.statements.queries import history

SignIn = Callable[..., FlaskClient]
#: What each page says until somebody has written it.
DEFAULTS = {"accessibility": "has not ", "privacy": "has not ", "press": "No press contact has been added yet."}
WORDS = "## Newsroom\n\nRing 01632 960 001 or\nwrite to press@example.org.\n\n- <b>weekdays</b>\n- see https://example.org/news."


@pytest.mark.parametrize("page", DEFAULTS)
def test_a_page_says_it_is_the_default_until_one_is_written(signed_in: SignIn, client: FlaskClient, page: str) -> None:
    ada, address = signed_in("administrator"), f"/administration/statements/{page}"
    assert DEFAULTS[page] in client.get(f"/{page}").text
    assert f'href="/{page}"' in client.get("/").text
    done = ada.post(address, data={"text": WORDS, "seen": "0"}, follow_redirects=True)
    assert "Published. Everybody can read it now." in done.text
    shown = client.get(f"/{page}").text
    assert DEFAULTS[page] not in shown
    assert '<h2 class="govuk-heading-m">Newsroom</h2>' in shown
    assert 'href="mailto:press@example.org">press@example.org</a>.' in shown
    assert 'href="https://example.org/news">' in shown
    assert "&lt;b&gt;weekdays" in shown
    back = ada.post(address, data={"text": "", "seen": _seen(ada, address)}, follow_redirects=True)
    assert "The page shows its default text again." in back.text
    assert DEFAULTS[page] in client.get(f"/{page}").text
    assert back.text.count("Ada Winn") >= 2


def _seen(client: FlaskClient, address: str) -> str:
    return client.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_two_who_write_at_once_lose_nothing(app: Flask, signed_in: SignIn) -> None:
    ada, address = signed_in("administrator"), "/administration/statements/press"
    ada.post(address, data={"text": "Theirs", "seen": "0"})
    late = ada.post(address, data={"text": "Mine", "seen": "0"})
    assert late.status_code == 409
    for words in ("Theirs", "Mine", "Somebody else has changed this page"):
        assert words in late.text
    assert ada.post(address, data={"text": "Mine", "seen": _seen_in(late.text)}).status_code == 302
    with app.app_context():
        rows = history("press")
        assert [row.text for row in rows] == ["Mine", "Theirs"]
        older = f"{address}/{rows[1].id}"
    assert "Theirs" in ada.get(older).text
    assert ada.get(older.replace("press", "privacy")).status_code == 404
    same = ada.post(address, data={"text": "Mine", "seen": _seen(ada, address)}, follow_redirects=True)
    assert "Nothing was changed" in same.text
    long = ada.post(address, data={"text": "x" * 50_001, "seen": _seen(ada, address)})
    assert "50000 characters or fewer" in long.text.replace(",", "")


def _seen_in(text: str) -> str:
    return text.split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_only_administrators_write_and_read_what_was_said_before(app: Flask, signed_in: SignIn, client: FlaskClient) -> None:
    signed_in("administrator").post("/administration/statements/press", data={"text": "Theirs", "seen": "0"})
    with app.app_context():
        older = history("press")[0].id
    for path in ("", "/press", f"/press/{older}"):
        assert signed_in("officer").get(f"/administration/statements{path}").status_code == 404
        assert client.get(f"/administration/statements{path}").status_code == 302
    assert signed_in("officer").post("/administration/statements/press", data={"text": "x", "seen": "0"}).status_code == 404


def test_the_command_writes_and_shows_the_same(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "press.txt"
    file.write_text(WORDS)
    run = app.test_cli_runner().invoke
    assert "default text" in run(args=["statements", "show", "press"]).stderr
    assert run(args=["statements", "write", "press", str(file)]).stdout == "Published\n"
    assert run(args=["statements", "write", "press", str(file)]).stdout == "The page says this already\n"
    assert run(args=["statements", "show", "press"]).stdout.strip() == WORDS
    file.write_bytes(b"\xff\xff and more")
    refused = run(args=["statements", "write", "press", str(file)])
    assert refused.exit_code == 1
    assert "is not text in UTF-8" in refused.stderr
    with app.app_context():
        assert len(history("press")) == 1
        db.session.remove()


def test_plain_text_is_laid_out_block_by_block() -> None:
    found = laid_out("Intro\nmore\n# One\ntext\n- a\n- b\n  goes on\n\n• c")
    assert [(block.kind, ["".join(piece.text for piece in line) for line in block.lines]) for block in found] == [
        ("paragraph", ["Intro more"]),
        ("heading", ["One"]),
        ("paragraph", ["text"]),
        ("list", ["a", "b goes on"]),
        ("list", ["c"]),
    ]
