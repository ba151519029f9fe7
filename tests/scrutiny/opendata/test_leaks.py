"""What is not published is not there: a table of what is asked for, who asks, and on which surface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import transaction
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.reviews.models import Review
from tests.scrutiny.reports.story import RELEASE, WORDS, answered, found, scheduled

ROLES = ("anyone", "officer", "councillor", "inspector", "partner_inspector", "fire_responder", "responder", "administrator")
#: the bodies of the review: those who run it, read it, work on it; then agencies it asked
BODIES = ("officer", "councillor", "inspector")
ASKED = ("fire_responder", "responder")
PLACE = (
    "/",
    "/places/E07900002",
    "/places/E10900001",
    "/find?q=Barrow",
    "/reports",
    "/data/reports.csv",
    "/data/recommendations.csv",
    "/api/v1/reports",
    "/api/v1/recommendations",
)

#: address: who finds something there while the review is not announced; everybody else is answered 404
BEFORE_IT_IS_ANNOUNCED = {
    "/about/R": (),
    "/reports/R": (),
    "/reports/R.pdf": (),
    "/reports/R/data.json": (),
    "/reports/R/error": (),
    "/api/v1/reports/R": (),
    "/api/v1/reviews/R": (*BODIES, *ASKED),
    "/api/v1/reviews/R/requests": (*BODIES, *ASKED),
    "/api/v1/reviews/R/evidence": (*BODIES, *ASKED),
    "/api/v1/reviews/R/matrix": BODIES,
    "/api/v1/reviews/R/findings": BODIES,
}
#: the same once it is announced and before its report is out
BEFORE_THE_REPORT = BEFORE_IT_IS_ANNOUNCED | {"/about/R": ROLES, "/api/v1/reviews/R": ROLES, "/api/v1/reviews/R/evidence": ROLES}
#: the same once the report is out
AFTER_THE_REPORT = dict.fromkeys(BEFORE_IT_IS_ANNOUNCED, ROLES) | {"/api/v1/reviews/R/matrix": BODIES}


@pytest.fixture
def on_its_way(app: Flask, cast: SimpleNamespace) -> str:
    """A report that comes out tomorrow: answered, found, signed. The reference of its review."""
    with app.app_context():
        edition = scheduled(cast)
        return edition.report.reference


@pytest.fixture
def asking(client: FlaskClient, signed_in: Callable[..., FlaskClient]) -> Callable[[str], FlaskClient]:
    """A client for each role."""
    return lambda role: client if role == "anyone" else signed_in(role)


def _announce(app: Flask, reference: str, on: date | None) -> None:
    """Set the day on which the review may be known."""
    with app.app_context(), transaction.writes_now():
        db.session.scalars(db.select(Review).where(Review.reference == reference)).one().announced_on = on


def _check(asking: Callable[[str], FlaskClient], reference: str, table: dict[str, tuple[str, ...]]) -> None:
    """Every address, every role."""
    wrong = []
    for role in ROLES:
        client = asking(role)
        for address, seen_by in table.items():
            status = client.get(address.replace("/R", f"/{reference}")).status_code
            if status != (200 if role in seen_by else 404):
                wrong.append((address, role, status))
    assert not wrong


def test_before_a_review_is_announced_only_its_bodies_and_those_it_asked_know(
    app: Flask, on_its_way: str, asking: Callable[[str], FlaskClient]
) -> None:
    """Neither page nor API tells anybody else, and no list names it."""
    _announce(app, on_its_way, None)
    _check(asking, on_its_way, BEFORE_IT_IS_ANNOUNCED)
    for address in (*PLACE, "/api/v1/reviews"):
        for role in ("anyone", "partner_inspector", "fire_responder", "administrator"):
            text = asking(role).get(address).text
            assert on_its_way not in text, (address, role)
            assert "s mental health" not in text.replace("&#39;s", "s"), (address, role)


def test_before_the_report_is_out_strangers_know_title_place_bodies_and_dates(
    app: Flask, on_its_way: str, asking: Callable[[str], FlaskClient], cast: SimpleNamespace
) -> None:
    """And nothing of what was asked, answered, found or recommended."""
    _check(asking, on_its_way, BEFORE_THE_REPORT)
    stranger = asking("anyone")
    known = stranger.get(f"/api/v1/reviews/{on_its_way}").json
    assert known["title"] == "Children's mental health"
    assert (known["reason"], known["lines"]) == (None, None)
    pages = (*PLACE, f"/about/{on_its_way}", f"/agencies/{cast.fire}", f"/api/v1/reviews/{on_its_way}/evidence")
    for address in pages:
        text = stranger.get(address).text
        for secret in (WORDS, "Children wait too long", "Publish waiting times", "R-2026-001/P"):
            assert secret not in text, (address, secret)


def test_an_agency_sees_its_own_and_no_other(
    on_its_way: str, asking: Callable[[str], FlaskClient], cast: SimpleNamespace
) -> None:
    """Its requests as it has them, its evidence; the other agencies are not told of."""
    fire = asking("fire_responder")
    assert {row["agency_id"] for row in fire.get(f"/api/v1/reviews/{on_its_way}/requests").json} == {cast.fire}
    assert [row["text"] for row in fire.get(f"/api/v1/reviews/{on_its_way}/evidence").json] == [WORDS]
    police = asking("responder")
    assert {row["agency_id"] for row in police.get(f"/api/v1/reviews/{on_its_way}/requests").json} == {cast.police}
    assert police.get(f"/api/v1/reviews/{on_its_way}/evidence").json == []


def test_the_asker_is_not_told_what_an_agency_has_only_begun(on_its_way: str, asking: Callable[[str], FlaskClient]) -> None:
    """Answered, or with the certifier, is still waiting or late."""
    rows = asking("officer").get(f"/api/v1/reviews/{on_its_way}/requests").json
    states = {item["state"] for row in rows for item in row["items"]}
    assert states <= {"waiting", "due-soon", "overdue", "answered", "accepted"}


def test_once_the_report_is_out_all_but_the_matrix_is_public(
    app: Flask, on_its_way: str, asking: Callable[[str], FlaskClient]
) -> None:
    """What was asked, the answers marked open, the findings; still not how each item stands."""
    with app.app_context():
        jobs.release_reports(at=RELEASE)
    _check(asking, on_its_way, AFTER_THE_REPORT)
    stranger = asking("anyone")
    asked = stranger.get(f"/api/v1/reviews/{on_its_way}/requests").json
    assert {item["state"] for row in asked for item in row["items"]} == {None}
    assert [row["text"] for row in stranger.get(f"/api/v1/reviews/{on_its_way}/evidence").json] == [WORDS]
    (finding,) = stranger.get(f"/api/v1/reviews/{on_its_way}/findings").json
    assert (finding["title"], finding["state"]) == ("Children wait too long", "published")
    (made,) = stranger.get("/api/v1/recommendations?place=E07900002").json
    assert "response_due_why" in made
    assert (made["agency"], made["state"]) == ("Loamshire Fire and Rescue", "awaited")
    assert stranger.get("/api/v1/recommendations?place=E07900001").json == []


def test_an_exempt_answer_is_never_public(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    """Not when the lead has released the list of what was asked, either."""
    with app.app_context(), transaction.writes_now():
        review, lodging = answered(cast, "exempt")
        found(review, lodging, cast.fire)
        review.list_released_on = date(2026, 3, 2)
        reference, lodging_id = review.reference, lodging.id
    assert client.get(f"/api/v1/reviews/{reference}/evidence").json == []
    assert client.get(f"/evidence/{lodging_id}").status_code == 404
    assert WORDS not in client.get(f"/about/{reference}").text
