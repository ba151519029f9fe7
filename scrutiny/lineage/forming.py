"""New areas made of others for a day to come: joined, measured, and shared out with the old; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.people_totals import people_shares
from scrutiny.areas.queries import areas_with_code
from scrutiny.areas.service import measuring_kinds
from scrutiny.areas.stored_layers import counts, sticks
from scrutiny.extensions import db
from scrutiny.formats import percent, short_day
from scrutiny.geography import shapes
from scrutiny.geography.best_fit import inside, nearest, people_of
from scrutiny.geography.overlay import shared_land
from scrutiny.lineage.files import Link, gaps, with_types
from workflows.refusals import Refused

DAY = timedelta(days=1)
#: under this share of both an old area and a new one do not touch: borders drawn twice
TRACE = 0.001


@dataclass(frozen=True, slots=True)
class Formed:
    """An area that holds from a day: one of a layer loaded ahead (`area_id`), or several older ones joined."""

    kind: str
    code: str
    name: str
    name_cy: str
    shape: Any
    area_id: int | None
    people: int | None
    people_from: str
    source: str

    @property
    def square_metres(self) -> float:
        """Its land."""
        return float(shapes.square_metres(self.shape))


@dataclass(frozen=True, slots=True)
class Share:
    """What one area gives to another: shares of its own people and land, and of the other's; people None where not counted."""

    people: float | None
    land: float
    of_other_people: float | None
    of_other_land: float

    @property
    def weight(self) -> float:
        """The share of people, where they are counted, else of land."""
        return self.land if self.people is None else self.people


@dataclass(frozen=True, slots=True)
class NewCode:
    """The code of an area to come, with its name in English and in Welsh."""

    code: str
    name: str
    name_cy: str


def form(new: NewCode, kinds: Sequence[str], made_of: Sequence[str], *, on: date) -> list[Formed]:
    """A new area in each of its kinds: its boundary loaded from that day, else the areas it is made of, joined.

    Refused where neither is there, or where an area of the code holds on that day with another first day.
    """
    found, code = [], new.code
    parts = [_part(part, on) for part in made_of]
    for kind in kinds:
        ahead = db.session.scalars(select(Area).where(Area.kind == kind, Area.code == code, Area.from_on == on)).first()
        if ahead is not None and not parts:
            found.append(
                Formed(
                    kind,
                    code,
                    ahead.name,
                    ahead.name_cy,
                    shapes.from_row(ahead.shape),
                    ahead.id,
                    ahead.people,
                    ahead.people_from,
                    ahead.load.source,
                )
            )
        elif ahead is not None:
            raise Refused(
                gettext(
                    "A boundary of %(code)s is loaded from %(on)s already: leave out what it is made of",
                    code=code,
                    on=short_day(on),
                )
            )
        elif parts:
            found.append(_joined(kind, new, parts, on))
    if not found:
        raise Refused(
            gettext(
                "There is no boundary of %(code)s from %(on)s: load it from that day, or say which areas it is made of",
                code=code,
                on=short_day(on),
            )
        )
    return found


def _part(code: str, on: date) -> Area:
    """An area that holds on the day before."""
    found = areas_with_code(code, on - DAY)
    if not found:
        when = short_day(on - DAY)
        raise Refused(
            gettext(
                "There is no area with the code %(code)s on %(when)s: check the code, or load its boundary",
                code=code[:40],
                when=when,
            )
        )
    return found[0]


def _joined(kind: str, new: NewCode, parts: Sequence[Area], on: date) -> Formed:
    """The parts as one area, with the people counted in it."""
    shape = joined(parts)
    stick = nearest(sticks(measuring_kinds(), counts()), on)
    people = people_of(inside(stick, np.array([shape])), stick, 1)[0] if stick is not None else None
    sources = "; ".join(sorted({part.load.source for part in parts if part.load.source}))[:400]
    source = f"Joined from {len(parts)} areas. {sources}".strip()
    counted = stick.source if stick and people is not None else ""
    return Formed(kind, new.code, new.name, new.name_cy, shape, None, people, counted, source)


def shares_between(olds: Sequence[Any], news: Sequence[Any], on: date) -> dict[tuple[int, int], Share]:
    """What each of some shapes gives to each of others, by position; only pairs that share more than a trace."""
    if not olds or not news:
        return {}
    first, second = np.array(olds, dtype=object), np.array(news, dtype=object)
    shared = shared_land(first, second)
    stick = nearest(sticks(measuring_kinds(), counts()), on)
    people: list[Any] = [(None, None, None)] * len(shared.first)
    if stick is not None:
        people = people_shares(stick, first, second, shared.first, shared.second)
    ours, theirs = shapes.square_metres(first), shapes.square_metres(second)
    found = {}
    for i, j, land, (_, share, of_other) in zip(
        shared.first.tolist(), shared.second.tolist(), shared.square_metres.tolist(), people, strict=True
    ):
        one = Share(share, min(land / ours[i], 1.0), of_other, min(land / theirs[j], 1.0))
        if max(one.land, one.of_other_land, one.people or 0, one.of_other_people or 0) >= TRACE:
            found[i, j] = one
    return found


def shapes_of(areas: Sequence[Area]) -> list[Any]:
    """The shapes of stored areas."""
    return list(shapes.from_rows(area.shape for area in areas))


def links_between(ending: Sequence[Area], formed: Sequence[Formed], on: date) -> tuple[list[Link], list[str]]:
    """What each ending area becomes, kind by kind, with shares and types; and what is amiss: a part in no new area."""
    links: list[Link] = []
    typed: list[Link] = []
    for kind in dict.fromkeys(area.kind for area in ending):
        olds, news = [a for a in ending if a.kind == kind], [f for f in formed if f.kind == kind]
        found = shares_between(shapes_of(olds), [one.shape for one in news], on)
        whole = [
            _rounded(Link(0, olds[i].code, news[j].code, on, "", olds[i].name, news[j].name, share.people, share.land))
            for (i, j), share in sorted(found.items())
            if max(share.land, share.people or 0) >= TRACE
        ]
        # By kind: a county that is divided is split, though each new council is made of districts too.
        links += whole
        typed += with_types(whole)
    return typed, gaps(links)


def _rounded(link: Link) -> Link:
    """A share that misses the whole by the noise of coordinates is the whole."""
    land = 1.0 if link.share_of_area is not None and link.share_of_area > 1 - TRACE / 10 else link.share_of_area
    return replace(link, share_of_area=land)


def overlaps_among(formed: Sequence[Formed]) -> list[str]:
    """New areas of one kind that share land, in sentences."""
    said = []
    for kind in dict.fromkeys(one.kind for one in formed):
        these = [one for one in formed if one.kind == kind]
        shared = shared_land(*(np.array([one.shape for one in these], dtype=object),) * 2)
        for i, j, land in zip(shared.first.tolist(), shared.second.tolist(), shared.square_metres.tolist(), strict=True):
            if i < j and land >= TRACE * min(these[i].square_metres, these[j].square_metres):
                both = gettext("%(one)s and %(other)s", one=these[i].name, other=these[j].name)
                said.append(
                    gettext(
                        "%(both)s would overlap by %(land)s km²: a place lies in one only",
                        both=both,
                        land=f"{land / 1000000.0:,.2f}",
                    )
                )
    return sorted(set(said))


def taken_from_others(ending: Sequence[Area], formed: Sequence[Formed], on: date) -> list[str]:
    """Areas of the same kinds that would go on, and lose land to a new one, in sentences."""
    said = []
    for kind in dict.fromkeys(one.kind for one in formed):
        news = [one for one in formed if one.kind == kind]
        gone = [area.id for area in ending if area.kind == kind] + [one.area_id for one in news if one.area_id]
        rows = select(Area).where(Area.kind == kind, Area.from_on <= on, Area.to_on.is_(None) | (Area.to_on >= on))
        rows = rows.where(Area.id.not_in(gone), near(box_of(news))).order_by(Area.code)
        others = list(db.session.scalars(rows))
        for (i, j), share in shares_between(shapes_of(others), [one.shape for one in news], on).items():
            if max(share.land, share.people or 0) >= TRACE * 10:
                lost = percent(share.people if share.people is not None else share.land)
                said.append(
                    gettext(
                        "%(news)s would take %(lost)s of %(others)s (%(code)s), which does not end: add it to those that end, "
                        "and to the new ones with what is left of it",
                        news=news[j].name,
                        lost=lost,
                        others=others[i].name,
                        code=others[i].code,
                    )
                )
    return sorted(set(said))


def box_of(formed: Sequence[Formed]) -> tuple[float, float, float, float]:
    """The box round some areas."""
    return shapes.box_round([one.shape for one in formed])


def near(box: tuple[float, float, float, float]) -> Any:
    """That an area's box meets a box."""
    return (Area.max_x >= box[0]) & (Area.min_x <= box[2]) & (Area.max_y >= box[1]) & (Area.min_y <= box[3])


def small_areas_in(one: Any, other: Any, on: date) -> list[tuple[str, str]]:
    """The small areas (kind, code) that hold on a day and whose own point lies in both shapes, by code."""
    both = shapes.in_both(one, other)
    rows = select(Area.kind, Area.code, Area.point_x, Area.point_y).where(
        Area.kind.in_(measuring_kinds()), Area.from_on <= on, Area.to_on.is_(None) | (Area.to_on >= on)
    )
    held = db.session.execute(rows.order_by(Area.kind, Area.code)).all()
    if not held:
        return []
    within = shapes.holds_points(both, [row.point_x for row in held], [row.point_y for row in held])
    return [(row.kind, row.code) for row, inside_it in zip(held, within, strict=True) if inside_it]


def joined(areas: Sequence[Area]) -> Any:
    """The shapes of stored areas as one."""
    return shapes.joined(shapes_of(areas))
