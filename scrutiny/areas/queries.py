"""Reading areas: by code, name, point and postcode on a day; what they share; places; always in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from scrutiny.areas.index import point_index
from scrutiny.areas.models import Area, AreaLoad, AreaOverlap, Place, Postcode
from scrutiny.areas.succession import BECAME, Resolved, forebears, former_words, resolve_many
from scrutiny.extensions import db
from scrutiny.formats import listed, short_day
from scrutiny.geography.coordinates import to_lonlat, to_place
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.point_lookup import Known
from scrutiny.geography.postcodes import is_pseudo, normal, why_not_covered, why_not_whole
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

#: under this share of both areas an overlap is a sliver: hidden by default, never deleted
SLIVER = 0.01


@dataclass(frozen=True, slots=True)
class Overlap:
    """What an area (or the areas of a place) shares with another: shares 0..1, of people None where nobody was counted."""

    id: int
    code: str
    name: str
    kind: str
    share_of_area: float
    share_of_people: float | None
    share_of_other_area: float
    share_of_other_people: float | None
    square_metres: float
    people: int | None

    @property
    def is_sliver(self) -> bool:
        """Whether it is under 1% of the land and people of both."""
        return all(
            (share or 0) < SLIVER
            for share in (self.share_of_area, self.share_of_people, self.share_of_other_area, self.share_of_other_people)
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """The size of a place: its people (None where nobody was counted), its land, and what counted the people."""

    people: int | None
    square_metres: float
    people_from: str


@dataclass(frozen=True, slots=True)
class KindLoaded:
    """What is loaded of one kind: how many areas hold on a day, and the first and last day any holds."""

    kind: str
    label: str
    areas: int
    rows: int
    first_on: date | None


def place_crs() -> str:
    """The coordinate system of this instance."""
    return str(current_app.config["SETTINGS"].place_crs)


def sources_of(area_ids: Collection[int]) -> set[str]:
    """Where the boundaries of some areas come from, as their owners ask to be named."""
    loads = select(AreaLoad.source).join(Area, Area.load_id == AreaLoad.id).where(Area.id.in_(sorted(area_ids)))
    return {source for source in db.session.scalars(loads.distinct()) if source}


def holds_on(on: date) -> ColumnElement[bool]:
    """Areas that hold on a day."""
    return and_(Area.from_on <= on, or_(Area.to_on.is_(None), Area.to_on >= on))


def kind_order() -> Any:
    """Kinds in the order of config/area_kinds.toml, others after."""
    kinds = rules().area_kinds
    return case({key: kind.order for key, kind in kinds.items()}, value=Area.kind, else_=len(kinds) + 1)


def kind_label(key: str) -> str:
    """What a kind of area is called; a kind no longer in the file by its key."""
    kind = rules().area_kinds.get(key)
    return kind.label if kind else key


def areas_with_code(code: str, on: date) -> list[Area]:
    """The areas of a code on a day, one for each kind that holds it, in the order of kinds."""
    rows = select(Area).where(Area.code == code.strip(), holds_on(on)).order_by(kind_order(), Area.from_on, Area.id)
    return list(db.session.scalars(rows))


def area_with_code(code: str, on: date, kind: str | None = None) -> Area | None:
    """The area of a code on a day: of one kind, else of the first kind that holds it; None where there is none."""
    return next((area for area in areas_with_code(code, on) if kind in (None, area.kind)), None)


def area_on(code: str, on: date, kind: str | None = None) -> Area:
    """The area of a code on a day; Refused saying when it does hold, or that it is not known."""
    found = area_with_code(code, on, kind) or area_with_code(code.upper(), on, kind)
    if found is not None:
        return found
    rows = select(Area).where(Area.code.in_([code.strip(), code.strip().upper()])).order_by(Area.from_on, Area.id)
    known = [area for area in db.session.scalars(rows) if kind in (None, area.kind)]
    became = resolve(code, on)
    if not known:
        told = became.note if became.standing == BECAME else former_words(became.code)
        if told:
            raise Refused(
                gettext(
                    "There is no boundary with the code %(code)s: %(told)s. Ask for that code, or load the boundary",
                    code=became.code,
                    told=told,
                )
            )
        raise Refused(
            gettext("There is no area with the code %(code)s: load its boundary, or look it up by name", code=code.strip()[:40])
        )
    said = gettext(
        "%(code)s does not hold on %(on)s: %(known)s", code=code.strip(), on=short_day(on), known=_periods_words(known)
    )
    if became.standing == BECAME:
        raise Refused(gettext("%(said)s. %(note)s: ask for that, or choose a day within", said=said, note=became.note))
    before = forebears([became.code], on) if all(area.from_on > on for area in known) else []
    if before:
        there = listed([f"{name} ({code})" if name else code for code, name in before])
        raise Refused(
            gettext(
                "%(said)s. On that day there were in its place %(there)s: ask for those, or choose a day within",
                said=said,
                there=there,
            )
        )
    raise Refused(gettext("%(said)s. Choose a day within that", said=said))


def _periods_words(known: Sequence[Area]) -> str:
    """'Cumberland (District or unitary council area, …) from Sat 1 Apr 2023': each period once, with the kinds that hold it."""
    kinds: dict[tuple[str, date, date | None], list[str]] = {}
    for area in known:
        kinds.setdefault((area.name, area.from_on, area.to_on), []).append(kind_label(area.kind))
    return "; ".join(
        (
            gettext(
                "%(name)s (%(labels)s) from %(first)s to %(last)s",
                name=name,
                labels=", ".join(labels),
                first=short_day(first),
                last=short_day(last),
            )
            if last
            else gettext("%(name)s (%(labels)s) from %(first)s", name=name, labels=", ".join(labels), first=short_day(first))
        )
        for (name, first, last), labels in kinds.items()
    )


def resolve(code: str, on: date) -> Resolved:
    """What a code is on a day: the codes it became by then (itself where it holds), with shares, and a note."""
    return resolve_many([code], on)[code]


def overlaps(
    area_ids: Iterable[int], on: date, *, with_kind: str | None = None, besides: Collection[str] = (), slivers: bool = False
) -> list[Overlap]:
    """What areas (those of one place) share with areas of other kinds on a day; by kind, then the largest share first.

    `with_kind` takes one kind only; `besides` leaves kinds out.
    """
    ids = sorted(set(area_ids))
    if not ids:
        return []
    total = db.session.execute(select(func.sum(Area.square_metres), func.sum(Area.people)).where(Area.id.in_(ids))).one()
    land, people = func.sum(AreaOverlap.square_metres), func.sum(AreaOverlap.people)
    rows = (
        select(
            Area.id,
            Area.code,
            Area.name,
            Area.kind,
            land,
            people,
            func.sum(AreaOverlap.share_of_other_area),
            func.sum(AreaOverlap.share_of_other_people),
        )
        .join(AreaOverlap, AreaOverlap.other_id == Area.id)
        .where(AreaOverlap.area_id.in_(ids), Area.id.not_in(ids), holds_on(on))
        .group_by(Area.id, Area.code, Area.name, Area.kind)
        .order_by(kind_order(), people.desc().nulls_last(), land.desc(), Area.code)
    )
    if with_kind:
        rows = rows.where(Area.kind == with_kind)
    if besides:
        rows = rows.where(Area.kind.not_in(besides))
    found = [
        Overlap(
            row[0],
            row[1],
            row[2],
            row[3],
            min(row[4] / total[0], 1.0),
            _share(row[5], total[1]),
            min(row[6], 1.0),
            row[7],
            row[4],
            row[5],
        )
        for row in db.session.execute(rows)
    ]
    return [one for one in found if slivers or not one.is_sliver]


def _share(part: int | None, whole: int | None) -> float | None:
    """A share, or None where either is not known."""
    return min(part / whole, 1.0) if part is not None and whole else None


def areas_at(x: float, y: float, on: date) -> list[Known]:
    """The areas that hold a point (metres, PLACE_CRS) on a day, in the order of kinds; both where two overlap."""
    return list(point_index().at(x, y, on))


def areas_at_text(text: str, on: date) -> list[Known]:
    """The areas at a postcode or at 'LAT,LON' as typed; Refused saying what is wrong with it or that it is not known."""
    typed = point_typed(text)
    if typed:
        return areas_at(*to_place(typed[1], typed[0], place_crs()), on)
    found = postcode(text)
    if found is None or found.x is None or found.y is None:
        raise Refused(_unplaced(text, found))
    return areas_at(found.x, found.y, on)


def degrees_at(x: float, y: float) -> str:
    """A point in metres (PLACE_CRS) as it is typed: 'LAT,LON' to about a tenth of a metre; '' where it is nowhere on earth."""
    lon, lat = to_lonlat(x, y, place_crs())
    return f"{lat:.6f},{lon:.6f}" if isfinite(lat) and isfinite(lon) else ""


def postcode(text: str) -> Postcode | None:
    """The postcode as typed, however it is spaced; None where it is not loaded."""
    spaced = normal(text)
    return db.session.get(Postcode, spaced) if spaced else None


def _unplaced(text: str, found: Postcode | None) -> str:
    """Why a typed postcode leads nowhere, and what to do."""
    spaced = normal(text)
    if is_pseudo(text):
        return f"{text.strip().upper()[:10]}: {why_not_whole(text)}"
    if spaced is None:
        return gettext(
            "'%(text)s' is not a whole postcode such as CA11 0AB, nor a latitude and longitude such as 54.66,-2.75",
            text=text.strip()[:40],
        )
    if outside := why_not_covered(spaced):
        return f"{spaced} is {outside}"
    if found is not None:
        return gettext(
            "%(spaced)s has no point in the postcodes loaded: give a latitude and longitude, or another postcode nearby",
            spaced=spaced,
        )
    if db.session.scalar(select(Postcode.postcode).limit(1)) is None:
        return gettext("This service has no postcodes yet. Enter a latitude and longitude instead, or the name of a place")
    return gettext("%(spaced)s is not among the postcodes loaded: check it, or give a latitude and longitude", spaced=spaced)


def place(slug: str) -> Place | None:
    """The place of that slug."""
    return db.session.scalar(select(Place).where(Place.slug == slug))


def summary(areas: Sequence[Area]) -> Summary:
    """The people and land of the areas of a place together."""
    counted = [area.people for area in areas if area.people is not None]
    sources = sorted({area.people_from for area in areas if area.people_from})
    people = sum(counted) if len(counted) == len(areas) and areas else None
    return Summary(people, sum(area.square_metres for area in areas), "; ".join(sources))


def areas_of_kind(kind: str, on: date) -> list[Area]:
    """Every area of a kind on a day, by name."""
    return list(db.session.scalars(select(Area).where(Area.kind == kind, holds_on(on)).order_by(Area.name, Area.code)))


def kinds_loaded(on: date) -> list[KindLoaded]:
    """What is loaded of each kind, in the order of kinds."""
    rows = (
        select(Area.kind, func.sum(case((holds_on(on), 1), else_=0)), func.count(), func.min(Area.from_on))
        .group_by(Area.kind)
        .order_by(kind_order(), Area.kind)
    )
    return [KindLoaded(kind, kind_label(kind), now, count, first) for kind, now, count, first in db.session.execute(rows)]


def loads(limit: int = 200) -> list[AreaLoad]:
    """Loadings of boundaries, people and postcodes, the newest first."""
    return list(db.session.scalars(select(AreaLoad).order_by(AreaLoad.id.desc()).limit(limit)))


def postcode_count() -> int:
    """How many postcodes are loaded."""
    return db.session.scalar(select(func.count()).select_from(Postcode)) or 0
