"""Where spend files that people sent are read: a child with limits, one at a time, for they are large and made by anybody."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from scrutiny.adapters.sandbox import Busy, Failed, Lane, Limits, Server, Stopped
from scrutiny.spend_files.publishers import Known, Understood, understand
from scrutiny.spend_files.records import Reading
from workflows.refusals import Refused

log = logging.getLogger(__name__)
SERVER = Server("scrutiny.spend_files.publishers")
#: For a page: a file of 100,000 payments fits. What was read comes back in 40MB.
PAGE = Lane(SERVER, Limits(seconds=20, memory=1_500_000_000, output=400_000_000, patience=120), at_once=1, waiting=3)
#: For the command, which keeps nobody else waiting.
COMMAND = Lane(SERVER, Limits(seconds=240, memory=1_500_000_000, output=400_000_000, patience=300), at_once=1, waiting=3)
#: What a packed file may unpack to.
MOST_UNPACKED = 300_000_000


def understood_in_a_child(content: bytes, said: Reading | None, known: Sequence[Known], *, today: date, lane: Lane) -> Understood:
    """A spend file read with limits of time and memory. Refused where it goes beyond them, with what to send instead."""
    found: Understood
    try:
        found = lane.run(understand, said, tuple(known), today, MOST_UNPACKED, files=[content])
    except Stopped as stopped:
        if stopped.why == "busy":
            raise Busy(stopped.said.template, **stopped.said.values) from None
        if lane is PAGE:
            raise Refused(
                gettext(
                    "The file was not loaded: reading it takes more time or memory than one file may. Send it in parts, or have "
                    "it loaded with flask ledger load."
                )
            ) from None
        raise Refused(
            gettext("The file was not loaded: reading it takes more time or memory than one file may. Send it in parts.")
        ) from None
    except Failed as failed:
        log.warning("a spend file could not be read: %s", failed)
        raise Refused(gettext("The file cannot be read. Save it again as CSV and send it again.")) from None
    return found
