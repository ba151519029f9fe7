"""Stories told side by side: each is a line of moments, and the clock's own jobs run between one deed and the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import Item
from scrutiny.transaction import writes_now
from workflows.jobs import registered
from workflows.roles import Actor

LONDON = ZoneInfo("Europe/London")
#: A story says the moment of its next deed; the deed is what follows, in a transaction of its own.
Story = Generator[datetime, None, None]


@dataclass
class Loamshire:
    """The county as a story meets it: its people, agencies and bodies by key (ids), and the days before `today`."""

    now: datetime
    people: dict[str, int]
    agencies: dict[str, int]
    bodies: dict[str, int]
    notes: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Today in London."""
        return london_day(self.now)

    def day(self, days: int) -> date:
        """The day so many days from today (negative: before), moved back to Friday from a weekend."""
        on = self.today + timedelta(days=days)
        return on - timedelta(days=max(0, on.weekday() - 4))

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of that day, by London’s clock, in UTC."""
        return datetime.combine(self.day(days), time(hour, minute), LONDON).astimezone(UTC)

    def person(self, key: str) -> Person:
        """One of the people."""
        return db.session.get_one(Person, self.people[key])

    def agency(self, key: str) -> Agency:
        """One of the agencies."""
        return db.session.get_one(Agency, self.agencies[key])

    def body(self, key: str) -> Body:
        """One of the bodies that ask."""
        return db.session.get_one(Body, self.bodies[key])

    def by(self, key: str, whose: str = "") -> Actor:
        """One of the people, acting for the body or agency named, or for the only one they have."""
        bodies = {key: f"body:{n}" for key, n in self.bodies.items()}
        agencies = {key: f"agency:{n}" for key, n in self.agencies.items()}
        return actor_of(self.person(key), (bodies | agencies).get(whose), on=self.today)

    def place(self, *codes: str, at: datetime) -> Place:
        """The place made of the areas with these codes."""
        return place_of([area_on(code, self.today) for code in codes], at=at)


def tell(stories: Iterable[Callable[[Loamshire], Story]], county: Loamshire) -> None:
    """Tell every story in the order of its moments, so that the audit trail reads as a year of work would."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, begin in enumerate(stories):
        story = begin(county)
        waiting.append((next(story), number, story))
    heapq.heapify(waiting)
    reminded = county.day(-400)
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        if moment > county.now:
            raise ValueError(f"story {number} tells of {moment}, which is still to come")
        while (step := _next_step(reminded, london_day(moment))) is not None:
            remind_on(step)
            reminded = step
        run_clock(moment, remind=london_day(moment) > reminded)
        reminded = max(reminded, london_day(moment))
        with writes_now():
            following = next(story, None)
        registered()["post_letters"](at=moment)
        if following is not None:
            if following < moment:
                raise ValueError(f"story {number} goes back from {moment} to {following}")
            heapq.heappush(waiting, (following, number, story))


def _next_step(after: date, before: date) -> date | None:
    """The first day between two on which somebody is to be reminded; None where nobody is."""
    rows = select(func.min(Item.next_step_on)).where(Item.next_step_on > after, Item.next_step_on < before)
    return db.session.scalar(rows)


def remind_on(on: date) -> None:
    """What went out on a morning on which nothing else happened."""
    moment = datetime.combine(on, time(7), LONDON).astimezone(UTC)
    registered()["remind"](at=moment)
    registered()["post_letters"](at=moment)


def run_clock(moment: datetime, *, remind: bool) -> None:
    """What the timetable would have done by this moment: reports that are due come out, agencies are reminded."""
    registered()["release_reports"](at=moment)
    if remind:
        registered()["remind"](at=moment)
