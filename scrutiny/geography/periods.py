"""From which day to which day each area of a layer holds, beside the rows already there; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from workflows.refusals import Refused

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row of a kind as it stands: it holds on both `from_on` and `to_on`; without `to_on` it is open."""

    id: int
    code: str
    from_on: date
    to_on: date | None


@dataclass(slots=True)
class Settled:
    """What a loading does: the last day of each new row, which rows end on which day, which are corrected in place."""

    to_on: dict[str, date | None] = field(default_factory=dict)
    ends: dict[int, date] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    corrected: dict[str, int] = field(default_factory=dict)
    cut_short: dict[str, date] = field(default_factory=dict)
    #: the day from which a later row, or a later layer that lacks the code, is loaded already
    left_open: list[str] = field(default_factory=list)
    #: codes that nothing follows though the kind goes on later, and most of the file is followed


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A layer to be loaded: its codes, the days it holds, whether it is the whole of its kind and corrects what is there.

    `in_file` are codes the file has but that were skipped; `later_layers` the days on which whole layers already loaded
    begin. Such a layer lacks what has no row from that day, so an older row ends the day before it.
    """

    codes: Sequence[str]
    from_on: date
    to_on: date | None = None
    in_file: Sequence[str] = ()
    whole_layer: bool = False
    replace: bool = False
    later_layers: Sequence[date] = ()


def settle(layer: NewLayer, rows: Iterable[Row]) -> Settled:
    """The dates of a layer loaded from a day; Refused, naming both, where a code would hold twice on one day."""
    codes, from_on, to_on = layer.codes, layer.from_on, layer.to_on
    if to_on is not None and to_on < from_on:
        raise Refused(
            "The last day, %(to_on)s, is before the first, %(from_on)s: put them the other way round",
            to_on=_day(to_on),
            from_on=_day(from_on),
        )
    held: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        held[row.code].append(row)
    found = Settled()
    for code in codes:
        _settle_one(found, code, sorted(held[code], key=lambda row: row.from_on), layer)
    found.left_open = _left_open(found, held, from_on)
    if layer.whole_layer:
        present = {*codes, *layer.in_file}
        lacking = (row for code, rows_of in held.items() if code not in present for row in rows_of)
        for row in sorted(lacking, key=lambda row: row.code):
            if row.from_on < from_on and row.to_on is None:
                _end(found, row, from_on)
    return found


def _settle_one(found: Settled, code: str, rows: Sequence[Row], layer: NewLayer) -> None:
    """The dates of one code: the row before it ends, or it ends before the row after it."""
    from_on, to_on, replace = layer.from_on, layer.to_on, layer.replace
    last = to_on
    for row in rows:
        if row.from_on == from_on:
            if not replace:
                raise _twice(code, from_on, to_on, row, "use --replace to correct that period")
            found.corrected[code] = row.id
        elif row.from_on < from_on and row.to_on is None:
            _end(found, row, from_on)
        elif row.from_on < from_on and row.to_on is not None and row.to_on >= from_on:
            if not replace:
                raise _twice(code, from_on, to_on, row, "load it from a later day, or use --replace to correct that period")
            _end(found, row, from_on)
        elif row.from_on > from_on:
            if to_on is not None and to_on >= row.from_on and row.to_on is not None and not replace:
                raise _twice(code, from_on, to_on, row, "let it end earlier with --to")
            last = _earlier(last, row.from_on - DAY)
    for begins in layer.later_layers:
        if begins > from_on:
            last = _earlier(last, begins - DAY)
    found.to_on[code] = last
    if last is not None and last != to_on:
        found.cut_short[code] = last + DAY


def _left_open(found: Settled, held: dict[str, list[Row]], from_on: date) -> list[str]:
    """The codes that stay open although most of the file is followed by later rows: they may have been given up between."""
    open_codes = [code for code, last in found.to_on.items() if last is None]
    followed = sum(any(row.from_on > from_on for row in held[code]) for code in found.to_on)
    return sorted(open_codes) if followed * 2 > len(found.to_on) else []


def remarks(settled: Settled) -> list[str]:
    """What a person must be told of the days: rows that end because later ones are loaded, and rows that nothing follows."""
    said = []
    for begins in sorted(set(settled.cut_short.values())):
        codes = sorted(code for code, day in settled.cut_short.items() if day == begins)
        said.append(
            f"{_some(codes)} {'holds' if len(codes) == 1 else 'hold'} only to {_day(begins - DAY)}: what follows from "
            f"{_day(begins)} is loaded already"
        )
    if settled.left_open:
        said.append(
            f"{_some(settled.left_open)} {'is' if len(settled.left_open) == 1 else 'are'} in no later layer, and "
            f"{'stays' if len(settled.left_open) == 1 else 'stay'} open: if they were given up, load the file with its last day"
            " (--to), or the later layer as a whole (--whole-layer)"
        )
    return said


def _some(codes: Sequence[str]) -> str:
    """'E06000001', or '344 areas (E06000001, E06000002, E06000003 …)'."""
    if len(codes) == 1:
        return codes[0]
    return f"{len(codes):,} areas ({', '.join(codes[:3])}{' …' if len(codes) > 3 else ''})"


def _end(found: Settled, row: Row, from_on: date) -> None:
    """An older row ends on the day before the new layer."""
    found.ends[row.id] = from_on - DAY
    found.ended.append(row.code)


def _earlier(one: date | None, other: date) -> date:
    """The earlier of two last days, of which the first may be open."""
    return other if one is None or other < one else one


def _twice(code: str, from_on: date, to_on: date | None, row: Row, remedy: str) -> Refused:
    """A code would hold twice: name both periods."""
    return Refused(
        "%(code)s from %(from_on)s %(to_on)s would overlap %(code)s from %(from_on2)s %(to_on2)s, which is already "
        "loaded: %(remedy)s. Nothing was loaded",
        code=code,
        from_on=_day(from_on),
        to_on=_until(to_on),
        from_on2=_day(row.from_on),
        to_on2=_until(row.to_on),
        remedy=remedy,
    )


def _until(to_on: date | None) -> str:
    """Until when, in words."""
    return f"to {_day(to_on)}" if to_on else "onwards"


def _day(value: date) -> str:
    """A day in words."""
    return f"{value.day} {value:%B %Y}"
