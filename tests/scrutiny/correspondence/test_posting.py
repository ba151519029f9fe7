"""Letters reach a real SMTP server at least once, always with one Message-ID, whatever stops in between."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from scrutiny.adapters.mail import SmtpMailer
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence import posting, queries, service
from scrutiny.correspondence.jobs import post_letters, sweep_postings
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work import claims
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("context")


class PostOffice:
    """A mail server that keeps what it took, and can be told to refuse an address or to be busy."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take an address or not."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the e-mail itself."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def office(app: Flask) -> Iterator[PostOffice]:
    """A post office that listens, with the application posting to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    usual = app.extensions["adapters"]
    app.extensions["adapters"] = replace(usual, mailer=SmtpMailer(f"smtp://127.0.0.1:{port}"))
    yield office
    app.extensions["adapters"] = usual
    controller.stop()


def write(person: int = 1, *, occasion: str = "", bundle: str = "", at: datetime = AT) -> int:
    """A letter with a secret to a person."""
    to = Recipient(f"person:{person}", f"person{person}@example.org", f"Person {person}")
    with writes_now():
        letter = write_letter(
            "sign_in",
            to=to,
            reference="person:1",
            at=at,
            occasion=occasion,
            bundle=bundle,
            secret=f"SECRET{occasion}",
            expires_at=at,
        )
        return letter.id


def said(taken: EmailMessage) -> str:
    """The text of an e-mail that was taken."""
    return str(taken.get_content()).replace("\r\n", "\n")


def letter(letter_id: int) -> Letter:
    """The letter as it is kept now."""
    db.session.rollback()
    found = queries.letter(letter_id)
    assert found is not None
    return found


def test_a_letter_arrives_with_its_secret_which_is_then_wiped(office: PostOffice) -> None:
    letter_id = write()
    assert post_letters(at=AT) == "1 posted"
    [taken] = office.taken
    assert "/sign-in/link/SECRET\n" in said(taken)
    assert taken["To"] == "person1@example.org"
    kept = letter(letter_id)
    assert kept.state == "posted"
    assert kept.sealed is None
    assert "SECRET" not in kept.text
    assert kept.posting is not None
    assert taken["Message-ID"] == f"<{kept.posting.message_id}>"
    assert post_letters(at=AT + MINUTE) == ""
    assert len(office.taken) == 1


def test_letters_of_one_bundle_person_and_day_are_one_e_mail(office: PostOffice) -> None:
    for occasion in ("a", "b", "c"):
        write(1, occasion=occasion, bundle="review:2")
    write(2, occasion="a", bundle="review:2")
    write(1, occasion="d", bundle="review:3")
    write(1, occasion="e", bundle="review:2", at=AT + timedelta(days=1))
    write(1, occasion="f")
    write(1, occasion="g")
    assert post_letters(at=AT) == "6 posted"
    [three] = [taken for taken in office.taken if "This email contains 3 letters" in said(taken)]
    assert three["Subject"] == "Your link to sign in to Area Scrutiny (and 2 more)"
    assert all(f"/sign-in/link/SECRET{occasion}\n" in said(three) for occasion in "abc")


def test_a_process_killed_after_posting_posts_again_with_the_same_message_id(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = write()

    class Killed(BaseException):
        """As sudden as SIGKILL: nothing after it runs."""

    def killed(*args: object, **told: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(posting, "_kept", killed)
        with pytest.raises(Killed):
            post_letters(at=AT)
    assert letter(letter_id).state == "waiting"
    assert post_letters(at=AT + MINUTE) == "", "its claim still holds"
    later = AT + posting.LEASE + MINUTE
    assert sweep_postings(at=later) == 1
    assert post_letters(at=later) == "1 posted"
    first, second = office.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    assert letter(letter_id).state == "posted"


def test_a_process_that_comes_back_late_writes_nothing(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_id = write()
    posting.put_in_envelopes(AT)
    [posting_id] = queries.postings_due(AT)
    offered = posting._offered

    def slow(message: EmailMessage) -> posting.Outcome:
        outcome = offered(message)
        with writes_now():  # meanwhile the claim ran out, and another process took the e-mail over
            assert claims.claim(Posting, posting_id, at=AT + posting.LEASE + MINUTE) is not None
        return outcome

    monkeypatch.setattr(posting, "_offered", slow)
    assert posting.post(posting_id, AT) == posting.Outcome("lost")
    assert letter(letter_id).state == "waiting"


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    seen: list[bool] = []

    def watched(message: EmailMessage) -> posting.Outcome:
        seen.append(db.session().in_transaction())
        return posting.Outcome("posted")

    monkeypatch.setattr(posting, "_offered", watched)
    post_letters(at=AT)
    assert seen == [False]


def test_a_busy_server_is_tried_again_less_and_less_often(office: PostOffice) -> None:
    letter_id = write()
    office.answer = "451 4.3.2 Try again later"
    assert post_letters(at=AT) == "1 to be tried again"
    assert post_letters(at=AT + MINUTE / 2) == ""
    assert post_letters(at=AT + MINUTE) == "1 to be tried again"
    assert post_letters(at=AT + 2 * MINUTE) == "", "the second wait is longer than the first"
    kept = letter(letter_id)
    assert kept.sealed is not None
    assert kept.posting is not None
    assert "451" in kept.posting.fault
    office.answer = "250 OK"
    assert post_letters(at=AT + 3 * MINUTE) == "1 posted"


def test_a_server_that_stays_away_for_two_days_makes_the_letter_fail() -> None:
    letter_id = write()
    posting.put_in_envelopes(AT)
    [posting_id] = queries.postings_due(AT)
    at, mailer = AT, posting._offered
    posting._offered = lambda message: posting.Outcome("later", "away")
    try:
        while posting.post(posting_id, at).state == "later":
            db.session.rollback()
            kept = db.session.get_one(Posting, posting_id)
            assert kept.not_before is not None
            at = kept.not_before
    finally:
        posting._offered = mailer
    assert timedelta(days=1.5) < at - AT < timedelta(days=3)
    assert letter(letter_id).state == "failed"


def test_a_wrong_address_fails_visibly_and_stops_no_other(office: PostOffice) -> None:
    office.refused.add("person1@example.org")
    wrong, right = write(1), write(2)
    assert post_letters(at=AT) == "1 posted, 1 failed"
    kept = letter(wrong)
    assert kept.posting is not None
    assert "No such mailbox" in kept.posting.fault
    assert letter(right).state == "posted"
    assert db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)).all() == ["letter_failed"]
    assert post_letters(at=AT + timedelta(days=1)) == "", "what failed for good is not tried by itself"


def test_a_fault_of_ours_stops_no_other_letter(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = write(1), write(2)
    composed = posting._composed

    def broken(of: Posting, letters: list[Letter], at: datetime) -> EmailMessage | posting.Outcome:
        if of.address == "person1@example.org":
            raise ZeroDivisionError
        return composed(of, letters, at)

    monkeypatch.setattr(posting, "_composed", broken)
    assert post_letters(at=AT) == "1 posted, 1 stopped by a fault"
    assert (letter(first).state, letter(second).state) == ("waiting", "posted")


def test_a_letter_whose_secret_cannot_be_opened_fails_in_words(app: Flask, office: PostOffice) -> None:
    letter_id = write()
    with writes_now():
        letter(letter_id).sealed = b"not ours"
    assert post_letters(at=AT) == "1 failed"
    assert office.taken == []
    kept = letter(letter_id).posting
    assert kept is not None
    assert "SECRET_KEY has changed" in kept.fault


def test_a_failed_letter_is_tried_again_with_its_message_id_but_never_its_secret_elsewhere(office: PostOffice) -> None:
    office.refused.add("person1@example.org")
    letter_id = write(1)
    post_letters(at=AT)
    failed = letter(letter_id).posting
    assert failed is not None
    message_id = failed.message_id
    with pytest.raises(Refused, match="secret link"), writes_now():
        service.try_again(failed, address="elsewhere@example.org", by=OPERATOR_ACTOR, at=AT)
    office.refused.clear()
    with writes_now():
        again = letter(letter_id).posting
        assert again is not None
        service.try_again(again, address="person1@example.org", by=OPERATOR_ACTOR, at=AT)
    assert post_letters(at=AT) == "1 posted"
    assert office.taken[0]["Message-ID"] == f"<{message_id}>"


def test_a_letter_speaks_for_its_body_and_replies_go_to_the_body(office: PostOffice) -> None:
    to = Recipient("person:1", "person1@example.org", "Person 1")
    committee = service.Sender("Scrutiny, Loamshire’s Committee", "scrutiny@loamshire.example.org")
    joint = service.Sender("Joint Committee", "joint@example.org")
    with writes_now():
        for occasion, sender in (("1", committee), ("2", committee), ("3", joint), ("4", None)):
            write_letter(
                "sign_in",
                to=to,
                reference="person:1",
                at=AT,
                occasion=occasion,
                bundle="all",
                sender=sender,
                secret="s",
                expires_at=AT,
            )
    post_letters(at=AT)
    came = {str(mail["From"].addresses[0].display_name): str(mail["Reply-To"] or "") for mail in office.taken}
    assert came == {
        "Scrutiny, Loamshire’s Committee": "scrutiny@loamshire.example.org",
        "Joint Committee": "joint@example.org",
        "Area Scrutiny": "",
    }
    assert {mail["From"].addresses[0].addr_spec for mail in office.taken} == {"no-reply@localhost"}
