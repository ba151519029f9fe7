"""A mailbox read over IMAP: each email that was not read yet is handed over, and marked as read once it is kept."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from workflows.refusals import Refused

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PATIENCE_SECONDS = 30
#: How many emails one run takes: the next run takes the rest.
AT_ONCE = 200
HOW = "MAILBOX_URL must look like imaps://user:password@host:993/INBOX"


class MailboxClosed(Exception):
    """The mailbox cannot be read now; `str` says why, without the password."""


def check_mailbox_url(url: str) -> SplitResult:
    """The parts of MAILBOX_URL; a password never travels in the clear."""
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise Refused(HOW)
    starttls = parse_qs(parts.query).get("starttls", [""])[-1] == "required"
    if parts.scheme == "imap" and parts.hostname not in LOOPBACK and not starttls:
        raise Refused("%(how)s; imap:// sends the password in the clear, unless it ends in ?starttls=required", how=HOW)
    return parts


def why_not_mailbox(url: str) -> str:
    """What is wrong with MAILBOX_URL, in words; '' where it can be used."""
    try:
        check_mailbox_url(url)
    except (Refused, ValueError) as wrong:
        return str(getattr(wrong, "sentence", HOW))
    return ""


class Mailbox:
    """One folder of one mailbox."""

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.parts = check_mailbox_url(url)
        self.folder = unquote(self.parts.path.strip("/")) or "INBOX"
        self._tls = tls or ssl.create_default_context()

    def __repr__(self) -> str:
        return f"Mailbox({self.parts.hostname}/{self.folder})"

    def read(self, take: Callable[[bytes], bool], *, most_bytes: int) -> int:
        """Hand over each unread email, at most `most_bytes` of it; how many were taken.

        Only what `take` says is kept is marked as read: the rest stays unread, and the next run tries it again.
        """
        taken = 0
        with self._opened() as server:
            for uid in _unread(server):
                if taken >= AT_ONCE:
                    break  # what cannot be taken does not count, so it keeps nothing behind it waiting
                raw = _fetched(server, uid, most_bytes)
                if raw is None or not take(raw):
                    continue
                _ok(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
                taken += 1
        return taken

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        """The folder, opened for reading and marking; closed again whatever happens."""
        try:
            server = self._connected()
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxClosed(f"The mailbox at {self.parts.hostname} cannot be opened: {_why(error)}") from error
        try:
            _ok(server.select(f'"{self.folder}"'))
            yield server
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxClosed(f"The mailbox at {self.parts.hostname} broke off: {_why(error)}") from error
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()

    def _connected(self) -> imaplib.IMAP4:
        host, port = self.parts.hostname or "", self.parts.port
        server: imaplib.IMAP4
        if self.parts.scheme == "imaps":
            server = imaplib.IMAP4_SSL(host, port or 993, ssl_context=self._tls, timeout=PATIENCE_SECONDS)
        else:
            server = imaplib.IMAP4(host, port or 143, timeout=PATIENCE_SECONDS)
            if "starttls=required" in self.parts.query:
                server.starttls(self._tls)
        server.login(unquote(self.parts.username or ""), unquote(self.parts.password or ""))
        return server


def _unread(server: imaplib.IMAP4) -> list[str]:
    """The numbers of what was not read, oldest first."""
    found = _ok(server.uid("SEARCH", "UNSEEN UNDELETED"))
    return (found[0] or b"").decode().split() if found else []


def _fetched(server: imaplib.IMAP4, uid: str, most_bytes: int) -> bytes | None:
    """The beginning of one email, without marking it as read; None where the server gave none: it may be gone by now."""
    for part in _ok(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{most_bytes}>)")):
        if isinstance(part, tuple) and len(part) == 2:
            return bytes(part[1])
    return None


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server answered, or why it would not."""
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {found!r}")
    return found


def _why(error: Exception) -> str:
    """The server's words, without anything that looks like a login."""
    return re.sub(r"LOGIN \S+ \S+", "LOGIN", str(error) or type(error).__name__)[:300]
