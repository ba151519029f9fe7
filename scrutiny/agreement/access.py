"""The doors of this room: who reads what bodies said of a finding, and who says it for which body."""

from __future__ import annotations

from datetime import date

from flask import abort

from scrutiny.agreement.service import speaks_for
from scrutiny.agreement.status import is_joint
from scrutiny.bodies.models import Body
from scrutiny.findings import access as findings
from scrutiny.findings.models import Finding
from scrutiny.reports.signing import bodies_that_sign
from workflows.roles import Actor


def finding_to_agree(reference: str, number: int, by: Actor) -> Finding:
    """A finding of a joint review, for those who may read it; in another review there is nothing to agree."""
    finding = findings.finding_to_read(reference, number, by)
    if not is_joint(finding.review):
        abort(404)
    return finding


def body_to_speak_for(finding: Finding, body_id: int, by: Actor, today: date) -> Body:
    """A body that signs, for whoever says for it whether it agrees; another is not there, its other readers may not."""
    body = next((one for one in bodies_that_sign(finding.review) if one.id == body_id), None)
    if body is None:
        abort(404)
    if not speaks_for(finding, body, by, today):
        abort(403)
    return body


def bodies_spoken_for(finding: Finding, by: Actor, today: date) -> list[Body]:
    """The bodies for which somebody may say whether they agree: their own first."""
    found = [body for body in bodies_that_sign(finding.review) if speaks_for(finding, body, by, today)]
    return sorted(found, key=lambda body: (body.id != by.body, body.name))
