"""What each review needs of each person in its bodies; the list of reviews; a constant number of statements."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.answering import service as answering
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.chasing.models import Escalation
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.reports import service as reports
from scrutiny.reports import signing
from scrutiny.reports.models import Signature
from scrutiny.reports.unsigned import signatures_wanted
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import plan_review, propose_question
from scrutiny.transaction import writes_now
from scrutiny.worklist.needs import needs_of
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from tests.scrutiny.worklist.conftest import make_asked, words_of

LATER = NOW + timedelta(days=53)  # 24 April: three days after the answers were due


def test_an_officer_sees_answers_extensions_questions_and_who_is_late(
    app: Flask,
    asked: SimpleNamespace,
    cast: SimpleNamespace,
    clock: Callable[[], datetime],
    signed_in: Callable[..., FlaskClient],
) -> None:
    """Each with a link to where it is done."""
    with app.app_context(), writes_now():
        _answered(asked.requests[cast.fire], "fire_responder")
        police = db.session.get_one(EvidenceRequest, asked.police)
        answering.ask_question(police, "Which year?", item=police.items[0], by=acting("responder"), at=NOW)
        answering.ask_extension(police, until_on=date(2026, 5, 8), reason="Leave", by=acting("responder"), at=NOW)
        review = db.session.get_one(Review, asked.id)
        propose_question(review, text="How many wait?", why="", line=review.lines[0], by=acting("councillor"), at=NOW)
    clock.moment = LATER
    page = signed_in("officer").get("/inbox")
    words = words_of(page)
    assert "5 agencies overdue with 25 items, the longest by 3 days Chase them all" in words
    assert "5 answers to review" in words
    assert "Loamshire Police asks for more time, until Fri 8 May 2026 Decide" in words
    assert "Loamshire Police asks a question Reply" in words
    assert "1 proposed question to decide" in words
    assert "Loamshire Fire and Rescue: " not in words
    assert 'href="/reviews/R-2026-001/chase"' in page.get_data(as_text=True)
    with app.app_context(), writes_now():
        kept = {asked.police, asked.requests[cast.fire]}
        for item in db.session.scalars(select(Item).where(Item.request_id.not_in(kept))):
            item.due_on = date(2027, 1, 1)
    page = signed_in("officer").get("/inbox")
    assert "Loamshire Police: 4 items overdue by 3 days Chase" in words_of(page)
    assert 'href="/reviews/R-2026-001/requests/P05"' in page.get_data(as_text=True)


def _answered(request_id: int, who: str) -> None:
    """An agency without a certifier answers everything."""
    request, by = db.session.get_one(EvidenceRequest, request_id), acting(who)
    for item in request.items:
        answering.keep_answer(item, answering.Typed(text="Six."), by=by, at=NOW)
    answering.submit_request(request, list(request.items), hours=3, by=by, at=NOW)


def test_what_an_agency_keeps_or_has_with_its_certifier_is_no_answer_yet(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """The asker sees nothing until it is sent."""
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        for item in request.items[:2]:
            answering.keep_answer(item, answering.Typed(text="Twelve."), by=acting("responder"), at=NOW)
        answering.send_to_certifier(request.items[:1], by=acting("responder"), at=NOW)
    assert "to review" not in words_of(signed_in("officer").get("/inbox"))


@pytest.mark.parametrize(
    ("who", "seen"),
    [("inspector", ["5 answers to review"]), ("councillor", ["The pack for your meeting Read"]), ("partner_inspector", [])],
)
def test_partners_councillors_and_observers_are_asked_only_for_what_is_theirs(
    who: str, seen: list[str], app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """A partner's inspector reads answers; a councillor has the pack; an observer has nothing to do."""
    with app.app_context(), writes_now():
        _answered(asked.requests[cast.fire], "fire_responder")
        police = db.session.get_one(EvidenceRequest, asked.police)
        answering.ask_extension(police, until_on=date(2026, 5, 8), reason="Leave", by=acting("responder"), at=NOW)
    words = words_of(signed_in(who).get("/inbox"))
    found = [one for one in ("5 answers to review", "asks for more time", "The pack for your meeting Read") if one in words]
    assert found == seen


def test_the_chair_is_asked_for_what_only_a_chair_does(app: Flask, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    """An officer decides what came in; a letter in the chair's name waits for the chair, and the officer reads for whom."""
    with app.app_context(), writes_now():
        _answered(asked.requests[cast.fire], "fire_responder")
        police = db.session.get_one(EvidenceRequest, asked.police)
        answering.ask_extension(police, until_on=date(2026, 5, 8), reason="Leave", by=acting("responder"), at=NOW)
        rung = {"rung": "chair", "title": "A letter from the chair", "letter": "request_escalated"}
        waits = {"state": "proposed", "reached_on": NOW.date(), "made_at": NOW, **rung}
        db.session.add(Escalation(request_id=police.id, agency_id=police.agency_id, **waits))
    with app.app_context():
        review = db.session.get_one(Review, asked.id)
        needed = {who: needs_of([review], acting(who), NOW.date(), NOW)[review.id] for who in ("chair", "officer")}
        words = {who: [need.text for need in needs] for who, needs in needed.items()}
        assert words["chair"] == [
            "The letter to Loamshire Police about late answers needs your approval",
            "The pack for your meeting",
        ]
        assert [need.deed for need in needed["chair"]] == ["decide", "read"]
        assert "The letter to Loamshire Police about late answers waits for Cllr Amrit Gill" in words["officer"]
        assert any("asks for more time" in text for text in words["officer"])
        after = date(2028, 1, 3)  # every meeting of the timetable has been held
        assert "The pack for your meeting" not in [
            need.text for need in needs_of([review], acting("chair"), after, NOW)[review.id]
        ]
        membership = db.session.scalars(select(BodyMembership).where(BodyMembership.role == "scrutiny-officer")).one()
        membership.to_on = date(2026, 2, 1)
        db.session.flush()
        alone = [need.text for need in needs_of([review], acting("chair"), NOW.date(), NOW)[review.id]]
        assert any("asks for more time" in text for text in alone), "with no officer the chair does it all"


def test_a_councillor_hears_what_became_of_their_questions(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Counted by how far they are."""
    with app.app_context(), writes_now():
        review = db.session.get_one(Review, asked.id)
        propose_question(review, text="How many wait?", why="", line=review.lines[0], by=acting("councillor"), at=NOW)
    assert "Questions you proposed: 1 waiting" in words_of(signed_in("councillor").get("/inbox"))


def test_signatures_are_wanted_once_findings_are_settled_and_again_once_they_change(
    asked: SimpleNamespace, cast: SimpleNamespace, context: None
) -> None:
    """The chair is asked to sign; the officer hears who has not; a signature over other words does not count."""
    review = db.session.get_one(Review, asked.id)
    finding = Finding(review_id=review.id, number=1, title="One", text="One.", written_by="person:1", written_at=NOW)
    with writes_now():
        db.session.add(finding)
    assert signatures_wanted([review]) == {}
    with writes_now():
        finding.state = "settled"
        reports.begin_report(review).summary = "In short."
    chair = needs_of([review], acting("chair"), NOW.date(), NOW)[review.id]
    officer = needs_of([review], acting("officer"), NOW.date(), NOW)[review.id]
    assert "Your signature for Loamshire Overview and Scrutiny Committee is wanted" in [need.text for need in chair]
    assert "Not signed yet: Loamshire Overview and Scrutiny Committee" in [need.text for need in officer]
    with writes_now():
        _signed(review, cast.committee, signing.today_digest(review))
    assert signatures_wanted([review]) == {}
    with writes_now():
        finding.text = "Two."
    assert signatures_wanted([review])[review.id][0].voided_why == "What was signed has changed since"


def _signed(review: Review, body_id: int, digest: str) -> None:
    """A signature over a digest."""
    db.session.add(
        Signature(
            review_id=review.id,
            body_id=body_id,
            person="person:2",
            name="Cllr Amrit Gill",
            rule="committee-vote",
            digest=digest,
            signed={},
            signed_at=NOW,
        )
    )


def test_a_report_that_is_held_says_why(asked: SimpleNamespace, context: None) -> None:
    """To those who run the review, and to nobody else."""
    review = db.session.get_one(Review, asked.id)
    with writes_now():
        edition = Edition(number=1, state="scheduled", release_at=NOW, fault="Finding 2 quotes evidence not marked open.")
        db.session.add(
            Report(kind="review", reference="R-2026-001", review_id=review.id, place_id=review.place_id, editions=[edition])
        )
    said = "The report is held: Finding 2 quotes evidence not marked open"
    assert said in [need.text for need in needs_of([review], acting("officer"), NOW.date(), NOW)[review.id]]
    assert said not in [need.text for need in needs_of([review], acting("inspector"), NOW.date(), NOW)[review.id]]


@pytest.mark.parametrize("page", ["/inbox", "/reviews"])
def test_a_page_takes_the_same_number_of_statements_however_many_reviews(
    page: str,
    app: Flask,
    asked: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: Callable[..., FlaskClient],
    statements: Callable[[], list[str]],
) -> None:
    """One review or four, each with answers, findings to sign and things late."""
    with app.app_context():
        _busy(asked, cast)
    client = signed_in("chair")
    client.get(page)
    sent = statements()
    client.get(page)
    few = len(sent)
    with app.app_context():
        for number in range(3):
            _busy(make_asked(cast, f"Review {number}"), cast)
    sent = statements()
    assert "Review 2" in words_of(client.get(page))
    assert len(sent) == few
    # 49: one for each kind of thing that waits, letters that did not arrive, invitations, and the session itself among them.
    assert few < 47


def _busy(asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    """A review in which much waits."""
    with writes_now():
        _answered(asked.requests[cast.fire], "fire_responder")
        finding = Finding(review_id=asked.id, number=1, title="One", text="One.", written_by="person:1", written_at=NOW)
        finding.state = "settled"
        db.session.add(finding)
        reports.begin_report(db.session.get_one(Review, asked.id)).summary = "In short."


def test_the_list_of_reviews_is_grouped_and_its_filters_stay_in_the_address(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """By state, by our part, by words."""

    with app.app_context(), writes_now():
        plan_review(
            title="Road safety",
            place=db.session.get_one(Place, cast.place),
            place_on=NOW.date(),
            starts_on=date(2026, 6, 1),
            method_key="council-task-and-finish",
            lead=db.session.get_one(Body, cast.committee),
            by=acting("officer"),
            at=NOW,
        )
    client = signed_in("officer")
    everything = words_of(client.get("/reviews"))
    assert "Children's mental health (R-2026-001) Scoping, working day 1 of 15" in everything
    assert "Road safety (R-2026-002) Begins on Mon 1 Jun 2026" in everything
    assert "Road safety" not in words_of(client.get("/reviews?state=under-way"))
    assert "Children" not in words_of(client.get("/reviews?state=planned"))
    assert "Children" not in words_of(client.get("/reviews?words=road+ashby"))
    assert "No review is like that" in words_of(client.get("/reviews?part=observer"))
    page = client.get("/reviews?state=planned&words=road").get_data(as_text=True)
    assert 'value="road"' in page
    assert 'value="planned" selected' in page


def test_only_those_who_may_are_offered_a_new_review(asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """A councillor or an inspector is not led to a page that would refuse them."""
    assert 'href="/reviews/new"' in signed_in("officer").get("/reviews").get_data(as_text=True)
    assert 'href="/reviews/new"' not in signed_in("councillor").get("/reviews").get_data(as_text=True)


def test_a_review_whose_part_has_ended_is_no_longer_listed(
    app: Flask, cast: SimpleNamespace, clock: Callable[[], datetime], signed_in: Callable[..., FlaskClient]
) -> None:
    """A former partner sees neither the line nor the page."""
    with app.app_context(), writes_now():
        review = opened(cast, title="Once theirs")
        next(row for row in review.bodies if row.part == "partner").to_on = date(2026, 3, 1)
    client = signed_in("inspector")
    assert "Once theirs" not in words_of(client.get("/reviews"))
    assert client.get("/reviews/R-2026-001").status_code == 404


def test_every_link_of_my_work_opens(
    app: Flask,
    asked: SimpleNamespace,
    cast: SimpleNamespace,
    clock: Callable[[], datetime],
    signed_in: Callable[..., FlaskClient],
) -> None:
    """Nothing that waits leads to a page that is not there, or that refuses."""
    with app.app_context(), writes_now():
        _answered(asked.requests[cast.fire], "fire_responder")
        police = db.session.get_one(EvidenceRequest, asked.police)
        answering.say_not_held(police.items[0], "We keep no such record.", by=acting("certifier"), at=NOW)
        answering.ask_question(police, "Which year?", by=acting("responder"), at=NOW)
        answering.ask_extension(police, until_on=date(2026, 5, 8), reason="Leave", by=acting("responder"), at=NOW)
        review = db.session.get_one(Review, asked.id)
        propose_question(review, text="How many wait?", why="", line=review.lines[0], by=acting("councillor"), at=NOW)
        finding = Finding(review_id=asked.id, number=1, title="One", text="One.", written_by="person:1", written_at=NOW)
        finding.state = "settled"
        db.session.add(finding)
        reports.begin_report(db.session.get_one(Review, asked.id)).summary = "In short."
    clock.moment = LATER
    refused = {}
    for who in ("officer", "chair", "councillor", "inspector", "lead_inspector", "responder", "certifier"):
        client = signed_in(who)
        main = client.get("/inbox").get_data(as_text=True).split("<main", 1)[1].split("</main>", 1)[0]
        for path in sorted(set(re.findall(r'href="(/[^"]+)"', main))):
            status = client.get(html.unescape(path), follow_redirects=path.endswith("/next-answer")).status_code
            if status != 200:
                refused[who, path] = status
    assert refused == {}
    assert "1 “not held” to review" in words_of(signed_in("officer").get("/inbox"))
