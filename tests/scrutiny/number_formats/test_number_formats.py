"""A number is shown as Excel shows it in the format of its cell."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.number_formats.digits import exact, plain
from scrutiny.number_formats.formats import BUILT_IN, shown

ROOT = Path(__file__).resolve().parents[3]
RIGHT = [
    # the public cases
    (0.1235, "0.0%", "12.4%"),
    (1.260416666666667, "[h]:mm", "30:15"),
    (42, "000000", "000042"),
    (46082, "mmm-yy", "Mar-26"),
    (1 / 3, "0.0", "0.3"),
    (True, "General", "TRUE"),
    (False, "0.00", "FALSE"),
    (2.675, "0.00", "2.68"),
    (0.1 + 0.2, "General", "0.3"),
    (1234567.5, "£#,##0.00", "£1,234,567.50"),
    (0.3784722222222222, "hh:mm", "09:05"),
    (46082, "dd mmm yyyy", "01 Mar 2026"),
    (99999999999, "dd/mm/yyyy", "########"),
    # General: eleven characters
    (1e21, "General", "1E+21"),
    (123456789012, "General", "1.23457E+11"),
    (12345678901, "General", "12345678901"),
    (1234567.891234, "General", "1234567.891"),
    (0.00001, "General", "0.00001"),
    (0.000000123456, "General", "1.23456E-07"),
    (-0.5, "General", "-0.5"),
    (7, 'General" of "', "7 of"),
    # sections, conditions, colours
    (-1200, "#,##0;(#,##0)", "(1,200)"),
    (0, '0;-0;"nil"', "nil"),
    (-3, "[>=0]0;[Red](0)", "(3)"),
    (12, '[<100]"few";0', "few"),
    (1500, '[>=1000000]0.0,,"m";[>=1000]0.0,"k";0', "1.5k"),
    (-385, '[>=1000]#,##0,"k";0', "-385"),
    (-5, "General;-General", "-5"),
    (-0.5, "[Color10]0%;[Red]-0%", "-50%"),
    ("AB12", '0;0;0;"Ref "@', "Ref AB12"),
    ("AB12", "0.00", "AB12"),
    (17, "@", "17"),
    # accounting, literals, languages
    (1234.5, '_-£* #,##0.00_-;-£* #,##0.00_-;_-£* "-"??_-;_-@_-', "£1,234.50"),
    (0, '_-£* #,##0.00_-;-£* #,##0.00_-;_-£* "-"??_-;_-@_-', "£-"),
    (1234.5, "[$€-2] #,##0.00", "€ 1,234.50"),
    (5, "00\\-00", "00-05"),
    (46082, "[$-452]d mmmm yyyy", "1 Mawrth 2026"),
    (46082, "[$-809]dddd", "Sunday"),
    (46082, "[$-F800]dddd, mmmm dd, yyyy", "Sunday, 01 March 2026"),
    (46082.5, "[$-F400]h:mm:ss AM/PM", "12:00:00"),
    # powers of ten and fractions
    (12345, "0.00E+00", "1.23E+04"),
    (0.00012, "0.0E-0", "1.2E-4"),
    (12345, "##0.0E+0", "12.3E+3"),
    (999999, "0.0E+0", "1.0E+6"),
    (1.5, "# ?/?", "1 1/2"),
    (0.3, "# ?/?", "2/7"),
    (3.14159, "??/??", "22/7"),
    (2.25, "# ?/8", "2 2/8"),
    (4, "# ??/??", "4"),
    # days and times
    (1, "dd/mm/yyyy", "01/01/1900"),
    (60, "dd/mm/yyyy", "29/02/1900"),
    (61, "dd/mm/yyyy", "01/03/1900"),
    (0, "dd/mm/yyyy", "00/01/1900"),
    (46082, "DD-MMM-YYYY", "01-Mar-2026"),
    (46082, "mmmmm", "M"),
    (0.75, "h:mm AM/PM", "6:00 PM"),
    (0.0, "h:mm A/P", "12:00 A"),
    (0.52, "mm:ss", "28:48"),
    (1.5, "[mm]:ss", "2160:00"),
    (0.000011574, "ss.000", "01.000"),
    (0.999999, "hh:mm:ss", "00:00:00"),
    (-1, "dd/mm/yyyy", "########"),
    (46082.52, "dd/mm/yyyy hh:mm", "01/03/2026 12:28"),
    # formats that nobody can read show as they can
    (0.753, "#.##", ".75"),
    (3, "", "3"),
    (3, "0" * 5000, "3"),
]


@pytest.mark.parametrize(("value", "code", "right"), RIGHT, ids=lambda part: str(part)[:30])
def test_a_value_is_shown_as_excel_shows_it(value: str | float, code: str, right: str) -> None:
    assert shown(value, code) == right


def test_days_may_be_counted_from_1904() -> None:
    assert shown(44620, "dd/mm/yyyy", since_1904=True) == shown(46082, "dd/mm/yyyy") == "01/03/2026"
    assert shown(0, "dd/mm/yyyy", since_1904=True) == "01/01/1904"


@given(st.integers(61, 2_958_465))
def test_every_day_from_march_1900_is_its_own(number: int) -> None:
    there = date(1899, 12, 30) + timedelta(number)
    assert shown(number, "yyyy-mm-dd") == f"{there.year:04}-{there:%m-%d}"
    assert shown(number, "dddd d mmmm") == f"{there:%A} {there.day} {there:%B}"


@given(st.decimals(-(10**9), 10**9, places=5, allow_nan=False), st.integers(0, 6))
def test_decimals_are_rounded_half_away_from_zero_and_grouped(number: Decimal, places: int) -> None:
    rounded = exact(float(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    code = "#,##0" + ("." + "0" * places if places else "")
    expected = f"{abs(rounded):,}"
    assert shown(float(number), code) == ("-" if number < 0 else "") + expected
    assert shown(float(number), f'{code};"less "{code}') == ("less " if number < 0 else "") + expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_plain_figures_is_the_same_number_to_fifteen_digits(number: float) -> None:
    assert Decimal(plain(number)) == exact(number) or (abs(number) > 1e21 or abs(number) < 1e-10)
    assert len(shown(number, "General").lstrip("-")) <= (11 if 1e-99 < abs(number) < 9e99 else 12)


@given(st.text(max_size=30), st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=10), st.booleans()))
def test_no_format_at_all_breaks_the_reader(code: str, value: str | float | bool) -> None:
    assert isinstance(shown(value, code), str)


# --- against SheetJS's own formatter, where node and it are there --------------------------------------------------------

SSF = ROOT / "node_modules" / "ssf" / "ssf.js"
TOLD = (
    "const s=require(process.argv[1]);const p=JSON.parse(require('fs').readFileSync(0));"
    "console.log(JSON.stringify(p.map(([c,v])=>s.format(c,v))))"
)
CODES = (
    r"""
0|0.0|0.00|0.000|#,##0|#,##0.00|0.0#|000000|0000|00\-00\-00|0%|0.0%|0.00%|"£"#,##0.00;[Red]-"£"#,##0.00|#,##0;(#,##0)
#,##0.00_);(#,##0.00)|#,##0.00;-#,##0.00;"nil"|0;-0;"-"|0.00E+00|0.0E+0|# ?/?|# ??/??|?/?|General|#,##0,|#,##0.0,"k"
[<0]"minus "0;0|0" days"|"about "0|0.0" %"|dd/mm/yyyy|d/m/yy|d mmm yyyy|dd mmmm yyyy|dddd d mmmm yyyy|ddd|mmm-yy|mmmm|mmmmm
yyyy-mm-dd|yyyy-mm-dd hh:mm|dd/mm/yyyy hh:mm:ss|h:mm|hh:mm:ss|h:mm AM/PM|hh:mm:ss AM/PM|[h]:mm|[hh]:mm:ss|mm:ss.0|hh:mm:ss.000
DD-MMM-YYYY|[$-809]dd mmmm yyyy|[$£-809]#,##0.00|[$€-2] #,##0.00|@|0;0;0;"Ref "@|#,##0.00\ "GBP"|0.00;@|$#,##0.00|(0.0)
+0.0;-0.0;0.0""".strip()
    .replace("\n", "|")
    .split("|")
)


def is_a_tie(value: float, code: str) -> bool:
    """Whether binary arithmetic, which the other formatter rounds by, may fall to the other side of a half than Excel."""
    figures = plain(abs(value)).partition(".")[2]
    return bool(re.search(r"49{5,}|50{5,}|5$", figures)) or ("," in code and float(value) != int(value))


def a_value(chance: random.Random, code: str) -> str | float:
    """A value such as people keep: whole numbers, sums of money, shares, days and times, texts."""
    if re.search("[ymdhs]", re.sub(r'"[^"]*"|\[\$[^]]*\]', "", code), re.IGNORECASE) and "General" not in code:
        return chance.randrange(61, 80_000) + chance.choice([0, 0, chance.randrange(86_400) / 86_400])
    kind = chance.randrange(5)
    if kind == 0:
        return chance.choice(["text", "Môn & co", " spaced"])
    if kind == 1:
        return chance.randrange(-100_000, 10_000_000)
    return round(chance.uniform(-1, 1) * 10 ** chance.randrange(1, 7), chance.randrange(0, 5)) or 1


def test_two_hundred_sheets_are_shown_as_another_formatter_shows_them() -> None:
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    if node is None or not SSF.exists():
        pytest.skip("node and its ssf are not here: npm ci")
    chance = random.Random(11)
    pairs = [(code, a_value(chance, code)) for _ in range(200) for code in CODES]
    pairs = [(code, value) for code, value in pairs if isinstance(value, str) or not is_a_tie(value, code)]
    assert len(pairs) > 8000
    told = subprocess.run([node, "-e", TOLD, str(SSF)], input=json.dumps(pairs), text=True, capture_output=True, check=True)
    for (code, value), other in zip(pairs, json.loads(told.stdout), strict=True):
        said = " ".join(other.split()) if not isinstance(value, str) else other
        assert shown(value, code) == said or _is_negative_nought(value, shown(value, code)), (code, value)


def _is_negative_nought(value: str | float, said: str) -> bool:
    """Excel shows -0.0 for what is less than nothing and rounds to nothing; the other formatter leaves the sign out at times."""
    return isinstance(value, float) and value < 0 and not re.search("[1-9]", said)


def test_formats_that_a_workbook_names_by_number_are_british() -> None:
    assert shown(46082, BUILT_IN[14]) == "01/03/2026"
    assert shown(46082.5, BUILT_IN[22]) == "01/03/2026 12:00"
    assert shown(-5, BUILT_IN[5]) == "-£5"
