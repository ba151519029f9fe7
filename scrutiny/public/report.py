"""A released report as its page shows it: the sealed snapshot, its maps, and what has happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.challenges import queries as challenges
from scrutiny.challenges import words as challenge_words
from scrutiny.editions.models import Edition, Report
from scrutiny.editions.published import recommended
from scrutiny.opendata.records import lodged_readable
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee
from scrutiny.recommendations.records import Record
from scrutiny.reports import queries
from scrutiny.reports.models import ErrorReport
from scrutiny.snapshots.area_snapshot import records_in
from scrutiny.snapshots.changes import Change, changes_between
from scrutiny.snapshots.presenters import ReportMap, content_of, maps_of
from scrutiny.snapshots.signed_content import plain_of_snapshot
from scrutiny.snapshots.snapshot import Snapshot, read, read_map
from workflows.roles import ANYONE

#: What came of each recommendation, by its number and agency.
Answers = dict[tuple[int, str], tuple[Addressee, Record]]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page of a report shows; `answers` holds, by number and agency, what came of each recommendation since.

    `records` are the recommendations an area report was sealed with.
    """

    edition: Edition
    snapshot: Any  # a Snapshot, or the plain values of an area report
    maps: tuple[ReportMap, ...]
    answers: Answers
    records: tuple[Record, ...]
    earlier: tuple[Edition, ...]
    newer: Edition | None
    corrected: tuple[ErrorReport, ...]
    changes: tuple[Change, ...]  # against the edition before this one
    content: dict[str, object]  # what snapshots/_content.html is given, where this is the report of a review


def page_of(edition: Edition, today: date) -> ReportPage:
    """The page of a released edition."""
    report, plain = edition.report, edition.snapshot or {}
    released = [one for one in report.editions if one.state == "released"]
    made = recommended(review_id=report.review_id) if report.review_id else []
    answers = {(row.recommendation.number, row.agency.name): (row, outcomes.record_of(row, today)) for row in made}
    whole = read(plain) if report.kind == "review" else None
    before = next((one for one in reversed(released) if one.number < edition.number), None)
    changes = _changes(before, whole) if whole else ()
    return ReportPage(
        edition=edition,
        snapshot=whole or plain,
        maps=maps_of(read_map(plain["map"]), plain["place"]["name"]),
        answers=answers,
        records=tuple(records_in(plain)) if report.kind == "area" else (),
        earlier=tuple(one for one in reversed(released) if one.number < edition.number),
        newer=next((one for one in reversed(released) if one.number > edition.number), None),
        corrected=tuple(_corrected_by(edition, before)) if changes else (),
        changes=changes,
        content=_content(report, whole, answers, today) if whole else {},
    )


def _content(report: Report, whole: Snapshot, answers: Answers, today: date) -> dict[str, object]:
    """What the report says, and what of it is challenged."""
    about = challenges.about_report(report.review_id or 0)
    challenged = {"report": report.reference, "about": about, "words": challenge_words}
    return content_of(whole, answers, published=_published(report, today)) | {"challenged": challenged}


def _published(report: Report, today: date) -> set[int]:
    """The evidence of a review that anybody may read, so that no link of its report leads nowhere."""
    return {lodging.id for lodging in lodged_readable(report.review, ANYONE, today)} if report.review else set()


def _changes(before: Edition | None, after: Snapshot) -> tuple[Change, ...]:
    """What an edition says otherwise than the one before it."""
    if before is None or before.snapshot is None:
        return ()
    return tuple(changes_between(plain_of_snapshot(read(before.snapshot)), plain_of_snapshot(after)))


def _corrected_by(edition: Edition, before: Edition | None) -> list[ErrorReport]:
    """The errors reported in earlier editions that were to be corrected when this edition was sealed, and not before."""
    since, until = before.sealed_at if before else None, edition.sealed_at
    return [
        row
        for row in queries.errors_reported(edition.report)
        if row.state == "corrected"
        and row.edition.number < edition.number
        and row.decided_at
        and (since is None or row.decided_at > since)
        and (until is None or row.decided_at <= until)
    ]
