"""The snapshot of an area report: plain values, read in each form it was ever sealed in."""

from __future__ import annotations

from typing import Any, cast

from scrutiny.recommendations.records import Record

FORM = "area-scrutiny/area-report/2"
#: What a new edition must tell: where none of it differs from the last, there is nothing to publish.
TOLD = ("reviews", "findings", "recommendations")


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
