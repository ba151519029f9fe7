"""What each review needs of the person who asks: what the rooms say waits in them, joined for many reviews at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain

from flask_babel import gettext, ngettext

from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.queries import letters_lost
from scrutiny.requests.attendance_queries import meetings_of
from scrutiny.reviews.access import may_inspect, may_run
from scrutiny.reviews.models import Review
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of, rooms_that_wait, told_by_rooms
from workflows.phases import WITH_MEETINGS
from workflows.roles import CHAIR, COUNCILLOR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: Who does the daily work of a review for its body.
DAILY = (SCRUTINY_OFFICER, LEAD_INSPECTOR)


def needs_of(reviews: Sequence[Review], by: Actor, today: date, at: datetime) -> dict[int, list[Need]]:
    """What waits for this person in each of these reviews, most pressing first; empty lists where nothing does."""
    found: dict[int, list[Need]] = {review.id: [] for review in reviews}
    under_way = [review for review in reviews if review.state in ("planned", "opened", "reported")]
    reader = Reader(
        by=by,
        today=today,
        at=at,
        runs={review.id: review for review in under_way if may_run(review, by)},
        works={review.id: review for review in under_way if may_inspect(review, by)},
        daily=not _leaves_it_to_officers(by, today),
    )
    for review_id, need in chain(_needs(reader), *(room.needs(reader) for room in rooms_that_wait())):
        found[review_id].append(need)
    return {review_id: sorted(needs, key=lambda need: need.rank) for review_id, needs in found.items()}


def _leaves_it_to_officers(by: Actor, today: date) -> bool:
    """Whether this is a chair whose body has somebody to do the daily work: a chair approves, signs and votes."""
    if not by.has(CHAIR) or by.has(*DAILY) or by.body is None:
        return False
    return bool(bodies.recipients(by.body, today, DAILY))


def _needs(reader: Reader) -> Iterator[OfReview]:
    """What belongs to no one room: letters of any kind that were lost, and the pack, which is made here."""
    if reader.daily:
        yield from _letters_lost(reader)
    if reader.by.has(COUNCILLOR, CHAIR):
        yield from _meetings(reader)


def _letters_lost(reader: Reader) -> Iterator[OfReview]:
    """Other letters that failed or came back."""
    for review_id, count in letters_lost(list(reader.runs), told_by_rooms()):
        words = ngettext("%(num)s letter could not be delivered", "%(num)s letters could not be delivered", count)
        yield review_id, Need(Rank.LETTERS_LOST, words, f"{address_of(reader.runs[review_id])}/letters", tone="late")


def _meetings(reader: Reader) -> Iterator[OfReview]:
    """The pack to read where a meeting is to come."""
    meets = {review_id for review_id, _, held_on, *_ in meetings_of(list(reader.works)) if held_on >= reader.today}
    for review in reader.works.values():
        sits = any(phase.key in WITH_MEETINGS and phase.ends_on >= reader.today for phase in review.phases)
        if review.state == "opened" and (review.id in meets or sits):
            words = gettext("The pack for your meeting")
            yield review.id, Need(Rank.MEETING, words, f"{address_of(review)}/pack", gettext("read"), "quiet")
