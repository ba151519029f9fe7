"""Figures typed one a line, 'label: number unit', read and checked; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workflows.refusals import Refused

NUMBER = re.compile(r"^(?P<minus>[-−]?)\s*(?P<pound>£?)\s*(?P<digits>[0-9][0-9,\s]*(?:\.[0-9]+)?|\.[0-9]+)\s*(?P<unit>.*)$")
LIKE = "like 'Referrals in the year: 1,204 children'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, the number, and the unit it is in ('' where none was typed)."""

    label: str
    number: Decimal
    unit: str
    line: int


def read_figures(text: str) -> list[Figure]:
    """The figures in a text, blank lines passed over; Refused names the first line at fault and what to do."""
    faults = faults_in(text)
    if faults:
        raise Refused(faults[0])
    return [_figure(line, n) for n, line in _lines(text)]


def faults_in(text: str) -> list[str]:
    """What is wrong in each line, as sentences; none when every line can be read."""
    found = []
    for n, line in _lines(text):
        try:
            _figure(line, n)
        except Refused as refusal:
            found.append(refusal.sentence)
    return found


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers from 1."""
    return [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _figure(line: str, n: int) -> Figure:
    """One line read, or refused with its number and the remedy."""
    label, colon, rest = line.rpartition(":")
    if not colon or not label.strip():
        raise Refused(f"Line {n}: put what is counted, a colon and the number, {LIKE}")
    found = NUMBER.match(rest.strip())
    if found is None:
        raise Refused(f"Line {n}: put a number after the colon, {LIKE}")
    try:
        number = Decimal(re.sub(r"[,\s]", "", found["digits"]))
    except InvalidOperation:
        raise Refused(f"Line {n}: write the number in figures, {LIKE}") from None
    unit = found["unit"].strip()
    if re.match(r"^[.,0-9]", unit):
        raise Refused(f"Line {n}: write one number only after the colon, {LIKE}")
    unit = f"£ {unit}".strip() if found["pound"] else unit
    return Figure(label.strip(), -number if found["minus"] else number, unit, n)
