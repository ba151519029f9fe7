"""The asker's pages ask the database as often for many agencies as for few."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyMembership, Footprint
from scrutiny.asking import service
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.cast import BORN
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened

PAGES = ("requests", "requests/issue", "requests/letters", "reminders", "chase")


def _more_agencies(count: int) -> None:
    """So many more police forces of the same place, each with two people who answer."""
    for number in range(count):
        row = Agency(name=f"Force {number}", kind="police", email=f"force{number}@example.org", from_on=BORN)
        row.footprint = [Footprint(area_kind="district", area_code="E07900002", from_on=BORN)]
        db.session.add(row)
        for who in ("a", "b"):
            person = Person(email=f"{who}{number}@force.example.org", name=f"{who} {number}")
            db.session.add_all([person, AgencyMembership(agency=row, person=person, role="responder", from_on=BORN)])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_for_many_agencies_as_for_few(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient], page: str
) -> None:
    """Two reviews: one of a few agencies, and one after twelve more came to the place."""
    references = []
    with app.app_context():
        for more in (0, 12):
            with writes_now():
                _more_agencies(more)
                review = opened(cast, title=f"With {more} more")
                drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
                if page in ("reminders", "chase"):
                    service.issue_requests(review, drafts, by=acting("officer"), at=NOW)
                references.append(review.reference)
                assert len(drafts) > more
        engine = db.engine
        assert db.session.query(Review).count() == 2
    client = signed_in("officer")
    counts = []
    for reference in references:
        client.get(f"/reviews/{reference}/{page}")
        sent: list[str] = []

        def keep(connection: Any, cursor: Any, statement: str, *more: Any, sent: list[str] = sent) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", keep)
        assert client.get(f"/reviews/{reference}/{page}").status_code == 200
        event.remove(engine, "before_cursor_execute", keep)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 50, counts
