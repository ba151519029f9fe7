"""Letters leaving the house: an email composed, then posted to a mail server or written to a folder."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import smtplib
import ssl
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from scrutiny.addresses import read_sender
from workflows.refusals import Refused

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PATIENCE_SECONDS = 30
#: RFC 5321, 4.5.3.2.6: whoever hangs up sooner after the end of a letter sends twice what the server is still taking in.
ENDED_SECONDS = 600
#: RFC 5322: a line should be no longer than 78 characters; an encoded word no longer than 75.
LINE, ENCODED_BYTES = 76, 42
#: What may stand in a name, and in a subject, as it is.
ATOMS, PRINTABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"), re.compile(r"[!-~]+")


class MailNotAccepted(Exception):
    """The mail server would not take a letter; `permanent` says whether trying again can help."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.why = why
        self.permanent = permanent


class Mailer(Protocol):
    """Whatever can post one composed letter."""

    #: whether several letters may be handed over at once
    may_take_several: bool

    def post(self, message: EmailMessage) -> None:
        """Hand the letter over, or raise MailNotAccepted."""


@dataclass(frozen=True)
class Enclosure:
    """A file sent with a letter."""

    name: str
    media_type: str
    content: bytes


def compose(
    *, to: str, subject: str, text: str, message_id: str, sender: Address, at: datetime, reply_to: str = "", languages: str = ""
) -> EmailMessage:
    """One plain-text email in UTF-8; the same arguments always give the same headers. Refuses header injection.

    `languages` are the tags of those it is written in, such as 'en-GB' or 'en-GB, cy', for whoever reads it aloud.
    Whatever characters a subject or a name holds, it is written so that it cannot be taken for something else.
    """
    message = EmailMessage(policy=WRITTEN)
    _set_header(message, "From", sender)
    _set_header(message, "To", _address(to))
    if reply_to:
        _set_header(message, "Reply-To", _address(reply_to))
    # Encoded first where it must be: a subject that looks like an encoded word is not to be read as one.
    _set_header(message, "Subject", " ".join(_words(_one_line("Subject", subject), plain=PRINTABLE)))
    _set_header(message, "Message-ID", _one_line("Message-ID", f"<{message_id.strip('<>')}>"))
    message["Date"] = at
    # RFC 3834: without it, an absent responder's out-of-office reply is answered by ours, for ever.
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable keeps every line seven-bit and short, so a relay without 8BITMIME takes it too.
    message.set_content(text, cte="quoted-printable")
    if languages:  # after the content, which would take it away
        _set_header(message, "Content-Language", _one_line("Content-Language", languages))
    return message


def enclose(message: EmailMessage, enclosure: Enclosure) -> None:
    """Send a file with an email."""
    kind, _, subtype = enclosure.media_type.partition("/")
    message.add_attachment(enclosure.content, maintype=kind, subtype=subtype, filename=enclosure.name)


def _one_line(header: str, value: str) -> str:
    """The value, refused where it holds what would begin another header; letters are cleaned long before."""
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise Refused("The %(header)s line of a letter holds a line break or control character. Remove it.", header=header)
    return value


def _address(text: str) -> Address:
    """One address, without a name or with it."""
    _one_line("address", text)
    try:
        return read_sender(text, own_host=text.rpartition("@")[2].rstrip("> "))
    except Refused as refused:
        raise Refused("“%(text)s” is not one email address. Write it as name@example.org.", text=text) from refused


def _set_header(message: EmailMessage, header: str, value: str | Address) -> None:
    """Set a header, refusing what an email reader would not take for one address."""
    message[header] = value
    written = message[header]
    if isinstance(value, Address) and (len(written.addresses) != 1 or written.defects):
        raise Refused("“%(value)s” is not one email address. Write it as name@example.org.", value=value)


class _Written(EmailPolicy):
    """Writes the headers people type words into itself, one token after another, and none of them on an empty first line.

    The standard library's folding begins a long header with an empty line, and on some of the versions we run on it
    loses the quotation marks of a name that it breaks: one address then becomes several.
    """

    def fold(self, name: str, value: Any) -> str:
        """A header with its line end."""
        tokens = _tokens(name, value)
        if tokens is None:
            return str(super().fold(name, value))
        return f"{name}: {_folded(tokens, len(name) + 2, self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, as it is sent."""
        if _tokens(name, value) is None:
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


WRITTEN = _Written(linesep="\r\n")


def _tokens(name: str, value: Any) -> list[str] | None:
    """What a header is written of: none of it may be broken. None where it is not one of ours."""
    if name.lower() in ("from", "to", "reply-to") and hasattr(value, "addresses"):
        address = value.addresses[0]
        words = _words(address.display_name, plain=ATOMS) if address.display_name else []
        return [*words, f"<{address.addr_spec}>"] if words else [address.addr_spec]
    if name.lower() == "subject":
        return _words(str(value), plain=PRINTABLE)
    return [str(value)] if name.lower() == "message-id" else None


def _words(text: str, *, plain: re.Pattern[str]) -> list[str]:
    """The words of a text where all of them can stand as they are, else its encoded words (RFC 2047)."""
    words = text.split()
    if text.isascii() and "=?" not in text and all(plain.fullmatch(word) and len(word) < LINE - 10 for word in words):
        return words
    return [f"=?utf-8?b?{base64.b64encode(part.encode()).decode()}?=" for part in _parts(" ".join(words))]


def _parts(text: str) -> list[str]:
    """A text cut after a space, or else between two characters, into parts that an encoded word can hold."""
    parts = [""]
    for word in re.findall(r"\S+ ?", text):
        if len((parts[-1] + word).encode()) > ENCODED_BYTES and parts[-1]:
            parts.append("")
        for character in word:
            if len((parts[-1] + character).encode()) > ENCODED_BYTES:
                parts.append("")
            parts[-1] += character
    return parts


def _folded(tokens: list[str], used: int, line_end: str) -> str:
    """Tokens with a space between, or a line end and a space where the line would be too long; the first stands on the first."""
    lines = [""]
    for token in tokens:
        if lines[-1] and used + len(lines[-1]) + 1 + len(token) > LINE:
            lines.append("")
            used = 1
        lines[-1] += f" {token}" if lines[-1] else token
    return f"{line_end} ".join(lines)


class FolderMailer:
    """Writes each letter as an .eml file, for a machine with no mail server and for the demo."""

    may_take_several = False  # nothing is gained, and the files come in the order of the letters

    def __init__(self, path: Path) -> None:
        self.path = path

    def post(self, message: EmailMessage) -> None:
        """Write the letter whole; the same Message-ID again replaces the same file, whatever its date is by now."""
        stamp = message["Date"].datetime.strftime("%Y%m%dT%H%M%S")
        digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, prefix=".", delete=False) as half:
                half.write(message.as_bytes())
            place = self.path / f"{stamp}-{digest}.eml"
            for earlier in self.path.glob(f"*-{digest}.eml"):
                if earlier != place:
                    os.replace(earlier, place)
            os.replace(half.name, place)
        except OSError as error:
            why = f"The letters' folder {self.path} cannot be written to: {error.strerror}."
            raise MailNotAccepted(why, permanent=False) from error


class _Patient(smtplib.SMTP):
    """Waits long for what becomes of a letter once all of it was sent: only then can hanging up have it sent twice."""

    def send(self, s: Any) -> None:
        """Send, and know the end of a letter by its line with a dot."""
        super().send(s)
        if isinstance(s, bytes) and s.endswith(b"\r\n.\r\n") and self.sock is not None:
            self.sock.settimeout(ENDED_SECONDS)


class _PatientTls(_Patient, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class SmtpMailer:
    """Posts each letter over SMTP; see `mailer_of` for the addresses it takes."""

    may_take_several = True

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
            # Named here: the library would read them out of headers that hold names, and may take one for several.
            to = [address.addr_spec for address in message["To"].addresses]
            # Bounces come back to the return path, which is not a header of the letter while it travels.
            back = str(message["Return-Path"] or message["From"].addresses[0].addr_spec).strip("<>")
            del message["Return-Path"]
            server.send_message(message, from_addr=back, to_addrs=to)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotAccepted(_why(error), permanent=_is_permanent(error)) from error
        finally:
            # The letter is accepted or refused by now: a goodbye that fails must not have it posted twice.
            with suppress(OSError, smtplib.SMTPException):
                if server.sock is not None:
                    server.sock.settimeout(PATIENCE_SECONDS)
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.implicit_tls:
            server = _PatientTls(self.host, self.port, timeout=PATIENCE_SECONDS, context=self._tls)
        else:
            server = _Patient(self.host, self.port, timeout=PATIENCE_SECONDS)
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
