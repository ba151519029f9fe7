"""The codes of a file, each with what became of it by a day: nothing is dropped, and nothing counted twice unsaid."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from scrutiny.areas.models import Area, AreaLineage
from scrutiny.areas.succession import BECAME, HOLDS, UNKNOWN, Resolved, ended_years, resolve_many
from scrutiny.extensions import db
from scrutiny.file_reading.tables import LARGEST_UNPACKED, read_csv
from scrutiny.formats import listed, plural, short_day
from scrutiny.geography.fields import CODES, GSS
from scrutiny.geography.small_areas import WHOLE_2021, census_words, censuses_of, first_census
from workflows.refusals import Refused

# Codes such as E99999999 and S99999999 stand for 'not applicable'; they must never be placed or summed.
PSEUDO = re.compile(r"[A-Z]99999999")
NO_AREA = "no area"
# Wales, the smaller, gave up 72 small areas between 2011 and 2021.
FEWEST_LINKS = 50


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row of the file: its line, its code as it stands there, what it is on the day, and the censuses of a small area."""

    line: int
    code: str
    found: Resolved
    censuses: tuple[int, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The row as the JSON of `flask areas resolve`."""
        parts = [asdict(part) for part in self.found.became]
        row = {"row": self.line, "code": self.code, "name": self.found.name, "standing": self.found.standing}
        return {**row, "became": parts, "censuses": list(self.censuses), "note": self.found.note}


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

    def plain(self) -> dict[str, Any]:
        """The whole as the JSON of `flask areas resolve`."""
        counts = Counter(row.found.standing for row in self.rows)
        return {
            "on": self.on.isoformat(),
            "rows": [row.plain() for row in self.rows],
            "counts": dict(sorted(counts.items())),
            "areas": self.areas,
            "unknown": [{"row": row.line, "code": row.code} for row in self.unknown],
            "notes": list(self.notes),
        }


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
        raise Refused(f"{name} holds no rows: send a file with one code in each row")
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
    lacking = f"no column '{wanted}'" if wanted else "no column called a code"
    raise Refused(f"{name} has {lacking}: name one of {', '.join(header)} with --code-field")


def _empty() -> Resolved:
    """What is said of a cell without a code."""
    return Resolved("", "", UNKNOWN, (), "the cell is empty: write the code")


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
    words = census_words(code, years) + (" unless it was given up since, which no lineage loaded tells" if doubt else "")
    note = "; ".join(filter(None, [words, row.found.note]))
    return replace(row, censuses=tuple(years), found=replace(row.found, note=note))


def _pseudo(row: Mapped) -> Mapped:
    """A row whose code stands for no area at all says so."""
    if row.found.standing != UNKNOWN or not PSEUDO.fullmatch(row.found.code):
        return row
    said = "stands for 'not applicable', and for no area: never place it or add it up"
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
            said.append(f"{these} are one area now, {f'{code} {name}'.strip()}: it is counted once")
    return said


def _census_notes(rows: Sequence[Mapped], on: date) -> list[str]:
    """How many small areas are of which censuses, and how many are not among those loaded for the day."""
    small = [row for row in rows if row.censuses]
    if not small:
        return []
    by_census = Counter(row.censuses for row in small)
    said = [f"{plural(n, 'small area')} of {listed([str(year) for year in years])}" for years, n in sorted(by_census.items())]
    notes = [f"by census: {'; '.join(said)}"] if len(by_census) > 1 else []
    lacking = [row.code for row in small if row.found.standing != HOLDS or "not loaded" in row.found.note]
    if lacking:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        notes.append(
            f"{len(lacking)} of {len(small)} small areas are not among the boundaries loaded that hold on {short_day(on)}: "
            f"{', '.join(lacking[:5])}{more}; none was dropped"
        )
    return notes


def fault_words(found: CodeMap, name: str) -> str:
    """One sentence naming the rows whose code is not known; empty where all are."""
    bad = found.unknown
    if not bad:
        return ""
    said = [f"line {row.line}: {row.code or 'no code'}" for row in bad[:10]]
    more = f" and {len(bad) - 10} more" if len(bad) > 10 else ""
    form = "" if all(GSS.fullmatch(row.found.code) for row in bad) else " (a code is a letter and eight digits)"
    return (
        f"{name}: {plural(len(bad), 'row')} with a code that no boundary and no lineage loaded here knows{form}: "
        f"{'; '.join(said)}{more}. Correct them and send the file again, or load the lineage that tells of them first"
    )
