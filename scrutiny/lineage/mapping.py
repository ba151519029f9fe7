"""The codes of a file, each with what became of it by a day: nothing is dropped, and nothing counted twice unsaid."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from scrutiny.areas.models import Area, AreaLineage
from scrutiny.areas.succession import BECAME, HOLDS, UNKNOWN, Part, Resolved, ended_years, resolve_many
from scrutiny.extensions import db
from scrutiny.file_reading.decoding import LARGEST_UNPACKED
from scrutiny.file_reading.tables import read_csv
from scrutiny.formats import listed, number, plural, short_day
from scrutiny.geography.fields import CODES, GSS
from scrutiny.geography.small_areas import WHOLE_2021, census_words, censuses_of, first_census
from workflows.refusals import Refused

# Codes such as E99999999 and S99999999 stand for 'not applicable'; they must never be placed or summed.
PSEUDO = re.compile(r"[A-Z]99999999")
NO_AREA = "no area"
# Wales, the smaller, gave up 72 small areas between 2011 and 2021.
FEWEST_LINKS = 50


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """One row in the JSON of `flask areas resolve`: its line, its code as it stands there, and what became of it."""

    row: int
    code: str
    name: str
    standing: str
    became: tuple[Part, ...]
    censuses: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that nothing loaded knows, with its line."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """The JSON of `flask areas resolve`; `counts` says how many rows have each standing, `areas` how many areas they come to."""

    on: date
    rows: tuple[ResolvedRow, ...]
    counts: Mapping[str, int]
    areas: int
    unknown: tuple[UnknownCode, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row of the file: its line, its code as it stands there, what it is on the day, and the censuses of a small area."""

    line: int
    code: str
    found: Resolved
    censuses: tuple[int, ...] = ()

    def resolved(self) -> ResolvedRow:
        """The row as `flask areas resolve` says it."""
        found = self.found
        return ResolvedRow(self.line, self.code, found.name, found.standing, found.became, self.censuses, found.note)


@dataclass(frozen=True, slots=True)
class CodeMap:
    """Every row of a file with what became of its code; `areas` counts the areas they are, each once."""

    on: date
    rows: tuple[Mapped, ...]
    notes: tuple[str, ...]

    @property
    def areas(self) -> int:
        """How many areas the codes come to."""
        return len({part.code for row in self.rows for part in row.found.became})

    @property
    def unknown(self) -> list[Mapped]:
        """The rows whose code nothing loaded here knows."""
        return [row for row in self.rows if row.found.standing == UNKNOWN]

    def resolved(self) -> ResolvedFile:
        """The whole as `flask areas resolve` says it."""
        counts = Counter(row.found.standing for row in self.rows)
        unknown = tuple(UnknownCode(row.line, row.code) for row in self.unknown)
        rows = tuple(row.resolved() for row in self.rows)
        return ResolvedFile(self.on, rows, dict(sorted(counts.items())), self.areas, unknown, self.notes)


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of a file as (line, code), and notes on what had to be understood to read it."""

    cells: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


def read_codes(
    content: bytes, name: str, *, code_field: str | None, most: int = LARGEST_UNPACKED, most_rows: int | None = None
) -> CodeList:
    """The codes of a CSV; Refused where it has no such column, or holds more than `most` bytes or `most_rows` rows."""
    table = read_csv(content, most=most, most_rows=most_rows)
    column = _column(table.header, code_field, name)
    cells = tuple((line, row[column]) for line, row in table.records())
    if not cells:
        raise Refused(gettext("%(name)s has no rows: send a file with one code in each row", name=name))
    return CodeList(cells, table.notes)


def map_list(codes: CodeList, on: date) -> CodeMap:
    """What became of every code of a list by a day."""
    found = resolve_many({code for _, code in codes.cells if code}, on)
    rows = _with_censuses([Mapped(line, code, found[code] if code else _empty()) for line, code in codes.cells])
    notes = [*codes.notes, *_same_area(rows), *_census_notes(rows, on)]
    return CodeMap(on, tuple(rows), tuple(notes))


def map_codes(file: Path, *, code_field: str | None, on: date) -> CodeMap:
    """What became of every code of a CSV by a day; Refused where it has no such column."""
    return map_list(read_codes(file.read_bytes(), file.name, code_field=code_field), on)


def _column(header: Sequence[str], wanted: str | None, name: str) -> str:
    """The column of codes: as named, else one that is called a code."""
    lowered = {column.strip().lower(): column for column in reversed(header)}
    for one in [wanted.strip().lower()] if wanted else CODES:
        if one in lowered:
            return lowered[one]
    lacking = gettext("no column '%(wanted)s'", wanted=wanted) if wanted else gettext("no column called a code")
    raise Refused(
        gettext(
            "%(name)s has %(lacking)s: name one of %(header)s with --code-field",
            name=name,
            lacking=lacking,
            header=", ".join(header),
        )
    )


def _empty() -> Resolved:
    """What is said of a cell without a code."""
    return Resolved("", "", UNKNOWN, (), gettext("the cell is empty: write the code"))


def _with_censuses(rows: Sequence[Mapped]) -> list[Mapped]:
    """The rows, small areas with the censuses that their codes are of."""
    small = {row.found.code for row in rows if first_census(row.found.code)}
    known = _Known(small) if small else None
    return [_with_census(row, known) if known and row.found.code in small else _pseudo(row) for row in rows]


class _Known:
    """What tells which small areas were given up: lineage, or every area of 2021 loaded."""

    def __init__(self, codes: set[str]) -> None:
        self.ended = ended_years(codes)
        self.by_lineage = _starts_with_lineage()
        self.whole = _starts_whole_in_2021()
        self.held = _years_held(codes)


def _with_census(row: Mapped, known: _Known) -> Mapped:
    """One small area with its censuses: those its number tells, up to the one by which it was given up."""
    code, start = row.found.code, row.found.code[:3]
    ended = known.ended.get(code)
    if ended is None and start in known.whole and 2021 not in known.held[code]:
        ended = 2021
    years = censuses_of(code, ended=ended)
    told = ended is not None or start in known.by_lineage | known.whole or max(years) in known.held[code]
    doubt = start in WHOLE_2021 and len(years) > 1 and not told
    words = census_words(code, years) + (gettext(" unless it was given up since, which no lineage loaded tells") if doubt else "")
    note = "; ".join(filter(None, [words, row.found.note]))
    return replace(row, censuses=tuple(years), found=replace(row.found, note=note))


def _pseudo(row: Mapped) -> Mapped:
    """A row whose code stands for no area at all says so."""
    if row.found.standing != UNKNOWN or not PSEUDO.fullmatch(row.found.code):
        return row
    said = gettext("means 'not applicable', and is not an area: never place it or add it up")
    return replace(row, found=replace(row.found, standing=NO_AREA, note=said))


def _starts_with_lineage() -> set[str]:
    """The beginnings of small-area codes whose lineage is loaded; a handful of links is not the lineage of a country."""
    start = func.substr(AreaLineage.old_code, 1, 3)
    links = select(start).where(start.in_(WHOLE_2021)).group_by(start).having(func.count() >= FEWEST_LINKS).order_by(start)
    return set(db.session.scalars(links))


def _starts_whole_in_2021() -> set[str]:
    """The beginnings of small-area codes of which every area of 2021 is loaded."""
    found = set()
    for start, whole in WHOLE_2021.items():
        rows = select(func.count()).where(
            Area.code.startswith(start), Area.from_on >= date(2021, 1, 1), Area.from_on < date(2022, 1, 1)
        )
        if (db.session.scalar(rows) or 0) >= whole:
            found.add(start)
    return found


def _years_held(codes: set[str]) -> Mapping[str, set[int]]:
    """The years from which boundaries of these codes are loaded."""
    found: dict[str, set[int]] = defaultdict(set)
    chosen = sorted(codes)
    for start in range(0, len(chosen), 500):
        rows = select(Area.code, Area.from_on).where(Area.code.in_(chosen[start : start + 500])).order_by(Area.code, Area.from_on)
        for code, from_on in db.session.execute(rows):
            found[code].add(from_on.year)
    return found


def _same_area(rows: Sequence[Mapped]) -> list[str]:
    """Different codes of the file that are one area now, so that nobody counts it twice."""
    whole = [row for row in rows if len(row.found.became) == 1 and row.found.standing in (HOLDS, BECAME)]
    held: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in whole:
        part = row.found.became[0]
        held[part.code, part.name].setdefault(row.found.code, row.line)
    said = []
    for (code, name), olds in held.items():
        if len(olds) > 1:
            these = listed([f"{one} (line {line})" for one, line in olds.items()])
            said.append(
                gettext("%(these)s are one area now, %(code)s: it is counted once", these=these, code=f"{code} {name}".strip())
            )
    return said


def _census_notes(rows: Sequence[Mapped], on: date) -> list[str]:
    """How many small areas are of which censuses, and how many are not among those loaded for the day."""
    small = [row for row in rows if row.censuses]
    if not small:
        return []
    by_census = Counter(row.censuses for row in small)
    said = [f"{plural(n, 'small area')} of {listed([str(year) for year in years])}" for years, n in sorted(by_census.items())]
    notes = [gettext("by census: %(said)s", said="; ".join(said))] if len(by_census) > 1 else []
    lacking = [row.code for row in small if row.found.standing != HOLDS or "not loaded" in row.found.note]
    if lacking:
        more = gettext(" and %(n)s more", n=len(lacking) - 5) if len(lacking) > 5 else ""
        notes.append(
            gettext(
                "%(n)s of %(n2)s small areas are not among the boundaries loaded that hold on %(on)s: %(lacking)s%(more)s; "
                "none was dropped",
                n=len(lacking),
                n2=len(small),
                on=short_day(on),
                lacking=", ".join(lacking[:5]),
                more=more,
            )
        )
    return notes


def fault_words(found: CodeMap, name: str) -> str:
    """One sentence naming the rows whose code is not known; empty where all are."""
    bad = found.unknown
    if not bad:
        return ""
    said = [gettext("line %(line)s: %(code)s", line=row.line, code=row.code or gettext("no code")) for row in bad[:10]]
    more = gettext(" and %(n)s more", n=len(bad) - 10) if len(bad) > 10 else ""
    form = "" if all(GSS.fullmatch(row.found.code) for row in bad) else gettext(" (a code is a letter and eight digits)")
    return ngettext(
        "%(name)s: %(n)s row with a code that no boundary and no lineage loaded here knows%(form)s: "
        "%(said)s%(more)s. Correct them and send the file again, or load the lineage that tells of them first",
        "%(name)s: %(n)s rows with a code that no boundary and no lineage loaded here knows%(form)s: "
        "%(said)s%(more)s. Correct them and send the file again, or load the lineage that tells of them first",
        len(bad),
        name=name,
        n=number(len(bad)),
        form=form,
        said="; ".join(said),
        more=more,
    )
