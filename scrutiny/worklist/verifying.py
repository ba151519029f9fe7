"""Whether the audit trail is whole, looked at from a page: all of it, or its first rows where it is long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from scrutiny.audit import queries as audit
from scrutiny.audit.chain import faults

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
    number, _ = audit.head()
    if number <= limit:
        return Verdict(number, number, audit.faults_found())
    links = list(islice(audit.links(), limit))
    return Verdict(len(links), number, faults(links, head_number=limit, head_digest=links[-1].digest if links else ""))
