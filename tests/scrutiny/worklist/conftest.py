"""A review under way with its requests issued, kept before any page is asked for; and a clock that stands still."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.requests import service
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from tests.conftest import NOW
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
def asked(app: Flask, cast: SimpleNamespace, clock: Clock) -> SimpleNamespace:
    """A review by the committee with the inspectorate as partner and another as observer; its requests are issued."""
    with app.app_context():
        return make_asked(cast)


def make_asked(cast: SimpleNamespace, title: str = "Children's mental health") -> SimpleNamespace:
    """Open and issue one review, and keep it: its reference, its id, and the id of each agency's request."""
    with writes_now():
        review = opened(cast, title=title, observers=[db.session.get_one(Body, cast.cqc)])
        service.draft_requests(review, by=acting("officer"), at=NOW)
        drafts = list(db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == review.id)))
        service.issue_requests(review, drafts, by=acting("officer"), at=NOW)
        requests = {request.agency_id: request.id for request in drafts}
        found = SimpleNamespace(reference=review.reference, id=review.id, requests=requests)
    found.police = requests[cast.police]
    return found
