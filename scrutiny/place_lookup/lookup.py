"""What somebody means who types a postcode, a name, a code or a point: one place, several, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, lazy_gettext
from sqlalchemy import and_, case, func, select

from scrutiny.areas import queries
from scrutiny.areas.models import Area, Postcode
from scrutiny.areas.succession import BECAME, former_words, predecessors
from scrutiny.extensions import db
from scrutiny.formats import day, full_stop, listed
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.postcodes import is_pseudo, normal, why_not_whole
from scrutiny.place_lookup.name_index import ALMOST, ALMOST_WORDS, CORE, PART, SAME, WORDS, Hit, Named
from scrutiny.place_lookup.names import name_index
from scrutiny.place_lookup.straddling import straddle
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

EMPTY = lazy_gettext("Enter a postcode, the name of a place, or an official code")
#: The first part of a postcode, perhaps with the beginning of the second: CA11, CA11 0.
BEGUN = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?( ?\d[A-Z]?)?")
#: The kinds somebody at an address means first.
FIRST = ("district", "upper_tier")
MOST = 20
MOST_NEAR = 6
#: Between the areas of a place made of several; and how many there may be.
BETWEEN = re.compile(r"([,;+&]|\band\b)", re.IGNORECASE)
MOST_PARTS = 12


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
    """What was found, and what must be said about it; `at` is the postcode or point where one was typed.

    `sure` says that the one match is what was typed, so that nobody need be asked; `near` are names spelt nearly like it, and are
    likelier than the matches where these hold only a part of what was typed (`near_first`).
    """

    matches: tuple[Match, ...] = ()
    sentence: str = ""
    at: str = ""
    sure: bool = False
    near: tuple[Match, ...] = ()
    near_first: bool = False

    @property
    def in_order(self) -> tuple[Match, ...]:
        """Every place that may be meant, the likeliest first."""
        return (*self.near, *self.matches) if self.near_first else (*self.matches, *self.near)


def find(text: str, on: date) -> Found:
    """The places meant by what was typed, on a day."""
    wanted = " ".join(text.replace("\x00", " ").split())[:500]
    if not wanted:
        return Found(sentence=EMPTY)
    if point_typed(wanted) or normal(wanted):
        return _at(wanted, on)
    if is_pseudo(wanted):
        return Found(sentence=f"{wanted.upper()[:10]}: {why_not_whole(wanted)}")
    coded = queries.area_with_code(wanted.upper()[:40], on)
    if coded is not None:
        return Found((_match(coded),), sure=True)
    index = name_index()
    hits = index.search(wanted, on)
    same = index.decisive(hits, wanted)
    if len(same) == 1:
        return Found((_match(same[0].named),), sure=True)
    if same:
        others = [hit for hit in hits if hit not in same and hit.nearness < PART]
        return Found(tuple(_match(hit.named) for hit in [*same, *others][:MOST]))
    if joined := _joined(wanted, on):
        return Found((joined,), sure=True)
    other = None if any(hit.nearness <= CORE for hit in hits) else _ended(wanted, on) or _by_lineage(wanted, on)
    return other or _offered(wanted, hits, on)


def plain(found: Found) -> dict[str, object]:
    """What was found, in plain values: the JSON of `flask areas find` and of the interface."""
    places = [
        {"code": one.code, "name": one.name, "kind": one.kind, "on": one.on.isoformat() if one.on else None}
        for one in found.in_order
    ]
    return {"sure": found.sure, "places": places, "sentence": found.sentence}


def _offered(wanted: str, hits: Sequence[Hit], on: date) -> Found:
    """What holds the words typed, and the names spelt nearly like it; where neither is, what to try instead."""
    almost = [hit for hit in hits if hit.nearness in (ALMOST, ALMOST_WORDS)]
    held = [_match(hit.named) for hit in hits if hit not in almost] or _of_small_areas(wanted, on)
    whole = any(hit.nearness <= WORDS for hit in hits)
    near = [_match(hit.named) for hit in almost][:MOST_NEAR]
    return Found(tuple(held[:MOST]), "" if held or near else _unknown(wanted), near=tuple(near), near_first=not whole)


def _of_small_areas(wanted: str, on: date) -> list[Match]:
    """Small areas of exactly that name: they are not in the index."""
    named = func.lower(Area.name) == wanted.lower()
    rows = select(Area).where(named, queries.holds_on(on)).order_by(queries.kind_order(), Area.code).limit(MOST)
    return [_match(area) for area in db.session.scalars(rows)]


def _joined(wanted: str, on: date) -> Match | None:
    """The place made of the areas named one after the other, as pages print it: 'Wendale and Harrowfield'."""
    codes = areas_named(wanted, on)
    if len(codes) < 2:
        return None
    areas = [queries.area_on(code, on) for code in codes]
    return Match("+".join(sorted(codes)), listed([area.name for area in areas]), gettext("Place made of several areas"))


def areas_named(text: str, on: date) -> list[str]:
    """The codes of the areas that a text names one after the other, parted by commas or 'and'; empty where any is not sure.

    Names of areas hold commas and 'and' themselves: the longest run of words that is a name is taken as one.
    """
    pieces = BETWEEN.split(text.strip()[:500])
    words, marks = pieces[::2], pieces[1::2]
    if not 1 < len(words) <= MOST_PARTS:
        return []
    codes: list[str] = []
    first = 0
    while first < len(words):
        for last in range(len(words), first, -1):
            run = "".join(part for pair in zip(words[first:last], [*marks[first : last - 1], ""], strict=True) for part in pair)
            if code := sure_code(run, on, council=True):
                codes.append(code)
                first = last
                break
        else:
            return []
    return list(dict.fromkeys(codes))


def sure_code(text: str, on: date, *, council: bool = False) -> str:
    """The code of the one area that a code or name means, a `council` before others of that name if so; '' where none is sure."""
    area = queries.area_with_code(text.strip().upper()[:40], on)
    if area is not None:
        return area.code
    index = name_index()
    same = index.decisive(index.exact(text, on), text)
    for kind in (None, *(FIRST if council else ())):
        of_kind = [hit for hit in same if kind in (None, hit.named.kind)]
        if len(of_kind) == 1:
            return of_kind[0].named.code
    return ""


def examples(on: date) -> list[str]:
    """What may be typed here, of what is loaded: a postcode that leads to a place, a name and a code; empty where nothing is."""
    kinds = rules().area_kinds
    first = case(
        {kind: order for order, kind in enumerate(dict.fromkeys((*FIRST, *kinds)))}, value=Area.kind, else_=len(kinds) + 2
    )
    named = select(Area).where(queries.holds_on(on)).order_by(first, Area.people.desc().nulls_last(), Area.name).limit(2)
    areas = list(db.session.scalars(named))
    placed = select(Postcode).where(Postcode.x.is_not(None), Postcode.to_on.is_(None)).order_by(Postcode.postcode).limit(10)
    codes = [row.postcode for row in db.session.scalars(placed) if _is_covered(row, on)]
    return [*codes[:1], *(area.name for area in areas[:1]), *(area.code for area in areas[-1:])]


def _is_covered(row: Postcode, on: date) -> bool:
    """Whether a postcode lies within the box of a council area of a day."""
    across = and_(Area.min_x <= row.x, Area.max_x >= row.x, Area.min_y <= row.y, Area.max_y >= row.y)
    held = select(Area.id).where(Area.kind.in_(FIRST), queries.holds_on(on), across).limit(1)
    return db.session.scalar(held) is not None


def _match(area: Area | Named) -> Match:
    """An area as a place that may be meant."""
    return Match(area.code, area.name, queries.kind_label(area.kind))


def _at(wanted: str, on: date) -> Found:
    """The district at a postcode or point; both where it lies on a border that two claim."""
    pin = point_typed(wanted)
    spaced = f"{pin[0]:.7g}, {pin[1]:.7g}" if pin else normal(wanted) or wanted
    try:
        there = queries.areas_at_text(wanted, on)
    except Refused as refused:
        return Found(
            sentence=gettext("%(refused)s. You can also look the place up by its name", refused=refused.sentence.rstrip("."))
        )
    kinds, asked = rules().area_kinds, straddle(wanted, on)
    usual = [area.kind for area in there if area.kind in kinds and not kinds[area.kind].measuring_stick]
    kind = next((kind for kind in (*FIRST, *usual) if kind in usual), None)
    beside = [Match(one.code, one.name, queries.kind_label(one.kind), None, False) for one in (asked.beside if asked else ())]
    if kind is None and not beside:
        if pin and (turned := _swapped(pin, spaced, on)):
            return turned
        return Found(
            sentence=gettext(
                "No area that is loaded here holds %(spaced)s: it may lie outside the region this service covers", spaced=spaced
            )
        )
    held = [Match(area.code, area.name, queries.kind_label(area.kind)) for area in there if area.kind == kind]
    if asked and beside:
        said = gettext(
            "%(asks)s. Choose the council your address is in, or enter the latitude and longitude of the address", asks=asked.asks
        )
        return Found((*held, *beside), said, spaced)
    if len(held) == 1:
        return Found(tuple(held), at=spaced, sure=True)
    said = gettext(
        "%(spaced)s lies where the boundaries of %(n)s areas overlap: choose the one you mean", spaced=spaced, n=len(held)
    )
    return Found(tuple(held), said, spaced)


def _swapped(pin: tuple[float, float], typed: str, on: date) -> Found | None:
    """The place at a point whose longitude was given first; None where it lies nowhere that way round either."""
    lon, lat = pin
    turned = f"{lat:.7g}, {lon:.7g}"
    found = _at(turned, on) if abs(lat) <= 90 and 49 <= lat <= 61 and -9 <= lon <= 3 else None
    if found is None or not found.matches:
        return None
    said = gettext(
        "%(typed)s has its longitude first. Did you mean %(turned)s, with the latitude first?", typed=typed, turned=turned
    )
    return Found(found.matches, said, turned)


def _ended(wanted: str, on: date) -> Found | None:
    """Areas of that code or name that held on other days only."""
    coded = Area.code == wanted.upper()[:40]
    ids = [hit.named.id for hit in name_index().exact(wanted, None) if hit.nearness == SAME]
    rows = select(Area).where(coded | Area.id.in_(ids)).order_by(queries.kind_order(), Area.code, Area.from_on.desc())
    newest: dict[str, Area] = {}
    for area in db.session.scalars(rows):
        newest.setdefault(area.code, area)
    matches = [Match(area.code, area.name, queries.kind_label(area.kind), _nearest_day(area, on)) for area in newest.values()]
    if not matches:
        return None
    first = next(iter(newest.values()))
    gone = first.to_on is not None and first.to_on < on
    if gone:
        said = gettext(
            "%(first)s (%(code)s) ended on %(day)s. You can see it as it was then",
            first=first.name,
            code=first.code,
            day=day(first.to_on),
        )
    else:
        said = gettext(
            "%(first)s (%(code)s) does not begin until %(day)s. You can see it as it will be then",
            first=first.name,
            code=first.code,
            day=day(first.from_on),
        )
    now = queries.resolve(first.code, on)
    if now.standing != BECAME:
        return Found(tuple(matches), said)
    after = [one for one in _with_boundaries([part.code for part in now.became], on) if one.code not in newest]
    return Found((*after, *matches), f"{full_stop(said)} {now.note}")


def _by_lineage(wanted: str, on: date) -> Found | None:
    """A code that has no boundary, but is known by what it became or by what became it; with those that have one."""
    now = queries.resolve(wanted, on)
    older = former_words(now.code) if now.standing != BECAME else ""
    if now.standing != BECAME and not older:
        return None
    codes = [part.code for part in now.became] if now.standing == BECAME else [link.old_code for link in predecessors([now.code])]
    return Found(
        tuple(_with_boundaries(codes, on)),
        gettext("There is no boundary with the code %(code)s loaded here: %(older)s", code=now.code, older=older or now.note),
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
        return gettext(
            "%(wanted)s is only the beginning of a postcode, and can lie in several places: enter the whole postcode",
            wanted=wanted.upper(),
        )
    said = gettext("Nothing here is called “%(wanted)s”", wanted=wanted[:60])
    return gettext("%(said)s. Check the spelling, or try a whole postcode, a larger place nearby, or an official code", said=said)
