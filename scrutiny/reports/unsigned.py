"""How far several reviews are with sign-off: who signs, who has, whose signature is wanted; a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from scrutiny.editions.models import Report
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports.models import Signature
from scrutiny.reports.signing import bodies_that_sign
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of
from scrutiny.snapshots.signed_content import digest_of_plain, plain_of


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A body whose signature is wanted, and why one it gave before no longer holds."""

    body_id: int
    name: str
    voided_why: str


def signatures_wanted(reviews: Sequence[Review]) -> dict[int, list[Unsigned]]:
    """For each of these reviews that is ready to be signed, the bodies that have not; a constant number of statements."""
    ready = _ready([review.id for review in reviews])
    signed = _signatures(ready)
    findings = _by_review(_findings(ready))
    recommendations = _by_review(_recommendations(ready))
    summaries = _summaries(ready)
    found = {}
    for review in reviews:
        if review.id in ready and not damage_of(review.edition):
            summary = summaries.get(review.id, "")
            current = digest_of_plain(plain_of(review, summary, findings[review.id], recommendations[review.id]))
            found[review.id] = _unsigned(review, signed[review.id], current)
    return {review_id: wanted for review_id, wanted in found.items() if wanted}


def _unsigned(review: Review, signatures: Sequence[Signature], current: str) -> list[Unsigned]:
    """The bodies of a review that sign and have not signed what stands today."""
    found = []
    for body in bodies_that_sign(review):
        own = [row for row in signatures if row.body_id == body.id]
        if not any(row.voided_at is None and row.digest == current for row in own):
            why = next((row.voided_why or gettext("What was signed has changed since") for row in own), "")
            found.append(Unsigned(body.id, body.name, why))
    return found


def _ready(ids: Collection[int]) -> set[int]:
    """The reviews with a summary and a settled finding, none unsettled, and no recommendation still a draft."""
    states = select(Finding.review_id, Finding.state).where(Finding.review_id.in_(ids), Finding.state != "withdrawn").distinct()
    by_review = defaultdict(set)
    for review_id, state in db.session.execute(states.order_by(Finding.review_id, Finding.state)):
        by_review[review_id].add(state)
    drafts = select(Recommendation.review_id).where(Recommendation.review_id.in_(ids), Recommendation.state == "drafted")
    held = set(db.session.scalars(drafts.group_by(Recommendation.review_id).order_by(func.min(Recommendation.id))))
    summed_up = select(Report.review_id).where(Report.review_id.in_(ids), Report.summary != "").order_by(Report.review_id)
    settled = {review_id for review_id, states in by_review.items() if states == {"settled"}}
    return settled & {review_id for review_id in db.session.scalars(summed_up) if review_id is not None} - held


def _signatures(ids: Collection[int]) -> dict[int, list[Signature]]:
    """The signatures of these reviews, newest first."""
    rows = select(Signature).where(Signature.review_id.in_(ids), Signature.corrected_at.is_(None)).order_by(Signature.id.desc())
    return _by_review(list(db.session.scalars(rows)))


def _summaries(ids: Collection[int]) -> dict[int, str]:
    """The summaries of the reports of these reviews."""
    rows = select(Report.review_id, Report.summary).where(Report.review_id.in_(ids)).order_by(Report.review_id)
    return {review_id: summary for review_id, summary in db.session.execute(rows) if review_id is not None}


def _findings(ids: Collection[int]) -> list[Finding]:
    """The findings of these reviews, whole enough for the digest that is signed."""
    rows = select(Finding).where(Finding.review_id.in_(ids), Finding.state != "withdrawn")
    rows = rows.options(selectinload(Finding.lines), selectinload(Finding.citations))
    return list(db.session.scalars(rows.order_by(Finding.review_id, Finding.number)))


def _recommendations(ids: Collection[int]) -> list[Recommendation]:
    """The recommendations of these reviews, whole enough for the digest that is signed."""
    rows = select(Recommendation).where(Recommendation.review_id.in_(ids), Recommendation.state != "withdrawn")
    rows = rows.options(
        selectinload(Recommendation.addressees).joinedload(Addressee.agency), selectinload(Recommendation.findings)
    )
    return list(db.session.scalars(rows.order_by(Recommendation.review_id, Recommendation.number)))


def _by_review(rows: Sequence[Any]) -> dict[int, list[Any]]:
    """Rows by their review, in the order they came."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.review_id].append(row)
    return found
