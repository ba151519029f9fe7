"""The area report of a place: what every published review found there, and what came of each recommendation."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from scrutiny.agencies.queries import answering
from scrutiny.areas.models import Place
from scrutiny.editions.found_here import FoundHere, found_here
from scrutiny.editions.published import Published
from scrutiny.formats import listed, london_day, number
from scrutiny.recommendations.outcomes import record_of
from scrutiny.reports.gather import attribution, licence, map_values, place_values


def area_values(place: Place, *, on: date, month: str) -> dict[str, Any]:
    """Everything an area report says: the very reports and recommendations that the page of the place shows."""
    areas = [area.id for area in place.areas]
    covering = answering(areas, on)
    here = found_here([area.code for area in place.areas], areas)
    return {
        "title": f"{place.name}: area report, {month}",
        "summary": _summary(place, here),
        "place": place_values(place, on),
        "dates": {"sealed": on.isoformat()},
        "reviews": [_review(one) for one in here.reports],
        "findings": [
            {"review": one.report.reference, "place": one.report.place.name, **finding}
            for one in here.reports
            for finding in one.findings
        ],
        "recommendations": [record_of(row, on) for row in here.recommendations],
        "map": map_values(place, covering, on),
        "attribution": attribution(place, covering, on),
        "licence": licence(),
    }


def _review(one: Published) -> dict[str, Any]:
    """One published review: where it is told, by whom, about which place, since when."""
    released = one.edition.released_at
    return {
        "reference": one.report.reference,
        "title": one.title,
        "place": one.report.place.name,
        "bodies": listed(list(one.bodies)),
        "released": london_day(released).isoformat() if released else "",
    }


def _summary(place: Place, here: FoundHere) -> str:
    """What this report brings together, in two sentences counted from what it holds."""
    bodies = sorted({name for one in here.reports for name in one.bodies})
    values = {"n": number(len(here.reports)), "place": place.name, "bodies": listed(bodies)}
    if bodies:
        said = ngettext(
            "This report says what one published review found about %(place)s or a part of it, by %(bodies)s.",
            "This report brings together what %(n)s published reviews found about %(place)s or a part of it, by %(bodies)s.",
            len(here.reports),
            **values,
        )
    else:
        said = ngettext(
            "This report says what one published review found about %(place)s or a part of it.",
            "This report brings together what %(n)s published reviews found about %(place)s or a part of it.",
            len(here.reports),
            **values,
        )
    return f"{said} {_what_came_of_it(len(here.recommendations), len(here.reports) == 1)}"


def _what_came_of_it(count: int, alone: bool) -> str:
    """What a report says of the recommendations of one review alone, or of several."""
    n = number(count)
    if not count:
        return gettext("It made no recommendations.") if alone else gettext("They made no recommendations.")
    if alone:
        return ngettext(
            "It says what came of the one recommendation it made.",
            "It says what came of the %(n)s recommendations it made.",
            count,
            n=n,
        )
    return ngettext(
        "It says what came of the one recommendation they made.",
        "It says what came of the %(n)s recommendations they made.",
        count,
        n=n,
    )
