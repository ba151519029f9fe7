"""The page of an announced review: what is planned is called so, and once it is reported no past plan is told as a fact."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Flask
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.reports import jobs
from scrutiny.reviews.models import Phase, Review
from tests.scrutiny.reports.story import RELEASE, scheduled


def test_a_reported_review_shows_what_happened_and_calls_what_is_left_planned(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        edition = scheduled(cast)
        review_id, reference = edition.report.review_id, edition.report.reference
        with transaction.writes_now():
            first, *_, last = db.session.scalars(select(Phase).where(Phase.review_id == review_id).order_by(Phase.starts_on))
            first.title, last.title = "Asking around", "Looking back"
            last.starts_on = last.ends_on = RELEASE.date().replace(year=RELEASE.year + 1)
    before = app.test_client().get(f"/about/{reference}").text
    assert [words in before for words in ("Planned dates", "Asking around", "Report published")] == [True, True, False]
    with app.app_context():
        jobs.release_reports(at=RELEASE)
        assert db.session.get_one(Review, review_id).state == "reported"
    after = app.test_client().get(f"/about/{reference}").text
    said = (
        "Planned dates",
        "Asking around",
        "Report published",
        day(london_day(RELEASE)),
        "Planned after the report",
        "Looking back",
    )
    assert [words in after for words in said] == [False, False, True, True, True, True]
