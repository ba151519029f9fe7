"""A review under way with its requests issued, kept before any page is asked for; and a clock that stands still."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from scrutiny.asking import service
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened


class Clock:
    """The moment every page is asked for at; a test may move it."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Pages read this clock."""
    found = Clock()
    monkeypatch.setattr("scrutiny.pages.now", found)
    monkeypatch.setattr("scrutiny.worklist.views.now", found)
    return found


@pytest.fixture
def asked(as_built: Callable[..., SimpleNamespace], clock: Clock) -> SimpleNamespace:
    """A review by the committee with the inspectorate as partner and another as observer; its requests are issued."""
    return as_built(make_asked)


def make_asked(cast: SimpleNamespace, title: str = "Children's mental health") -> SimpleNamespace:
    """Open and issue one review, and keep it: its reference, its id, and the id of each agency's request."""
    with writes_now():
        review = opened(cast, title=title, observers=[db.session.get_one(Body, cast.cqc)])
        service.draft_requests(review, by=acting("officer"), at=NOW)
        drafts = list(db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == review.id)))
        issue_and_deliver(review, drafts, by=acting("officer"), at=NOW)
        requests = {request.agency_id: request.id for request in drafts}
        found = SimpleNamespace(reference=review.reference, id=review.id, requests=requests)
    found.police = requests[cast.police]
    return found


def words_of(response: TestResponse) -> str:
    """What a page says, as one line of plain words."""
    text = re.sub(r"<(script|head)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def statements(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Count SQL: call it to begin; the list it gives grows with each statement sent."""
    kept: list[str] = []

    def heard(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            kept.append(statement)

    def begin() -> list[str]:
        kept.clear()
        return kept

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    yield begin
    event.remove(engine, "before_cursor_execute", heard)
