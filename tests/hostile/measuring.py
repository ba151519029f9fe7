"""What a child does here, with what it took: run in the child, so that only what it says about itself is believed."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scrutiny.file_reading.inspection import inspect_file
from scrutiny.file_reading.pages import draw_page, read_page
from scrutiny.file_reading.sheets import read_sheet
from workflows.refusals import Refused

MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def inspect_measured(file: IO[bytes], name: str) -> tuple[str, float, int]:
    """Inspect; the outcome, the seconds of processor and the megabytes it took beyond the libraries."""
    return _measured(lambda: f"taken, {inspect_file(file, name).pages or 0} pages")


def show_measured(file: IO[bytes], name: str) -> tuple[str, float, int]:
    """Draw the first page and read its words, or read the first sheet; the same three."""
    kind = name.rpartition(".")[2]
    if kind == "pdf":
        return _measured(lambda: f"{len(draw_page(file, 1, 1200))} bytes, {len(read_page(file, 1).text)} letters")
    return _measured(lambda: f"{len(read_sheet(file, MEDIA[kind], name, '').rows)} rows")


def _measured(deed: Callable[[], str]) -> tuple[str, float, int]:
    before, memory = _seconds(), _peak()
    try:
        outcome = deed()
    except Refused as refused:
        outcome = f"refused: {refused.sentence}"
    return outcome, round(_seconds() - before, 2), (_peak() - memory) // 1_000


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> int:
    """The most memory held so far, in kilobytes; a forked child begins with what its server held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@dataclass(frozen=True)
class Taken:
    """A line of the table of the hostile set."""

    name: str
    what: str
    size: int
    outcome: str
    seconds: float
    megabytes: int

    def __str__(self) -> str:
        took = f"{self.seconds:>6.2f}s {self.megabytes:>4} MB"
        return f"{self.name:14} {self.what[:46]:46} {self.size:>11,} {took}  {self.outcome[:110]}"
