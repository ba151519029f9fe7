"""Which census a small-area code belongs to, told by its number; pure.

The offices number on: a code below the last of a census was already there, and may have been given up since, which only
lineage can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrutiny.formats import listed

#: letter and form, the office's name of the area, and for each census the last number that it gave
SERIES = (
    ("E01", "English LSOA", ((2001, 32_482), (2011, 33_768), (2021, 35_762))),
    ("W01", "Welsh LSOA", ((2001, 1_896), (2011, 1_958), (2021, 2_040))),
    ("S01", "Scottish data zone", ((2001, 6_505), (2011, 13_481), (2022, 20_873))),
)
#: Scotland numbered its data zones anew for each census; England and Wales kept those that did not change
ANEW = ("S01",)
#: how many small areas there are in 2021, by how their codes begin: with so many loaded, none is missing
WHOLE_2021 = {"E01": 33_755, "W01": 1_917}
OLD_NI = re.compile(r"95[A-Z]{2}\d\d[SW]\d")


def first_census(code: str) -> tuple[str, int] | None:
    """The name of the small area and the census its code was made for; None where it is not a small area's code."""
    if OLD_NI.fullmatch(code):
        return "Northern Ireland super output area", 2001
    if re.fullmatch(r"N20\d{6}", code):
        return "Northern Ireland data zone", 2021
    for start, label, lasts in SERIES:
        if re.fullmatch(start + r"\d{6}", code):
            number = int(code[3:])
            return next(((label, year) for year, last in lasts if 0 < number <= last), None)
    return None


def census_words(code: str, years: Sequence[int] | None = None) -> str:
    """'English LSOA of the censuses of 2001 and 2011'; of the years given, else of all since its own; empty for other
    codes."""
    found = first_census(code)
    if found is None:
        return ""
    years = censuses_of(code) if years is None else years
    return f"{found[0]} of the {'census' if len(years) == 1 else 'censuses'} of {listed([str(year) for year in years])}"


def censuses_of(code: str, *, ended: int | None = None) -> list[int]:
    """The censuses a code is of: from the one it was made for, up to that before `ended`, where it was given up."""
    found = first_census(code)
    if found is None:
        return []
    if OLD_NI.fullmatch(code):
        return [2001, 2011]
    years = (
        [2021]
        if code.startswith("N20")
        else next([year for year, _ in lasts] for start, _, lasts in SERIES if code.startswith(start))
    )
    if code.startswith(ANEW):
        return [found[1]]
    return [year for year in years if year >= found[1] and (ended is None or year < ended)]
