"""The doors of reports: to run one, to withdraw what is out; to read and download an edition once released."""

from __future__ import annotations

from flask import abort

from scrutiny.editions import queries, recalling, sealing
from scrutiny.editions.models import Edition, EditionFile, Report
from scrutiny.reviews import access as reviews
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def report_to_run(reference: str, by: Actor) -> tuple[Review, Report | None]:
    """A review the actor runs, with its report if begun."""
    review = reviews.review_to_run(reference, by)
    return review, queries.report_of(review.id)


def report_out_to_run(reference: str, by: Actor, number: int | None = None) -> tuple[Review, Report]:
    """A report the actor runs that anyone can read now, or whose edition of a number anyone can."""
    review, report = report_to_run(reference, by)
    if report is None or queries.released_edition(report, number) is None:
        abort(404)
    return review, report


def released(reference: str, number: int | None = None) -> Edition:
    """A released edition, for anyone, as it was sealed; before its release there is none, and of one withdrawn the notice."""
    report = queries.report_called(reference)
    found = queries.released_edition(report, number) if report else None
    if found is None:
        withdrawn = recalling.recalled(reference, number)
        if withdrawn is not None:
            abort(410, recalling.notice(withdrawn))
        abort(404)
    sealing.check(found)
    return found


def file_released(reference: str, kind: str, number: int | None = None) -> tuple[Edition, EditionFile]:
    """A file of a released edition, for anyone."""
    edition = released(reference, number)
    found = next((file for file in edition.files if file.kind == kind), None)
    if found is None:
        abort(404)
    return edition, found
