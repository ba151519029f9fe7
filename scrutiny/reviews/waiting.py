"""What waits in reviews themselves: questions proposed by councillors, and what became of one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from scrutiny.extensions import db
from scrutiny.reviews.models import Question
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of
from scrutiny.reviews.queries import CURRENT
from workflows.roles import CHAIR, COUNCILLOR


def needs(reader: Reader) -> Iterator[OfReview]:
    """Proposed questions for those who run the review; for councillors, what became of those they proposed."""
    if reader.daily:
        for review_id, count in _proposed(list(reader.runs)):
            words = ngettext("%(num)s proposed question to decide", "%(num)s proposed questions to decide", count)
            page = f"{address_of(reader.runs[review_id])}/questions"
            yield review_id, Need(Rank.PROPOSED_QUESTION, words, page)
    if reader.by.has(COUNCILLOR, CHAIR):
        yield from _own(reader)


def _own(reader: Reader) -> Iterator[OfReview]:
    """What became of the questions the reader proposed."""
    states = defaultdict(list)
    for review_id, state, count in _proposed_by(list(reader.works), reader.by.reference):
        states[review_id].append((_in_words(state), count))
    for review_id, said in states.items():
        review = reader.works[review_id]
        if review.state == "opened":
            counts = ", ".join(f"{count} {word}" for word, count in sorted(said))
            words = gettext("Questions you proposed: %(states)s", states=counts)
            yield review_id, Need(Rank.OWN_QUESTIONS, words, f"{address_of(review)}/pack", tone="quiet")


def _in_words(state: str) -> str:
    """What has become of a question, by its state."""
    return {"proposed": gettext("waiting"), "taken": gettext("taken up")}.get(state, state)


def _proposed(reviews: Collection[int]) -> list[tuple[int, int]]:
    """(review id, how many questions councillors have proposed that nobody has settled)."""
    rows = (
        select(Question.review_id, func.count())
        .where(Question.review_id.in_(reviews), Question.state == "proposed")
        .group_by(Question.review_id)
        .order_by(Question.review_id)
    )
    return [(review_id, count) for review_id, count in db.session.execute(rows)]


def _proposed_by(reviews: Collection[int], person: str) -> list[tuple[int, str, int]]:
    """(review id, state, how many) of the questions one person proposed."""
    rows = (
        select(Question.review_id, Question.state, func.count())
        .where(Question.review_id.in_(reviews), Question.proposed_by == person)
        .group_by(Question.review_id, Question.state)
        .order_by(Question.review_id, Question.state)
    )
    return [(review_id, state, count) for review_id, state, count in db.session.execute(rows)]


def deadlines(reader: DayReader) -> Iterator[Deadline]:
    """The last day of each phase of reviews that are not over."""
    for review in reader.reviews.values():
        for phase in review.phases if review.state in CURRENT else ():
            words = gettext("“%(phase)s” ends", phase=phase.title)
            yield Deadline(review.id, phase.ends_on, words, address_of(review), f"phase-{phase.id}")
