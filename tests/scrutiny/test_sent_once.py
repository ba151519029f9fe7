"""A form is known again by its token and all that was sent with it: it is dealt with once, and nothing else is known of it."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny import sent_once
from scrutiny.accounts.models import AccessKey
from scrutiny.extensions import db
from scrutiny.pages import now
from scrutiny.sent_once import DealtWith
from scrutiny.transaction import run, writes_now
from scrutiny.work.claims import Progress
from workflows.refusals import Refused

SAID = "You had sent this form already"
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its check against forged forms, whose tokens tell one page from another."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def token_on(client: FlaskClient, page: str) -> str:
    """The token of a page that is opened now."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def count(app: Flask, model: type) -> int:
    """How many rows there are of a kind."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_form_is_dealt_with_once_and_a_new_page_may_ask_again(
    guarded: Flask, cast: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However soon: no time goes by here."""
    monkeypatch.setattr("itsdangerous.timed.time.time", now().timestamp)
    client = signed_in("officer")
    sent = {"csrf_token": token_on(client, "/account"), "name": "Mine", "kind": "api"}
    assert "Mine" in client.post("/account/keys", data=sent).text
    again = client.post("/account/keys", data=sent)
    assert (again.status_code, again.location) == (303, "/account")
    assert SAID in client.get("/account").text
    assert count(guarded, AccessKey) == 1
    client.post("/account/keys", data=sent | {"name": "Another"})
    assert count(guarded, AccessKey) == 2, "other words are another deed"
    client.post("/account/keys", data=sent | {"csrf_token": token_on(client, "/account")})
    assert count(guarded, AccessKey) == 3, "a page opened anew is another deed"


def test_every_form_of_a_page_has_its_token_and_no_two_pages_the_same(
    guarded: Flask, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    client = signed_in("officer")
    pages = [re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text) for _ in range(3)]
    assert [len(set(tokens)) for tokens in pages] == [1, 1, 1]
    assert len({tokens[0] for tokens in pages}) == 3
    forged = pages[0][0].replace(".", "x", 1)
    client.post("/account/keys", data={"csrf_token": forged, "name": "Mine", "kind": "api"})
    assert count(guarded, AccessKey) == 0, "what the library signed is still what opens"


def test_what_was_refused_is_not_remembered(guarded: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    client = signed_in("officer")
    sent = {"csrf_token": token_on(client, "/account"), "name": "", "kind": "nonsense"}
    for _ in range(2):
        assert client.post("/account/keys", data=sent).status_code in (200, 422)
    assert count(guarded, DealtWith) == 0


def test_a_list_sent_four_times_at_once_is_one(guarded: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dealt with in several transactions too: whoever comes second waits, and is led to the same answers."""
    monkeypatch.setattr("scrutiny.public.bulk_views.lists.start", lambda _: None)
    first = guarded.test_client()
    token, together = token_on(first, "/many"), Barrier(4)
    cookie = first.get_cookie("area_scrutiny")
    assert cookie is not None

    def send(_: int) -> str:
        client = guarded.test_client()
        client.set_cookie("area_scrutiny", cookie.value)
        together.wait(30)
        file = (io.BytesIO(b"postcode\nLM1 1AA\n"), "list.csv")
        return str(client.post("/many", data={"csrf_token": token, "file": file}).location)

    with ThreadPoolExecutor(4) as pool:
        led_to = list(pool.map(send, range(4)))
    assert len(set(led_to)) == 1
    assert led_to[0].startswith("/many/")
    assert count(guarded, Progress) == 1


def test_of_those_who_wait_for_one_that_is_refused_one_at_a_time_has_its_turn(guarded: Flask, cast: SimpleNamespace) -> None:
    form = sent_once.SentForm("f" * 64, base64.urlsafe_b64encode(b"l" * 32))
    begun, done, together = Event(), [], Barrier(3)

    def refused() -> None:
        begun.set()
        together.wait(30)
        sleep(0.3)
        raise Refused("Not yet")

    def deed() -> str:
        done.append("begun")
        sleep(0.3)
        sent_once.done_here("/account")
        return "a page"

    def send(what: Callable[[], Any]) -> None:
        with guarded.test_request_context():
            if what is deed:
                begun.wait(30)
                together.wait(30)
            with suppress(Refused):
                sent_once.deal_with_in_parts(form, what, run)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, [refused, deed, deed]))
    assert done == ["begun"]


def test_its_row_tells_nothing_and_goes_with_its_token(guarded: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    client = signed_in("officer")
    client.post("/account/keys", data={"csrf_token": token_on(client, "/account"), "name": "Mine", "kind": "api"})
    with guarded.app_context():
        row = db.session.scalars(select(DealtWith)).one()
        assert row.led_to is not None
        assert b"account" not in row.led_to
        with writes_now():
            assert sent_once.forget_old(at=row.at + sent_once.KEPT / 2) == 0
            assert sent_once.forget_old(at=row.at + sent_once.KEPT) == 1
