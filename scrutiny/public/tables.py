"""The published record as tables to take away."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scrutiny.adapters.tables import write_csv
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import kind_label
from scrutiny.extensions import db
from scrutiny.opendata import records
from scrutiny.public.presenters import response


def agencies_csv() -> bytes:
    """Every agency with its kind, codes and the areas it serves now."""
    found = select(Agency).options(selectinload(Agency.codes), selectinload(Agency.footprint)).order_by(Agency.name, Agency.id)
    rows = [
        (
            one.id,
            one.name,
            kind_label(one.kind),
            one.nation,
            "; ".join(f"{code.scheme} {code.code}" for code in one.codes),
            "; ".join(row.area_code for row in one.footprint),
            one.from_on,
            one.to_on,
        )
        for one in db.session.scalars(found)
    ]
    return write_csv(("id", "name", "kind", "nation", "codes", "area_codes", "from", "to"), rows)


def recommendations_csv(today: date) -> bytes:
    """Every recommendation made, to whom, by when, and what came of it."""
    header = [
        "review",
        "number",
        "place",
        "agency_id",
        "agency",
        "recommendation",
        "done_by",
        "response",
        "response_due",
        "words",
    ]
    rows = [
        (
            row.recommendation.review.reference,
            row.recommendation.number,
            row.recommendation.review.place.name,
            row.agency_id,
            row.agency.name,
            row.recommendation.text,
            row.recommendation.done_by,
            response(row, today).word,
            row.due_on,
            row.response,
        )
        for row in records.recommended()
    ]
    return write_csv(header, rows)


def reports_csv() -> bytes:
    """Every report published, newest edition, with its digest."""
    both = [*records.published(limit=10_000), *records.published(kind="area", limit=10_000)]
    rows = [
        (
            one.report.reference,
            one.report.kind,
            one.title,
            one.report.place.name,
            one.edition.number,
            one.edition.released_at,
            one.edition.digest,
        )
        for one in both
    ]
    return write_csv(("reference", "kind", "title", "place", "edition", "released_at", "sha256"), rows)
