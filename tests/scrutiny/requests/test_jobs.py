"""The clock: reminders by the ladder, and dates that a late holiday moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny import due_words
from scrutiny.asking import service
from scrutiny.chasing import jobs
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.recommendations.jobs import check_calendars
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.rules.queries import rules
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened
from workflows.workdays import ENGLAND_AND_WALES, Calendars

DUE = date(2026, 3, 30)


@pytest.fixture
def asked(context: None, cast: SimpleNamespace) -> EvidenceRequest:
    """The request to the police, issued and kept, its items due on Monday 30 March."""
    review = opened(cast)
    drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
    police = next(draft for draft in drafts if draft.agency_id == cast.police)
    for item in police.items:
        item.wanted_on = DUE
    issue_and_deliver(review, [police], by=acting("officer"), at=NOW)
    db.session.commit()
    return police


def letters() -> list[tuple[str, str]]:
    """What was written since the issue: kind and address."""
    rows = select(Letter).where(Letter.kind != "request_issued").order_by(Letter.id)
    return [(letter.kind, letter.address) for letter in db.session.scalars(rows)]


def test_an_agency_is_reminded_once_before_the_day_and_once_after(asked: EvidenceRequest) -> None:
    def at(day: int, month: int = 3) -> datetime:
        return datetime(2026, month, day, 7, tzinfo=UTC)

    both = ["colleague@example.org", "responder@example.org"]
    three = ["certifier@example.org", *both]
    assert jobs.remind(at=at(20)) == "0 reminders written"
    jobs.remind(at=at(23))
    jobs.remind(at=at(23))
    assert sorted(letters()) == [("request_reminder", one) for one in both]
    jobs.remind(at=at(2, 4))  # the first of April was missed; the next day makes up for it
    jobs.remind(at=at(3, 4))
    chased = [("request_chased", one) for one in three]
    assert sorted(letters()) == [*chased, *(("request_reminder", one) for one in both)]


def test_what_is_answered_is_not_reminded(asked: EvidenceRequest) -> None:
    for item in list(asked.items):
        entered = service.ByHand(came_by="post", received_by="Olwen", received_on=date(2026, 3, 3), text="214")
        service.enter_answer(item, entered, by=acting("officer"), at=NOW + timedelta(days=1))
    db.session.commit()
    jobs.remind(at=datetime(2026, 3, 31, 7, tzinfo=UTC))
    assert {kind for kind, _ in letters()} == {"answer_entered"}


def test_a_holiday_learnt_of_late_moves_the_day_and_keeps_both(
    asked: EvidenceRequest, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = asked.items[0]
    item.clock, item.start_event, item.due_on, item.first_due_on = "working_after:20", "request_sent", DUE, DUE
    db.session.commit()
    item_id, held = item.id, rules()
    calendar = held.calendars.by_division[ENGLAND_AND_WALES]
    later = replace(calendar, holidays={**calendar.holidays, date(2026, 3, 16): "A day of joy"})
    calendars = Calendars({**held.calendars.by_division, ENGLAND_AND_WALES: later})
    monkeypatch.setitem(app.extensions, "rules", replace(held, calendars=calendars))
    assert check_calendars(at=datetime(2026, 3, 10, 3, tzinfo=UTC)).startswith("1 due date and")
    moved = db.session.get_one(Item, item_id)
    assert (moved.due_on, moved.first_due_on) == (date(2026, 3, 31), DUE)
    assert moved.due_working.before == date(2026, 3, 30)
    assert "A day of joy" in due_words.why(moved.due_working)
    assert moved.calendar == later.digest
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "due_date_moved")).first()
    assert text is not None
    assert "Tuesday 31 March 2026" in text
    assert "Monday 30 March 2026" in text
    before = db.session.scalar(select(func.count()).select_from(Letter))
    assert check_calendars(at=datetime(2026, 3, 11, 3, tzinfo=UTC)) == "0 due dates and 0 phases moved"
    assert db.session.scalar(select(func.count()).select_from(Letter)) == before
