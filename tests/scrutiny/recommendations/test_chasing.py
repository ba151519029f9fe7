"""A response that is late can be chased: reminded of by the clock before its day, by hand after it, and by the chair."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.reception import Entered
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.recommendations import chasing, delivering
from scrutiny.recommendations.chasing_letters import CHAIRS, CHASED, REMINDER, TO_ESCALATE
from scrutiny.recommendations.jobs import remind_of_responses
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.transaction import writes_now
from scrutiny.worklist.needs import needs_of
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting
from workflows.lifecycles.recommendation import RESPONSE
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def made(app: Flask, cast: SimpleNamespace) -> int:
    """The addressee of a recommendation that reached its agency."""
    with app.app_context():
        scheduled(cast)
        jobs.release_reports(at=RELEASE)
        with writes_now():
            addressee = db.session.scalars(select(Addressee)).one()
            delivering.receive(addressee, Entered("post", london_day(RELEASE)), by=acting("officer"), at=RELEASE)
        return addressee.id


def after(addressee: Addressee, days: int) -> datetime:
    """So many days after the response was due, at noon."""
    assert addressee.due_on is not None
    return RELEASE + (addressee.due_on - london_day(RELEASE)) + timedelta(days=days)


def letters_of(kind: str) -> list[Letter]:
    """The letters of a kind."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_an_agency_is_reminded_once_a_week_before_its_day(app: Flask, made: int) -> None:
    with app.app_context():
        addressee = db.session.get_one(Addressee, made)
        ahead = [after(addressee, days) for days in (-9, -7, -6, -5, -1, 1)]
        written = []
        for at in ahead:
            remind_of_responses(at=at)
            written.append(len(letters_of(REMINDER)))
        people = written[-1]
        assert people
        assert written[0] == 0, "a week before, not sooner"
        assert set(written[1:]) <= {0, people}, "once, whoever runs the job however often"
        assert not chasing.late_of(db.session.get_one(Addressee, made), london_day(ahead[4]))


def test_what_is_overdue_is_chased_and_then_the_chair_writes_each_within_limits(app: Flask, made: int) -> None:
    with app.app_context():
        officer, chair = acting("officer"), acting("chair")
        addressee = db.session.get_one(Addressee, made)
        on_the_day, at = after(addressee, 0), after(addressee, 20)
        for kind in (CHASED, CHAIRS, TO_ESCALATE):
            assert chasing.why_not(addressee, kind, london_day(on_the_day)) == "Nothing is overdue here"
        for deed in (
            lambda: chasing.ask_chair(addressee, by=officer, at=at),
            lambda: chasing.chase(addressee, CHAIRS, by=chair, at=at),
        ):
            with pytest.raises(Refused, match="Send a reminder first"):
                deed()
        with writes_now():
            (sent, *_) = chasing.chase(addressee, CHASED, by=officer, at=at)
        assert "was due by" in sent.text
        assert addressee.recommendation.text in sent.text
        with pytest.raises(Refused, match="You can send the next from"):
            chasing.chase(addressee, CHASED, by=officer, at=at + timedelta(days=6))
        with writes_now():
            assert chasing.chase(addressee, CHASED, by=officer, at=at + timedelta(days=7))
            asked = chasing.ask_chair(addressee, by=officer, at=at + timedelta(days=8))
        assert {letter.kind for letter in asked} == {TO_ESCALATE}
        with pytest.raises(Refused, match="Only the chair"):
            chasing.chase(addressee, CHAIRS, by=officer, at=at + timedelta(days=8))
        with writes_now():
            (letter, *_) = chasing.chase(addressee, CHAIRS, by=chair, at=at + timedelta(days=9))
        assert letter.text.count("We have reminded you already") == 1
        assert chair.name.split()[-1] in letter.text
        with pytest.raises(Refused, match="You can send the next from"):
            chasing.chase(addressee, CHAIRS, by=chair, at=at + timedelta(days=30))
        events = db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("response_%"))).all()
        assert {"response_chased", "response_escalation_asked", "response_escalated"} <= set(events)


def test_the_officer_sees_it_in_my_work_reads_the_letter_and_sends_it(
    app: Flask, made: int, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        addressee = db.session.get_one(Addressee, made)
        at, review = after(addressee, 20), addressee.recommendation.review
        needs = needs_of([review], acting("officer"), london_day(at), at)[review.id]
        (need,) = [one for one in needs if "response to recommendation" in one.text]
        assert (need.href, need.deed) == (f"/recommendations/{made}/chase", "chase")
    for module in ("chasing_views", "commands"):
        monkeypatch.setattr(f"scrutiny.recommendations.{module}.now", lambda: at)
    officer = signed_in("officer")
    page = officer.get(need.href).text
    assert "This is the email as it will be sent" in page
    shown = app.test_cli_runner().invoke(args=["recommendations", "chase", str(made), "--json"])
    (letter, *_) = json.loads(shown.stdout)["letters"]
    assert letter["subject"] in unescape(page)
    assert officer.post(need.href, data={"opening": "Thank you for your call.", "send": "1"}).status_code == 302
    with app.app_context():
        assert all("Thank you for your call." in one.text for one in letters_of(CHASED))
        assert letters_of(CHASED)
    assert "You can send the next from" in officer.get(need.href).text
    again = app.test_cli_runner().invoke(args=["recommendations", "chase", str(made), "--send"])
    assert (again.exit_code, "You can send the next from" in again.stderr) == (1, True)
    assert "Ask the chair to send it" in officer.get(f"/recommendations/{made}/chairs-letter").text
    assert officer.post(f"/recommendations/{made}/chairs-letter", data={}).status_code == 302
    assert signed_in("chair").post(f"/recommendations/{made}/chairs-letter", data={"send": "1"}).status_code == 302
    with app.app_context():
        assert letters_of(TO_ESCALATE)
        assert letters_of(CHAIRS)
    assert signed_in("fire_responder").get(need.href).status_code == 404


def test_every_state_of_a_response_has_a_way_on_once_its_day_has_passed(app: Flask, made: int) -> None:
    """Where the agency is to act it can be chased; where the body is, My work says so; else it has ended or has come."""
    with app.app_context(), writes_now():
        addressee = db.session.get_one(Addressee, made)
        at, review = after(addressee, 400), addressee.recommendation.review
        for state in RESPONSE.states:
            addressee.state = state
            db.session.flush()
            waits = needs_of([review], acting("officer"), london_day(at), at)[review.id]
            needs = [one for one in waits if "ecommendation" in one.text]
            chased = not chasing.why_not(addressee, CHASED, london_day(at))
            if addressee.has_ended:
                assert (chased, needs) == (False, []), state
            elif state in ("said_done", "rejected"):
                assert not chased, state
                assert any("to check and close" in one.text for one in needs), state
            else:
                assert chased, state
                assert any(one.deed == "chase" for one in needs), f"{state}: late, and nothing can be done about it"
