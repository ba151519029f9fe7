"""The faults of docs/faults.md: each has a state, its tests exist, and the counts at the head are those of its rows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
HEAD = "| id and short name | kind | state now | other places of the kind | tests |"
GROUPS = ("Officer", "Inspector", "Responder", "Public cases", "Security")


def _cells(line: str) -> list[str]:
    """The cells of one row of a table, without spaces."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _faults(group: str) -> list[list[str]]:
    """The rows of a group, by five cells: name, kind, state, other places, tests."""
    section = TEXT.split(f"\n## {group}\n", 1)[1].split("\n## ", 1)[0]
    rows = section.split(f"{HEAD}\n|---|---|---|---|---|\n", 1)[1].strip().splitlines()
    return [_cells(row) for row in rows]


FAULTS = [(group, row) for group in GROUPS for row in _faults(group)]


def _named(cell: str) -> list[tuple[str, str]]:
    """Each test in a cell: its file, and its name where one is given."""
    return [(path, name) for path, _, name in (found.partition("::") for found in re.findall(r"`([^`]+)`", cell))]


def _state(row: list[str]) -> str:
    return row[2].partition(":")[0]


@pytest.mark.parametrize(("group", "row"), FAULTS, ids=[f"{group} {row[0].split()[0]}" for group, row in FAULTS])
def test_a_fault_has_a_state_and_tests_that_exist(group: str, row: list[str]) -> None:
    """What is not mended says what is left; what is not open names a test, and each test named is there."""
    assert len(row) == 5
    assert all(row), "no cell is empty"
    assert re.fullmatch(r"mended|(?:partly|open): \S.*", row[2])
    tests = _named(row[4])
    assert tests or (_state(row) == "open" and row[4] == "none yet")
    for path, name in tests:
        assert re.fullmatch(r"tests/(?:\w+/)+test_\w+\.py", path)
        assert (ROOT / path).is_file(), path
        if name:
            assert re.search(rf"^ *def {re.escape(name)}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), name


def test_no_fault_stands_twice() -> None:
    names = Counter((group, row[0]) for group, row in FAULTS)
    assert [name for name, times in names.items() if times > 1] == []


def test_the_counts_are_those_of_the_rows() -> None:
    """At the head for all, and in the first table by group."""
    states = Counter(_state(row) for _, row in FAULTS)
    counted = ", ".join(f"{states[state]} are {words}" for state, words in (("mended", "mended"), ("partly", "partly mended")))
    assert f"Of {len(FAULTS)} faults, {counted} and {states['open']} are open." in TEXT
    for group in GROUPS:
        rows = [row for of, row in FAULTS if of == group]
        here = Counter(map(_state, rows))
        counts = [str(count) for count in (len(rows), here["mended"], here["partly"], here["open"])]
        lines = [_cells(line) for line in TEXT.splitlines() if line.startswith(f"| [{group}](")]
        assert [line[1:] for line in lines] == [counts]


def test_every_row_of_the_document_is_read() -> None:
    """A table under another heading, or with other columns, would be checked by nobody."""
    rows = [line for line in TEXT.splitlines() if line.startswith("|") and not line.startswith(("|---", "| [", "| group |"))]
    assert len(rows) == len(FAULTS) + len(GROUPS), "each group has one row of headings"
