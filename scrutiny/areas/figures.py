"""Tables of figures by code, in and out: read in the smallest unit (pence, or whole numbers), apportioned, written."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from scrutiny.areas.apportion import RATE, Apportioned
from scrutiny.file_reading.tables import LARGEST_UNPACKED, CsvTable, Row, read_csv, write_csv, write_xlsx
from scrutiny.formats import short_day
from scrutiny.geography.fields import CODES, GSS
from workflows.refusals import Refused
from workflows.written_days import day_written

#: a code of nine letters, a comma, a figure and a line's end: more rows than bytes allow for are no figures
SHORTEST_ROW = 12
#: A column called so holds rates, or something else that cannot be added up. "Rates" can be: they are money.
RATE_WORDS = {
    "rate",
    "percent",
    "percentage",
    "pct",
    "per",
    "average",
    "avg",
    "mean",
    "median",
    "ratio",
    "index",
    "share",
    "proportion",
    "score",
    "rank",
    "decile",
    "quintile",
    "density",
}
MOST_DIGITS = 15
#: One number, whole or in groups of three; less than nothing by a sign or in brackets. 12,5 is none: it may be 12.5 or 125.
AMOUNT = re.compile(
    r"(?P<open>\(?)(?P<minus>[\-−]?)\+?£?\s?(?P<inner>[\-−]?)"
    r"(?P<figures>(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:[eE][+\-]?[0-9]{1,3})?)(?P<close>\)?)"
)
#: A number that its publisher keeps back, as too small or not to be had; it stands as it is and is never counted.
KEPT_BACK = re.compile(r"[<≤]\s*[0-9]+|\[?[cuwxz]\]?|\[low\]|\*+|suppressed|n/?a|\.\.|-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole amounts by code, in units of which 10^places make one; the column they came from, and remarks."""

    column: str
    values: dict[str, int]
    places: int
    notes: tuple[str, ...]

    def said(self, amount: int) -> str:
        """An amount as it is written in a table: 1234.50."""
        sign, digits = "-" if amount < 0 else "", f"{abs(amount):0{self.places + 1}d}"
        return f"{sign}{digits[: -self.places]}.{digits[-self.places :]}" if self.places else f"{sign}{digits}"


def read_figures(
    content: bytes,
    name: str,
    *,
    value_field: str | None,
    code_field: str | None = None,
    places: int = 2,
    amounts: bool = False,
    most: int = LARGEST_UNPACKED,
) -> Figures:
    """The figures of a CSV by code, a code that stands twice added up; Refused naming column or line.

    `places` is 2 for money to the penny and 0 for whole numbers. A column whose name says rate is Refused, unless `amounts`
    says that they can be added up. A file that unpacks to more than `most` bytes is Refused.
    """
    table = read_csv(content, most=most, most_rows=most // SHORTEST_ROW)
    codes = _column(table, code_field, (*CODES, *_looking_like_codes(table)), name, "--code-field")
    values = _values_column(table, value_field, codes, name)
    if not amounts and says_rate(values):
        raise Refused(f"{name}: the column “{values[:60]}” looks like a rate. {RATE}")
    found: dict[str, int] = {}
    lines: dict[str, list[int]] = {}
    empty, kept_back = [], []
    for line, row in table.records():
        code, text = row[codes].strip().upper(), row[values].strip()
        if not text:
            empty.append(line)
            continue
        if KEPT_BACK.fullmatch(text):
            kept_back.append(f"line {line}, “{text[:30]}”")
            continue
        found[code] = found.get(code, 0) + _amount(text, line, name, places)
        lines.setdefault(code, []).append(line)
    if not found:
        raise Refused(f"{name} holds no figures in the column “{values[:60]}”")
    notes = [*table.notes]
    often = [code for code, held in lines.items() if len(held) > 1]
    if often:
        notes.append(f"{len(often):,} codes stand more than once and were added up (the first: {often[0] or 'no code'})")
    if empty:
        notes.append(f"{len(empty):,} rows without a figure were passed over (the first: line {empty[0]})")
    if kept_back:
        notes.append(f"{len(kept_back):,} figures are kept back and are in no total (the first: {kept_back[0]})")
    return Figures(values, found, places, tuple(notes))


def says_rate(column: str) -> bool:
    """Whether the name of a column says that it holds rates."""
    return "%" in column or bool(RATE_WORDS & set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).lower())))


def _column(table: CsvTable, wanted: str | None, known: Sequence[str], name: str, option: str) -> str:
    """A column by its name, else the first that is known."""
    lowered = {column.strip().lower(): column for column in reversed(table.header)}
    for one in [wanted.strip().lower()] if wanted else known:
        if one in lowered:
            return lowered[one]
    lacking = f"no column “{wanted[:60]}”" if wanted else "no column called a code"
    raise Refused(f"{name} has {lacking}: name one of {', '.join(one[:40] for one in table.header[:12])} with {option}")


def _looking_like_codes(table: CsvTable) -> list[str]:
    """Columns, however they are called, most of whose first cells are official codes."""
    some = [row for _, row in itertools.islice(table.records(), 50)]
    fit = {column: sum(bool(GSS.fullmatch(row[column].upper())) for row in some) for column in table.header}
    return [column.strip().lower() for column, count in fit.items() if count * 2 > len(some)]


def _values_column(table: CsvTable, wanted: str | None, codes: str, name: str) -> str:
    """The column of figures: as named, else the only other one."""
    if wanted:
        return _column(table, wanted, (), name, "--value-field")
    others = [column for column in table.header if column != codes]
    if len(others) != 1:
        raise Refused(f"{name} has {len(others)} columns beside the codes: name the one with the figures with --value-field")
    return others[0]


def _amount(text: str, line: int, name: str, places: int) -> int:
    """A figure as a whole number of the smallest unit: 1,234.50, £1,234.50, (1,234.50) and -1234.5 are understood."""
    if "%" in text:
        raise Refused(f"{name}, line {line}: “{text[:30]}” is a percentage. {RATE}")
    found = AMOUNT.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["minus"] and found["inner"]):
        raise Refused(f"{name}, line {line}: “{text[:30]}” is not a number: write it in figures, like 1234.50")
    value = Decimal(re.sub(r"[,\s]", "", found["figures"]))
    negative = bool(found["open"] or found["minus"] or found["inner"])
    if value.adjusted() >= MOST_DIGITS:
        raise Refused(f"{name}, line {line}: “{text[:30]}” is too large to be a figure: correct it")
    units = value.scaleb(places)
    if units != units.to_integral_value():
        to = "to the penny" if places else "in whole numbers"
        raise Refused(f"{name}, line {line}: “{text[:30]}” is finer than can be apportioned: write the figures {to}")
    return -int(units) if negative else int(units)


def plain(found: Apportioned, figures: Figures) -> dict[str, Any]:
    """What was apportioned as the JSON of `flask areas apportion`; amounts as text, exact."""
    head = {key: getattr(found, key) for key in ("from_kind", "to_kind", "by", "method", "base", "base_year", "error_note")}
    parts = (found.placed, found.not_placed, found.flows)
    placed, lacking, flows = ([asdict(one) | {"amount": figures.said(one.amount)} for one in rows] for rows in parts)
    return {
        **head,
        "on": found.on.isoformat(),
        "column": figures.column,
        "total": figures.said(found.total),
        "total_not_placed": figures.said(found.amount_not_placed),
        "placed": placed,
        "not_placed": lacking,
        "flows": flows,
        "notes": [*figures.notes, *found.notes],
    }


def table_of(found: dict[str, Any]) -> tuple[tuple[str, ...], list[Row]]:
    """The table of what was apportioned (as `plain` gives it): each area, then what is not placed, so that it adds up."""
    how = (found["method"], found["base"], found["on"])
    rows: list[Row] = [(one["code"], one["name"], Decimal(one["amount"]), "", *how) for one in found["placed"]]
    rows += [
        ("", f"Not placed: {one['code'] or 'no code'}", Decimal(one["amount"]), one["why"], *how) for one in found["not_placed"]
    ]
    return ("code", "name", found["column"], "why not placed", "method", "base", "as at"), rows


def as_csv(found: dict[str, Any]) -> bytes:
    """The table as CSV."""
    return write_csv(*table_of(found))


def as_xlsx(found: dict[str, Any]) -> bytes:
    """A workbook: the table, what went where, and how it was done."""
    flows = [(one["from_code"], one["to_code"], round(one["share"], 6), Decimal(one["amount"])) for one in found["flows"]]
    how = [
        ("Method", found["method"]),
        ("Base", found["base"]),
        ("Base year", str(found["base_year"] or "")),
        ("As at", short_day(day_written(found["on"]))),
        ("How sure", found["error_note"]),
        ("Total", Decimal(found["total"])),
        ("Of it not placed", Decimal(found["total_not_placed"])),
        *(("Note", note) for note in found["notes"]),
    ]
    return write_xlsx(
        {
            "Apportioned": table_of(found),
            "What went where": (("from", "to", "share of the figure", found["column"]), flows),
            "How it was done": (("What", "Said"), how),
        }
    )
