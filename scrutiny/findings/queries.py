"""Reading findings: of a review, by number, with their lines and citations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Finding

#: States in which a finding is before everybody who works on the review, not only its writers.
STANDING = ("proposed", "settled")


def _whole() -> Select[tuple[Finding]]:
    """Findings with their lines, citations and what each citation rests on, in a constant number of statements."""
    return select(Finding).options(
        selectinload(Finding.lines),
        selectinload(Finding.citations).options(
            joinedload(Citation.file), joinedload(Citation.lodging).joinedload(Lodging.evidence).joinedload(Evidence.agency)
        ),
    )


def of_review(review_id: int, states: Sequence[str] | None = None) -> list[Finding]:
    """The findings of a review in their order, lines and citations loaded; a withdrawn one only when asked for."""
    rows = _whole().where(Finding.review_id == review_id).order_by(Finding.number)
    return list(db.session.scalars(rows.where(Finding.state.in_(states)) if states else rows.where(Finding.state != "withdrawn")))


def finding_by_number(review_id: int, number: int) -> Finding | None:
    """One finding of a review, withdrawn or not."""
    return db.session.scalar(_whole().where(Finding.review_id == review_id, Finding.number == number))


def next_number(review_id: int) -> int:
    """The number the next finding of a review takes; a withdrawn one keeps its own."""
    return max(db.session.scalars(select(Finding.number).where(Finding.review_id == review_id)), default=0) + 1
