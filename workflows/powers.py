"""Powers: a TOML text read into frozen values whatever its age, or checked, with every fault in it named.

What a kept text lacks or names that is not known here is read as the least that may be claimed: nobody who may ask, an
invitation in place of a duty, no date, no pause.
"""

from collections.abc import Iterable
from functools import partial

from workflows.clocks import Clock, parse_clock
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.legal_basis import Asking, Caution, Clause, LegalBasis, find_basis, why_not
from workflows.power import (
    ATTEND,
    CLARIFICATIONS,
    CONFIDENCE,
    DOUBTFUL,
    DUTIES,
    GENERAL_KNOWLEDGE,
    INVITE,
    NONE,
    OWN,
    PAUSES,
    REGARD,
    REPLY,
    RESTARTS,
    SUPPLY,
    Power,
    Powers,
)
from workflows.power_words import ENDS, SUBJECTS
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.refusals import Refused
from workflows.workdays import NATIONS

__all__ = [
    "ATTEND",
    "CLARIFICATIONS",
    "CONFIDENCE",
    "DOUBTFUL",
    "DUTIES",
    "GENERAL_KNOWLEDGE",
    "INVITE",
    "NONE",
    "OWN",
    "PAUSES",
    "REGARD",
    "REPLY",
    "RESTARTS",
    "SUBJECTS",
    "SUPPLY",
    "Asking",
    "Caution",
    "Clause",
    "LegalBasis",
    "Power",
    "Powers",
    "check_powers",
    "confidence_of",
    "find_basis",
    "read_clock",
    "read_powers",
    "why_not",
]


def read_powers(text: str, file_name: str) -> Powers:
    """Read powers that were accepted once; Faulty only where their text is no TOML any more."""
    return read_with(partial(_powers, agency_kinds=None), text, file_name)


def check_powers(text: str, file_name: str, agency_kinds: Iterable[str] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with the powers' text. Kinds of agency are checked where they are given."""
    known = None if agency_kinds is None else tuple(agency_kinds)
    return faults_with(partial(_powers, agency_kinds=known), text, file_name)


def _powers(root: Table, agency_kinds: tuple[str, ...] | None) -> Powers:
    """Every power of a file."""
    return Powers(root.each("powers", partial(_power, agency_kinds=agency_kinds), needed=True))


def _power(table: Table, agency_kinds: tuple[str, ...] | None) -> Power:
    """One power; whatever is wrong is noted at its key."""
    clock = read_clock(table, "clock")
    power = Power(
        key=table.text("key"),
        title=table.text("title", otherwise=str(table.data.get("key", ""))),
        askers=table.texts("askers", BODY_KINDS, needed=True),
        hosts=table.texts("hosts", agency_kinds),
        answerers=table.texts("answerers", agency_kinds),
        own=table.choice("own", OWN, "any", otherwise="any"),
        duty=table.choice("duty", DUTIES, otherwise=INVITE),
        covers=table.text("covers"),
        clock=clock,
        event=table.choice("event", START_EVENTS, otherwise=clock.rule.event),
        subject=table.choice("subject", SUBJECTS, "", otherwise="") or None,
        documents=table.flag("documents"),
        personal=table.flag("personal"),
        fallback=table.flag("fallback"),
        by_method=table.flag("by_method"),
        condition=table.text("condition", ""),
        condition_on=table.texts("condition_on", BODY_KINDS),
        only_if=table.text("only_if", ""),
        limits=table.text("limits", ""),
        exemptions=table.text("exemptions", ""),
        silence=table.text("silence"),
        clarification=table.choice("clarification", CLARIFICATIONS, otherwise=NONE),
        clarification_source=table.text("clarification_source", ""),
        source=table.text("source"),
        cited=table.text("cited", ""),
        notice=table.text("notice", ""),
        confidence=table.choice("confidence", CONFIDENCE, otherwise=GENERAL_KNOWLEDGE),
        doubt=table.text("doubt", ""),
        nations=table.texts("nations", NATIONS, needed=True) or NATIONS,
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        expected_end=table.text("expected_end", ""),
        ends_by=table.text("ends_by", ""),
        ends_status=table.choice("ends_status", ENDS, "", otherwise=""),
    )
    if power.valid_from and power.valid_to and power.valid_to < power.valid_from:
        table.fault("valid_to", "valid_to falls before valid_from", "put the later day last")
    if bool(power.condition) != bool(power.condition_on):
        table.fault("condition", "a condition belongs with the bodies it is put to", "write both condition and condition_on")
    if power.doubt and not power.doubtful:
        table.fault("doubt", "a doubt belongs with a doubtful power", 'write confidence = "doubtful", or leave doubt out')
    return power


def read_clock(table: Table, key: str, default: str | None = None) -> Clock:
    """The clock at a key; one that is missing or unknown is noted as a fault, and sets no date."""
    text = table.text(key, default)
    try:
        return parse_clock(text) if text else parse_clock("none")
    except Refused as refused:
        problem, _, remedy = refused.sentence.rstrip(".").partition("; ")
        table.fault(key, problem, remedy)
        return parse_clock("none")


def confidence_of(table: Table) -> str:
    """How sure we are of a fact; general knowledge where nothing is said."""
    return table.choice("confidence", CONFIDENCE, GENERAL_KNOWLEDGE, otherwise=GENERAL_KNOWLEDGE)
