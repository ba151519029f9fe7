"""What an email that came in says: a bounce, a delay, an automatic answer or a reply, and about which letter. Pure.

Anybody can send one, and Python's parser takes a time that grows with the square of what some headers hold, so emails are
read in a child process (`read_apart`).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import parseaddr

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.adapters.sandbox import Failed, Stopped
from scrutiny.file_reading.sandbox_lanes import MAIL

log = logging.getLogger(__name__)

#: More than this of one email is never read: bounces are small, and what a reply brings is looked at in the mailbox.
MOST_BYTES = 2 * 1024 * 1024
#: How much of its words is kept.
MOST_WORDS = 20_000
#: How many parts of one email are looked at; one nested deeper or wider is read no further.
MOST_PARTS = 100
#: Characters of one header that are read: room for some 300 recipients or references.
MOST_HEADER = 16_000
#: Bytes of an email that cannot be read in which the addresses it was sent to are looked for.
MOST_SEARCHED = 65_536
MESSAGE_ID = re.compile(r"<([!-;=?A-~]{1,200}@[!-;=?A-~]{1,200})>")
TOKEN = re.compile(r"\+(b?)(\d{1,12})-([0-9a-f]{16})@", re.IGNORECASE)
#: Marks that turn the direction of writing, so that one name can look like another.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Headers by which programs that answer by themselves are known.
ANSWERING = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
#: What is said of an email that cannot be read.
UNREADABLE = "This email cannot be read here. Open it in the mailbox to read it."
#: Codes of RFC 3463 that people meet most, in plain words.
CODES = {
    "1.1": "there is no such mailbox",
    "1.2": "there is no such domain",
    "1.10": "the domain takes no email",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the letter is too long for the mailbox",
    "4.1": "its mail server does not answer",
    "4.7": "its mail server did not take it in time",
    "7.1": "its mail server refused us",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One email, read: `kind` is bounce, delayed, auto or reply; `fault` says in words why a letter did not arrive.

    One that cannot be read is a reply, which a person looks at, with a fault that says so.
    """

    kind: str
    digest: str
    message_id: str
    sender: str
    subject: str
    text: str
    attachments: tuple[str, ...]
    #: Message-IDs it names as the letter it is about, the surest first
    about: tuple[str, ...]
    #: tokens in the addresses it was sent to
    tokens: tuple[Token, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """The mark of one email in an address that something came back to: replies to one, bounces to another."""

    posting_id: int
    seal: str
    bounces: bool = False

    def is_ours(self, secret_key: str) -> bool:
        """Whether it was made here."""
        return hmac.compare_digest(token_of(self.posting_id, secret_key, bounces=self.bounces).seal, self.seal)

    def __str__(self) -> str:
        return f"{'b' if self.bounces else ''}{self.posting_id}-{self.seal}"


def token_of(posting_id: int, secret_key: str, *, bounces: bool = False) -> Token:
    """The token of one email: its number, sealed. Nobody who knows the one for replies can make the one for bounces."""
    sealed = keyed_hash(secret_key, "bounce" if bounces else "posting", str(posting_id))
    return Token(posting_id, sealed.hex()[:16], bounces)


def tagged(address: str, posting_id: int, secret_key: str, *, bounces: bool = False) -> str:
    """The address with the token of one email in it: replies+17-0f…@example.org, and replies+b17-9c…@ for what bounces."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token_of(posting_id, secret_key, bounces=bounces)}@{domain}"


class _Cut(EmailPolicy):
    """Python's policy of today, with no header of any part longer than its parser can take in reasonable time."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and the value of a header as they stand in the email, the value cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_HEADER]


def read_apart(raw: bytes) -> Incoming:
    """Read one email in a child process; one that cannot be read is given back as such, for a person to open.

    It is never refused for what it holds: whoever brought it would bring it again, for ever. Stopped only where too many
    are being read.
    """
    for attempt in (1, 2):  # a child that died may have been in the way of something else
        try:
            incoming: Incoming = MAIL.run(read_mail, raw[:MOST_BYTES])
            return incoming
        except Stopped as stopped:
            if stopped.why == "busy":
                raise
            log.warning("an email could not be read: %s", stopped)
            if stopped.why != "died" or attempt == 2:
                break
        except Failed as failed:
            log.warning("an email could not be read: %s", failed)
            break
    return unreadable(raw[:MOST_BYTES])


def digest_of(raw: bytes) -> str:
    """What an email is recognised by when it comes again."""
    return hashlib.sha256(raw).hexdigest()


def unreadable(raw: bytes) -> Incoming:
    """An email that cannot be read: only which letter it came back to, as far as its beginning shows that plainly."""
    start = raw[:MOST_SEARCHED].decode("ascii", "replace")
    return Incoming(
        kind="reply",
        digest=digest_of(raw),
        message_id="",
        sender="",
        subject="",
        text="",
        attachments=(),
        about=(),
        tokens=_tokens(start),
        fault=UNREADABLE,
    )


def read_mail(raw: bytes) -> Incoming:
    """Read one email. Nothing of it is trusted or carried out; what cannot be made out is left empty."""
    message = message_from_bytes(raw[:MOST_BYTES], policy=_Cut())
    parts = [part for _, part in zip(range(MOST_PARTS), _walk(message), strict=False)]
    report = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    kind, fault = "reply", ""
    if report is not None:
        kind, fault = _of_report(report)
    elif _comes_from_a_server(message):
        kind, fault = "bounce", _first_words(_text(parts)) or "it came back without a reason"
    elif _is_automatic(message):
        kind = "auto"
    return Incoming(
        kind=kind,
        digest=digest_of(raw),
        message_id=next(iter(MESSAGE_ID.findall(_header(message, "Message-ID"))), "")[:200],
        sender=_plain(parseaddr(_header(message, "From"))[1])[:254],
        subject=_plain(_header(message, "Subject"))[:300],
        text=_text(parts),
        attachments=tuple(_plain(part.get_filename() or "")[:200] for part in parts if part.get_filename())[:20],
        about=_letters_named(message, parts, kind),
        tokens=_tokens(_addresses_to(message)),
        fault=fault,
    )


def _walk(message: Message) -> Iterator[Message]:
    """Every part, whatever a badly made email does to the parser."""
    try:
        yield from message.walk()
    except (AttributeError, TypeError, ValueError, RecursionError):
        return


def _header(message: Message, name: str) -> str:
    """A header as text; '' where there is none or it cannot be read."""
    try:
        return str(message.get(name, "") or "")
    except (AttributeError, IndexError, RecursionError, TypeError, UnicodeError, ValueError):
        return ""


def _tokens(addresses: str) -> tuple[Token, ...]:
    """The tokens in addresses; whether they are ours is asked before anything is looked up by them."""
    return tuple(Token(int(number), seal.lower(), bool(bounces)) for bounces, number, seal in TOKEN.findall(addresses)[:50])


def _addresses_to(message: Message) -> str:
    """The addresses it was sent to, as far as the headers tell."""
    return " ".join(_header(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"))


def _of_report(report: Message) -> tuple[str, str]:
    """What a delivery status notification (RFC 3464) says of the recipients that fared worst."""
    blocks = report.get_payload()
    fields = [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []
    failed = [block for block in fields if _header(block, "Action").strip().lower() == "failed"]
    delayed = [block for block in fields if _header(block, "Action").strip().lower() == "delayed"]
    if failed:
        return "bounce", _fault_of(failed[0])
    if delayed:
        return "delayed", _fault_of(delayed[0])
    return "auto", ""  # delivered, relayed or expanded: nothing is wrong


def _fault_of(block: Message) -> str:
    """Why one recipient did not get it: in plain words where the code is known, with what the server said."""
    status = _header(block, "Status").strip().split(" ")[0]
    words = CODES.get(status.partition(".")[2], "")
    told = _plain(_header(block, "Diagnostic-Code").partition(";")[2] or _header(block, "Diagnostic-Code"))[:300]
    recipient = parseaddr(_header(block, "Final-Recipient").partition(";")[2])[1]
    reason = f"{words} ({told})" if words and told else words or told or f"status {status or 'unknown'}"
    return f"{recipient}: {reason}" if recipient else reason


def _comes_from_a_server(message: Message) -> bool:
    """Whether it is a bounce that does not keep to RFC 3464: sent with no return path by a mail server."""
    sender = parseaddr(_header(message, "From"))[1].partition("@")[0].lower()
    return _header(message, "Return-Path").strip() == "<>" and sender in ("mailer-daemon", "postmaster")


def _is_automatic(message: Message) -> bool:
    """Whether no person wrote it (RFC 3834, and what older programs write)."""
    submitted = _header(message, "Auto-Submitted").strip().lower().partition(";")[0]
    bulk = _header(message, "Precedence").strip().lower() in ("bulk", "auto_reply", "junk", "list")
    return submitted not in ("", "no") or bulk or any(message.get(name) for name in ANSWERING)


def _letters_named(message: Message, parts: list[Message], kind: str) -> tuple[str, ...]:
    """The Message-IDs of letters it may be about: of the letter a report returns, else those it answers."""
    named: list[str] = []
    if kind in ("bounce", "delayed"):
        for part in parts:
            if part is message:
                continue
            if part.get_content_type() == "text/rfc822-headers":
                named += MESSAGE_ID.findall(_headers_returned(part))
            elif part.get("Message-ID"):
                named += MESSAGE_ID.findall(_header(part, "Message-ID"))
        named += MESSAGE_ID.findall(_text(parts))
    for name in ("In-Reply-To", "References"):
        named += reversed(MESSAGE_ID.findall(_header(message, name)))
    return tuple(dict.fromkeys(found[:200] for found in named))[:50]


def _headers_returned(part: Message) -> str:
    """The Message-ID line of the headers a report gives back."""
    lines = _content(part).splitlines()
    pairs = zip(lines, [*lines[1:], ""], strict=True)  # a long one stands on the line after its name
    return " ".join(f"{line} {following}" for line, following in pairs if line.lower().startswith("message-id:"))


def _text(parts: list[Message]) -> str:
    """The plain words of an email; its HTML is never shown."""
    plain = next((part for part in parts if part.get_content_type() == "text/plain" and not part.get_filename()), None)
    return _plain(_content(plain), lines=True)[:MOST_WORDS] if plain is not None else ""


def _content(part: Message) -> str:
    """The text of a part, with whatever cannot be decoded replaced."""
    try:
        if isinstance(part, EmailMessage):
            return str(part.get_content())
    except (AttributeError, KeyError, LookupError, UnicodeError, ValueError):
        pass
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _plain(text: str, *, lines: bool = False) -> str:
    """Text without control characters and marks that turn the direction of writing; line ends stay where they are wanted."""
    allowed = {"\n"} if lines else set()
    spaced = text.replace("\r\n", "\n").replace("\t", " ").replace("\u00a0", " ")
    return "".join(one for one in spaced if one in allowed or (one.isprintable() and one not in TURNING)).strip()


def _first_words(text: str) -> str:
    """The first lines of a bounce that keeps to no standard."""
    return " ".join(text.split())[:300]
