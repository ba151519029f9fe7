"""The area report of a place: what every published review found there, and what came of each recommendation."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from scrutiny.agencies.queries import answering
from scrutiny.areas.models import Place
from scrutiny.formats import listed, london_day, plural
from scrutiny.recommendations.outcomes import record_of
from scrutiny.recommendations.records import Record
from scrutiny.reports.found_here import FoundHere, found_here
from scrutiny.reports.gather import attribution, licence, map_values, place_values
from scrutiny.reports.published import Published

FORM = "area-scrutiny/area-report/2"
#: What a new edition must tell: where none of it differs from the last, there is nothing to publish.
TOLD = ("reviews", "findings", "recommendations")


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


def compose_area(gathered: dict[str, Any], *, edition: dict[str, Any], audit: tuple[int, str], sealed_on: str) -> dict[str, Any]:
    """The snapshot of an area report."""
    return {
        "form": FORM,
        "kind": "area",
        "edition": edition,
        **{key: gathered[key] for key in ("title", "place", "dates", "summary", *TOLD, "map")},
        "audit": {"number": audit[0], "digest": audit[1]},
        "sealed_on": sealed_on,
        **{key: gathered[key] for key in ("attribution", "licence")},
    }


def says_the_same(gathered: dict[str, Any], snapshot: dict[str, Any]) -> bool:
    """Whether an edition made now would tell nothing that the last one does not."""
    return snapshot.get("form") == FORM and all(gathered[key] == snapshot[key] for key in TOLD)


def records_in(snapshot: dict[str, Any]) -> list[Record]:
    """The recommendations of a sealed area report, whichever form it was sealed in; the first form kept less of each."""
    if snapshot["form"] == FORM:
        rows: list[Record] = snapshot["recommendations"]
        return rows
    place = snapshot["place"]
    return [_record_of_first_form(row, place["name"], place["codes"]) for row in snapshot["recommendations"]]


def _record_of_first_form(row: dict[str, Any], place: str, codes: list[str]) -> Record:
    """A recommendation as area reports kept it at first: its state and the response's words, and nothing that is dated."""
    not_kept = ("lead", "place_slug", "measure", "expected_on", "response_due_on", "response_due_why", "answer", "answered_on")
    record = {
        **dict.fromkeys(not_kept, ""),
        "place": place,
        "place_codes": codes,
        "agency_id": None,
        "findings": [],
        "overdue": False,
        "steps": [],
        "returns": [],
        "response_words": row["response"],
        **row,
    }
    return cast(Record, record)


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
    by = f", by {listed(bodies)}" if bodies else ""
    count, alone = len(here.recommendations), len(here.reports) == 1
    they, found = ("it", "one published review") if alone else ("they", plural(len(here.reports), "published review"))
    told = f"It says what came of the {plural(count, 'recommendation')} {they} made."
    if count == 1:
        told = f"It says what came of the one recommendation {they} made."
    if not count:
        told = f"{they.capitalize()} made no recommendations."
    verb = "says what" if alone else "brings together what"
    return f"This report {verb} {found} found about {place.name} or a part of it{by}. {told}"
