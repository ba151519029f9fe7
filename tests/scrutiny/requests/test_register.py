"""The register of non-response: the agency first, the public only of what it may know of, corrected and withdrawn in the open."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.asking import service
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.publication import register_views, registering
from scrutiny.publication.models import RegisterEntry
from scrutiny.requests.models import EvidenceRequest, Holder
from scrutiny.reviews.service import announce, release_list
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.approving.pressing import approve
from tests.scrutiny.approving.pressing import waiting as waiting_for
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignedIn = Callable[..., FlaskClient]
LATE = NOW + timedelta(days=120)
OVER = LATE + timedelta(days=10)


@pytest.fixture
def silent(app: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A request to the police of which nothing was answered, in a review the public knows nothing of; long after."""
    with app.app_context(), writes_now():
        review = opened(cast)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        police = next(draft for draft in drafts if draft.agency_id == cast.police)
        issue_and_deliver(review, [police], by=acting("officer"), at=NOW)
        found = SimpleNamespace(reference=review.reference, request=police.id, slug=police.slug)
    found.address = f"/reviews/{found.reference}/requests/{found.slug}/register"
    found.clock = SimpleNamespace(at=LATE)
    for place in (register_views, __import__("scrutiny.opendata.reviews_views", fromlist=["now"])):
        monkeypatch.setattr(place, "now", lambda: found.clock.at)
    return found


def release(app: Flask, silent: SimpleNamespace) -> None:
    """The review announced and its list released."""
    with app.app_context(), writes_now():
        review = db.session.get_one(EvidenceRequest, silent.request).review
        announce(review, NOW.date(), by=acting("officer"), at=NOW)
        release_list(review, NOW.date(), by=acting("officer"), at=NOW)


def told(app: Flask, silent: SimpleNamespace, words: str = "We asked.") -> int:
    """The agency is told, and its letter accepted on that day; the id of the entry."""
    with app.app_context():
        with writes_now():
            request = db.session.get_one(EvidenceRequest, silent.request)
            entry_id = registering.give_notice(request, words=words, by=acting("officer"), at=LATE).id
        post_letters(at=LATE)
    return entry_id


def test_nothing_is_published_of_what_the_public_may_not_know(app: Flask, silent: SimpleNamespace, signed_in: SignedIn) -> None:
    page = signed_in("officer").post(silent.address, data={"notice": "1"}).get_data(as_text=True)
    assert "The public may not know of this request yet" in page
    with app.app_context():
        assert db.session.scalar(select(RegisterEntry)) is None


def test_the_page_says_only_what_is_still_to_be_done(app: Flask, silent: SimpleNamespace, signed_in: SignedIn) -> None:
    """A review announced already is not to be announced again, on the page, in the refusal, or by command."""
    officer = signed_in("officer")
    assert "Announce the review, then publish its list of requests." in officer.get(silent.address).text
    with app.app_context(), writes_now():
        announce(db.session.get_one(EvidenceRequest, silent.request).review, NOW.date(), by=acting("officer"), at=NOW)
    for page in (officer.get(silent.address).text, officer.post(silent.address, data={"notice": "1"}).text):
        assert "Publish the list of requests, or wait for the report." in page
        assert "Announce the review" not in page
    with app.app_context(), writes_now():
        release_list(db.session.get_one(EvidenceRequest, silent.request).review, NOW.date(), by=acting("officer"), at=NOW)
    assert "may not know of this request" not in officer.get(silent.address).text


def test_the_agency_is_told_first_and_the_lead_waits_for_its_line_or_its_days(
    app: Flask, silent: SimpleNamespace, signed_in: SignedIn, client: FlaskClient
) -> None:
    release(app, silent)
    officer = signed_in("officer")
    assert "What would be public" in officer.get(silent.address).get_data(as_text=True)
    assert officer.post(silent.address, data={"notice": "1", "words": "We asked three times."}).status_code == 302
    assert "Nothing has been published here." in client.get("/register").get_data(as_text=True)
    waiting = officer.post(silent.address, data={"publish": "1"}).get_data(as_text=True)
    assert "The notice has not reached Loamshire Police" in waiting
    with app.app_context():
        post_letters(at=LATE)
    assert "publish after that day" in officer.post(silent.address, data={"publish": "1"}).get_data(as_text=True)
    own = f"/answering/{silent.request}/register"
    assert "We asked three times." in signed_in("responder").get(own).get_data(as_text=True)
    assert signed_in("fire_responder").get(own).status_code == 404
    rhys, dee = signed_in("responder"), signed_in("certifier")
    assert rhys.post(own, data={"reply": "Our system was down."}).status_code == 302
    assert "Read what is waiting for approval" in rhys.get(own).text
    early = officer.post(silent.address, data={"publish": "1"}).get_data(as_text=True)
    assert "publish after that day" in early, "the line is not sent before the approver has approved it"
    assert "Our system was down." not in early
    page = dee.get(waiting_for(dee)).text
    assert "the line of Loamshire Police in the register" in page
    assert "We asked three times." in page, "what it answers"
    assert "The line is saved. It is shown beside the entry." in approve(dee).text
    assert officer.post(silent.address, data={"publish": "1"}).status_code == 302
    public = client.get("/register").get_data(as_text=True)
    for words in ("Loamshire Police", "We asked three times.", "Our system was down."):
        assert words in public
    with app.app_context():
        kinds = set(db.session.scalars(select(Letter.kind)))
        assert {"register_notice", "register_published"} <= kinds


@pytest.fixture
def out(app: Flask, silent: SimpleNamespace) -> SimpleNamespace:
    """The same, published after the agency's days had gone by in silence."""
    release(app, silent)
    silent.entry = told(app, silent)
    with app.app_context(), writes_now():
        entry = db.session.get_one(RegisterEntry, silent.entry)
        with pytest.raises(Refused, match="may reply until"):
            registering.publish(entry, by=acting("officer"), at=LATE + timedelta(days=1))
        registering.publish(entry, by=acting("officer"), at=OVER)
    silent.clock.at = OVER
    return silent


def test_page_api_and_command_say_the_same_and_an_answer_since_shows_by_itself(
    app: Flask, out: SimpleNamespace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), writes_now():
        item = db.session.get_one(EvidenceRequest, out.request).items[0]
        item.came(date(2026, 7, 9))
        reference = item.reference
    (told,) = client.get("/api/v1/non-responses").get_json()
    assert told["agency"] == "Loamshire Police"
    assert {one["reference"]: one["answered_on"] for one in told["items"]}[reference] == "2026-07-09"
    with app.app_context():
        assert [registering.as_plain(one) for one in registering.published(OVER.date())] == [told]
    monkeypatch.setattr("scrutiny.publication.commands.today", OVER.date)
    done = app.test_cli_runner().invoke(args=["register", "list", "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [told])
    assert "Answered since, on Thursday 9 July 2026" in client.get("/register").get_data(as_text=True)


def test_a_correction_says_what_was_wrong_and_a_withdrawal_takes_the_words_away(
    app: Flask, out: SimpleNamespace, signed_in: SignedIn, client: FlaskClient
) -> None:
    officer = signed_in("officer")
    assert "Say what was wrong" in officer.post(out.address, data={"correct": "1", "words": "Twice."}).get_data(as_text=True)
    officer.post(out.address, data={"correct": "1", "words": "We asked twice.", "why": "It was twice."})
    page = client.get("/register").get_data(as_text=True)
    assert "We asked twice." in page
    assert "It was twice." in page
    officer.post(out.address, data={"withdraw": "1", "why": "It had come by post."})
    page = client.get("/register").get_data(as_text=True)
    assert "It had come by post." in page
    assert "We asked twice." not in page
    (told,) = client.get("/api/v1/non-responses").get_json()
    assert (told["state"], told["items"], told["lead_says"]) == ("withdrawn", [], "")


def test_only_those_who_run_the_review_publish(out: SimpleNamespace, signed_in: SignedIn) -> None:
    assert signed_in("councillor").post(out.address, data={"withdraw": "1", "why": "x"}).status_code == 403
    for who in ("responder", "stranger", "administrator"):
        assert signed_in(who).get(out.address).status_code == 404


def test_what_was_answered_before_it_is_published_stays_out(app: Flask, silent: SimpleNamespace) -> None:
    release(app, silent)
    entry_id = told(app, silent, words="")
    with app.app_context(), writes_now():
        request, entry = db.session.get_one(EvidenceRequest, silent.request), db.session.get_one(RegisterEntry, entry_id)
        for item in request.items:
            item.came(LATE.date())
        db.session.flush()
        with pytest.raises(Refused, match="Everything has been answered since"):
            registering.publish(entry, by=acting("officer"), at=OVER)


def test_by_command_it_is_withdrawn_and_published_as_by_page_by_those_who_run_the_review(
    app: Flask, out: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrutiny.publication.commands.now", lambda: OVER)

    def told(*words: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["register", *words])
        return done.exit_code, done.stderr or done.stdout

    with app.app_context():
        reference = db.session.get_one(EvidenceRequest, out.request).reference
    gone = ["withdraw", reference, "--why", "It had come by post."]
    status, said = told(*gone, "--by", "councillor@example.org")
    assert (status, "does not run" in said) == (1, True)
    assert told(*gone, "--by", "nobody@example.org")[0] == 1
    assert told("publish", reference, "--by", "officer@example.org") == (1, said_by_the_lifecycle(app, out))
    assert told(*gone, "--by", "officer@example.org") == (0, f"Withdrawn: {reference}, Loamshire Police\n")
    with app.app_context():
        entry = db.session.get_one(RegisterEntry, out.entry)
        assert (entry.state, entry.withdrawn_why) == ("withdrawn", "It had come by post.")
    assert told("publish", reference, "--by", "officer@example.org")[1].startswith(f"{reference} has no entry")


def said_by_the_lifecycle(app: Flask, out: SimpleNamespace) -> str:
    """What the page says to publishing it a second time."""
    with app.app_context(), pytest.raises(Refused) as refused:
        registering.publish(db.session.get_one(RegisterEntry, out.entry), by=acting("officer"), at=OVER)
    return refused.value.sentence + "\n"


def test_what_is_no_longer_owed_is_not_published(app: Flask, silent: SimpleNamespace) -> None:
    release(app, silent)
    entry_id = told(app, silent)
    with app.app_context(), writes_now():
        request, entry = db.session.get_one(EvidenceRequest, silent.request), db.session.get_one(RegisterEntry, entry_id)
        gone, *others = [item for item in request.items if item.id in {one["id"] for one in entry.items}]
        service.withdraw_item(gone, why="Asked elsewhere", by=acting("officer"), at=LATE)
        for item in others[1:]:
            item.due_on = OVER.date() + timedelta(days=30)
        registering.publish(entry, by=acting("officer"), at=OVER)
        assert [one["id"] for one in entry.items] == [others[0].id]


def test_an_entry_with_nothing_left_is_refused(app: Flask, silent: SimpleNamespace) -> None:
    release(app, silent)
    entry_id = told(app, silent)
    with app.app_context(), writes_now():
        request, entry = db.session.get_one(EvidenceRequest, silent.request), db.session.get_one(RegisterEntry, entry_id)
        service.withdraw_request(request, why="A mistake", by=acting("officer"), at=LATE)
        with pytest.raises(Refused, match="Nothing in this entry is owed any more"):
            registering.publish(entry, by=acting("officer"), at=OVER)


def test_the_agency_asked_and_its_successor_write_the_line_each_under_its_name(
    app: Flask, silent: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    release(app, silent)
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, silent.request)
        registering.give_notice(request, words="We asked.", by=acting("officer"), at=LATE)
    own = f"/answering/{silent.request}/register"
    assert signed_in("fire_responder").get(own).status_code == 404, "it has nothing to do with it"
    assert signed_in("responder").get(own).status_code == 200
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, silent.request)
        db.session.add(Holder(item_id=request.items[0].id, agency_id=cast.fire, from_on=LATE.date()))
    assert signed_in("fire_responder").get(own).status_code == 200, "it answers in its place now"
    assert signed_in("fire_responder").post(own, data={"reply": "We took this over in May."}).status_code == 302
    page = signed_in("officer").get(f"/reviews/{silent.reference}/requests/{silent.slug}/register").text
    assert "Loamshire Fire and Rescue: We took this over in May." in page
    with app.app_context():
        entry = db.session.scalars(select(RegisterEntry)).one()
        assert entry.line_by == "Loamshire Fire and Rescue"


def test_the_way_to_a_published_entry_stays_when_nothing_is_late_any_more(
    app: Flask, out: SimpleNamespace, signed_in: SignedIn
) -> None:
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, out.request)
        service.withdraw_request(request, why="A mistake", by=acting("officer"), at=OVER)
    page = signed_in("officer").get(out.address.removesuffix("/register")).get_data(as_text=True)
    assert out.address in page
