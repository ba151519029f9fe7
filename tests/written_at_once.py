"""What each transaction that writes holds up others for: its statements, the letters worded in it, its rows, its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from scrutiny.correspondence import service as correspondence
from scrutiny.extensions import db, writing


@dataclass
class Held:
    """One transaction that meant to write, from its beginning to its end."""

    begun: float
    cpu_begun: float
    statements: int = 0
    letters: int = 0
    seconds: float = 0.0
    processor: float = 0.0  # of those seconds, what the thread itself worked


@dataclass
class Written:
    """All transactions that meant to write."""

    held: list[Held] = field(default_factory=list)

    @property
    def most_statements(self) -> int:
        """Of any one of them."""
        return max((one.statements for one in self.held), default=0)

    @property
    def most_letters(self) -> int:
        """Worded in any one of them."""
        return max((one.letters for one in self.held), default=0)

    @property
    def longest(self) -> float:
        """Seconds that any one of them worked while it was open: on a machine with nothing else to do, those others wait."""
        return max((one.processor for one in self.held), default=0.0)


@contextmanager
def written() -> Iterator[Written]:
    """Count, in every thread, what is done between `begin` and the end of each transaction that means to write."""
    found, here = Written(), threading.local()
    engine, worded = db.engine, correspondence.worded

    def begin(_: Any) -> None:
        here.now = Held(time.perf_counter(), time.thread_time()) if writing.get() else None

    def count(*_: Any) -> None:
        if getattr(here, "now", None) is not None:
            here.now.statements += 1

    def end(_: Any) -> None:
        if getattr(here, "now", None) is not None:
            here.now.seconds = time.perf_counter() - here.now.begun
            here.now.processor = time.thread_time() - here.now.cpu_begun
            found.held.append(here.now)
            here.now = None

    def word(*args: Any, **values: Any) -> tuple[str, str]:
        if getattr(here, "now", None) is not None:
            here.now.letters += 1
        return worded(*args, **values)

    heard = (("begin", begin), ("before_cursor_execute", count), ("commit", end), ("rollback", end))
    for name, hear in heard:
        event.listen(engine, name, hear)
    correspondence.worded = word
    try:
        yield found
    finally:
        correspondence.worded = worded
        for name, hear in heard:
            event.remove(engine, name, hear)
