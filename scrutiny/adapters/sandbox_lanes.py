"""Where files that people sent are worked on: children with limits for checking, for reading tables, and for showing.

Each kind of work has a lane of its own, so that a file which takes long holds up others like it and nothing else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import IO, Any

from scrutiny.adapters.inspection import Inspected, inspect_file, safe_name
from scrutiny.adapters.sandbox import Failed, Lane, Limits, Server, Stopped
from workflows.refusals import Refused

log = logging.getLogger(__name__)

SERVER = Server("scrutiny.adapters.inspection", "scrutiny.adapters.pages", "scrutiny.adapters.sheets")
CHECK = Lane(SERVER, Limits(seconds=2, memory=200_000_000), at_once=2, waiting=6)
# What needs more is not refused for that: it waits here, one at a time, behind others like it.
LARGE = Lane(SERVER, Limits(seconds=40, memory=700_000_000, patience=150), at_once=1, waiting=2)
TABLE = Lane(SERVER, Limits(seconds=5, memory=300_000_000), at_once=2, waiting=4)
SHOW = Lane(SERVER, Limits(seconds=6, memory=400_000_000), at_once=2, waiting=8)

TOO_LONG_TO_READ = "The file takes too long to read. Send it in parts, or save it afresh as CSV."
TOO_LONG_TO_SHOW = "This takes too long to show here. Download it to read it."
NOT_AGAIN = 3600.0
MOST_REMEMBERED = 1000
_stopped: dict[tuple[Any, ...], float] = {}


def check_file(name: str, file: bytes | IO[bytes]) -> Inspected:
    """What a file is, looked into in a child; Refused with what is wrong and what to send instead."""
    inspected: Inspected
    try:
        try:
            inspected = CHECK.run(inspect_file, name, files=[file])
        except Stopped as stopped:
            if stopped.why not in ("time", "memory", "died"):
                raise
            inspected = LARGE.run(inspect_file, name, files=[file])
    except Stopped as stopped:
        if stopped.why == "busy":
            raise Refused(f"“{safe_name(name)}” was not checked: {stopped.sentence[0].lower()}{stopped.sentence[1:]}") from None
        raise Refused(
            f"“{safe_name(name)}” was not kept: checking it takes more time or memory than one file may. "
            "Save it afresh, or send it in parts."
        ) from None
    except Failed as failed:
        log.warning("a file could not be checked: %s", failed)
        raise Refused(f"“{safe_name(name)}” is damaged and cannot be read. Save it afresh and send it again.") from None
    return inspected


def read_table(read: Callable[..., Any], *arguments: Any, file: bytes | IO[bytes]) -> Any:
    """What a function reads from a table somebody sent, in a child; Refused where that takes too long."""
    try:
        return TABLE.run(read, *arguments, files=[file])
    except Stopped as stopped:
        raise Refused(stopped.sentence if stopped.why == "busy" else TOO_LONG_TO_READ) from None
    except Failed as failed:
        log.warning("%s could not be worked out: %s", read.__qualname__, failed)
        raise Refused(TOO_LONG_TO_READ) from None


def show(draw: Callable[..., Any], *arguments: Any, file: bytes | IO[bytes], known_as: str = "") -> Any:
    """What a function makes of a file to be looked at, in a child; Refused where that takes too long.

    What took too long once is not tried again for an hour, where it is `known_as` something (its digest): somebody who
    opens it over and over holds nobody up.
    """
    key = (known_as, draw.__qualname__, *arguments)
    if known_as and _stopped.get(key, 0) > time.monotonic() - NOT_AGAIN:
        raise Refused(TOO_LONG_TO_SHOW)
    try:
        return SHOW.run(draw, *arguments, files=[file])
    except Stopped as stopped:
        if stopped.why == "busy":
            raise Refused(stopped.sentence) from None
        if known_as:
            if len(_stopped) >= MOST_REMEMBERED:
                _stopped.clear()
            _stopped[key] = time.monotonic()
        raise Refused(TOO_LONG_TO_SHOW) from None
    except Failed as failed:
        log.warning("%s could not be worked out: %s", draw.__qualname__, failed)
        raise Refused(TOO_LONG_TO_SHOW) from None
