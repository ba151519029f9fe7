"""Who finds a review, and what for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reviews import access, service
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from workflows.roles import ANYONE, OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 3, 2)


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    """Led by the committee, with one inspectorate as partner and the other as observer."""
    return opened(cast, observers=[db.session.get_one(Body, cast.cqc)])


def status(door: Callable[[], object]) -> int:
    """200 where the door opens, else what it says."""
    try:
        door()
    except HTTPException as refused:
        return refused.code or 0
    return 200


@pytest.mark.parametrize(
    ("who", "reads", "works", "runs"),
    [
        ("officer", 200, 200, 200),
        ("chair", 200, 200, 200),
        ("councillor", 200, 200, 403),
        ("inspector", 200, 200, 403),
        ("lead_inspector", 200, 200, 403),
        ("partner_inspector", 200, 403, 403),
        ("responder", 404, 404, 404),
        ("certifier", 404, 404, 404),
        ("administrator", 404, 404, 404),
    ],
)
def test_each_door_opens_to_whom_it_should(review: Review, who: str, reads: int, works: int, runs: int) -> None:
    by = acting(who)
    assert status(lambda: access.review_to_read(review.reference, by, TODAY)) == reads
    assert status(lambda: access.review_to_inspect(review.reference, by)) == works
    assert status(lambda: access.review_to_run(review.reference, by)) == runs


def test_a_stranger_finds_nothing_and_the_operator_runs_it(review: Review) -> None:
    assert status(lambda: access.review_to_read(review.reference, ANYONE, TODAY)) == 404
    assert status(lambda: access.review_to_run(review.reference, OPERATOR_ACTOR)) == 200


def test_a_body_that_left_reads_to_the_end_of_its_last_day(review: Review) -> None:
    row = next(row for row in review.bodies if row.part == "observer")
    service.end_body(review, row, by=acting("officer"), at=NOW)
    by = acting("partner_inspector")
    assert status(lambda: access.review_to_read(review.reference, by, TODAY)) == 200
    assert status(lambda: access.review_to_read(review.reference, by, date(2026, 3, 3))) == 404


def test_the_public_door_opens_on_the_day_of_the_announcement(review: Review) -> None:
    assert status(lambda: access.public_review(review.reference, TODAY)) == 404
    service.announce(review, date(2026, 3, 3), by=acting("officer"), at=NOW)
    assert status(lambda: access.public_review(review.reference, TODAY)) == 404
    assert status(lambda: access.public_review(review.reference, date(2026, 3, 3))) == 200
    assert status(lambda: access.public_review("R-1999-001", TODAY)) == 404


def test_a_review_is_opened_in_two_statements_however_many_take_part(review: Review) -> None:
    """Every page of a review begins so: with its place and who takes part; its lines and phases are for pages that show them."""
    reference, sent = review.reference, []
    db.session.commit()
    db.session.expunge_all()

    def heard(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        found = access.review_to_run(reference, OPERATOR_ACTOR)
        told = {row.body.name: row.body.host_agency for row in found.bodies}
        assert (len(told), bool(found.place.name)) == (3, True)
        assert len(sent) == 2, sent
        assert found.lines
        assert all(row.edition.version for row in found.editions)
        assert len(sent) == 4, sent
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)
