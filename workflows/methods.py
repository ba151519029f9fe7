"""Reading methods: a TOML text checked into a frozen Method, or every fault in it named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from workflows.clocks import Clock
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.method import (
    ANSWER_KINDS,
    MARKINGS,
    PERSONAL_DATA,
    SIGN_OFF_RULES,
    START,
    UNITS,
    AccuracyCheck,
    Basis,
    Entitlement,
    Evidence,
    FollowUp,
    Line,
    Method,
    Phase,
    ResponseRule,
    SignOff,
)
from workflows.phases import PhaseDates, due_of_evidence, timetable_of
from workflows.powers import CONFIDENCE, SUBJECTS, confidence_of, read_clock
from workflows.reading import Document, Fault, Faulty, Table, no_twins
from workflows.scales import read_judgement
from workflows.workdays import NATIONS

__all__ = ["Fault", "Faulty", "Method", "PhaseDates", "check_method", "due_of_evidence", "read_method", "timetable_of"]
LONGEST: Final = 999  # days, weeks or months: more is a slip, and a few such phases would run past the dates that exist
#: Kinds of body that scrutinise by the law of councils, combined authorities and panels, none of which gives them personal data.
SCRUTINY: Final = (
    "council-committee",
    "health-committee",
    "crime-committee",
    "joint-committee",
    "combined-authority-committee",
    "panel",
)
_NAME: Final = re.compile(r"([a-z][a-z0-9-]*)-(\d{4}\.\d+)\.toml")


@dataclass(frozen=True, slots=True)
class Known:
    """What a method may name: kinds of agency and keys of powers; None leaves them unchecked."""

    agency_kinds: tuple[str, ...] | None = None
    powers: tuple[str, ...] | None = None


def read_method(
    text: str, file_name: str, *, agency_kinds: Iterable[str] | None = None, powers: Iterable[str] | None = None
) -> Method:
    """Read a method; Faulty names everything that is wrong. Kinds and powers are checked where they are given."""
    known = Known(tuple(agency_kinds) if agency_kinds else None, tuple(powers) if powers else None)
    document = Document(text, file_name)
    method = _method(document.root(), known, sha256(text.encode()).hexdigest())
    document.finish()
    return method


def check_method(
    text: str, file_name: str, *, agency_kinds: Iterable[str] | None = None, powers: Iterable[str] | None = None
) -> tuple[Fault, ...]:
    """Everything that is wrong with a method's text; nothing means it may be used."""
    try:
        read_method(text, file_name, agency_kinds=agency_kinds, powers=powers)
    except Faulty as faulty:
        return faulty.faults
    return ()


def _method(root: Table, known: Known, digest: str) -> Method:
    """The whole method; faults gather in the document."""
    key, (year, number) = root.key("method"), _version(root)
    personal_data = root.choice("personal_data", PERSONAL_DATA)
    phases = _phases(root)
    lines = _lines(root)
    method = Method(
        key=key,
        year=year,
        number=number,
        title=root.text("title"),
        summary=root.text("summary"),
        nations=root.texts("nations", NATIONS, needed=True),
        subject=root.choice("subject", SUBJECTS, "") or None,
        personal_data=personal_data,
        retention_days=root.number("retention_days", 0),
        basis=tuple(_basis(table) for table in root.tables("basis", needed=True)),
        leads=_entitlements(root, "lead", needed=True),
        joins=_entitlements(root, "join"),
        phases=phases,
        lines=lines,
        evidence=_evidence(root, known, [line.key for line in lines], [phase.key for phase in phases]),
        judgement=read_judgement(root.table("judgement", needed=True), len(lines)),
        accuracy_check=_accuracy_check(root.table("accuracy_check", needed=True)),
        sign_off=_sign_off(root.table("sign_off", needed=True)),
        outputs=root.texts("outputs", needed=True),
        responses=tuple(_response(table, known) for table in root.tables("responses")),
        follow_ups=tuple(_follow_up(table) for table in root.tables("follow_ups")),
        digest=digest,
    )
    _check_together(root, method)
    root.close()
    return method


def _version(root: Table) -> tuple[int, int]:
    """Year and number of the version, checked against the name of the file."""
    text = root.text("version")
    if text and not re.fullmatch(r"\d{4}\.\d{1,4}", text):
        root.fault("version", f"version is {text!r}", 'write year and number, such as "2026.1"')
        return 0, 0
    name = _NAME.fullmatch(root.document.file.rsplit("/", 1)[-1])
    stated = str(root.data.get("method")), text
    if text and (not name or name.groups() != stated):
        problem = f"the file is named {root.document.file.rsplit('/', 1)[-1]} but holds {stated[0]} version {text}"
        root.fault("version", problem, f"name the file {stated[0]}-{text}.toml or change method and version")
    year, _, number = text.partition(".")
    return (int(year), int(number)) if text else (0, 0)


def _basis(table: Table) -> Basis:
    basis = Basis(table.text("source"), table.choice("confidence", CONFIDENCE))
    table.close()
    return basis


def _entitlements(root: Table, key: str, needed: bool = False) -> tuple[Entitlement, ...]:
    """The kinds of body that may lead or join."""
    tables = root.tables(key, needed)
    found = []
    for table in tables:
        found.append(Entitlement(table.choice("kind", BODY_KINDS), table.text("law"), confidence_of(table)))
        table.close()
    no_twins(tables, "kind")
    return tuple(found)


def _phases(root: Table) -> tuple[Phase, ...]:
    """The phases, each following the start or another; a cycle is a fault."""
    tables = root.tables("phases", needed=True)
    phases = tuple(_phase(table) for table in tables)
    no_twins(tables)
    follows = {phase.key: phase.after for phase in phases}
    told: set[str] = set()
    for table, phase in zip(tables, phases, strict=True):
        if phase.after != START and phase.after not in follows:
            table.fault("after", f"there is no phase {phase.after!r}", f"write start or one of {', '.join(follows)}")
        elif phase.key not in told and (circle := _cycle(phase.key, follows)):
            told.update(circle)
            table.fault("after", f"the phases go round in a circle: {' after '.join(circle)}", "let one of them follow start")
    return phases


def _cycle(key: str, follows: dict[str, str]) -> list[str]:
    """The circle a phase is part of, from it to itself; empty where there is none."""
    seen = [key]
    while (after := follows.get(seen[-1], START)) != START:
        if after == key:
            return [*seen, key]
        if after in seen:
            return []
        seen.append(after)
    return []


def _phase(table: Table) -> Phase:
    unit = table.choice("unit", UNITS)
    after = table.text("after", START)
    phase = Phase(
        key=table.key(),
        title=table.text("title"),
        after=after,
        counted_from=table.choice("counted_from", ("end", "start"), "end"),
        offset=table.number("offset", 0 if after == START else 1, least=-LONGEST, most=LONGEST),
        offset_unit=table.choice("offset_unit", UNITS, unit if unit in ("wd", "cd") else "wd"),
        duration=table.number("duration", least=1, most=LONGEST),
        unit=unit,
        day_number_base=table.number("day_number_base", 0),
        statutory=table.flag("statutory"),
        confidence=confidence_of(table),
        note=table.text("note", ""),
    )
    if phase.day_number_base not in (0, 1):
        table.fault("day_number_base", f"day_number_base is {phase.day_number_base}", "write 0 or 1")
    if phase.day_number_base == 1 and phase.offset < 1:
        table.fault("offset", "where the first day is number 1 there is no day 0", "write an offset of 1 or more")
    table.close()
    return phase


def _lines(root: Table) -> tuple[Line, ...]:
    """The lines of enquiry."""
    tables = root.tables("lines", needed=True)
    lines = []
    for table in tables:
        lines.append(Line(table.key(), table.text("title"), table.text("text")))
        table.close()
    no_twins(tables)
    return tuple(lines)


def _evidence(root: Table, known: Known, lines: list[str], phases: list[str]) -> tuple[Evidence, ...]:
    """The standard items."""
    tables = root.tables("evidence", needed=True)
    items = []
    for table in tables:
        clock = _clock(table) if "clock" in table.data else None
        phase = (table.choice("due_phase", phases, "") if phases else table.text("due_phase", "")) or None
        if ("clock" in table.data) == (table.data.get("due_phase", "") != ""):
            table.fault("due_phase", "it is not said once when this is due", "write either clock or due_phase")
        items.append(
            Evidence(
                key=table.key(),
                title=table.text("title"),
                question=table.text("question"),
                agencies=table.texts("agencies", known.agency_kinds, needed=True),
                line=table.choice("line", lines) if lines else table.text("line"),
                clock=clock,
                phase=phase,
                offset=table.number("due_offset", 0, least=-LONGEST, most=LONGEST),
                unit=table.choice("due_unit", UNITS, "wd"),
                power=_power(table, known),
                answer=table.choice("answer", ANSWER_KINDS, "any"),
                marking=table.choice("marking", MARKINGS, "open"),
                confidence=confidence_of(table),
            )
        )
        table.close()
    no_twins(tables)
    return tuple(items)


def _clock(table: Table) -> Clock:
    """A clock that runs forward: one that counts back from a meeting says when to publish, never when to answer."""
    clock = read_clock(table, "clock")
    if clock.name == "clear_before":
        table.fault("clock", f"{clock} counts back from a meeting", "write a clock that runs forward, such as working_after:10")
    return clock


def _power(table: Table, known: Known) -> str | None:
    """The key of a power, if one is named."""
    return (table.choice("power", known.powers, "") if known.powers else table.text("power", "")) or None


def _accuracy_check(table: Table) -> AccuracyCheck:
    check = AccuracyCheck(
        clock=_clock(table),
        event=table.choice("event", START_EVENTS, "draft_email_date"),
        who=table.text("who"),
        confidence=confidence_of(table),
    )
    table.close()
    return check


def _sign_off(table: Table) -> SignOff:
    sign_off = SignOff(table.choice("rule", SIGN_OFF_RULES), table.texts("who", needed=True), confidence_of(table))
    table.close()
    return sign_off


def _response(table: Table, known: Known) -> ResponseRule:
    rule = ResponseRule(
        agencies=table.texts("agencies", known.agency_kinds),
        own=table.choice("own", ("only", "never", "any"), "any"),
        power=_power(table, known),
        clock=_clock(table),
        event=table.choice("event", START_EVENTS, "report_received"),
        words=table.text("words"),
        confidence=confidence_of(table),
    )
    table.close()
    return rule


def _follow_up(table: Table) -> FollowUp:
    follow_up = FollowUp(
        title=table.text("title"),
        after=table.number("after", least=1, most=LONGEST),
        unit=table.choice("unit", UNITS),
        outcome=table.text("outcome", "") or None,
        confidence=confidence_of(table),
    )
    table.close()
    return follow_up


def _check_together(root: Table, method: Method) -> None:
    """What no single table can tell: facts that must agree."""
    if method.may_hold_personal:
        committees = [BODY_KINDS[one.kind].lower() for one in method.leads if one.kind in SCRUTINY]
        if committees:
            problem = f"personal files may be held, but a {committees[0]} may lead, which may ask for depersonalised data only"
            root.fault("personal_data", problem, 'write personal_data = "depersonalised only", or let no committee lead')
    if method.may_hold_personal and not method.retention_days:
        root.fault("retention_days", "personal files may be held, but not how long", "add retention_days = 1095")
    if not method.may_hold_personal:
        for place, item in enumerate(method.evidence):
            if item.marking == "personal":
                problem = "personal evidence, though the method is for depersonalised only"
                root.document.fault(("evidence", place, "marking"), problem, "write exempt or open")
    outcomes = list(method.judgement.labels)
    known = not any(path[:1] == ("judgement",) for path in root.document.spoilt)
    for place, follow_up in enumerate(method.follow_ups):
        if known and follow_up.outcome and follow_up.outcome not in outcomes:
            path = ("follow_ups", place, "outcome")
            root.document.fault(path, f"there is no judgement {follow_up.outcome!r}", f"write one of {outcomes}")
