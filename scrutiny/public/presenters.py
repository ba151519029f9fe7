"""Records in the words of public pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext

from scrutiny.agencies.queries import Answering
from scrutiny.formats import listed, percent, plain_day
from scrutiny.reviews.models import Review
from workflows.lifecycles.review import REVIEW
from workflows.written_days import day_written

#: So many agencies of one kind are still named one by one where they share a place.
FEW = 3


def review_state(review: Review) -> str:
    """What the state of a review is called."""
    return REVIEW.states[review.state]


def cover(one: Answering) -> str:
    """The cover of an agency: 'all of it', or '76% of people, 43% of land'."""
    if one.is_whole:
        return gettext("all of it")
    if one.share_of_people is None:
        return gettext("%(land)s of land", land=percent(one.share_of_area))
    people, land = percent(one.share_of_people), percent(one.share_of_area)
    return gettext("%(people)s of people, %(land)s of land", people=people, land=land)


def not_matching(groups: Sequence[tuple[str, Sequence[Answering]]]) -> list[Answering]:
    """Agencies whose footprint does not match the place, to be said in a sentence each.

    Where many of one kind share a place (the districts of a county) each is small because the place is large: the list
    and the map say enough.
    """
    partial = [one for _, agencies in groups for one in agencies if not one.is_whole]
    count = Counter(one.kind for one in partial)
    return [one for one in partial if count[one.kind] <= FEW]


def bodies(review: Review) -> str:
    """The bodies of a review, the lead first: 'A with B and C'."""
    held = [row for row in review.bodies if row.to_on is None]
    lead = next((row.body.name for row in held if row.part == "lead"), "")
    partners = sorted(row.body.name for row in held if row.part == "partner")
    return gettext("%(lead)s with %(partners)s", lead=lead, partners=listed(partners)) if partners else lead


def on_day(text: str) -> str:
    """A stored day in words: '3 March 2026'."""
    return plain_day(day_written(text)) if text else ""
