"""Which places that have been looked at share land with some areas: what "here" means on every page, report and answer."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, literal, or_, select, union

from scrutiny.areas.models import Area, AreaOverlap, PlaceArea
from scrutiny.areas.queries import SLIVER
from scrutiny.extensions import db


def places_here(codes: Collection[str], area_ids: Collection[int]) -> dict[int, bool]:
    """Places that share land with these areas, by id: True where the place holds one of these very codes."""
    own = select(PlaceArea.place_id, literal(1).label("own")).join(Area, Area.id == PlaceArea.area_id).where(Area.code.in_(codes))
    over = (
        select(PlaceArea.place_id, literal(0).label("own"))
        .join(AreaOverlap, AreaOverlap.other_id == PlaceArea.area_id)
        .where(
            AreaOverlap.area_id.in_(area_ids), or_(AreaOverlap.share_of_area >= SLIVER, AreaOverlap.share_of_other_area >= SLIVER)
        )
    )
    both = union(own, over).subquery()
    rows = select(both.c.place_id, func.max(both.c.own)).group_by(both.c.place_id).order_by(both.c.place_id)
    return {place_id: bool(held) for place_id, held in db.session.execute(rows)}
