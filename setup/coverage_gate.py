"""Whether enough lines are run by tests: `python -m setup.coverage_gate coverage.json`, exit 1 where they are not.

Lines are the gate; branches are told beside it, and the rooms whose share is lowest.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

#: Per cent of the lines of scrutiny, workflows and config.
GATE = 95.0


def shares(report: dict[str, Any]) -> list[tuple[float, str]]:
    """The share of lines run, in per cent, of each room, lowest first."""
    run: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for name, found in report["files"].items():
        room = "/".join(Path(name).parts[:-1])
        run[room] += found["summary"]["covered_lines"]
        every[room] += found["summary"]["num_statements"]
    return sorted((100 * run[room] / number, room) for room, number in every.items() if number)


def told(report: dict[str, Any]) -> tuple[str, bool]:
    """What there is to say of a report of coverage, and whether it passes."""
    totals = report["totals"]
    lines = 100 * totals["covered_lines"] / totals["num_statements"]
    branches = 100 * totals["covered_branches"] / totals["num_branches"] if totals["num_branches"] else 100.0
    lowest = ", ".join(f"{room} {share:.1f}%" for share, room in shares(report)[:3])
    words = f"{lines:.2f}% of {totals['num_statements']:,} lines are run by tests (the gate is {GATE:g}%)"
    return f"{words}, {branches:.2f}% of branches; lowest: {lowest}", lines >= GATE


if __name__ == "__main__":
    words, passes = told(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(words)
    sys.exit(not passes)
