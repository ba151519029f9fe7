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
from scrutiny.recommendations.models import Addressee, ProgressReturn, Recommendation
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of, read_rows
from workflows.lifecycles.finding import LEADERS

#: More of them late than this in one review are one line.
MOST_LATE_ONE_BY_ONE = 3


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
    """Responses and promises that are late, one by one where they are few, each with the way to chase it; what is to check."""
    yield from _late(reader)
    for review_id, done in to_check(list(reader.works)):
        page = f"{address_of(reader.works[review_id])}/recommendations"
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


def _late(reader: Reader) -> Iterator[OfReview]:
    """What agencies are late with."""
    by_review: dict[int, list[Any]] = {}
    for row in late_rows(list(reader.works), reader.today):
        by_review.setdefault(row[0], []).append(row)
    for review_id, rows in by_review.items():
        if len(rows) > MOST_LATE_ONE_BY_ONE:
            late = len(rows)
            words = ngettext("%(num)s recommendation overdue", "%(num)s recommendations overdue", late)
            yield review_id, Need(Rank.RESPONSE, words, f"{address_of(reader.works[review_id])}/recommendations", tone="late")
            continue
        for _, addressee_id, number, agency, since, is_response in rows:
            values = {"number": number, "agency": agency}
            values["days"] = ngettext("%(num)s day", "%(num)s days", (reader.today - since).days)
            words = (
                gettext("%(agency)s: response to recommendation %(number)s overdue by %(days)s", **values)
                if is_response
                else gettext("%(agency)s: recommendation %(number)s not done, overdue by %(days)s", **values)
            )
            page = f"/recommendations/{addressee_id}/check"
            if review_id in reader.runs:
                yield review_id, Need(Rank.RESPONSE, words, f"/recommendations/{addressee_id}/chase", gettext("chase"), "late")
            else:
                yield review_id, Need(Rank.RESPONSE, words, page, tone="late")


def late_rows(reviews: Collection[int], today: date) -> list[Any]:
    """(review id, addressee id, number, agency, late since, whether it is the response) for all that agencies are late with."""
    awaited = Addressee.state.in_(("awaited", "noted"))
    given = select(ProgressReturn.new_date).where(
        ProgressReturn.addressee_id == Addressee.id, ProgressReturn.new_date.is_not(None)
    )
    promised = func.coalesce(given.order_by(ProgressReturn.id.desc()).limit(1).scalar_subquery(), Recommendation.done_by)
    undone = and_(Addressee.state.in_(("accepted", "partly_accepted")), promised < today)
    since = case((awaited, Addressee.due_on), else_=promised)
    return read_rows(
        select(Recommendation.review_id, Addressee.id, Recommendation.number, Agency.name, since, awaited)
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .join(Agency, Agency.id == Addressee.agency_id)
        .where(Recommendation.review_id.in_(reviews), Recommendation.state == "made")
        .where(or_(and_(awaited, Addressee.due_on < today), undone))
        .order_by(Recommendation.review_id, since, Addressee.id)
    )


def to_check(reviews: Collection[int]) -> list[Any]:
    """(review id, recommendations said to be done or rejected that nobody has closed)."""
    check = Addressee.state.in_(("said_done", "rejected"))
    return read_rows(
        select(Recommendation.review_id, func.count())
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .where(Recommendation.review_id.in_(reviews), Recommendation.state == "made", check)
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
