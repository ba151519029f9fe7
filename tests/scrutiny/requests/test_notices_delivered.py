"""Nothing becomes public of an agency that was never told: its days run from the day on which the notice arrived."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.adapters.mail import MailNotAccepted
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.reception import Entered
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.publication import delivering, registering
from scrutiny.publication.jobs import note_bounced, sweep_notices
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.publication.waiting import notices_undelivered
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from scrutiny.worklist.needs import needs_of
from tests.scrutiny.requests import test_publication
from tests.scrutiny.requests.test_register import LATE, OVER, SignedIn, release, silent
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

asked = test_publication.asked
__all__ = ["asked", "silent"]
MUCH_LATER = OVER + timedelta(days=60)


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mail server refuse every letter for good."""

    def post(self: object, message: object) -> None:
        raise MailNotAccepted("550 No such user here", permanent=True)

    monkeypatch.setattr(type(fitted.mailer()), "post", post)


@pytest.fixture
def noticed(app: Flask, silent: SimpleNamespace) -> SimpleNamespace:
    """The police are to be told of an entry in the register; the letter has not been posted."""
    release(app, silent)
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, silent.request)
        silent.entry = registering.give_notice(request, words="We asked.", by=acting("officer"), at=LATE).id
    silent.clock.at = MUCH_LATER
    return silent


def entry_of(noticed: SimpleNamespace) -> RegisterEntry:
    """The entry as it is kept."""
    return db.session.get_one(RegisterEntry, noticed.entry, populate_existing=True)


def test_an_entry_whose_notice_failed_is_not_published_and_the_officer_is_told(
    app: Flask, noticed: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        refuse(monkeypatch)
        post_letters(at=LATE)
        with writes_now(), pytest.raises(Refused, match="has not reached Loamshire Police: 550 No such user here"):
            registering.publish(entry_of(noticed), by=acting("officer"), at=MUCH_LATER)
        review = entry_of(noticed).request.review
        needs = needs_of([review], acting("officer"), london_day(MUCH_LATER), MUCH_LATER)[review.id]
        assert [need.href for need in needs if "register of non-response" in need.text] == [f"{noticed.address}/delivery"]
    officer = signed_in("officer")
    page = officer.get(noticed.address).text
    assert "550 No such user here" in page
    assert "Publish it in the register" not in page
    assert f"{noticed.address}/delivery" in page
    said = officer.post(f"{noticed.address}/delivery", data={"how": "post", "on": ["9", "7", "2026"]}).text
    assert "Enter who posted it or handed it over, and to whom" in said
    form = {"how": "post", "on": ["9", "7", "2026"], "words": "Posted first class to County Hall"}
    assert officer.post(f"{noticed.address}/delivery", data=form).status_code == 302
    with app.app_context(), writes_now():
        entry = entry_of(noticed)
        assert (entry.received_how, entry.received_on.isoformat()) == ("post", "2026-07-09")
        assert entry.reply_until > entry.received_on
        registering.publish(entry, by=acting("officer"), at=MUCH_LATER)
    for who in ("councillor", "responder"):
        assert signed_in(who).get(f"{noticed.address}/delivery").status_code in (403, 404)


def test_the_days_run_from_the_day_the_letter_was_accepted(app: Flask, noticed: SimpleNamespace) -> None:
    with app.app_context():
        promised = entry_of(noticed).reply_until
        post_letters(at=OVER)
        entry = entry_of(noticed)
        assert (entry.received_on, entry.received_how) == (london_day(OVER), "email")
        assert entry.reply_until == delivering.after_notice(entry.request, london_day(OVER)) > promised
        with writes_now(), pytest.raises(Refused, match="may reply until"):
            registering.publish(entry_of(noticed), by=acting("officer"), at=OVER + timedelta(days=1))


def test_a_notice_that_comes_back_was_not_given_and_can_be_sent_again(app: Flask, noticed: SimpleNamespace) -> None:
    with app.app_context():
        post_letters(at=LATE)
        with writes_now():
            for letter in delivering.notice_letters(entry_of(noticed)):
                assert letter.posting is not None
                letter.posting.state, letter.posting.fault = "bounced", "The mailbox is full"
            db.session.flush()
            note_bounced(letter, LATE)
        assert entry_of(noticed).received_on is None
        with writes_now():
            delivering.send_again(entry_of(noticed), by=acting("officer"), at=OVER)
        assert len({letter.occasion for letter in delivering.notice_letters(entry_of(noticed))}) == 2
        assert sweep_notices(at=OVER) == 0
        post_letters(at=OVER)
        assert entry_of(noticed).received_on == london_day(OVER)


def test_an_agency_that_replied_has_been_told(app: Flask, noticed: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        with pytest.raises(Refused, match="send it to the approver"):
            registering.add_line(entry_of(noticed), "Our system was down.", by=acting("responder"), at=LATE)
        registering.add_line(entry_of(noticed), "Our system was down.", by=acting("certifier"), at=LATE)
        assert entry_of(noticed).received_how == "answered"
        registering.publish(entry_of(noticed), by=acting("officer"), at=OVER)


def test_answers_become_public_only_once_their_agency_has_the_letter(
    app: Flask, asked: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    with monkeypatch.context() as broken:
        with app.app_context():
            refuse(broken)
        test_publication.publish(officer, asked.review)
    with app.app_context():
        assert db.session.get_one(Lodging, asked.clean).public_from is None
        [notice] = db.session.scalars(select(PublicationNotice))
        at = f"/reviews/{asked.review}/list/{notice.id}"
        review = notice.request.review
        needs = needs_of([review], acting("officer"), london_day(now()), now())[review.id]
        assert [need.href for need in needs if "about publishing its answers" in need.text] == [f"{at}/delivery"]
    page = officer.get(f"/reviews/{asked.review}/list").text
    assert "Waiting for our email to arrive" in page
    assert "550 No such user here" in officer.get(f"{at}/delivery").text
    test_publication.publish(officer, asked.review)
    with app.app_context():
        assert len(list(db.session.scalars(select(PublicationNotice)))) == 1, "an agency is told once of one answer"
    assert signed_in("councillor").get(f"{at}/delivery").status_code == 403
    assert signed_in("stranger").get(f"{at}/delivery").status_code == 404
    assert officer.post(f"{at}/send-again").status_code == 302
    with app.app_context():
        later = now() + timedelta(days=10)
        post_letters(at=later)
        lodging = db.session.get_one(Lodging, asked.clean)
        notice = db.session.get_one(PublicationNotice, notice.id, populate_existing=True)
        assert (notice.received_on, notice.received_how) == (london_day(later), "email")
        assert london_day(lodging.public_from) == notice.public_on > london_day(later)
        with writes_now():
            for letter in delivering.notice_letters(notice):
                if letter.posting is not None:
                    letter.posting.state = "bounced"
            db.session.flush()
        assert sweep_notices(at=later) > 0
        assert db.session.get_one(Lodging, asked.clean, populate_existing=True).public_from is None
        with writes_now():
            entered = Entered("hand", london_day(later), "Handed to the chief officer")
            delivering.enter_received(db.session.get_one(PublicationNotice, notice.id), entered, by=acting("officer"), at=later)
        assert db.session.get_one(Lodging, asked.clean, populate_existing=True).public_from is not None


def test_an_answer_returned_before_the_letter_arrives_is_not_published(
    app: Flask, asked: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    with monkeypatch.context() as broken:
        with app.app_context():
            refuse(broken)
        test_publication.publish(officer, asked.review)
    with app.app_context(), writes_now():
        notice = db.session.scalars(select(PublicationNotice)).one()
        item = next(item for item in notice.request.items if item.id == asked.items[0])
        test_publication.service.return_item(item, why="A name", by=acting("officer"), at=now())
        entered = Entered("hand", london_day(now()), "Handed to the chief officer")
        delivering.enter_received(notice, entered, by=acting("officer"), at=now())
        assert db.session.get_one(Lodging, asked.clean).public_from is None
        assert db.session.scalar(select(Letter.id).where(Letter.kind == delivering.ANSWERS)) is not None


def test_of_answers_restricted_before_their_letter_arrived_nobody_is_told_that_they_become_public(
    app: Flask, asked: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    with monkeypatch.context() as broken:
        with app.app_context():
            refuse(broken)
        test_publication.publish(officer, asked.review)
    with app.app_context(), writes_now():
        notice = db.session.scalars(select(PublicationNotice)).one()
        assert delivering.not_received(notice.request.review_id) == [notice]
        assert [row[1] for row in notices_undelivered([notice.request.review_id])] == [notice.id]
        for answer in delivering.answers_of(notice):
            answer.lodging.withheld_at = now()
        db.session.flush()
        assert delivering.not_received(notice.request.review_id) == []
        assert notices_undelivered([notice.request.review_id]) == []
        with pytest.raises(Refused):
            delivering.send_again(notice, by=acting("officer"), at=now())
