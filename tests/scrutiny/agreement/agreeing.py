"""Every body of a joint review agrees with a finding, as far as a test of what comes after needs it."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agreement import service, status
from scrutiny.findings.models import Finding
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting

#: Who of the cast speaks for which body, by its slug.
LEADERS = {"loamshire-scrutiny": "officer", "ofsted": "lead_inspector", "cqc": "partner_inspector"}


def agreed(finding: Finding, *, at: datetime = NOW) -> Finding:
    """Whoever speaks for each body that has not answered says that it agrees; nobody is asked where one body signs alone."""
    if status.is_joint(finding.review):
        for row in status.status_of(finding).bodies:
            if not row.agrees:
                word = service.Word("agreed", status.digest_of(finding))
                service.say(finding, row.body, word, by=acting(LEADERS[row.body.slug]), at=at)
    return finding
