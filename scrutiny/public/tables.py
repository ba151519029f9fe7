"""The published record as tables to take away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import kind_label
from scrutiny.editions.published import published, recommended, withdrawn
from scrutiny.extensions import db
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.recommendations import outcomes


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
    return write_csv(outcomes.COLUMNS, [outcomes.row(outcomes.record_of(one, today)) for one in recommended()])


def findings_csv() -> bytes:
    """Every finding of the newest edition of each published report."""
    header = ("review", "number", "place", "place_codes", "bodies", "title", "finding", "judgement", "edition", "published_on")
    rows = [
        (
            one.report.reference,
            finding["number"],
            one.report.place.name,
            "; ".join(sorted(area.code for area in one.report.place.areas)),
            "; ".join(one.bodies),
            finding["title"],
            finding["text"],
            finding["judgement"],
            one.edition.number,
            london_day(one.edition.released_at) if one.edition.released_at else None,
        )
        for one in published(limit=10_000)
        for finding in one.findings
    ]
    return write_csv(header, rows)


def reports_csv() -> bytes:
    """Every report published, newest edition, with its digest; and every edition withdrawn, with when and why."""
    both = [*published(limit=10_000), *published(kind="area", limit=10_000)]
    rows: list[tuple[str | int | datetime | None, ...]] = [
        (
            one.report.reference,
            one.report.kind,
            one.title,
            one.report.place.name,
            one.edition.number,
            one.edition.released_at,
            one.edition.digest,
            None,
            "",
        )
        for one in both
    ]
    rows += [
        (
            one.report.reference,
            one.report.kind,
            "",
            one.report.place.name,
            one.number,
            one.released_at,
            one.digest,
            one.recalled_at,
            one.recalled_why,
        )
        for one in withdrawn(limit=10_000)
    ]
    header = ("reference", "kind", "title", "place", "edition", "released_at", "sha256", "withdrawn_at", "withdrawn_why")
    return write_csv(header, rows)
