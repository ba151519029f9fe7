"""A share of heavy work for each caller, so that nobody fills a lane of it alone and the others go on being served.

A caller is a person, or the network address of a stranger. Whoever asks for more than their share waits a moment for their
own work to end; who asks for much more is refused at once, for each who waits holds a thread. Jobs and commands have no
caller, and no share.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import g, has_request_context, request
from flask_babel import gettext

from scrutiny.adapters.sandbox import Busy

PATIENCE = 10.0


class ShareTaken(Busy):
    """This caller's own work is still being done: the same again in some seconds may go well."""


class Share:
    """One kind of work: so many pieces at once for each caller and, where it is said, for all together."""

    def __init__(self, *, each: int, waiting: int = 0, in_all: int = 0, patience: float = PATIENCE) -> None:
        """`waiting`: how many more of each caller may wait, for so many seconds of `patience`; `in_all` 0 is no limit."""
        self.each, self.waiting, self.in_all, self.patience = each, waiting, in_all, patience
        self._at_work: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place while something is done; ShareTaken or Busy where there is none."""
        leave = self.take(caller())
        try:
            yield
        finally:
            leave()

    def take(self, whose: str) -> Callable[[], None]:
        """Take a place for a caller ('' has no need of one), and how to give it back, which may be done twice."""
        if not whose:
            return lambda: None
        with self._changed:
            if not self._has_room(whose):
                self._wait(whose)
            self._at_work[whose] += 1
        held = [whose]
        return lambda: self._leave(held.pop()) if held else None

    def _wait(self, whose: str) -> None:
        """Wait for a place, where not too many of this caller's wait already."""
        if self._waiting[whose] >= self.waiting:
            raise self._refusal(whose)
        self._waiting[whose] += 1
        try:
            if not self._changed.wait_for(lambda: self._has_room(whose), timeout=self.patience):
                raise self._refusal(whose)
        finally:
            self._waiting[whose] -= 1
            self._waiting += Counter()  # whoever waits no more is forgotten

    def _leave(self, whose: str) -> None:
        """Give a place back."""
        with self._changed:
            self._at_work[whose] -= 1
            self._at_work += Counter()
            self._changed.notify_all()

    def _has_room(self, whose: str) -> bool:
        """Whether a caller may begin one more."""
        return self._at_work[whose] < self.each and (not self.in_all or self._at_work.total() < self.in_all)

    def _refusal(self, whose: str) -> Busy:
        """What somebody is told who does not come in."""
        if self._at_work[whose] >= self.each:
            return ShareTaken(gettext("What you asked for before is still being prepared. Wait a few seconds, then try again"))
        return Busy(gettext("Many people are asking for this just now. Wait a minute, then try again"))


#: Files looked into as they are sent, and of these such as need much time or memory.
CHECKING, CHECKING_LARGE = Share(each=3, waiting=2), Share(each=1, waiting=1, patience=60)
#: Pages of files drawn or read.
SHOWING = Share(each=4, waiting=4)
#: PDFs and Word documents.
PRINTING = Share(each=2, waiting=1, in_all=8)
#: Tables that are written while they are sent, and zips of all that an agency sent, which lie on the disk until they are.
TAKING, BUNDLING = Share(each=1, waiting=1, in_all=3, patience=5), Share(each=1, waiting=1, in_all=4, patience=5)


def caller() -> str:
    """Who asks: a person, or the network address of a stranger (a /64 of IPv6); '' in jobs and commands."""
    if not has_request_context():
        return ""
    person = getattr(g.get("actor"), "person", None)
    return f"person:{person}" if person is not None else f"network:{_network(request.remote_addr or '')}"


def _network(address: str) -> str:
    """What one stranger can come from at will."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def seconds_to_wait(refusal: Busy) -> int:
    """When to ask again."""
    return 10 if isinstance(refusal, ShareTaken) else 60
