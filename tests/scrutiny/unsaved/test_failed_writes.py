"""A write that fails gives back what was typed, and nothing says that it was saved: with the failures of a real database."""

from __future__ import annotations

import ast
import errno
import io
import sqlite3
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, get_flashed_messages, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from scrutiny import transaction
from scrutiny.accounts import service as accounts
from scrutiny.accounts.models import AccessKey
from scrutiny.extensions import db

SOURCES = sorted((Path(__file__).resolve().parents[3] / "scrutiny").rglob("*.py"))
WORDS = "Our <own> key & " + "a long name for it " * 4


@pytest.fixture
def connections(app: Flask) -> Iterator[Callable[[Callable[[Any], None]], None]]:
    """Change what every new connection is like, until the test is over."""
    added: list[Callable[[Any, Any], None]] = []

    def change(how: Callable[[Any], None]) -> None:
        def listener(connection: Any, record: Any) -> None:
            how(connection)

        event.listen(Engine, "connect", listener)
        added.append(listener)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    yield change
    for one in added:
        event.remove(Engine, "connect", one)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def save(client: FlaskClient) -> Any:
    """Make a key with a name that takes some room."""
    return client.post("/account/keys", data={"kind": "api", "name": WORDS[:90], "save": "Make a key"})


def given_back(answer: Any) -> bool:
    """Whether the page shows what was typed, with its label, and does not say that anything was done."""
    text = unescape(answer.text)
    return WORDS[:90] in text and "<own>" not in answer.text and "Send again" in text and "Success" not in text


@pytest.mark.sqlite_only("PostgreSQL has no such limit of its own")
def test_a_full_disk(app: Flask, signed_in: Callable[..., FlaskClient], connections: Any) -> None:
    client = signed_in("officer")
    client.get("/account")

    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    connections(fill)
    answers = [save(client) for _ in range(60)]
    failed = [answer for answer in answers if answer.status_code != 200]
    assert failed, "the disk was not full"
    for answer in failed:
        assert answer.status_code == 503
        assert given_back(answer)
        assert "cannot save anything at the moment" in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(AccessKey)).all()) == 60 - len(failed)


@pytest.mark.sqlite_only("on PostgreSQL writers do not wait for one lock")
def test_a_database_locked_by_another(app: Flask, signed_in: Callable[..., FlaskClient], connections: Any, settings: Any) -> None:
    client = signed_in("officer")
    connections(lambda connection: connection.execute("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        answer = save(client)
    finally:
        other.close()
    assert answer.status_code == 503
    assert given_back(answer)
    assert save(client).status_code == 200


def test_a_database_that_is_away(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("officer")

    def refuse(*_: Any) -> None:
        raise OperationalError("connect", {}, Exception("the server is not there"))

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        engine = db.engine
    event.listen(engine, "do_connect", refuse)
    try:
        answer = save(client)
        assert answer.status_code == 503
        assert given_back(answer)
        assert client.get("/account").status_code == 503
    finally:
        event.remove(engine, "do_connect", refuse)
    assert save(client).status_code == 200


def test_others_who_are_always_quicker(signed_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attempt is overtaken: a refusal in a sentence, and the words."""
    monkeypatch.setattr(transaction.time, "sleep", lambda seconds: None)

    def overtaken(*_: Any, **__: Any) -> None:
        raise StaleDataError("as a flush raises it")

    monkeypatch.setattr(accounts, "make_key", overtaken)
    answer = save(signed_in("officer"))
    assert answer.status_code == 409
    assert given_back(answer)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS], ids=["full", "not to be written"])
def test_a_disk_of_files_that_takes_no_more_is_said_as_one_of_the_database(
    error: int, signed_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(error, "No space left on device")

    monkeypatch.setattr(accounts, "make_key", full)
    answer = save(signed_in("officer"))
    assert answer.status_code == 503
    assert "cannot save anything at the moment" in answer.text
    assert given_back(answer)


def test_no_message_of_a_deed_that_was_not_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a view says before its commit is unsaid where the commit fails, even if a page has asked for it already."""

    @transaction.writes
    def view() -> None:
        flash("Item 3 is saved", "success")
        get_flashed_messages()

    def fail() -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    with app.test_request_context("/", method="POST"):
        monkeypatch.setattr(transaction, "commit", fail)
        with pytest.raises(OperationalError):
            view()
        assert get_flashed_messages() == []
        assert request.method == "POST"


def test_messages_are_given_only_where_they_can_be_taken_back() -> None:
    """By views that are one transaction (@writes); in one of several parts, only outside its transactions."""
    wrong = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = [node for node in ast.walk(tree) if isinstance(node, ast.With) and "writes_now" in ast.dump(node.items[0])]
        wrong += [f"{path.name}:{node.lineno}" for part in parts for node in ast.walk(part) if _flashes(node)]
        for function in ast.walk(tree):
            decorators = [ast.unparse(one) for one in getattr(function, "decorator_list", [])]
            routed = any(".route(" in one or ".post(" in one or ".get(" in one for one in decorators)
            if routed and any(map(_flashes, ast.walk(function))) and not {"writes", "writes_in_parts"} & set(decorators):
                wrong.append(f"{path.name}:{function.lineno}")  # type: ignore[attr-defined]  # a function has a line
    assert wrong == []


def _flashes(node: ast.AST) -> bool:
    """Whether a node gives a message."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "flash"


def test_what_is_too_large_gives_back_its_words(signed_in: Callable[..., FlaskClient]) -> None:
    """The words are read past the files, whose bytes are dropped."""
    large = (io.BytesIO(b"x" * 7_000_000), "large.pdf")
    data = {"text": WORDS, "files": large, "why": "after the file"}
    answer = signed_in("responder").post("/account/keys", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert WORDS in unescape(answer.text)
    assert "after the file" in answer.text
