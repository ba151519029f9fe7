"""`flask reviews open`."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review


def test_a_review_is_opened_with_its_drafts_as_one_json_document(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=[
            "reviews",
            "open",
            "--method",
            "council-task-and-finish",
            "--place",
            "E07900002",
            "--body",
            "loamshire-scrutiny",
            "--partner",
            "ofsted",
            "--title",
            "Buses",
            "--on",
            "2026-03-02",
            "--json",
        ]
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["review"].startswith("R-")
    assert {"id", "agency"} <= set(said["requests"][0])
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert (review.reference, review.title, review.state) == (said["review"], "Buses", "opened")
        assert [row.part for row in review.bodies] == ["lead", "partner"]
        kept = list(db.session.scalars(select(EvidenceRequest.id).order_by(EvidenceRequest.id)))
        assert kept == [row["id"] for row in said["requests"]]


def test_a_committee_that_may_not_lead_is_told_why_and_nothing_is_stored(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=["reviews", "open", "--method", "jtai", "--place", "E10900001", "--body", "loamshire-scrutiny"]
    )
    assert done.exit_code == 1
    assert "may not lead" in done.stderr
    assert done.stdout == ""
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Review)) == 0


def test_an_unknown_place_body_or_method_is_refused_in_a_sentence(app: Flask) -> None:
    good = {"--method": "council-task-and-finish", "--place": "E07900002", "--body": "loamshire-scrutiny"}
    for option, wrong in [("--method", "nonsense"), ("--place", "E99"), ("--body", "nobody")]:
        said = good | {option: wrong}
        done = app.test_cli_runner().invoke(args=["reviews", "open", *(part for pair in said.items() for part in pair)])
        assert done.exit_code == 1, option
        assert wrong in done.stderr


def test_what_to_mind_before_sending_is_said_beside_the_answer(app: Flask) -> None:
    with app.app_context():
        host = db.session.scalars(select(Body).where(Body.slug == "loamshire-scrutiny")).one()
        host.host_agency = db.session.scalars(select(Agency).where(Agency.name == "Ashby District Council")).one()
        db.session.commit()
    done = app.test_cli_runner().invoke(
        args=[
            "reviews",
            "open",
            "--method",
            "council-task-and-finish",
            "--place",
            "E07900002",
            "--body",
            "loamshire-scrutiny",
            "--on",
            "2026-03-02",
            "--json",
        ]
    )
    assert done.exit_code == 0, done.output
    board = next(row for row in json.loads(done.stdout)["requests"] if "Integrated Care" in row["agency"])
    assert any("A committee of a district council may not use" in warning for warning in board["warnings"])
    assert f"{board['agency']}: A committee of a district council may not use" in done.stderr
    assert board["duty"].startswith("may be invited")
