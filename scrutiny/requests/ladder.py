"""Which ladder of reminders a request climbs, on which days, and where each of its items stands on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from scrutiny.formats import LONDON, london_day
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.rules.queries import calendars_in_force, ladders_kept, rules
from workflows.ladders import Ladder, OpenDays, Rung, Step, gone_by, next_day, open_days, steps

#: The hour, in London, from which letters of the ladder go.
HOUR = time(7)


def choose_ladder(request: EvidenceRequest, edition: str) -> None:
    """Give a request, as it is issued, the ladder it keeps: its key and the edition (a digest) of the file it stands in."""
    request.ladder, request.ladder_edition = _todays(request).key, edition


def ladder_of(request: EvidenceRequest) -> Ladder:
    """The ladder a request was issued with; before its issue, the one it would get today."""
    return ladders_kept(request.ladder_edition).by_key(request.ladder) if request.ladder else _todays(request)


def _todays(request: EvidenceRequest) -> Ladder:
    """The ladder that today's file has for a request."""
    agency = request.agency
    codes = [one.code for one in agency.codes]
    return rules().ladders.of(method=request.review.edition.key, agency_kind=agency.kind, codes=codes)


def days_of(nation: str) -> OpenDays:
    """The days on which people of a nation may be reminded, by today's calendars and quiet times."""
    return open_days(nation, calendars_in_force(), rules().ladders.quiet)


def steps_of(item: Item) -> tuple[Step, ...]:
    """Every rung to the due date of an item, with its day; none where it has no due date."""
    if item.due_on is None or item.late_after is None:
        return ()
    ladder, days = ladder_of(item.request), days_of(item.request.agency.nation)
    before, after = steps(ladder, item.due_on, days), steps(ladder, item.late_after, days)
    # What goes before the due date goes before the day we ask for; nothing is chased before the law's own day.
    return tuple(early if early.rung.offset < 0 else late for early, late in zip(before, after, strict=True))


def begin_ladder(item: Item, today: date) -> None:
    """Set an item at the foot of its ladder, for a due date given today: what would have gone by today is left out."""
    found = steps_of(item)
    item.rung = gone_by(found, today)
    item.next_step_on = next_day(found, item.rung)


def keep_ladder(item: Item) -> None:
    """Count the day of the next rung again after the calendar or the due date moved; no rung is climbed twice."""
    item.next_step_on = next_day(steps_of(item), item.rung)


def rung_called(item: Item, today: date) -> tuple[int, Rung] | None:
    """The number (1 the first) and rung an item has come to by a day, the last where several were missed; None if none."""
    reached = [
        (place, step.rung)
        for place, step in enumerate(steps_of(item), 1)
        if place > item.rung and step.on is not None and step.on <= today
    ]
    return reached[-1] if reached else None


def climb_to(item: Item, place: int) -> None:
    """Count the rungs up to a number as climbed; the day of the next is kept."""
    item.rung = max(item.rung, place)
    item.next_step_on = next_day(steps_of(item), item.rung)


def not_before(nation: str, at: datetime) -> datetime | None:
    """When a letter written on a quiet day may be posted: 7 in the morning of the next open day; None if today is open."""
    days, today = days_of(nation), london_day(at)
    if not days.why_not(today):
        return None
    return datetime.combine(days.from_(today), HOUR, LONDON).astimezone(UTC)
