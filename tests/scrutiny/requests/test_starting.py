"""Starts kept for each addressee: nothing is counted from a day nobody knows, and entering it counts again, both dates kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.agencies.models import Agency
from scrutiny.asking import service
from scrutiny.correspondence.models import Letter
from scrutiny.due_dates import starting
from scrutiny.due_dates.starting import how_known
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.requests.answering_scene import ask, document_of
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SENT = date(2026, 3, 2)
LATER = datetime(2026, 3, 9, 10, tzinfo=UTC)


def council(review: Review, cast: SimpleNamespace, *, by_post: bool) -> EvidenceRequest:
    """The request to the committee's own council, whose documents the law wants in ten clear days of receipt."""
    county = db.session.get_one(Agency, cast.county_council)
    if by_post:
        county.email = ""
    drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
    request = next(one for one in drafts if one.agency_id == county.id)
    issue_and_deliver(review, [request], by=acting("officer"), at=NOW)
    return request


@pytest.fixture
def posted(context: None, cast: SimpleNamespace) -> EvidenceRequest:
    """A request that went by post: nobody knows yet when it was received."""
    return council(opened(cast), cast, by_post=True)


@pytest.fixture
def by_law_alone(context: None, cast: SimpleNamespace) -> EvidenceRequest:
    """The same with questions of the review's own, which only the law dates."""
    db.session.get_one(Agency, cast.county_council).email = ""
    return ask(cast, agency="county_council").request


def test_by_email_it_is_taken_as_received_on_the_day_it_was_sent(context: None, cast: SimpleNamespace) -> None:
    request = council(opened(cast), cast, by_post=False)
    kept = {row.event: (row.happened_on, how_known(row)) for row in starting.starts_of(request)}
    assert kept["request_sent"] == (SENT, "the mail server accepted it")
    assert kept["request_received"][0] == SENT
    assert "sent by email" in kept["request_received"][1]
    assert document_of(request).statutory_due_on == date(2026, 3, 12)


def test_by_post_no_date_in_law_is_counted_from_a_day_nobody_knows(posted: EvidenceRequest) -> None:
    assert [row.event for row in starting.starts_of(posted)] == ["request_sent"]
    item = document_of(posted)
    assert item.statutory_due_on is None
    assert item.due_working.needs == ("request_received",)
    assert "counted from the day the request was received, and that day is not known" in due_words.why(item.due_working)
    assert item.due_on is not None, "the day of the method stands: it hangs on the review, not on the receipt"


def test_entering_the_day_of_receipt_counts_the_date_in_law_and_tells_the_agency(posted: EvidenceRequest) -> None:
    item = document_of(posted)
    agreed = item.due_on
    moved = starting.enter_start(
        posted, "request_received", date(2026, 3, 5), how="Recorded delivery", by=acting("officer"), at=LATER
    )
    assert [one.item for one in moved] == [item], "the law dates no question in words or figures"
    assert item.statutory_due_on == date(2026, 3, 15)
    assert item.due_on == agreed
    assert item.due_working.needs == ()
    assert "delivered by receipt and 10 days): Sunday 15 March 2026" in due_words.why(item.due_working)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "dates_recounted")).first()
    assert letter is not None
    assert "the request was received on Thursday 5 March 2026" in letter.text


def test_an_item_dated_by_the_law_alone_has_no_date_until_then_and_both_dates_after_a_correction(
    by_law_alone: EvidenceRequest,
) -> None:
    posted, item = by_law_alone, document_of(by_law_alone)
    assert (item.due_on, item.statutory_due_on) == (None, None)
    assert due_words.why(item.due_working).startswith("No date is set yet")
    officer = acting("officer")
    starting.enter_start(posted, "request_received", date(2026, 3, 5), by=officer, at=LATER)
    assert (item.due_on, item.first_due_on) == (date(2026, 3, 15), date(2026, 3, 15))
    assert (item.starts_on, item.start_event) == (date(2026, 3, 5), "request_received")
    starting.enter_start(posted, "request_received", date(2026, 3, 6), how="Signed for a day later", by=officer, at=LATER)
    assert (item.due_on, item.first_due_on) == (date(2026, 3, 16), date(2026, 3, 15))
    assert [row.happened_on.day for row in starting.starts_of(posted) if row.event == "request_received"] == [5, 6]
    assert item.next_step_on is not None


def test_a_day_that_was_agreed_is_not_taken_back_by_a_start(by_law_alone: EvidenceRequest) -> None:
    posted, item = by_law_alone, document_of(by_law_alone)
    officer = acting("officer")
    starting.enter_start(posted, "request_received", date(2026, 3, 5), by=officer, at=LATER)
    item.due_on = date(2026, 4, 1)  # more time was given
    starting.enter_start(posted, "request_received", date(2026, 3, 6), by=officer, at=LATER)
    assert (item.due_on, item.statutory_due_on) == (date(2026, 4, 1), date(2026, 3, 16))


@pytest.mark.parametrize(
    ("event", "on", "said"),
    [
        ("request_received", date(2026, 3, 1), "cannot have been received before that"),
        ("request_received", date(2026, 3, 10), "is after today"),
        ("request_received", date(9999, 12, 31), "is after today"),
        ("report_date", date(1969, 12, 31), "too long ago"),
        ("report_date", date(1, 1, 1), "too long ago"),
        ("meeting", date(2026, 3, 5), "Choose what happened"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(posted: EvidenceRequest, event: str, on: date, said: str) -> None:
    with pytest.raises(Refused, match=said):
        starting.enter_start(posted, event, on, by=acting("officer"), at=LATER)
    assert len(starting.starts_of(posted)) == 1


def test_the_same_day_again_and_a_draft_are_refused(posted: EvidenceRequest) -> None:
    starting.enter_start(posted, "request_received", date(2026, 3, 5), by=acting("officer"), at=LATER)
    with pytest.raises(Refused, match="entered already"):
        starting.enter_start(posted, "request_received", date(2026, 3, 5), by=acting("officer"), at=LATER)
    service.withdraw_request(posted, why="No longer needed", by=acting("officer"), at=LATER)
    with pytest.raises(Refused, match="no clock of it runs"):
        starting.enter_start(posted, "request_received", date(2026, 3, 6), by=acting("officer"), at=LATER)


def test_the_page_asks_for_the_day_and_the_command_says_the_same(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        request = council(opened(cast), cast, by_post=True)
        reference, item_id = request.reference, document_of(request).id
        db.session.commit()
    officer = signed_in("officer")
    review, slug = reference.split("/")
    page = officer.get(f"/reviews/{review}/requests/{slug}/3").text
    assert "that day is not known" in page
    assert f"/reviews/{review}/requests/{slug}/starts" in page
    page = officer.get(f"/reviews/{review}/requests/{slug}/starts").text
    assert "The request was received" in page
    sent = {"event": "request_received", "happened_on": ["1", "3", "2026"]}
    refused = officer.post(f"/reviews/{review}/requests/{slug}/starts", data=sent)
    assert "cannot have been received before that" in refused.text
    done = officer.post(f"/reviews/{review}/requests/{slug}/starts", data=sent | {"happened_on": ["5", "3", "2026"]})
    assert done.status_code == 302, done.text
    with app.app_context():
        assert db.session.get_one(Item, item_id).statutory_due_on == date(2026, 3, 15)
    said = app.test_cli_runner().invoke(args=["requests", "dates", reference, "--json"])
    row = json.loads(said.stdout)["items"][2]
    assert (row["statutory_due"], row["needs"]) == ("2026-03-15", [])
    assert row["why"]
    words = app.test_cli_runner().invoke(args=["requests", "dates", reference]).stdout
    assert f"\n    {row['why']}\n" in words
    again = app.test_cli_runner().invoke(args=["requests", "started", reference, "request_received", "--on", "2026-02-01"])
    assert again.exit_code == 1
    assert "cannot have been received before that" in again.stderr
    nobody = app.test_cli_runner().invoke(args=["requests", "dates", "R-1999-001/P01"])
    assert nobody.exit_code == 1
    assert "There is no request" in nobody.stderr


def test_only_those_who_run_the_review_enter_a_day(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        reference = council(opened(cast), cast, by_post=True).reference
        db.session.commit()
    address = "/reviews/{}/requests/{}/starts".format(*reference.split("/"))
    assert signed_in("inspector").get(address).status_code == 403
    assert signed_in("stranger").get(address).status_code == 404
    assert signed_in("responder").get(address).status_code == 404
