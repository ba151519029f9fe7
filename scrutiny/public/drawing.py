"""The map of a place: its outline, and the part each agency of one kind covers; drawn once and kept while nothing changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from scrutiny.agencies.queries import Answering
from scrutiny.areas.maps import PlaceMap, neighbours_of, place_map
from scrutiny.areas.models import Area
from scrutiny.areas.stored_layers import last_loading
from scrutiny.formats import mid_sentence, number, percent
from scrutiny.pictures import Shape, boundary_map, told_apart
from scrutiny.public.access import PlaceShown
from scrutiny.rules.queries import rules

MOST_KEPT = 200
MOST_PARTS = 26
_keeping = threading.Lock()


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer somebody may choose: the kind of agency, its name, and whether any agency covers only part of the place."""

    key: str
    label: str
    group: str
    is_split: bool


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """One part of the map: its letter there, whose it is, and its size in words."""

    letter: str
    agency_id: int
    name: str
    people: str
    land: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map with its caption and its parts, for the list beside it."""

    svg: Markup
    caption: str
    parts: tuple[DrawnPart, ...]
    layer: str


def layers(answering: Sequence[Answering]) -> list[Layer]:
    """The layers there are here, in the order of the kinds; those that split the place are marked."""
    found: dict[str, Layer] = {}
    for one in answering:
        split = not one.is_whole or (one.kind in found and found[one.kind].is_split)
        plural_label = rules().agency_kinds[one.kind].plural if one.kind in rules().agency_kinds else one.kind_label
        found[one.kind] = Layer(one.kind, plural_label, one.group, split)
    return list(found.values())


def chosen(wanted: str, offered: Sequence[Layer]) -> str:
    """The layer asked for, by kind or by heading; else the first that splits the place; '' for the outline alone."""
    for layer in offered:
        if wanted == layer.key:
            return layer.key
    of_group = [layer for layer in offered if wanted and wanted.lower() == layer.group.lower()]
    split = [layer for layer in (of_group or offered) if layer.is_split]
    return next((layer.key for layer in (*split, *of_group)), "")


def draw(
    shown: PlaceShown, answering: Sequence[Answering], layer: str, people: int | None, on_asked: date | None = None
) -> Drawn:
    """The map of a place with one layer of agencies over it, and its neighbours round it; its links keep a day asked for."""
    of_kind = [one for one in answering if one.kind == layer][:MOST_PARTS]
    parts = tuple(_part(one, letter, people) for one, letter in zip(of_kind, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    caption = _caption(shown.name, of_kind)
    near = () if not shown.areas else tuple(neighbours_of(shown.areas, shown.on))
    covered = tuple((one.agency_id, one.name, one.words, tuple(area.area_id for area in one.areas)) for one in of_kind)
    key = (last_loading(), shown.name, caption, shown.on, on_asked, tuple(area.id for area in shown.areas), covered)
    kept: OrderedDict[object, Markup] = current_app.extensions.setdefault("public_maps", OrderedDict())
    with _keeping:
        svg = kept.get(key)
        if svg is not None:
            kept.move_to_end(key)
    if svg is None:
        svg = _svg(shown, list(zip(of_kind, parts, strict=True)), caption, near, on_asked)
        with _keeping:
            kept[key] = svg
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)
    return Drawn(svg, caption, parts, layer)


def _part(one: Answering, letter: str, people: int | None) -> DrawnPart:
    """One agency's part, in words."""
    if one.is_whole:
        said = gettext("%(name)s: all of it", name=one.name)
        return DrawnPart(letter, one.agency_id, one.name, gettext("all"), gettext("all"), said)
    share, land = percent(one.share_of_people), percent(one.share_of_area)
    if one.share_of_people is None:
        said = gettext("%(name)s: %(land)s of the land", name=one.name, land=land)
    else:
        said = gettext("%(name)s: %(people)s of the people and %(land)s of the land", name=one.name, people=share, land=land)
    if people is not None and one.share_of_people is not None:
        about = number(round(people * one.share_of_people, -2 if people > 5000 else -1))
        share = gettext("%(share)s (about %(people)s)", share=share, people=about)
    return DrawnPart(letter, one.agency_id, one.name, share, land, said)


def _caption(name: str, of_kind: Sequence[Answering]) -> str:
    """What the map shows, in a sentence."""
    if not of_kind:
        return gettext("The boundary of %(name)s", name=name)
    label = mid_sentence(of_kind[0].kind_label)
    if len(of_kind) == 1 and of_kind[0].is_whole:
        return gettext("%(name)s, all of which %(agency)s covers", name=name, agency=of_kind[0].name)
    return gettext("%(name)s, and which part of it each %(kind)s covers", name=name, kind=label)


def _svg(
    shown: PlaceShown, answering: Sequence[tuple[Answering, DrawnPart]], caption: str, near: Sequence[Area], on_asked: date | None
) -> Markup:
    """The picture: neighbours, each a link to its place; parts in hatched tones, each a link to its agency; the outline last."""
    covers = {str(one.agency_id): [area.area_id for area in one.areas] for one, _ in answering}
    drawn: PlaceMap = place_map([area.id for area in shown.areas], covers, [area.id for area in near])
    said = {str(part.agency_id): part for _, part in answering}
    tones = dict(zip([part.key for part in drawn.parts], told_apart([part.rings for part in drawn.parts]), strict=True))
    day = f"?on={on_asked.isoformat()}" if on_asked else ""
    shapes = [
        Shape(
            part.rings,
            said[part.key].words,
            tones[part.key],
            href=f"/agencies/{part.key}{day}",
            label=said[part.key].letter if len(answering) > 1 else "",
            label_at=part.label_at,
        )
        for part in drawn.parts
    ]
    named = {str(area.id): area for area in near}
    beside = [
        Shape(
            part.rings,
            gettext("%(name)s, next to it", name=named[part.key].name),
            "outside",
            href=f"/places/{quote(named[part.key].code)}{day}",
        )
        for part in drawn.beside
    ]
    ground = Shape(drawn.outline, shown.name, "plain")
    outline = Shape(drawn.outline, "", "place")
    return boundary_map([*beside, ground, *shapes, outline], title=caption, size=(620, 620), placed=on_asked is None)
