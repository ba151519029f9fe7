"""A point as people give one: latitude and longitude typed, degrees and minutes, or the link of a pin dropped on a map; pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

PLAIN = re.compile(
    r"\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*°?\s*([NS]?)\s*[, ;]\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*([EW]?)\s*\)?", re.IGNORECASE
)
#: 54°39'50.4"N 2°45'09.7"W
MINUTES = re.compile(
    r"(\d{1,2})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″”]\s*)?([NS])[\s,]*"
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″”]\s*)?([EW])",
    re.IGNORECASE,
)
PAIR = r"(-?\d{1,2}\.\d+)[,/](-?\d{1,3}\.\d+)"


def point_typed(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of a point as typed or pasted, as (lat, lon); None where the text is not one.

    Read are '54.66, -2.75', '54.66N 2.75W', degrees with minutes and seconds, geo: addresses, and the links that map sites give
    for a pin.
    """
    text = text.strip()[:500]
    if found := PLAIN.fullmatch(text):
        return _within(_signed(float(found[1]), found[2]), _signed(float(found[3]), found[4]))
    if found := MINUTES.fullmatch(text):
        lat, lon = (float(d) + float(m) / 60 + float(s or 0) / 3600 for d, m, s in (found.group(1, 2, 3), found.group(5, 6, 7)))
        return _within(_signed(lat, found[4]), _signed(lon, found[8]))
    if re.match(r"(geo:|https?://)", text, re.IGNORECASE):
        return _linked(unquote(text))
    return None


def _linked(link: str) -> tuple[float, float] | None:
    """The pin of a link, before the middle of the map it opens: geo:54.66,-2.75, …?q=54.66,-2.75, …?mlat=54.66&mlon=-2.75,
    …@54.66,-2.75,15z and …#map=15/54.66/-2.75."""
    parts = urlsplit(link)
    asked = {key.lower(): values[0] for key, values in parse_qs(parts.query).items()}
    for lat, lon in (("mlat", "mlon"), ("lat", "lon"), ("lat", "lng")):
        if lat in asked and lon in asked:
            return _pair(f"{asked[lat]},{asked[lon]}")
    for key in ("q", "query", "ll", "destination", "center", "cp"):
        if key in asked and (found := _pair(asked[key].replace("~", ","))):
            return found
    pin = re.search(r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)", link)
    pin = pin or re.search(rf"(?:^geo:|@){PAIR}", link, re.IGNORECASE) or re.search(rf"#map=\d+/{PAIR}", link)
    return _within(float(pin[1]), float(pin[2])) if pin else None


def _pair(text: str) -> tuple[float, float] | None:
    """'54.66,-2.75' as a point."""
    found = re.match(r"\s*+(?:loc:)?\s*+(-?\d{1,2}(?:\.\d+)?)\s*+,\s*+(-?\d{1,3}(?:\.\d+)?)", text)
    return _within(float(found[1]), float(found[2])) if found else None


def _signed(degrees: float, letter: str) -> float:
    """Degrees south and west are less than nothing."""
    return -abs(degrees) if letter.upper() in ("S", "W") and letter else degrees


def _within(lat: float, lon: float) -> tuple[float, float] | None:
    """The point where it is on the earth."""
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
