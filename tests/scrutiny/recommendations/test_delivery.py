"""The time to respond to a recommendation runs from the day it reached the agency, and nobody is overdue before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.adapters.mail import MailNotAccepted
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.reception import Entered
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.recommendations import delivering, outcomes, queries, service
from scrutiny.recommendations.jobs import sweep_recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.transaction import writes_now
from scrutiny.worklist import delays
from scrutiny.worklist.needs import needs_of
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

LATER = RELEASE + timedelta(days=400)
SOON = RELEASE + timedelta(days=3)


def come_out(cast: SimpleNamespace) -> None:
    """A report that came out, its letters not yet posted."""
    scheduled(cast)
    jobs.release_reports(at=RELEASE)


@pytest.fixture
def made(context: None, as_built: Callable[..., None]) -> Addressee:
    """A recommendation that has been made."""
    as_built(come_out)
    return addressee()


def addressee() -> Addressee:
    """The addressee as it is kept."""
    return db.session.scalars(select(Addressee).execution_options(populate_existing=True)).one()


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mail server refuse every letter for good."""

    def post(self: object, message: object) -> None:
        raise MailNotAccepted("550 No such user here", permanent=True)

    monkeypatch.setattr(type(fitted.mailer()), "post", post)


def test_nothing_runs_where_the_letter_failed(made: Addressee, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch)
    post_letters(at=RELEASE)
    row, late = addressee(), london_day(LATER)
    assert (row.received_on, row.due_on, row.statutory_due_on, row.agreed_due_on) == (None, None, None, None)
    assert row.legal_basis, "what the law asks is known all the same"
    assert not queries.is_response_late(row, late)
    assert outcomes.response(row, late).word == "Not delivered yet"
    record = outcomes.record_of(row, late)
    assert outcomes.account(record)[-1].text == f"It has not reached {row.agency.name} yet, so no time to respond runs"
    logged = delays.fell_due(acting("officer"), london_day(RELEASE), late, late)
    assert not [row for row in logged if row.kind == "response"]
    review = row.recommendation.review
    needs = needs_of([review], acting("officer"), late, LATER)[review.id]
    assert [need.href for need in needs if "has not reached" in need.text] == [f"/recommendations/{row.id}/delivery"]
    assert not [need for need in needs if "response" in need.text]


def test_it_runs_from_the_day_its_letter_is_accepted(made: Addressee) -> None:
    post_letters(at=SOON)
    row = addressee()
    assert (row.received_on, row.received_how) == (london_day(SOON), "email")
    told = db.session.scalars(select(Letter).where(Letter.kind == "response_day_moved")).all()
    assert bool(told) == (row.due_on is not None)
    assert all("bank holiday" not in letter.text for letter in told)


def test_it_is_posted_on_paper_answered_or_sent_again(made: Addressee, monkeypatch: pytest.MonkeyPatch) -> None:
    by = acting("officer")
    with writes_now(), pytest.raises(Refused, match="still on its way"):
        delivering.send_again(addressee(), by=by, at=RELEASE)
    with monkeypatch.context() as patch:
        refuse(patch)
        post_letters(at=RELEASE)
    with writes_now(), pytest.raises(Refused, match="is after today"):
        delivering.enter_received(addressee(), Entered("post", london_day(LATER), "By Olwen"), by=by, at=RELEASE)
    with writes_now():
        delivering.send_again(addressee(), by=by, at=SOON)
    assert addressee().received_on is None
    with monkeypatch.context() as patch:
        refuse(patch)
        post_letters(at=SOON)
    with writes_now():
        delivering.enter_received(addressee(), Entered("hand", london_day(SOON), "By Olwen"), by=by, at=LATER)
    row = addressee()
    assert (row.received_on, row.received_how, row.received_words) == (london_day(SOON), "hand", "By Olwen")


def test_who_answers_has_it(made: Addressee) -> None:
    with writes_now():
        service.respond(addressee(), "note", response="Seen.", by=acting("fire_responder"), at=SOON)
    assert (addressee().received_on, addressee().received_how) == (london_day(SOON), "answered")


def test_what_was_not_noted_is_noted_by_the_sweep(made: Addressee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    post_letters(at=RELEASE)
    assert addressee().received_on is None
    assert sweep_recommendations(at=LATER) >= 1
    assert addressee().received_on == london_day(RELEASE)
    assert sweep_recommendations(at=LATER) == 0


def test_one_whose_letters_came_back_unnoted_is_taken_back_by_the_sweep(made: Addressee, monkeypatch: pytest.MonkeyPatch) -> None:
    """No response is late to what came back to us; one given stands."""
    post_letters(at=RELEASE)
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    postings = [row.posting_id for row in delivering.bringing_letters(addressee())]
    assert addressee().received_how == "email"
    with writes_now():
        for posting in db.session.scalars(select(Posting).where(Posting.id.in_(postings))):
            posting.state = "bounced"
    assert sweep_recommendations(at=SOON) == len(postings)
    assert (addressee().received_on, addressee().due_on) == (None, None)
    assert sweep_recommendations(at=SOON) == 0


def test_a_letter_that_failed_is_told_though_the_recommendation_is_received(made: Addressee) -> None:
    """Somebody was not written to; once the agency has responded, nobody has to be."""

    def lost() -> list[str]:
        review = addressee().recommendation.review
        needs = needs_of([review], acting("officer"), london_day(SOON), SOON)[review.id]
        return [need.text for need in needs if "could not be delivered" in need.text]

    post_letters(at=RELEASE)
    with writes_now():
        letter = delivering.bringing_letters(addressee())[0]
        assert letter.posting
        letter.posting.state = "failed"
    assert addressee().received_on is not None
    assert lost() == ["1 letter could not be delivered"]
    with writes_now():
        service.respond(addressee(), "accept", response="We will.", by=acting("fire_responder"), at=SOON)
    assert lost() == []


def test_what_came_back_and_was_answered_stays_received(made: Addressee) -> None:
    post_letters(at=RELEASE)
    with writes_now():
        service.respond(addressee(), "note", response="Seen.", by=acting("fire_responder"), at=SOON)
        for letter in delivering.bringing_letters(addressee()):
            assert letter.posting is not None
            letter.posting.state = "bounced"
    assert sweep_recommendations(at=SOON) == 0
    assert addressee().received_on == london_day(RELEASE)


def test_the_page_says_so_and_opening_it_is_receiving(
    app: Flask, as_built: Callable[..., None], signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        as_built(come_out)
        row = addressee()
        at, follow = f"/recommendations/{row.id}", f"/recommendations/{row.id}/check"
    officer = signed_in("officer")
    assert "Not delivered yet" in officer.get(follow).text
    assert "Nothing has reached" in officer.get(f"{at}/delivery").text
    assert signed_in("fire_responder").get(f"{at}/delivery").status_code == 404
    assert signed_in("fire_responder").get(at).status_code == 200
    assert "Not delivered yet" not in officer.get(follow).text
