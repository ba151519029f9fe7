"""A body that joins sees what agencies sent: each is told on that day, once, in words that were read before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests.queries import requests_of
from scrutiny.reviews import inviting, service
from scrutiny.reviews.models import Review
from scrutiny.reviews.succession import hand_on
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from tests.scrutiny.worklist.conftest import Clock, asked, clock, words_of

__all__ = ["Clock", "asked", "clock"]
SignIn = Callable[..., FlaskClient]
HERE = "/reviews/R-2026-001/people"


@pytest.fixture(autouse=True)
def _the_same_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """These pages read it too."""
    monkeypatch.setattr("scrutiny.conduct.views.now", clock)


def told() -> list[Letter]:
    """The letters that a body has joined, in the order they were written."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == "body_joined").order_by(Letter.id)))


def kept() -> Review:
    """The one review."""
    return db.session.scalars(select(Review)).one()


def test_the_letters_are_read_first_and_go_as_they_were_read(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, app: Flask
) -> None:
    with app.app_context(), writes_now():
        kept().bodies[-1].to_on = (NOW - timedelta(days=9)).date()  # the observer of the scene has left before
        agencies = {request.agency_id for request in requests_of(kept())}
    officer, typed = signed_in("officer"), {"body": cast.cqc, "part": "observer"}
    assert f'action="{HERE}/join"' in officer.get(HERE).text
    read = officer.post(f"{HERE}/join", data=typed)
    page = read.text
    assert "Care Standards Commission has joined our review" in page
    assert "They cannot see anything else you send" in page
    with app.app_context():
        assert told() == []
    assert "Something has changed" in officer.post(f"{HERE}/join", data=typed | {"confirm": "yes", "seen": "x"}).text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen
    done = officer.post(f"{HERE}/join", data=typed | {"confirm": "yes", "seen": seen[1]}, follow_redirects=True)
    with app.app_context():
        letters = told()
        assert {int(one.reference.removeprefix("request:")) for one in letters} == set(asked.requests.values())
        assert len({one.person for one in letters}) == len(letters) >= len(agencies)
        assert all(line in words_of(read) for line in letters[0].text.split("\n") if line), "word for word as it was read"
        assert letters[0].sender_name == kept().lead.name
    assert f"{len(letters) + 1} emails queued." in words_of(done), "the observer too"
    assert f'value="{cast.cqc}"' not in officer.get(f"{HERE}/join").text, "it is not offered again"


def test_of_a_partner_they_are_told_once_it_accepts(asked: SimpleNamespace, cast: SimpleNamespace, app: Flask) -> None:
    with app.app_context(), writes_now():
        review = kept()
        service.end_body(review, next(row for row in review.bodies if row.part == "partner"), by=acting("officer"), at=NOW)
        invitation = inviting.invite_partner(review, db.session.get_one(Body, cast.ofsted), by=acting("officer"), at=NOW)
        assert told() == []
        inviting.accept(invitation, by=acting("lead_inspector"), at=NOW)
        assert {one.reference for one in told()} == {f"request:{key}" for key in asked.requests.values()}
        assert all("has joined our review" in one.text and "“The bodies of this review" in one.text for one in told())
        service.tell_of_joining(review, review.bodies[-1], at=NOW)
        assert len(told()) == len({(one.person, one.occasion) for one in told()}), "sent once"


def test_a_body_that_takes_the_place_of_another_is_told_of_too(asked: SimpleNamespace, cast: SimpleNamespace, app: Flask) -> None:
    """The successor of a body that ended reads the same."""
    with app.app_context(), writes_now():
        review, on = kept(), NOW.date()
        row = next(row for row in review.bodies if row.part == "partner")
        old, heir = row.body.name, Body(slug="heir", name="Inspectorate of Learning", kind=row.body.kind, nation="england")
        db.session.add(heir)
        db.session.flush()
        hand_on(review, row, heir, on=on, by=acting("administrator"), at=NOW)
        assert told()
        assert all(f"Inspectorate of Learning takes the place of {old}" in one.text for one in told())


def test_where_nobody_was_asked_a_body_joins_at_once(cast: SimpleNamespace, context: None) -> None:
    review = opened(cast, partners=[])
    service.add_body(review, db.session.get_one(Body, cast.cqc), "observer", by=acting("officer"), at=NOW)
    assert told() == []
