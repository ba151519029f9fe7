"""Three requests: the committee asks the police and the fire service, whose list is out; the inspectorate asks the police."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event

from scrutiny.answering import service as answering
from scrutiny.answering.sending import submit_request
from scrutiny.answering.service import Typed
from scrutiny.asking.service import withdraw_item
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask

LATER = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
#: The day every page is asked for on.
SHOWN = LATER + timedelta(days=1)


def make_ledger(cast: SimpleNamespace) -> SimpleNamespace:
    """The requests by name; of the fire service one answer is sent, with its hours, and one question withdrawn."""
    with writes_now():
        police, fire = ask(cast, "police"), ask(cast, "fire")
        fire.request.review.list_released_on = NOW.date()
        inspected = ask(cast, "police", at=LATER, method="jtai", lead="ofsted")
        inspected.request.review.announced_on = None
        by = fire.by("fire_responder")
        answering.keep_answer(fire.items[0], Typed(text="Twelve"), by=by, at=NOW)
        submit_request(fire.request, [fire.items[0]], hours=2.5, by=by, at=NOW)
        withdraw_item(fire.items[2], why="Not needed", by=fire.by("officer"), at=NOW)
        fire.request.left_out = [{"question": 1, "why": "Published already", "by": "person:1"}]
        db.session.flush()
        found = {name: one.request.id for name, one in (("police", police), ("fire", fire), ("inspected", inspected))}
        answers = fire.items[0].answers[-1].id
    return SimpleNamespace(**found, answer=answers)


@pytest.fixture
def asked(as_built: Callable[..., SimpleNamespace], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The scene, and a clock that stands still."""
    for module in ("burden.pages", "burden.views", "burden.commands", "public.burden_views", "opendata.burden_views"):
        monkeypatch.setattr(f"scrutiny.{module}.now", lambda: SHOWN)
    return as_built(make_ledger)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reads, as it is sent."""
    kept: list[str] = []

    def heard(connection: object, cursor: object, statement: str, *rest: object) -> None:
        kept.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    yield kept
    event.remove(engine, "before_cursor_execute", heard)
