"""Reading the powers: a TOML text checked into frozen values, or every fault in it named."""

from collections.abc import Iterable

from workflows.clocks import Clock, parse_clock
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.power import (
    ATTEND,
    CLARIFICATIONS,
    CONFIDENCE,
    DOUBTFUL,
    DUTIES,
    INVITE,
    NONE,
    PAUSES,
    REGARD,
    REPLY,
    RESTARTS,
    SUBJECTS,
    SUPPLY,
    Power,
    Powers,
)
from workflows.reading import Document, Table, no_twins
from workflows.refusals import Refused
from workflows.standing import Asking, Clause, Standing, power_for, why_not
from workflows.workdays import NATIONS

__all__ = [
    "ATTEND",
    "CLARIFICATIONS",
    "CONFIDENCE",
    "DOUBTFUL",
    "DUTIES",
    "INVITE",
    "NONE",
    "PAUSES",
    "REGARD",
    "REPLY",
    "RESTARTS",
    "SUBJECTS",
    "SUPPLY",
    "Asking",
    "Clause",
    "Power",
    "Powers",
    "Standing",
    "confidence_of",
    "power_for",
    "read_clock",
    "read_powers",
    "why_not",
]


def read_powers(text: str, file_name: str, agency_kinds: Iterable[str] | None = None) -> Powers:
    """Read the powers; Faulty names everything that is wrong. Kinds of agency are checked where they are given."""
    document = Document(text, file_name)
    root = document.root()
    tables = root.tables("powers", needed=True)
    known = None if agency_kinds is None else tuple(agency_kinds)
    powers = tuple(_power(table, known) for table in tables)
    no_twins(tables)
    root.close()
    document.finish()
    return Powers(powers)


def _power(table: Table, agency_kinds: tuple[str, ...] | None) -> Power:
    """One power; whatever is wrong is noted at its key."""
    power = Power(
        key=table.text("key"),
        title=table.text("title"),
        askers=table.texts("askers", BODY_KINDS, needed=True),
        hosts=table.texts("hosts", agency_kinds),
        answerers=table.texts("answerers", agency_kinds),
        own=table.choice("own", ("only", "never", "any"), "any"),
        duty=table.choice("duty", DUTIES),
        covers=table.text("covers"),
        clock=read_clock(table, "clock"),
        event=table.choice("event", START_EVENTS),
        subject=table.choice("subject", SUBJECTS, "") or None,
        personal=table.flag("personal"),
        fallback=table.flag("fallback"),
        condition=table.text("condition", ""),
        condition_on=table.texts("condition_on", BODY_KINDS),
        limits=table.text("limits", ""),
        exemptions=table.text("exemptions", ""),
        silence=table.text("silence"),
        clarification=table.choice("clarification", CLARIFICATIONS),
        clarification_source=table.text("clarification_source", ""),
        source=table.text("source"),
        confidence=table.choice("confidence", CONFIDENCE),
        nations=table.texts("nations", NATIONS, needed=True),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
    )
    if power.valid_from and power.valid_to and power.valid_to < power.valid_from:
        table.fault("valid_to", "valid_to falls before valid_from", "put the later day last")
    if bool(power.condition) != bool(power.condition_on):
        table.fault("condition", "a condition belongs with the bodies it is put to", "write both condition and condition_on")
    table.close()
    return power


def read_clock(table: Table, key: str, default: str | None = None) -> Clock:
    """The clock at a key; an unknown one is noted as a fault."""
    text = table.text(key, default)
    try:
        return parse_clock(text) if text else parse_clock("none")
    except Refused as refused:
        problem, _, remedy = refused.sentence.rstrip(".").partition("; ")
        table.fault(key, problem, remedy)
        return parse_clock("none")


def confidence_of(table: Table) -> str:
    """How sure we are of a fact; general knowledge where nothing is said."""
    return table.choice("confidence", CONFIDENCE, "general knowledge")
