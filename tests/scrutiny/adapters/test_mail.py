"""Letters are composed plainly, reach a real SMTP server, and failures say whether to try again."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from scrutiny.adapters.mail import Enclosure, FolderMailer, MailNotAccepted, SmtpMailer, compose, enclose, mailer_of
from workflows.refusals import Refused

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def letter(**changes: object) -> EmailMessage:
    words: dict[str, object] = {
        "to": "Siân Price <sian@example.org>",
        "subject": "Atebwch erbyn dydd Gwener – ŵyr",
        "text": "Annwyl Siân,\n\n" + "gair " * 300 + "\n",
        "message_id": "letter-17@scrutiny.example",
        "sender": Address("Loamshire Scrutiny", addr_spec="scrutiny@example.org"),
        "at": AT,
    }
    return compose(**(words | changes))


@pytest.mark.parametrize("languages", ["en-GB", "en-GB, cy", ""])
def test_an_email_says_which_languages_it_is_written_in(languages: str) -> None:
    found = letter(languages=languages)["Content-Language"]
    assert (found or "") == languages


#: Names that have broken headers: commas, quotes, accents, encoded words of their own, one longer than a line.
NAMES = [
    "Loamshire Overview and Scrutiny Committee",
    "Scrutiny, Loamshire County Council, Overview and Scrutiny Committee of the whole Council and of its partners",
    'The "Joint" Committee (North) <of> Loam; shire: a@b',
    "Pwyllgor Trosolwg a Chraffu Tŷ’r Sir, Ynys Môn – y pwyllgor â’r enw hiraf yng Nghymru gyfan 😀",
    "=?utf-8?q?not_what_it_seems?=",
    "back\\slash, quote\" and O'Brien",
    "x" * 200,
    "日本語の委員会" * 12,
]


def written(message: EmailMessage) -> tuple[str, EmailMessage]:
    """The headers as they are sent, and the message as an email program reads it."""
    raw = message.as_bytes()
    return raw.split(b"\r\n\r\n")[0].decode("ascii"), email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_characters_stays_the_name_of_one_address(name: str) -> None:
    head, got = written(letter(sender=Address(name, addr_spec="scrutiny@example.org")))
    assert [one.addr_spec for one in got["From"].addresses] == ["scrutiny@example.org"]
    # What older programs do: split at commas, then decode.
    line = re.sub(r"\r\n(?=[ \t])", "", head)
    plain = re.search(r"^From: (.*)$", line, re.MULTILINE)
    assert plain is not None
    [(shown, address)] = getaddresses([plain[1]])
    assert (str(make_header(decode_header(shown))), address) == (name, "scrutiny@example.org")


@pytest.mark.parametrize(
    "subject", [*NAMES, "Evidence request: Gweld meddyg تجربة 😀 日本 Tŷ (R-2026-006/P04). " * 5, "short", "a " * 140]
)
def test_a_subject_of_any_characters_arrives_and_begins_on_its_own_line(subject: str) -> None:
    head, got = written(letter(subject=subject))
    assert got["Subject"] == " ".join(subject.split())
    for line in head.split("\r\n"):
        assert len(line) <= 78 or line.count(" ") == 0
        assert not re.fullmatch(r"[A-Za-z-]+:\s*", line), f"an empty first line: {line!r}"
        assert line.strip(), "an empty line within the headers"


def test_a_long_message_id_stands_on_the_line_of_its_header() -> None:
    head, got = written(letter(message_id="x" * 60 + "@a-long-host-of-a-council.example.org"))
    assert f"Message-ID: <{'x' * 60}@a-long-host-of-a-council.example.org>" in head
    assert got["Message-ID"].strip() == f"<{'x' * 60}@a-long-host-of-a-council.example.org>"


def test_replies_go_where_the_letter_says() -> None:
    _, got = written(letter(reply_to="craffu@tŷ.cymru"))
    assert [one.addr_spec for one in got["Reply-To"].addresses] == ["craffu@xn--t-foa.cymru"]
    assert written(letter())[1]["Reply-To"] is None


class Post:
    """A post office that keeps what it took, and can be told to refuse."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.rcpt_answer = "250 OK"
        self.data_answer = "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.rcpt_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(envelope.content)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self.data_answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def office() -> Iterator[Callable[..., tuple[Post, str]]]:
    running: list[Controller] = []

    def opened(**settings: object) -> tuple[Post, str]:
        post = Post()
        controller = Controller(post, hostname="127.0.0.1", port=free_port(), **settings)
        controller.start()
        running.append(controller)
        return post, f"127.0.0.1:{controller.port}"

    yield opened
    for controller in running:
        controller.stop()


def test_a_welsh_letter_with_a_file_arrives_whole_under_its_own_message_id(office: Callable[..., tuple[Post, str]]) -> None:
    post, address = office()
    receipt = Enclosure("receipt.pdf", "application/pdf", b"%PDF-1.7 \xff")
    message = letter()
    enclose(message, receipt)
    mailer_of(f"smtp://{address}").post(message)
    got = email.message_from_bytes(post.taken[0], policy=email.policy.default)
    assert got["Subject"] == "Atebwch erbyn dydd Gwener – ŵyr"
    assert got["Message-ID"] == "<letter-17@scrutiny.example>"
    assert got["Date"].datetime == AT
    body = got.get_body()
    assert body is not None
    assert body.get_content().startswith("Annwyl Siân,")
    enclosed = next(iter(got.iter_attachments()))
    assert (enclosed.get_filename(), enclosed.get_content()) == ("receipt.pdf", b"%PDF-1.7 \xff")
    assert max(len(line) for line in post.taken[0].split(b"\r\n")) < 998


@pytest.mark.parametrize("field", ["to", "subject", "reply_to", "message_id"])
def test_a_line_break_in_a_header_is_refused(field: str) -> None:
    with pytest.raises(Refused, match="line break"):
        letter(**{field: "a@example.org\r\nBcc: everyone@example.org"})


@pytest.mark.parametrize("to", ["", "nobody", "a@example.org, b@example.org", "a@b@c"])
def test_anything_but_one_address_is_refused(to: str) -> None:
    with pytest.raises(Refused, match="not one email address"):
        letter(to=to)


@pytest.mark.parametrize(
    ("stage", "answer", "permanent"),
    [
        ("rcpt_answer", "550 no such person", True),
        ("rcpt_answer", "450 mailbox busy", False),
        ("data_answer", "554 looks like spam", True),
        ("data_answer", "452 disk full", False),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(
    office: Callable[..., tuple[Post, str]], stage: str, answer: str, permanent: bool
) -> None:
    post, address = office()
    setattr(post, stage, answer)
    with pytest.raises(MailNotAccepted, match=answer[4:]) as refused:
        SmtpMailer(f"smtp://{address}").post(letter())
    assert refused.value.permanent is permanent


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_server_is_told_one_sender_and_one_receiver(office: Callable[..., tuple[Post, str]], name: str) -> None:
    post, address = office()
    mailer_of(f"smtp://{address}").post(letter(sender=Address(name, addr_spec="scrutiny@example.org"), to="sian@tŷ.cymru"))
    assert post.envelopes == [("scrutiny@example.org", ["sian@xn--t-foa.cymru"])]


def test_no_server_there_is_worth_trying_again() -> None:
    with pytest.raises(MailNotAccepted) as refused:
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}").post(letter())
    assert not refused.value.permanent


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_password_is_used_and_a_wrong_one_is_not_the_letters_fault(office: Callable[..., tuple[Post, str]]) -> None:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, words: LoginPassword) -> AuthResult:
        return AuthResult(success=words.password == b"p@ss/word", handled=False)

    post, address = office(authenticator=check, auth_require_tls=False, auth_required=True)
    SmtpMailer(f"smtp://officer:p%40ss%2Fword@{address}").post(letter())
    assert len(post.taken) == 1
    with pytest.raises(MailNotAccepted) as refused:
        SmtpMailer(f"smtp://officer:wrong@{address}").post(letter())
    assert not refused.value.permanent
    with pytest.raises(MailNotAccepted, match="STARTTLS"):
        SmtpMailer(f"smtp://{address}/?starttls=required").post(letter())


def test_a_password_never_travels_in_the_clear_to_another_machine_unless_told_so() -> None:
    assert SmtpMailer("smtp://a:b@mail.example.org").starttls == "required"
    assert SmtpMailer("smtp://a:b@mail.example.org/?starttls=no").starttls == "no"
    assert SmtpMailer("smtp://mail.example.org").starttls == "if-offered"
    assert "secret" not in repr(SmtpMailer("smtp://a:secret@mail.example.org"))


def test_the_folder_holds_one_whole_file_a_letter_however_often_it_is_posted(tmp_path: Path) -> None:
    mailer = mailer_of(str(tmp_path / "letters"))
    assert isinstance(mailer, FolderMailer)
    mailer.post(letter())
    mailer.post(letter())
    mailer.post(letter(message_id="letter-18@scrutiny.example"))
    files = sorted((tmp_path / "letters").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    got = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert got["To"].addresses[0].addr_spec == "sian@example.org"


@pytest.mark.parametrize("url", ["http://example.org", "smtp://", "", "smtp://h/?starttls=maybe"])
def test_an_address_that_is_no_post_office_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="MAIL_URL"):
        mailer_of(url)
