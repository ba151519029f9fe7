"""Withdrawing a review: what would happen is said first, then done, across every room it touches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.asking import service as requests
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies.models import Body
from scrutiny.conduct import withdrawing
from scrutiny.conduct.preview_token import mark_of
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.findings import service as finding_service
from scrutiny.reports import jobs
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.inviting import invite_partner
from scrutiny.reviews.models import Review
from scrutiny.transaction import commit, writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reports import story
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def asked(cast: SimpleNamespace) -> Review:
    """A review with one request left a draft and the others issued."""
    review = opened(cast)
    _, *others = requests.draft_requests(review, by=acting("officer"), at=NOW)
    issue_and_deliver(review, others, by=acting("officer"), at=NOW)
    return review


def _withdrawn(review: Review, why: str = "Taken over by the county.", who: str = "officer") -> Review:
    """Withdraw as the page does: with the mark of what was seen."""
    commit()
    seen = mark_of(withdrawing.preview(review, at=NOW))
    assert withdrawing.withdraw(review, why=why, seen=seen, by=acting(who), at=NOW) == ""
    return review


def test_what_would_happen_is_said_and_nothing_is_changed_by_looking(asked: Review) -> None:
    before = {request.reference: request.state for request in requests_of(asked)}
    shown = withdrawing.preview(asked, at=NOW)
    assert len(shown.requests) == len(before) - 1
    assert len(shown.drafts) == 1
    assert any(said.startswith("Loamshire Police (R-2026-001/P") and "5 items still open" in said for said in shown.requests)
    assert shown.written_to[-1] == "Office for Standards in Learning"
    db.session.expire_all()
    assert {request.reference: request.state for request in requests_of(asked)} == before
    assert asked.state == "opened"


def test_the_public_page_promises_no_report_of_a_withdrawn_review(cast: SimpleNamespace, client: FlaskClient) -> None:
    review = opened(cast, announced_on=date(2026, 3, 1))
    commit()
    address = f"/about/{review.reference}"
    assert "is published with the report" in client.get(address).text
    _withdrawn(review)
    commit()
    page = client.get(address).text
    assert "This review was withdrawn: no report of it will be published." in page
    assert "is published with the report" not in page
    assert "No report yet" not in page


def test_what_was_to_be_announced_later_is_never_announced(
    cast: SimpleNamespace, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    """Neither the preview nor the overview promises a public page, and none comes on the day that was planned."""
    review = opened(cast, announced_on=date(2026, 6, 1))
    stays = withdrawing.preview(review, at=NOW).stays
    assert "The review was to be announced on Monday 1 June 2026, and will not be." in stays
    assert not any("public page" in said for said in stays)
    _withdrawn(review)
    commit()
    assert review.announced_on is None
    at = f"/reviews/{review.reference}"
    officer = signed_in("officer")
    page = officer.get(at).text
    assert "To be announced" not in page
    assert "Not announced: the public does not know of it" in page
    for text in (page, officer.get(f"{at}/timetable").text):
        assert "To come" not in text
        assert "Planned, then withdrawn" in text
    assert client.get(f"/about/{review.reference}").status_code == 404


def test_the_page_that_is_promised_of_a_withdrawn_review_is_there(
    cast: SimpleNamespace, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    review = opened(cast, announced_on=date(2026, 3, 1))
    assert "The public page of the review says that it was withdrawn." in withdrawing.preview(review, at=NOW).stays
    _withdrawn(review)
    commit()
    assert f'href="/about/{review.reference}"' in signed_in("officer").get(f"/reviews/{review.reference}").text
    assert "This review was withdrawn" in client.get(f"/about/{review.reference}").text


def test_whoever_was_invited_is_named_and_told(cast: SimpleNamespace) -> None:
    """An invitation to a withdrawn review could no longer be answered, and nobody said why."""
    review = opened(cast)
    invitation = invite_partner(review, db.session.get_one(Body, cast.cqc), by=acting("officer"), at=NOW)
    assert "Care Standards Commission" in withdrawing.preview(review, at=NOW).written_to
    _withdrawn(review)
    assert invitation.state == "taken_back"
    assert db.session.scalars(select(Letter).where(Letter.kind == "invitation_taken_back")).all()


def test_the_letter_that_goes_is_shown(asked: Review) -> None:
    shown = withdrawing.example_letters(asked, at=NOW, public_url="http://localhost")
    assert shown
    _withdrawn(asked, "[the reason you write below]")
    written = {one.text for one in db.session.scalars(select(Letter).where(Letter.kind == "request_withdrawn"))}
    assert {one.text for one in shown} <= written


def test_every_agency_and_partner_is_told_once_and_why(asked: Review) -> None:
    _withdrawn(asked)
    assert (asked.state, asked.ended_why) == ("withdrawn", "Taken over by the county.")
    assert {request.state for request in requests_of(asked)} == {"withdrawn", "dropped"}
    rows = list(db.session.scalars(select(Letter).where(Letter.kind == "request_withdrawn").order_by(Letter.id)))
    assert len({(letter.reference, letter.person) for letter in rows}) == len(rows)
    assert {letter.reference for letter in rows} == {one.plain for one in requests_of(asked, "withdrawn")}
    partners = list(db.session.scalars(select(Letter).where(Letter.kind == "review_withdrawn")))
    assert [letter.address for letter in partners] == ["lead.inspector@example.org"]
    assert "Why: Taken over by the county." in partners[0].text
    commit()
    assert db.session.scalar(select(func.count()).where(AuditEntry.event == "review_withdrawn")) == 1


def test_agencies_whose_requests_are_closed_are_named_and_told(cast: SimpleNamespace) -> None:
    review = opened(cast)
    drafts = requests.draft_requests(review, by=acting("officer"), at=NOW)
    issue_and_deliver(review, drafts, by=acting("officer"), at=NOW)
    for request in drafts:
        for item in request.items:
            requests.withdraw_item(item, why="Not needed", by=acting("officer"), at=NOW)
        if request.state == "issued":
            requests.close_request(request, by=acting("officer"), at=NOW)
    assert {one.state for one in requests_of(review)} == {"closed"}
    shown = withdrawing.preview(review, at=NOW)
    assert shown.requests == shown.drafts == ()
    assert len(shown.closed) == len(drafts)
    assert {one.agency.name for one in drafts} < set(shown.written_to)
    _withdrawn(review)
    assert {one.state for one in requests_of(review)} == {"closed"}
    told = list(db.session.scalars(select(Letter).where(Letter.kind == "review_withdrawn_agency")))
    assert {letter.reference for letter in told} == {one.plain for one in drafts}
    assert all("Why: Taken over by the county." in letter.text for letter in told)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(asked: Review) -> None:
    seen = mark_of(withdrawing.preview(asked, at=NOW))
    issue_and_deliver(asked, requests_of(asked, "drafted"), by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="Something has changed since you looked"):
        withdrawing.withdraw(asked, why="Overtaken", seen=seen, by=acting("officer"), at=NOW)


@pytest.mark.parametrize("who", ["inspector", "lead_inspector", "councillor"])
def test_the_lifecycle_says_who_may(asked: Review, who: str) -> None:
    if who == "lead_inspector":
        _withdrawn(asked, who=who)  # the role may; that it must be the lead's is for access to say
        return
    with pytest.raises(Refused, match="Only a chair or lead inspector or scrutiny officer may withdraw the review"):
        _withdrawn(asked, who=who)


def test_a_reason_is_needed_and_a_review_that_is_over_rests(asked: Review) -> None:
    with pytest.raises(Refused, match="Say why the review is withdrawn"):
        _withdrawn(asked, why=" ")
    _withdrawn(asked)
    with pytest.raises(Refused, match="This review is withdrawn: it can no longer be changed"):
        withdrawing.preview(asked, at=NOW)


def test_a_report_on_its_way_does_not_come_out(cast: SimpleNamespace) -> None:
    """Not even where a worker holds it: it loses its claim."""
    with writes_now():
        edition = story.scheduled(cast)
        edition_id, review_id = edition.id, edition.report.review_id
    with writes_now():
        review = db.session.get_one(Review, review_id)
        warning = withdrawing.preview(review, at=NOW).warning
        assert warning.startswith("A report of this review is to be published on 3 March 2026 at 9:30am")
        report = withdrawing.preview(review, at=NOW).report
        assert "was to be published on 3 March 2026 at 9:30am, will not be published" in report
        db.session.get_one(Edition, edition_id).claim = "a worker's"
        _withdrawn(review)
    assert jobs.release_reports(at=story.RELEASE) == ""
    edition = db.session.get_one(Edition, edition_id)
    assert (edition.state, edition.claim, edition.released_at) == ("withdrawn", None, None)
    assert db.session.scalar(select(func.count()).where(Letter.kind == "report_released")) == 0


def test_agencies_are_no_longer_asked_to_check_facts(cast: SimpleNamespace) -> None:
    review, lodging = story.answered(cast)
    finding = story.found(review, lodging, cast.fire)
    finding_service.reopen_finding(finding, "A figure is wrong", by=acting("officer"), at=NOW)
    finding_service.start_accuracy_check(review, by=acting("officer"), at=NOW)
    assert len(findings.checks_of_agency(cast.fire, only_open=True)) == 1
    assert any("1 accuracy check that an agency has not answered" in said for said in withdrawing.preview(review, at=NOW).stays)
    _withdrawn(review)
    assert findings.checks_of_agency(cast.fire, only_open=True) == []
    assert len(findings.checks_of_agency(cast.fire)) == 2, "the first round was answered"


def test_signed_findings_are_warned_of(cast: SimpleNamespace) -> None:
    review, lodging = story.answered(cast)
    story.found(review, lodging, cast.fire)
    assert withdrawing.preview(review, at=NOW).warning == ""
    story.summed_up(review)
    story.signed(review)
    assert withdrawing.preview(review, at=NOW).warning.startswith("The findings are signed by Loamshire")
