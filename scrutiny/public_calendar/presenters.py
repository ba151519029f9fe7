"""Whom an entry of the calendar is for, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import kind_label
from scrutiny.areas.models import Area
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.public_calendar.queries import Known

NATIONS = {
    "england": lazy_gettext("England"),
    "wales": lazy_gettext("Wales"),
    "scotland": lazy_gettext("Scotland"),
    "northern-ireland": lazy_gettext("Northern Ireland"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the areas, agencies and bodies named by some entries are called."""

    areas: dict[str, str]
    agencies: dict[int, str]
    bodies: dict[int, str]


def names_of(found: Iterable[Known]) -> Names:
    """The names of everything some entries name; three statements."""
    rows = list(found)
    areas = select(Area.code, Area.name).where(Area.code.in_({one.area_code for one in rows})).order_by(Area.from_on)
    agencies = select(Agency.id, Agency.name).where(Agency.id.in_({one.agency_id for one in rows if one.agency_id}))
    bodies = select(Body.id, Body.name).where(Body.id.in_({one.body_id for one in rows if one.body_id}))
    return Names(
        dict(db.session.execute(areas).all()), dict(db.session.execute(agencies).all()), dict(db.session.execute(bodies).all())
    )


def whom(entry: Known, names: Names) -> str:
    """Whom an entry is for."""
    if entry.agency_id is not None:
        return names.agencies.get(entry.agency_id, "")
    if entry.body_id is not None:
        return names.bodies.get(entry.body_id, "")
    if entry.area_code:
        return names.areas.get(entry.area_code, entry.area_code)
    where = str(NATIONS.get(entry.nation, ""))
    if entry.agency_kind and where:
        return gettext("%(kind)s in %(nation)s", kind=kind_label(entry.agency_kind), nation=where)
    return where or (kind_label(entry.agency_kind) if entry.agency_kind else gettext("Everywhere"))
