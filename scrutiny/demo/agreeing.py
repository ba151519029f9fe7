"""What bodies of the stories say of findings that they agree with together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from scrutiny.agreement import service as agreement
from scrutiny.agreement import status
from scrutiny.demo.storytelling import Loamshire
from scrutiny.findings.models import Finding


def agreed(county: Loamshire, chosen: Sequence[Finding], who: Mapping[str, str], at: datetime, comment: str = "") -> None:
    """The bodies of a joint review agree with findings as they stand: the key of each body, and who says so; with a comment."""
    for finding in chosen:
        for key, person in who.items():
            word = agreement.Word("commented" if comment else "agreed", status.digest_of(finding), comment)
            agreement.say(finding, county.body(key), word, by=county.by(person, key), at=at)
