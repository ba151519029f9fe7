"""What a stranger puts into a challenge breaks no table, feed, letter or page; what is not theirs nobody moves."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.bodies.models import BodyMembership
from scrutiny.challenges.models import Challenge
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.challenges.scene import figure, post, published, secret_of, sent
from tests.written_at_once import written

SignIn = Callable[..., FlaskClient]
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1)\t+cmd|' /C calc'!A0",
    "</script><script>x()</script>",
    "]]></content><entry>",
    'x\r\nBcc: c@d.example\r\n\r\n"',
    "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT",
    "\u202egnp.exe {{ 7*7 }} %(name)s {0} ${x}",
)
STRANGERS = ("responder", "fire_responder", "councillor", "inspector", "lead_inspector", "partner_inspector", "administrator")


@pytest.fixture
def about(app: Flask, cast: SimpleNamespace) -> str:
    """A published figure of the police."""
    with app.app_context():
        return f"figure:{figure(cast.police, cast.committee)}"


def test_hostile_words_stay_words_on_every_surface(app: Flask, about: str, client: FlaskClient) -> None:
    with app.app_context():
        for at, words in enumerate(HOSTILE):
            published(about, words, f"resident{at}@home.example")
        for letter in db.session.scalars(select(Letter)):
            assert not set("\r\n") & set(letter.subject), letter.subject
            assert letter.address.count("@") == 1
    rows = list(csv.reader(io.StringIO(client.get("/challenges.csv").text.lstrip("\ufeff"))))
    assert len(rows) == len(HOSTILE) + 1
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert len(json.loads(client.get("/challenges.json").text)) == len(HOSTILE)
    assert client.get("/api/v1/challenges").status_code == 200
    entries = ElementTree.fromstring(client.get("/challenges.atom").text).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(HOSTILE)
    pages = [
        "/challenges",
        *(f"/challenges/C-2026-{at:03}" for at in range(1, len(HOSTILE) + 1)),
        f"/challenges/new?about={about}",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert "<script>x()" not in answer.text
        assert "{{ 7*7 }}" in answer.text or "49 %" not in answer.text
        assert "Bcc" not in answer.headers


@pytest.mark.parametrize("more", ["\r\nBcc: c@d.example", ", c@d.example", "\x00", ">", "x" * 300], ids=range(5))
def test_an_address_is_one_address(app: Flask, about: str, client: FlaskClient, more: str) -> None:
    """What is no address is refused with all that was typed; of what nobody can have meant nothing is left."""
    page = client.post(f"/challenges/new?about={about}", data={"wrong": "It is wrong", "address": f"a@b.example{more}"})
    assert page.status_code in (200, 422)
    with app.app_context():
        written_to = db.session.scalars(select(Letter.address)).all()
    assert ("Check your email" in page.text) == bool(written_to)
    assert set(written_to) <= {"a@b.example"}
    assert written_to or "It is wrong" in page.text


def test_nobody_else_moves_a_challenge(
    app: Flask, about: str, client: FlaskClient, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    """Every form of the desk and of answering, sent by everybody whose it is not; a former officer among them."""
    with app.app_context():
        waiting, out = sent(about, "Waits", "one@home.example").id, published(about, "Is out", "two@home.example")
        reference, other = out.reference, out.id
        before = [(one.state, one.wrong) for one in db.session.scalars(select(Challenge).order_by(Challenge.id))]
    desk = [
        f"/challenges/desk/{one}/{deed}"
        for one in (waiting, other)
        for deed in ("publish", "refuse", "merge", "erase", "original")
    ]
    posts = [*desk, f"/challenges/{reference}/bring", f"/challenges/{reference}/answer", "/challenges/referrals/1"]
    said = {
        "version": "1",
        "wrong": "Mine now",
        "ground": "abuse",
        "why": "x",
        "into": reference,
        "words": "x",
        "outcome": "stands",
    }
    former = signed_in("officer")
    with app.app_context(), writes_now():
        rows = db.session.scalars(select(BodyMembership).where(BodyMembership.person_id == cast.officer))
        for row in rows:
            row.to_on = NOW.date() - timedelta(days=1)
    tried = 0
    for who in (client, former, *(signed_in(one) for one in STRANGERS)):
        for path in posts:
            tried += 1
            assert who.post(path, data=said).status_code in (302, 400, 403, 404), path
    assert tried == 9 * len(posts)
    with app.app_context():
        assert [(one.state, one.wrong) for one in db.session.scalars(select(Challenge).order_by(Challenge.id))] == before


def test_a_link_confirms_once_and_says_the_same_of_every_address(app: Flask, about: str, client: FlaskClient) -> None:
    """Two presses of one link are one deed; whoever asks learns nothing of who asked before."""
    with app.app_context():
        reference = published(about, "Is out", "one@home.example").reference
    pages = [post(client, f"/challenges/{reference}/support", address=one) for one in ("new@home.example", "one@home.example")]
    assert pages[0] == pages[1] or len(pages[0]) == len(pages[1])
    with app.app_context():
        link = secret_of("challenge_support_confirm", "new@home.example")
        with written():
            first = client.post(f"/challenges/confirm-support/{link}", follow_redirects=True)
            again = client.post(f"/challenges/confirm-support/{link}", follow_redirects=True)
    assert first.status_code == 200
    assert again.status_code in (200, 404, 409, 410)
    assert json.loads(client.get("/challenges.json").text)[0]["supporters"] == 1
