"""Scheduling a report, what keeps it from coming out, correcting it, and the errors people report in it."""

from __future__ import annotations

from datetime import datetime

from scrutiny import transaction
from scrutiny.addresses import read_address
from scrutiny.areas.models import Place
from scrutiny.audit.service import digest, note
from scrutiny.evidence import queries as evidence
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.formats import moment
from scrutiny.reports import letters, queries, signing
from scrutiny.reports.models import Edition, ErrorReport, Report
from scrutiny.reviews.models import Review
from workflows.lifecycles.edition import EDITION
from workflows.refusals import Refused
from workflows.roles import Actor


def begin_report(review: Review) -> Report:
    """The report of a review, begun with a first draft edition if there is none yet."""
    report = queries.report_of(review.id)
    if report is None:
        report = Report(kind="review", reference=review.reference, review=review, place=review.place)
        report.editions.append(Edition(number=1, why="First edition"))
        db.session.add(report)
        db.session.flush()
    return report


def write_summary(report: Report, summary: str, *, by: Actor, at: datetime) -> None:
    """The summary in the officer's words; after sealing it stands as it was."""
    if _draft(report).state != "drafted":
        raise Refused("This edition is on its way out: take it off the schedule before changing its summary")
    report.summary = summary
    db.session.flush()
    note("summary_written", about=_about(report), within=_within(report), by=by, at=at, summary=digest(summary))


def blockers(review: Review, report: Report | None) -> list[str]:
    """Everything that keeps a review's report from coming out, each in a sentence that says what to do."""
    said = [*signing.not_ready_to_sign(review), *signing.lacks_signatures(review)]
    if report is None or not report.summary.strip():
        said.append("The report has no summary yet: write one")
    lodgings: dict[int, list[int]] = {}
    for finding in findings.of_review(review.id):
        if finding.state == "settled":
            for citation in finding.citations:
                lodgings.setdefault(citation.lodging_id, []).append(finding.number)
                if citation.file is not None and citation.file.marking != "open" and citation.lodging.marking == "open":
                    said.append(
                        f"Finding {finding.number} quotes {citation.file.name}, which is marked {citation.file.marking}: "
                        "cite a redacted version, or ask the agency to open it"
                    )
    for lodging in evidence.not_open(list(lodgings)):
        numbers = ", ".join(str(n) for n in sorted(set(lodgings[lodging.id])))
        said.append(
            f"Finding {numbers} rests on '{lodging.evidence.title}' of {lodging.evidence.agency.name}, which is marked "
            f"{lodging.marking}: agree a public summary with the agency, or do without it"
        )
    return said


def schedule_release(report: Report, release_at: datetime, *, by: Actor, at: datetime) -> Edition:
    """Set the day and time on which the report comes out by itself; refused while anything still keeps it back."""
    edition = _draft(report)
    held = blockers(report.review, report) if report.review else []
    if held:
        raise Refused(held[0])
    if release_at <= at:
        raise Refused("The day and time of release must be still to come")
    before = edition.state
    made = EDITION.make("schedule", edition, by=by)
    edition.release_at, edition.fault = release_at, ""
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before, release_at=release_at.isoformat())
    return edition


def unschedule(report: Report, *, by: Actor, at: datetime, why: str = "") -> None:
    """Take a report off the schedule before it is sealed."""
    edition = report.editions[-1]
    before = edition.state
    made = EDITION.make("unschedule", edition, by=by)
    edition.release_at, edition.fault = None, why
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before)


def withdraw(report: Report, *, by: Actor, at: datetime) -> bool:
    """Withdraw the edition that was still to come out, whose review is withdrawn; False where none was.

    A worker that holds it loses its claim, and with it the right to publish.
    """
    edition = report.editions[-1]
    if edition.state in ("released", "withdrawn"):
        return False
    before = edition.state
    made = EDITION.make("withdraw", edition, by=by)
    edition.release_at = edition.claim = edition.claimed_until = None
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before)
    return True


def correct(report: Report, why: str, *, by: Actor, at: datetime) -> Edition:
    """Begin a corrected edition; the earlier ones stay, and the new one says why it was made."""
    if report.editions[-1].state != "released":
        raise Refused("The last edition is not out yet: change that one instead")
    if not why.strip():
        raise Refused("Say what was wrong, for the correction notice")
    edition = Edition(number=len(report.editions) + 1, why=f"Correction: {why.strip()}")
    report.editions.append(edition)
    db.session.flush()
    _note("correction_begun", report, edition, by=by, at=at, why=digest(why))
    return edition


def begin_area_edition(place: Place, month: str, *, by: Actor, at: datetime) -> Edition | None:
    """The edition of a place's area report for a month, scheduled for now; None when that month has one already."""
    reference = f"A-{place.slug}"[:40]
    transaction.take_turn(f"edition of {reference}")
    report = queries.report_called(reference)
    if report is None:
        report = Report(kind="area", reference=reference, place=place, monthly=True)
        db.session.add(report)
        db.session.flush()
    if any(edition.why == month for edition in report.editions):
        return None
    edition = Edition(number=len(report.editions) + 1, why=month, release_at=at)
    report.editions.append(edition)
    db.session.flush()
    made = EDITION.make("schedule", edition, by=by)
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before="drafted", release_at=at.isoformat())
    return edition


def report_error(edition: Edition, *, where: str, text: str, address: str, by: Actor, at: datetime) -> ErrorReport:
    """Anyone may say that a released report is wrong; those who run the review are told."""
    if edition.state != "released":
        raise Refused("This report has not been published")
    address = read_address(address) if address else ""
    error = ErrorReport(edition=edition, where=where, text=text, address=address, at=at)
    db.session.add(error)
    db.session.flush()
    _note("error_reported", edition.report, edition, by=by, at=at, text=digest(text))
    letters.error_reported(error, at=at)
    return error


def decide_error(error: ErrorReport, state: str, decision: str, *, by: Actor, at: datetime) -> None:
    """Say what was done about an error: corrected, or no change; with the reason, which its reporter is sent."""
    if error.state != "reported":
        raise Refused(f"This was decided on {moment(error.decided_at)}")
    if state not in ("corrected", "no_change") or not decision.strip():
        raise Refused("Say whether the report is corrected, and why")
    error.state, error.decision, error.decided_by, error.decided_at = state, decision, by.reference, at
    db.session.flush()
    _note("error_decided", error.edition.report, error.edition, by=by, at=at, outcome=state)
    letters.error_decided(error, at=at)


def _draft(report: Report) -> Edition:
    """The edition still to come out."""
    edition = report.editions[-1]
    if edition.state == "released":
        raise Refused("This report is out: begin a correction to publish another edition")
    return edition


def _about(report: Report) -> str:
    """The plain reference kept in audit rows."""
    return f"report:{report.id}"


def _within(report: Report) -> str:
    """The review it is read with, or the place."""
    return f"review:{report.review_id}" if report.review_id else report.place.reference


def _note(event: str, report: Report, edition: Edition, *, by: Actor, at: datetime, before: str = "", **fields: str) -> None:
    """Into the audit trail, with the number of the edition."""
    note(
        event,
        about=_about(report),
        within=_within(report),
        by=by,
        at=at,
        before=before,
        after=edition.state,
        edition=edition.number,
        **fields,
    )
