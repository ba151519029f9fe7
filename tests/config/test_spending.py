"""The classes of public spending, the councils' service divisions, and the price levels."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from workflows.refusals import Refused
from workflows.spending import check_classes, check_deflators, check_divisions, read_classes, read_deflators, read_divisions

CONFIG = Path(__file__).parents[2] / "config"
TEXTS = {name: (CONFIG / f"{name}.toml").read_text(encoding="utf-8") for name in ("cofog", "service_divisions", "deflators")}
CLASSES = read_classes(TEXTS["cofog"], "cofog.toml")


def test_the_files_shipped_have_no_faults() -> None:
    assert check_classes(TEXTS["cofog"], "cofog.toml") == ()
    assert check_divisions(TEXTS["service_divisions"], "service_divisions.toml", CLASSES) == ()
    assert check_deflators(TEXTS["deflators"], "deflators.toml") == ()


def test_cofog_has_its_ten_divisions_and_the_number_of_groups_each_has() -> None:
    groups = {key: sum(one.division == key != one.key for one in CLASSES.values()) for key in CLASSES if len(key) == 2}
    assert groups == {"01": 8, "02": 5, "03": 6, "04": 9, "05": 6, "06": 6, "07": 6, "08": 6, "09": 8, "10": 9}


def test_every_service_division_is_counted_under_a_class_there_is() -> None:
    divisions = read_divisions(TEXTS["service_divisions"], "service_divisions.toml")
    assert len(divisions) == 13
    assert {one.cofog for one in divisions.values()} <= CLASSES.keys()
    assert divisions["adult-social-care"].cofog == "10.2"


def test_levels_nobody_has_checked_are_not_official_and_say_so() -> None:
    series = read_deflators(TEXTS["deflators"], "deflators.toml")
    assert not series.is_official
    assert "not verified" in series.title
    assert series.levels[2024] == 100
    assert series.as_at > date(2026, 1, 1)


def test_real_terms_and_a_year_without_a_level() -> None:
    text = 'title = "Invented"\nas_at = 2026-01-01\nsource = "x"\nconfidence = "official"\n'
    levels = '[[levels]]\nyear = 2023\nlevel = "96"\n[[levels]]\nyear = 2024\nlevel = "100.0"\n'
    series = read_deflators(text + levels, "deflators.toml")
    assert series.real(9600, 2023, 2024) == 10000
    assert series.real(-9600, 2023, 2024) == -10000
    assert series.levels[2023] == Fraction(96)
    for years in ((2019, 2024), (2024, 2019)):
        with pytest.raises(Refused) as refused:
            series.real(100, *years)
        assert refused.value.sentence == "Real terms are not shown: Invented has no figure for 2019 to 2020"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("cofog", 'key = "09.1"', 'key = "09.12"', "write two digits, or two digits, a full stop and one"),
        ("cofog", 'key = "09.1"', 'key = "09"', "key '09' is used twice"),
        ("cofog", 'key = "09"\n', 'key = "11"\n', "the division 09 of 09.1 does not stand before it"),
        ("service_divisions", 'cofog = "10.2"', 'cofog = "10.22"', "'10.22', which is not known here; write 10.2"),
        ("deflators", 'level = "100.0"', 'level = "-1"', "write a number above 0"),
        ("deflators", "year = 2024", "year = 2023", "year '2023' is used twice"),
        ("deflators", "as_at = 2026-11-30\n", "", "as_at is missing"),
    ],
)
def test_a_slip_is_named_with_its_line_and_remedy(file: str, old: str, new: str, said: str) -> None:
    text = TEXTS[file].replace(old, new, 1)
    assert text != TEXTS[file]
    check = {
        "cofog": check_classes,
        "service_divisions": lambda text, name: check_divisions(text, name, CLASSES),
        "deflators": check_deflators,
    }[file]
    sentences = [fault.sentence for fault in check(text, f"{file}.toml")]
    assert any(said in sentence and re.search(rf"{file}.toml, line \d+", sentence) for sentence in sentences), sentences
