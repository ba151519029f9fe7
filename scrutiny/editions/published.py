"""Reports that are out: the newest released edition of each, with what of its sealed snapshot pages of places show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app
from flask_babel import gettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, load_only, undefer

from scrutiny.editions import sealing
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee
from scrutiny.recommendations.queries import made
from scrutiny.snapshots import statements
from scrutiny.snapshots.snapshot import read
from scrutiny.spelling import begins_words

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
    return _with_snapshots(list(db.session.scalars(rows if place_ids is None else rows.where(Report.place_id.in_(place_ids)))))


def published_titled(words: Collection[str], limit: int) -> list[Published]:
    """The newest released edition of each report of either kind in whose sealed title all these folded words begin one."""
    likely = [edition for edition in newest_editions() if _may_be_titled(edition.report, words)]
    found: list[Published] = []
    for start in range(0, len(likely), MOST_KEPT // 4):
        found += [one for one in _with_snapshots(likely[start : start + MOST_KEPT // 4]) if begins_words(one.title, words)]
        if len(found) >= limit:
            break
    return found[:limit]


def _may_be_titled(report: Report, words: Collection[str]) -> bool:
    """Whether its title may hold these words, without reading what was sealed: by its review, else by its place."""
    if report.review is not None:
        return begins_words(report.review.title, words)
    return any(begins_words(report.place.name, [word]) for word in words)


def _with_snapshots(editions: Sequence[Edition]) -> list[Published]:
    """Editions with what of their snapshots pages show."""
    kept = _snapshots(editions)
    return [Published(edition, *kept[edition.digest]) for edition in editions]


def newest_editions(limit: int = 20_000) -> list[Edition]:
    """The newest released edition of each report of either kind, newest first, without what they say."""
    return list(db.session.scalars(_newest().limit(limit)))


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
        rows = select(Edition).where(Edition.id.in_(fresh)).options(undefer(Edition.snapshot), joinedload(Edition.report))
        for edition in db.session.scalars(rows.order_by(Edition.id).execution_options(populate_existing=True)):
            if sealing.is_whole(edition):
                kept[edition.digest] = _plain(edition.snapshot or {})
            else:
                sealing.alarm(edition)
    return {edition.digest: kept.get(edition.digest) or _not_shown() for edition in editions}


def _not_shown() -> Plain:
    """What pages show of a report whose record has changed since it was sealed: nothing it says."""
    return gettext("A report that is not shown, because its record has changed"), "", (), ()


def withdrawn(place_ids: Collection[int] | None = None, limit: int = 200) -> list[Edition]:
    """The editions that were withdrawn after they came out, the last first; of these places, or of all."""
    rows = select(Edition).join(Edition.report).where(Edition.state == "recalled")
    rows = rows if place_ids is None else rows.where(Report.place_id.in_(place_ids))
    rows = rows.options(joinedload(Edition.report).joinedload(Report.place)).order_by(Edition.recalled_at.desc(), Edition.id)
    return list(db.session.scalars(rows.limit(limit)))


#: What pages of places show of a finding; older snapshots keep no scale.
_SHOWN: Final = ("number", "title", "text", "judgement", "scale")


def _plain(snapshot: dict[str, Any]) -> Plain:
    """What pages of places show of a snapshot."""
    findings = tuple({k: f[k] for k in _SHOWN if k in f} for f in snapshot.get("findings", []))
    bodies = tuple(statements.authors(read(snapshot))) if snapshot.get("kind") == "review" else ()
    return snapshot.get("title", ""), snapshot.get("summary", ""), bodies, findings


def recommended(
    *,
    place_ids: Collection[int] | None = None,
    agency_id: int | None = None,
    review_id: int | None = None,
    only_open: bool = False,
) -> list[Addressee]:
    """Recommendations that anybody may read, newest review first: those of a report that is out.

    Every public page, table, feed, API and area report asks here, so that what a withdrawn report recommended is in none.
    """
    return made(place_ids=place_ids, agency_id=agency_id, review_id=review_id, only_open=only_open, reviews=out_reviews())


def out_reviews() -> Select[int | None]:
    """The ids of the reviews whose report is out."""
    return select(Report.review_id).join(Edition, Edition.report_id == Report.id).where(Edition.state == "released")
