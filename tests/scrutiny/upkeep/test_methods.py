"""A method sent through a page: every fault with its line, what it asks shown first, and reviews under way keep theirs."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from config.settings import PROJECT_ROOT
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.conduct.newer_method import newer_of
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import plan_review
from scrutiny.rules.models import MethodEdition, MethodText
from scrutiny.rules.queries import methods
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
KEY = "call-in"
FILE = next((PROJECT_ROOT / "config" / "methods").glob(f"{KEY}-*.toml"))
TEXT = FILE.read_text(encoding="utf-8")
WAS = FILE.stem.removeprefix(f"{KEY}-")
NEWER = TEXT.replace(f'version = "{WAS}"', 'version = "2099.1"').replace('title = "', 'title = "Newer ', 1)


def send(client: FlaskClient, text: str | bytes, name: str = "mine (1).toml", **more: object) -> object:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post("/administration/methods", data={"file": (io.BytesIO(content), name)}, **more)


def test_a_sent_method_is_shown_then_used_for_new_reviews(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    page = send(client, NEWER, follow_redirects=True)
    assert "What it asks" in page.text
    assert f"How it differs from version {WAS}" in page.text
    with app.app_context():
        assert methods()[KEY].version == WAS
        assert db.session.scalar(select(MethodEdition).where(MethodEdition.version == "2099.1")) is None
    done = client.post(page.request.path, follow_redirects=True)
    assert "version 2099.1 is used for new reviews." in done.text
    with app.app_context():
        assert methods()[KEY].version == "2099.1"
        edition = db.session.scalars(select(MethodEdition).where(MethodEdition.version == "2099.1")).one()
        assert edition.text == NEWER
    assert "Newer" in client.get(f"/methods/{KEY}").text
    assert client.get(f"/methods/{KEY}?version={WAS}").status_code == 200
    again = client.get(page.request.path)
    assert "Since " in again.text
    assert "Use this method for new reviews" not in again.text
    older = send(client, NEWER.replace("2099.1", "2098.9"))
    assert "Version 2099.1 of" in older.text
    assert "Change the version to 2099.2 or later" in older.text


def test_a_faulty_method_is_answered_fault_by_fault_and_nothing_is_kept(app: Flask, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("administrator")
    broken = NEWER.replace('unit = "', 'unit = "x', 1).replace("nations = [", 'nations = ["mars", ', 1)
    page = send(client, broken)
    assert page.status_code == 200
    assert "Correct 2 errors and send the file again" in page.text
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if 'unit = "x' in text)
    assert f">{line}</th>" in page.text
    for content, said in (
        (b"\xff\xfe\x00x", "What to correct"),
        (b"not toml at all", "What to correct"),
        (b"", "What to correct"),
        (TEXT.encode(), "is in use already"),
    ):
        answer = send(client, content)
        assert answer.status_code == 200
        assert said in answer.text, content
    file = tmp_path / "broken.toml"
    file.write_text(broken)
    refused = app.test_cli_runner().invoke(args=["methods", "load", str(file)])
    assert refused.exit_code == 1
    assert f"line {line}" in refused.stderr
    with app.app_context():
        assert db.session.scalars(select(MethodText)).all() == []


def test_the_command_uses_a_method_and_a_review_under_way_is_offered_it(
    app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace, tmp_path: Path
) -> None:
    with app.app_context(), writes_now():
        lead, place = db.session.get_one(Body, cast.committee), db.session.get_one(Place, cast.place)
        days = {"place_on": NOW.date(), "starts_on": NOW.date()}
        review = plan_review(title="Call-in", place=place, method_key=KEY, lead=lead, by=acting("officer"), at=NOW, **days)
        reference = review.reference
    file = tmp_path / "newer.toml"
    file.write_text(NEWER)
    done = app.test_cli_runner().invoke(args=["methods", "load", str(file)])
    assert done.exit_code == 0, done.stderr
    with app.app_context():
        g.pop("rules_in_force", None)
        review = db.session.scalars(select(Review).where(Review.reference == reference)).one()
        assert review.edition.version == WAS
        newer = newer_of(review)
        assert newer is not None
        assert newer.version == "2099.1"
        text_id = db.session.scalars(select(MethodText.id)).one()
    for path in ("/administration/methods", f"/administration/methods/{text_id}"):
        assert signed_in("administrator").get(path).status_code == 200
        assert signed_in("officer").get(path).status_code == 404
        assert client.get(path).status_code == 302
