"""A postcode is one point but many addresses: the councils it may lie across, told and asked about, never guessed.

The files give each postcode one point, near the middle of its fifteen or so addresses, and at best one council. So one may lie
across two councils where a border runs close by its point, or where the file's own council is not the one at the point.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.index import Known
from scrutiny.areas.models import Area, Postcode
from scrutiny.areas.queries import area_with_code, areas_at, holds_on, postcode
from scrutiny.areas.succession import resolve_many
from scrutiny.extensions import db
from scrutiny.formats import listed, number
from scrutiny.geography import shapes
from scrutiny.geography.point_input import point_typed

#: metres; about 1% of all postcodes have the border of another council so near to their point
NEAR = 50.0
#: whose borders matter to somebody at an address, the first that is loaded
COUNCILS = ("district", "upper_tier")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A council that may hold some addresses of a postcode: metres from its point, None where the file itself names it."""

    id: int
    code: str
    name: str
    kind: str
    metres: float | None

    @property
    def words(self) -> str:
        """'Sandwell (E08000028), 12 m away'."""
        where = (
            gettext("which its file names")
            if self.metres is None
            else gettext("%(metres)s m away", metres=number(max(self.metres, 1)))
        )
        return f"{self.name} ({self.code}), {where}"


@dataclass(frozen=True, slots=True)
class Straddle:
    """What must be said of a postcode: the councils at its point, those it may lie in too, and when it ended or begins."""

    postcode: str
    inside: tuple[Known, ...]
    beside: tuple[Neighbour, ...]
    standing: str

    @property
    def asks(self) -> str:
        """Which council is meant, in words; '' where only one can be."""
        if len(self.inside) > 1:
            named = listed([f"{one.name} ({one.code})" for one in self.inside])
            return gettext(
                "%(postcode)s lies where %(named)s overlap: it is in both, as they are drawn", postcode=self.postcode, named=named
            )
        if not self.beside:
            return ""
        begin = (
            gettext("The point of %(postcode)s is in %(inside)s", postcode=self.postcode, inside=self.inside[0].name)
            if self.inside
            else gettext("The point of %(postcode)s is in none", postcode=self.postcode)
        )
        return gettext(
            "%(begin)s, but some of its addresses may be in %(beside)s",
            begin=begin,
            beside=listed([one.words for one in self.beside]),
        )

    @property
    def notes(self) -> list[str]:
        """What to say beside an answer by this postcode."""
        return [said for said in (self.standing, self.asks) if said]


def straddle(text: str, on: date) -> Straddle | None:
    """What must be said of a postcode as typed, on a day; None where the text is a point, or no postcode that is loaded."""
    found = None if point_typed(text) else postcode(text)
    if found is None or found.x is None or found.y is None:
        return None
    there = areas_at(found.x, found.y, on)
    kind = next((kind for kind in COUNCILS if _any_near(kind, found.x, found.y, on)), None)
    if kind is None:
        return Straddle(found.postcode, (), (), standing(found, on))
    inside = tuple(one for one in there if one.kind == kind)
    beside = {one.id: one for one in (*_named(found, kind, on), *_near(found.x, found.y, kind, on))}
    kept = sorted((one for one in beside.values() if one.id not in {area.id for area in inside}), key=_order)
    return Straddle(found.postcode, inside, tuple(kept), standing(found, on))


def standing(found: Postcode, on: date) -> str:
    """'AB1 0AA ended in June 1996', or when it begins; '' where it is live or no file says."""
    if found.to_on is not None and found.to_on < on:
        return gettext(
            "%(postcode)s ended in %(to_on)s; the answer is for where it was",
            postcode=found.postcode,
            to_on=f"{found.to_on:%B %Y}",
        )
    if found.from_on is not None and found.from_on > on:
        return gettext("%(postcode)s is in use only from %(from_on)s", postcode=found.postcode, from_on=f"{found.from_on:%B %Y}")
    return ""


def _order(one: Neighbour) -> tuple[float, str]:
    """The nearest first."""
    return one.metres or 0.0, one.code


def _named(found: Postcode, kind: str, on: date) -> list[Neighbour]:
    """The council that the postcode's own file names, brought forward to the day, where it became one whole council."""
    if not found.district_code:
        return []
    became = resolve_many([found.district_code], on)[found.district_code].became
    area = area_with_code(became[0].code, on, kind) if len(became) == 1 else None
    return [Neighbour(area.id, area.code, area.name, area.kind, None)] if area is not None else []


def _near(x: float, y: float, kind: str, on: date) -> list[Neighbour]:
    """The councils within reach of a point."""
    rows = db.session.execute(_boxed(kind, x, y, on).add_columns(Area.shape)).all()
    if not rows:
        return []
    away = shapes.metres_away(shapes.from_rows(row.shape for row in rows), x, y)
    return [
        Neighbour(row.id, row.code, row.name, row.kind, metres) for row, metres in zip(rows, away, strict=True) if metres <= NEAR
    ]


def _any_near(kind: str, x: float, y: float, on: date) -> bool:
    """Whether any area of a kind has its box within reach."""
    return db.session.execute(_boxed(kind, x, y, on).limit(1)).first() is not None


def _boxed(kind: str, x: float, y: float, on: date) -> Any:
    """Areas of a kind whose box comes within reach of a point."""
    return (
        select(Area.id, Area.code, Area.name, Area.kind)
        .where(
            Area.kind == kind,
            holds_on(on),
            Area.min_x <= x + NEAR,
            Area.max_x >= x - NEAR,
            Area.min_y <= y + NEAR,
            Area.max_y >= y - NEAR,
        )
        .order_by(Area.code, Area.id)
    )
