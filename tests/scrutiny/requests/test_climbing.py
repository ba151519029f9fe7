"""Climbing the ladder: each rung once, on an open day, to the right people; the chair's letter only when approved."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config.settings import PROJECT_ROOT, Settings
from scrutiny.agencies.models import Agency
from scrutiny.asking import service
from scrutiny.audit.models import AuditEntry
from scrutiny.chasing import jobs
from scrutiny.chasing import service as chasing
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.due_dates.late_holidays import count_items_again
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.rules.queries import rules
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused
from workflows.workdays import ENGLAND_AND_WALES, Calendars

#: A Monday; its reminder goes on 23 March, its notice on 31 March, the chair's letter on 15 April (Easter lies between).
DUE = date(2026, 3, 30)


def at(day: int, month: int, hour: int = 7) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def issue(cast: SimpleNamespace, *names: str, due: date = DUE, **changes: Any) -> list[int]:
    """Requests of a new review to these agencies, issued and kept, all due on a day; their ids."""
    with writes_now():
        review = opened(cast, **changes)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        wanted = [one for name in names for one in drafts if one.agency_id == getattr(cast, name)]
        for item in [item for one in wanted for item in one.items]:
            item.wanted_on = due
        issue_and_deliver(review, wanted, by=acting("officer"), at=NOW)
        return [one.id for one in wanted]


def request_of(request_id: int) -> EvidenceRequest:
    """The request as it is kept."""
    return db.session.get_one(EvidenceRequest, request_id, populate_existing=True)


def written(*kinds: str) -> list[tuple[str, str]]:
    """The letters of these kinds: kind and address."""
    rows = select(Letter).where(Letter.kind.in_(kinds)).order_by(Letter.kind, Letter.address)
    return [(letter.kind, letter.address) for letter in db.session.scalars(rows)]


def escalations() -> list[tuple[str, str, date]]:
    """Each escalation: rung, state and day."""
    return [(one.rung, one.state, one.reached_on) for one in db.session.scalars(select(Escalation).order_by(Escalation.id))]


def test_a_request_keeps_the_ladder_it_was_issued_with(context: None, cast: SimpleNamespace) -> None:
    request = request_of(issue(cast, "police")[0])
    assert (request.ladder, len(request.ladder_edition)) == ("usual", 64)
    assert {(item.rung, item.next_step_on) for item in request.items} == {(0, date(2026, 3, 23))}


def test_the_chairs_letter_waits_until_a_chair_approves_it(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    for moment in (at(23, 3), at(31, 3), at(14, 4), at(15, 4), at(16, 4)):
        jobs.remind(at=moment)
    assert escalations() == [
        ("reminder", "sent", date(2026, 3, 23)),
        ("notice", "sent", date(2026, 3, 31)),
        ("chair", "proposed", date(2026, 4, 15)),
    ]
    assert written("chairs_letter") == []
    assert written("escalation_proposed") == [("escalation_proposed", "chair@example.org")]
    with writes_now():
        proposed = db.session.scalars(select(Escalation).where(Escalation.state == "proposed")).one()
        with pytest.raises(Refused, match="Only a chair or lead inspector may approve the letter and send it while"):
            chasing.approve(proposed, by=acting("officer"), at=at(16, 4, 10))
        chasing.approve(proposed, by=acting("chair"), at=at(16, 4, 10))
    assert written("chairs_letter") == [
        ("chairs_letter", "certifier@example.org"),
        ("chairs_letter", "police.office@example.org"),
    ]
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "chairs_letter")).first()
    assert text is not None
    assert "On Monday 2 March 2026 Loamshire Overview and Scrutiny Committee asked Loamshire Police" in text
    assert text.rstrip().endswith("Councillor Amrit Gill\nChair, Loamshire Overview and Scrutiny Committee")
    events = db.session.scalars(
        select(AuditEntry.event).where(AuditEntry.about == f"request:{request_id}").order_by(AuditEntry.number)
    ).all()
    assert [event for event in events if "remind" in event or "escalation" in event] == [
        "request_reminded",
        "request_reminded",
        "escalation_proposed",
        "escalation_approved",
    ]
    with writes_now(), pytest.raises(Refused, match="This escalation is sent: it is not possible to"):
        chasing.set_aside(db.session.get_one(Escalation, proposed.id), why="Too late", by=acting("chair"), at=at(17, 4))


def test_a_proposed_letter_of_a_kind_no_longer_known_goes_as_a_reminder(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police")
    for moment in (at(23, 3), at(31, 3), at(14, 4), at(15, 4), at(16, 4)):
        jobs.remind(at=moment)
    reminded = len(written("request_reminder"))
    with writes_now():
        proposed = db.session.scalars(select(Escalation).where(Escalation.state == "proposed")).one()
        proposed.letter = "telegram"
        chasing.approve(proposed, by=acting("chair"), at=at(16, 4, 10))
    assert written("telegram") == []
    assert len(written("request_reminder")) == reminded + 2


def test_a_proposed_letter_that_is_not_needed_any_more_is_stopped_and_not_sent(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    jobs.remind(at=at(15, 4))
    with writes_now():
        for item in request_of(request_id).items:
            entered = service.ByHand("post", "Olwen", date(2026, 4, 15), text="214")
            service.enter_answer(item, entered, by=acting("officer"), at=at(15, 4, 12))
    with writes_now(), pytest.raises(Refused, match="Nothing in this letter is late any more"):
        chasing.approve(db.session.scalars(select(Escalation)).one(), by=acting("chair"), at=at(15, 4, 13))
    assert jobs.remind(at=at(16, 4)) == "0 reminders written, 1 proposed letter not needed any more"
    assert escalations() == [("chair", "stopped", date(2026, 4, 15))]


def test_a_letter_set_aside_keeps_the_reason(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police")
    jobs.remind(at=at(15, 4))
    with writes_now():
        escalation = db.session.scalars(select(Escalation)).one()
        with pytest.raises(Refused, match="Say why"):
            chasing.set_aside(escalation, why=" ", by=acting("officer"), at=at(15, 4, 9))
        chasing.set_aside(escalation, why="They rang: it comes on Monday", by=acting("officer"), at=at(15, 4, 9))
    kept = db.session.scalars(select(Escalation)).one()
    assert (kept.state, kept.decision) == ("declined", "They rang: it comes on Monday")
    jobs.remind(at=at(16, 4))
    assert len(escalations()) == 1


def test_nobody_is_reminded_on_a_quiet_day_of_their_own_nation(context: None, cast: SimpleNamespace) -> None:
    with writes_now():
        db.session.get_one(Agency, cast.fire).nation = "scotland"
    issue(cast, "police", "fire", due=date(2026, 4, 2))  # notices on 7 April in England, and on Good Friday's Monday in Scotland
    for day in range(3, 8):
        jobs.remind(at=at(day, 4))
    rows = select(Escalation.agency_id, Escalation.reached_on).order_by(Escalation.reached_on)
    assert [tuple(row) for row in db.session.execute(rows)] == [(cast.fire, date(2026, 4, 6)), (cast.police, date(2026, 4, 7))]


def test_a_missed_friday_is_made_up_for_on_monday_not_on_saturday(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police", due=date(2026, 3, 27))  # its reminder goes on Friday 20 March
    for day in (21, 22, 23):
        jobs.remind(at=at(day, 3))
    assert escalations() == [("reminder", "sent", date(2026, 3, 23))]


def test_while_more_time_is_asked_for_nobody_is_chased_and_refusing_it_lets_the_ladder_go_on(
    context: None, cast: SimpleNamespace
) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        request = request_of(request_id)
        db.session.add(
            Extension(
                request=request, from_on=DUE, until_on=date(2026, 5, 1), reason="Leave", asked_by="person:1", asked_at=at(20, 3)
            )
        )
    jobs.remind(at=at(23, 3))
    jobs.remind(at=at(31, 3))
    assert escalations() == []
    with writes_now():
        extension = db.session.scalars(select(Extension)).one()
        service.decide_extension(extension, grant=False, decision="We meet in April", by=acting("chair"), at=at(31, 3, 9))
    jobs.remind(at=at(1, 4))
    assert escalations() == [("notice", "sent", date(2026, 4, 1))]


def test_more_time_granted_begins_the_ladder_again(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    jobs.remind(at=at(23, 3))
    with writes_now():
        request = request_of(request_id)
        extension = Extension(
            request=request, from_on=DUE, until_on=date(2026, 5, 1), reason="Leave", asked_by="person:1", asked_at=at(20, 3)
        )
        db.session.add(extension)
        db.session.flush()
        service.decide_extension(extension, grant=True, by=acting("chair"), at=at(24, 3, 9))
    assert {(item.rung, item.next_step_on) for item in request_of(request_id).items} == {(0, date(2026, 4, 24))}


def test_an_answer_with_the_certifier_is_not_reminded_of_but_is_late_all_the_same(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        for item in request_of(request_id).items:
            item.state = "with_certifier"
    jobs.remind(at=at(23, 3))
    assert escalations() == []
    jobs.remind(at=at(31, 3))
    assert escalations() == [("notice", "sent", date(2026, 3, 31))]


def test_what_was_chased_by_hand_is_not_chased_again_by_the_clock(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police", due=date(2026, 3, 27))
    with writes_now():
        service.chase(request_of(request_id[0]), by=acting("officer"), at=at(28, 3, 11))  # a Saturday
    held = {letter.not_before for letter in db.session.scalars(select(Letter).where(Letter.kind == "request_chased"))}
    assert held == {datetime(2026, 3, 30, 6, tzinfo=UTC)}  # 7 in the morning of Monday, in summer time
    post_letters(at=at(28, 3, 12))
    assert {letter.state for letter in db.session.scalars(select(Letter).where(Letter.kind == "request_chased"))} == {"waiting"}
    jobs.remind(at=at(30, 3))
    post_letters(at=at(30, 3))
    assert escalations() == [("by-hand", "sent", date(2026, 3, 28))]
    posted = db.session.scalars(select(Posting).join(Letter).where(Letter.kind == "request_chased")).all()
    assert {posting.posted_at for posting in posted} == {at(30, 3)}


def test_running_the_job_twice_or_many_times_a_day_does_nothing_twice(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police", "fire", "west_icb")
    assert jobs.remind(at=at(23, 3)) == "3 reminders written"
    before = Counter(written("request_reminder"))
    for hour in range(8, 20, 3):
        assert jobs.remind(at=at(23, 3, hour)) == "0 reminders written"
    assert Counter(written("request_reminder")) == before
    assert max(before.values()) == 1


def test_nobody_is_reminded_in_the_night(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police")
    assert jobs.remind(at=at(23, 3, 3)) == "nobody is reminded before 7am"
    assert jobs.remind(at=at(30, 3, 6)) == "1 reminder written"  # 7 o'clock, in summer time


def test_one_request_that_fails_stops_no_other(context: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = issue(cast, "police", "fire", "west_icb")
    climb = chasing.climb

    def fails_once(request_id: int, **moment: datetime) -> object:
        """A fault of ours in one request, which no kept text can bring about any more."""
        if request_id == ids[0]:
            raise RuntimeError("a fault")
        return climb(request_id, **moment)

    monkeypatch.setattr(chasing, "climb", fails_once)
    assert jobs.remind(at=at(23, 3)) == "2 reminders written, 1 request failed: see the log"
    assert len(escalations()) == 2
    assert {item.next_step_on for item in request_of(ids[0]).items} == {date(2026, 3, 23)}  # it is tried again tomorrow


def test_what_belongs_to_a_review_that_is_over_is_left_in_peace(context: None, cast: SimpleNamespace) -> None:
    ids = issue(cast, "police")
    with writes_now():
        request_of(ids[0]).review.state = "reported"
    assert jobs.remind(at=at(23, 3)) == "0 reminders written"
    assert {item.next_step_on for item in db.session.scalars(select(Item))} == {None}


def test_letters_of_the_morning_wait_for_each_other_and_a_person_gets_one(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police")
    issue(cast, "police", title="Roads", reason="They are bad.")
    post_letters(at=NOW)
    before = {posting.id for posting in db.session.scalars(select(Posting))}
    ids = list(jobs.requests_due(date(2026, 3, 23)))
    with writes_now():
        chasing.climb(ids[0], at=at(23, 3))
    post_letters(at=at(23, 3))  # the minute strikes while the job is still at work: nothing goes yet
    assert {posting.id for posting in db.session.scalars(select(Posting))} == before
    jobs.remind(at=at(23, 3))
    post_letters(at=at(23, 3))
    made = [posting.address for posting in db.session.scalars(select(Posting).where(Posting.id.not_in(before)))]
    assert sorted(made) == ["colleague@example.org", "responder@example.org"]
    assert len(written("request_reminder")) == 4


KILLED = """
import os
from datetime import UTC, datetime
from scrutiny.app import create_app
from scrutiny.chasing import jobs, service as chasing
from tests.delivered import issue_and_deliver
app, climb, done = create_app(), chasing.climb, []
def dies(request_id, *, at):
    if len(done) == 1:
        os.kill(os.getpid(), 9)
    done.append(climb(request_id, at=at))
    return done[-1]
chasing.climb = dies
with app.app_context():
    jobs.remind(at=datetime(2026, 3, 23, 7, tzinfo=UTC))
"""


def test_a_job_killed_midway_is_taken_up_where_it_was_left(app: Flask, settings: Settings, cast: SimpleNamespace) -> None:
    with app.app_context():
        issue(cast, "police", "fire", "west_icb")
        db.session.remove()
        db.engine.dispose()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "FILES_URL": settings.files_url,
        "MAIL_URL": settings.mail_url,
        "SECRET_KEY": settings.secret_key,
    }
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=PROJECT_ROOT, env=environment, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    with app.app_context():
        assert len(escalations()) == 1, "the kill came at the wrong moment to prove anything"
        first = Counter(written("request_reminder"))
        assert jobs.remind(at=at(23, 3, 8)) == "2 reminders written"
        after = Counter(written("request_reminder"))
        assert first < after
        assert max(after.values()) == 1
        post_letters(at=at(23, 3, 8))
        reminders = db.session.scalars(select(Letter).where(Letter.kind == "request_reminder"))
        assert {letter.state for letter in reminders} == {"posted"}


def test_a_late_holiday_moves_the_next_rung_and_no_reminder_is_repeated(
    context: None, cast: SimpleNamespace, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        for item in request_of(request_id).items:
            item.clock, item.start_event, item.due_on, item.first_due_on = "working_after:20", "request_sent", DUE, DUE
    jobs.remind(at=at(23, 3))
    held = rules()
    calendar = held.calendars.by_division[ENGLAND_AND_WALES]
    later = replace(calendar, holidays={**calendar.holidays, date(2026, 3, 26): "A day of joy"})
    calendars = Calendars({**held.calendars.by_division, ENGLAND_AND_WALES: later})
    monkeypatch.setitem(app.extensions, "rules", replace(held, calendars=calendars))
    count_items_again(at=at(24, 3, 3))
    assert {(item.due_on, item.next_step_on) for item in request_of(request_id).items} == {(date(2026, 3, 31), date(2026, 4, 1))}
    for day in (24, 25, 26, 27, 30, 31):
        jobs.remind(at=at(day, 3))
    jobs.remind(at=at(1, 4))
    assert escalations() == [("reminder", "sent", date(2026, 3, 23)), ("notice", "sent", date(2026, 4, 1))]


def test_a_holder_who_is_no_responder_hears_of_the_item_too(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "fire")[0]
    with writes_now():
        request_of(request_id).items[0].held_by = f"person:{cast.certifier}"
    jobs.remind(at=at(23, 3))
    assert written("request_reminder") == [
        ("request_reminder", "certifier@example.org"),
        ("request_reminder", "fire.responder@example.org"),
    ]


@pytest.mark.parametrize(
    ("asked_on", "noticed_on"),
    [
        ((20, 3), (8, 4)),  # ten working days to 7 April: Good Friday and Easter Monday (3 and 6 April) are none
        ((31, 3), (31, 3)),  # a wish after the due date stops nothing
    ],
)
def test_a_wish_nobody_decides_holds_the_ladder_back_for_ten_working_days_and_none_made_late_does(
    context: None, cast: SimpleNamespace, asked_on: tuple[int, int], noticed_on: tuple[int, int]
) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        request = request_of(request_id)
        wish = Extension(
            request=request,
            from_on=DUE,
            until_on=date(2040, 1, 1),
            reason="Leave",
            asked_by="person:1",
            asked_at=at(*asked_on, 6),
        )
        db.session.add(wish)
    for day, month in ((31, 3), (1, 4), (2, 4), (7, 4), (8, 4)):
        jobs.remind(at=at(day, month))
    assert [one for one in escalations() if one[0] == "notice"] == [("notice", "sent", date(2026, noticed_on[1], noticed_on[0]))]
