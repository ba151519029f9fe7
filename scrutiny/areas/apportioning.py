"""A file of figures apportioned, as the command and the page ask for it: read, apportioned, said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from scrutiny.areas.apportion import WEIGHTS, apportion
from scrutiny.areas.figures import plain, read_figures
from scrutiny.file_reading.tables import LARGEST_UNPACKED
from workflows.refusals import Refused

MOST_LINES = 40
#: Weights are read to six places.
WEIGHT_PLACES = 6


def apportion_file(
    file: Path,
    from_kind: str,
    to_kind: str,
    *,
    today: date,
    on: date | None = None,
    by: str = "people",
    weights: Path | None = None,
    value_field: str | None = None,
    code_field: str | None = None,
    whole: bool = False,
    amounts: bool = False,
    name: str | None = None,
) -> dict[str, Any]:
    """The figures of a CSV apportioned, in plain values; Refused saying what is wrong with file, kinds or weights."""
    if (weights is not None) != (by == WEIGHTS):
        raise Refused("Give a file of weights with --weights, and say --by weights: the one needs the other")
    found = read_figures(
        file.read_bytes(),
        name or file.name,
        value_field=value_field,
        code_field=code_field,
        places=0 if whole else 2,
        amounts=amounts,
    )
    share_by: Any = read_weights(weights) if weights is not None else by
    return plain(apportion(found.values, from_kind, to_kind, by=share_by, on=on or today), found)


def read_weights(file: Path) -> dict[str, float]:
    """A weight for each small area of a CSV, by code."""
    if not file.is_file():
        raise Refused(f"{file}: there is no such file")
    return weights_of(file.read_bytes(), file.name)


def weights_of(content: bytes, name: str, *, most: int = LARGEST_UNPACKED) -> dict[str, float]:
    """A weight for each small area, from the bytes of a CSV that unpacks to no more than `most`."""
    read = read_figures(content, name, value_field=None, places=WEIGHT_PLACES, amounts=True, most=most)
    return {code: weight / 10**WEIGHT_PLACES for code, weight in read.values.items()}


def check_target(file: Path, to: Path) -> None:
    """Refuse to write where that cannot be done, before the work is."""
    if to.resolve() == file.resolve():
        raise Refused(f"{to} is the file itself: name another with --to")
    if not to.parent.is_dir():
        raise Refused(f"{to}: there is no such folder. Make it, or name another with --to")
    if to.suffix.lower() not in (".csv", ".xlsx"):
        raise Refused(f"{to.name} must end in .csv or .xlsx")


def lines_of(found: dict[str, Any], to: Path | None) -> list[str]:
    """What was apportioned, in lines for a person."""
    head = [found["method"], f"Base: {found['base']}", found["error_note"]]
    rows = [f"{one['code']:10} {one['amount']:>16} {one['name']}" for one in found["placed"]]
    if to is not None:
        rows = [f"{len(rows):,} areas written to {to}"]
    elif len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], f"and {len(rows) - MOST_LINES:,} more: write them all with --to"]
    lacking = [f"not placed: {one['amount']} of {one['code'] or 'no code'}: {one['why']}" for one in found["not_placed"][:20]]
    more = [f"and {len(found['not_placed']) - 20:,} more not placed"] if len(found["not_placed"]) > 20 else []
    return [*head, *rows, *lacking, *more, f"Total {found['total']}, of it {found['total_not_placed']} not placed"]
