"""The arithmetic of the chain: what each link's digest covers; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """The plain values of one row of the trail."""

    number: int
    at: datetime
    by: str
    capacity: str
    event: str
    about: str
    within: str
    before: str
    after: str
    fields: dict[str, Any]
    previous: str
    digest: str


def digest_of(link: Link) -> str:
    """SHA-256 over the row and the digest before it, as canonical JSON."""
    row = [
        link.number,
        link.at.astimezone(UTC).isoformat(),
        link.by,
        link.capacity,
        link.event,
        link.about,
        link.within,
        link.before,
        link.after,
        link.fields,
        link.previous,
    ]
    return hashlib.sha256(json.dumps(row, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the trail that cannot be read, and why."""

    number: int
    why: str


def faults(links: Iterable[Link | Unreadable], head: tuple[int, str] | None) -> list[str]:
    """What is wrong with a trail read in order: rows changed, missing or out of order; none when it is whole.

    `head` is the number and digest of its last row; None where that is not known.
    """
    found: list[str] = []
    previous, expected = START, 1
    unknown = False
    for link in links:
        if isinstance(link, Unreadable):
            found.append(f"Row {link.number} cannot be read: {link.why}")
            previous, expected, unknown = "", link.number + 1, True
            continue
        if link.number != expected:
            found.append(f"Row {expected} is missing: the next row found is {link.number}")
            expected = link.number
        elif link.previous != previous and not unknown:
            found.append(f"Row {link.number} does not follow the row before it: rows were reordered or replaced")
        if digest_of(link) != link.digest:
            found.append(f"Row {link.number} was changed after it was written")
        previous, expected, unknown = link.digest, expected + 1, False
    if head is None:
        return found
    head_number, head_digest = head
    if expected - 1 != head_number or (previous != (head_digest or START) and not unknown):
        found.append(f"The trail ends at row {expected - 1}, but {head_number} rows were written: its tail was cut or altered")
    return found
