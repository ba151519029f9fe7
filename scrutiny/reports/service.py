"""Scheduling a report, what keeps it from coming out, correcting it, and the errors people report in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext

from scrutiny import transaction
from scrutiny.addresses import read_address
from scrutiny.areas.models import Place
from scrutiny.audit.service import digest, note
from scrutiny.editions import queries as editions
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.formats import london_day, moment
from scrutiny.reports import letters, queries, readiness
from scrutiny.reports.models import Acknowledgement, ErrorReport
from scrutiny.reports.readiness import Caution
from scrutiny.reviews.models import Review
from workflows.lifecycles.edition import EDITION
from workflows.refusals import Refused
from workflows.roles import Actor

#: States of an edition of which nothing more can be made.
OVER = ("released", "withdrawn", "recalled")


def begin_report(review: Review) -> Report:
    """The report of a review, begun with a first draft edition if there is none yet."""
    report = editions.report_of(review.id)
    if report is None:
        report = Report(kind="review", reference=review.reference, review=review, place=review.place)
        report.editions.append(Edition(number=1, why="First edition"))
        db.session.add(report)
        db.session.flush()
    return report


def write_summary(report: Report, summary: str, *, by: Actor, at: datetime) -> None:
    """The summary in the officer's words; after sealing it stands as it was."""
    if _draft(report).state != "drafted":
        raise Refused(gettext("This edition is on its way out: take it off the schedule before changing its summary"))
    report.summary = summary
    db.session.flush()
    note("summary_written", about=_about(report), within=_within(report), by=by, at=at, summary=digest(summary))


def schedule_release(
    report: Report, release_at: datetime, *, seen: Collection[str] | None = None, by: Actor, at: datetime
) -> Edition:
    """Set the day and time on which the report comes out by itself; refused while anything still keeps it back.

    `seen` are the keys of the cautions that whoever schedules it has looked at; each is kept with the name.
    """
    edition = _draft(report)
    if release_at <= at:
        raise Refused(gettext("The day and time of release must be still to come"))
    if report.review:
        held = readiness.blockers(report.review, report, on=london_day(release_at))
        if held:
            raise Refused(held[0].words)
        acknowledge(report.review, seen or (), on=london_day(release_at), by=by, at=at)
    before = edition.state
    made = EDITION.make("schedule", edition, by=by)
    edition.release_at, edition.fault = release_at, ""
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before, release_at=release_at.isoformat())
    letters.report_scheduled(report, edition, by=by, at=at)
    return edition


def acknowledge(review: Review, seen: Collection[str], *, on: date, by: Actor, at: datetime) -> None:
    """Keep by name that every caution about a report was looked at; refused while one was not."""
    known = queries.acknowledged(review.id)
    for caution in readiness.cautions(review, on=on):
        if caution.key in known:
            continue
        if caution.key not in seen:
            raise Refused(gettext("Say that you have seen this first: %(caution)s", caution=caution.words))
        see_caution(review, caution, by=by, at=at)


def see_caution(review: Review, caution: Caution, *, by: Actor, at: datetime) -> None:
    """Keep by name that somebody has looked at one caution."""
    db.session.add(Acknowledgement(review_id=review.id, key=caution.key, person=by.reference, name=by.name, at=at))
    db.session.flush()
    note("caution_seen", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, key=caution.key)


def give_up_correction(report: Report, *, by: Actor, at: datetime) -> None:
    """Give up a corrected edition that was begun and is not on its way: the one that is out stands."""
    edition = report.editions[-1]
    if edition.state != "drafted" or editions.released_edition(report) is None:
        raise Refused(gettext("There is no correction to give up"))
    withdraw(report, by=by, at=at)


def unschedule(report: Report, *, by: Actor, at: datetime, why: str = "") -> None:
    """Take a report off the schedule before it is sealed."""
    edition = report.editions[-1]
    before, was = edition.state, edition.release_at
    made = EDITION.make("unschedule", edition, by=by)
    edition.release_at, edition.fault = None, why
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before)
    if was is not None:
        letters.report_unscheduled(report, edition, was, by=by, at=at)


def withdraw(report: Report, *, by: Actor, at: datetime) -> bool:
    """Withdraw the edition that was still to come out, whose review is withdrawn; False where none was.

    A worker that holds it loses its claim, and with it the right to publish.
    """
    edition = report.editions[-1]
    if edition.state in OVER:
        return False
    before = edition.state
    made = EDITION.make("withdraw", edition, by=by)
    edition.release_at = edition.claim = edition.claimed_until = None
    db.session.flush()
    _note(made.event, report, edition, by=by, at=at, before=before)
    return True


def correct(report: Report, why: str, *, by: Actor, at: datetime) -> Edition:
    """Begin a corrected edition; the earlier ones stay, and the new one says why it was made."""
    been_out = any(edition.state in ("released", "recalled") for edition in report.editions)
    if report.editions[-1].state not in OVER or not been_out:
        raise Refused(gettext("The last edition is not out yet: change that one instead"))
    if not why.strip():
        raise Refused(gettext("Say what was wrong, for the correction notice"))
    edition = Edition(number=len(report.editions) + 1, why=f"Correction: {why.strip()}")
    report.editions.append(edition)
    db.session.flush()
    _note("correction_begun", report, edition, by=by, at=at, why=digest(why))
    return edition


def begin_area_edition(place: Place, month: str, *, by: Actor, at: datetime) -> Edition | None:
    """The edition of a place's area report for a month, scheduled for now; None when that month has one already."""
    reference = f"A-{place.slug}"[:40]
    transaction.take_turn(f"edition of {reference}")
    report = editions.report_called(reference)
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
        raise Refused(gettext("This report has not been published"))
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
        raise Refused(gettext("This was decided on %(decided_at)s", decided_at=moment(error.decided_at)))
    if state not in ("corrected", "no_change") or not decision.strip():
        raise Refused(gettext("Say whether the report is corrected, and why"))
    error.state, error.decision, error.decided_by, error.decided_at = state, decision, by.reference, at
    db.session.flush()
    _note("error_decided", error.edition.report, error.edition, by=by, at=at, outcome=state)
    letters.error_decided(error, at=at)


def _draft(report: Report) -> Edition:
    """The edition still to come out."""
    edition = report.editions[-1]
    if edition.state in OVER:
        raise Refused(gettext("This report is out: begin a correction to publish another edition"))
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
