"""Asking those who sign for a body to sign, once its report is ready to be signed and again when what is signed has changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.queries import letters_about
from scrutiny.editions.models import Report
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day
from scrutiny.reports import letters
from scrutiny.reports.letters import occasion_of
from scrutiny.reports.models import Signature
from scrutiny.reports.signing import SIGNERS, still_to_come, today_digest, unready, wanted
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of
from scrutiny.work.batch import run_each
from workflows.jobs import job

WANTS: Final = "signature_wanted"
#: While the words are still being changed, nobody is asked about each of them more often than this.
APART: Final = timedelta(hours=1)


@job("ask_for_signatures")
def ask_for_signatures(*, at: datetime) -> str:
    """Ask everybody who is to sign a report that is ready for it; nobody twice for the same words."""
    fault = "the signatures of review %s could not be asked for; the others go on"
    asked = run_each(reviews_to_sign(), lambda review_id: ask(review_id, at), fault=fault)[0]
    return f"{asked} asked to sign" if asked else ""


def reviews_to_sign() -> list[int]:
    """Reviews that may be ready to be signed: those with a summary whose report is still to come out."""
    rows = select(Review.id).join(Report, Report.review_id == Review.id).where(Report.summary != "", still_to_come())
    return list(db.session.scalars(rows.order_by(Review.id)))


def ask(review_id: int, at: datetime) -> int:
    """Write to those who sign for the bodies that have not, where a review is ready for it; how many letters were written."""
    review = db.session.get_one(Review, review_id)
    if damage_of(review.edition) or unready(review):
        return 0
    rows, digest = wanted(review), today_digest(review)
    signed_by = listed([row.body.name for row in rows if row.signature is not None])
    written = letters_about(review.plain)
    asked = 0
    for row in rows:
        if row.signature is not None:
            continue
        told = _told_of_change(row.voided, digest)
        occasion = occasion_of(row.body, digest)
        before = [one for one in written if one.kind == WANTS and one.occasion.split(":")[:2] == row.body.reference.split(":")]
        for to in bodies.recipients(row.body, london_day(at), SIGNERS):
            own = [one for one in before if one.person == to.reference]
            again = any(one.occasion == occasion or at - one.written_at < APART for one in own)
            if not again and to.reference not in told:
                letters.signature_wanted(review, row.body, to, digest, signed_by, at=at)
                asked += 1
    return asked


def _told_of_change(voided: Signature | None, digest: str) -> set[str]:
    """Whom the letter about a signature that no longer holds has asked to sign these very words."""
    rows = letters_about(f"signature:{voided.id}") if voided is not None else []
    return {one.person for one in rows if one.kind == "signature_voided" and one.occasion == digest[:32]}
