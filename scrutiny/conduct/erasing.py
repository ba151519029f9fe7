"""Erasing for ever the words of a dissent, comment, note, correction or reported error: the reason stands in their place.

Who said something, for whom and when, stays, and the trail keeps the digest of what was said. Whoever runs the review erases,
also once it is over, and the operator by command.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agreement.models import FindingAgreement
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.striking import strike_words
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence.sweeping import Words, also_said, strike
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding
from scrutiny.formats import day, london_day
from scrutiny.recommendations.erasing import SEALED
from scrutiny.reports.models import Dissent, ErrorReport
from scrutiny.requests.models import EvidenceRequest, Note
from scrutiny.reviews.models import Review
from workflows.lifecycles.finding import CORRECTION
from workflows.refusals import Refused
from workflows.roles import Actor

ERASED = "review_words_erased"


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said in a review: its row, the columns that hold its words, whose and what it is, in words."""

    row: Any
    columns: tuple[str, ...]
    called: str
    at: datetime

    @property
    def key(self) -> str:
        """What tells it from others: dissent-3."""
        return f"{self.row.__tablename__}-{self.row.id}"

    @property
    def plain(self) -> str:
        """The same as the trail names it."""
        return f"{self.row.__tablename__}:{self.row.id}"

    @property
    def texts(self) -> list[str]:
        """Its words."""
        return [text for text in (getattr(self.row, column) for column in self.columns) if text]


def erasable(review: Review) -> dict[str, Said]:
    """What was said in a review and is not erased, by its key, oldest first."""
    gone = set(db.session.scalars(select(AuditEntry.about).where(AuditEntry.event == ERASED, AuditEntry.within == review.plain)))
    found = [one for one in _said_in(review) if one.texts and one.plain not in gone]
    return {one.key: one for one in sorted(found, key=lambda one: (one.at, one.key))}


def _said_in(review: Review) -> Iterator[Said]:
    """Everything of these kinds in a review."""
    for dissent in db.session.scalars(select(Dissent).where(Dissent.review_id == review.id)):
        called = gettext("Dissent of %(name)s, %(body)s", name=dissent.name, body=dissent.body.name)
        yield Said(dissent, ("text",), called, dissent.at)
    answers = select(FindingAgreement).join(Finding).where(Finding.review_id == review.id)
    for one in db.session.scalars(answers):
        number, body = one.finding.number, one.body.name
        called = gettext("Comment of %(body)s on finding %(number)s", body=body, number=number)
        yield Said(one, ("comment",), called, one.said_at)
    notes = select(Note).join(EvidenceRequest).where(EvidenceRequest.review_id == review.id)
    for kept in db.session.scalars(notes):
        yield Said(kept, ("text",), gettext("Note on request %(reference)s", reference=kept.request.reference), kept.at)
    offered = select(Correction).join(Extract).join(AccuracyCheck).where(AccuracyCheck.review_id == review.id)
    offered = offered.where(Correction.state != CORRECTION.initial)  # what an agency has not sent is not the asker's to see
    for correction in db.session.scalars(offered):
        check = correction.extract.check
        called = gettext("Correction of fact offered by %(agency)s", agency=check.agency.name)
        yield Said(correction, ("words", "correction", "grounds", "decision"), called, correction.offered_at)
    reported = select(ErrorReport).join(Edition).join(Report, Report.id == Edition.report_id).where(Report.review_id == review.id)
    for error in db.session.scalars(reported):
        yield Said(error, ("text", "where", "decision"), gettext("Error reported in the published report"), error.at)


def still_said(review: Review, said: Said) -> list[str]:
    """Where the same words stand in somebody's own name or in what is sealed, which erasing leaves as it is."""
    sealed = [name for find in current_app.extensions[SEALED] for name in find(said.texts)]
    return sealed + also_said(_words(review, said, said.texts))


def erase_words(review: Review, key: str, why: str, *, by: Actor, at: datetime) -> list[str]:
    """Erase the words wherever they stand: pages, forms not yet saved and letters kept; the reason stands in their place.

    Where the same words still stand, in somebody's own name or in what is sealed: that is changed or withdrawn by itself.
    """
    said = erasable(review).get(key)
    if said is None:
        raise Refused(gettext("Choose words that are still there"))
    if not why.strip():
        raise Refused(gettext("Say why this is erased: the reason stays when the words are gone"))
    gone, (first, *others), elsewhere = said.texts, said.columns, still_said(review, said)
    told = gettext("Erased on %(day)s. Why: %(why)s", day=day(london_day(at)), why=why.strip())
    setattr(said.row, first, told)
    for column in others:
        if getattr(said.row, column):
            setattr(said.row, column, gettext("(erased)"))
    db.session.flush()
    strike_words(review.plain, gone, gettext("(erased)"))
    strike(_words(review, said, gone), gettext("(erased)"))
    words, reason = digest("\n".join(gone)), digest(why.strip())
    note(ERASED, about=said.plain, within=review.plain, by=by, at=at, words=words, why=reason)
    return elsewhere


def _words(review: Review, said: Said, texts: Sequence[str]) -> Words:
    """The words as they are looked for elsewhere in the review."""
    return Words(tuple(texts), frozenset({review.id}), frozenset({(said.row.__tablename__, said.row.id)}))
