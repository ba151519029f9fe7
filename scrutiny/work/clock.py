"""A clock that runs on from the moment a job began: what is done late in a long run is dated when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


def running_from(at: datetime) -> Clock:
    """A clock that says `at` now and runs on from there, in whole seconds, whatever is done to the clock of the machine."""
    began = time.monotonic()
    return lambda: at + timedelta(seconds=int(time.monotonic() - began))
