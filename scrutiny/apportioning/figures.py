"""Tables of figures by code, in and out: read in the smallest unit (pence, or whole numbers), apportioned, written."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from scrutiny.apportioning.apportion import RATE, Apportioned
from scrutiny.file_reading.decoding import LARGEST_UNPACKED
from scrutiny.file_reading.tables import CsvTable, Row, read_csv, write_csv, write_xlsx
from scrutiny.formats import short_day
from scrutiny.geography.fields import CODES, GSS
from workflows.refusals import Refused

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


@dataclass(frozen=True, slots=True)
class FiguresColumn:
    """Where the figures of a table stand, and in which unit: a column not named is the one that can be told.

    `places` is 2 for money to the penny and 0 for whole numbers; `amounts` says that they can be added up, whatever the
    column is called.
    """

    value_field: str | None = None
    code_field: str | None = None
    places: int = 2
    amounts: bool = False


#: Money to the penny, in the only column beside the codes.
MONEY = FiguresColumn()


def read_figures(content: bytes, name: str, column: FiguresColumn = MONEY, *, most: int = LARGEST_UNPACKED) -> Figures:
    """The figures of a CSV by code, a code that stands twice added up; Refused naming column or line.

    A column whose name says rate is Refused, unless its figures can be added up. So is a file that unpacks to more than
    `most` bytes.
    """
    places = column.places
    table = read_csv(content, most=most, most_rows=most // SHORTEST_ROW)
    codes = _column(table, column.code_field, (*CODES, *_looking_like_codes(table)), name, "--code-field")
    values = _values_column(table, column.value_field, codes, name)
    if not column.amounts and says_rate(values):
        raise Refused(
            gettext("%(name)s: the column “%(values)s” looks like a rate. %(rate)s", name=name, values=values[:60], rate=RATE)
        )
    found: dict[str, int] = {}
    lines: dict[str, list[int]] = {}
    empty, kept_back = [], []
    for line, row in table.records():
        code, text = row[codes].strip().upper(), row[values].strip()
        if not text:
            empty.append(line)
            continue
        if KEPT_BACK.fullmatch(text):
            kept_back.append(gettext("line %(line)s, “%(text)s”", line=line, text=text[:30]))
            continue
        found[code] = found.get(code, 0) + amount_of(text, line, name, places)
        lines.setdefault(code, []).append(line)
    if not found:
        raise Refused(gettext("%(name)s has no figures in the column “%(values)s”", name=name, values=values[:60]))
    notes = [*table.notes]
    often = [code for code, held in lines.items() if len(held) > 1]
    if often:
        notes.append(
            gettext(
                "%(n)s codes appear more than once and were added up (the first: %(first)s)",
                n=f"{len(often):,}",
                first=often[0] or gettext("no code"),
            )
        )
    if empty:
        notes.append(
            gettext(
                "%(n)s rows without a figure were passed over (the first: line %(empty)s)", n=f"{len(empty):,}", empty=empty[0]
            )
        )
    if kept_back:
        notes.append(
            gettext(
                "%(n)s figures are kept back and are in no total (the first: %(kept_back)s)",
                n=f"{len(kept_back):,}",
                kept_back=kept_back[0],
            )
        )
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
    lacking = gettext("no column “%(wanted)s”", wanted=wanted[:60]) if wanted else gettext("no column called a code")
    raise Refused(
        gettext(
            "%(name)s has %(lacking)s: name one of %(header)s with %(option)s",
            name=name,
            lacking=lacking,
            header=", ".join(one[:40] for one in table.header[:12]),
            option=option,
        )
    )


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
        raise Refused(
            gettext(
                "%(name)s has %(n)s columns beside the codes: name the one with the figures with --value-field",
                name=name,
                n=len(others),
            )
        )
    return others[0]


def amount_of(text: str, line: int, name: str, places: int) -> int:
    """A figure as a whole number of the smallest unit: 1,234.50, £1,234.50, (1,234.50) and -1234.5 are understood."""
    if "%" in text:
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: “%(text)s” is a percentage. %(rate)s", name=name, line=line, text=text[:30], rate=RATE
            )
        )
    found = AMOUNT.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["minus"] and found["inner"]):
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: “%(text)s” is not a number: write it in figures, like 1234.50",
                name=name,
                line=line,
                text=text[:30],
            )
        )
    value = Decimal(re.sub(r"[,\s]", "", found["figures"]))
    negative = bool(found["open"] or found["minus"] or found["inner"])
    if value.adjusted() >= MOST_DIGITS:
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: “%(text)s” is too large to be a figure: correct it",
                name=name,
                line=line,
                text=text[:30],
            )
        )
    units = value.scaleb(places)
    if units != units.to_integral_value():
        to = gettext("to the penny") if places else gettext("in whole numbers")
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: “%(text)s” is finer than can be apportioned: write the figures %(to)s",
                name=name,
                line=line,
                text=text[:30],
                to=to,
            )
        )
    return -int(units) if negative else int(units)


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """What one area is given altogether, as a decimal."""

    code: str
    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class FigureNotPlaced:
    """What of a source could not be placed, as a decimal, and why."""

    code: str
    amount: str
    why: str


@dataclass(frozen=True, slots=True)
class FigureMoved:
    """What one source gives to one area: its share of the source (0..1), and the amount as a decimal."""

    from_code: str
    to_code: str
    share: float
    amount: str


@dataclass(frozen=True, slots=True)
class ApportionedFigures:
    """Figures apportioned, as `flask areas apportion --json` says and a row keeps them; amounts are exact decimals in text."""

    from_kind: str
    to_kind: str
    by: str
    method: str
    base: str
    base_year: int | None
    error_note: str
    on: date
    column: str
    total: str
    total_not_placed: str
    placed: tuple[GivenFigure, ...]
    not_placed: tuple[FigureNotPlaced, ...]
    flows: tuple[FigureMoved, ...]
    notes: tuple[str, ...]


def figures_of(found: Apportioned, figures: Figures) -> ApportionedFigures:
    """What was apportioned, in the unit of the table it came from."""
    said = figures.said
    return ApportionedFigures(
        from_kind=found.from_kind,
        to_kind=found.to_kind,
        by=found.by,
        method=found.method,
        base=found.base,
        base_year=found.base_year,
        error_note=found.error_note,
        on=found.on,
        column=figures.column,
        total=said(found.total),
        total_not_placed=said(found.amount_not_placed),
        placed=tuple(GivenFigure(one.code, one.name, said(one.amount)) for one in found.placed),
        not_placed=tuple(FigureNotPlaced(one.code, said(one.amount), one.why) for one in found.not_placed),
        flows=tuple(FigureMoved(one.from_code, one.to_code, one.share, said(one.amount)) for one in found.flows),
        notes=(*figures.notes, *found.notes),
    )


def table_of(found: ApportionedFigures) -> tuple[tuple[str, ...], list[Row]]:
    """The table of what was apportioned: each area, then what is not placed, so that it adds up."""
    how = (found.method, found.base, found.on.isoformat())
    rows: list[Row] = [(one.code, one.name, Decimal(one.amount), "", *how) for one in found.placed]
    rows += [("", f"Not placed: {one.code or 'no code'}", Decimal(one.amount), one.why, *how) for one in found.not_placed]
    return ("code", "name", found.column, "why not placed", "method", "base", "as at"), rows


def as_csv(found: ApportionedFigures) -> bytes:
    """The table as CSV."""
    return write_csv(*table_of(found))


def as_xlsx(found: ApportionedFigures) -> bytes:
    """A workbook: the table, what went where, and how it was done."""
    flows = [(one.from_code, one.to_code, round(one.share, 6), Decimal(one.amount)) for one in found.flows]
    how: list[Row] = [
        ("Method", found.method),
        ("Base", found.base),
        ("Base year", str(found.base_year or "")),
        ("As at", short_day(found.on)),
        ("How sure", found.error_note),
        ("Total", Decimal(found.total)),
        ("Of it not placed", Decimal(found.total_not_placed)),
        *(("Note", note) for note in found.notes),
    ]
    return write_xlsx(
        {
            "Apportioned": table_of(found),
            "What went where": (("from", "to", "share of the figure", found.column), flows),
            "How it was done": (("What", "Said"), how),
        }
    )
