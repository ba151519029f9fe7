"""The pages of sign-off and release: who finds them, what they say, and that a mistake loses nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.editions.models import Edition, EditionFile
from scrutiny.extensions import db
from scrutiny.reports import jobs, planned_release, service
from scrutiny.reports.models import ErrorReport, Signature
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled, summed_up
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
VOTE = {"office": "Chair", "meeting_on": ["2", "3", "2026"], "votes_for": "7", "votes_against": "2", "abstained": "1"}


def ready_to_be_signed(cast: SimpleNamespace) -> str:
    """A review with all that is signed: its reference."""
    with transaction.writes_now():
        review, lodging = answered(cast)
        found(review, lodging, cast.fire)
        summed_up(review)
        return str(review.reference)


@pytest.fixture
def reference(as_built: Callable[..., str]) -> str:
    """A review ready to be signed, kept."""
    return as_built(ready_to_be_signed)


def test_the_chair_signs_and_the_page_says_whom_it_binds(app: Flask, reference: str, signed_in: SignIn) -> None:
    """The button, the vote, and nothing for the officer, who may not sign."""
    address = f"/reviews/{reference}/sign-off"
    chair = signed_in("chair")
    assert "It binds Loamshire Overview and Scrutiny Committee to the whole report above" in chair.get(address).text
    assert "It binds" not in signed_in("officer").get(address).text
    assert chair.post(address, data=VOTE).status_code == 302
    page = chair.get(address).text
    assert "7 for, 2 against, 1 abstained" in page
    assert "Nothing has changed since" in page


def test_a_vote_that_was_lost_is_refused_and_nothing_typed_is_lost(app: Flask, reference: str, signed_in: SignIn) -> None:
    """The page comes back with the office and the figures."""
    page = signed_in("chair").post(f"/reviews/{reference}/sign-off", data=VOTE | {"votes_for": "1", "office": "Vice-chair"})
    assert "more for than against" in page.text
    assert 'value="Vice-chair"' in page.text
    with app.app_context():
        assert db.session.scalars(select(Signature)).all() == []


def test_a_councillor_dissents_and_takes_it_back(reference: str, signed_in: SignIn) -> None:
    """In her own words, escaped."""
    client = signed_in("councillor")
    typed = {"finding": "0", "text": "<b>I do not agree</b>"}
    assert client.post(f"/reviews/{reference}/dissent", data=typed).status_code == 302
    page = client.get(f"/reviews/{reference}/sign-off").text
    assert "&lt;b&gt;I do not agree&lt;/b&gt;" in page
    assert client.post(f"/reviews/{reference}/dissent/1/take-back").status_code == 302
    assert "Nobody has dissented" in client.get(f"/reviews/{reference}/sign-off").text


@pytest.mark.parametrize("page", ["sign-off", "report", "report/preview", "dissent"])
@pytest.mark.parametrize("who", ["responder", "fire_responder", "stranger", "administrator", "partner_inspector"])
def test_nobody_outside_the_review_finds_its_pages(reference: str, signed_in: SignIn, who: str, page: str) -> None:
    """Not an agency, not another body."""
    assert signed_in(who).get(f"/reviews/{reference}/{page}").status_code == 404


def test_a_partner_signs_off_but_does_not_run_the_report(reference: str, signed_in: SignIn) -> None:
    """It reads who has signed; the summary and the release are the lead's."""
    partner = signed_in("lead_inspector")
    assert partner.get(f"/reviews/{reference}/sign-off").status_code == 200
    assert partner.get(f"/reviews/{reference}/report").status_code == 403


def test_the_officer_writes_the_summary_and_schedules_the_release(app: Flask, reference: str, signed_in: SignIn) -> None:
    """What is holding it up is said until nothing does; a day in the past is refused."""
    officer, address = signed_in("officer"), f"/reviews/{reference}/report"
    assert "has not signed" in officer.get(address).text
    assert officer.post(address, data={"summary": "They wait too long.", "save": "y"}).status_code == 302
    assert "has not signed" in officer.get(address).text
    signed_in("chair").post(f"/reviews/{reference}/sign-off", data=VOTE)
    typed = {"summary": "They wait too long.", "hour": "09:30", "release": "y"}
    assert "Enter the day of release" in officer.post(address, data=typed).text
    past = officer.post(address, data=typed | {"on": ["1", "1", "2020"]})
    assert "must be still to come" in past.text
    ahead = typed | {"on": ["27", "11", "2035"]}
    unseen = officer.post(address, data=ahead)
    assert "Say that you have seen this first: " in unseen.text
    ahead["seen"] = re.findall(r'name="seen"[^>]*value="([^"]+)"', unseen.text)
    assert officer.post(address, data=ahead).status_code == 302
    assert "27 November 2035 at 9:30am" in officer.get(address).text
    assert officer.post(f"{address}/unschedule").status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Edition.state)).one() == "drafted"


def test_the_draft_can_be_read_and_printed_before(reference: str, signed_in: SignIn) -> None:
    """Plainly as a draft."""
    officer = signed_in("officer")
    assert "Draft: not published" in officer.get(f"/reviews/{reference}/report/preview").text
    assert officer.get(f"/reviews/{reference}/report/preview?as=pdf").data.startswith(b"%PDF")


def test_a_scheduled_report_is_read_by_those_who_may(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    """From its own page by those who run it, from the pages of the review by the others whose bodies sign it."""
    with app.app_context():
        at = f"/reviews/{scheduled(cast).report.review.reference}"
        transaction.commit()
    preview = f"{at}/report/preview"
    page = signed_in("officer").get(f"{at}/report").text
    assert "The report is scheduled for publication" in page
    assert f'href="{preview}"' in page
    for who in ("inspector", "councillor"):
        client = signed_in(who)
        assert f'href="{preview}"' in client.get(at).text
        assert "Draft: not published" in client.get(preview).text
    assert f'href="{preview}"' not in signed_in("partner_inspector").get(at).text


def test_a_release_off_the_timetable_is_remarked_on(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with app.app_context():
        edition = scheduled(cast)
        review = edition.report.review
        at, phase = f"/reviews/{review.reference}/report", planned_release.phase_of_release(review)
        assert phase is not None
        when = {
            "before": phase.starts_on - timedelta(days=3),
            "within": phase.ends_on,
            "after": phase.ends_on + timedelta(days=1),
        }
        said = {key: planned_release.off_plan(review, day) for key, day in when.items()}
        planned = planned_release.planned(review)
        transaction.commit()
    assert said == {"before": "The release is 3 days before that.", "within": "", "after": "The release is 1 day after that."}
    assert planned.startswith("The timetable has “Publication and notice” on ")
    page = signed_in("officer").get(at).text
    assert planned in page
    assert re.search(r"The release is \d+ days before that\.", page), "the story releases on its second day"


def test_an_error_is_reported_decided_and_corrected(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    """The officer decides; a corrected edition says why it was made and is signed anew like the first."""
    with app.app_context():
        edition = scheduled(cast)
        jobs.release_reports(at=RELEASE)
        with transaction.writes_now():
            edition = db.session.get_one(Edition, edition.id)
            service.report_error(
                edition, where="finding 1", text="A wrong figure", address="reader@example.org", by=acting("stranger"), at=NOW
            )
        reference = edition.report.reference
    officer, address = signed_in("officer"), f"/reviews/{reference}/report"
    assert "A wrong figure" in officer.get(f"{address}/errors/1").text
    assert officer.post(f"{address}/errors/1", data={"state": "corrected", "decision": "Yes."}).status_code == 302
    assert officer.post(f"{address}/correct", data={"why": "A figure was wrong."}).status_code == 302
    assert "Correction: A figure was wrong." in officer.get(address).text
    with app.app_context():
        assert db.session.scalars(select(ErrorReport.state)).one() == "corrected"
        assert [e.state for e in db.session.scalars(select(Edition).order_by(Edition.number))] == ["released", "drafted"]


def test_the_command_prints_the_sealed_report_again_byte_for_byte(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> None:
    """And a draft, plainly one, before; an unknown reference is a sentence and status 1."""
    runner, path = app.test_cli_runner(), tmp_path / "report.pdf"
    with app.app_context():
        edition = scheduled(cast)
        reference = edition.report.reference
    draft = json.loads(runner.invoke(args=["reports", "print", reference, "--to", str(path), "--json"]).stdout)
    assert (draft["state"], path.read_bytes()[:4]) == ("draft", b"%PDF")
    with app.app_context():
        jobs.release_reports(at=RELEASE)
        kept = {file.kind: file.sha256 for file in db.session.scalars(select(EditionFile))}
    said = json.loads(runner.invoke(args=["reports", "print", reference, "--to", str(path), "--json"]).stdout)
    assert (said["state"], said["sha256"]) == ("released", kept["pdf"])
    wrong = runner.invoke(args=["reports", "print", "R-1999-001", "--to", str(path)])
    assert wrong.exit_code == 1
    assert "no report or review called R-1999-001" in wrong.output


def test_a_reported_review_is_closed_by_those_who_ran_it(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    """Its recommendations go on being followed."""
    with app.app_context():
        reference = scheduled(cast).report.reference
        jobs.release_reports(at=RELEASE)
    officer = signed_in("officer")
    assert "1 recommendation is not closed yet" in officer.get(f"/reviews/{reference}/report").text
    assert officer.post(f"/reviews/{reference}/report/close").status_code == 302
    assert "Closed" in officer.get(f"/reviews/{reference}/report").text
