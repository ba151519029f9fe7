"""The real and messy files of SHARED_DATA: each total is the sum of the file's own amounts, each odd row as its README asks."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from scrutiny.spend_files.reading import read_spend_file
from scrutiny.spend_files.records import Reading, SpendFile, Warned, Why
from scrutiny.spend_files.words import pounds, remark_words
from tests.scrutiny.spend_files.own_sums import own_sum
from workflows.refusals import Refused

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
REAL, MESSY = SHARED / "real" / "spend", SHARED / "messy"
TODAY = date(2026, 11, 30)
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"there is no {REAL}: set SHARED_DATA to the folder of real and messy files"),
]


def read(path: Path) -> SpendFile:
    """A file with the columns proposed."""
    with path.open("rb") as file:
        return read_spend_file(file, Reading(), TODAY)


def messy(number: int) -> SpendFile:
    """The messy file of a number."""
    return read(next(MESSY.glob(f"m{number}_*")))


def test_each_real_file_is_loaded_to_the_penny() -> None:
    """One line each: rows, loaded, skipped, pounds, and whether that is the file's own sum."""
    told, wrong = [], []
    for path in sorted(REAL.glob("*.csv*")):
        found = read(path)
        rows, pence = own_sum(path)
        is_equal = (len(found.payments), found.pence) == (rows, pence)
        wrong += [] if is_equal else [path.name]
        told.append(
            f"{path.name:32} {found.rows:7,} {len(found.payments):7,} {len(found.skipped):4} {pounds(found.pence):>18} {is_equal}"
        )
    print("file, rows, loaded, skipped, pounds, equal", *told, sep="\n")
    assert len(told) >= 19
    assert wrong == []


def test_encodings_and_lost_dates_of_real_files() -> None:
    """m30 to m37 as their README asks."""
    assert any("Concert Band" in one.purpose and "–" in one.purpose for one in messy(30).payments)
    manchester = messy(31)
    assert (manchester.header[0], manchester.payments[0].pence) == ("Body Name", -250_000)
    assert manchester.payments[0].supplier == "Redacted Personal Information"
    lost = next(one for one in messy(32).remarks if one.kind is Warned.LOST_DATES)
    assert (lost.count, {one.on for one in messy(32).payments}) == (24, {None})
    assert messy(34).payments[0].on == date(2022, 5, 4)
    assert [(one.row, one.why) for one in messy(35).skipped] == [(12, Why.TOTAL), (13, Why.NOTE)]
    with pytest.raises(Refused, match="empty"):
        messy(37)


def test_every_sort_of_amount() -> None:
    """m38: certain amounts, no amounts, and what is not guessed."""
    found = messy(38)
    loaded = {int(one.transaction): one.pence for one in found.payments}
    assert loaded == {
        1: 123_456,
        2: -123_456,
        3: -50_000,
        4: -2_000,
        9: 10_000_000,
        10: 50_000,
        11: -75_000,
        13: 161_623,
        14: -25_000,
    }
    assert [(one.row - 1, one.why) for one in found.skipped] == [
        (5, Why.AMBIGUOUS_AMOUNT),
        (6, Why.NO_AMOUNT),
        (7, Why.NO_AMOUNT),
        (8, Why.SHEET_ERROR),
        (12, Why.AMBIGUOUS_AMOUNT),
    ]


def test_every_sort_of_date() -> None:
    """m39: the third of April, one in the order of the United States, two that never were, two not plausible."""
    found = messy(39)
    days = {int(one.transaction): one.on for one in found.payments}
    assert {number for number, day in days.items() if day == date(2024, 4, 3)} == {1, 2, 3, 4, 7, 8, 9}
    assert days[5] == date(2024, 4, 13)
    said = {one.kind: one.rows for one in found.remarks}
    assert (said[Warned.OTHER_ORDER], said[Warned.IMPLAUSIBLE_DATES]) == ((6,), (12, 13))
    assert [(one.row - 1, one.why) for one in found.skipped] == [(6, Why.NO_SUCH_DAY), (10, Why.NO_SUCH_DAY)]


def test_headers_preambles_and_other_kinds_of_file() -> None:
    """m40 to m59."""
    with pytest.raises(Refused, match="No header row was recognised"):
        messy(40)
    assert (messy(41).header_row, len(messy(41).payments), messy(41).pence, messy(41).agrees) == (4, 2, 130_000, True)
    assert [one.supplier for one in messy(43).payments] == ["Café Ltd"]
    assert (messy(44).pence, len(messy(44).payments)) == (60_000, 1)
    assert [one.supplier[:1] for one in messy(46).payments] == ["=", "+", "@", "-"]
    assert ([one.pence for one in messy(47).payments], messy(47).delimiter) == ([60_000, 170_050], ";")
    assert any(one.kind is Warned.DECIMAL_COMMA for one in messy(47).remarks)
    twice = messy(49)
    assert (twice.duplicates, twice.pence, twice.pence_without_duplicates) == (2, 240_000, 120_000)
    assert messy(50).bodies[0][0] == "Leeds City Council"
    assert [one.supplier for one in messy(57).payments] == ["AB Ltd"]
    assert any("NUL" in str(remark_words(one)) for one in messy(57).remarks)
    assert messy(59).pence == 60_000
