"""Bounces, delays, automatic answers and replies: read, matched to the letter they are about, and trusted no further."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.mail_reading import MOST_BYTES, read_mail, tagged
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest
from tests.conftest import NOW
from tests.scrutiny.correspondence.bounces import AWAY, EXCHANGE, POSTFIX, QMAIL, REPLY, made
from tests.scrutiny.requests.test_delivering import issued_to

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
    message_id = letter.message_id
    assert request_now().delivered_on is not None
    taken = take_in(made(form, message_id=message_id, to="hall@example.org"), at=LATER)
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
    take_in(made(POSTFIX, message_id=letter.message_id), at=LATER)
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
        message_id = db.session.scalars(select(Posting.message_id)).one()
        take_in(made(REPLY, message_id=message_id), at=LATER)
        take_in(made(POSTFIX, message_id=message_id, to="hall@example.org"), at=LATER)
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
    assert signed_in("councillor").post(f"{here}/email/{mail_id}/dealt-with").status_code == 403
    assert officer.post(f"{here}/email/{mail_id}/dealt-with").status_code == 302
    assert "a reply came by email" not in officer.get("/inbox").text
    unmatched = signed_in("administrator").get("/administration/mail").text
    assert unmatched.count("Mark as dealt with") == 1
    assert officer.get("/administration/mail").status_code == 404
