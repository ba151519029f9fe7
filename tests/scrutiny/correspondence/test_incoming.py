"""Bounces, delays, automatic answers and replies: read, matched to the letter they are about, and trusted no further."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from scrutiny.agency_record import receipts
from scrutiny.asking.delivering import enter_delivery
from scrutiny.asking.presenters import starts_shown
from scrutiny.correspondence import incoming
from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.mail_reading import MOST_BYTES, read_mail, tagged
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.due_dates.calculation import starts_known
from scrutiny.due_dates.starting import enter_start, starts_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests import ways
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.ways import CAME_BY
from tests.conftest import NOW
from tests.scrutiny.correspondence.bounces import AWAY, EXCHANGE, POSTFIX, QMAIL, REPLY, came_back, made
from tests.scrutiny.requests.test_delivering import issued_to
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def letter(context: None, cast: SimpleNamespace) -> Posting:
    """The posting of a request to the county council's one address, accepted by the mail server."""
    issued_to(cast, "county_council", email="hall@example.org")
    post_letters(at=NOW)
    return db.session.scalars(select(Posting)).one()


def request_now() -> EvidenceRequest:
    """The request as it is kept."""
    return db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.state == "issued")).one()


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (POSTFIX, "hall@example.org: there is no such mailbox (550 5.1.1 No such user)"),
        (EXCHANGE, "hall@example.org: the mailbox is full (554 5.2.2 mailbox full)"),
        (QMAIL, "Hi. This is the qmail-send program at example.org. <hall@example.org>: Sorry, no mailbox here"),
    ],
)
def test_a_bounce_takes_the_delivery_back(letter: Posting, form: str, fault: str) -> None:
    assert request_now().delivered_on is not None
    taken = take_in(came_back(form, letter, to="hall@example.org"), at=LATER)
    assert (taken.kind, taken.about) == ("bounce", request_now().plain)
    posting, delivery = db.session.scalars(select(Posting)).one(), db.session.scalars(select(Delivery)).one()
    assert (posting.state, delivery.state) == ("bounced", "failed")
    assert posting.fault.startswith(fault)
    assert delivery.fault == posting.fault
    assert request_now().delivered_on is None
    assert {item.due_on for item in request_now().items} == {None}


def test_a_bounce_does_not_undo_what_the_agency_has_opened(letter: Posting) -> None:
    request_now().opened_at = NOW
    db.session.commit()
    take_in(came_back(POSTFIX, letter), at=LATER)
    assert request_now().delivered_on is not None
    assert db.session.scalars(select(Posting.state)).one() == "bounced", "but the letter is shown as come back"


@pytest.mark.parametrize(
    ("form", "more", "kind"),
    [
        (POSTFIX, {"action": "delayed", "status": "4.4.1", "told": "451 try later"}, "delayed"),
        (AWAY, {}, "auto"),
        (REPLY, {}, "reply"),
    ],
)
def test_what_is_no_bounce_changes_no_letter(letter: Posting, form: str, more: dict[str, str], kind: str) -> None:
    taken = take_in(made(form, message_id=letter.message_id, **more), at=LATER)
    assert (taken.kind, taken.about) == (kind, request_now().plain)
    assert db.session.scalars(select(Posting.state)).one() == "posted"
    assert request_now().delivered_on is not None


def test_the_same_email_again_and_our_own_letter_are_known(letter: Posting) -> None:
    raw = made(REPLY, message_id=letter.message_id)
    assert not take_in(raw, at=LATER).known
    assert take_in(raw, at=LATER).known
    own = f"From: no-reply@loamshire.example\r\nMessage-ID: <{letter.message_id}>\r\n\r\nDear Ms Bright\r\n".encode()
    assert take_in(own, at=LATER).kind == "own"
    assert len(db.session.scalars(select(IncomingMail)).all()) == 1


def test_nothing_is_ever_answered(letter: Posting) -> None:
    before = len(db.session.scalars(select(Letter)).all())
    for form in (POSTFIX, EXCHANGE, AWAY, REPLY):
        take_in(made(form, message_id=letter.message_id), at=LATER)
    assert len(db.session.scalars(select(Letter)).all()) == before


def test_a_bounce_that_names_no_letter_of_ours_is_listed_and_touches_nothing(letter: Posting) -> None:
    assert take_in(made(POSTFIX, message_id="forged@example.org", to="hall@example.org"), at=LATER).about == ""
    assert db.session.scalars(select(Posting.state)).one() == "posted"


def test_the_token_in_the_address_is_sealed(letter: Posting, app: Flask) -> None:
    secret = app.config["SETTINGS"].secret_key
    right = tagged("replies@loamshire.example", letter.id, secret)
    wrong = right.replace("+", "+9", 1)
    body = "From: ms.bright@example.org\r\nTo: {to}\r\nSubject: Ours\r\n\r\nOur answer.\r\n"
    assert take_in(body.format(to=wrong).encode(), at=LATER).about == ""
    assert take_in(body.format(to=right).encode(), at=LATER).about == request_now().plain


def test_what_is_kept_is_plain_words_and_names() -> None:
    read = read_mail(made(REPLY, message_id="one@example.org"))
    assert read.text == "Our answer is attached.\n<script>alert(1)</script>"
    assert read.attachments == ("../waits.xls",)
    assert read.about == ("one@example.org", "earlier@example.org")


def test_no_bytes_whatever_break_the_reading() -> None:
    chance = random.Random(9)
    raw = made(POSTFIX, message_id="one@example.org")
    for _ in range(300):
        spoilt = bytearray(raw)
        for _ in range(chance.randrange(1, 60)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        cut = spoilt[: chance.randrange(len(spoilt))]
        assert read_mail(bytes(cut)).kind in ("bounce", "delayed", "auto", "reply")
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300))
    assert read_mail(deep).kind == "reply"
    huge = made(REPLY, message_id="one@example.org") + b"x" * (MOST_BYTES * 2)
    assert len(read_mail(huge).text) <= 20_000
    assert read_mail(b"").message_id == ""


def test_a_piped_email_is_taken_in(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        issued_to(cast, "county_council", email="hall@example.org")
        post_letters(at=datetime.now(UTC))
        message_id = db.session.scalars(select(Posting.message_id)).one()
    run = app.test_cli_runner()
    done = run.invoke(args=["mail", "receive", "--json"], input=made(POSTFIX, message_id=message_id))
    assert json.loads(done.stdout)["kind"] == "bounce"
    refused = run.invoke(args=["mail", "receive"], input=b"")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Came back" in run.invoke(args=["mail", "list"]).stdout
    assert run.invoke(args=["mail", "list", "--unmatched"]).stdout == "Nothing came in\n"


def test_the_officer_sees_it_at_the_request_and_on_my_work(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    with app.app_context():
        issued_to(cast, "county_council", email="hall@example.org")
        post_letters(at=NOW)
        posting = db.session.scalars(select(Posting)).one()
        bounce = came_back(POSTFIX, posting, to="hall@example.org")
        take_in(made(REPLY, message_id=posting.message_id), at=LATER)
        take_in(bounce, at=LATER)
        take_in(made(POSTFIX, message_id="unknown@example.org"), at=LATER)
        request = request_now()
        here = f"/reviews/{request.review.reference}/requests/{request.slug}"
        mail_id = db.session.scalars(select(IncomingMail.id).where(IncomingMail.kind == "reply")).one()
    officer = signed_in("officer")
    page = officer.get(here).text
    assert "A letter came back" in page
    assert "A reply came by email" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "alert(2)" not in page
    assert "Loamshire County Council: a reply came by email" in officer.get("/inbox").text
    assert "Our answer is attached" not in signed_in("councillor").get(here).text
    chair = signed_in("chair").get(here).text
    assert "A reply came by email" in chair, "the chair runs the review, and is told that it came"
    for words in ("Our answer is attached", "waits.xls", "Re: A request"):
        assert words not in chair, "but nobody has marked it: a councillor may not read it"
    assert signed_in("councillor").post(f"{here}/email/{mail_id}/dealt-with").status_code == 403
    assert officer.post(f"{here}/email/{mail_id}/dealt-with").status_code == 302
    assert "a reply came by email" not in officer.get("/inbox").text
    unmatched = signed_in("administrator").get("/administration/mail").text
    assert unmatched.count("Mark as dealt with") == 1
    assert officer.get("/administration/mail").status_code == 404


def test_a_reply_is_entered_as_the_answer_it_is(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    """Its words and its day are filled in, its way is said wherever an answer's way is, and it is dealt with by that."""
    with app.app_context():
        issued_to(cast, "county_council", email="hall@example.org")
        post_letters(at=NOW)
        posting = db.session.scalars(select(Posting)).one()
        take_in(made(REPLY, message_id=posting.message_id), at=LATER)
        request = request_now()
        here = f"/reviews/{request.review.reference}/requests/{request.slug}"
        mail_id = db.session.scalars(select(IncomingMail.id).where(IncomingMail.kind == "reply")).one()
        day = london_day(LATER)
    officer, enter = signed_in("officer"), f"{here}/1/enter?email={mail_id}"
    assert f'href="{enter}"' in officer.get(here).text
    page = officer.get(enter).text
    assert "Our answer is attached" in page
    assert "waits.xls" in page
    assert re.search(r'value="email"[^>]*checked', page)
    assert signed_in("chair").get(enter).status_code == 404, "nobody has marked it: a councillor may not read it"
    assert signed_in("councillor").get(enter).status_code == 403
    assert officer.get(f"{here}/1/enter?email=999").status_code == 404
    entry = {"came_by": "email", "received_by": "Olwen", "received_on": [str(day.day), str(day.month), str(day.year)]}
    entry |= {"text": "Our answer is 214.", "marking": "open", "as_at": ["", "", ""]}
    assert "Say who received it" in officer.post(enter, data=entry | {"received_by": ""}).text
    assert officer.post(enter, data=entry).status_code == 302
    assert "a reply came by email" not in officer.get("/inbox").text
    assert "Came by email, received by Olwen" in officer.get(f"{here}/1").text
    assert "Entered an answer that came by email" in officer.get(f"/reviews/{here.split('/')[2]}/history").text
    with app.app_context():
        assert db.session.get_one(IncomingMail, mail_id).dealt_at is not None
        item = request_now().items[0]
        row = receipts._receipt_row(item, item.answers[0], {item.answers[0].by: "Officer"})
        assert (row.state, row.by) == ("Received by email by Olwen, and entered by Officer", "")


@pytest.mark.parametrize("way", sorted(CAME_BY))
def test_every_way_is_said_wherever_an_answer_is_shown(app: Flask, way: str) -> None:
    """Receipts, the history and the page of an item read one table; none of them knows the ways by itself."""
    with app.test_request_context():
        said = f"came {ways.within(way)}"
        entry = SimpleNamespace(fields=SimpleNamespace(came_by=way))
        assert said in render_template("events/item_entered.html", entry=entry)
        assert ways.within(way) in ways.all_ways()
    root = Path(app.root_path)
    for path in [*root.rglob("*.py"), *(root.parent / "templates").rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert path.name == "ways.py" or not re.search(r"[\"']telephone[\"'] ?:", text), f"{path.name} has a table of its own"


def bounce_kept() -> IncomingMail:
    """The one email that says a letter came back."""
    return db.session.scalars(select(IncomingMail).where(IncomingMail.kind == "bounce")).one()


@pytest.mark.parametrize("form", [POSTFIX, EXCHANGE, QMAIL])
@pytest.mark.parametrize("back", ["replies", "message-id", "another", "no message-id"])
def test_a_bounce_that_proves_nothing_changes_nothing(letter: Posting, app: Flask, form: str, back: str) -> None:
    """The address for replies stands in the letter, so whoever has it can write to it; so can whoever knows the Message-ID."""
    secret, address = app.config["SETTINGS"].secret_key, "replies@loamshire.example"
    backs = {
        "replies": tagged(address, letter.id, secret),
        "message-id": address,
        "another": tagged(address, letter.id + 1, secret, bounces=True),
        "no message-id": tagged(address, letter.id, secret, bounces=True),
    }
    message_id = "another@example.org" if back == "no message-id" else letter.message_id
    assert take_in(made(form, message_id=message_id, back=backs[back]), at=LATER).about == request_now().plain
    assert (db.session.scalars(select(Posting.state)).one(), bounce_kept().proven) == ("posted", False)
    assert request_now().delivered_on is not None


def test_the_return_path_is_not_the_address_for_replies(letter: Posting, app: Flask) -> None:
    secret = app.config["SETTINGS"].secret_key
    replies, bounces = (tagged("replies@loamshire.example", 17, secret, bounces=one) for one in (False, True))
    assert replies.partition("-")[2] != bounces.partition("-")[2]
    assert "+b17-" in bounces


def test_an_officer_may_confirm_what_nothing_proves(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    with app.app_context():
        issued_to(cast, "county_council", email="hall@example.org")
        post_letters(at=NOW)
        message_id = db.session.scalars(select(Posting.message_id)).one()
        take_in(made(POSTFIX, message_id=message_id, to="hall@example.org"), at=LATER)
        here, mail_id = f"/reviews/{request_now().review.reference}/requests/{request_now().slug}", bounce_kept().id
    officer, address = signed_in("officer"), f"{here}/email/{mail_id}/did-not-arrive"
    assert "nothing proves it" in officer.get(here).text
    assert signed_in("councillor").post(address).status_code == 403
    assert officer.post(address).status_code == 302
    assert "1 request no longer counted as delivered" in officer.get(here).text
    with app.app_context():
        assert (request_now().delivered_on, bounce_kept().proven) == (None, True)
    assert "Only an email that says" in officer.post(address, follow_redirects=True).text


def test_what_a_letter_that_came_back_had_started_is_void(letter: Posting) -> None:
    """Its receipt never was: sent by post afterwards, nothing counts from it."""
    request = request_now()
    assert set(starts_known(request)) == {"request_sent", "request_received", "notification"}
    take_in(came_back(POSTFIX, letter), at=LATER)
    assert starts_known(request) == {}
    shown = starts_shown(starts_of(request))
    assert len(shown) == 3
    assert not any(one.stands for one in shown)
    assert {one.how for one in shown} == {"the email came back, so this did not happen"}
    posted_on = (LATER + timedelta(days=1)).date()
    enter_delivery(
        request,
        how="post",
        on=posted_on,
        words="Second class, by the post room",
        by=acting("officer"),
        at=LATER + timedelta(days=1),
    )
    assert starts_known(request) == {"request_sent": posted_on}


def test_a_letter_whose_receipt_an_officer_entered_has_arrived(letter: Posting) -> None:
    request, tomorrow = request_now(), NOW + timedelta(days=1)
    enter_start(request, "request_received", tomorrow.date(), by=acting("officer"), at=tomorrow)
    db.session.commit()
    take_in(came_back(POSTFIX, letter), at=tomorrow + timedelta(hours=1))
    assert request_now().delivered_on is not None
    assert db.session.scalars(select(Posting.state)).one() == "bounced", "but the letter is shown as come back"


def test_an_email_that_cannot_be_taken_in_goes_back_to_the_mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object, **named: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("scrutiny.correspondence.incoming_commands.take_in", fails)
    done = app.test_cli_runner().invoke(args=["mail", "receive"], input=made(REPLY, message_id="one@example.org"))
    assert (done.exit_code, done.stdout) == (75, "")
    assert "pipe it in again" in done.stderr


def test_taking_in_is_done_again_where_another_came_between(letter: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, calls = incoming._enter, []

    def overtaken_once(*given: Any, **named: Any) -> IncomingMail:
        calls.append(1)
        if len(calls) == 1:
            raise StaleDataError("another wrote at the same moment")
        return entered(*given, **named)

    monkeypatch.setattr(incoming, "_enter", overtaken_once)
    raw = came_back(POSTFIX, letter)
    assert take_in(raw, at=LATER).kind == "bounce"
    assert (len(calls), request_now().delivered_on) == (2, None)
