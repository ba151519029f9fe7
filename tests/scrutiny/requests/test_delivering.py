"""Delivery as a fact: no day runs, nobody is chased and nothing is counted before a request reaches its agency."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.adapters.mail import MailNotAccepted
from scrutiny.agencies.models import Agency
from scrutiny.asking import delivering, presenters, service
from scrutiny.asking.jobs import sweep_deliveries
from scrutiny.chasing.jobs import remind
from scrutiny.chasing.queries import coming_in, silent_in
from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.publication import registering
from scrutiny.requests import contacts
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import agencies_of, overdue
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from scrutiny.worklist import delays
from scrutiny.worklist.needs import needs_of
from tests.conftest import NOW
from tests.scrutiny.correspondence.bounces import POSTFIX, came_back
from tests.scrutiny.requests.answering_scene import document_of
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]
TODAY = date(2026, 3, 2)
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)


class Stubborn:
    """A mail server that refuses for good whatever goes to one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken: list[str] = []

    may_take_several = False

    def post(self, message: object) -> None:
        """Refuse that one address."""
        to = str(message["To"])
        if self.address in to:
            raise MailNotAccepted(f"{self.address}: 550 No such user here", permanent=True)
        self.taken.append(to)


def issued_to(cast: SimpleNamespace, agency: str, *, email: str | None = None) -> int:
    """The id of a request issued to one agency, its letters not yet posted."""
    with writes_now():
        if email is not None:
            db.session.get_one(Agency, getattr(cast, agency)).email = email
        review = opened(cast)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        request = next(one for one in drafts if one.agency_id == getattr(cast, agency))
        service.issue_requests(review, [request], by=acting("officer"), at=NOW)
        return request.id


def request_of(request_id: int) -> EvidenceRequest:
    """The request as it is kept."""
    return db.session.get_one(EvidenceRequest, request_id, populate_existing=True)


def delivery_of(request_id: int) -> Delivery:
    """Its delivery as it is kept."""
    rows = select(Delivery).where(Delivery.request_id == request_id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).one()


def nothing_runs(request: EvidenceRequest) -> None:
    """No item has a date, nothing is late, chased, logged or registered, and the agency was not asked."""
    assert {(item.due_on, item.statutory_due_on, item.next_step_on) for item in request.items} == {(None, None, None)}
    later = LATER.date()
    assert not overdue(request, later)
    assert not silent_in(request.review, later)
    assert not coming_in(request.review, LATER, days=30)
    assert not registering.would_say(request, later)
    assert not delays.fell_due(acting("officer"), TODAY, later, later)
    assert not agencies_of(request.review_id)
    assert {presenters.how(item, later).key for item in request.items} == {"not-delivered"}


def test_a_request_is_asked_when_the_mail_server_accepts_its_letter(context: None, cast: SimpleNamespace) -> None:
    request_id = issued_to(cast, "police")
    nothing_runs(request_of(request_id))
    promised = {delivering.promised_on(item) for item in request_of(request_id).items}
    post_letters(at=NOW)
    request = request_of(request_id)
    assert (request.delivered_on, delivery_of(request_id).state, delivery_of(request_id).how) == (TODAY, "delivered", "email")
    assert {item.due_on for item in request.items} == promised, "the day the letter names is the day that runs"
    assert all(item.next_step_on for item in request.items)
    assert agencies_of(request.review_id) == [request.agency]


def test_a_letter_accepted_days_later_counts_from_then_and_the_agency_is_told(context: None, cast: SimpleNamespace) -> None:
    request_id = issued_to(cast, "county_council")
    before = {item.id: delivering.promised_on(item) for item in request_of(request_id).items}
    post_letters(at=NOW + timedelta(days=3))
    request = request_of(request_id)
    assert request.delivered_on == TODAY + timedelta(days=3)
    assert all(item.starts_on == request.delivered_on for item in request.items if item.start_event == "request_received")
    assert {item.statutory_due_on for item in request.items if item.statutory_due_on} == {date(2026, 3, 15)}
    moved = [item for item in request.items if item.due_on != before[item.id]]
    told = db.session.scalars(select(Letter).where(Letter.kind == "dates_recounted")).all()
    assert bool(told) == bool(moved)


def test_an_agency_without_an_address_is_not_asked_until_its_letter_is_posted(context: None, cast: SimpleNamespace) -> None:
    request_id = issued_to(cast, "county_council", email="")
    assert (delivery_of(request_id).state, delivery_of(request_id).fault) == ("failed", "No email address is known")
    nothing_runs(request_of(request_id))
    assert remind(at=LATER) == "0 reminders written"
    with writes_now():
        request = request_of(request_id)
        for on, why in ((TODAY + timedelta(days=1), "after today"), (TODAY - timedelta(days=1), "was issued on")):
            with pytest.raises(Refused, match=why):
                service.enter_delivery(request, how="post", on=on, words="By Olwen", by=acting("officer"), at=NOW)
        with pytest.raises(Refused, match="who posted it"):
            service.enter_delivery(request, how="post", on=TODAY, words=" ", by=acting("officer"), at=NOW)
    with writes_now():
        service.enter_delivery(request_of(request_id), how="post", on=TODAY, words="By Olwen", by=acting("officer"), at=NOW)
    request = request_of(request_id)
    assert (request.delivered_on, delivery_of(request_id).how, delivery_of(request_id).words) == (TODAY, "post", "By Olwen")
    assert request.items[0].due_on is not None
    assert document_of(request).statutory_due_on is None, "the law counts from receipt, which nobody has entered"
    assert db.session.scalars(select(Posting.state)).all() == ["by_post"]


def test_handed_over_is_received_the_same_day(context: None, cast: SimpleNamespace) -> None:
    request_id = issued_to(cast, "county_council", email="")
    with writes_now():
        service.enter_delivery(request_of(request_id), how="hand", on=TODAY, words="By Olwen", by=acting("officer"), at=NOW)
    assert document_of(request_of(request_id)).statutory_due_on == date(2026, 3, 12)


def test_a_refused_address_is_corrected_and_the_letter_goes_again(
    context: None, cast: SimpleNamespace, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = issued_to(cast, "county_council", email="gone@example.org")
    server = Stubborn("gone@example.org")
    monkeypatch.setattr(type(fitted.mailer()), "post", lambda self, message: server.post(message))
    post_letters(at=NOW)
    assert "550 No such user here" in delivery_of(request_id).fault
    nothing_runs(request_of(request_id))
    needs = needs_of([request_of(request_id).review], acting("officer"), TODAY, NOW)[request_of(request_id).review_id]
    assert [need.text for need in needs if "not delivered" in need.text]
    tomorrow = NOW + timedelta(days=1)
    with writes_now():
        request = request_of(request_id)
        contacts.enter_contact(request, name="Ms Bright", email="Bright@Example.org ", by=acting("officer"), at=tomorrow)
        sent = service.send_again(request, by=acting("officer"), at=tomorrow)
        assert [letter.address for letter in sent] == ["bright@example.org"]
    nothing_runs(request_of(request_id))
    post_letters(at=tomorrow)
    request = request_of(request_id)
    assert request.delivered_on == TODAY + timedelta(days=1)
    assert document_of(request).statutory_due_on == date(2026, 3, 13)
    assert db.session.get_one(Agency, cast.county_council).email == "gone@example.org", "the agency's own record stays"
    assert not needs_of([request.review], acting("officer"), TODAY, NOW)[request.review_id] or "not delivered" not in str(
        needs_of([request.review], acting("officer"), TODAY, NOW)
    )
    assert not db.session.scalars(select(Letter).where(Letter.kind == "dates_recounted")).all(), "the new letter names the day"


def test_what_came_of_a_letter_and_was_not_noted_is_noted_by_the_sweep(
    context: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = issued_to(cast, "police")
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    post_letters(at=NOW)
    assert delivery_of(request_id).state == "waiting"
    sweep_deliveries(at=NOW + timedelta(minutes=1))
    assert request_of(request_id).delivered_on == TODAY


@pytest.mark.parametrize("stopped_after", ["accepted", "posted"])
def test_what_came_back_and_was_not_noted_is_noted_by_the_sweep(
    context: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, stopped_after: str
) -> None:
    request_id = issued_to(cast, "county_council", email="hall@example.org")
    if stopped_after == "accepted":
        post_letters(at=NOW)
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    post_letters(at=NOW)
    assert delivery_of(request_id).state == ("delivered" if stopped_after == "accepted" else "waiting")
    take_in(came_back(POSTFIX, db.session.scalars(select(Posting)).one(), to="hall@example.org"), at=LATER)
    sweep_deliveries(at=LATER)
    assert delivery_of(request_id).state == "failed"
    assert "there is no such mailbox" in delivery_of(request_id).fault
    nothing_runs(request_of(request_id))
    assert sweep_deliveries(at=LATER) == 0, "and there is nothing left to note"


def test_an_acceptance_noted_after_the_letter_came_back_delivers_nothing(context: None, cast: SimpleNamespace) -> None:
    request_id = issued_to(cast, "county_council", email="hall@example.org")
    post_letters(at=NOW)
    take_in(came_back(POSTFIX, db.session.scalars(select(Posting)).one(), to="hall@example.org"), at=LATER)
    with writes_now():
        delivering.note_accepted(db.session.scalars(select(Letter).where(Letter.kind == delivering.ASKS)).one(), at=LATER)
    assert delivery_of(request_id).state == "failed"


@pytest.mark.parametrize("typed", ["", "  ", "bright", "a@b", "a@@b.org", "two words@example.org", "a@b.org, c@d.org"])
def test_a_contact_that_is_no_address_is_refused(context: None, cast: SimpleNamespace, typed: str) -> None:
    request_id = issued_to(cast, "police")
    with writes_now(), pytest.raises(Refused, match="is not an email address we can write to"):
        contacts.enter_contact(request_of(request_id), name="Ms Bright", email=typed, by=acting("officer"), at=NOW)


def test_an_officer_sees_what_was_not_delivered_and_mends_it(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    with app.app_context():
        request_id = issued_to(cast, "county_council", email="")
        request = request_of(request_id)
        here, review = f"/reviews/{request.review.reference}/requests/{request.slug}", f"/reviews/{request.review.reference}"
    officer = signed_in("officer")
    for page in ("/inbox", review):
        assert "The request to Loamshire County Council was not delivered: No email address is known" in officer.get(page).text
    assert "This request has not been delivered" in officer.get(here).text
    assert "Not delivered" in officer.get(f"{review}/requests").text
    assert officer.get(f"{here}/print").status_code == 200
    typed = {"name": "County Hall", "email": "not an address"}
    page = officer.post(f"{here}/contact", data=typed)
    assert "not an email address" in page.text or "Enter an email address" in page.text
    assert 'value="not an address"' in page.text, "nothing typed is lost"
    done = officer.post(f"{here}/contact", data=typed | {"email": "hall@example.org", "report": "y"}, follow_redirects=True)
    assert "1 email queued to hall@example.org" in done.text
    assert "We have told" in done.text
    with app.app_context():
        letters = dict(db.session.execute(select(Letter.kind, Letter.text)).all())
        assert "hall@example.org" in letters["address_reported"]
    for who, status in (("councillor", 403), ("stranger", 404), ("responder", 404)):
        for part in ("contact", "print", "delivered"):
            assert signed_in(who).get(f"{here}/{part}").status_code == status, (who, part)


def test_the_issue_page_counts_addresses_and_the_message_says_what_happened(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask
) -> None:
    with app.app_context(), writes_now():
        db.session.get_one(Agency, cast.county_council).email = ""
        review: Review = opened(cast)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        reference, ids = review.reference, [str(one.id) for one in drafts]
    officer = signed_in("officer")
    page = officer.get(f"/reviews/{reference}/requests/issue").text
    assert "emails to 5 agencies, within a minute." in page
    assert "1 agency has no email address: Loamshire County Council." in page
    assert f"/reviews/{reference}/requests/P01/contact" in page
    done = officer.post(f"/reviews/{reference}/requests/issue", data={"requests": ids}, follow_redirects=True).text
    assert "emails queued. 1 agency has no email address: Loamshire County Council." in done


def test_the_commands_do_the_same(app: Flask, cast: SimpleNamespace) -> None:
    run = app.test_cli_runner()
    with app.app_context():
        reference = request_of(issued_to(cast, "county_council", email="")).reference
    listed = json.loads(run.invoke(args=["requests", "undelivered", "--json"]).stdout)
    assert [(row["reference"], row["delivery"], row["fault"]) for row in listed] == [
        (reference, "failed", "No email address is known")
    ]
    again = ["requests", "send-again", reference]
    refused = run.invoke(args=again)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "enter a contact, or post the letter" in refused.stderr
    assert run.invoke(args=["requests", "contact", reference, "--name", "Hall", "--email", "hall"]).exit_code == 1
    assert run.invoke(args=["requests", "contact", reference, "--name", "Hall", "--email", "hall@example.org"]).exit_code == 0
    assert run.invoke(args=again).stdout == "Queued to hall@example.org\n"
    on = ["--on", datetime.now(UTC).date().isoformat(), "--words", "Handed to the clerk", "--json"]
    done = json.loads(run.invoke(args=["requests", "delivered", reference, "--how", "hand", *on]).stdout)
    assert (done["delivery"], done["how"]) == ("delivered", "hand")
    assert run.invoke(args=["requests", "undelivered"]).stdout == "Every issued request has been delivered\n"
