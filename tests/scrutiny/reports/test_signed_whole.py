"""Everything that is published is signed: a changed summary voids, dissent does not, a vote is plausible and corrected openly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition, Report
from scrutiny.editions.queries import report_of
from scrutiny.extensions import db
from scrutiny.reports import dissenting, jobs, readiness, service, signing
from scrutiny.reports.models import Acknowledgement, Signature
from scrutiny.reports.signing import Entry
from scrutiny.reviews.models import Review
from scrutiny.snapshots import changes, signed_content
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, answered, found, schedule, scheduled, signed, summed_up
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

TODAY = date(2026, 3, 2)


@pytest.fixture
def review(context: None, cast: SimpleNamespace) -> Review:
    """A review with a settled finding, a recommendation and a summary, not signed yet."""
    review, lodging = answered(cast)
    found(review, lodging, cast.fire)
    summed_up(review)
    return review


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": "Another title"}, "Title of the report"),
        ({"reason": "Another reason"}, "Why the review was made"),
        ({"in_scope": "More"}, "In scope"),
        ({"out_of_scope": "Less"}, "Out of scope"),
    ],
)
def test_scope_and_title_are_signed(review: Review, change: dict[str, str], where: str) -> None:
    signed(review)
    for name, value in change.items():
        setattr(review, name, value)
    (row,) = signing.wanted(review)
    assert row.signature is None
    assert [changes.in_words(one) for one in row.changes] == [where]


def test_a_summary_changed_after_signing_voids_and_says_what_changed_word_by_word(review: Review) -> None:
    signed(review)
    report = report_of(review.id)
    assert report is not None
    service.write_summary(report, "Children in Barrow End wait far too long.", by=acting("officer"), at=NOW)
    (row,) = signing.wanted(review)
    assert row.signature is None
    assert [(piece.kind, piece.words) for piece in row.changes[0].pieces if piece.kind != "same"] == [("in", "far ")]
    assert "Loamshire Overview and Scrutiny Committee has not signed" in [
        blocker.words for blocker in readiness.blockers(review, report, on=TODAY)
    ]


def test_nobody_signs_a_report_without_a_summary(context: None, cast: SimpleNamespace) -> None:
    review, lodging = answered(cast)
    found(review, lodging, cast.fire)
    with pytest.raises(Refused, match="no summary yet"):
        signed(review)


def test_a_signature_from_before_covers_no_summary_and_no_longer_holds(review: Review) -> None:
    """Kept as it was: its judgements and agencies were keys, so that only what can be compared is said to have changed."""
    signed(review)
    row = db.session.scalars(select(Signature)).one()
    old = {
        "findings": {n: v | {"judgement": "key"} for n, v in row.signed["findings"].items()},
        "recommendations": {n: v | {"agencies": [4]} for n, v in row.signed["recommendations"].items()},
    }
    row.signed, row.digest = old, signed_content.digest_of_plain(old)
    (wanted,) = signing.wanted(review)
    assert wanted.signature is None
    assert wanted.changes == ()
    assert not signing.covers_all(row)


def test_dissent_tells_everybody_and_voids_nobody(review: Review, cast: SimpleNamespace) -> None:
    signed(review)
    committee = db.session.get_one(Body, cast.committee)
    dissenting.dissent(review, committee, text="No.", finding=None, by=acting("councillor"), at=NOW)
    assert signing.lacks_signatures(review) == []
    told = db.session.scalars(select(Letter.address).where(Letter.kind == "dissent_written")).all()
    assert sorted(told) == ["chair@example.org", "lead.inspector@example.org", "officer@example.org"]


def test_a_dissent_after_scheduling_is_read_before_the_report_comes_out(context: None, cast: SimpleNamespace) -> None:
    edition_id = scheduled(cast).id
    with transaction.writes_now():
        review = db.session.get_one(Edition, edition_id).report.review
        assert review is not None
        dissenting.dissent(review, review.lead, text="No.", finding=None, by=acting("councillor"), at=NOW)
    jobs.release_reports(at=RELEASE)
    edition = db.session.get_one(Edition, edition_id)
    assert edition.state == "drafted"
    assert "dissents from the report as a whole: read it before the report is published" in edition.fault
    with transaction.writes_now():
        report = db.session.get_one(Report, edition.report_id)
        with pytest.raises(Refused, match="Say that you have seen this first"):
            service.schedule_release(report, RELEASE + timedelta(days=1), by=acting("officer"), at=RELEASE)
        schedule(report, RELEASE + timedelta(days=1))
    kept = {row.key: row.name for row in db.session.scalars(select(Acknowledgement))}
    assert kept["dissent:1"] == acting("officer").name
    assert jobs.release_reports(at=RELEASE + timedelta(days=1)) == "1 released"


@pytest.mark.parametrize(
    ("votes", "meeting_on", "said"),
    [
        ((7, 2, 1), date(2027, 12, 1), "has not been held yet"),
        ((7, 2, 1), date(2026, 3, 1), "cannot have been voted on before"),
        ((9, 2, 1), TODAY, "has 11 seats, and 12 votes were entered"),
        ((2, 1, 0), TODAY, "needs 4 members to decide, and 3 votes were entered"),
        ((5, 5, 0), TODAY, "more for than against"),
    ],
)
def test_a_vote_is_plausible(review: Review, votes: tuple[int, int, int], meeting_on: date, said: str) -> None:
    review.lead.seats, review.lead.quorum = 11, 4
    with pytest.raises(Refused, match=said):
        signing.sign(review, review.lead, office="Chair", votes=votes, meeting_on=meeting_on, by=acting("chair"), at=NOW)


def test_a_signature_entered_wrongly_is_corrected_in_the_open(review: Review) -> None:
    signed(review)
    first = db.session.scalars(select(Signature)).one()
    right = Entry("Chair", (8, 2, 1), TODAY)
    for who, entry, why, said in (
        ("councillor", right, "A slip", "may correct its signature"),
        ("chair", right, " ", "Say what was wrong"),
        ("chair", signing.entered(first), "A slip", "Nothing is different"),
        ("chair", Entry("Chair", (1, 2, 0), TODAY), "A slip", "more for than against"),
    ):
        with pytest.raises(Refused, match=said):
            signing.correct_signature(first, entry, why, by=acting(who), at=NOW)
    second = signing.correct_signature(first, right, "One voter was missed", by=acting("chair"), at=NOW)
    (row,) = signing.wanted(review)
    assert row.signature is second
    assert (second.signed_at, second.name) == (first.signed_at, first.name)
    assert [(a.votes_for, b.correction_why) for a, b in signing.entries_corrected(second)] == [(7, "One voter was missed")]
    assert first.corrected_at == NOW


def test_a_correction_that_changes_nothing_is_not_published(context: None, cast: SimpleNamespace) -> None:
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE)
    later = RELEASE + timedelta(days=1)
    with transaction.writes_now():
        report = db.session.get_one(Edition, edition_id).report
        service.correct(report, "A word was wrong", by=acting("officer"), at=RELEASE)
    report = db.session.get_one(Report, report.id)
    assert report.review is not None
    words = [blocker.words for blocker in readiness.blockers(report.review, report, on=TODAY)]
    assert words == ["Nothing has changed since edition 1: change what is wrong, or give the correction up"]
    with transaction.writes_now():
        service.write_summary(report, "They wait.", by=acting("officer"), at=later)
    words = [blocker.words for blocker in readiness.blockers(report.review, report, on=TODAY)]
    assert words == ["Loamshire Overview and Scrutiny Committee has not signed"]
    with transaction.writes_now():
        service.give_up_correction(db.session.get_one(Report, report.id), by=acting("officer"), at=later)
    assert [edition.state for edition in db.session.get_one(Report, report.id).editions] == ["released", "withdrawn"]


@pytest.fixture
def kept(app: Flask, cast: SimpleNamespace) -> str:
    """The same review, kept, for pages."""
    with app.app_context(), transaction.writes_now():
        review, lodging = answered(cast)
        found(review, lodging, cast.fire)
        summed_up(review)
        return f"/reviews/{review.reference}"


def test_a_partner_reads_the_whole_draft_and_an_observer_does_not(kept: str, signed_in: Any) -> None:
    for who in ("inspector", "lead_inspector", "councillor", "chair"):
        for page in (f"{kept}/report/preview", f"{kept}/sign-off"):
            text = signed_in(who).get(page).text
            assert "Children in Barrow End wait too long." in text, (who, page)
            assert "Draft: not published" in text
            assert "was sealed on" not in text
    assert signed_in("lead_inspector").get(f"{kept}/report").status_code == 403
    assert signed_in("partner_inspector").get(f"{kept}/report/preview").status_code == 404
    assert "Dissent in my own words" in signed_in("inspector").get(f"{kept}/sign-off").text


def test_a_wrong_vote_is_corrected_on_its_page(kept: str, signed_in: Any) -> None:
    chair = signed_in("chair")
    vote = {"office": "Chair", "meeting_on": ["2", "3", "2026"], "votes_for": "7", "votes_against": "2", "abstained": "1"}
    assert chair.post(f"{kept}/sign-off", data=vote).status_code == 302
    address = f"{kept}/sign-off/signatures/1"
    assert 'value="7"' in chair.get(address).text
    refused = chair.post(address, data=vote | {"votes_for": "8", "why": ""})
    assert "Say what was wrong" in refused.text
    assert 'value="8"' in refused.text
    assert chair.post(address, data=vote | {"votes_for": "8", "why": "One hand was missed"}).status_code == 302
    page = chair.get(f"{kept}/sign-off").text
    assert "8 for, 2 against, 1 abstained" in page
    assert "first entered as: 7 for, 2 against, 1 abstained" in page
    assert "One hand was missed." in page
    for who, status in (("inspector", 403), ("stranger", 404), ("responder", 404), ("councillor", 403)):
        assert signed_in(who).get(f"{kept}/sign-off/signatures/2").status_code == status, who


def test_a_phase_the_method_marks_as_a_gate_holds_and_the_others_warn(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    """A joint inspection was released in its data phase, before fieldwork."""
    report = report_of(review.id)
    method = readiness.method_of(review.edition)
    before = [phase for phase in review.phases if phase.key == "evidence-sessions"]
    keys = {caution.key for caution in readiness.cautions(review, on=TODAY)}
    assert "phase:evidence-sessions" in keys
    assert "phase:response" not in keys, "what comes after the report is no warning"
    gated = tuple(replace(phase, gate=phase.key == "evidence-sessions") for phase in method.phases)
    monkeypatch.setattr(readiness, "method_of", lambda edition: replace(method, phases=gated))
    held = [blocker.words for blocker in readiness.blockers(review, report, on=before[0].ends_on)]
    assert any(words.endswith("the report cannot be published before it has ended") for words in held)
    assert "phase:evidence-sessions" not in {caution.key for caution in readiness.cautions(review, on=TODAY)}
    after = [blocker.words for blocker in readiness.blockers(review, report, on=before[0].ends_on + timedelta(days=1))]
    assert not any("before it has ended" in words for words in after)
