"""Ladders of reminders: which letter follows a due date, how far from it, to whom, and what stops it; and quiet days."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from hashlib import sha256
from typing import Final

from workflows.labels import labels
from workflows.method import UNITS
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.refusals import Refused
from workflows.roles import AGENCY_ROLES, RESPONDER
from workflows.workdays import NATIONS, Calendar, Calendars, division_of, in_words, past_the_calendar

HOLDER: Final = "holder"  # the colleague an item was handed to
CONTACT: Final = "contact"  # the agency's own address
ADDRESSEES: Final = (*AGENCY_ROLES, HOLDER, CONTACT)
ADDRESSED: Final = {
    RESPONDER: "those who answer for the agency",
    "certifier": "those who approve what the agency sends",
    HOLDER: "whoever has the item",
    CONTACT: "the agency’s own address",
}
#: The letters a rung may send, each with a template of its name.
REMINDER: Final = "request_reminder"
LETTERS: Final = {REMINDER: "a reminder", "request_chased": "a notice that it is late", "chairs_letter": "the chair’s letter"}
ANSWERED: Final = "answered"
CLOSED: Final = "closed"
EXTENSION: Final = "extension-asked"
CERTIFIER_HAS_IT: Final = "with-certifier"
STOPS: Final = labels(
    {
        ANSWERED: "it is answered",
        CLOSED: "the request is closed or withdrawn",
        EXTENSION: "more time is asked for and not yet decided",
        CERTIFIER_HAS_IT: "the answer is with the agency’s certifier",
    }
)
#: How many days one quiet time may last, and all that come back every year together: more would silence a ladder for good.
LONGEST_QUIET: Final = 60
LONGEST_YEARLY: Final = 120
_MONTH_DAY: Final = re.compile(r"(\d{2})-(\d{2})")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One letter of a ladder, so far from the due date in a unit; `by_clock` goes by itself, else a person approves it."""

    key: str
    title: str
    offset: int
    unit: str
    letter: str
    to: tuple[str, ...]
    by_clock: bool
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in their order, and for whom: some methods, kinds of agency or agencies (by code); `usual` for all the rest."""

    key: str
    title: str
    usual: bool
    methods: tuple[str, ...]
    agency_kinds: tuple[str, ...]
    agencies: tuple[str, ...]
    rungs: tuple[Rung, ...]


NO_LADDER: Final = Ladder("none", "No reminders", True, (), (), (), ())


@dataclass(frozen=True, slots=True)
class QuietTime:
    """A stretch in which nobody is reminded: every year by month and day, or once by dates; in some nations or all."""

    title: str
    first: tuple[int, int] | date
    last: tuple[int, int] | date
    nations: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        if isinstance(self.first, date) and isinstance(self.last, date):
            return self.first <= day <= self.last
        here, first, last = (day.month, day.day), self.first, self.last
        return first <= here <= last if first <= last else here >= first or here <= last  # type: ignore[operator]  # both are pairs


@dataclass(frozen=True)
class Ladders:
    """Every ladder of a file, and its quiet times."""

    all: tuple[Ladder, ...]
    quiet: tuple[QuietTime, ...]
    digest: str

    @cached_property
    def usual(self) -> Ladder:
        """The ladder of whatever has none of its own: the one marked so, else the first, else one without rungs."""
        return next((ladder for ladder in self.all if ladder.usual), self.all[0] if self.all else NO_LADDER)

    def by_key(self, key: str) -> Ladder:
        """The ladder with a key; the usual one where it is not there any more."""
        return next((ladder for ladder in self.all if ladder.key == key), self.usual)

    def of(self, *, method: str = "", agency_kind: str = "", codes: Collection[str] = ()) -> Ladder:
        """The ladder for an agency asked under a method: the agency's own, else the method's, else its kind's, else the usual."""
        own = [ladder for ladder in self.all if any(code in ladder.agencies for code in codes)]
        methods = [ladder for ladder in self.all if method in ladder.methods]
        kinds = [ladder for ladder in self.all if agency_kind in ladder.agency_kinds]
        return next(iter([*own, *methods, *kinds]), self.usual)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The days on which a nation's people may be reminded: neither weekend, bank holiday nor quiet time."""

    calendar: Calendar
    quiet: tuple[QuietTime, ...]

    def why_not(self, day: date) -> str:
        """Why nobody is reminded on a day, or '' if it is open."""
        return self.calendar.why_not(day) or next((time.title for time in self.quiet if time.holds(day)), "")

    def from_(self, day: date) -> date:
        """The day itself if it is open, else the next that is."""
        for away in range(400):
            if not self.why_not(day + away * _ONE_DAY):
                return day + away * _ONE_DAY
        raise Refused(
            "No day in the year after %(day)s is open: shorten the quiet times in config/ladders.toml.", day=in_words(day)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a ladder with the day it goes on; None where its day moved past the due date it was to go before."""

    rung: Rung
    on: date | None


def open_days(nation: str, calendars: Calendars, quiet: Iterable[QuietTime]) -> OpenDays:
    """The open days of a nation."""
    division = division_of(nation)
    ours = tuple(time for time in quiet if not time.nations or division in {division_of(one) for one in time.nations})
    return OpenDays(calendars.of(nation), ours)


def steps(ladder: Ladder, due_on: date, days: OpenDays) -> tuple[Step, ...]:
    """The day of every rung to a due date. A rung that would fall on a quiet day goes on the next open one.

    A rung before the due date that would so come after it is left out: the next one says that it is late.
    """
    return tuple(_step(rung, due_on, days) for rung in ladder.rungs)


def _step(rung: Rung, due_on: date, days: OpenDays) -> Step:
    """One rung with its day."""
    try:
        on = days.from_(_away(rung, due_on, days.calendar))
    except (OverflowError, ValueError):
        what = f"“{rung.title}” for what is due on {in_words(due_on)}"
        raise past_the_calendar(what, "choose an earlier day") from None
    return Step(rung, None if rung.offset < 0 and on > due_on else on)


def _away(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """The day so far from a due date."""
    match rung.unit:
        case "wd" if rung.offset < 0:
            return calendar.before(due_on, -rung.offset)
        case "wd" if rung.offset:
            return calendar.after(due_on, rung.offset)
        case "weeks":
            return due_on + timedelta(weeks=rung.offset)
        case _:
            return due_on + timedelta(days=rung.offset)


def gone_by(found: tuple[Step, ...], day: date) -> int:
    """How many rungs from the first have had their day by a day, those left out among them where a later one has."""
    return max((place for place, step in enumerate(found, 1) if step.on is not None and step.on <= day), default=0)


def next_day(found: tuple[Step, ...], gone: int) -> date | None:
    """The day of the first rung still to come when so many have gone; None past the end."""
    return next((step.on for step in found[gone:] if step.on is not None), None)


def read_ladders(text: str, file_name: str) -> Ladders:
    """Read ladders that were accepted once; Faulty only where their text is no TOML any more.

    What is missing or not known here is read as the mildest: a reminder to those who answer, which stops when all is answered.
    """
    return read_with(partial(_ladders, methods=None, agency_kinds=None), text, file_name)


def check_ladders(
    text: str, file_name: str, *, methods: Collection[str] | None = None, agency_kinds: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Everything that is wrong with the ladders' text. Methods and kinds of agency are checked where they are given."""
    return faults_with(partial(_ladders, methods=methods, agency_kinds=agency_kinds), text, file_name)


def _ladders(root: Table, methods: Collection[str] | None, agency_kinds: Collection[str] | None) -> Ladders:
    """Every ladder and quiet time of a file."""
    ladders = root.each("ladders", partial(_ladder, methods=methods, agency_kinds=agency_kinds), needed=True)
    usual = sum(ladder.usual for ladder in ladders)
    if ladders and usual != 1:
        root.document.fault(("ladders", 0, "usual"), f"{usual} ladders are the usual one", "write usual = true in one")
    quiet = tuple(time for time in root.each("quiet", _quiet_time, unique="") if time is not None)
    yearly = sum(_length(time) for time in quiet if not isinstance(time.first, date))
    if yearly > LONGEST_YEARLY:
        root.fault("quiet", f"{yearly} days of every year are quiet", f"leave {LONGEST_YEARLY} or fewer")
    return Ladders(ladders, quiet, sha256(root.document.text.encode()).hexdigest())


def _ladder(table: Table, methods: Collection[str] | None, agency_kinds: Collection[str] | None) -> Ladder:
    """One ladder; whatever is wrong is noted at its key."""
    ladder = Ladder(
        key=table.key(),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        usual=table.flag("usual"),
        methods=table.texts("methods", methods),
        agency_kinds=table.texts("agency_kinds", agency_kinds),
        agencies=table.texts("agencies"),
        rungs=table.each("rungs", _rung, needed=True),
    )
    if not (ladder.usual or any(table.data.get(key) for key in ("methods", "agency_kinds", "agencies"))):
        table.fault("", "this ladder is for nobody", "name methods, agency_kinds or agencies, or write usual = true")
    return ladder


def _rung(table: Table) -> Rung:
    """One rung of a ladder; one sent in a way not known here waits until a person approves it."""
    unit = table.choice("unit", UNITS)
    stops = table.texts("stops", STOPS, needed=True)
    for always in (ANSWERED, CLOSED):
        if stops and always not in stops:
            table.fault("stops", f"stops lacks {always}", f'add "{always}": nobody is chased when {STOPS[always]}')
    if unit == "months":
        table.fault("unit", "a rung cannot be counted in months", "write wd, cd or weeks")
    return Rung(
        key=table.key(),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        offset=table.number("offset", least=-365, most=365),
        unit=unit if unit in UNITS and unit != "months" else "wd",
        letter=table.choice("letter", LETTERS, otherwise=REMINDER),
        to=table.texts("to", ADDRESSEES, needed=True) or (RESPONDER,),
        by_clock=table.choice("sent", ("by-clock", "when-approved"), otherwise="when-approved") == "by-clock",
        stops=tuple(dict.fromkeys((*stops, ANSWERED, CLOSED))),
    )


def _quiet_time(table: Table) -> QuietTime | None:
    """One quiet time, or None where its days cannot be read."""
    title, nations = table.text("title"), table.texts("nations", NATIONS)
    first, last = (_end(table, key) for key in ("first", "last"))
    if first is None or last is None:
        return None
    if isinstance(first, date) is not isinstance(last, date):
        table.fault("last", "first and last are of two kinds", "write both as dates, or both as days of every year")
        return None
    if isinstance(first, date) and isinstance(last, date) and last < first:
        table.fault("last", "last falls before first", "put the later day last")
        return None
    time = QuietTime(title, first, last, nations)
    if _length(time) > LONGEST_QUIET:
        remedy = f"leave {LONGEST_QUIET} or fewer, so that what is late is chased"
        table.fault("last", f"this lasts {_length(time)} days", remedy)
    return time


def _end(table: Table, key: str) -> tuple[int, int] | date | None:
    """The first or last day: a date without quotation marks, or a text such as "12-24" for every year."""
    if not isinstance(table.data.get(key), str):
        return table.day(key, needed=True)
    text = table.text(key)
    match = _MONTH_DAY.fullmatch(text)
    try:
        day = date(2024, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        table.fault(key, f"{key} is {text!r}, which is no day of a year", 'write month and day such as "12-24", or a date')
        return None
    return day.month, day.day


def _length(time: QuietTime) -> int:
    """How many days a quiet time lasts."""
    if isinstance(time.first, date) and isinstance(time.last, date):
        return (time.last - time.first).days + 1
    return sum(time.holds(date(2024, 1, 1) + timedelta(days=away)) for away in range(366))
