"""Gaps as plain values, for JSON, CSV and the command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from scrutiny.gaps import words
from scrutiny.gaps.found import PlaceGaps
from workflows.gaps import KINDS, Gap, Look

COLUMNS = ("place_code", "place", "service", "gap", "agency", "years", "reason", "last_review", "last_published", "law")
LAYER_COLUMNS = ("place_code", "place", *(kind.replace("-", "_") for kind in KINDS), "gaps")
Cell = str | int | float | None


def place_plain(place: PlaceGaps, on: date) -> dict[str, object]:
    """The gaps of a place."""
    return {
        "place": place.name,
        "code": place.code,
        "as_at": on.isoformat(),
        "gaps": [gap_plain(gap, place) for gap in place.gaps],
    }


def gap_plain(gap: Gap, place: PlaceGaps) -> dict[str, object]:
    """One gap, with the reviews and the law it rests on."""
    agency = place.agency(gap)
    return {
        "kind": gap.kind,
        "service": gap.service,
        "service_title": words.service_words(gap.service),
        "agency": agency.name if agency else None,
        "agency_code": agency.code if agency else None,
        "years": gap.years or None,
        "reason": words.reason(gap),
        "last_review": _look(gap.last) if gap.last else None,
        "too_small_to_count": [_look(look) for look in gap.small],
        "services_not_said": [_look(look) for look in gap.vague],
        "not_published_yet": [_look(look) for look in gap.now],
        "bodies_that_could": [{"body": one.body, "law": one.law, "only_on_a_condition": one.conditional} for one in gap.could],
        "open_to_anybody": list(gap.open_laws),
        "share_without_agency": round(gap.missing, 4) if gap.usual else None,
        "usual_agencies": list(gap.usual),
    }


def _look(look: Look) -> dict[str, object]:
    return {
        "reference": look.reference,
        "title": look.title,
        "published": look.on.isoformat() if look.on else None,
        "share_of_place": None if look.share is None else round(look.share, 4),
    }


def rows_of(place: PlaceGaps) -> Iterable[Sequence[Cell]]:
    """The gaps of a place as rows."""
    for gap in place.gaps:
        yield (
            place.code,
            place.name,
            words.service_words(gap.service),
            words.kind_words(gap),
            words.agency_words(gap, place),
            gap.years or None,
            words.reason(gap),
            gap.last.reference if gap.last else "",
            gap.last.on.isoformat() if gap.last and gap.last.on else "",
            words.laws_words(gap),
        )


def layer_plain(places: Sequence[PlaceGaps], kind: str, on: date) -> dict[str, object]:
    """How many gaps each place of a layer has."""
    counted = [
        {"code": place.code, "place": place.name, "gaps": len(place.gaps), **{key: place.count(key) for key in KINDS}}
        for place in places
    ]
    return {"layer": kind, "as_at": on.isoformat(), "places": counted}


def layer_rows(places: Sequence[PlaceGaps]) -> Iterable[Sequence[Cell]]:
    """The same as rows."""
    for place in places:
        yield (place.code, place.name, *(place.count(kind) for kind in KINDS), len(place.gaps))
