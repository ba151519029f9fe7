"""Reading a register that others publish: which column is the name, which the code; the rows that can be loaded, and why the
others cannot. Nothing is left out in silence: each row that is skipped, or loaded without all of it, is counted and named."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext

from scrutiny.agencies.mapped_rows import LONGEST_CODE, LONGEST_NAME, Mapped, Why
from scrutiny.agencies.queries import agencies_called, agency_codes
from scrutiny.agencies.register import AREA_NOT_LOADED, COUNTED, NO_AREAS, Loaded, Remark, load_agencies
from scrutiny.file_reading.decoding import decode
from scrutiny.file_reading.tables import read_csv
from scrutiny.rules.queries import rules
from scrutiny.typed_text import address_fault, clean_line, folded
from workflows.refusals import Refused
from workflows.written_days import read_day

#: How published registers call their columns; an earlier name counts before a later one.
NAMES = ("official-name", "name", "la-name", "organisation-name", "nice-name", "title", "wdtk-url-name")
CODES = ("gss-code", "statistical-geography", "code", "local-authority-code", "fire-authority", "reference", "wikidata", "id")
EMAILS = ("email", "request-email", "contact-email")
ENDS = ("end-date", "dissolution-date")
GSS = re.compile(r"[EWSNK]\d{8}")
SHOWN = 10
CODE_KEY, NAME_KEY = "code", "name"


@dataclass(frozen=True, slots=True)
class RawRegister:
    """A register as it came: its columns, its rows, and the line of each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def cell(self, row: Sequence[str], column: str) -> str:
        """The cell of a column, cleaned; '' where the row or the register has none."""
        at = self.columns.index(column) if column in self.columns else len(row)
        return clean_line(row[at]) if at < len(row) else ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which; '' for none. `kind` is the kind of agency of rows whose area's code does not tell it."""

    name: str = ""
    code: str = ""
    area: str = ""
    email: str = ""
    end: str = ""
    kind: str = ""

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that something is read from, and '' for each that is not chosen."""
        return (self.name, self.code, self.area, self.email, self.end)


def read_raw(content: bytes, file_name: str) -> RawRegister:
    """The columns and rows of a register in CSV, TSV or JSON; Refused where it is none."""
    if (text := decode(content)[0]).lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        return _from_json(text, file_name)
    table = read_csv(content, strict=False)
    if any(_key(title) in (*NAMES, *CODES, *EMAILS) for title in table.header):
        return RawRegister(_told_apart(table.header), table.rows, table.lines)
    columns = tuple(f"column {number}" for number in range(1, len(table.header) + 1))
    return RawRegister(columns, (table.header, *table.rows), (1, *table.lines))  # its first row is a row


def propose(register: RawRegister) -> Columns:
    """What each column seems to be, by its name and by what stands in it."""
    by_key = {_key(column): column for column in reversed(register.columns)}

    def named(wanted: Sequence[str]) -> str:
        return next((by_key[one] for one in wanted if one in by_key), "")

    area = next((column for column in register.columns if _mostly(register, column, GSS.fullmatch)), "")
    name = named(NAMES) or next((column for column in register.columns if _mostly(register, column, _reads_as_name)), "")
    code = named(CODES)
    apart = [column for column in (code, area, *register.columns) if column and column != name and _tells_apart(register, column)]
    code = apart[0] if apart else code or area
    return Columns(name=name, code=code, area=area, email=named(EMAILS), end=named(ENDS))


def map_rows(register: RawRegister, columns: Columns, *, on: date) -> Mapped:
    """The rows of a register that can be loaded, and the others with their reasons; Refused where no column is the name."""
    if not columns.name or columns.name not in register.columns:
        said = gettext("Choose the column of names: this file has %(columns)s", columns=", ".join(register.columns)[:300])
        raise Refused(said)
    _check_chosen(register, columns)
    taken = agencies_called([register.cell(row, columns.name)[:LONGEST_NAME] for row in register.rows])
    codes = agency_codes()
    names: dict[str, int] = {}
    begun: dict[tuple[str, str], int] = {}
    rows, skipped, lessened = [], [], []
    for line, cells in zip(register.lines, register.rows, strict=True):
        found = _row(register, columns, line, cells)
        name, kind, scheme, code, email = found[1], found[2], found[3], found[4], found[6]
        ended = read_day(register.cell(cells, columns.end)[:10]) if columns.end else None
        other = taken.get(folded(name))
        if not name:
            why = Why.NO_NAME
        elif ended and ended <= on:
            why = Why.ENDED
        elif not kind:
            why = Why.NO_KIND
        elif not code:
            why = Why.NO_CODE
        elif folded(name) in names:
            why = Why.NAME_TWICE
        elif (scheme, code) in begun:
            why = Why.CODE_TWICE
        elif (scheme, code) in codes:
            why = Why.THERE
        elif other is not None:
            why = Why.NAME_TAKEN
        else:
            names[folded(name)], begun[scheme, code] = line, line
            fault = bool(email and address_fault(email))
            rows.append((*found[:6], "" if fault else email))
            lost = [*_cut(register, columns, cells), *([Why.ADDRESS_LEFT_OUT] if fault else [])]
            lessened += [(line, name, one) for one in lost]
            continue
        skipped.append((line, name, why))
    return Mapped(tuple(rows), tuple(skipped), tuple(lessened), tuple(_unused(register, columns)))


def _check_chosen(register: RawRegister, columns: Columns) -> None:
    """Refuse a column that the file does not have, and a kind of agency that is not known."""
    there, kinds = ", ".join(register.columns)[:300], rules().agency_kinds
    for name in filter(None, columns.read):
        if name not in register.columns:
            raise Refused(gettext("This file has no column called “%(name)s”: it has %(columns)s", name=name[:60], columns=there))
    if columns.kind and columns.kind not in kinds:
        said = gettext(
            "There is no kind of agency called %(kind)s: use one of %(kinds)s", kind=columns.kind, kinds=", ".join(kinds)
        )
        raise Refused(said)


def _unused(register: RawRegister, columns: Columns) -> list[tuple[str, int]]:
    """The columns that nothing is read from, and how many rows have something there, the fullest first."""
    left = [column for column in register.columns if column not in columns.read]
    counts = [(column, sum(bool(register.cell(row, column)) for row in register.rows)) for column in left]
    return sorted(counts, key=lambda pair: -pair[1])


def load_mapped(mapped: Mapped, file_name: str, **deed: Any) -> Loaded:
    """Add the rows of a mapped register as agencies; the remarks count what was skipped. Those there already stay."""
    there = sum(why is Why.THERE for _, _, why in mapped.skipped)
    if not mapped.rows and not there:
        raise Refused(gettext("No row of %(file)s can be loaded: choose other columns", file=file_name))
    loaded = load_agencies(mapped.csv(), file_name, **deed) if mapped.rows else Loaded()
    loaded.unchanged += there
    counts = Counter(remark.kind for remark in loaded.remarks)
    loaded.remarks = [remark for remark in loaded.remarks if remark.kind not in (NO_AREAS, AREA_NOT_LOADED)]
    said = []
    if without := counts[NO_AREAS]:
        said.append(gettext("Agencies without an area, which answer nowhere until they have one: %(n)s", n=without))
    if waiting := counts[AREA_NOT_LOADED]:
        said.append(gettext("Agencies whose area is not loaded yet, which answer there once it is: %(n)s", n=waiting))
    said += [gettext("Rows skipped because %(why)s: %(n)s", why=why.words, n=count) for why, count in mapped.reasons]
    said += [gettext("Rows loaded, but %(why)s: %(n)s", why=why.words, n=count) for why, count in mapped.losses]
    said += [gettext("Column not used: %(name)s, filled in rows: %(n)s", name=name, n=count) for name, count in mapped.unused]
    loaded.remarks += [Remark(COUNTED, words) for words in said]
    return loaded


def _cut(register: RawRegister, columns: Columns, cells: Sequence[str]) -> Iterator[Why]:
    """What of a row is longer than an agency, or the file, can have it."""
    if len(register.cell(cells, columns.name)) > LONGEST_NAME:
        yield Why.NAME_CUT
    if columns.code and len(register.cell(cells, columns.code)) > LONGEST_CODE:
        yield Why.CODE_CUT
    if any(clean_line(cell) for cell in cells[len(register.columns) :]):
        yield Why.CELLS_LEFT_OUT


def _row(register: RawRegister, columns: Columns, line: int, cells: Sequence[str]) -> tuple[int, str, str, str, str, str, str]:
    """One row as it would be loaded, whether or not it can be."""
    name = register.cell(cells, columns.name)[:LONGEST_NAME].rstrip()
    if columns.name and _key(columns.name) == "wdtk-url-name":
        name = name.replace("_", " ").capitalize()
    area = register.cell(cells, columns.area).upper() if columns.area else ""
    area = area if GSS.fullmatch(area) else ""
    code = (register.cell(cells, columns.code) if columns.code else "")[:LONGEST_CODE] or area
    scheme = "gss" if GSS.fullmatch(code.upper()) else _key(columns.code)[:40] or "register"
    kind = _kind_by_area(area) or columns.kind
    return (
        line,
        name,
        kind,
        scheme,
        code.upper() if scheme == "gss" else code,
        area if _is_area(area) else "",
        (register.cell(cells, columns.email) if columns.email else ""),
    )


def _kind_by_area(code: str) -> str:
    """The kind of agency that answers for an area whose code begins so; '' where none does."""
    for kind in rules().area_kinds.values():
        if code and (found := kind.agency_kind_of(code)):
            return found
    return ""


def _is_area(code: str) -> bool:
    """Whether a code is one of a kind of area known here."""
    return any(kind.nation_of(code) for kind in rules().area_kinds.values()) if code else False


def _from_json(text: str, file_name: str) -> RawRegister:
    """A register of JSON: a list of objects, or names or objects by code."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Refused(gettext("%(file)s is not JSON that can be read", file=file_name)) from fault
    if isinstance(value, dict):
        if all(isinstance(one, str) for one in value.values()) and any(GSS.fullmatch(key) for key in value):
            value = [{CODE_KEY: key, NAME_KEY: one} for key, one in value.items()]
        elif value and all(isinstance(one, dict) for one in value.values()):
            value = [{CODE_KEY: key, **one} for key, one in value.items()]
    if not (isinstance(value, list) and value and all(isinstance(one, dict) for one in value)):
        raise Refused(gettext("%(file)s has no list of bodies: send one row, or one object, for each", file=file_name))
    columns = tuple(dict.fromkeys(str(key) for one in value for key in one))
    rows = tuple(tuple(_plain(one.get(column)) for column in columns) for one in value)
    return RawRegister(columns, rows, tuple(range(1, len(rows) + 1)))


def _plain(value: Any) -> str:
    """A value of JSON as a cell."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _key(title: str) -> str:
    """The name of a column as it is compared."""
    return re.sub(r"[\s_-]+", "-", title.strip().casefold())


def _told_apart(header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; one that is blank or stands twice gets its number."""
    found: list[str] = []
    for number, title in enumerate(header, start=1):
        found.append(title if title and title not in found else f"column {number}")
    return tuple(found)


def _mostly(register: RawRegister, column: str, fits: Callable[[str], object]) -> bool:
    """Whether most of the first rows have a cell that fits in this column."""
    cells = [register.cell(row, column) for row in register.rows[:200]]
    return sum(bool(fits(cell)) for cell in cells) * 2 > len(cells)


def _tells_apart(register: RawRegister, column: str) -> bool:
    """Whether nearly every row has a value of its own in this column."""
    cells = [cell for row in register.rows if (cell := register.cell(row, column))]
    return bool(cells) and len(cells) * 2 > len(register.rows) and len(set(cells)) > len(cells) * 0.9


def _reads_as_name(cell: str) -> bool:
    """Whether a cell reads as the name of a body: words, the first with a capital letter."""
    return bool(re.match(r"[A-Z]", cell)) and " " in cell and not cell.startswith("http")


def chosen(proposed: Columns, **said: str | None) -> Columns:
    """The columns proposed, but for those a person names."""
    return replace(proposed, **{key: value for key, value in said.items() if value is not None})


def first_rows(mapped: Mapped) -> Iterator[tuple[str, ...]]:
    """The first rows to look at, as they would be loaded."""
    for _, name, kind, _, code, area, email in mapped.rows[:SHOWN]:
        yield name, kind, code, area, email
