"""Counts of people in small areas, read from CSV as statistics offices and others publish them; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.geography.fields import GSS
from workflows.refusals import Refused

PEOPLE = (
    "people",
    "population",
    "total_population",
    "total_residents",
    "usual_residents",
    "all_ages",
    "pop",
    "total",
    "residents",
    "persons",
    "count",
    "value",
)
CENSUS_DAYS = {2001: date(2001, 4, 29), 2011: date(2011, 3, 27), 2021: date(2021, 3, 21)}


@dataclass(frozen=True, slots=True)
class Count:
    """People by small-area code, and the columns they were read from."""

    people: dict[str, int]
    code_column: str
    people_column: str


def read_count(
    header: Sequence[str],
    records: Iterator[tuple[int, Mapping[str, str]]],
    name: str,
    *,
    code_field: str | None = None,
    people_field: str | None = None,
) -> Count:
    """The count of a file; Refused naming file and row where a code or a number cannot be understood."""
    rows = list(records)
    if not rows:
        raise Refused("%(name)s has no rows: choose the file with one row for each small area", name=name)
    code = _named(header, code_field, name, "--code-field") or _code_column(header, rows, name)
    people = _named(header, people_field, name, "--people-field") or _people_column(header, rows, code, name)
    counted: dict[str, int] = {}
    for line, row in rows:
        key = row[code].strip()
        if not key:
            raise Refused(
                "%(name)s, line %(line)s: column %(code)s is empty. Correct the row and send the file again",
                name=name,
                line=line,
                code=code,
            )
        if key in counted:
            raise Refused(
                "%(name)s, line %(line)s: %(key)s appears a second time. Leave one row for each small area",
                name=name,
                line=line,
                key=key,
            )
        counted[key] = _whole(row[people], name, line, people)
    return Count(counted, code, people)


def census_day(name: str, header: Sequence[str]) -> date | None:
    """The day a count speaks of, as far as the names of file and columns tell: a census day, or the middle of a
    year."""
    census = re.search(r"census[^0-9]{0,3}((?:19|20)\d\d)", name, re.IGNORECASE)
    if census:
        return CENSUS_DAYS.get(int(census[1]), date(int(census[1]), 6, 30))
    middle = re.search(r"(?:mid[^0-9]{0,3})?((?:19|20)\d\d)", name, re.IGNORECASE)
    if middle:
        return date(int(middle[1]), 6, 30)
    column = re.search(r"(?:lsoa|dz|oa)(01|11|21)", " ".join(header), re.IGNORECASE)
    return CENSUS_DAYS[2000 + int(column[1])] if column else None


def _named(header: Sequence[str], wanted: str | None, name: str, option: str) -> str | None:
    """The column a person named, whatever its capitals."""
    if not wanted:
        return None
    for column in header:
        if column.strip().lower() == wanted.strip().lower():
            return column
    raise Refused(
        "%(name)s has no column '%(wanted)s': name one of %(header)s with %(option)s",
        name=name,
        wanted=wanted,
        header=", ".join(header),
        option=option,
    )


def _code_column(header: Sequence[str], rows: list[tuple[int, Mapping[str, str]]], name: str) -> str:
    """The first column that holds statistical codes, or one called a code."""
    sample = rows[:50]
    for column in header:
        if sum(bool(GSS.fullmatch(row[column].strip())) for _, row in sample) * 2 > len(sample):
            return column
    for column in header:
        if re.search(r"code$|cd$|^lsoa|^geography", column.strip(), re.IGNORECASE):
            return column
    raise Refused(
        "%(name)s has no column of codes that can be recognised: name it with --code-field, one of %(header)s",
        name=name,
        header=", ".join(header),
    )


def _people_column(header: Sequence[str], rows: list[tuple[int, Mapping[str, str]]], code: str, name: str) -> str:
    """The column of people: by its name, or the only one that holds numbers."""
    lowered = {column.strip().lower().replace(" ", "_"): column for column in header}
    for wanted in PEOPLE:
        if wanted in lowered:
            return lowered[wanted]
    numbers = [column for column in header if column != code and all(_is_number(row[column]) for _, row in rows[:50])]
    if len(numbers) == 1:
        return numbers[0]
    raise Refused(
        "%(name)s: which column counts the people? Name it with --people-field, one of %(header)s",
        name=name,
        header=", ".join(header),
    )


def _is_number(text: str) -> bool:
    """Whether a cell reads as a number, with or without thousands."""
    return bool(re.fullmatch(r"\s*\d{1,3}(,\d{3})+(\.0+)?\s*|\s*\d+(\.0+)?\s*", text))


def _whole(text: str, name: str, line: int, column: str) -> int:
    """A cell as a whole number of people: '1954', '1,954' and '1954.0' are the same."""
    if not _is_number(text):
        raise Refused(
            "%(name)s, line %(line)s: '%(text)s' in column %(column)s is not a number of people. Correct the row",
            name=name,
            line=line,
            text=text[:30],
            column=column,
        )
    return int(float(text.replace(",", "")))
