"""What differs between two editions of a method, by key and in words fit to be read by whoever must decide; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workflows.clocks import Clock
from workflows.kinds import BODY_KINDS
from workflows.method import (
    JUDGEMENTS,
    PERSONAL_DATA,
    SIGN_OFF_RULES,
    START,
    UNITS,
    Entitlement,
    Evidence,
    Method,
    Phase,
    ResponseRule,
)
from workflows.power import NATION_LABELS

ADDED, DROPPED, CHANGED = "added", "dropped", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing said otherwise: what it is, what the older edition says and what the newer; '' where one says nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry of a part of the method (a phase, a standard item …) that was added, dropped or changed."""

    part: str
    key: str
    title: str
    kind: str  # added, dropped or changed
    changes: tuple[Change, ...]


#: What a part is called, how its entries are reached, told apart and named, and what each says, in words.
Telling = dict[str, Callable[[Any], str]]


def differences(older: Method, newer: Method) -> tuple[Difference, ...]:
    """Everything in which two editions of one method differ, part by part in the order of the file."""
    found = [*_single(("The method", "method", newer.title), _WHOLE, older, newer)]
    found += _rows("Legal basis", older.basis, newer.basis, _Entries(lambda row: row.source, lambda row: row.source, _BASIS))
    found += _rows("Who may lead", older.leads, newer.leads, _Entries(lambda row: row.kind, _body, _ENTITLED))
    found += _rows("Who may join", older.joins, newer.joins, _Entries(lambda row: row.kind, _body, _ENTITLED))
    found += _rows("Phases", _phases(older), _phases(newer), _Entries(lambda row: row[0].key, lambda row: row[0].title, _PHASE))
    found += _rows("Lines of enquiry", older.lines, newer.lines, _Entries(lambda row: row.key, lambda row: row.title, _LINE))
    found += _rows(
        "Standard evidence", _asked(older), _asked(newer), _Entries(lambda row: row[0].key, lambda row: row[0].title, _ITEM)
    )
    found += _single(("Judgement", "judgement", "The scale"), _SCALE, older.judgement, newer.judgement)
    options = older.judgement.options, newer.judgement.options
    found += _rows("Judgement", *options, _Entries(lambda row: row.key, lambda row: row.label, _OPTION))
    bands = older.judgement.bands, newer.judgement.bands
    found += _rows("Judgement", *bands, _Entries(lambda row: row.key, lambda row: row.label, _BAND))
    found += _single(
        ("Accuracy check", "accuracy_check", "Accuracy check"), _ACCURACY, older.accuracy_check, newer.accuracy_check
    )
    found += _single(("Sign-off", "sign_off", "Sign-off"), _SIGN_OFF, older.sign_off, newer.sign_off)
    found += _rows("Responses", _rules(older), _rules(newer), _Entries(lambda row: row[0], lambda row: row[1].words, _RESPONSE))
    found += _rows(
        "Follow-up", older.follow_ups, newer.follow_ups, _Entries(lambda row: row.title, lambda row: row.title, _FOLLOW)
    )
    found += _rows("What comes of it", older.outputs, newer.outputs, _Entries(str, str, {}))
    return tuple(found)


def _single(named: tuple[str, str, str], telling: Telling, older: Any, newer: Any) -> list[Difference]:
    """The difference of what stands once in a method (its part, key and title), if there is any."""
    changes = _changes(telling, older, newer)
    return [Difference(*named, CHANGED, changes)] if changes else []


@dataclass(frozen=True, slots=True)
class _Entries:
    """How the entries of a part are told apart and named, and what each says."""

    key: Callable[[Any], str]
    title: Callable[[Any], str]
    telling: Telling


def _rows(part: str, older: Iterable[Any], newer: Iterable[Any], entries: _Entries) -> list[Difference]:
    """The differences of entries told apart by a key: changed and added in the newer order, then the dropped."""
    key, title, telling = entries.key, entries.title, entries.telling
    before = {key(row): row for row in older}
    after = {key(row): row for row in newer}
    found = []
    for name, row in after.items():
        if name not in before:
            found.append(Difference(part, name, title(row), ADDED, _changes(telling, None, row)))
        elif changes := _changes(telling, before[name], row):
            found.append(Difference(part, name, title(row), CHANGED, changes))
    gone = [row for name, row in before.items() if name not in after]
    return found + [Difference(part, key(row), title(row), DROPPED, _changes(telling, row, None)) for row in gone]


def _changes(telling: Telling, older: Any, newer: Any) -> tuple[Change, ...]:
    """What two entries say otherwise, label by label; an entry that is not there says nothing."""
    said = [Change(what, *("" if row is None else say(row) for row in (older, newer))) for what, say in telling.items()]
    return tuple(change for change in said if change.before != change.after)


def _phases(method: Method) -> list[tuple[Phase, str]]:
    """Each phase with the title of the one it follows."""
    titles = {phase.key: phase.title for phase in method.phases}
    return [(phase, titles.get(phase.after, "")) for phase in method.phases]


def _asked(method: Method) -> list[tuple[Evidence, str, str]]:
    """Each standard item with the title of its line and of the phase it hangs on."""
    lines = {line.key: line.title for line in method.lines}
    phases = {phase.key: phase.title for phase in method.phases}
    return [(item, lines.get(item.line, item.line), phases.get(item.phase or "", "")) for item in method.evidence]


def _rules(method: Method) -> list[tuple[str, ResponseRule]]:
    """Each rule of response under whom it is for, numbered where several are for the same."""
    found: dict[str, ResponseRule] = {}
    for rule in method.responses:
        key = f"{','.join(rule.agencies) or 'any'}-{rule.own}"
        found[key if key not in found else f"{key}-{len(found)}"] = rule
    return list(found.items())


def _body(row: Entitlement) -> str:
    """The kind of body entitled, in words."""
    return BODY_KINDS[row.kind]


def _after(row: tuple[Phase, str]) -> str:
    """What a phase follows, and how far after it."""
    phase, before = row
    what = "the review opens" if phase.after == START else f"“{before}” {'starts' if phase.counted_from == 'start' else 'ends'}"
    if phase.day_number_base:
        return f"on {UNITS[phase.offset_unit]} {phase.offset}, where the day {what} is number 1"
    return f"{_many(abs(phase.offset), phase.offset_unit)} {'before' if phase.offset < 0 else 'after'} {what}"


def _due(row: tuple[Evidence, str, str]) -> str:
    """When a standard item is due."""
    item, _, phase = row
    if item.clock is not None:
        return item.clock.words
    if not item.offset:
        return f"the day on which “{phase}” ends"
    return f"{_many(abs(item.offset), item.unit)} {'before' if item.offset < 0 else 'after'} “{phase}” ends"


def _many(number: int, unit: str) -> str:
    """A number of units in words."""
    return f"{number} {UNITS[unit]}{'' if number == 1 else 's'}"


def _listed(words: Sequence[str]) -> str:
    """Words after one another."""
    return ", ".join(words)


def _clock(clock: Clock) -> str:
    """A clock in words."""
    return clock.words


_WHOLE: Final[Telling] = {
    "Title": lambda one: one.title,
    "Summary": lambda one: one.summary,
    "Nations": lambda one: _listed([nation.replace("-", " ").title() for nation in one.nations]),
    "Subject": lambda one: one.subject or "",
    "Personal data": lambda one: PERSONAL_DATA[one.personal_data],
    "Personal files are kept after the report": lambda one: _many(one.retention_days, "cd") if one.retention_days else "",
}
_BASIS: Final[Telling] = {"How sure": lambda row: row.confidence}
_ENTITLED: Final[Telling] = {"Law": lambda row: row.law, "How sure": lambda row: row.confidence}
_PHASE: Final[Telling] = {
    "Title": lambda row: row[0].title,
    "Begins": _after,
    "Length": lambda row: _many(row[0].duration, row[0].unit),
    "Set by": lambda row: _set_by(row[0]),
    "Note": lambda row: row[0].note,
}
_LINE: Final[Telling] = {"Title": lambda row: row.title, "Question": lambda row: row.text}
_ITEM: Final[Telling] = {
    "Title": lambda row: row[0].title,
    "Question": lambda row: row[0].question,
    "Asked of": lambda row: _listed(row[0].agencies),
    "Line of enquiry": lambda row: row[1],
    "Due": _due,
    "Power": lambda row: row[0].power or "",
    "Answer": lambda row: row[0].answer,
    "Marking offered first": lambda row: row[0].marking,
}
_SCALE: Final[Telling] = {"Kind": lambda one: JUDGEMENTS[one.kind], "Given to": lambda one: f"each {one.per}"}
_OPTION: Final[Telling] = {
    "Label": lambda row: row.label,
    "Meaning": lambda row: row.text,
    "Points": lambda row: str(row.points or ""),
}
_BAND: Final[Telling] = {"Label": lambda row: row.label, "From": lambda row: f"{row.least} points"}
_ACCURACY: Final[Telling] = {"Time": lambda one: _clock(one.clock), "Who is asked": lambda one: one.who}
_SIGN_OFF: Final[Telling] = {"Rule": lambda one: SIGN_OFF_RULES[one.rule], "Who": lambda one: _listed(one.who)}
_RESPONSE: Final[Telling] = {
    "Who must respond": lambda row: _listed(row[1].agencies) or "any agency",
    "Time": lambda row: _clock(row[1].clock),
    "Power": lambda row: row[1].power or "",
    "In words": lambda row: row[1].words,
}
_FOLLOW: Final[Telling] = {"When": lambda row: _many(row.after, row.unit), "After which judgement": lambda row: row.outcome or ""}


def _set_by(phase: Phase) -> str:
    """What sets a phase: law, the law of some nations, or convention."""
    if not phase.statutory:
        return "convention"
    where = " and ".join(NATION_LABELS[nation] for nation in phase.statutory_in)
    return f"law in {where}" if where else "law"
