"""What the demonstration holds, and where it is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.queries import answering
from scrutiny.areas.models import Area
from scrutiny.areas.queries import area_on
from scrutiny.audit.queries import faults_found
from scrutiny.correspondence.models import Posting
from scrutiny.demo import county, layers
from scrutiny.demo.agencies import AGENCIES
from scrutiny.extensions import db
from scrutiny.findings.models import Citation
from scrutiny.pages import today
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.models import Item
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from workflows.lifecycles.item import ITEM
from workflows.lifecycles.recommendation import RESPONSE
from workflows.lifecycles.review import REVIEW


def test_small_areas_cover_the_county_without_gap_or_overlap() -> None:
    whole = sum(abs(county._signed(ring)) for polygon in county.outline(county.cells()) for ring in polygon[:1])
    parts = sum(abs(county._signed(polygon[0])) for cell in county.cells() for polygon in county.outline([cell]))
    assert parts == pytest.approx(whole)
    assert 280 <= len(county.cells()) <= 330


def test_it_is_the_same_county_every_time() -> None:
    first = layers.geojson(layers.layers()["district"])
    county.corner.cache_clear()
    county.cells.cache_clear()
    assert layers.geojson(layers.layers()["district"]) == first


@pytest.mark.slow
def test_every_state_is_there(loamshire: Flask) -> None:
    with loamshire.app_context():
        assert set(db.session.scalars(select(Review.state).distinct().order_by(Review.state))) == set(REVIEW.states)
        assert set(db.session.scalars(select(Item.state).distinct().order_by(Item.state))) == set(ITEM.states)
        responses = set(db.session.scalars(select(Addressee.state).distinct().order_by(Addressee.state)))
        assert responses == set(RESPONSE.states) or loamshire.extensions["told"]  # nothing is released where nothing prints


@pytest.mark.slow
def test_it_holds_together(loamshire: Flask) -> None:
    with loamshire.app_context():
        assert faults_found() == []
        assert Counter(db.session.scalars(select(Posting.state))) == {"posted": db.session.scalar(select(func.count(Posting.id)))}
        assert not db.session.scalars(select(Citation).where(Citation.by_eye.is_(True)).order_by(Citation.id)).all()
        people = db.session.scalars(select(Person).order_by(Person.id)).all()
        assert len(people) == 20
        assert all(person.introduction and person.email.endswith(".example") for person in people)


@pytest.mark.slow
def test_two_health_boards_share_a_district(loamshire: Flask) -> None:
    with loamshire.app_context():
        marlbury = area_on(layers.DISTRICT_CODES["Marlbury"], today())
        boards = [one for one in answering([marlbury.id], today()) if one.kind == "icb"]
        assert len(boards) == 2
        assert sum(one.share_of_people or 0 for one in boards) == pytest.approx(1)
        assert db.session.scalar(select(func.count(Area.id)).where(Area.kind == "lsoa")) == len(county.cells())
        assert len(AGENCIES) >= 15


@pytest.mark.slow
def test_it_is_made_once(loamshire: Flask) -> None:
    result = loamshire.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0
    assert "already there" in result.output


def test_a_real_instance_refuses_it(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "real instance" in result.output


#: Methods of police and crime panels, of which Loamshire tells no story.
WITHOUT = {"panel-annual-report", "panel-performance-assessment"}


@pytest.mark.slow
def test_every_method_has_a_review_with_its_whole_timetable(loamshire: Flask) -> None:
    with loamshire.app_context():
        found = {review.edition.key: review for review in db.session.scalars(select(Review).order_by(Review.id))}
        assert set(found) == set(rules().methods) - WITHOUT
        assert len(found) == 10
        for key, review in found.items():
            assert [phase.key for phase in review.phases] == [phase.key for phase in rules().methods[key].phases], key
            assert all(phase.why.reasons for phase in review.phases), key
