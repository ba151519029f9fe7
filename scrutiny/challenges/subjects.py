"""What may be challenged: each thing that is published, found by its key, with who answers for it and who published it.

'figure:7' (a cell), 'row:3:14' (a row of a source), 'finding:R-2026-005:2', 'recommendation:9' (to one agency),
'service:4:adult-social-care:E07900001' and 'area:4' (an agency's area served). What is not public is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flask import abort
from sqlalchemy import select

from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.areas.queries import area_with_code
from scrutiny.bodies.models import Body
from scrutiny.challenges.models import Facts
from scrutiny.editions import queries as editions
from scrutiny.editions import sealing
from scrutiny.editions.published import out_reviews
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.recommendations.models import Addressee
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from scrutiny.whole_numbers import whole_or_none


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing as it may be challenged today; `facts` name it, and `shown` is what it says, for its own pages only."""

    kind: str
    key: str
    path: str
    facts: Facts
    agency: Agency | None = None
    body: Body | None = None
    source: LedgerSource | None = None
    review: Review | None = None
    addressee: Addressee | None = None
    cells: tuple[LedgerCell, ...] = field(default=())
    text: str = ""
    #: of a finding or recommendation, as it was published


def subject_to_challenge(key: str, on: date) -> Subject:
    """The thing of a key, for anyone; 404 where it is not public or not known."""
    found = subject_of(key, on)
    if found is None:
        abort(404)
    return found


def subject_of(key: str, on: date) -> Subject | None:
    """The thing of a key as it is published today, or None."""
    kind, _, rest = key.partition(":")
    find = _FINDERS.get(kind)
    return find(rest, on) if find is not None and len(key) <= 160 else None


def _figure(rest: str, _on: date) -> Subject | None:
    """A cell of a source that is published."""
    number = whole_or_none(rest)
    cell = db.session.get(LedgerCell, number) if number is not None else None
    if cell is None or cell.source.state != "published":
        return None
    return _of_source("figure", f"figure:{cell.id}", cell.source, cell.row, (cell,))


def _row(rest: str, _on: date) -> Subject | None:
    """A row of a source that is published, whether or not a figure was loaded from it."""
    number, _, row = rest.partition(":")
    source_id, at = whole_or_none(number), whole_or_none(row)
    source = db.session.get(LedgerSource, source_id) if source_id is not None else None
    if source is None or source.state != "published" or at is None or not 0 < at <= 10_000_000:
        return None
    cells = select(LedgerCell).where(LedgerCell.source_id == source.id, LedgerCell.row == at).order_by(LedgerCell.id)
    return _of_source("row", f"row:{source.id}:{at}", source, at, tuple(db.session.scalars(cells)))


def _of_source(kind: str, key: str, source: LedgerSource, row: int | None, cells: tuple[LedgerCell, ...]) -> Subject:
    """A figure or row, answered by the body that spent the money and checked by the one that loaded it."""
    path = f"/count/sources/{source.id}?row={row}" if row else f"/count/sources/{source.id}"
    facts: Facts = {"year": source.year, "source": source.id, "row": row}
    return Subject(kind, key, path, facts, agency=source.agency, body=source.body, source=source, cells=cells)


def _finding(rest: str, _on: date) -> Subject | None:
    """A finding of a report that is out, in its newest edition."""
    reference, _, number = rest.rpartition(":")
    at = whole_or_none(number)
    report = editions.report_called(reference)
    edition = editions.released_edition(report, None) if report is not None and report.review is not None else None
    if report is None or report.review is None or edition is None or not sealing.is_whole(edition):
        return None
    said = next((one for one in (edition.snapshot or {}).get("findings", ()) if one.get("number") == at), None)
    if said is None:
        return None
    review = report.review
    facts: Facts = {"report": report.reference, "number": at}
    path = f"/reports/{report.reference}#finding-{at}"
    return Subject(
        "finding", f"finding:{report.reference}:{at}", path, facts, body=review.lead, review=review, text=said["title"]
    )


def _recommendation(rest: str, _on: date) -> Subject | None:
    """A recommendation to one agency, of a report that is out."""
    number = whole_or_none(rest)
    row = db.session.get(Addressee, number) if number is not None else None
    if row is None or row.recommendation.state != "made":
        return None
    review = row.recommendation.review
    if db.session.scalar(out_reviews().where(editions.Report.review_id == review.id).limit(1)) is None:
        return None
    at = row.recommendation.number
    return Subject(
        "recommendation",
        f"recommendation:{row.id}",
        f"/reports/{review.reference}#recommendation-{at}",
        {"report": review.reference, "number": at},
        agency=row.answerer,
        body=review.lead,
        review=review,
        addressee=row,
        text=row.recommendation.text,
    )


def _service(rest: str, on: date) -> Subject | None:
    """A service an agency answers for in an area."""
    match = re.fullmatch(r"(\d{1,9}):([a-z][a-z0-9-]{0,60}):([A-Z0-9]{2,20})", rest)
    if match is None:
        return None
    agency, service = agencies.agency(int(match[1])), rules().services.get(match[2])
    area = area_with_code(match[3], on)
    if agency is None or service is None or area is None or service not in agencies.services_of(agency, on):
        return None
    facts: Facts = {"service": service.key, "place": match[3], "place_name": area.name}
    path = f"/places/{match[3]}?service={service.key}"
    return Subject("service", f"service:{rest}", path, facts, agency=agency, body=body_of(agency))


def _area(rest: str, _on: date) -> Subject | None:
    """The areas an agency is said to serve; checked by administrators, who load them."""
    number = whole_or_none(rest)
    agency = agencies.agency(number) if number is not None else None
    if agency is None:
        return None
    return Subject("area", f"area:{agency.id}", f"/agencies/{agency.id}", {}, agency=agency)


def body_of(agency: Agency) -> Body | None:
    """The scrutiny body of a council itself, the first by its number; None where it has none."""
    return db.session.scalar(select(Body).where(Body.host_agency_id == agency.id).order_by(Body.id).limit(1))


_FINDERS: Final[dict[str, Callable[[str, date], Subject | None]]] = {
    "figure": _figure,
    "row": _row,
    "finding": _finding,
    "recommendation": _recommendation,
    "service": _service,
    "area": _area,
}
