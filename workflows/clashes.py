"""What a plan runs into: rules kept as data (config/clashes.toml), each with a severity, and one pure function for each check.

What is unknown in a kept text is read as the mildest: a note. A new text is checked strictly.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Final

from workflows.calendar_entries import BLACKOUT, POLL, SCHOOL_HOLIDAY, YEAR_END
from workflows.labels import labels
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.workdays import Calendar

BLOCK, WARN, NOTE = "block", "warn", "note"
SEVERITIES: Final = labels({BLOCK: "Must be settled", WARN: "Warning", NOTE: "Note"})
_ORDER: Final = {BLOCK: 0, WARN: 1, NOTE: 2}
FIELDWORK, THEME, DAYS, LOAD = "fieldwork-near", "same-theme", "days", "over-load"
EVIDENCE, INTERVAL, TWO_MEETINGS, DUES, SAME_PLACE, QUIET = (
    "meeting-before-evidence",
    "interval-missed",
    "two-meetings",
    "dues-near",
    "same-place",
    "quiet-day",
)
#: Which numbers each check takes, and the kinds of days.
CHECKS: Final[Mapping[str, tuple[str, ...]]] = {
    FIELDWORK: ("working_days",),
    THEME: ("months", "least_percent"),
    DAYS: ("least_percent",),
    LOAD: (),
    EVIDENCE: (),
    INTERVAL: ("months",),
    TWO_MEETINGS: (),
    DUES: ("days",),
    SAME_PLACE: (),
    QUIET: (),
}
NUMBERS: Final = ("working_days", "months", "least_percent", "days")
OF_DAYS: Final = (POLL, SCHOOL_HOLIDAY, YEAR_END, BLACKOUT)
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what is checked with which numbers, how grave it is, and what to do. `days` and `for_whom` are of days to keep
    clear of; `methods` of intervals."""

    key: str
    title: str
    check: str
    severity: str
    todo: str
    working_days: int = 0
    months: int = 0
    least_percent: int = 0
    days: int = 0
    kinds: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A plan or review as the rules see it; agencies and bodies by id, spans with both ends included."""

    key: str
    title: str
    first: date
    last: date
    bodies: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()
    themes: frozenset[str] = frozenset()
    fieldwork: tuple[Span, ...] = ()
    meetings: tuple[date, ...] = ()
    evidence_by: date | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Other work, and the share of the place of the first that it covers."""

    work: Work
    share: float


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A stretch to keep clear of: for some agencies or bodies, for a share of the place, or for all."""

    key: str
    kind: str
    title: str
    first: date
    last: date
    agencies: frozenset[int] | None = None
    bodies: frozenset[int] | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What an agency has in the quarter that begins on a day, the plan among it, and the most it agreed to; None for nothing."""

    agency: int
    quarter: date
    questions: int
    visit_days: int
    most_questions: int | None = None
    most_visit_days: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan is held against."""

    others: Sequence[Near] = ()
    days: Sequence[DaysOff] = ()
    loads: Sequence[Load] = ()
    #: by method: the last day on which its place was looked at under it
    previous: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One clash: the rule, the key and title of the other thing, the days, the share, the agency, and a number the words need."""

    rule: Rule
    other: str
    title: str
    first: date
    last: date
    share: float | None = None
    agency: int | None = None
    number: int = 0
    limit: int = 0

    @property
    def key(self) -> str:
        """What an override is kept for: the same while the rule, the other thing, its days and numbers are."""
        return f"{self.rule.key}|{self.other}|{self.agency or ''}|{self.first:%Y%m%d}|{self.number}"


def read_clash_rules(text: str, file: str) -> tuple[Rule, ...]:
    """The rules of a text that was accepted once; one whose check is not known here any more is left out."""
    return read_with(_rules, text, file)


def check_clash_rules(text: str, file: str, methods: Sequence[str] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with a text; methods are checked where they are given."""
    return faults_with(partial(_rules, methods=methods), text, file)


def find_clashes(work: Work, facts: Facts, rules: Sequence[Rule], calendar: Calendar) -> tuple[Found, ...]:
    """What a plan runs into, the gravest first, then the earliest."""
    found = [one for rule in rules if rule.check in _FINDERS for one in _FINDERS[rule.check](rule, work, facts, calendar)]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.rule.severity], one.first, one.rule.key, one.other, one.agency or 0)))


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - timedelta(days=1))


def _rules(root: Table, methods: Sequence[str] | None = None) -> tuple[Rule, ...]:
    """The rules of a text, those of an unknown check left out."""
    return tuple(rule for rule in root.each("rules", partial(_rule, methods=methods), needed=True) if rule.check in CHECKS)


def _rule(table: Table, methods: Sequence[str] | None) -> Rule:
    """One rule; a number its check does not take is a fault."""
    check = table.choice("check", CHECKS)
    takes = CHECKS.get(check, NUMBERS)
    most = {"least_percent": 100, "months": 240}
    numbers = {
        name: table.number(name, None if name in takes else 0, least=0, most=most.get(name, 400))
        for name in NUMBERS
        if name in takes or name in table.data
    }
    for name in numbers.keys() - set(takes):
        table.fault(name, f"{name} means nothing to {check}", "take it out")
    return Rule(
        key=table.key(),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        check=check,
        severity=table.choice("severity", SEVERITIES, otherwise=NOTE),
        todo=table.text("todo"),
        kinds=table.texts("kinds", OF_DAYS, needed=check == DAYS),
        methods=table.texts("methods", methods, needed=check == INTERVAL),
        source=table.text("source", ""),
        **numbers,
    )


def _fieldwork(rule: Rule, work: Work, facts: Facts, calendar: Calendar) -> Iterator[Found]:
    """Two visits to one agency within so many working days."""
    for near in facts.others:
        for agency in sorted(work.agencies & near.work.agencies):
            gaps = [
                (max(mine[0], theirs[0]), min(mine[1], theirs[1]))
                for mine in work.fieldwork
                for theirs in near.work.fieldwork
                if _working_days_between(mine, theirs, calendar) < rule.working_days
            ]
            if gaps:
                one, other = min(gaps)
                first, last = min(one, other), max(one, other)
                yield Found(rule, near.work.key, near.work.title, first, last, near.share, agency)


def _working_days_between(one: Span, other: Span, calendar: Calendar) -> int:
    """How many working days lie between two spans; none where they touch."""
    end, begin = min(one[1], other[1]), max(one[0], other[0])
    return max(calendar.count(end + timedelta(days=1), begin - timedelta(days=1)), 0) if begin > end else 0


def _theme(rule: Rule, work: Work, facts: Facts, _: Calendar) -> Iterator[Found]:
    """The same theme in much of the same place within so many months."""
    for near in facts.others:
        shared = work.themes & near.work.themes
        end, begin = min(work.last, near.work.last), max(work.first, near.work.first)
        if shared and 100 * near.share >= rule.least_percent and begin <= months_after(end, rule.months):
            yield Found(rule, near.work.key, near.work.title, near.work.first, near.work.last, near.share, number=len(shared))


def _days(rule: Rule, work: Work, facts: Facts, _: Calendar) -> Iterator[Found]:
    """Visits, or meetings where there are none, on days to keep clear of."""
    spans = work.fieldwork or tuple((day, day) for day in work.meetings)
    for off in facts.days:
        if off.kind not in rule.kinds or 100 * off.share < rule.least_percent:
            continue
        agencies = None if off.agencies is None else sorted(work.agencies & off.agencies)
        if agencies == [] or (off.bodies is not None and not work.bodies & off.bodies):
            continue
        for first, last in spans:
            if first <= off.last and off.first <= last:
                concerned: list[int | None] = list(agencies) if agencies else [None]
                for agency in concerned:
                    yield Found(rule, off.key, off.title, max(first, off.first), min(last, off.last), off.share, agency)
                break


def _load(rule: Rule, _work: Work, facts: Facts, _: Calendar) -> Iterator[Found]:
    """An agency with more in a quarter than it agreed to."""
    for load in facts.loads:
        for what, count, most in (
            ("questions", load.questions, load.most_questions),
            ("visit_days", load.visit_days, load.most_visit_days),
        ):
            if most is not None and count > most:
                last = months_after(load.quarter, 3) - timedelta(days=1)
                yield Found(rule, what, "", load.quarter, last, None, load.agency, count, most)


def _evidence(rule: Rule, work: Work, _facts: Facts, _: Calendar) -> Iterator[Found]:
    """A meeting before the answers it rests on are due."""
    for day in work.meetings:
        if work.evidence_by is not None and day < work.evidence_by:
            yield Found(rule, work.key, work.title, day, work.evidence_by)


def _interval(rule: Rule, work: Work, facts: Facts, _: Calendar) -> Iterator[Found]:
    """A place that would be looked at later than the law or framework wants."""
    if work.method in rule.methods and (before := facts.previous.get(work.method)) is not None:
        latest = months_after(before, rule.months)
        if work.last > latest:
            yield Found(rule, work.method, "", latest, work.last, number=rule.months)


_FINDERS: Final[Mapping[str, Callable[[Rule, Work, Facts, Calendar], Iterator[Found]]]] = {
    FIELDWORK: _fieldwork,
    THEME: _theme,
    DAYS: _days,
    LOAD: _load,
    EVIDENCE: _evidence,
    INTERVAL: _interval,
}
