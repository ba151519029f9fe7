"""Methods: a TOML text read into a frozen Method whatever its age, or checked, with every fault in it named.

What a kept text lacks or names that is not known here is read as the default written at its key below: the least that may
be claimed (nothing personal, no date, no grade, every partner signs).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Final

from workflows.clocks import Clock
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.method import (
    ALL_PARTNERS,
    ANSWER_KINDS,
    DEPERSONALISED,
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
from workflows.powers import CONFIDENCE, GENERAL_KNOWLEDGE, OWN, SUBJECTS, confidence_of, read_clock
from workflows.reading import Fault, Faulty, Table, faults_with, no_twins, read_with
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


def read_method(text: str, file_name: str) -> Method:
    """Read a method that was accepted once; Faulty only where its text is no TOML any more."""
    return read_with(partial(_method, known=Known()), text, file_name)


def check_method(
    text: str, file_name: str, *, agency_kinds: Iterable[str] | None = None, powers: Iterable[str] | None = None
) -> tuple[Fault, ...]:
    """Everything that is wrong with a method's text; nothing means it may be used. Kinds and powers are checked where given."""
    known = Known(tuple(agency_kinds) if agency_kinds else None, tuple(powers) if powers else None)
    return faults_with(partial(_method, known=known), text, file_name)


def _method(root: Table, known: Known) -> Method:
    """The whole method; faults gather in the document."""
    name = _NAME.fullmatch(root.document.file.rsplit("/", 1)[-1])
    key, (year, number) = root.key("method", otherwise=name[1] if name else ""), _version(root, name)
    personal_data = root.choice("personal_data", PERSONAL_DATA, otherwise=DEPERSONALISED)
    phases = _phases(root)
    lines = root.each("lines", _line, needed=True)
    item = partial(_evidence, known=known, lines=[line.key for line in lines], phases=[phase.key for phase in phases])
    method = Method(
        key=key,
        year=year,
        number=number,
        title=root.text("title", otherwise=key),
        summary=root.text("summary"),
        nations=root.texts("nations", NATIONS, needed=True) or NATIONS,
        subject=root.choice("subject", SUBJECTS, "", otherwise="") or None,
        least_bodies=root.number("least_bodies", 1),
        personal_data=personal_data,
        retention_days=root.number("retention_days", 0),
        basis=root.each("basis", _basis, needed=True, unique=""),
        leads=root.each("lead", _entitlement, needed=True, unique="kind"),
        joins=root.each("join", _entitlement, unique="kind"),
        phases=phases,
        lines=lines,
        evidence=root.each("evidence", item, needed=True),
        judgement=root.part("judgement", partial(read_judgement, lines=len(lines)), needed=True),
        accuracy_check=root.part("accuracy_check", partial(_accuracy_check, known=known), needed=True),
        sign_off=root.part("sign_off", _sign_off, needed=True),
        outputs=root.texts("outputs", needed=True),
        responses=root.each("responses", partial(_response, known=known), unique=""),
        follow_ups=root.each("follow_ups", _follow_up, unique=""),
        digest=sha256(root.document.text.encode()).hexdigest(),
    )
    _check_together(root, method)
    return method


def _version(root: Table, name: re.Match[str] | None) -> tuple[int, int]:
    """Year and number of the version, checked against the name of the file, which also says them where the text does not."""
    text = root.text("version")
    if re.fullmatch(r"\d{4}\.\d{1,4}", text):
        stated = str(root.data.get("method")), text
        if not name or name.groups() != stated:
            problem = f"the file is named {root.document.file.rsplit('/', 1)[-1]} but holds {stated[0]} version {text}"
            root.fault("version", problem, f"name the file {stated[0]}-{text}.toml or change method and version")
    else:
        if text:
            root.fault("version", f"version is {text!r}", 'write year and number, such as "2026.1"')
        text = name[2] if name else "0.0"
    year, _, number = text.partition(".")
    return int(year), int(number)


def _basis(table: Table) -> Basis:
    """A law or guidance it rests on."""
    return Basis(table.text("source"), table.choice("confidence", CONFIDENCE, otherwise=GENERAL_KNOWLEDGE))


def _entitlement(table: Table) -> Entitlement:
    """A kind of body that may lead or join; one not known here stays what it is called."""
    return Entitlement(table.choice("kind", BODY_KINDS), table.text("law"), confidence_of(table))


def _phases(root: Table) -> tuple[Phase, ...]:
    """The phases, each following the start or another; one that follows none or itself is a fault, and follows the start."""
    tables = root.tables("phases", needed=True)
    phases = [table.built(_phase) for table in tables]
    no_twins(tables)
    follows = {phase.key: phase.after for phase in phases}
    told: set[str] = set()
    for place, (table, phase) in enumerate(zip(tables, phases, strict=True)):
        circle = _cycle(phase.key, follows)
        if phase.after != START and phase.after not in follows:
            table.fault("after", f"there is no phase {phase.after!r}", f"write start or one of {', '.join(follows)}")
        elif phase.key not in told and circle:
            told.update(circle)
            table.fault("after", f"the phases go round in a circle: {' after '.join(circle)}", "let one of them follow start")
        elif not circle:
            continue
        phases[place] = replace(phase, after=START)
    return tuple(phases)


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
    """One phase; a unit not known here is read as working days, a length not given as one."""
    unit = table.choice("unit", UNITS, otherwise="wd")
    after = table.text("after", START)
    phase = Phase(
        key=table.key(),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        after=after,
        counted_from=table.choice("counted_from", ("end", "start"), "end", otherwise="end"),
        offset=table.number("offset", 0 if after == START else 1, least=-LONGEST, most=LONGEST),
        offset_unit=table.choice("offset_unit", UNITS, unit if unit in ("wd", "cd") else "wd", otherwise="wd"),
        duration=table.number("duration", least=1, most=LONGEST),
        unit=unit,
        day_number_base=table.number("day_number_base", 0),
        statutory=table.flag("statutory"),
        statutory_in=table.texts("statutory_in", NATIONS),
        confidence=confidence_of(table),
        note=table.text("note", ""),
        gate=table.flag("gate"),
    )
    if phase.day_number_base not in (0, 1):
        table.fault("day_number_base", f"day_number_base is {phase.day_number_base}", "write 0 or 1")
    if phase.day_number_base == 1 and phase.offset < 1:
        table.fault("offset", "where the first day is number 1 there is no day 0", "write an offset of 1 or more")
    return phase


def _line(table: Table) -> Line:
    """A line of enquiry."""
    return Line(table.key(), table.text("title", otherwise=str(table.data.get("key", ""))), table.text("text"))


def _evidence(table: Table, known: Known, lines: list[str], phases: list[str]) -> Evidence:
    """A standard item; an answer of a kind not known here may be any, a marking not known here is the strictest."""
    phase = (table.choice("due_phase", phases, "") if phases else table.text("due_phase", "")) or None
    if ("clock" in table.data) == (table.data.get("due_phase", "") != ""):
        table.fault("due_phase", "it is not said once when this is due", "write either clock or due_phase")
    return Evidence(
        key=table.key(),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        question=table.text("question"),
        agencies=table.texts("agencies", known.agency_kinds, needed=True),
        line=table.choice("line", lines) if lines else table.text("line"),
        clock=_clock(table) if "clock" in table.data else None,
        phase=phase,
        offset=table.number("due_offset", 0, least=-LONGEST, most=LONGEST),
        unit=table.choice("due_unit", UNITS, "wd", otherwise="wd"),
        power=_power(table, known),
        answer=table.choice("answer", ANSWER_KINDS, "any", otherwise="any"),
        marking=table.choice("marking", MARKINGS, "open", otherwise="confidential"),
        confidence=confidence_of(table),
    )


def _clock(table: Table) -> Clock:
    """A clock that runs forward: one that counts back from a meeting says when to publish, never when to answer."""
    clock = read_clock(table, "clock")
    if clock.name == "clear_before":
        table.fault("clock", f"{clock} counts back from a meeting", "write a clock that runs forward, such as working_after:10")
    return clock


def _power(table: Table, known: Known) -> str | None:
    """The key of a power, if one is named."""
    return (table.choice("power", known.powers, "") if known.powers else table.text("power", "")) or None


def _accuracy_check(table: Table, known: Known) -> AccuracyCheck:
    """The accuracy check."""
    return AccuracyCheck(
        clock=_clock(table),
        event=table.choice("event", START_EVENTS, "draft_email_date", otherwise="draft_email_date"),
        who=table.text("who"),
        confidence=confidence_of(table),
        whole=table.texts("whole", known.agency_kinds),
    )


def _sign_off(table: Table) -> SignOff:
    """Who signs; by a rule not known here every partner does."""
    rule = table.choice("rule", SIGN_OFF_RULES, otherwise=ALL_PARTNERS)
    return SignOff(rule, table.texts("who", needed=True), confidence_of(table))


def _response(table: Table, known: Known) -> ResponseRule:
    """A rule of response."""
    return ResponseRule(
        agencies=table.texts("agencies", known.agency_kinds),
        own=table.choice("own", OWN, "any", otherwise="any"),
        power=_power(table, known),
        clock=_clock(table),
        event=table.choice("event", START_EVENTS, "report_received", otherwise="report_received"),
        words=table.text("words"),
        confidence=confidence_of(table),
    )


def _follow_up(table: Table) -> FollowUp:
    """What is looked at again."""
    return FollowUp(
        title=table.text("title"),
        after=table.number("after", least=1, most=LONGEST),
        unit=table.choice("unit", UNITS, otherwise="wd"),
        outcome=table.text("outcome", "") or None,
        confidence=confidence_of(table),
    )


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
