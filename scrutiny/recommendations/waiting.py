"""What waits of recommendations: those that reached nobody, responses overdue, and those to check and close."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import Select, and_, case, func, or_, select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.recommendations.delivering import BRINGS, brings_it
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of, read_rows
from workflows.lifecycles.finding import LEADERS


def needs(reader: Reader) -> Iterator[OfReview]:
    """Recommendations not delivered for those who run the review; the rest for those who may close one."""
    if reader.daily:
        yield from _recommendations_not_delivered(reader)
        if reader.by.has(*LEADERS):
            yield from _responses(reader)


def lost_letters() -> Select[int]:
    """Letters that bring a recommendation, where it reached nobody (which is said here) or has been responded to since."""
    rows = select(Letter.id).join(Addressee, brings_it(Letter)).where(Letter.kind == BRINGS)
    return rows.where(or_(Addressee.received_on.is_(None), Addressee.state.not_in(("awaited", "noted"))))


def _recommendations_not_delivered(reader: Reader) -> Iterator[OfReview]:
    """Recommendations that reached nobody."""
    for review_id, addressee_id, number, agency in recommendations_undelivered(list(reader.runs)):
        words = gettext("Recommendation %(number)s has not reached %(agency)s", number=number, agency=agency)
        page = f"/recommendations/{addressee_id}/delivery"
        yield review_id, Need(Rank.RECOMMENDATION_UNDELIVERED, words, page, gettext("correct"), "late")


def _responses(reader: Reader) -> Iterator[OfReview]:
    """Responses that are late, and what is said to be done."""
    for review_id, late, done in responses(list(reader.works), reader.today):
        page = f"{address_of(reader.works[review_id])}/recommendations"
        if late:
            words = ngettext("%(num)s response to a recommendation overdue", "%(num)s responses to recommendations overdue", late)
            yield review_id, Need(Rank.RESPONSE, words, page, tone="late")
        if done:
            words = ngettext("%(num)s recommendation to check and close", "%(num)s recommendations to check and close", done)
            yield review_id, Need(Rank.RESPONSE, words, page)


def recommendations_undelivered(reviews: Collection[int]) -> list[Any]:
    """(review id, addressee id, number, agency) for each recommendation made whose letters all failed; no response was given."""
    on_its_way = select(Letter.id).outerjoin(Posting, Posting.id == Letter.posting_id)
    on_its_way = on_its_way.where(
        Letter.kind == BRINGS, brings_it(Letter), or_(Letter.posting_id.is_(None), Posting.state.in_(("waiting", "posted")))
    )
    return read_rows(
        select(Recommendation.review_id, Addressee.id, Recommendation.number, Agency.name)
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .join(Agency, Agency.id == Addressee.agency_id)
        .where(
            Recommendation.review_id.in_(reviews),
            Recommendation.state == "made",
            Addressee.received_on.is_(None),
            ~on_its_way.exists(),
        )
        .order_by(Recommendation.review_id, Recommendation.number, Addressee.id)
    )


def responses(reviews: Collection[int], today: date) -> list[Any]:
    """(review id, responses late, recommendations said to be done or rejected that nobody has closed)."""
    late = and_(Addressee.state.in_(("awaited", "noted")), Addressee.due_on < today)
    check = Addressee.state.in_(("said_done", "rejected"))
    return read_rows(
        select(Recommendation.review_id, func.sum(case((late, 1), else_=0)), func.sum(case((check, 1), else_=0)))
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .where(Recommendation.review_id.in_(reviews), Recommendation.state == "made", or_(late, check))
        .group_by(Recommendation.review_id)
        .order_by(Recommendation.review_id)
    )


def deadlines(reader: DayReader) -> Iterator[Deadline]:
    """The days on which responses are due."""
    for review_id, day, count in _awaited(list(reader.works)):
        words = ngettext("%(num)s response to recommendations due", "%(num)s responses to recommendations due", count)
        page = f"{address_of(reader.works[review_id])}/recommendations"
        yield Deadline(review_id, day, words, page, f"responses-{review_id}-{day}")


def _awaited(reviews: Collection[int]) -> list[Any]:
    """Responses to recommendations that are awaited, by review and day."""
    return read_rows(
        select(Recommendation.review_id, Addressee.due_on, func.count())
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .where(
            Recommendation.review_id.in_(reviews),
            Recommendation.state == "made",
            Addressee.state.in_(("awaited", "noted")),
            Addressee.due_on.is_not(None),
        )
        .group_by(Recommendation.review_id, Addressee.due_on)
        .order_by(Addressee.due_on, Recommendation.review_id)
    )
