"""A report comes out on its moment, exactly once, whatever dies on the way; what is sealed is what is shown."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.audit import queries as audit
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.reports.models import Signature
from scrutiny.snapshots.files import files_of
from scrutiny.work import claims
from tests.conftest import NOW
from tests.scrutiny.adapters.conformance import faults_of
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting

LATER = RELEASE + timedelta(minutes=1)


def _letters(kind: str) -> int:
    """How many letters of a kind were written."""
    return db.session.scalar(select(func.count()).select_from(Letter).where(Letter.kind == kind)) or 0


@pytest.mark.usefixtures("context")
def test_a_report_comes_out_on_its_moment_and_not_before(cast: SimpleNamespace) -> None:
    """Nothing a minute early; then page, files, recommendations, review, evidence and letters, all at once."""
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE - timedelta(minutes=1))
    assert db.session.get_one(Edition, edition_id).state == "scheduled"

    assert jobs.release_reports(at=RELEASE) == "1 released"
    edition = db.session.get_one(Edition, edition_id)
    assert edition.state == "released"
    assert edition.released_at is not None
    assert RELEASE <= edition.released_at < RELEASE + timedelta(minutes=1), "when it was out, after it was printed"
    assert edition.report.review is not None
    assert edition.report.review.state == "reported"
    addressee = db.session.scalars(select(Addressee)).one()
    assert addressee.recommendation.state == "made"
    assert addressee.received_on is None, "its letter has not gone yet"
    assert db.session.scalars(select(Lodging.public_from).where(Lodging.lodged_at.is_not(None))).one() == edition.released_at
    assert _letters("report_released") > 1
    assert _letters("recommendation_made") == 1
    assert audit.faults_found() == []


@pytest.mark.usefixtures("context")
def test_running_again_releases_nothing_twice(cast: SimpleNamespace) -> None:
    """The next minute finds nothing to do."""
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE)
    letters, digest = _letters("report_released"), db.session.get_one(Edition, edition_id).digest
    assert jobs.release_reports(at=LATER) == ""
    assert (_letters("report_released"), db.session.get_one(Edition, edition_id).digest) == (letters, digest)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("step", ["_print", "_release"])
def test_a_report_broken_off_between_two_steps_goes_on_from_there(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What was sealed stays sealed; the next run prints and releases the same words."""
    edition_id = scheduled(cast).id

    def dies(*args: object) -> bool:
        raise RuntimeError("the process died here")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, step, dies)
        jobs.release_reports(at=RELEASE)
    edition = db.session.get_one(Edition, edition_id)
    assert edition.state == {"_print": "sealed", "_release": "printed"}[step]
    digest = edition.digest
    assert jobs.release_reports(at=LATER) == "1 released"
    assert db.session.get_one(Edition, edition_id).digest == digest


@pytest.mark.usefixtures("context")
def test_a_worker_that_lost_its_claim_writes_nothing(cast: SimpleNamespace) -> None:
    """It was frozen while it printed; another released meanwhile; it comes back to a fence."""
    edition_id = scheduled(cast).id
    with transaction.writes_now():
        token = claims.claim(Edition, edition_id, at=RELEASE)
    assert token is not None
    after_the_lease = RELEASE + claims.LEASE + timedelta(minutes=1)
    assert jobs.release_reports(at=after_the_lease) == "1 released"
    letters = _letters("report_released")
    assert jobs._release(edition_id, token, after_the_lease) is False
    assert _letters("report_released") == letters


@pytest.mark.usefixtures("context")
def test_a_change_after_signing_voids_the_signature_and_holds_the_report_back(cast: SimpleNamespace) -> None:
    """It says what changed, to whoever signed and to whoever runs the review; nothing is published."""
    edition = scheduled(cast)
    with transaction.writes_now():
        recommendation = edition.report.review and db.session.scalars(select(Addressee)).one().recommendation
        recommendation.measure = "Another measure"
    assert jobs.release_reports(at=RELEASE) == "1 reviews with signatures voided"
    signature = db.session.scalars(select(Signature)).one()
    assert signature.voided_at == RELEASE
    letter = db.session.scalars(select(Letter).where(Letter.kind == "signature_voided")).one()
    assert "Since then, this has changed: Recommendation 1, how it will be measured." in letter.text
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.state, edition.fault) == ("drafted", "Loamshire Overview and Scrutiny Committee has not signed")
    assert _letters("signature_voided") == 1
    assert _letters("report_held") == 2, "to the officer and the chair, not to every councillor"
    assert _letters("report_released") == 0


@pytest.mark.usefixtures("context")
def test_what_is_sealed_is_what_is_printed_and_can_be_checked(cast: SimpleNamespace) -> None:
    """The data's SHA-256 is the digest in the PDF; the PDF passes the rules; made again all are the same, byte for byte."""
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE)
    edition = db.session.get_one(Edition, edition_id)
    files = {file.kind: file for file in edition.files}
    data = fitted.files().read(files["data"].sha256)
    assert hashlib.sha256(data).hexdigest() == edition.digest
    assert json.loads(data) == edition.snapshot
    pdf = fitted.files().read(files["pdf"].sha256)
    assert faults_of(pdf) == []
    assert edition.snapshot is not None
    assert edition.sealed_at is not None
    again = files_of(edition.snapshot, edition.digest, sealed_at=edition.sealed_at)
    assert [one.content for one in again] == [fitted.files().read(files[one.kind].sha256) for one in again]
    assert {one.kind for one in again} == {"pdf", "data", "word"}


@pytest.mark.usefixtures("context")
def test_the_area_report_comes_once_a_month(cast: SimpleNamespace) -> None:
    """It joins what was released and what is open; a second run in the month makes no second one."""
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    post_letters(at=RELEASE)
    assert jobs.compose_area_reports(at=RELEASE + timedelta(days=5)) == "", "first reported on this month: the next will do"
    first = RELEASE.replace(month=4, day=1)
    assert jobs.compose_area_reports(at=first) == "1 area reports for April 2026"
    edition = db.session.scalars(select(Edition).where(Edition.why == "April 2026")).one()
    assert edition.state == "released"
    assert edition.snapshot is not None
    assert [f["title"] for f in edition.snapshot["findings"]] == ["Children wait too long"]
    assert [r["state"] for r in edition.snapshot["recommendations"]] == ["awaited"]
    assert jobs.compose_area_reports(at=first + timedelta(hours=1)) == ""
    assert jobs.compose_area_reports(at=first.replace(month=5)) == "1 area reports for May 2026"


def test_a_stranger_finds_a_report_only_after_its_release(app: Flask, cast: SimpleNamespace) -> None:
    """Page, PDF and data alike."""
    client = app.test_client()
    with app.app_context():
        reference = scheduled(cast).report.reference
    addresses = [f"/reports/{reference}.pdf", f"/reports/{reference}/data.json"]
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    with app.app_context():
        jobs.release_reports(at=RELEASE)
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data.startswith(b"%PDF")
    assert "attachment" in answers[0].headers["Content-Disposition"]


@pytest.mark.usefixtures("context")
def test_evidence_not_marked_open_keeps_a_report_back_by_name(cast: SimpleNamespace) -> None:
    """Sealing refuses it, naming the finding, the evidence and its agency."""
    with pytest.raises(Exception, match=r"Finding 1 rests on '.*' of Loamshire Fire and Rescue, which is marked exempt"):
        scheduled(cast, marking="exempt")


@pytest.mark.usefixtures("context")
def test_the_moment_of_release_must_be_to_come(cast: SimpleNamespace) -> None:
    """Yesterday is refused in a sentence."""
    edition = scheduled(cast)
    jobs.service.unschedule(edition.report, by=acting("officer"), at=NOW)
    with pytest.raises(Exception, match="still to come"):
        jobs.service.schedule_release(edition.report, NOW - timedelta(days=1), by=acting("officer"), at=NOW)
