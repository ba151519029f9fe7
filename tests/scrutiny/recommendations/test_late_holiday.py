"""A holiday learnt of late, sent by the administrator's page: phases, items and responses move later, and people are told."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.asking import service as requests
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.findings.models import AccuracyCheck
from scrutiny.phase_words import phase_why
from scrutiny.recommendations.jobs import check_calendars
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs as reports_jobs
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Phase
from scrutiny.reviews.service import move_phase
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.findings.conftest import make_scene
from tests.scrutiny.findings.replying import reached
from tests.scrutiny.official import official_list
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting, opened

JUBILEE = date(2026, 3, 16)
NIGHT = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture
def running(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """One review reported, whose response is awaited; another under way, with items asked of the police, one answered late."""
    with app.app_context():
        scheduled(cast)
        reports_jobs.release_reports(at=RELEASE)
        post_letters(at=RELEASE)
        with writes_now():
            review = opened(cast)
            drafts = requests.draft_requests(review, by=acting("officer"), at=NOW)
            police = next(draft for draft in drafts if draft.agency_id == cast.police)
            issue_and_deliver(review, [police], by=acting("officer"), at=NOW)
            first, second = police.items[0], police.items[1]
            for item in (first, second):
                item.clock, item.start_event, item.wanted_on = "working_after:20", "request_sent", None
                item.question.standard_key = ""
                item.due_on = item.first_due_on = date(2026, 3, 30)
                item.due_working = replace(item.due_working, counted=date(2026, 3, 30))
            entered = requests.ByHand(came_by="post", received_by="Olwen", received_on=date(2026, 3, 3), text="214")
            requests.enter_answer(second, entered, by=acting("officer"), at=NOW + timedelta(days=1))
            held = next(phase for phase in review.phases if phase.starts_on > JUBILEE)
            move_phase(review, held, held.starts_on, held.ends_on + timedelta(days=7), by=acting("officer"), at=NOW)
            return SimpleNamespace(review=review.id, first=first.id, second=second.id, held=held.id)


def upload(client: FlaskClient, content: bytes) -> None:
    """A list sent and taken up through the pages."""
    sent = {"file": (io.BytesIO(content), "bank-holidays.json")}
    answer = client.post("/administration/holidays", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert client.post(answer.headers["Location"], data={"older": "y"}).status_code == 302


def days(app: Flask) -> dict[str, date | None]:
    """Every running date by what it is of."""
    with app.app_context():
        found = {f"item {item.id}": item.due_on for item in db.session.scalars(select(Item))}
        found |= {f"phase {phase.id}": phase.ends_on for phase in db.session.scalars(select(Phase))}
        return found | {f"response {one.id}": one.due_on for one in db.session.scalars(select(Addressee))}


def test_phases_items_and_responses_move_later_both_days_are_kept_and_people_are_told(
    app: Flask, running: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    before = days(app)
    upload(signed_in("administrator"), official_list(added={"england-and-wales": {JUBILEE: "Jubilee"}}))
    with app.app_context():
        said = check_calendars(at=NIGHT)
    assert said.startswith("2 due dates and ")
    after = days(app)
    assert all(after[key] >= day for key, day in before.items() if day is not None)
    with app.app_context():
        item = db.session.get_one(Item, running.first)
        assert (item.due_on, item.first_due_on) == (date(2026, 3, 31), date(2026, 3, 30))
        assert item.due_working.before == date(2026, 3, 30)
        response = db.session.scalars(select(Addressee)).one()
        assert response.due_working.before == before["response 1"]
        assert "Jubilee" in due_words.why(response.due_working)
        moved = [phase for phase in db.session.scalars(select(Phase)) if phase.why.before]
        assert moved
        assert {phase.review_id for phase in moved} == {running.review}  # the other is reported: its timetable is history
        assert "Before a holiday was learnt of late it ran to" in phase_why(moved[0].why.reasons)
        assert db.session.get_one(Phase, running.held).ends_on == before[f"phase {running.held}"]  # moved by hand: it stays
        told = {(letter.kind, letter.address) for letter in db.session.scalars(select(Letter))}
        assert {
            ("due_date_moved", "responder@example.org"),
            ("timetable_moved", "officer@example.org"),
            ("response_day_moved", "officer@example.org"),
            ("response_day_moved", "fire.responder@example.org"),
        } <= told


def test_what_was_met_stays_met_and_a_second_night_moves_nothing(
    app: Flask, running: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    upload(signed_in("administrator"), official_list(added={"england-and-wales": {JUBILEE: "Jubilee"}}))
    with app.app_context():
        check_calendars(at=NIGHT)
        item = db.session.get_one(Item, running.second)
        assert (item.due_on, item.answered_on, item.answered_due_on) == (date(2026, 3, 30), date(2026, 3, 3), date(2026, 3, 30))
        letters = len(db.session.scalars(select(Letter)).all())
        assert check_calendars(at=NIGHT + timedelta(days=1)) == "0 due dates and 0 phases moved"
        assert len(db.session.scalars(select(Letter)).all()) == letters


def test_a_holiday_taken_back_moves_nothing_earlier(
    app: Flask, running: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    client = signed_in("administrator")
    upload(client, official_list(added={"england-and-wales": {JUBILEE: "Jubilee"}}))
    with app.app_context():
        check_calendars(at=NIGHT)
    later = days(app)
    upload(client, official_list())
    with app.app_context():
        assert check_calendars(at=NIGHT + timedelta(days=1)) == "0 due dates and 0 phases moved"
        assert db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.state == "issued")).first() is not None
    assert days(app) == later


def test_an_accuracy_check_not_answered_gets_its_days_back_and_one_answered_keeps_its_own(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), writes_now():
        scene = make_scene(cast)
        both = scene.drafted("Both", text="They counted 12 patterns.")
        findings.cite(both, lodging=scene.lodged(), quotation="12 patterns", by=scene.by, at=NOW)
        fire = scene.lodged(agency="fire", title="Fires", text="We set 3 fires ourselves.")
        findings.cite(both, lodging=fire, quotation="3 fires", by=scene.by, at=NOW)
        findings.propose_finding(both, by=scene.by, at=NOW)
        sent = {check.agency.name: check for check in findings.start_accuracy_check(scene.review, by=scene.by, at=NOW)}
        reached(sent.values())
        answered, waiting = sent["Loamshire Fire and Rescue"], sent["Loamshire Police"]
        findings.finish_accuracy_check(answered, by=acting("fire_responder"), at=NOW)
        ids = answered.id, waiting.id
    jubilee = date(2026, 3, 9)
    upload(signed_in("administrator"), official_list(added={"england-and-wales": {jubilee: "Jubilee"}}))
    with app.app_context():
        assert check_calendars(at=NIGHT).startswith("1 due date and ")
        answered, waiting = (db.session.get_one(AccuracyCheck, one) for one in ids)
        assert (answered.due_on, waiting.due_on) == (date(2026, 3, 13), date(2026, 3, 16))
        assert (waiting.due_working.before, "Jubilee" in waiting.due_why) == (date(2026, 3, 13), True)
        assert len(list(db.session.scalars(select(Letter).where(Letter.kind == "accuracy_day_moved")))) >= 1
        assert check_calendars(at=NIGHT).startswith("0 due dates")
    upload(signed_in("administrator"), official_list(added={"england-and-wales": {}}))
    with app.app_context():
        check_calendars(at=NIGHT + timedelta(days=1))
        assert db.session.get_one(AccuracyCheck, ids[1]).due_on == date(2026, 3, 16)


def test_a_letter_held_for_a_day_that_turns_out_to_be_a_holiday_is_held_until_the_next(
    app: Flask, running: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    morning = datetime(2026, 3, 16, 7, tzinfo=UTC)
    with app.app_context(), writes_now():
        held = db.session.scalars(select(Letter).where(Letter.kind == "request_issued")).first()
        assert held is not None
        held.posting_id, held.not_before, letter = None, morning, held.id
    upload(signed_in("administrator"), official_list(added={"england-and-wales": {JUBILEE: "Jubilee"}}))
    with app.app_context():
        check_calendars(at=NIGHT)
        assert db.session.get_one(Letter, letter).not_before == morning + timedelta(days=1)
