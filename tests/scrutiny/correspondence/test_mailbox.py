"""The mailbox is read from a real IMAP server: each email once, and none that could not be kept is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.adapters import mailbox
from scrutiny.adapters.mailbox import Mailbox, MailboxClosed
from scrutiny.correspondence import incoming_jobs
from scrutiny.correspondence.incoming import TakenIn, take_in
from scrutiny.correspondence.incoming_jobs import read_mailbox
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Posting
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from tests.conftest import NOW
from tests.scrutiny.adapters.imap_server import DOVECOT, ImapServer, running
from tests.scrutiny.correspondence.bounces import AWAY, POSTFIX, REPLY, came_back, made
from tests.scrutiny.requests.test_delivering import issued_to

pytestmark = pytest.mark.skipif(not Path(DOVECOT).exists(), reason="Dovecot is missing (apt-get install dovecot-imapd)")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    """A mail server with an empty inbox; its folder can be entered by whom it runs as."""
    home = Path(tempfile.mkdtemp(prefix="imap"))
    home.chmod(0o755)
    with running(home) as started:
        yield started
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def read_here(context: None, app: Flask, server: ImapServer) -> ImapServer:
    """The same, as the mailbox of this instance."""
    app.extensions["adapters"] = replace(app.extensions["adapters"], mailbox=Mailbox(server.url))
    return server


def kinds() -> list[str]:
    """What came in, in order."""
    return list(db.session.scalars(select(IncomingMail.kind).order_by(IncomingMail.id)))


def test_a_bounce_a_reply_and_an_automatic_answer_are_read_once(read_here: ImapServer, cast: SimpleNamespace) -> None:
    issued_to(cast, "county_council", email="hall@example.org")
    post_letters(at=NOW)
    posting = db.session.scalars(select(Posting)).one()
    read_here.deliver("1.bounce.example", came_back(POSTFIX, posting, to="hall@example.org"))
    read_here.deliver("2.away.example", made(AWAY, message_id=posting.message_id))
    read_here.deliver("3.reply.example", made(REPLY, message_id=posting.message_id))
    assert read_mailbox(at=LATER) == "3 emails read: 1 auto, 1 bounce, 1 reply"
    assert kinds() == ["bounce", "auto", "reply"]
    assert db.session.scalars(select(EvidenceRequest.delivered_on).where(EvidenceRequest.state == "issued")).one() is None
    assert read_mailbox(at=LATER) == "0 emails read"
    assert read_here.read_ones() == ["1.bounce.example", "2.away.example", "3.reply.example"]


def test_what_cannot_be_kept_stays_unread_and_is_tried_again(read_here: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_for_one(raw: bytes, **named: object) -> TakenIn:
        if b"Automatic reply" in raw:
            raise RuntimeError("the database is away")
        return take_in(raw, at=LATER)

    read_here.deliver("1.away.example", made(AWAY, message_id="one@example.org"))
    read_here.deliver("2.reply.example", made(REPLY, message_id="one@example.org"))
    with monkeypatch.context() as patched:
        patched.setattr(incoming_jobs, "take_in", fails_for_one)
        assert read_mailbox(at=LATER) == "1 email read: 1 reply; 1 email not taken in, to be tried again: see the log"
    assert (kinds(), read_here.read_ones()) == (["reply"], ["2.reply.example"])
    assert read_mailbox(at=LATER) == "1 email read: 1 auto"
    assert (kinds(), len(read_here.read_ones())) == (["reply", "auto"], 2)


def test_what_can_never_be_kept_keeps_nothing_else_waiting(server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "AT_ONCE", 2)
    for number in range(1, 6):
        server.deliver(f"{number}.example", b"Subject: %d\r\n\r\n%s\r\n" % (number, b"bad" if number < 4 else b"good"))
    assert Mailbox(server.url).read(lambda raw: b"good" in raw, most_bytes=1000) == 2
    assert server.read_ones() == ["4.example", "5.example"]


def test_a_process_killed_after_keeping_takes_the_email_in_once(read_here: ImapServer) -> None:
    """It is kept before it is marked as read: what was kept and not marked is recognised."""
    raw = made(REPLY, message_id="one@example.org")
    read_here.deliver("1.reply.example", raw)
    take_in(raw, at=LATER)
    assert read_mailbox(at=LATER) == "1 email read: 1 reply"
    assert (kinds(), read_here.read_ones()) == (["reply"], ["1.reply.example"])


def test_a_mailbox_that_cannot_be_opened_says_so_without_its_password(server: ImapServer) -> None:
    with pytest.raises(MailboxClosed) as closed:
        Mailbox(server.url.replace("open-sesame", "wrong-word")).read(lambda raw: True, most_bytes=1000)
    assert "cannot be opened" in str(closed.value)
    assert "wrong-word" not in str(closed.value)
    with pytest.raises(MailboxClosed):
        Mailbox(server.url.replace("INBOX", "Nowhere")).read(lambda raw: True, most_bytes=1000)
