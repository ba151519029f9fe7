"""How often something may be tried: pure numbers, counted in the database so that every process counts together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries for one address, and for one network address, within a time."""

    name: str
    of_address: int
    of_network: int
    within: timedelta


LINKS = Limit("link", 5, 60, timedelta(hours=1))
#: An office of many people shares one network address, so its limit is wide.
PASSWORDS = Limit("password", 10, 100, timedelta(minutes=15))
#: Errors reported in reports: each writes a letter to everybody who runs the review.
ERRORS = Limit("error", 10, 20, timedelta(hours=1))
#: Lists of places sent to be answered: each is a process of its own for some seconds.
LISTS = Limit("list", 30, 30, timedelta(hours=1))
