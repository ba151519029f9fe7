"""An honest no that was accepted is never shown as an accepted answer: pages, tables, the API and the agency's own page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.answering import service as answering
from scrutiny.asking import service
from scrutiny.extensions import db
from scrutiny.requests.models import Item
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("deed", "words", "key"),
    [
        (answering.say_not_held, "Not held – accepted", "not-held-accepted"),
        (answering.refuse_item, "Refusal accepted", "refusal-accepted"),
        (answering.redirect_item, "Redirected – accepted", "redirection-accepted"),
    ],
)
def test_every_surface_says_what_was_accepted(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient], deed: Callable[..., object], words: str, key: str
) -> None:
    with app.app_context(), writes_now():
        asked = ask(cast, "fire")
        deed(asked.items[0], "Section 31", by=asked.by("fire_responder"), at=NOW)
        service.accept_item(asked.items[0], by=asked.by("officer"), at=LATER)
        assert asked.items[0].stands == db.session.scalar(select(Item.stands).where(Item.id == asked.items[0].id))
        reference, slug, request_id = asked.request.review.reference, asked.request.slug, asked.request.id
    officer, agency = signed_in("officer"), signed_in("fire_responder")
    here = f"/reviews/{reference}"
    for page in (f"{here}/requests/{slug}", f"{here}/requests/{slug}/1", f"{here}/matrix", f"{here}/requests"):
        assert words.lower() in officer.get(page).text.lower(), page
    tables = [officer.get(f"{here}/matrix.{kind}") for kind in ("csv",)]
    assert all(words in one.text for one in tables)
    assert words in agency.get(f"/answering/{request_id}").text
    assert key in officer.get(f"/api/v1/reviews/{reference}/requests").text


@pytest.mark.parametrize(
    ("deed", "label"),
    [
        (answering.say_not_held, "Accept that it is not held"),
        (answering.refuse_item, "Accept the refusal"),
        (answering.redirect_item, "Accept that another agency holds it"),
        (None, "Accept the answer"),
    ],
)
def test_the_button_says_what_is_accepted(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient], deed: Callable[..., object] | None, label: str
) -> None:
    with app.app_context(), writes_now():
        asked = ask(cast, "fire")
        item, by = asked.items[0], asked.by("fire_responder")
        if deed is None:
            answering.keep_answer(item, answering.Typed(text="Six"), by=by, at=NOW)
            answering.submit_item(item, by=by, at=NOW)
        else:
            deed(item, "Section 31", by=by, at=NOW)
        page = f"/reviews/{asked.request.review.reference}/requests/{asked.request.slug}/1"
    button = re.search(r'accept"><input[^>]*><button[^>]*>(.*?)</button>', signed_in("officer").get(page).text)
    assert button is not None
    said = re.sub("<[^>]+>", "", button[1])
    assert said.startswith(f"{label}: R-2026-")
