"""Letters reach a real SMTP server at least once, always with one Message-ID, whatever stops in between."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from obstore.exceptions import GenericError
from sqlalchemy import select

from scrutiny.adapters.files import FileMissing
from scrutiny.adapters.mail import SmtpMailer
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence import posting, queries, service
from scrutiny.correspondence.edited_models import LetterAttachment, LetterFile
from scrutiny.correspondence.jobs import post_letters, sweep_postings
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work import claims
from scrutiny.work.clock import Clock, running_from
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
        self.takes_seconds = 0.0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take an address or not."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the email itself."""
        await asyncio.sleep(self.takes_seconds)
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


def attach(app: Flask, letter_id: int, content: bytes, name: str, size: int) -> None:
    """Send a file with a letter; `size` is what its row says, so that no test needs ten million bytes."""
    kept = app.extensions["adapters"].files.keep(content)
    with writes_now():
        row = LetterAttachment(
            reference="request:1",
            sha256=kept.sha256,
            name=name,
            media_type="application/pdf",
            size=size,
            marking="open",
            added_by="person:1",
            added_at=AT,
        )
        db.session.add(LetterFile(letter_id=letter_id, attachment=row))


def said(taken: EmailMessage) -> str:
    """The text of an email that was taken."""
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
    [(posting_id, _)] = queries.postings_due(AT)
    offered = posting._offered

    def slow(message: EmailMessage) -> posting.Outcome:
        outcome = offered(message)
        with writes_now():  # meanwhile the claim ran out, and another process took the email over
            assert claims.claim(Posting, posting_id, at=AT + posting.LEASE + MINUTE) is not None
        return outcome

    monkeypatch.setattr(posting, "_offered", slow)
    assert posting.post(posting_id, lambda: AT) == posting.Outcome("lost")
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
    [(posting_id, _)] = queries.postings_due(AT)
    at, mailer = AT, posting._offered
    posting._offered = lambda message: posting.Outcome("later", "away")
    try:
        while posting.post(posting_id, running_from(at)).state == "later":
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
    # Letters to two addresses go side by side, so either may be the first to be told of.
    assert sorted(db.session.scalars(select(AuditEntry.event)).all()) == ["letter_failed", "letter_posted"]
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


def quickened(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Clocks that run many times as fast as ours, so that a slow server takes minutes of theirs."""

    def fast(at: datetime) -> Clock:
        began = time.monotonic()
        return lambda: at + timedelta(seconds=int((time.monotonic() - began) * times))

    monkeypatch.setattr("scrutiny.correspondence.jobs.running_from", fast)


def test_a_slow_server_gets_each_letter_once_and_its_record_says_when(
    app: Flask, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each letter takes longer than a claim lasts, while each minute's sweep and a second worker look for what was left."""
    ids = [write(person) for person in (1, 2, 3)]
    monkeypatch.setattr(posting, "LEASE", timedelta(seconds=120))
    monkeypatch.setattr("scrutiny.work.heartbeat.BEATS", 120 / 0.2)  # a beat each fifth of a second, as the clock is quickened
    quickened(monkeypatch, 100)
    office.takes_seconds = 2.5  # 250 seconds of the clock of the job
    done, meanwhile = threading.Event(), []

    def sweeps() -> None:
        began = time.monotonic()
        while not done.wait(0.3):
            at = AT + timedelta(seconds=(time.monotonic() - began) * 100)
            with app.app_context():
                meanwhile.append((sweep_postings(at=at), queries.postings_due(at)))
                db.session.remove()

    sweeper = threading.Thread(target=sweeps)
    sweeper.start()
    try:
        assert post_letters(at=AT) == "3 posted"
    finally:
        done.set()
        sweeper.join()
    assert len(meanwhile) > 10
    assert {freed for freed, _ in meanwhile} == {0}, "no claim ran out while its letter was being sent"
    assert sorted(str(taken["To"]) for taken in office.taken) == [f"person{n}@example.org" for n in (1, 2, 3)]
    posted = [letter(letter_id).posting for letter_id in ids]
    ends = sorted(one.posted_at - AT for one in posted if one is not None and one.posted_at is not None)
    assert ends[0] > timedelta(seconds=240)
    assert ends[2] > timedelta(seconds=490), "two go at once to one domain; the third is posted when it was posted"
    dates = sorted(taken["Date"].datetime - AT for taken in office.taken)
    assert dates[1] < timedelta(seconds=240) < dates[2], "dated when they left"
    assert [one.lost for one in posted if one is not None] == [0, 0, 0]


def test_a_letter_whose_process_always_stops_fails_in_the_end_and_keeps_one_message_id(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id, at = write(), AT

    class Killed(BaseException):
        """As sudden as SIGKILL: nothing after it runs."""

    def killed(*args: object, **told: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(posting, "_kept", killed)
        for _ in range(posting.MOST_LOST):
            with pytest.raises(Killed):
                post_letters(at=at)
            at += posting.LEASE + MINUTE
            sweep_postings(at=at)
    assert post_letters(at=at) == "1 failed"
    assert len(office.taken) == posting.MOST_LOST
    assert len({str(taken["Message-ID"]) for taken in office.taken}) == 1
    kept = letter(letter_id).posting
    assert kept is not None
    assert "may have gone out" in kept.fault
    with writes_now():
        again = letter(letter_id).posting
        assert again is not None
        service.try_again(again, address="person1@example.org", by=OPERATOR_ACTOR, at=at)
    assert post_letters(at=at) == "1 posted", "whoever looks at it may send it again"
    assert len({str(taken["Message-ID"]) for taken in office.taken}) == 1


def test_a_busy_server_is_no_loss(office: PostOffice) -> None:
    letter_id, at = write(), AT
    office.answer = "451 4.3.2 Try again later"
    for _ in range(posting.MOST_LOST + 2):
        assert post_letters(at=at) == "1 to be tried again"
        at += timedelta(hours=5)
    kept = letter(letter_id).posting
    assert kept is not None
    assert (kept.lost, kept.state) == (0, "waiting")


def test_a_letter_that_rests_leaves_the_others_of_its_email_lost() -> None:
    """Two requests to one address went in one email that failed: sending one again says nothing of the other."""
    with writes_now():
        to = Recipient("agency:1", "hall@example.org", "Hall")
        pair = [
            write_letter("confirm_alert", to=to, reference=f"request:{n}", at=AT, bundle="one", within="review:1", named="Ashby")
            for n in (1, 2)
        ]
    posting.put_in_envelopes(AT)
    with writes_now():
        first, second = (db.session.get_one(Letter, letter.id) for letter in pair)
        assert first.posting is second.posting
        first.posting.state, first.posting.fault = "failed", "no such mailbox"
        service.replace_failed(first, "replaced")
    first, second = (queries.letter(letter.id) for letter in pair)
    assert (first.state, second.state) == ("replaced", "failed")
    assert first.posting.fault == second.posting.fault == "no such mailbox"
    assert queries.undelivered(["review:1"]) == [second]


def test_letters_share_an_email_only_as_far_as_their_files_fit(app: Flask, office: PostOffice) -> None:
    """What one email carries is counted, the same bytes once; every letter goes, with all its files."""
    first, second, third, fourth = (write(occasion=str(n), bundle="day") for n in range(4))
    for letter_id, content, size in (
        (first, b"a", 6_000_000),
        (second, b"a", 6_000_000),
        (second, b"b", 3_000_000),
        (third, b"c", 9_000_000),
    ):
        attach(app, letter_id, content, f"{content.decode()}.pdf", size)
    post_letters(at=AT)
    together = [letter(number).posting_id for number in (first, second, third, fourth)]
    assert together[0] == together[1] != together[2] == together[3]
    carried = [sorted(part.get_filename() or "" for part in one.iter_attachments()) for one in office.taken]
    assert sorted(carried) == [["a.pdf", "b.pdf"], ["c.pdf"]]


def test_files_are_read_while_no_transaction_is_open(app: Flask, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's writing waits for a slow store; and a file that is gone fails its email in words, and no other."""
    lost, fine = write(1), write(2)
    attach(app, lost, b"gone", "terms.pdf", 4)
    attach(app, fine, b"there", "scope.pdf", 5)
    store, open_then = type(app.extensions["adapters"].files), []
    read = store.read

    def slowly(self: object, sha256: str) -> bytes:
        open_then.append(db.session.registry.has() and db.session().in_transaction())
        content: bytes = read(self, sha256)
        if content == b"gone":
            raise FileMissing("The store holds no such file.")
        return content

    monkeypatch.setattr(store, "read", slowly)
    post_letters(at=AT)
    assert open_then == [False, False]
    assert (letter(lost).state, letter(fine).state) == ("failed", "posted")
    found = letter(lost).posting
    assert found is not None
    assert found.fault == "The attachment “terms.pdf” could not be read. The store holds no such file."
    assert [part.get_filename() for part in office.taken[0].iter_attachments()] == ["scope.pdf"]


@pytest.mark.parametrize("fault", [GenericError("connection refused"), TimeoutError("timed out")])
def test_a_store_that_is_away_delays_an_email_and_never_fails_it(
    app: Flask, office: PostOffice, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """What was never offered to the mail server did not go out, however often its files could not be read."""
    letter_id, at = write(), AT
    attach(app, letter_id, b"there", "scope.pdf", 5)

    def away(self: object, sha256: str) -> bytes:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(type(app.extensions["adapters"].files), "read", away)
        for _ in range(posting.MOST_LOST + 2):
            assert post_letters(at=at) == "1 to be tried again"
            kept = letter(letter_id).posting
            assert kept is not None
            assert (kept.state, kept.lost) == ("waiting", 0)
            assert kept.fault == "The attachment “scope.pdf” could not be read. The file store did not answer."
            assert kept.not_before is not None
            at = kept.not_before
    assert post_letters(at=at) == "1 posted"
    assert [part.get_filename() for part in office.taken[0].iter_attachments()] == ["scope.pdf"]
