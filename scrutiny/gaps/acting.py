"""What a review that is begun from a gap is first filled in with: its place, its service and the agencies."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext

from scrutiny.gaps import words
from scrutiny.gaps.found import PlaceGaps
from scrutiny.public.access import PlaceShown
from workflows.gaps import Gap


def title_of(gap: Gap, place: PlaceGaps) -> str:
    """What a review of a gap is first called: 'General practice in Wendale'."""
    return gettext("%(service)s in %(place)s", service=words.service_words(gap.service), place=place.name)


def answers_of(gap: Gap, place: PlaceGaps, shown: PlaceShown, starts_on: date) -> dict[str, object]:
    """What a review being prepared begins with; the agencies that provide the service are ticked at their step."""
    return {
        "place": {
            "codes": shown.codes,
            "on": max(shown.on, starts_on).isoformat() if _holds(shown, starts_on) else shown.on.isoformat(),
            "starts_on": starts_on.isoformat(),
            "announced_on": None,
        },
        "bodies": {"partners": [], "observers": []},
        "scope_before": {"title": title_of(gap, place)[:200], "reason": words.reason_for_all(gap), "services": [gap.service]},
        "title": title_of(gap, place)[:200],
    }


def _holds(shown: PlaceShown, day: date) -> bool:
    """Whether every area of a place holds on a day."""
    return all(area.from_on <= day and (area.to_on is None or area.to_on >= day) for area in shown.areas)
