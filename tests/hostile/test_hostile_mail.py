"""Emails made to harm: each is read in a child or recorded as one that cannot be read, once, and holds up no other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from scrutiny.adapters.sandbox import Lane, Limits
from scrutiny.correspondence import mail_reading
from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.mail_reading import MOST_HEADER, UNREADABLE, read_apart, tagged
from scrutiny.extensions import db
from tests.conftest import NOW

NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
FORWARDED = b"Content-Type: message/rfc822\r\n\r\n" * 5000
WIDE = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 250_000
#: Each takes longer than a test may, or breaks Python's parser, where it is read whole.
LONG = {
    "encoded words": b"Subject: " + b"=?utf-8?q?a?=\r\n " * 100_000,
    "names": b"From: " + b'"a" ' * 100_000 + b"<a@b.example>",
    "comments": b"From: " + b"(" * 200_000,
    "recipients": b"To: " + b"a@b.example, " * 100_000,
    "parameters": b"Content-Type: text/plain" + b"; a*0=b" * 50_000,
    "pieces of a file's name": b"Content-Disposition: attachment" + b"; filename*%d=a" * 50_000,
}


@pytest.mark.parametrize("header", LONG.values(), ids=LONG)
def test_a_header_of_any_length_is_cut_before_it_is_read(header: bytes) -> None:
    """What follows it is read, and the parser is never given more of it than it can take in."""
    read = read_apart(header + b"\r\n\r\nOur answer.\r\n")
    assert (read.kind, read.fault, read.text) == ("reply", "", "Our answer.")
    message = mail_reading.message_from_bytes(header + b"\r\n\r\n", policy=mail_reading._Cut())
    assert all(len(value) <= MOST_HEADER for _, value in message.raw_items())


@pytest.mark.parametrize("raw", [NESTED, FORWARDED], ids=["parts", "forwarded"])
def test_what_breaks_the_parser_is_recorded_once(context: None, raw: bytes) -> None:
    """It is not refused, for it would be brought again for ever."""
    assert not take_in(raw, at=NOW).known
    assert take_in(raw, at=NOW).known
    assert [row.fault for row in db.session.scalars(select(IncomingMail))] == [UNREADABLE]


def test_what_takes_too_long_is_recorded_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_reading, "MAIL", Lane(mail_reading.MAIL.server, Limits(seconds=0.2)))
    assert read_apart(WIDE).fault == UNREADABLE
    assert read_apart(b"Subject: Waits\r\n\r\nOur answer.\r\n").subject == "Waits"


def test_an_email_that_cannot_be_read_still_tells_which_letter_it_came_back_to() -> None:
    to = tagged("replies@example.org", 7, "x" * 40)
    assert [str(token) for token in read_apart(b"To: %s\r\n" % to.encode() + NESTED).tokens] == [to[8:-12]]


def test_nothing_that_a_database_cannot_hold_comes_out_of_an_email(context: None) -> None:
    """Neither NUL, nor half a character, nor a number too large for a key: any of them would stay unread for ever."""
    raw = (
        b"From: \x00\xff<a\x00\xff@b.example>\r\nTo: r+999999999999-0123456789abcdef@b.example\r\nSubject: \x00\xff\r\n"
        b"Message-ID: <a\x00\xff@b>\r\nReferences: <c\x00@d>\r\nContent-Disposition: inline; filename*=utf-8''%00%ff.txt\r\n"
        b"\r\n\x00\xff Ours\r\n"
    )
    assert take_in(raw, at=NOW).about == ""
    row = db.session.scalars(select(IncomingMail)).one()
    words = (row.message_id, row.sender, row.subject, row.text, *row.attachments)
    assert not any("\x00" in one or any("\ud800" <= letter <= "\udfff" for letter in one) for one in words)
