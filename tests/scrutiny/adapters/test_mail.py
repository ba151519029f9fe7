"""Letters are composed plainly, reach a real SMTP server, and failures say whether to try again."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from scrutiny.adapters.mail import Enclosure, FolderMailer, MailNotAccepted, SmtpMailer, compose, mailer_of
from workflows.refusals import Refused

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def letter(**changes: object) -> EmailMessage:
    words: dict[str, object] = {
        "to": "Siân Price <sian@example.org>",
        "subject": "Atebwch erbyn dydd Gwener – ŵyr",
        "text": "Annwyl Siân,\n\n" + "gair " * 300 + "\n",
        "message_id": "letter-17@scrutiny.example",
        "sender": "Loamshire Scrutiny <scrutiny@example.org>",
        "at": AT,
    }
    return compose(**(words | changes))  # type: ignore[arg-type]


class Post:
    """A post office that keeps what it took, and can be told to refuse."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
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
        controller = Controller(post, hostname="127.0.0.1", port=free_port(), **settings)  # type: ignore[arg-type]
        controller.start()
        running.append(controller)
        return post, f"127.0.0.1:{controller.port}"

    yield opened
    for controller in running:
        controller.stop()


def test_a_welsh_letter_with_a_file_arrives_whole_under_its_own_message_id(office: Callable[..., tuple[Post, str]]) -> None:
    post, address = office()
    receipt = Enclosure("receipt.pdf", "application/pdf", b"%PDF-1.7 \xff")
    mailer_of(f"smtp://{address}").post(letter(attachments=[receipt]))
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


@pytest.mark.parametrize("field", ["to", "subject", "sender", "message_id"])
def test_a_line_break_in_a_header_is_refused(field: str) -> None:
    with pytest.raises(Refused, match="line break"):
        letter(**{field: "a@example.org\r\nBcc: everyone@example.org"})


@pytest.mark.parametrize("to", ["", "nobody", "a@example.org, b@example.org", "a@b@c"])
def test_anything_but_one_address_is_refused(to: str) -> None:
    with pytest.raises(Refused, match="not one e-mail address"):
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
