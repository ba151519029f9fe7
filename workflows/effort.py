"""Hours as people write them: 1.5, 2h 30, 2 hours 30 minutes, 1:45, about 4, 45 min."""

import re
from fractions import Fraction
from typing import Final

from workflows.refusals import Refused
from workflows.spending import nearest

MOST_HOURS: Final = 100_000
_LONGEST = 40
_ABOUT = re.compile(r"^(?:about|around|approximately|approx|roughly|circa|ca|c|some|say|~|≈)[.:]?\s*")
_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_HOURS = rf"(?P<hours>{_NUMBER})\s*(?:h|hr|hrs|hour|hours)?\.?"
_BOTH = r"(?P<hours>\d+)\s*(?:h|hr|hrs|hour|hours)\.?\s*(?:and|,)?\s*(?P<minutes>\d{1,2})\s*(?:m|min|mins|minute|minutes)?\.?"
_CLOCK = r"(?P<hours>\d+):(?P<minutes>[0-5]\d)(?:\s*(?:h|hrs|hours))?"
_MINUTES = rf"(?P<minutes>{_NUMBER})\s*(?:m|min|mins|minute|minutes)\.?"
_FORMS = tuple(map(re.compile, (_BOTH, _CLOCK, _MINUTES, _HOURS)))
_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FRACTIONS: Final = {"½": ".5", "¼": ".25", "¾": ".75"}
_DAYS = re.compile(r"\bdays?\b|\bweeks?\b|\d\s*d\b")


def minutes_in(text: str) -> int | None:
    """The whole minutes that hours written by a person come to; None where nothing is written. Else refused, saying how."""
    typed = " ".join(text[:200].split()).lower()
    if not typed:
        return None
    for sign, decimals in _FRACTIONS.items():
        typed = typed.replace(sign, decimals)
    plain = _GROUPS.sub("", _ABOUT.sub("", typed))
    if re.match(r"[-−–]\s*[\d.]", plain):
        raise Refused("Enter hours of 0 or more")
    if _DAYS.search(plain):
        raise Refused("Enter hours, not days: a working day is about 7.5")
    found = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if found is None or len(plain) > _LONGEST:
        raise Refused("Enter the hours as a number, such as 1.5, or as 2h 30")
    parts = found.groupdict(default="0")
    minutes = nearest(Fraction(parts.get("hours", "0")) * 60 + Fraction(parts.get("minutes", "0")))
    if minutes > MOST_HOURS * 60:
        raise Refused("Enter 100,000 hours or fewer")
    return minutes


def hours_written(minutes: int) -> str:
    """Minutes as hours to be put back into a field, which `minutes_in` reads as the same: 2.5, or 2h 20."""
    hours, left = divmod(minutes, 60)
    if left in (0, 15, 30, 45):
        return f"{minutes / 60:g}"
    return f"{hours}h {left:02d}"
