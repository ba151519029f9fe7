"""A file of figures apportioned, as the command and the page ask for it: read, apportioned, said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext

from scrutiny.apportioning.apportion import WEIGHTS, apportion
from scrutiny.apportioning.figures import ApportionedFigures, Figures, FiguresColumn, figures_of, read_figures
from scrutiny.file_reading.decoding import LARGEST_UNPACKED
from workflows.plain_values import from_plain
from workflows.refusals import Refused

MOST_LINES = 40
#: Weights are read to six places.
WEIGHT_PLACES = 6


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """A CSV of figures of one kind of area, wanted for another: by what, as at which day, and how its columns are read."""

    file: Path
    from_kind: str
    to_kind: str
    on: date
    by: str = "people"
    weights: Path | None = None
    value_field: str | None = None
    code_field: str | None = None
    whole: bool = False
    amounts: bool = False

    @property
    def column(self) -> FiguresColumn:
        """Where its figures stand, and in which unit."""
        return FiguresColumn(self.value_field, self.code_field, 0 if self.whole else 2, self.amounts)


@dataclass(frozen=True, slots=True)
class BetweenKinds:
    """From which kind of area to which figures are apportioned, by what, and as at which day."""

    from_kind: str
    to_kind: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class FiguresSent:
    """Figures as they were sent, and perhaps a weight for each small area."""

    figures: Figures
    weights: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class FiguresTask:
    """Figures to be apportioned; `sent` goes once that is done."""

    secret: str
    rows: int
    between: BetweenKinds
    sent: FiguresSent | None

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> FiguresTask:
        """From what a row keeps; rows of before hold the kinds and the day beside the rest."""
        return from_plain(cls, kept if "between" in kept else {**kept, "between": kept})


def apportion_file(asked: FiguresFile) -> ApportionedFigures:
    """The figures of a CSV apportioned; Refused saying what is wrong with file, kinds or weights."""
    if (asked.weights is not None) != (asked.by == WEIGHTS):
        raise Refused(gettext("Give a file of weights with --weights, and say --by weights: the one needs the other"))
    found = read_figures(asked.file.read_bytes(), asked.file.name, asked.column)
    by = read_weights(asked.weights) if asked.weights is not None else asked.by
    return figures_of(apportion(found.values, asked.from_kind, asked.to_kind, by=by, on=asked.on), found)


def read_weights(file: Path) -> dict[str, float]:
    """A weight for each small area of a CSV, by code."""
    if not file.is_file():
        raise Refused(gettext("%(file)s: there is no such file", file=file))
    return weights_of(file.read_bytes(), file.name)


def weights_of(content: bytes, name: str, *, most: int = LARGEST_UNPACKED) -> dict[str, float]:
    """A weight for each small area, from the bytes of a CSV that unpacks to no more than `most`."""
    read = read_figures(content, name, FiguresColumn(places=WEIGHT_PLACES, amounts=True), most=most)
    return {code: weight / 10**WEIGHT_PLACES for code, weight in read.values.items()}


def check_target(file: Path, to: Path) -> None:
    """Refuse to write where that cannot be done, before the work is."""
    if to.resolve() == file.resolve():
        raise Refused(gettext("%(to)s is the file itself: name another with --to", to=to))
    if not to.parent.is_dir():
        raise Refused(gettext("%(to)s: there is no such folder. Make it, or name another with --to", to=to))
    if to.suffix.lower() not in (".csv", ".xlsx"):
        raise Refused(gettext("%(to)s must end in .csv or .xlsx", to=to.name))


def lines_of(found: ApportionedFigures, to: Path | None) -> list[str]:
    """What was apportioned, in lines for a person."""
    head = [found.method, f"Base: {found.base}", found.error_note]
    rows = [f"{one.code:10} {one.amount:>16} {one.name}" for one in found.placed]
    if to is not None:
        rows = [f"{len(rows):,} areas written to {to}"]
    elif len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], f"and {len(rows) - MOST_LINES:,} more: write them all with --to"]
    lacking = [f"not placed: {one.amount} of {one.code or 'no code'}: {one.why}" for one in found.not_placed[:20]]
    more = [f"and {len(found.not_placed) - 20:,} more not placed"] if len(found.not_placed) > 20 else []
    return [*head, *rows, *lacking, *more, f"Total {found.total}, of it {found.total_not_placed} not placed"]
