"""The letters of this room: a body is asked whether it agrees with a finding; its comment, or what it asks to be changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scrutiny.accounts import queries as accounts
from scrutiny.agreement import status
from scrutiny.agreement.models import AGREED, NOT_YET, FindingAgreement
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.findings.models import Finding
from scrutiny.formats import listed, london_day, moment
from scrutiny.snapshots.changes import field_in_words
from workflows.lifecycles.finding import LEADERS
from workflows.roles import Actor

WANTED, ANSWERED = "agreement_wanted", "agreement_answered"


def wanted(finding: Finding, row: status.OfBody, *, by: Actor, at: datetime) -> None:
    """To those who speak for a body: whether it agrees with a proposed finding, and what changed since it last said so.

    Once when the finding is proposed, and once for each answer that the words have left behind; those of a day in one email.
    """
    body, before = row.body, row.before
    changes = status.changes_since(before, finding) if before is not None else []
    changed = listed(list(dict.fromkeys(field_in_words(one.field) for one in changes)))
    for to in bodies.recipients(body, london_day(at), tuple(LEADERS)):
        if to.reference != by.reference:
            _write(
                WANTED,
                finding,
                to,
                body,
                at=at,
                occasion=f"{body.reference}:{before.id if before is not None else 'first'}",
                changed=changed,
                said_on=moment(before.said_at) if before is not None else "",
                address=f"/reviews/{finding.review.reference}/findings/{finding.number}/agreement",
            )


def answered(finding: Finding, row: FindingAgreement, body: Body, *, by: Actor, at: datetime) -> None:
    """To whoever wrote the finding and those who lead on it in its body: a comment, or what another body asks to be changed."""
    if row.answer == AGREED:
        return
    owner = status.owner_of(finding)
    told = {one.reference: one for one in bodies.recipients(owner, london_day(at), tuple(LEADERS))}
    writer = accounts.person(int(finding.written_by.split(":")[1])) if finding.written_by.startswith("person:") else None
    if writer is not None and writer.active:
        told.setdefault(writer.reference, Recipient(writer.reference, writer.email, writer.name, writer.language))
    for to in told.values():
        if to.reference != by.reference:
            _write(
                ANSWERED,
                finding,
                to,
                body,
                at=at,
                occasion=f"answer:{row.id}",
                by=row.name,
                not_yet=row.answer == NOT_YET,
                comment=row.comment,
                address=f"/reviews/{finding.review.reference}/findings/{finding.number}",
            )


def _write(kind: str, finding: Finding, to: Recipient, body: Body, **values: Any) -> None:
    """One letter about a body and a finding; those of a review and a day go in one email."""
    review = finding.review
    write_letter(
        kind,
        to=to,
        reference=finding.reference,
        within=review.plain,
        bundle=f"agreement:{review.id}",
        our=review.reference,
        title=review.title,
        body=body.name,
        number=finding.number,
        finding=finding.title,
        **values,
    )
