"""Where files that people sent are worked on: children with limits for checking and for showing.

Each kind of work has a lane of its own, so that a file which takes long holds up others like it and nothing else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import IO, Any

from scrutiny.adapters.sandbox import Busy, Failed, Lane, Limits, Server, Stopped
from scrutiny.adapters.shares import CHECKING, CHECKING_LARGE, SHOWING
from scrutiny.file_reading.inspection import Inspected, inspect_file, safe_name
from workflows.refusals import Refused

log = logging.getLogger(__name__)


class CannotBeShown(Refused):
    """A file, or a page of it, can be taken away and not shown here: what stands in it is checked by eye."""


SERVER = Server(*(f"scrutiny.file_reading.{name}" for name in ("inspection", "pages", "sheets", "documents", "plain_texts")))
CHECK = Lane(SERVER, Limits(seconds=2, memory=200_000_000), at_once=2, waiting=6)
# What needs more is not refused for that: it waits here, one at a time, behind others like it.
LARGE = Lane(SERVER, Limits(seconds=40, memory=700_000_000, patience=150), at_once=1, waiting=2)
SHOW = Lane(SERVER, Limits(seconds=6, memory=400_000_000), at_once=2, waiting=8)
# An email is read by the clock, or as a mail server pipes it in: no page waits for it.
MAIL = Lane(SERVER, Limits(seconds=4, memory=200_000_000), at_once=1, waiting=8)

TOO_LONG_TO_SHOW = "This takes too long to show here. Download it to read it."
NOT_AGAIN = 3600.0
MOST_REMEMBERED = 1000
_stopped: dict[tuple[Any, ...], float] = {}


def check_file(name: str, file: bytes | IO[bytes]) -> Inspected:
    """What a file is, looked into in a child; Refused with what is wrong and what to send instead."""
    inspected: Inspected
    try:
        try:
            with CHECKING.taken():
                inspected = CHECK.run(inspect_file, name, files=[file])
        except Stopped as stopped:
            if stopped.why not in ("time", "memory", "died"):
                raise
            with CHECKING_LARGE.taken():
                inspected = LARGE.run(inspect_file, name, files=[file])
    except Stopped as stopped:
        if stopped.why == "busy":
            raise Busy(
                "“%(name)s” was not checked: many files are being looked at just now. Wait a minute, then try again.",
                name=safe_name(name),
            ) from None
        raise Refused(
            "“%(name)s” was not kept: checking it takes more time or memory than one file may. Save it again, or send "
            "it in parts.",
            name=safe_name(name),
        ) from None
    except Failed as failed:
        log.warning("a file could not be checked: %s", failed)
        raise Refused(
            "“%(name)s” is damaged and cannot be read. Save it again and send it again.", name=safe_name(name)
        ) from None
    return inspected


def show(draw: Callable[..., Any], *arguments: Any, file: bytes | IO[bytes], known_as: str = "") -> Any:
    """What a function makes of a file to be looked at, in a child; Refused where that takes too long.

    What took too long once is not tried again for an hour, where it is `known_as` something (its digest): somebody who
    opens it over and over holds nobody up.
    """
    key = (known_as, draw.__qualname__, *arguments)
    stopped_at = _stopped.get(key) if known_as else None
    if stopped_at is not None and time.monotonic() - stopped_at < NOT_AGAIN:
        raise CannotBeShown(TOO_LONG_TO_SHOW)
    try:
        with SHOWING.taken():
            return SHOW.run(draw, *arguments, files=[file])
    except Stopped as stopped:
        if stopped.why == "busy":
            raise Busy(stopped.said.template, **stopped.said.values) from None
        if known_as:
            if len(_stopped) >= MOST_REMEMBERED:
                _stopped.clear()
            _stopped[key] = time.monotonic()
        raise CannotBeShown(TOO_LONG_TO_SHOW) from None
    except Failed as failed:
        log.warning("%s could not be worked out: %s", draw.__qualname__, failed)
        raise CannotBeShown(TOO_LONG_TO_SHOW) from None
