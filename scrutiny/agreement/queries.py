"""Reading what bodies said of findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.agreement.models import FindingAgreement
from scrutiny.extensions import db
from scrutiny.findings.models import Finding


def said_of(finding_ids: Collection[int]) -> dict[int, list[FindingAgreement]]:
    """What was said of findings, by the id of each, the newest first; one statement."""
    rows = select(FindingAgreement).where(FindingAgreement.finding_id.in_(finding_ids))
    rows = rows.options(joinedload(FindingAgreement.body)).order_by(FindingAgreement.id.desc())
    found: dict[int, list[FindingAgreement]] = defaultdict(list)
    for row in db.session.scalars(rows) if finding_ids else ():
        found[row.finding_id].append(row)
    return found


def proposed_in(review_ids: Collection[int]) -> list[Finding]:
    """The proposed findings of reviews with all that their words are made of, in a constant number of statements."""
    rows = select(Finding).where(Finding.review_id.in_(review_ids), Finding.state == "proposed")
    rows = rows.options(selectinload(Finding.lines), selectinload(Finding.citations))
    return list(db.session.scalars(rows.order_by(Finding.review_id, Finding.number))) if review_ids else []
