"""Whether the audit trail is whole, looked at from a page: all of it, or its first rows where it is long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from scrutiny.audit import queries as audit
from scrutiny.audit import row_check
from scrutiny.audit.chain import Link, faults

#: Rows a page looks at; `flask audit verify` looks at all, however many.
LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows were looked at, of how many, and what is wrong with them in words."""

    looked_at: int
    of: int
    faults: list[str]


def verify(limit: int = LIMIT) -> Verdict:
    """Check the chain from its start, up to a limit of rows."""
    found: list[str] = []
    head = audit.head_held(found)
    number = head[0] if head else 0
    if number <= limit:
        # Of a trail that is empty nothing else would be said.
        return Verdict(number, number, audit.faults_found() + ([] if number else row_check.unaccounted()))
    links = list(islice(audit.links(), limit))
    last = links[-1].digest if links and isinstance(links[-1], Link) else ""
    return Verdict(len(links), number, found + faults(links, (limit, last)))
