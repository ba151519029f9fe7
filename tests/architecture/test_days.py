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


def other_readers(source: str) -> Iterator[int]:
    """The lines on which a text is read as a day otherwise than by the one reader, which takes 2026-11-27 alone."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            of_date = isinstance(node.value, ast.Name) and node.value.id == "date" and node.attr == "fromisoformat"
            if of_date or node.attr in ("strptime", "fromisocalendar", "isocalendar"):
                yield node.lineno
            if isinstance(node.value, ast.Name) and (node.value.id, node.attr) == ("fields", "Date"):
                yield node.lineno


def test_a_text_is_read_as_a_day_in_one_place() -> None:
    """Python and marshmallow take 2026-W48 for a day, and 20261127."""
    homes = {"workflows/written_days.py", "scrutiny/opendata/schemas.py"}
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("scrutiny", "workflows", "config")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in homes
        for line in other_readers(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert list(other_readers("date.fromisoformat(x)\nfields.Date()\ndatetime.fromisoformat(x)")) == [1, 2]


def test_the_reader_of_this_test_sees_a_day_that_is_taken() -> None:
    assert list(days_taken("x = signed_at.date()\ny = date(2026, 1, 1)\nz = func.date(column)")) == [1]
