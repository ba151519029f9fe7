"""Seeing every letter before it goes, chasing everyone silent at once, and deciding on the chair's letter: pages and commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests import asking_views, chasing, chasing_commands, chasing_views, jobs, service
from scrutiny.requests.escalation_models import Escalation
from scrutiny.requests.models import EvidenceRequest, Extension
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.scrutiny.requests.test_climbing import DUE, at, issue, written
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock of the pages and commands of the ladder."""

    def set_to(moment: datetime) -> None:
        for module in (asking_views, chasing_views, chasing_commands):
            monkeypatch.setattr(module, "now", lambda: moment)

    return set_to


@pytest.fixture
def reference(app: Flask, cast: SimpleNamespace) -> str:
    """A review whose police, fire and West board were asked, all due on Monday 30 March."""
    with app.app_context():
        ids = issue(cast, "police", "fire", "west_icb")
        return db.session.get_one(EvidenceRequest, ids[0]).review.reference


def test_what_will_go_is_shown_day_by_day_and_goes_as_shown(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    clock(at(18, 3, 12))
    page = signed_in("officer").get(f"/reviews/{reference}/reminders").text
    assert "Monday 23 March 2026" in page
    assert page.count("<strong>Reminder</strong> to ") == 3
    assert "of our request to Loamshire Police about" in page
    assert "23 March" not in signed_in("officer").get("/inbox").text
    with app.app_context():
        review = db.session.get_one(EvidenceRequest, 1).review
        shown = {
            (one.to.address, one.subject, one.text)
            for row in chasing.coming_in(review, at(18, 3, 12))
            for one in row.previews(at(18, 3, 12), app.config["SETTINGS"].public_url)
        }
        jobs.remind(at=at(23, 3))
        rows = db.session.scalars(select(Letter).where(Letter.kind == "request_reminder"))
        assert {(letter.address, letter.subject, letter.text) for letter in rows} == shown


def test_the_ladder_itself_is_told_and_that_it_is_no_law(
    reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    clock(at(10, 3))
    page = signed_in("inspector").get(f"/reviews/{reference}/reminders").text
    assert "Reminder: 5 working days before it is due, a reminder to those who answer for the agency and whoever has" in page
    assert "not law" in page
    assert "Christmas closure: 24 December to 1 January, every year." in page
    assert "Read the letter" not in page


def test_one_press_chases_everyone_silent_after_showing_every_letter(
    app: Flask, cast: SimpleNamespace, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context(), writes_now():
        fire = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == cast.fire)).one()
        db.session.add(
            Extension(
                request=fire, from_on=DUE, until_on=date(2026, 5, 1), reason="Leave", asked_by="person:1", asked_at=at(20, 3)
            )
        )
    clock(at(2, 4, 10))
    officer = signed_in("officer")
    page = officer.get(f"/reviews/{reference}/chase").text
    assert "3 letters to 2 agencies, as they will go" in page
    assert "we asked Loamshire Police for evidence" in page
    assert "Loamshire Fire and Rescue</a>: it has asked for more time: decide that first" in page
    with app.app_context():
        assert written("request_chased") == []
    assert officer.post(f"/reviews/{reference}/chase").status_code == 302
    with app.app_context():
        assert written("request_chased") == [
            ("request_chased", one) for one in ("colleague@example.org", "icb.responder@example.org", "responder@example.org")
        ]
    again = officer.get(f"/reviews/{reference}/chase").text
    assert "it has already been written to today" in again
    assert officer.post(f"/reviews/{reference}/chase").status_code == 409
    for who, status in (("inspector", 403), ("responder", 404), ("stranger", 404)):
        assert signed_in(who).get(f"/reviews/{reference}/chase").status_code == status


def test_the_command_shows_the_same_letters_and_sends_them_only_when_told(
    app: Flask, reference: str, clock: Callable[[datetime], None]
) -> None:
    clock(at(2, 4, 10))
    runner = app.test_cli_runner()
    shown = json.loads(runner.invoke(args=["reminders", "chase", reference, "--json"]).stdout)
    assert (shown["sent"], [len(one["letters"]) for one in shown["agencies"]]) == (0, [1, 2, 1])
    words = runner.invoke(args=["reminders", "chase", reference])
    assert "Nothing is sent yet: add --send to send these letters" in words.stdout
    assert words.stdout.count("Subject: ") == 4
    sent = runner.invoke(args=["reminders", "chase", reference, "--send"])
    assert (sent.exit_code, sent.stdout.splitlines()[-1]) == (0, "4 letters on the way")
    refused = runner.invoke(args=["reminders", "chase", reference, "--send"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "There is nobody to chase now" in refused.stderr
    missing = runner.invoke(args=["reminders", "coming", "R-1999-001"])
    assert (missing.exit_code, missing.stderr) == (1, "There is no review R-1999-001: write its reference, such as R-2026-001\n")


def test_the_command_tells_what_is_coming(app: Flask, reference: str, clock: Callable[[datetime], None]) -> None:
    clock(at(18, 3, 12))
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["reminders", "coming", reference, "--json"]).stdout)
    assert {(one["on"], one["rung"], one["held"]) for one in told} == {("2026-03-23", "reminder", "")}
    assert "Mon 23 Mar 2026  Reminder to Loamshire Police, " in runner.invoke(args=["reminders", "coming", reference]).stdout
    clock(at(4, 3, 12))
    assert runner.invoke(args=["reminders", "coming", reference]).stdout == "No reminder is to go in the next seven days\n"


def test_the_chairs_letter_is_read_then_approved_by_the_chair_alone(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context():
        jobs.remind(at=at(15, 4))
        police = select(Escalation.id).join(Escalation.agency).where(Agency.name == "Loamshire Police")
        number = db.session.scalars(police).one()
    clock(at(16, 4, 11))
    address = f"/reviews/{reference}/reminders/{number}"
    assert "read and decide" in signed_in("officer").get(f"/reviews/{reference}/reminders").text
    assert "once a chair or lead inspector approves it" in signed_in("officer").get(address).text
    assert signed_in("officer").post(address).status_code == 409
    chair = signed_in("chair")
    page = chair.get(address).text
    assert "Councillor Amrit Gill<br>Chair, Loamshire Overview and Scrutiny Committee" in page
    assert chair.post(address).status_code == 302
    with app.app_context():
        assert len(written("chairs_letter")) == 2
    assert "Approve" not in chair.get(address).text
    assert chair.post(address).status_code == 409


def test_an_officer_may_set_the_letter_aside_with_a_reason(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context():
        jobs.remind(at=at(15, 4))
        number = db.session.scalars(select(Escalation.id).order_by(Escalation.id)).first()
    clock(at(16, 4, 11))
    officer, address = signed_in("officer"), f"/reviews/{reference}/reminders/{number}/set-aside"
    assert "Give the reason" in officer.post(address, data={"why": ""}).text
    assert officer.post(address, data={"why": "They rang"}).status_code == 302
    assert "Set aside, 16 April 2026 at 12:00pm: They rang" in officer.get(f"/reviews/{reference}/reminders").text
    with app.app_context():
        assert written("chairs_letter") == []


def test_a_chase_on_a_quiet_day_says_that_it_waits(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 4, 5, 9, tzinfo=UTC))  # Easter Sunday
    officer = signed_in("officer")
    assert "Today is a quiet day there (Sunday)" in officer.get(f"/reviews/{reference}/chase").text
    officer.post(f"/reviews/{reference}/chase")
    with app.app_context():
        held = {letter.not_before for letter in db.session.scalars(select(Letter).where(Letter.kind == "request_chased"))}
        assert held == {datetime(2026, 4, 7, 6, tzinfo=UTC)}


def test_administrators_see_the_coming_reminders_of_every_review(
    app: Flask, cast: SimpleNamespace, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context():
        issue(cast, "police", title="Roads", reason="They are bad.")
    clock(at(18, 3, 12))
    page = signed_in("administrator").get("/administration/letters/coming").text
    assert page.count("<strong>Reminder</strong> to ") == 4
    assert page.count("(review not announced yet)") == 4
    assert "Roads" not in page, "neither in the line nor in the letter, which was not sent"
    with app.app_context(), writes_now():
        db.session.scalars(select(Review).where(Review.title == "Roads")).one().announced_on = date(2026, 3, 2)
    page = signed_in("administrator").get("/administration/letters/coming").text
    assert ("(Roads)" in page, page.count("Read the letter"), page.count("(review not announced yet)")) == (True, 1, 3)
    assert signed_in("officer").get("/administration/letters/coming").status_code == 404


def test_a_chase_names_only_what_no_more_time_is_asked_for(app: Flask, cast: SimpleNamespace, reference: str) -> None:
    with app.app_context():
        with writes_now():
            police = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == cast.police)).one()
            db.session.add(
                Extension(
                    request=police,
                    item=police.items[0],
                    from_on=DUE,
                    until_on=date(2026, 5, 1),
                    reason="Leave",
                    asked_by="person:1",
                    asked_at=at(20, 3),
                )
            )
        silent = [one for one in chasing.silent_in(police.review, date(2026, 4, 2)) if one.agency.id == cast.police]
        assert [item.number for item in silent[0].items] == [item.number for item in police.items[1:]]
        with writes_now():
            chased = db.session.get_one(EvidenceRequest, police.id)
            service.chase(chased, by=acting("officer"), at=at(2, 4), items=chased.items[1:])
        assert len(db.session.scalars(select(Escalation)).one().items) == len(police.items) - 1


def test_one_chase_says_what_it_will_do_and_what_it_did(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    """A quiet day is said before and after; a second press on one day writes nothing and says so."""
    clock(at(3, 4, 10))  # Good Friday
    officer = signed_in("officer")
    with app.app_context():
        police = select(EvidenceRequest).join(EvidenceRequest.agency).where(Agency.name == "Loamshire Police")
        slug = db.session.scalars(police).one().slug
    address = f"/reviews/{reference}/requests/{slug}/chase"
    assert "The email waits until 7am on the next open day" in officer.get(address).text
    assert officer.post(address, data={"send": "1"}).status_code == 302
    page = officer.get(f"/reviews/{reference}/requests/{slug}").text
    assert re.search(r"emails? waits? until 7 April 2026 at 7:00am", page), page
    assert "is chased" not in page
    with app.app_context():
        before = written("request_chased")
    assert "it has already been written to today" in officer.get(address).text
    officer.post(address, data={"send": "1"})
    page = officer.get(f"/reviews/{reference}/requests/{slug}").text
    assert "No email was sent. Loamshire Police was left out: it has already been written to today." in page
    with app.app_context():
        assert written("request_chased") == before


@pytest.mark.parametrize("of", ["one", "all"])
def test_an_officer_adds_words_sees_them_and_they_go_and_are_kept(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None], of: str
) -> None:
    clock(at(2, 4, 10))
    officer = signed_in("officer")
    with app.app_context():
        police = select(EvidenceRequest).join(EvidenceRequest.agency).where(Agency.name == "Loamshire Police")
        slug = db.session.scalars(police).one().slug
    address = f"/reviews/{reference}/chase" if of == "all" else f"/reviews/{reference}/requests/{slug}/chase"
    words = {"opening": "Thank you for your call on Friday.", "closing": "The committee meets soon."}
    shown = officer.post(address, data=words | {"preview": "1"}).text
    assert shown.count('<p class="govuk-body">Thank you for your call on Friday.</p>') >= 1
    with app.app_context():
        assert written("request_chased") == []
    too_long = officer.post(address, data={"opening": "x" * 4001, "send": "1"})
    assert "Keep it to 4,000 characters" in too_long.text
    assert officer.post(address, data=words | {"send": "1"}).status_code == 302
    with app.app_context():
        sent = db.session.scalars(select(Letter).where(Letter.kind == "request_chased").order_by(Letter.id)).all()
        assert sent
        assert all(words["opening"] in letter.text and words["closing"] in letter.text for letter in sent)
        chased = db.session.scalars(select(Escalation).where(Escalation.rung == "by-hand")).all()
        assert {(row.opening, row.closing) for row in chased} == {tuple(words.values())}
        assert all(row.worded_by.startswith("person:") for row in chased)


def test_a_chair_adds_words_to_the_letter_in_their_name(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context():
        jobs.remind(at=at(15, 4))
        police = select(Escalation.id).join(Escalation.agency).where(Agency.name == "Loamshire Police")
        address = f"/reviews/{reference}/reminders/{db.session.scalars(police).one()}"
    clock(at(16, 4, 11))
    chair = signed_in("chair")
    assert (
        "I met your chief constable." in chair.post(address, data={"opening": "I met your chief constable.", "preview": "1"}).text
    )
    assert signed_in("councillor").post(address, data={"opening": "No", "send": "1"}).status_code in (403, 404, 409)
    assert chair.post(address, data={"opening": "I met your chief constable.", "send": "1"}).status_code == 302
    with app.app_context():
        sent = db.session.scalars(select(Letter).where(Letter.kind == "chairs_letter")).all()
        assert sent
        assert all("I met your chief constable." in letter.text for letter in sent)
