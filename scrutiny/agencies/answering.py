"""Who answers here, for this service, on this day: one SQL statement, and the adding up of shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext
from sqlalchemy import Date, and_, bindparam, case, func, literal, select, true, union_all

from scrutiny.agencies.dated import holds_on
from scrutiny.agencies.models import Agency, AgencyCode, AgencyService, Footprint
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.extensions import db
from scrutiny.formats import percent
from scrutiny.rules.files import Rules
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

SLIVER = 0.01
#: An area mostly inside the place is small, not a sliver: the City of London holds 0.1% of London's people.
MOSTLY = 0.5
# What parts the codes and exceptions gathered in one column; neither stands in a code.
ROW, CELL = "\n", "\t"


@dataclass(frozen=True, slots=True)
class AnsweringArea:
    """One area of a footprint, and the shares (0..1) of the place's people and land that lie in it."""

    area_id: int
    kind: str
    code: str
    name: str
    share_of_people: float | None
    share_of_area: float


@dataclass(frozen=True, slots=True)
class Answering:
    """An agency that answers for a place: the shares (0..1) of the place's people and land it covers, and its services.

    `share_of_people` is None where nobody has been counted there. `codes` holds (scheme, code); `code` is the first.
    """

    agency_id: int
    name: str
    kind: str
    kind_label: str
    group: str
    nation: str
    codes: tuple[tuple[str, str], ...]
    share_of_people: float | None
    share_of_area: float
    areas: tuple[AnsweringArea, ...]
    services: tuple[str, ...]

    @property
    def code(self) -> str:
        """The official code (gss) where it has one, else its first code, or ''."""
        return dict(self.codes).get("gss", self.codes[0][1] if self.codes else "")

    @property
    def is_whole(self) -> bool:
        """Whether it covers the place, but for what would be a sliver."""
        shares = (self.share_of_area, self.share_of_people)
        return all(share is None or share >= 1 - SLIVER for share in shares)

    @property
    def words(self) -> str:
        """Its cover in words: 'covers all of it', or 'covers 76% of the people and 43% of the land'."""
        if self.is_whole:
            return gettext("covers all of it")
        land = gettext("%(share_of_area)s of the land", share_of_area=percent(self.share_of_area))
        if self.share_of_people is None:
            return gettext("covers %(land)s", land=land)
        return gettext(
            "covers %(share_of_people)s of the people and %(land)s", share_of_people=percent(self.share_of_people), land=land
        )


def answering(
    place_area_ids: Iterable[int], on: date, service: str | None = None, *, slivers: bool = False, exactly: bool = False
) -> list[Answering]:
    """The agencies that answer for a place (ids of its areas) on a day, for one service or any; one SQL statement.

    In the order of config/agency_kinds.toml, then by share of people, then by name. Slivers (under 1% of both people
    and land) are left out unless asked for. `exactly` takes only footprints that name these very areas, as a point
    wants, whose areas all lie one upon another. A service unknown is Refused.
    """
    held = rules()
    if service is not None and service not in held.services:
        raise Refused(
            gettext(
                "There is no service called %(service)s: choose one of %(services)s",
                service=service,
                services=", ".join(held.services),
            )
        )
    ids, rows = sorted(set(place_area_ids)), defaultdict[int, list[Any]](list)
    for row in db.session.execute(_statement(exactly), {"ids": ids, "on": on}) if ids else ():
        rows[row.agency_id].append(row)
    return [one for one in _ordered(rows.values(), held, exactly=exactly, slivers=slivers) if service in (None, *one.services)]


def answering_each(area_ids: Collection[int], on: date) -> dict[int, list[Answering]]:
    """The agencies that answer for each of many areas, by the area's id, each a place of its own; one statement for all."""
    held, rows = rules(), {area_id: defaultdict[int, list[Any]](list) for area_id in area_ids}
    for row in db.session.execute(_statement(False), {"ids": sorted(rows), "on": on}) if rows else ():
        alone = {**row._mapping, "total_land": row.place_land, "total_people": row.place_people}
        rows[row.place_area_id][row.agency_id].append(SimpleNamespace(**alone))
    return {area_id: _ordered(of_area.values(), held, exactly=False, slivers=False) for area_id, of_area in rows.items()}


def _ordered(rows: Iterable[list[Any]], held: Rules, *, exactly: bool, slivers: bool) -> list[Answering]:
    """The agencies of some rows, each agency's together, slivers left out unless asked for."""
    found = [(_answering(of_one, held, exactly), of_one) for of_one in rows]
    return sorted((one for one, of_one in found if slivers or not _is_sliver(one, of_one)), key=lambda one: _order(one, held))


def grouped(found: Sequence[Answering]) -> list[tuple[str, list[Answering]]]:
    """The same agencies under their headings (Councils, Health, Police and justice …), in the order they come."""
    groups: dict[str, list[Answering]] = {}
    for one in found:
        groups.setdefault(one.group, []).append(one)
    return list(groups.items())


@cache
def _statement(exactly: bool) -> Any:
    """Each agency with each of its areas in the place (`ids`) on a day (`on`): the place's own areas, and those that overlap
    them. Made once: making it takes longer than asking it."""
    ids: Any = bindparam("ids", expanding=True)
    on: Any = bindparam("on", type_=Date())
    own = select(
        Area.id.label("place_area_id"),
        Area.id.label("area_id"),
        literal(1.0).label("land"),
        literal(1.0).label("people"),
        literal(1.0).label("of_other"),
        Area.square_metres.label("place_land"),
        Area.people.label("place_people"),
    ).where(Area.id.in_(ids))
    shared = (
        select(
            AreaOverlap.area_id,
            AreaOverlap.other_id,
            AreaOverlap.share_of_area,
            AreaOverlap.share_of_people,
            AreaOverlap.share_of_other_area,
            Area.square_metres,
            Area.people,
        )
        .join(Area, Area.id == AreaOverlap.area_id)
        .where(AreaOverlap.area_id.in_(ids))
    )
    part = (own if exactly else union_all(own, shared)).subquery("part")
    total = select(func.sum(Area.square_metres), func.sum(Area.people)).where(Area.id.in_(ids)).subquery("total")
    total_land, total_people = total.c
    return (
        select(
            Agency.id.label("agency_id"),
            Agency.name,
            Agency.kind,
            Agency.nation,
            _codes().label("codes"),
            _exceptions(on).label("exceptions"),
            Area.id.label("area_id"),
            Area.kind.label("area_kind"),
            Area.code.label("area_code"),
            Area.name.label("area_name"),
            part.c.place_area_id,
            part.c.land,
            part.c.people,
            part.c.of_other,
            part.c.place_land,
            part.c.place_people,
            total_land.label("total_land"),
            total_people.label("total_people"),
        )
        .select_from(part)
        .join(Area, and_(Area.id == part.c.area_id, holds_on(Area, on)))
        .join(Footprint, and_(Footprint.area_code == Area.code, Footprint.area_kind == Area.kind, holds_on(Footprint, on)))
        .join(Agency, and_(Agency.id == Footprint.agency_id, holds_on(Agency, on)))
        .join(total, true())
        .order_by(Agency.id, Area.code, Area.kind, part.c.place_area_id)
    )


def _codes() -> Any:
    """All codes of the agency in one column."""
    cells = AgencyCode.scheme + CELL + AgencyCode.code
    return _gathered(cells, AgencyCode.agency_id == Agency.id)


def _exceptions(on: Any) -> Any:
    """The agency's own exceptions to what its kind answers for, on a day, in one column: + or - and the service."""
    cells = case((AgencyService.excluded.is_(True), "-"), else_="+") + CELL + AgencyService.service
    return _gathered(cells, and_(AgencyService.agency_id == Agency.id, holds_on(AgencyService, on)))


def _gathered(cells: Any, condition: Any) -> Any:
    """Texts of another table about this agency, joined by line ends; null where there are none."""
    return select(func.aggregate_strings(cells, ROW)).where(condition).correlate(Agency).scalar_subquery()


def _answering(of_one: list[Any], held: Rules, exactly: bool) -> Answering:
    """One agency out of its rows."""
    first = of_one[0]
    kind = held.agency_kinds.get(first.kind)
    areas = _areas(of_one, exactly)
    return Answering(
        agency_id=first.agency_id,
        name=first.name,
        kind=first.kind,
        kind_label=kind.label if kind else first.kind,
        group=kind.group if kind else gettext("Other"),
        nation=first.nation,
        codes=tuple(sorted(tuple(text.split(CELL, 1)) for text in (first.codes or "").split(ROW) if text)),
        share_of_people=_sum([area.share_of_people for area in areas]),
        share_of_area=_sum([area.share_of_area for area in areas]) or 0.0,
        areas=tuple(areas),
        services=_services(first, held),
    )


def _areas(of_one: list[Any], exactly: bool) -> list[AnsweringArea]:
    """The areas of a footprint in the place, largest first; a code held in two kinds (a unitary council) counts once."""
    by_area: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in of_one:
        by_area[row.area_code, row.area_kind].append(row)
    found: dict[str, AnsweringArea] = {}
    for (code, kind), rows in by_area.items():
        people, land = (1.0, 1.0) if exactly else (_share_of_people(rows), _share_of_land(rows))
        area = AnsweringArea(rows[0].area_id, kind, code, rows[0].area_name, people, land)
        if code not in found or area.share_of_area > found[code].share_of_area:
            found[code] = area
    return sorted(found.values(), key=lambda area: (-(area.share_of_people or area.share_of_area), area.code))


def _share_of_people(rows: list[Any]) -> float | None:
    """The part of all the place's people: each part weighted by the people of the area it is part of."""
    if not rows[0].total_people or any(row.people is None for row in rows):
        return None
    return float(sum(row.people * (row.place_people or 0) for row in rows) / rows[0].total_people)


def _share_of_land(rows: list[Any]) -> float:
    """The part of all the place's land."""
    return float(sum(row.land * row.place_land for row in rows) / rows[0].total_land)


def _sum(shares: list[float | None]) -> float | None:
    """Shares of several areas together; never over the whole, though boundaries of two years cross."""
    known = [share for share in shares if share is not None]
    return min(1.0, sum(known)) if known else None


def _services(row: Any, held: Rules) -> tuple[str, ...]:
    """What its kind answers for in its nation, more what the agency itself does and less what it does not."""
    exceptions = {text.split(CELL, 1)[1]: text[0] for text in (row.exceptions or "").split(ROW) if text}
    return tuple(
        key
        for key, service in held.services.items()
        if exceptions.get(key, "+" if service.is_answered_by(row.kind, row.nation) else "-") == "+"
    )


def _is_sliver(one: Answering, of_one: list[Any]) -> bool:
    """Whether an agency has too little of the place to answer for it: boundaries that do not quite meet."""
    small = one.share_of_area < SLIVER and (one.share_of_people or 0) < SLIVER
    return small and not any(row.of_other >= MOSTLY for row in of_one)


def _order(one: Answering, held: Rules) -> tuple[int, float, str]:
    """Kinds in the order of the file, the larger share first."""
    kind = held.agency_kinds.get(one.kind)
    share = one.share_of_area if one.share_of_people is None else one.share_of_people
    return kind.order if kind else len(held.agency_kinds), -round(share, 6), one.name
