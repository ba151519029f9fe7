"""The heavy part of a loading, done before anything is written: read, check, overlay with what is stored, count
people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scrutiny.areas.people_totals import PeopleShare, Recounted, people_shares, recount, stick_for_layer, stick_for_pair
from scrutiny.areas.stored_layers import Stored, counts, newest_load, stick_of, sticks, stored_layers
from scrutiny.geography.best_fit import Inside, Stick, inside, people_of
from scrutiny.geography.holes import enclosed_words, left_out_words
from scrutiny.geography.intake import Layer, Said, read_layer
from scrutiny.geography.overlay import Shared, overlapping_neighbours, shared_land
from scrutiny.geography.shapes import boxes, is_coverage, points_inside, square_metres, to_rows
from workflows.kinds import AreaKind

#: how far the work has come, from 0 to 1, and what is being done
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks to be loaded: a file, as which kind, holding from which day to which, and how to read it."""

    file: Path
    name: str
    kind: str
    from_on: date
    to_on: date | None = None
    code_field: str | None = None
    name_field: str | None = None
    crs: str | None = None
    source: str = ""
    whole_layer: bool = False
    replace: bool = False
    merge_repeated: bool = False


@dataclass(slots=True)
class Beside:
    """What the new layer shares with one stored layer: pairs of positions, land, and (people, share, share of the other)."""

    stored: Stored
    shared: Shared
    people: list[PeopleShare]


@dataclass(slots=True)
class Worked:
    """A loading ready to be written, as seen when loading number `seen` was the newest."""

    wanted: Wanted
    sha256: str
    layer: Layer
    points: Any
    people: list[int | None]
    people_from: str
    beside: list[Beside]
    again: Recounted
    seen: int
    notes: list[tuple[str, str]] = field(default_factory=list)
    coverage: bool | None = None
    #: the shapes as rows keep them, their boxes and square metres: made before anything is written, as all that takes time
    wkb: list[bytes] = field(default_factory=list)
    boxes: Any = ()
    square_metres: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make of the shapes what is written of them."""
        shapes = self.layer.shapes
        self.wkb, self.boxes, self.square_metres = to_rows(shapes), boxes(shapes), square_metres(shapes).tolist()


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def work(wanted: Wanted, kinds: dict[str, AreaKind], *, place_crs: str, progress: Progress | None = None) -> Worked:
    """Everything a loading needs to know before it writes; Refused where the file must not be loaded."""
    say: Progress = progress or (lambda share, doing: None)
    kind = kinds[wanted.kind]
    say(0.02, "reading and checking the file")
    starts = tuple(start for of_nation in kind.codes.values() for start in of_nation)
    said = Said(wanted.code_field, wanted.name_field, wanted.crs, wanted.merge_repeated, wanted.kind, starts)
    layer = read_layer(wanted.file, place_crs=place_crs, name=wanted.name, said=said)
    points = points_inside(layer.shapes)
    seen = newest_load()
    say(0.4, "reading the layers it is compared with")
    measured = [key for key, one in kinds.items() if one.measuring_stick]
    found = _sticks(kind, measured, wanted, layer, points)
    stick = stick_for_layer(found, wanted.kind, wanted.from_on, measured)
    people: list[int | None] = [None] * len(layer.codes)
    held = inside(stick, layer.shapes) if stick else None
    if stick and held:
        people = people_of(held, stick, len(layer.codes))
    others = stored_layers(besides=wanted.kind, holding_from=wanted.from_on, holding_to=wanted.to_on)
    beside = []
    with ThreadPoolExecutor(1) as pool:  # GEOS lets go of the interpreter: neighbours are looked at meanwhile
        neighbours = pool.submit(_faults, layer if kind.coverage else None, stick, held)
        for number, stored in enumerate(others):
            label = kinds[stored.kind].plural.lower() if stored.kind in kinds else stored.kind
            say(0.45 + 0.45 * number / len(others), f"comparing with {label}")
            beside.append(_compare(layer, wanted, stored, stick_for_pair(found, (wanted.kind, wanted.from_on), stored, measured)))
        say(0.9, "looking for neighbours that overlap, and for gaps")
        notes, coverage = neighbours.result()
    say(0.92, "counting people")
    again = recount(stored_layers(besides=wanted.kind), found, measured) if kind.measuring_stick and found else Recounted()
    return Worked(
        wanted, digest_of(wanted.file), layer, points, people, stick.source if stick else "", beside, again, seen, notes, coverage
    )


def _faults(layer: Layer | None, stick: Stick | None, held: Inside | None) -> tuple[list[tuple[str, str]], bool | None]:
    """What a layer that should cover its land once holds twice or leaves out, as (code, remark); and whether it is a coverage."""
    if layer is None:
        return [], None
    sound = is_coverage(layer.shapes)
    said, coverage = ([], True) if sound else _neighbours(layer)
    return [*said, *enclosed_words(layer, stick, coverage=sound), *left_out_words(layer, stick, held)], coverage


def _neighbours(layer: Layer) -> tuple[list[tuple[str, str]], bool]:
    """Overlaps between neighbours of a layer that should have none, as (code, remark); and whether it has none."""
    found = overlapping_neighbours(layer.shapes)
    said = []
    for i, j, metres in zip(found.first.tolist(), found.second.tolist(), found.square_metres.tolist(), strict=True):
        size = f"{metres / 1e6:,.2f} km²" if metres >= 10_000 else f"{metres:,.0f} m²"
        one, other = (f"{layer.codes[k]} {layer.names[k]}" for k in (i, j))
        said.append((layer.codes[i], f"{one} and {other} overlap by {size}; a point there lies in both"))
    return said, not said


def _sticks(kind: AreaKind, measured: list[str], wanted: Wanted, layer: Layer, points: Any) -> list[Stick]:
    """The sticks stored, and the new layer itself where it is of small areas that have been counted."""
    counted = counts()
    stored = sticks(measured, counted)
    if not kind.measuring_stick:
        return stored
    rows = [(code, float(x), float(y)) for code, (x, y) in zip(layer.codes, points, strict=True)]
    ours = stick_of(wanted.from_on, rows, counted)
    return [*(one for one in stored if one.from_on != wanted.from_on), *([ours] if len(ours.codes) else [])]


def _compare(layer: Layer, wanted: Wanted, stored: Stored, stick: Stick | None) -> Beside:
    """What the new layer shares with a stored one, in land and in people."""
    shared = shared_land(layer.shapes, stored.shapes)
    if stick is None:
        return Beside(stored, shared, [(None, None, None)] * len(shared.first))
    return Beside(stored, shared, people_shares(stick, layer.shapes, stored.shapes, shared.first, shared.second))
