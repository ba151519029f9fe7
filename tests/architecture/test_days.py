"""Days in records are London days: nobody takes the day of a moment by its own clock, which is UTC."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where a moment becomes a day, in London.
HOME = ROOT / "scrutiny" / "formats.py"


def days_taken(source: str) -> Iterator[int]:
    """The lines on which `.date()` is called on anything."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date" and not node.args:
            yield node.lineno


def test_no_day_is_taken_of_a_moment_but_by_london_day() -> None:
    """Between midnight and one in summer the UTC day is the day before."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "scrutiny").rglob("*.py"))
        if path != HOME
        for line in days_taken(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_page_takes_the_day_of_a_moment_by_itself() -> None:
    """Pages have the filters `moment`, `month` and `day`."""
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if "_at.strftime(" in (text := path.read_text(encoding="utf-8")) or "_at.date(" in text
    ]
    assert found == []


def test_the_reader_of_this_test_sees_a_day_that_is_taken() -> None:
    assert list(days_taken("x = signed_at.date()\ny = date(2026, 1, 1)\nz = func.date(column)")) == [1]
