"""The reviews of a body as rows of a list: what they are, where they stand, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, lazy_gettext

from scrutiny.formats import short_day
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import of_body, part_of
from scrutiny.rules.queries import calendars_in_force
from scrutiny.worklist import timing
from workflows.labels import labels
from workflows.lifecycles.review import REVIEW
from workflows.workdays import Calendar

#: The groups of the list, in its order, and the states each holds.
GROUPS = {
    "under-way": (lazy_gettext("Under way"), ("opened",)),
    "planned": (lazy_gettext("Planned"), ("planned",)),
    "reported": (lazy_gettext("Reported"), ("reported", "closed")),
    "withdrawn": (lazy_gettext("Withdrawn"), ("withdrawn",)),
}
PARTS = labels({"lead": lazy_gettext("Lead"), "partner": lazy_gettext("Partner"), "observer": lazy_gettext("Observer")})


@dataclass(frozen=True, slots=True)
class Row:
    """One review."""

    review: Review
    part: str
    state: str
    position: timing.Position
    next: str


def reviews_of(body_id: int, today: date, *, group: str = "", part: str = "", words: str = "") -> list[Row]:
    """The reviews a body may read, newest first, narrowed by state, by its part and by words; a constant number of statements."""
    found = [(review, part_of(review, body_id, today)) for review in of_body(body_id)]
    states = GROUPS[group][1] if group in GROUPS else tuple(REVIEW.states)
    return [
        _row(review, its_part, today)
        for review, its_part in found
        if its_part and review.state in states and part in ("", its_part) and _has(review, words)
    ]


def grouped(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The same in groups, those without a row left out."""
    groups = [(str(title), [row for row in rows if row.review.state in states]) for title, states in GROUPS.values()]
    return [(title, these) for title, these in groups if these]


def calendar_for(review: Review) -> Calendar:
    """The calendar of working days a review is counted with: its lead body's nation's."""
    return calendars_in_force().of(review.lead.nation)


def _has(review: Review, words: str) -> bool:
    """Whether each word stands in its title, place or reference."""
    text = f"{review.title} {review.place.name} {review.reference}".lower()
    return all(word in text for word in words.lower().split())


def _row(review: Review, part: str, today: date) -> Row:
    """One review as a row."""
    phase = timing.next_end(review, today)
    coming = gettext("%(phase)s ends on %(day)s", phase=phase.title, day=short_day(phase.ends_on)) if phase else ""
    return Row(
        review, str(PARTS[part]), REVIEW.states[review.state], timing.position_of(review, today, calendar_for(review)), coming
    )


def parts_of(review: Review) -> list[tuple[str, str]]:
    """The bodies in a review now, each with its part in words, the lead first."""
    rows = [row for row in review.bodies if row.to_on is None]
    return [
        (row.body.name, str(PARTS[row.part]))
        for row in sorted(rows, key=lambda row: (list(PARTS).index(row.part), row.body.name))
    ]
