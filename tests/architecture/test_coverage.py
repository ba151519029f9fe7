"""The gate of coverage: lines decide, branches are told."""

from __future__ import annotations

from typing import Any

import pytest

from setup import coverage_gate


def report(lines: int) -> dict[str, Any]:
    """A report of 1,000 lines in two rooms."""
    rooms = {"scrutiny/audit/service.py": (400, 400), "scrutiny/work/batch.py": (lines - 400, 600)}
    files = {name: {"summary": {"covered_lines": run, "num_statements": every}} for name, (run, every) in rooms.items()}
    return {
        "files": files,
        "totals": {"covered_lines": lines, "num_statements": 1000, "covered_branches": 90, "num_branches": 100},
    }


@pytest.mark.parametrize(("lines", "passes"), [(949, False), (950, True), (990, True)])
def test_lines_below_the_gate_fail(lines: int, passes: bool) -> None:
    words, passed = coverage_gate.told(report(lines))
    assert passed is passes
    assert words.startswith(f"{lines / 10:.2f}% of 1,000 lines")
    assert "90.00% of branches" in words
    assert "lowest: scrutiny/work " in words
