"""A plan that was kept is shown for ever; what is checked today is checked where something new is typed, and at staging."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.reorganisation import service
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import check_plan, plain, read_plan
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reorganisation.scene import PLAN, settle
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

#: As an older version may have kept it: an address no longer accepted, a title too long, and words not known here.
OLDER = {
    **plain(check_plan(PLAN)),
    "title": "Two councils " * 20,
    "shape": "round",
    "new": [{**one, "email": "town clerk", "colour": "red"} for one in plain(check_plan(PLAN))["new"]],
}


@pytest.fixture
def kept(app: Flask, cast: SimpleNamespace) -> str:
    """The reference of a plan kept so."""
    with app.app_context(), writes_now():
        settle(cast)
        row = service.prepare(check_plan(PLAN), by=OPERATOR_ACTOR, at=NOW)
        row.plan = OLDER
        return row.reference


def test_every_plan_accepted_is_read_back_as_it_was() -> None:
    assert read_plan(plain(check_plan(PLAN))) == check_plan(PLAN)


def test_a_plan_that_would_be_refused_today_is_read() -> None:
    with pytest.raises(Refused):
        check_plan(OLDER)
    plan = read_plan(OLDER)
    assert (plan.title, plan.ending) == ("Two councils " * 20, check_plan(PLAN).ending)
    assert {one.email for one in plan.new} == {"town clerk"}
    for nothing in ({}, {"new": "x", "on": 3, "people": [], "ending": "E"}, {"new": [3, {}]}):
        assert read_plan(nothing).ending == ()


def test_its_pages_open_and_staging_says_what_is_wrong_with_it(
    app: Flask, kept: str, signed_in: Callable[..., FlaskClient]
) -> None:
    ada, home = signed_in("administrator"), f"/administration/reorganisations/{kept}"
    codes = [one["code"] for one in OLDER["new"]]
    pages = [home, f"{home}/what", f"{home}/preview", f"{home}/people", *(f"{home}/areas/{code}" for code in codes)]
    assert {page: ada.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    with app.app_context():
        row = db.session.query(Reorganisation).one()
        with pytest.raises(Refused, match="'title' must be a text of at most 200 letters"):
            service.stage(row, by=OPERATOR_ACTOR, at=NOW)
