"""Reports that are out: the newest released edition of each, with what of its sealed snapshot pages of places show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, load_only

from scrutiny.extensions import db
from scrutiny.reports import statements
from scrutiny.reports.models import Edition, Report
from scrutiny.reports.snapshot import read

MOST_KEPT = 400
#: title, summary, names of the bodies that signed, findings
Plain = tuple[str, str, tuple[str, ...], tuple[dict[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class Published:
    """The newest released edition of a report, with what of its sealed snapshot pages of places show."""

    edition: Edition
    title: str
    summary: str
    bodies: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]

    @property
    def report(self) -> Report:
        """The report it is an edition of."""
        return self.edition.report


def published(place_ids: Collection[int] | None = None, *, kind: str | None = "review", limit: int = 200) -> list[Published]:
    """The newest released edition of each report, newest first; of one kind or (None) of both; of these places, or of all."""
    rows = _newest().limit(limit)
    rows = rows.where(Report.kind == kind) if kind else rows
    editions = list(db.session.scalars(rows if place_ids is None else rows.where(Report.place_id.in_(place_ids))))
    kept = _snapshots(editions)
    return [Published(edition, *kept[edition.digest]) for edition in editions]


def _newest() -> Select[Edition]:
    """The released editions that no later one of their report replaces, without their snapshots."""
    last = (
        select(Edition.report_id, func.max(Edition.number).label("number"))
        .where(Edition.state == "released")
        .group_by(Edition.report_id)
        .subquery()
    )
    return (
        select(Edition)
        .join(last, (last.c.report_id == Edition.report_id) & (last.c.number == Edition.number))
        .join(Report, Report.id == Edition.report_id)
        .options(
            load_only(Edition.report_id, Edition.number, Edition.why, Edition.digest, Edition.released_at, Edition.state),
            joinedload(Edition.report).joinedload(Report.place),
            joinedload(Edition.report).joinedload(Report.review),
        )
        .order_by(Edition.released_at.desc(), Edition.id.desc())
    )


def _snapshots(editions: Sequence[Edition]) -> dict[str, Plain]:
    """Title, summary, bodies and findings by digest. What is sealed never changes, so it is read once and kept."""
    kept: dict[str, Plain] = current_app.extensions.setdefault("public_snapshots", {})
    fresh = [edition.id for edition in editions if edition.digest not in kept]
    if len(kept) + len(fresh) > MOST_KEPT:
        kept = current_app.extensions["public_snapshots"] = {}
        fresh = [edition.id for edition in editions]
    if fresh:
        rows = select(Edition.digest, Edition.snapshot).where(Edition.id.in_(fresh)).order_by(Edition.id)
        kept |= {digest: _plain(snapshot or {}) for digest, snapshot in db.session.execute(rows)}
    return {edition.digest: kept[edition.digest] for edition in editions}


def _plain(snapshot: dict[str, Any]) -> Plain:
    """What pages of places show of a snapshot."""
    findings = tuple({k: f.get(k) for k in ("number", "title", "text", "judgement")} for f in snapshot.get("findings", []))
    bodies = tuple(statements.authors(read(snapshot))) if snapshot.get("kind") == "review" else ()
    return snapshot.get("title", ""), snapshot.get("summary", ""), bodies, findings
