"""What somebody means who types a postcode, a name, a code or a point: one place, several, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from scrutiny.areas import queries
from scrutiny.areas.models import Area
from scrutiny.areas.straddling import straddle
from scrutiny.areas.succession import BECAME, former_words, predecessors
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.postcodes import normal
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

EMPTY = "Enter a postcode, the name of a place, or an official code"
#: The first part of a postcode, perhaps with the beginning of the second: CA11, CA11 0.
BEGUN = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?( ?\d[A-Z]?)?")
#: The kinds somebody at an address means first.
FIRST = ("district", "upper_tier")


@dataclass(frozen=True, slots=True)
class Match:
    """A place that may be meant; `on` is a day it held, where it does not hold today; `holds_point` is False beside a border."""

    code: str
    name: str
    kind: str
    on: date | None = None
    holds_point: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and what must be said about it; `at` is the postcode or point where one was typed."""

    matches: tuple[Match, ...] = ()
    sentence: str = ""
    at: str = ""


def find(text: str, on: date) -> Found:
    """The places meant by what was typed, on a day."""
    wanted = " ".join(text.split())[:500]
    if not wanted:
        return Found(sentence=EMPTY)
    if point_typed(wanted) or normal(wanted):
        return _at(wanted, on)
    found = queries.search(wanted, on)
    if found:
        return Found(tuple(Match(area.code, area.name, queries.kind_label(area.kind)) for area in found))
    return _ended(wanted, on) or _by_lineage(wanted, on) or Found(sentence=_unknown(wanted))


def _at(wanted: str, on: date) -> Found:
    """The district at a postcode or point; both where it lies on a border that two claim."""
    pin = point_typed(wanted)
    spaced = f"{pin[0]:.7g}, {pin[1]:.7g}" if pin else normal(wanted) or wanted
    try:
        there = queries.areas_at_text(wanted, on)
    except Refused as refused:
        return Found(sentence=f"{refused.sentence.rstrip('.')}. You can also look the place up by its name")
    kinds, asked = rules().area_kinds, straddle(wanted, on)
    usual = [area.kind for area in there if area.kind in kinds and not kinds[area.kind].measuring_stick]
    kind = next((kind for kind in (*FIRST, *usual) if kind in usual), None)
    beside = [Match(one.code, one.name, queries.kind_label(one.kind), None, False) for one in (asked.beside if asked else ())]
    if kind is None and not beside:
        return Found(sentence=f"No area that is loaded here holds {spaced}: it may lie outside the region this service covers")
    held = [Match(area.code, area.name, queries.kind_label(area.kind)) for area in there if area.kind == kind]
    if asked and beside:
        said = f"{asked.asks}. Choose the council your address is in, or enter the latitude and longitude of the address"
        return Found((*held, *beside), said, spaced)
    if len(held) == 1:
        return Found(tuple(held), at=spaced)
    said = f"{spaced} lies where the boundaries of {len(held)} areas overlap: choose the one you mean"
    return Found(tuple(held), said, spaced)


def _ended(wanted: str, on: date) -> Found | None:
    """Areas of that code or name that held on other days only."""
    rows = (
        select(Area)
        .where(or_(Area.code == wanted.upper(), func.lower(Area.name) == wanted.lower()))
        .order_by(queries.kind_order(), Area.code, Area.from_on.desc())
    )
    newest: dict[str, Area] = {}
    for area in db.session.scalars(rows):
        newest.setdefault(area.code, area)
    matches = [Match(area.code, area.name, queries.kind_label(area.kind), _nearest_day(area, on)) for area in newest.values()]
    if not matches:
        return None
    first = next(iter(newest.values()))
    gone = first.to_on is not None and first.to_on < on
    when = f"ended on {day(first.to_on)}" if gone else f"does not begin until {day(first.from_on)}"
    said = f"{first.name} ({first.code}) {when}. You can see it as it {'was' if gone else 'will be'} then"
    now = queries.resolve(first.code, on)
    if now.standing != BECAME:
        return Found(tuple(matches), said)
    after = [one for one in _with_boundaries([part.code for part in now.became], on) if one.code not in newest]
    return Found((*after, *matches), f"{said}. {now.note}")


def _by_lineage(wanted: str, on: date) -> Found | None:
    """A code that has no boundary, but is known by what it became or by what became it; with those that have one."""
    now = queries.resolve(wanted, on)
    older = former_words(now.code) if now.standing != BECAME else ""
    if now.standing != BECAME and not older:
        return None
    codes = [part.code for part in now.became] if now.standing == BECAME else [link.old_code for link in predecessors([now.code])]
    return Found(
        tuple(_with_boundaries(codes, on)), f"There is no boundary with the code {now.code} loaded here: {older or now.note}"
    )


def _with_boundaries(codes: Collection[str], on: date) -> list[Match]:
    """The areas of some codes that have a boundary: as on the day where they hold then, else on the day nearest it."""
    rows = select(Area).where(Area.code.in_(sorted(set(codes)))).order_by(queries.kind_order(), Area.code, Area.from_on.desc())
    best: dict[str, Area] = {}
    for area in db.session.scalars(rows):
        if area.code not in best or (_holds(area, on) and not _holds(best[area.code], on)):
            best[area.code] = area
    return [
        Match(area.code, area.name, queries.kind_label(area.kind), None if _holds(area, on) else _nearest_day(area, on))
        for area in best.values()
    ]


def _holds(area: Area, on: date) -> bool:
    """Whether an area holds on a day."""
    return area.from_on <= on and (area.to_on is None or area.to_on >= on)


def _nearest_day(area: Area, on: date) -> date:
    """The day nearest one on which an area that does not hold then does."""
    return area.to_on if area.to_on and area.to_on < on else area.from_on


def _unknown(wanted: str) -> str:
    """Nothing of that name: what to try instead."""
    if BEGUN.fullmatch(wanted.upper()):
        return f"{wanted.upper()} is only the beginning of a postcode, and can lie in several places: enter the whole postcode"
    said = f"Nothing here is called “{wanted[:60]}”"
    return f"{said}. Check the spelling, or try a whole postcode, a larger place nearby, or an official code"
