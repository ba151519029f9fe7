"""Letters leaving the house: an e-mail composed, then posted to a mail server or written to a folder."""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from workflows.refusals import Refused

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PATIENCE_SECONDS = 30


class MailNotAccepted(Exception):
    """The mail server would not take a letter; `permanent` says whether trying again can help."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.why = why
        self.permanent = permanent


class Mailer(Protocol):
    """Whatever can post one composed letter."""

    def post(self, message: EmailMessage) -> None:
        """Hand the letter over, or raise MailNotAccepted."""


@dataclass(frozen=True)
class Enclosure:
    """A file sent with a letter."""

    name: str
    media_type: str
    content: bytes


def compose(
    *, to: str, subject: str, text: str, message_id: str, sender: str, at: datetime, attachments: Sequence[Enclosure] = ()
) -> EmailMessage:
    """One plain-text e-mail in UTF-8; the same arguments always give the same headers. Refuses header injection."""
    message = EmailMessage(policy=SMTP)
    headers = {"From": sender, "To": to, "Subject": subject, "Message-ID": f"<{message_id.strip('<>')}>"}
    for header, value in headers.items():
        _set_header(message, header, value)
    message["Date"] = at
    # RFC 3834: without it, an absent responder's out-of-office reply is answered by ours, for ever.
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable keeps every line seven-bit and short, so a relay without 8BITMIME takes it too.
    message.set_content(text, cte="quoted-printable")
    for enclosure in attachments:
        kind, _, subtype = enclosure.media_type.partition("/")
        message.add_attachment(enclosure.content, maintype=kind, subtype=subtype, filename=enclosure.name)
    return message


def _set_header(message: EmailMessage, header: str, value: str) -> None:
    """Set a header, refusing line breaks, control characters and more than one address."""
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise Refused(f"The {header} line of a letter holds a line break or control character. Remove it.")
    message[header] = value
    written = message[header]
    if header in ("From", "To") and (len(written.addresses) != 1 or written.defects):
        raise Refused(f"“{value}” is not one e-mail address. Write it as name@example.org.")


class FolderMailer:
    """Writes each letter as an .eml file, for a machine with no mail server and for the demo."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def post(self, message: EmailMessage) -> None:
        """Write the letter whole; the same Message-ID again replaces the same file."""
        stamp = message["Date"].datetime.strftime("%Y%m%dT%H%M%S")
        digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, prefix=".", delete=False) as half:
                half.write(message.as_bytes())
            os.replace(half.name, self.path / f"{stamp}-{digest}.eml")
        except OSError as error:
            why = f"The letters' folder {self.path} cannot be written to: {error.strerror}."
            raise MailNotAccepted(why, permanent=False) from error


class SmtpMailer:
    """Posts each letter over SMTP; see `mailer_of` for the addresses it takes."""

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise Refused("MAIL_URL must look like smtp://host:25, smtps://user:password@host:465, or name a folder.")
        self.implicit_tls = parts.scheme == "smtps"
        self.host = parts.hostname
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.starttls = _starttls_of(parts)
        self._tls = tls or ssl.create_default_context()

    def __repr__(self) -> str:
        return f"SmtpMailer({self.host}:{self.port})"

    def post(self, message: EmailMessage) -> None:
        """Post one letter over its own connection."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            # Whatever fails before the letter is offered (address, certificate, password) is the server's
            # trouble, not the letter's: it is tried again once that is mended.
            raise MailNotAccepted(f"{self.host}:{self.port} did not take our call: {error}", permanent=False) from error
        try:
            server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotAccepted(_why(error), permanent=_is_permanent(error)) from error
        finally:
            # The letter is accepted or refused by now: a goodbye that fails must not have it posted twice.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.implicit_tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_SECONDS, context=self._tls)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if self.starttls == "required" or (self.starttls == "if-offered" and server.has_extn("starttls")):
                server.starttls(context=self._tls)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _starttls_of(parts: SplitResult) -> str:
    """How the connection is upgraded: no, if-offered or required; a password never travels in the clear unasked."""
    if parts.scheme == "smtps":
        return "no"
    default = "required" if parts.username and parts.hostname not in LOOPBACK else "if-offered"
    asked = parse_qs(parts.query).get("starttls", [default])[-1]
    if asked not in ("no", "if-offered", "required"):
        raise Refused("MAIL_URL may end in ?starttls=no, ?starttls=if-offered or ?starttls=required, and nothing else.")
    return asked


def _is_permanent(error: Exception) -> bool:
    """True where the same letter would be refused again: a 5xx answer, or an address this server cannot write."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        # 530 to 538 speak of our signing in, not of the letter.
        return 500 <= error.smtp_code < 600 and not 530 <= error.smtp_code <= 538
    return isinstance(error, smtplib.SMTPNotSupportedError)


def _why(error: Exception) -> str:
    """The server's own words, for the page of failed letters."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{who}: {code} {_said(words)}" for who, (code, words) in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_said(error.smtp_error)}"
    return str(error) or type(error).__name__


def _said(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def mailer_of(mail_url: str) -> Mailer:
    """The mailer MAIL_URL asks for.

    smtp://[user:password@]host[:port]/[?starttls=no|if-offered|required], smtps://…, or a folder (a path or file:///path).
    """
    parts = urlsplit(mail_url)
    if parts.scheme in ("smtp", "smtps"):
        return SmtpMailer(mail_url)
    if parts.scheme == "file":
        return FolderMailer(Path(unquote(parts.path)))
    if "://" in mail_url or not mail_url.strip():
        raise Refused("MAIL_URL must look like smtp://host:25, smtps://user:password@host:465, or name a folder.")
    return FolderMailer(Path(mail_url))
