"""The place that a person types where a review is opened: names, codes and postcodes, alone or several; never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from scrutiny.areas.queries import area_with_code
from scrutiny.formats import listed
from scrutiny.place_lookup.lookup import Found, areas_named, find, sure_code
from workflows.refusals import Refused


class Ambiguous(Refused):
    """What was typed could be one of several places; `options` are what to type instead, each with its words."""

    def __init__(self, sentence: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(sentence)
        self.options = tuple(options)


def codes_of(text: str, on: date) -> list[str]:
    """The codes of the places typed (names, codes, postcodes); Refused where one is unknown, Ambiguous where it is not sure."""
    typed = " ".join(text.split())
    if not typed:
        raise Refused(gettext("Enter the name, code or postcode of a place"))
    if code := _code_beside(typed, on) or sure_code(typed, on):
        return [code]
    if codes := areas_named(typed, on):
        return codes
    parts = [part.strip() for part in re.split(r"[,;+]", typed) if part.strip()]
    if len(parts) < 2 or not any(_code_beside(part, on) or _sure(find(part, on)) for part in parts):
        return _codes_of_one(typed, "", on)
    codes = []
    for number, part in enumerate(parts):
        others = [one for at, one in enumerate(parts) if at != number]
        codes += _codes_of_one(part, ", ".join(others), on)
    return list(dict.fromkeys(codes))


def _codes_of_one(typed: str, others: str, on: date) -> list[str]:
    """The code of one place; `others` are those typed beside it, kept in what is offered."""
    if beside := _code_beside(typed, on):
        return [beside]
    found = find(typed, on)
    if sure := _sure(found):
        return sure
    offered = [one for one in found.in_order if one.on is None]
    if not offered:
        said = found.sentence or gettext("No place called “%(name)s” is known on that day. Check the spelling", name=typed[:60])
        raise Refused(said)
    names = listed([f"{one.name} ({one.code})" for one in offered[:6]])
    if offered[0] in found.matches:
        said = gettext("“%(name)s” could be %(names)s: choose the one you mean", name=typed[:60], names=names)
    else:
        said = gettext("No place is called “%(name)s”. Did you mean %(names)s?", name=typed[:60], names=names)
    options = [(", ".join(filter(None, [one.code, others])), f"{one.name}, {one.kind} ({one.code})") for one in offered[:6]]
    raise Ambiguous(said, options)


def _code_beside(typed: str, on: date) -> str:
    """The code in 'Wendale (E07999002)', where that is the name of the area with that code; '' elsewhere."""
    name, opened, rest = typed.rpartition("(")
    if not opened or re.fullmatch(r"[A-Za-z0-9]{4,40}\)", rest) is None:
        return ""
    area = area_with_code(rest[:-1].upper(), on)
    return area.code if area is not None and area.name.casefold() == name.strip().casefold() else ""


def _sure(found: Found) -> list[str]:
    """The codes of what was found, where nobody need be asked."""
    return found.matches[0].code.split("+") if found.sure else []


def names_of(codes: Sequence[str], on: date) -> str:
    """Codes as they would be typed by a person: names, with the code after a name that is not sure."""
    words = []
    for code in codes:
        area = area_with_code(code, on)
        if area is None:
            words.append(code)
        else:
            words.append(area.name if sure_code(area.name, on) == code else f"{area.name} ({code})")
    typed = ", ".join(words)
    try:
        return typed if codes_of(typed, on) == list(codes) else ", ".join(codes)
    except Refused:
        return ", ".join(codes)
