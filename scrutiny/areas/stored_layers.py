"""Layers as they are stored, read whole for the work of a loading: shapes, days and the people counted in small
areas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from scrutiny.areas.models import Area, AreaLoad, SmallAreaPeople
from scrutiny.extensions import db
from scrutiny.geography import shapes
from scrutiny.geography.best_fit import Stick

Loading = tuple[int, str, datetime, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of one kind that begin on one day: ids, codes, last days and shapes (Shapely array in PLACE_CRS)."""

    kind: str
    from_on: date
    ids: list[int]
    codes: list[str]
    to_on: list[date | None]
    shapes: Any


def newest_load() -> int:
    """A number that grows whenever anything of this room changes (something is loaded, or a loading undone), so it tells what is
    out of date."""
    newest, undone = db.session.execute(select(func.max(AreaLoad.id), func.count(AreaLoad.undone_at))).one()
    return int(newest or 0) * 100_000 + int(undone)


def last_loading() -> Loading | None:
    """What tells this moment's boundaries from any before: the newest loading, its bytes and moment, and how many are undone."""
    undone = select(func.count(AreaLoad.undone_at)).scalar_subquery()
    rows = select(AreaLoad.id, AreaLoad.sha256, AreaLoad.loaded_at, undone.label("undone")).order_by(AreaLoad.id.desc()).limit(1)
    found = db.session.execute(rows).first()
    return None if found is None else (found.id, found.sha256, found.loaded_at, found.undone)


def stored_layers(
    *, besides: str | None = None, holding_from: date | None = None, holding_to: date | None = None
) -> list[Stored]:
    """Every stored layer, by kind and day, but for one kind and for rows that end before or begin after some days."""
    rows = select(Area.kind, Area.from_on, Area.id, Area.code, Area.to_on, Area.shape).order_by(Area.kind, Area.from_on, Area.id)
    if besides:
        rows = rows.where(Area.kind != besides)
    if holding_from:
        rows = rows.where((Area.to_on.is_(None)) | (Area.to_on >= holding_from))
    if holding_to:
        rows = rows.where(Area.from_on <= holding_to)
    grouped: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for row in db.session.execute(rows):
        grouped[row.kind, row.from_on].append(row)
    return [
        Stored(
            kind,
            from_on,
            [row.id for row in held],
            [row.code for row in held],
            [row.to_on for row in held],
            shapes.from_rows(row.shape for row in held),
        )
        for (kind, from_on), held in grouped.items()
    ]


def sticks(kinds: list[str], counted: dict[str, dict[date, tuple[int, str]]]) -> list[Stick]:
    """The measuring sticks: the small areas of each day for which people have been counted."""
    rows = (
        select(Area.code, Area.from_on, Area.point_x, Area.point_y).where(Area.kind.in_(kinds)).order_by(Area.from_on, Area.code)
    )
    grouped: dict[date, list[Any]] = defaultdict(list)
    for row in db.session.execute(rows):
        if row.code in counted:
            grouped[row.from_on].append(row)
    return [stick_of(on, [(row.code, row.point_x, row.point_y) for row in held], counted) for on, held in grouped.items()]


def counts() -> dict[str, dict[date, tuple[int, str]]]:
    """People by small-area code and day of the count, each with the words for its source."""
    rows = (
        select(SmallAreaPeople.code, SmallAreaPeople.as_at, SmallAreaPeople.people, AreaLoad.source)
        .join(AreaLoad, AreaLoad.id == SmallAreaPeople.load_id)
        .order_by(SmallAreaPeople.code, SmallAreaPeople.as_at)
    )
    found: dict[str, dict[date, tuple[int, str]]] = defaultdict(dict)
    for code, as_at, people, source in db.session.execute(rows):
        found[code][as_at] = (people, source)
    return dict(found)


def count_for(days: dict[date, tuple[int, str]], on: date) -> tuple[int, str]:
    """The count nearest to a day, and its source; the newer where two are as near."""
    return days[min(days, key=lambda day: (abs((day - on).days), -day.toordinal()))]


def stick_of(on: date, points: list[tuple[str, float, float]], counted: dict[str, dict[date, tuple[int, str]]]) -> Stick:
    """A measuring stick of the small areas (code, x, y) that hold from a day and have been counted."""
    kept = [(code, x, y, *count_for(counted[code], on)) for code, x, y in points if code in counted]
    columns = list(zip(*kept, strict=True)) or [(), (), (), (), ()]
    sources = sorted(set(columns[4]))
    return Stick(
        tuple(columns[0]),
        np.array(columns[1], dtype=float),
        np.array(columns[2], dtype=float),
        np.array(columns[3], dtype=float),
        on,
        "; ".join(sources)[:200],
    )
