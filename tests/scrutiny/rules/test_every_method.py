"""Each method shipped opens a review of a real place, asks its agencies, and is shown as a page."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.asking.drafting import draft_requests
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from scrutiny.rules.queries import calendars_in_force, rules
from tests.conftest import NOW
from workflows.kinds import BODY_KINDS
from workflows.phases import timetable_of
from workflows.roles import OPERATOR_ACTOR

SHIPPED = (
    "area-assessment",
    "area-send",
    "call-in",
    "council-task-and-finish",
    "crime-and-disorder",
    "health-variation",
    "joint-scrutiny",
    "jtai",
    "panel-annual-report",
    "spotlight",
    "total-place",
)

#: The place of these tests has no commissioner, so that a panel asks the police alone.
FEWEST = {"panel-annual-report": 1}


def opened(cast: SimpleNamespace, key: str) -> Review:
    """A review under a method, led by a body of the kind it names first and joined by one of each other kind it lets join."""
    method = rules().methods[key]
    lead, *rest = (method.leads[0].kind, *(one.kind for one in method.joins))
    host = None if lead == "inspectorate" else db.session.get_one(Agency, cast.county_council)
    kinds = enumerate([lead, *rest])
    bodies = [Body(slug=f"body-{n}", name=f"{BODY_KINDS[kind]} {n}", kind=kind, host_agency=host) for n, kind in kinds]
    db.session.add_all(bodies)
    db.session.flush()
    return open_review(
        title=method.title,
        place=db.session.get_one(Place, cast.wide_place),
        place_on=NOW.date(),
        method_key=key,
        lead=bodies[0],
        partners=bodies[1:],
        starts_on=date(2026, 3, 3),
        by=OPERATOR_ACTOR,
        at=NOW,
    )


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("key", SHIPPED)
def test_each_opens_a_review_with_its_timetable_and_asks_the_agencies_of_the_place(cast: SimpleNamespace, key: str) -> None:
    review, method = opened(cast, key), rules().methods[key]
    assert review.state == "opened"
    phases = timetable_of(method, date(2026, 3, 3), calendars_in_force())
    wanted = [(phase.key, phase.starts_on, phase.ends_on) for phase in phases]
    assert [(phase.key, phase.starts_on, phase.ends_on) for phase in review.phases] == wanted
    assert [line.title for line in review.lines] == [line.title for line in method.lines]
    drafts = draft_requests(review, by=OPERATOR_ACTOR, at=NOW)
    assert len(drafts) >= FEWEST.get(key, 2)
    for draft in drafts:
        asked = [item.question.standard_key for item in draft.items]
        assert asked == [item.key for item in method.evidence_for(draft.agency.kind)]
        assert asked
        assert all(item.due_on and item.due_on > NOW.date() for item in draft.items)


@pytest.mark.parametrize("key", SHIPPED)
def test_each_is_a_page_that_tells_phases_people_and_law(client: FlaskClient, app: Flask, key: str) -> None:
    page = client.get(f"/methods/{key}?from=2026-03-03")
    text = page.get_data(as_text=True)
    method = app.extensions["rules"].methods[key]
    assert page.status_code == 200
    for words in (method.title, *(phase.title for phase in method.phases), *(line.title for line in method.lines)):
        assert escape(words) in text
    for told in (*(one.law for one in method.leads), *(one.title for one in method.follow_ups), method.outputs[0][1:]):
        assert escape(told) in text
    assert "<svg" in text


def test_the_list_of_methods_names_them_all(client: FlaskClient, app: Flask) -> None:
    text = client.get("/methods").get_data(as_text=True)
    assert set(SHIPPED) <= app.extensions["rules"].methods.keys()
    for key in SHIPPED:
        assert f"/methods/{key}" in text
