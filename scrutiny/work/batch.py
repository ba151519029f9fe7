"""One deed for each of many records, each in its own transaction: one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial

from scrutiny.transaction import run

log = logging.getLogger(__name__)


def run_each(ids: Iterable[int], deed: Callable[[int], int], *, fault: str) -> tuple[int, int]:
    """What the deeds add up to, and how many failed; `fault` says what went wrong, with %s for the record's id."""
    done = failed = 0
    for record_id in ids:
        try:
            done += run(partial(deed, record_id))
        except Exception:
            log.exception(fault, record_id)
            failed += 1
    return done, failed
