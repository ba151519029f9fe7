"""Writing a prepared loading to the tables, in bulk: many rows, few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update

from scrutiny.areas.load_worker import Worked
from scrutiny.areas.models import Area, AreaLoad, AreaOverlap
from scrutiny.areas.people_totals import Recounted
from scrutiny.extensions import db
from scrutiny.geography import shapes
from scrutiny.geography.periods import Settled

# The tables themselves: rows by the hundred thousand need no objects made of them.
AREA: Any = Area.__table__
OVERLAP: Any = AreaOverlap.__table__


def end_rows(settled: Settled) -> None:
    """Write the last day of each row the loading ended."""
    if settled.ends:
        statement = update(AREA).where(AREA.c.id == bindparam("row")).values(to_on=bindparam("last"))
        db.session.execute(statement, [{"row": row, "last": last} for row, last in settled.ends.items()])


def write_areas(worked: Worked, settled: Settled, load: AreaLoad) -> list[int]:
    """Write the areas; their ids in the order of the layer. A corrected area keeps its id, so that places still hold it."""
    layer, wanted = worked.layer, worked.wanted
    boxes, sizes, wkb = worked.boxes, worked.square_metres, worked.wkb
    rows = [
        {
            "kind": wanted.kind,
            "code": code,
            "name": layer.names[i],
            "name_cy": layer.names_cy[i],
            "from_on": wanted.from_on,
            "to_on": settled.to_on[code],
            "load_id": load.id,
            "shape": wkb[i],
            "min_x": boxes[i][0],
            "min_y": boxes[i][1],
            "max_x": boxes[i][2],
            "max_y": boxes[i][3],
            "point_x": float(worked.points[i][0]),
            "point_y": float(worked.points[i][1]),
            "square_metres": sizes[i],
            "people": worked.people[i],
            "people_from": worked.people_from if worked.people[i] is not None else "",
        }
        for i, code in enumerate(layer.codes)
    ]
    new = [row for row in rows if row["code"] not in settled.corrected]
    ids = dict(settled.corrected)
    if new:
        db.session.execute(insert(AREA), new)
        made = select(Area.code, Area.id).where(Area.load_id == load.id).order_by(Area.id)
        ids |= {row.code: row.id for row in db.session.execute(made)}
    corrected = [{"id": settled.corrected[row["code"]], **row} for row in rows if row["code"] in settled.corrected]
    if corrected:
        db.session.execute(update(Area), corrected)
        for chunk in chunks([row["id"] for row in corrected], 500):
            db.session.execute(delete(AreaOverlap).where(AreaOverlap.area_id.in_(chunk) | AreaOverlap.other_id.in_(chunk)))
    return [ids[code] for code in layer.codes]


def write_overlaps(worked: Worked, settled: Settled, ids: list[int]) -> None:
    """Write what the new areas share with others that hold on some same day, both ways round."""
    layer, begins = worked.layer, worked.wanted.from_on
    sizes = worked.square_metres
    last = [settled.to_on[code] for code in layer.codes]
    for beside in worked.beside:
        theirs = shapes.square_metres(beside.stored.shapes).tolist()
        rows = []
        pairs = zip(
            beside.shared.first.tolist(),
            beside.shared.second.tolist(),
            beside.shared.square_metres.tolist(),
            beside.people,
            strict=True,
        )
        for i, j, metres, (people, share, other_share) in pairs:
            if not _meet(begins, last[i], beside.stored.from_on, beside.stored.to_on[j]):
                continue
            one, other = (ids[i], metres / sizes[i], share), (beside.stored.ids[j], metres / theirs[j], other_share)
            for (area, land, folk), (beyond, their_land, their_folk) in ((one, other), (other, one)):
                rows.append(
                    {
                        "area_id": area,
                        "other_id": beyond,
                        "square_metres": metres,
                        "people": people,
                        "share_of_area": min(land, 1.0),
                        "share_of_people": folk,
                        "share_of_other_area": min(their_land, 1.0),
                        "share_of_other_people": their_folk,
                    }
                )
        if rows:
            db.session.execute(insert(OVERLAP), rows)


def _meet(one_from: date, one_to: date | None, other_from: date, other_to: date | None) -> bool:
    """Whether two periods share a day."""
    return (one_to is None or one_to >= other_from) and (other_to is None or other_to >= one_from)


def write_recounted(found: Recounted) -> None:
    """Write people worked out anew: of areas, and of overlaps both ways round."""
    if found.areas:
        statement = (
            update(AREA).where(AREA.c.id == bindparam("row")).values(people=bindparam("n"), people_from=bindparam("source"))
        )
        rows = [{"row": area_id, "n": n, "source": source} for area_id, (n, source) in found.areas.items()]
        db.session.execute(statement, rows)
    if found.overlaps:
        statement = (
            update(OVERLAP)
            .where(OVERLAP.c.area_id == bindparam("one"), OVERLAP.c.other_id == bindparam("other"))
            .values(people=bindparam("n"), share_of_people=bindparam("share"), share_of_other_people=bindparam("other_share"))
        )
        there = [{"one": a, "other": b, "n": n, "share": s, "other_share": o} for a, b, (n, s, o) in found.overlaps]
        back = [{"one": b, "other": a, "n": n, "share": o, "other_share": s} for a, b, (n, s, o) in found.overlaps]
        db.session.execute(statement, there + back)
    db.session.expire_all()


def count_for_planner() -> None:
    """Let the database count anew what the tables of this room hold, so that it chooses the right index for them.

    Without that SQLite asks who answers for a place in twice the time. A sample of each index will do.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("PRAGMA analysis_limit = 1000"))
    for table in (AREA, OVERLAP):
        db.session.execute(text(f"ANALYZE {table.name}"))


def chunks(values: list[Any], size: int) -> Iterable[list[Any]]:
    """Values in lists of at most `size`, since a statement may hold only so many."""
    return (values[start : start + size] for start in range(0, len(values), size))
