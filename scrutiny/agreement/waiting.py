"""What waits of agreement: findings a body has not answered, findings another body does not agree with yet, those to finalise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext, ngettext

from scrutiny.agreement.queries import proposed_in
from scrutiny.agreement.status import Status, is_joint, owner_of, statuses
from scrutiny.reviews.models import Review
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of
from workflows.lifecycles.finding import LEADERS


def needs(reader: Reader) -> Iterator[OfReview]:
    """For those who speak for a body that signs: its own answers first; a constant number of statements."""
    if not (reader.daily and reader.by.has(*LEADERS)):
        return
    joint = {key: review for key, review in reader.works.items() if is_joint(review)}
    found = list(statuses(proposed_in(list(joint))).values())
    for key, review in joint.items():
        own = [status for status in found if status.finding.review_id == key]
        yield from ((key, need) for need in _needs(review, own, reader.by.body))


def _needs(review: Review, found: Sequence[Status], body_id: int | None) -> Iterator[Need]:
    """What one review needs of somebody who speaks for this body."""
    at = f"{address_of(review)}/findings"
    mine = [(status, stands) for status in found if (stands := status.of(body_id)) is not None and stands.said is None]
    if mine:
        words = ngettext(
            "%(num)s finding waits for the agreement of %(body)s",
            "%(num)s findings wait for the agreement of %(body)s",
            len(mine),
            body=mine[0][1].body.name,
        )
        page = f"{at}/{mine[0][0].finding.number}/agreement" if len(mine) == 1 else at
        yield Need(Rank.FINDING, words, page, gettext("answer"))
    against = [one for one in found if owner_of(one.finding).id == body_id and _is_refused(one, body_id)]
    if against:
        words = ngettext(
            "%(num)s finding of yours that another body does not agree with yet",
            "%(num)s findings of yours that another body does not agree with yet",
            len(against),
        )
        yield Need(Rank.FINDING, words, f"{at}/{against[0].finding.number}" if len(against) == 1 else at)
    agreed = [one for one in found if one.is_agreed and one.of(body_id)]
    if agreed:
        words = ngettext("%(num)s agreed finding to finalise", "%(num)s agreed findings to finalise", len(agreed))
        yield Need(Rank.FINDING, words, f"{at}/{agreed[0].finding.number}" if len(agreed) == 1 else at)


def _is_refused(status: Status, body_id: int | None) -> bool:
    """Whether another body does not agree with the words as they stand."""
    return any(row.said is not None and not row.agrees and row.body.id != body_id for row in status.bodies)
