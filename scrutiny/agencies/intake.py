"""Reading a register of agencies from CSV: each row checked, every fault named with its line and its remedy; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from scrutiny.file_reading.tables import CsvTable, read_csv
from scrutiny.typed_text import address_fault, clean_line, folded
from workflows.refusals import Refused
from workflows.workdays import NATIONS
from workflows.written_days import read_day

NEEDED = ("name", "kind", "code", "area_codes")
#: columns that may be left out: when an agency exists in law, and is first elected
LEGAL = ("legal_from", "legal_to", "elected_from")
NAMED = ("name", "kind", "code", "scheme", "area_codes", "from", "to", "services", "email")
COLUMNS = (*NAMED, "nation", "name_cy", "other_names", *LEGAL)
OFFICIAL = re.compile(r"[EWSNK]\d{8}")
FAULTS_SAID = 5


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One row of a register: an agency and what it serves over one period. None: the file has no such column.

    `areas` holds (kind or '', code); `services` holds (service, excluded): exceptions to what the kind answers for.
    """

    line: int
    name: str
    kind: str
    scheme: str
    code: str
    areas: tuple[tuple[str, str], ...]
    from_on: date | None
    to_on: date | None
    services: tuple[tuple[str, bool], ...] | None
    email: str | None
    nation: str | None
    name_cy: str | None
    other_names: str | None
    legal: dict[str, date | None]
    """legal_from, legal_to and elected_from, those of them for which the file has a column."""


class OtherColumns(Refused):
    """A register has columns of its own: there are other ways to load it."""


@dataclass(frozen=True, slots=True)
class Known:
    """The words a register may use: kinds of agency, services and kinds of area."""

    kinds: Collection[str]
    services: Collection[str]
    area_kinds: Collection[str]


def read_register(content: bytes, file_name: str, known: Known) -> tuple[list[AgencyRow], list[str]]:
    """The rows of a register and notes on the file; Refused in one sentence that names the first faults and all their lines."""
    try:
        table = read_csv(content)
    except Refused as refused:
        raise Refused(f"{file_name}: {refused}") from None
    header = tuple(re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in table.header)
    if missing := [name for name in NEEDED if name not in header]:
        named = gettext(
            "%(file_name)s has no column %(missing)s: its first row must name %(named)s",
            file_name=file_name,
            missing=" or ".join(missing),
            named=",".join(NAMED),
        )
        raise OtherColumns(
            gettext(
                "%(named)s. If it is a register as others publish it, send it under “Load a published register”, where its "
                "columns can be chosen. Agencies of areas that are loaded can be made without a file, from their boundaries",
                named=named,
            )
        )
    faults: list[tuple[int, str]] = []
    rows = list(_rows(table, header, known, faults))
    faults += _twins(rows)
    if faults:
        raise Refused(_said(faults, file_name))
    if not rows:
        raise Refused(gettext("%(file_name)s has a header but no rows: add one row for each agency", file_name=file_name))
    ignored = [name for name in table.header if re.sub(r"[\s-]+", "_", name.strip().casefold()) not in COLUMNS and name]
    return rows, [*table.notes, *([gettext("Columns not used: %(ignored)s", ignored=", ".join(ignored))] if ignored else [])]


def _rows(table: CsvTable, header: tuple[str, ...], known: Known, faults: list[tuple[int, str]]) -> Iterator[AgencyRow]:
    """Each row checked; one with faults adds them to the list, and is left out."""
    for line, cells in zip(table.lines, table.rows, strict=True):
        values = dict(zip(header, map(clean_line, [*cells, *[""] * len(header)]), strict=False))
        found: list[str] = []
        row = _row(line, values, known, found.append)
        faults.extend((line, fault) for fault in found)
        if not found:
            yield row


def _row(line: int, cells: dict[str, str], known: Known, fault: Callable[[str], None]) -> AgencyRow:
    """One row; `fault` is called with each thing wrong."""
    if not cells["name"]:
        fault(gettext("the agency has no name: give it one"))
    if cells["kind"] not in known.kinds:
        fault(
            gettext(
                "there is no kind of agency called “%(cells)s”: use one of %(kinds)s",
                cells=cells["kind"],
                kinds=", ".join(known.kinds),
            )
        )
    scheme = cells.get("scheme", "") or ("gss" if OFFICIAL.fullmatch(cells["code"]) else "")
    if not cells["code"] or not scheme:
        fault(gettext("an agency needs a code and its scheme (gss, ods …), so that it is known again: fill in code and scheme"))
    from_on, to_on = _day(cells, "from", fault), _day(cells, "to", fault)
    if from_on and to_on and to_on < from_on:
        fault(gettext("it ends on %(to_on)s before it begins on %(from_on)s: put the dates right", to_on=to_on, from_on=from_on))
    legal: dict[str, date | None] = {column: _day(cells, column, fault) for column in LEGAL if column in cells}
    email = cells.get("email")
    if email and (why := address_fault(email)):
        fault(
            gettext(
                "“%(email)s” is not an email address we can write to: %(why)s, or leave it empty",
                email=email,
                why=why[0].lower() + why[1:],
            )
        )
    nation = cells.get("nation")
    if nation and nation not in NATIONS:
        fault(
            gettext("there is no nation called “%(nation)s”: use one of %(nations)s", nation=nation, nations=", ".join(NATIONS))
        )
    return AgencyRow(
        line,
        cells["name"],
        cells["kind"],
        scheme.casefold(),
        cells["code"],
        tuple(_areas(cells, known, fault)),
        from_on,
        to_on,
        tuple(_services(cells, known, fault)) if "services" in cells else None,
        email,
        nation,
        cells.get("name_cy"),
        "\n".join(filter(None, map(clean_line, cells["other_names"].split(";")))) if "other_names" in cells else None,
        legal,
    )


def _day(cells: dict[str, str], column: str, fault: Callable[[str], None]) -> date | None:
    """A date, or None where the cell is empty."""
    text = cells.get(column, "")
    day = read_day(text)
    if text and day is None:
        fault(gettext("“%(text)s” under %(column)s is not a date: write it as 2024-04-01", text=text, column=column))
    return day


def _areas(cells: dict[str, str], known: Known, fault: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Codes of areas, each perhaps with its kind before it: `icb:E54000048`."""
    for part in dict.fromkeys(re.split(r"[;\s]+", cells["area_codes"])):
        kind, _, code = part.rpartition(":")
        if kind and kind not in known.area_kinds:
            fault(
                gettext(
                    "there is no kind of area called “%(kind)s”: use one of %(area_kinds)s",
                    kind=kind,
                    area_kinds=", ".join(known.area_kinds),
                )
            )
        elif code:
            yield kind, code.upper()


def _services(cells: dict[str, str], known: Known, fault: Callable[[str], None]) -> Iterator[tuple[str, bool]]:
    """Services the agency answers for though its kind does not; with a minus before it, one it does not answer for."""
    for part in dict.fromkeys(re.split(r"[;\s]+", cells["services"])):
        service = part.lstrip("-")
        if service and service not in known.services:
            fault(
                gettext(
                    "there is no service called “%(service)s”: use one of %(services)s",
                    service=service,
                    services=", ".join(known.services),
                )
            )
        elif service:
            yield service, part.startswith("-")


def _twins(rows: list[AgencyRow]) -> Iterator[tuple[int, str]]:
    """Rows that say the same agency and day twice, or give one name to two agencies."""
    begun: dict[tuple[str, str, date | None], int] = {}
    named: dict[str, AgencyRow] = {}
    for row in rows:
        first = begun.setdefault((row.scheme, row.code, row.from_on), row.line)
        if first != row.line:
            twice = gettext(
                "the code %(code)s is also on line %(first)s, from the same day: keep one, or give each its dates",
                code=row.code,
                first=first,
            )
            yield row.line, twice
        other = named.setdefault(folded(row.name), row)
        if (other.scheme, other.code) != (row.scheme, row.code):
            alike = gettext(
                "“%(name)s” is the name of the agency in line %(line)s too: tell them apart by name",
                name=row.name,
                line=other.line,
            )
            yield row.line, alike


def _said(faults: list[tuple[int, str]], file_name: str) -> str:
    """All faults in one sentence: the first in full, the lines of the rest."""
    faults = sorted(faults)
    said = "; ".join(gettext("line %(line)s: %(fault)s", line=line, fault=fault) for line, fault in faults[:FAULTS_SAID])
    rest = ", ".join(str(line) for line in dict.fromkeys(line for line, _ in faults[FAULTS_SAID:]))
    words = gettext("%(file_name)s was not loaded. %(faults)s", file_name=file_name, faults=said[0].upper() + said[1:])
    return words + gettext("; and faults in line %(rest)s", rest=rest) if rest else words
