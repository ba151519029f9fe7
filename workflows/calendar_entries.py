"""Days that concern many at once: polls, school holidays, year-ends, blackouts and agreed loads, by area, nation or agency.

An entry is for whoever it names; one that names nobody is for everybody. A file is TOML, or a table whose columns have the
names of the keys: both are read by one builder, so both are checked alike.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from workflows.labels import labels
from workflows.reading import Document, Fault, Faulty, Table, faults_with, read_with
from workflows.workdays import NATIONS
from workflows.written_days import read_day

POLL: Final = "poll"
SCHOOL_HOLIDAY: Final = "school-holiday"
YEAR_END: Final = "year-end"
BLACKOUT: Final = "blackout"
AGREED_LOAD: Final = "agreed-load"
KINDS: Final = labels(
    {
        POLL: "Election",
        SCHOOL_HOLIDAY: "School holiday",
        YEAR_END: "Year end",
        BLACKOUT: "Do not disturb",
        AGREED_LOAD: "Agreed load",
    }
)
#: Working days before a poll on which the notice of election is due, where an entry gives no first day of its own.
NOTICE_OF_ELECTION: Final = 25
#: How many days one entry may last: more would hold everything back for good. An agreed load may hold for ten years.
LONGEST, LONGEST_LOAD = 366, 3660
#: What a column of whole numbers may hold.
MOST: Final = 10_000
COLUMNS: Final = (
    "kind",
    "title",
    "from",
    "to",
    "area",
    "nation",
    "agency",
    "body",
    "agency_kind",
    "questions",
    "visit_days",
    "source",
)
NUMBERS: Final = ("questions", "visit_days")
DAYS: Final = ("from", "to")
#: The working day so many before a poll.
Notice = Callable[[date, str], date]


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch of days, both ends included: what it is, and the area, nation, agency, body or kind of agency it is for.

    Of a poll, the last day is the day people vote and the first the day its notice is due. `questions` and `visit_days` are
    the most an agency has agreed to in a quarter; None where nothing was agreed.
    """

    kind: str
    title: str
    starts_on: date
    ends_on: date
    area: str = ""
    nation: str = ""
    agency: str = ""
    body: str = ""
    agency_kind: str = ""
    questions: int | None = None
    visit_days: int | None = None
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Checks:
    """What a new file is held against: the kinds of agency, and how the notice of a poll is counted."""

    notice: Notice
    agency_kinds: Collection[str] | None = None


def read_calendar(text: str, file: str, checks: Checks) -> tuple[Entry, ...]:
    """The entries of a TOML text that was accepted once; Faulty only where it is no TOML any more."""
    return read_with(partial(_entries, checks=checks), text, file)


def check_calendar(text: str, file: str, checks: Checks) -> tuple[Fault, ...]:
    """Everything that is wrong with a TOML text."""
    return faults_with(partial(_entries, checks=checks), text, file)


def entries_of_rows(rows: Iterable[tuple[int, Mapping[str, str]]], file: str, checks: Checks) -> tuple[Entry, ...]:
    """The entries of the rows of a table, each with its line; Faulty with everything that is wrong with it."""
    document = Document("", file)
    kept = []
    for place, (line, cells) in enumerate(rows):
        path = ("entries", place)
        document.lines[path] = line
        entry = Table(document, path, _values(document, path, cells)).built(partial(_entry, checks=checks))
        if entry is not None:
            kept.append(entry)
    if document.faults:
        raise Faulty(sorted(document.faults, key=lambda fault: fault.line))
    return tuple(kept)


def _values(document: Document, path: tuple[str | int, ...], cells: Mapping[str, str]) -> dict[str, object]:
    """The cells of a row as TOML would hold them; empty ones are not there, and a bad one is said where it stands."""
    values: dict[str, object] = {}
    for name, cell in cells.items():
        text = cell.strip()
        if not name or not text:
            continue
        values[name] = text
        if name in DAYS:
            day = read_day(text)
            if day is None:
                document.spoil((*path, name), f"{name} is {text!r}, which is no date", "write a date such as 2027-05-06")
            values[name] = day
        elif name in NUMBERS:
            if text.isascii() and text.isdigit() and len(text) < 10:
                values[name] = int(text)
            else:
                document.spoil((*path, name), f"{name} is {text!r}", "write a whole number such as 40")
                values[name] = None
    return values


def _entries(root: Table, checks: Checks) -> tuple[Entry, ...]:
    """The entries of a text, those that cannot be read left out."""
    found = root.each("entries", partial(_entry, checks=checks), needed=True, unique="")
    return tuple(entry for entry in found if entry is not None)


def _entry(table: Table, checks: Checks) -> Entry | None:
    """One entry, or None where its days cannot be read."""
    kind, title = table.choice("kind", KINDS), table.text("title")
    first, last = table.day("from", needed=kind != POLL), table.day("to", needed=True)
    nation = table.choice("nation", NATIONS, "") if table.data.get("nation") else table.text("nation", "")
    if first is None and last is not None and kind == POLL:
        first = checks.notice(last, nation or "england")
    numbers = {name: table.number(name, -1, most=MOST) if name in table.data else None for name in NUMBERS}
    agency_kind = table.text("agency_kind", "")
    if agency_kind and checks.agency_kinds is not None and agency_kind not in checks.agency_kinds:
        table.choice("agency_kind", checks.agency_kinds)
    entry = Entry(
        kind=kind if kind in KINDS else BLACKOUT,
        title=title,
        starts_on=first or date.min,
        ends_on=last or date.min,
        area=table.text("area", ""),
        nation=nation if nation in NATIONS else "",
        agency=table.text("agency", ""),
        body=table.text("body", ""),
        agency_kind=agency_kind,
        source=table.text("source", ""),
        line=table.document.lines.get(table.path, 0),
        **{name: number if number != -1 else None for name, number in numbers.items()},
    )
    if first is None or last is None:
        return None
    _judge(table, entry)
    return entry


def _judge(table: Table, entry: Entry) -> None:
    """Note what a whole entry gets wrong."""
    if entry.ends_on < entry.starts_on:
        table.fault("to", f"it ends on {entry.ends_on}, before it begins on {entry.starts_on}", "put the later day under to")
    most = LONGEST_LOAD if entry.kind == AGREED_LOAD else LONGEST
    if (days := (entry.ends_on - entry.starts_on).days + 1) > most:
        table.fault("to", f"it lasts {days} days", f"leave {most} or fewer")
    if entry.kind == AGREED_LOAD:
        if entry.questions is None and entry.visit_days is None:
            table.fault("questions", "nothing is agreed", "give questions, visit_days or both")
        if not (entry.agency or entry.agency_kind):
            table.fault("agency", "an agreed load is for an agency", "give agency or agency_kind")
    elif entry.questions is not None or entry.visit_days is not None:
        table.fault("kind", "only an agreed load has questions or visit_days", 'write kind = "agreed-load", or take them out')
    if entry.kind == POLL and not (entry.area or entry.nation):
        table.fault("area", "a poll is held somewhere", "give the code of its area, or its nation")
