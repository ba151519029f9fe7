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
from scrutiny.asking import issued_views as asking_views
from scrutiny.asking import service
from scrutiny.asking.letter_to_edit import chairs_letter, ladder_letter
from scrutiny.chasing import commands as chasing_commands
from scrutiny.chasing import jobs, waiting
from scrutiny.chasing import queries as chasing_queries
from scrutiny.chasing import views as chasing_views
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests import lettering
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
            for row in chasing_queries.coming_in(review, at(18, 3, 12))
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
    assert "3 letters to 2 agencies, as they will be sent" in page
    assert "we asked Loamshire Police for evidence" in page
    assert "Loamshire Fire and Rescue</a>: it has asked for more time: decide that first" in page
    with app.app_context():
        assert written("request_chased") == []
    assert officer.post(f"/reviews/{reference}/chase").status_code == 302
    with app.app_context():
        assert written("request_chased") == [
            ("request_chased", one) for one in ("colleague@example.org", "icb.responder@example.org", "responder@example.org")
        ]
        review_id = db.session.scalars(select(Review.id).where(Review.reference == reference)).one()
        late = waiting.overdue([review_id], at(2, 4, 10).date())
        assert {row[2]: row[-1] for row in late} == {row[2]: "Fire" not in row[2] for row in late}, "not chased twice in a day"
    assert officer.get(f"/reviews/{reference}/reminders").text.count("Waiting to be sent") == 2
    with app.app_context():
        post_letters(at=at(2, 4, 11))
    assert "Waiting to be sent" not in officer.get(f"/reviews/{reference}/reminders").text
    again = officer.get(f"/reviews/{reference}/chase").text
    assert "it has already been sent a letter today" in again
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
    assert "No reminders to send now" in refused.stderr
    missing = runner.invoke(args=["reminders", "coming", "R-1999-001"])
    assert (missing.exit_code, missing.stderr) == (1, "There is no review R-1999-001: write its reference, such as R-2026-001\n")


def test_the_command_tells_what_is_coming(app: Flask, reference: str, clock: Callable[[datetime], None]) -> None:
    clock(at(18, 3, 12))
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["reminders", "coming", reference, "--json"]).stdout)
    assert {(one["on"], one["rung"], one["held"]) for one in told} == {("2026-03-23", "reminder", "")}
    assert "Mon 23 Mar 2026  Reminder to Loamshire Police, " in runner.invoke(args=["reminders", "coming", reference]).stdout
    clock(at(4, 3, 12))
    assert runner.invoke(args=["reminders", "coming", reference]).stdout == "No reminders are due in the next seven days\n"


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
    assert "Set aside, 16 April 2026 at 12pm: They rang" in officer.get(f"/reviews/{reference}/reminders").text
    with app.app_context():
        assert written("chairs_letter") == []


def test_a_chase_on_a_quiet_day_says_that_it_waits(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 4, 5, 9, tzinfo=UTC))  # Easter Sunday
    officer = signed_in("officer")
    assert "No emails are sent to this agency today (Sunday)" in officer.get(f"/reviews/{reference}/chase").text
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
        silent = [one for one in chasing_queries.silent_in(police.review, date(2026, 4, 2)) if one.agency.id == cast.police]
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
    assert "This email will be sent at 7am on the next day that is open" in officer.get(address).text
    assert officer.post(address, data={"send": "1"}).status_code == 302
    page = officer.get(f"/reviews/{reference}/requests/{slug}").text
    assert re.search(r"emails? will be sent on 7 April 2026 at 7am", page), page
    assert "is chased" not in page
    with app.app_context():
        before = written("request_chased")
    assert "it has already been sent a letter today" in officer.get(address).text
    officer.post(address, data={"send": "1"})
    page = officer.get(f"/reviews/{reference}/requests/{slug}").text
    assert "No email was sent. Loamshire Police was left out: it has already been sent a letter today." in page
    with app.app_context():
        assert written("request_chased") == before


def test_the_page_of_a_request_shows_a_chase_and_offers_no_second_that_day(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    clock(at(31, 3, 10))
    with app.app_context():
        police = select(EvidenceRequest).join(EvidenceRequest.agency).where(Agency.name == "Loamshire Police")
        page = f"/reviews/{reference}/requests/{db.session.scalars(police).one().slug}"
    officer = signed_in("officer")
    assert f'href="{page}/chase"' in officer.get(page).text
    officer.post(f"{page}/chase", data={"send": "1"})
    said = " ".join(re.sub("<[^>]+>", " ", officer.get(page).text).split())
    assert f'href="{page}/chase"' not in officer.get(page).text
    assert "Loamshire Police cannot be chased now: it has already been sent a letter today." in said
    assert "Tue 31 Mar 2026: Chased by hand, items 1, 2, 3, 4, 5. Waiting to be sent, to " in said
    assert "Rhys Cole" in said[said.index("Chased by hand") :][:120]
    partner = " ".join(re.sub("<[^>]+>", " ", signed_in("chair").get(page).text).split())
    assert "Chased by hand" in partner
    clock(at(1, 4, 10))
    assert f'href="{page}/chase"' in officer.get(page).text, "the next day is another day"


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
    assert shown.count('<p class="govuk-body" lang="en">Thank you for your call on Friday.</p>') >= 1
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


@pytest.mark.parametrize("preview_first", [False, True])
def test_one_edited_letter_that_own_words_do_not_fit_holds_up_no_other(
    app: Flask, cast: SimpleNamespace, reference: str, signed_in: SignIn, clock: Callable[[datetime], None], preview_first: bool
) -> None:
    clock(at(2, 4, 10))
    with app.app_context(), writes_now():
        police = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == cast.police)).one()
        found = ladder_letter(police, "request_chased", cast.police, at(2, 4, 10))
        words = {"subject": "Ours", "text": "We met your chief constable, and this is all we ask."}
        lettering.keep_words(found.lettering, found.as_composed, **words, by=acting("officer"), at=at(2, 4, 9))
        edit = f"/reviews/{reference}/requests/{police.slug}/letters/request_chased/{cast.police}/edit"
    officer, address = signed_in("officer"), f"/reviews/{reference}/chase"
    own = {"opening": "Thank you for your call.", "closing": ""}
    assert "We met your chief constable" in officer.get(address).text, "without own words the edited letter goes"
    page = officer.post(address, data=own | ({"preview": "1"} if preview_first else {})).text
    assert "it was edited, so write your own words into it instead" in page
    assert f'href="{edit}?from=everyone"' in page
    assert ("The letter to Loamshire Police is not sent" in page) is not preview_first, "an error only where it was to go"
    assert "Thank you for your call.</textarea>" in page, "what was typed stays"
    assert "Send 2 emails" in page
    with app.app_context():
        assert written("request_chased") == [], "nothing goes before it is said what is left out"
    without = re.findall(r'name="without" value="([^"]*)"', page)
    done = officer.post(address, data=own | {"without": without}, follow_redirects=True).text
    assert "2 emails queued. Loamshire Police was left out: it was edited, so write your own words into it instead." in done
    with app.app_context():
        assert {one for _, one in written("request_chased")} == {"fire.responder@example.org", "icb.responder@example.org"}
    assert "Send 2 emails" in officer.get(address).text, "the edited letter can still go to both of its readers"
    assert f'href="{address}"' in officer.get(f"{edit}?from=everyone").text, "back to where it was opened from"
    one = officer.post(edit.split("/letters/")[0] + "/chase", data=own).text
    assert "The letter to Loamshire Police is not sent: it was edited, so write your own words into it instead" in one
    assert f'href="{edit}"' in one
    assert "Thank you for your call.</textarea>" in one


def test_a_chair_whose_words_do_not_fit_an_edited_letter_is_led_to_it(
    app: Flask, cast: SimpleNamespace, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    with app.app_context():
        jobs.remind(at=at(15, 4))
        with writes_now():
            waits = db.session.scalars(select(Escalation).where(Escalation.agency_id == cast.police)).one()
            found = chairs_letter(waits, acting("officer"), at(16, 4))
            words = {"subject": "Ours", "text": "All that we ask."}
            lettering.keep_words(found.lettering, found.as_composed, **words, by=acting("officer"), at=at(16, 4))
            address = f"/reviews/{reference}/reminders/{waits.id}"
    clock(at(16, 4, 11))
    page = signed_in("chair").post(address, data={"opening": "I met your chief constable."})
    assert page.status_code == 200
    assert f'<a href="{address}/edit">This letter is not sent: it was edited' in page.text
    assert "I met your chief constable.</textarea>" in page.text
    with app.app_context():
        assert written("chairs_letter") == []


def test_a_chase_says_that_a_letter_about_the_same_already_waits(
    app: Flask, reference: str, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    """Else the agency would get a reminder and the chair's letter about one thing."""
    officer = signed_in("officer")
    with app.app_context():
        for day, month in ((23, 3), (31, 3), (15, 4)):
            jobs.remind(at=at(day, month))
        found = db.session.scalars(select(Escalation).where(Escalation.state == "proposed")).all()
        assert found
        address = f"/reviews/{reference}/reminders/{found[0].id}"
        page = f"/reviews/{reference}/requests/{found[0].request.slug}/chase"
    clock(at(16, 4, 12))
    for shown in (officer.get(page).text, officer.get(f"/reviews/{reference}/chase").text):
        assert "already waits for approval" in shown
        assert f'href="{address}"' in shown
