"""Dates as a calendar feed (RFC 5545): whole days or stretches, each with the same UID from one reading to the next; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vDuration
from icalendar.enums import TRANSP

#: How often a calendar is asked to read its feed again.
EVERY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Day:
    """One whole-day entry: a key that stays the same, the day, what falls on it, more about it, an address, and the last day."""

    key: str
    day: date
    summary: str
    description: str
    address: str
    until: date | None = None
    #: its last day where it lasts longer than one


def calendar_of(days: Iterable[Day], *, key: str, name: str, host: str, at: datetime) -> bytes:
    """The feed, to be asked for again every six hours; `key` tells it apart from others and never changes."""
    calendar = Calendar.new(name=name, prodid="-//Area Scrutiny//Dates//EN", method="PUBLISH", uid=f"{key}@{host}")
    # RFC 7986 wants the type of the value; Outlook heeds only Microsoft's own line.
    calendar.add("REFRESH-INTERVAL", vDuration(EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(EVERY))
    for day in days:
        calendar.add_component(
            Event.new(
                uid=f"{day.key}@{host}",
                start=day.day,
                end=(day.until or day.day) + timedelta(days=1),
                summary=day.summary,
                description=day.description,
                url=day.address,
                stamp=at,
                transparency=TRANSP.TRANSPARENT,
            )
        )
    return bytes(calendar.to_ical())
