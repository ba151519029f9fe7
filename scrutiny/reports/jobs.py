"""Releasing reports on their moment, each in its own transactions, exactly once; and the monthly area reports.

A report goes out in three steps, each kept before the next: sealed, printed, released. A process that is killed between
two leaves the report at the step it reached; the next run goes on from there. The claim is the fence: whoever lost it
may not write, so no report is released twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.print_job import PdfMissing
from scrutiny.areas.models import Place
from scrutiny.audit import queries as audit
from scrutiny.audit.service import note
from scrutiny.editions import queries as editions
from scrutiny.editions.models import Edition, EditionFile, Report
from scrutiny.evidence import service as evidence
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.publication.service import accepted_lodgings
from scrutiny.recommendations.service import make_recommendations
from scrutiny.reports import area, letters, readiness, rhythms, service, signing
from scrutiny.reports.gather_review import Sealing, snapshot_of
from scrutiny.reports.models import Signature
from scrutiny.reports.readiness import Blocker
from scrutiny.requests import queries as requests
from scrutiny.reviews import service as reviews
from scrutiny.reviews.models import Review
from scrutiny.snapshots import area_snapshot
from scrutiny.snapshots.files import Made, files_of
from scrutiny.snapshots.signed_content import digest_of_plain
from scrutiny.snapshots.snapshot import EditionFacts
from scrutiny.stored_files import stored
from scrutiny.transaction import run, transactional, undo
from scrutiny.work import claims
from scrutiny.work.clock import Clock, running_from
from scrutiny.work.heartbeat import kept_alive
from workflows.jobs import job
from workflows.lifecycles.edition import EDITION
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """The papers signed for a report are in use for as long as their rows are there."""
    papers = select(Signature.paper_sha256).where(Signature.paper_sha256 != "")
    stored.counts_as_use(app, lambda: papers)


@job("release_reports")
def release_reports(*, at: datetime) -> str:
    """Void the signatures that no longer hold, then release every report whose moment has come; one failure stops no other."""
    voided = sum(_each(void_signatures, review_id, at) for review_id in signing.reviews_with_signatures())
    clock = running_from(at)
    released = sum(_each(release_one, edition_id, clock()) for edition_id in editions.editions_due(at))
    said = [f"{released} released"] if released else []
    return ", ".join(said + ([f"{voided} reviews with signatures voided"] if voided else []))


@job("compose_area_reports")
def compose_area_reports(*, at: datetime) -> str:
    """Begin this month's area report of every place that is due one, where it would tell anything new.

    A place reported on before the month is due one each month, unless an administrator chose otherwise. release_reports
    then sends it out.

    It also runs at every start, so that a first of the month on which nothing ran is made good; a place reported on for
    the first time this month waits for the next.
    """
    month = f"{london_day(at):%B %Y}"
    begun = sum(_each(lambda key, now: _begin_area_report(key, month, now), place_id, at) for place_id in rhythms.places_due(at))
    if begun:
        release_reports(at=at)
    return f"{begun} area reports for {month}" if begun else ""


def publish_area_report(place_id: int, at: datetime) -> bool:
    """Publish the report of a place somebody chose now; it goes on as often as was chosen. False where nothing is new."""
    begun = _begin_area_report(place_id, f"{london_day(at):%B %Y}", at)
    if begun:
        release_reports(at=at)
    return begun


@transactional
def void_signatures(review_id: int, at: datetime) -> bool:
    """Enter the voiding of the stale signatures of one review; whether any was."""
    review = db.session.get(Review, review_id)
    return bool(review and signing.void_stale_signatures(review, by=TIMETABLE_ACTOR, at=at))


def release_one(edition_id: int, at: datetime) -> bool:
    """Take one edition from where it stands to released; False when another holds it, or it had to be held back."""
    token = run(lambda: claims.claim(Edition, edition_id, at=at))
    if token is None:
        return False
    clock = running_from(at)
    try:
        if not _seal(edition_id, token, at):
            return False
        undo()
        with kept_alive(Edition, edition_id, token, clock=clock, lease=claims.LEASE):
            is_printed = _print(edition_id, token, clock)
        return is_printed and _release(edition_id, token, clock())
    except Exception as error:
        _note_fault(edition_id, token, error)
        if isinstance(error, PdfMissing):
            log.warning("%s", error)
            return False
        raise


@transactional
def _note_fault(edition_id: int, token: str, error: Exception) -> None:
    """Give the claim up and keep why the edition did not come out."""
    if claims.publish(Edition, edition_id, token):
        edition = db.session.get_one(Edition, edition_id)
        edition.fault = error.sentence if isinstance(error, Refused) else "It could not be printed: see the log"


def _seal(edition_id: int, token: str, at: datetime) -> bool:
    """Compose the snapshot of one moment and seal it; a report that may no longer come out is held back."""
    with transaction.at_one_moment():
        edition = db.session.get_one(Edition, edition_id)
        if edition.claim != token or edition.state != "scheduled":
            return edition.claim == token
        report = edition.report
        held = _held_by(report, at)
        snapshot = None if held else _compose(edition, at)
    return _hold_back(edition_id, token, at) if snapshot is None else _keep_sealed(edition_id, token, snapshot, at)


def _compose(edition: Edition, at: datetime) -> dict[str, Any]:
    """The snapshot of an edition as the records stand."""
    report, day = edition.report, london_day(at)
    address = f"{current_app.config['SETTINGS'].public_url}/reports/{report.reference}"
    if report.review is not None:
        sealing = Sealing(EditionFacts(report.reference, edition.number, edition.why, address), audit.head(), day)
        return snapshot_of(report.review, report.summary, sealing, today=day).to_plain()
    about = {"reference": report.reference, "number": edition.number, "why": edition.why, "address": address}
    gathered = area.area_values(report.place, on=day, month=edition.why)
    return area_snapshot.compose_area(gathered, edition=about, audit=audit.head(), sealed_on=day.isoformat())


@transactional
def _keep_sealed(edition_id: int, token: str, snapshot: dict[str, Any], at: datetime) -> bool:
    """Seal a snapshot, unless something came up since it was composed that holds the report back."""
    edition = db.session.get_one(Edition, edition_id)
    if edition.claim != token or edition.state != "scheduled":
        return False
    if _held_by(edition.report, at):
        return _held(edition, token, at)
    edition.snapshot, edition.digest, edition.sealed_at = snapshot, compose_digest(snapshot), at
    edition.audit_number, edition.audit_digest = snapshot["audit"]["number"], snapshot["audit"]["digest"]
    _move("seal", edition, at)
    return True


@transactional
def _hold_back(edition_id: int, token: str, at: datetime) -> bool:
    """Hold back a report that may no longer come out, unless what stood in its way has gone: the next run looks again."""
    edition = db.session.get_one(Edition, edition_id)
    if edition.claim != token or edition.state != "scheduled":
        return False
    return _held(edition, token, at)


def _held_by(report: Report, at: datetime) -> list[Blocker]:
    """What keeps a report from coming out now; nothing keeps back the report of a place."""
    return readiness.blockers(report.review, report, on=london_day(at)) if report.review else []


def _held(edition: Edition, token: str, at: datetime) -> bool:
    """Take a report off its day for the first reason that holds it back, and tell its officers; never sealed: False."""
    report = edition.report
    held = _held_by(report, at)
    if held:
        service.unschedule(report, by=TIMETABLE_ACTOR, at=at, why=held[0].words)
        letters.report_held(report, edition, at=at)
    claims.publish(Edition, edition.id, token)
    return False


def _print(edition_id: int, token: str, clock: Clock) -> bool:
    """Print the sealed snapshot, with no transaction open, and keep the files."""
    edition = db.session.get_one(Edition, edition_id)
    if edition.state != "sealed":
        return edition.state == "printed"
    snapshot, digest, sealed_at = edition.snapshot or {}, edition.digest, edition.sealed_at or clock()
    undo()
    made = files_of(snapshot, digest, sealed_at=sealed_at)
    return _keep_printed(edition_id, token, [(one, fitted.files().keep(one.content).sha256) for one in made], clock())


@transactional
def _keep_printed(edition_id: int, token: str, files: list[tuple[Made, str]], at: datetime) -> bool:
    """The files are the edition's, and it is printed; not where another holds the claim by now."""
    edition = db.session.get_one(Edition, edition_id)
    if edition.claim != token:
        return False
    stored.take_turns(sha256 for _, sha256 in files)
    for one, sha256 in files:
        stored.enter(sha256, size=len(one.content), media_type=one.media_type, pages=one.pages, at=at)
    edition.files = [
        EditionFile(kind=one.kind, sha256=sha256, size=len(one.content), pages=one.pages, printed_with=one.printed_with)
        for one, sha256 in files
    ]
    _move("print", edition, at)
    return True


@transactional
def _release(edition_id: int, token: str, at: datetime) -> bool:
    """The page and the PDF come out, recommendations are made, every agency is written to: one transaction, behind the fence."""
    if not claims.publish(Edition, edition_id, token):
        return False
    edition = db.session.get_one(Edition, edition_id)
    report = edition.report
    edition.released_at, edition.fault = at, ""
    _move("release", edition, at)
    asked = []
    if report.review is not None:
        review = report.review
        if review.state == "opened":
            reviews.report_review(review, by=TIMETABLE_ACTOR, at=at)
        evidence.make_public(accepted_lodgings(review), by=TIMETABLE_ACTOR, at=at)
        evidence.count_from_report(review, reported_on=london_day(at), by=TIMETABLE_ACTOR, at=at)
        make_recommendations(review, by=TIMETABLE_ACTOR, at=at)
        asked = requests.agencies_of(review.id)
    letters.report_released(report, edition, asked, at=at)
    return True


def compose_digest(snapshot: dict[str, object]) -> str:
    """The digest printed in the report: SHA-256 of the snapshot's canonical JSON."""
    return digest_of_plain(snapshot)


@transactional
def _begin_area_report(place_id: int, month: str, at: datetime) -> bool:
    """Begin one place's edition for the month, where it would tell anything that the last one does not."""
    place = db.session.get_one(Place, place_id)
    last = editions.last_area_edition(place)
    if last is not None and area_snapshot.says_the_same(
        area.area_values(place, on=london_day(at), month=month), last.snapshot or {}
    ):
        return False
    return service.begin_area_edition(place, month, by=TIMETABLE_ACTOR, at=at) is not None


def _move(name: str, edition: Edition, at: datetime) -> None:
    """Make a move of the edition's lifecycle and note it."""
    before = edition.state
    made = EDITION.make(name, edition, by=TIMETABLE_ACTOR)
    db.session.flush()
    report = edition.report
    note(
        made.event,
        about=f"report:{report.id}",
        within=f"review:{report.review_id}" if report.review_id else report.place.reference,
        by=TIMETABLE_ACTOR,
        at=at,
        before=before,
        after=edition.state,
        edition=edition.number,
        digest=edition.digest,
    )


def _each(deed: Callable[[int, datetime], bool], key: int, at: datetime) -> bool:
    """One item by itself: its failure is logged and stops no other."""
    try:
        return deed(key, at)
    except Exception:  # around one item only
        undo()
        current_app.logger.exception("%s failed for %s", getattr(deed, "__name__", "a deed"), key)
        return False
