"""A boundary file read and checked into a frozen layer: refused whole, or kept with all that was skipped or mended
named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from scrutiny.geography import fields, repair
from scrutiny.geography.archives import opened
from scrutiny.geography.coordinates import locate, refuse_non_finite
from scrutiny.geography.features import Features, numbered
from scrutiny.geography.geojson import read_geojson
from scrutiny.geography.vectors import read_vectors
from workflows.refusals import Refused, Sentence

LINES = ("LineString", "MultiLineString")
POINTS = ("Point", "MultiPoint")


@dataclass(frozen=True, slots=True)
class Said:
    """What the loader says of a file: its kind and how codes of that kind begin, its columns, its coordinate system."""

    code_field: str | None = None
    name_field: str | None = None
    crs: str | None = None
    merge_repeated: bool = False
    kind: str = ""
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """Checked areas in file order: codes, names and Welsh names as tuples, shapes in PLACE_CRS as a Shapely array."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    names_cy: tuple[str, ...]
    shapes: Any
    repaired: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


def read_layer(file: Path, *, place_crs: str = "EPSG:27700", name: str | None = None, said: Said = Said()) -> Layer:  # frozen
    """The layer of areas in a boundary file; Refused, naming file, feature and remedy, where it must not be loaded."""
    features = read_features(file, name or file.name)
    refuse_non_finite(features)
    _refuse_without_polygons(features)
    column, codes = fields.read_codes(features, field=said.code_field, kind=said.kind, starts=said.starts)
    if not said.merge_repeated:
        fields.refuse_repeated(features, codes)
    names, names_cy, remarks = fields.read_names(features, codes, column, field=said.name_field)
    remarks = [*features.remarks, *remarks, *filter(None, [fields.odd_starts(codes, said.starts)])]
    located = locate(features, place_crs=place_crs, crs=said.crs)
    read = _Areas(codes, names, names_cy, located.shapes)
    return _kept(features, read, located.outside, place_crs, [*located.warnings, *remarks])


def read_features(file: Path, name: str) -> Features:
    """The features of a file of any format we read, unchecked, in its own coordinates."""
    with opened(file, name) as found:
        if found.form == "geojson":
            return read_geojson(found.content, name, lines=found.lines)
        if found.path is None:
            raise Refused("%(name)s cannot be read", name=name)
        return read_vectors(found.path, found.form, name)


def _refuse_without_polygons(features: Features) -> None:
    """Refuse a layer that holds no land at all, saying what it holds instead."""
    if not features.numbers:
        raise Refused("%(features)s holds no areas: it is a layer without features", features=features.name)
    if any(shape is not None for shape in features.shapes):
        return
    kinds = sorted({kind for kind in features.kinds if kind in LINES + POINTS})
    if kinds:
        raise Refused(
            "%(features)s holds %(kinds)s geometry, not areas: land and people cannot be worked out from %(shapes)s. Send the "
            "polygon version of the layer",
            features=features.name,
            kinds=" and ".join(kinds),
            shapes=Sentence("points") if set(kinds) <= set(POINTS) else Sentence("lines"),
        )
    raise Refused(
        "%(features)s holds no polygons: all %(n)s of its features are without a shape",
        features=features.name,
        n=len(features.numbers),
    )


@dataclass(frozen=True, slots=True)
class _Areas:
    """Areas in file order, column by column: shapes in PLACE_CRS as a Shapely array."""

    codes: list[str]
    names: list[str]
    names_cy: list[str]
    shapes: Any

    def only(self, keep: Sequence[int]) -> _Areas:
        """Those at some places."""
        names, names_cy = [self.names[i] for i in keep], [self.names_cy[i] for i in keep]
        return _Areas([self.codes[i] for i in keep], names, names_cy, self.shapes[list(keep)])


@dataclass(slots=True)
class _Remarks:
    """What was mended or passed over, by code, and what a person must be told."""

    repaired: list[tuple[str, str]]
    skipped: list[tuple[str, str]]
    warnings: list[str]


def _kept(features: Features, read: _Areas, outside: Any, place_crs: str, remarks: Sequence[str]) -> Layer:
    """The areas that can be kept, mended where need be, and the names of the rest."""
    codes, shapes = read.codes, read.shapes
    repaired, skipped, keep = [], [], []
    valid = shapely.is_valid(shapes)
    for i, code in enumerate(codes):
        why = _why_skipped(features, i, outside[i], place_crs)
        if why is None and not valid[i]:
            mended = repair.mend(shapes[i])
            if mended is None:
                why = "its outline holds no land, and no repair mends it"
            else:
                repaired.append((code, repair.reason(features.shapes[i], shapes[i], mended)))
                shapes[i] = mended
        if why is not None:
            skipped.append((code, why))
            continue
        repaired.extend((code, note) for note in features.notes[i])
        keep.append(i)
    if not keep:
        raise Refused(
            "%(features)s: none of its %(n)s areas can be kept; the first, %(skipped)s: %(skipped2)s",
            features=features.name,
            n=len(codes),
            skipped=skipped[0][0],
            skipped2=skipped[0][1],
        )
    warnings = list(remarks)
    if skipped:
        warnings.insert(0, f"{len(keep)} of {len(codes)} areas were loaded; skipped: {len(skipped)}")
    return _merged(read.only(keep), _Remarks(repaired, skipped, warnings))


def _why_skipped(features: Features, i: int, outside: bool, place_crs: str) -> str | None:
    """Why one feature cannot be kept while the others can, or None."""
    number, kind = features.numbers[i], features.kinds[i]
    if features.shapes[i] is None:
        if kind in LINES + POINTS:
            return f"{numbered([number])} is a {kind}, not an area"
        if features.notes[i]:
            return f"{numbered([number])} has no land: {features.notes[i][0]}"
        return f"{numbered([number])} has {'no' if kind is None else 'an empty'} geometry"
    return f"{numbered([number])} lies outside the area of {place_crs}" if outside else None


def _merged(areas: _Areas, said: _Remarks) -> Layer:
    """The layer, with the parts of a code that stands more than once joined into one area."""
    codes, shapes = areas.codes, areas.shapes
    drop: set[int] = set()
    for code, where in fields.repeated(codes).items():
        shapes[where[0]] = shapely.union_all(shapes[where])
        drop.update(where[1:])
        said.repaired.append((code, f"its {len(where)} parts were joined"))
    if drop:
        said.warnings.append(
            f"{len(drop)} repeated {'part was' if len(drop) == 1 else 'parts were'} joined to others of the same code"
        )
    whole = areas.only([i for i in range(len(codes)) if i not in drop])
    named = (tuple(whole.codes), tuple(whole.names), tuple(whole.names_cy))
    return Layer(*named, whole.shapes, tuple(said.repaired), tuple(said.skipped), tuple(said.warnings))
