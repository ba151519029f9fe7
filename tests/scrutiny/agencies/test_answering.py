"""Who answers for a place: shares of people and land, services by kind and exception, slivers, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from scrutiny.agencies.answering import Answering, answering, grouped
from scrutiny.agencies.models import Agency, AgencyService, Footprint
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.extensions import db
from workflows.refusals import Refused

DAY = date(2026, 3, 2)
pytestmark = pytest.mark.usefixtures("context")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements sent meanwhile."""
    sent: list[str] = []

    def keep(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def by_name(found: list[Answering]) -> dict[str, Answering]:
    return {one.name: one for one in found}


def test_a_district_is_answered_for_by_its_council_and_by_all_that_lie_over_it(cast: SimpleNamespace) -> None:
    found = answering([cast.ashby], DAY)
    assert [one.name for one in found] == [
        "Loamshire County Council",
        "Ashby District Council",
        "West Loamshire Integrated Care Board",
        "Loamshire Police",
        "Loamshire Fire and Rescue",
    ]
    assert all(one.share_of_area == 1 and one.share_of_people == 1 and one.words == "covers all of it" for one in found)
    assert [group for group, _ in grouped(found)] == ["Councils", "Health", "Police and justice", "Fire and rescue"]
    assert found[0].code == "E10900001"
    assert found[0].kind_label == "County council"


def test_a_shared_district_says_who_covers_how_many_people_and_how_much_land(cast: SimpleNamespace) -> None:
    found = by_name(answering([cast.barrow], DAY))
    west, east = found["West Loamshire Integrated Care Board"], found["East Loamshire Integrated Care Board"]
    # Barrow End: 2,000 people in the lower half, 2,500 in the upper.
    assert west.share_of_people == pytest.approx(2000 / 4500)
    assert west.share_of_area == pytest.approx(0.5)
    assert west.words == "covers 44% of the people and 50% of the land"
    assert east.share_of_people == pytest.approx(2500 / 4500)
    assert [(area.code, area.name) for area in east.areas] == [("E54900002", "East Loamshire")]


def test_several_areas_of_a_place_are_weighed_by_their_people_and_land(cast: SimpleNamespace) -> None:
    found = by_name(answering([cast.ashby, cast.barrow], DAY))
    west = found["West Loamshire Integrated Care Board"]
    # Ashby has 1,000 + 1,500 people; Barrow End 2,000 + 2,500.
    assert west.share_of_people == pytest.approx((2500 + 2000) / 7000)
    assert west.share_of_area == pytest.approx(0.75)
    assert found["Ashby District Council"].share_of_people == pytest.approx(2500 / 7000)
    assert found["Loamshire County Council"].share_of_people == pytest.approx(1)


def test_several_areas_of_a_footprint_are_added_up_and_named(cast: SimpleNamespace) -> None:
    joint = Agency(
        name="Joint Waste",
        kind="district",
        footprint=[
            Footprint(area_kind="district", area_code="E07900001"),
            Footprint(area_kind="district", area_code="E07900002"),
        ],
    )
    db.session.add(joint)
    db.session.flush()
    found = by_name(answering([cast.county], DAY))["Joint Waste"]
    assert found.share_of_people == pytest.approx(7000 / 13500)
    assert found.share_of_area == pytest.approx(2 / 3)
    assert [area.name for area in found.areas] == ["Barrow End", "Ashby"]


def test_a_code_held_in_two_kinds_counts_once(cast: SimpleNamespace) -> None:
    county = db.session.get(Area, cast.county)
    assert county
    twin = Area(
        **{column.key: getattr(county, column.key) for column in Area.__table__.columns if column.key not in ("id", "kind")},
        kind="district",
    )
    db.session.add(twin)
    db.session.flush()
    db.session.add(
        AreaOverlap(
            area_id=county.id,
            other_id=twin.id,
            square_metres=1,
            people=1,
            share_of_area=0.999,
            share_of_people=0.999,
            share_of_other_area=0.999,
            share_of_other_people=0.999,
        )
    )
    council = db.session.get(Agency, cast.county_council)
    assert council
    council.footprint.append(Footprint(area_kind="district", area_code="E10900001"))
    db.session.flush()
    found = by_name(answering([cast.county], DAY))["Loamshire County Council"]
    assert len(found.areas) == 1
    assert found.share_of_area == 1


def test_slivers_are_hidden_but_never_a_small_area_that_lies_inside(cast: SimpleNamespace) -> None:
    overlap = db.session.scalars(
        select(AreaOverlap).where(AreaOverlap.area_id == cast.barrow, AreaOverlap.other_id == cast.west_icb_area)
    ).one()
    overlap.share_of_area, overlap.share_of_people = 0.009, 0.004
    overlap.share_of_other_area = 0.1
    db.session.flush()
    assert "West Loamshire Integrated Care Board" not in by_name(answering([cast.barrow], DAY))
    shown = by_name(answering([cast.barrow], DAY, slivers=True))["West Loamshire Integrated Care Board"]
    assert shown.words == "covers under 1% of the people and under 1% of the land"
    overlap.share_of_other_area = 0.98
    db.session.flush()
    assert "West Loamshire Integrated Care Board" in by_name(answering([cast.barrow], DAY))


def test_where_nobody_is_counted_only_land_is_said(cast: SimpleNamespace) -> None:
    db.session.get_one(Area, cast.barrow).people = None
    for overlap in db.session.scalars(select(AreaOverlap).where(AreaOverlap.area_id == cast.barrow)):
        overlap.people = overlap.share_of_people = None
    db.session.flush()
    west = by_name(answering([cast.barrow], DAY))["West Loamshire Integrated Care Board"]
    assert west.share_of_people is None
    assert west.words == "covers 50% of the land"


def test_in_two_tiers_housing_is_the_districts_and_social_care_the_countys(cast: SimpleNamespace) -> None:
    assert [one.name for one in answering([cast.ashby], DAY, "housing")] == ["Ashby District Council"]
    assert [one.name for one in answering([cast.ashby], DAY, "adult-social-care")] == ["Loamshire County Council"]
    with pytest.raises(Refused, match="There is no service called magic: choose one of adult-social-care"):
        answering([cast.ashby], DAY, "magic")


def test_an_agency_may_differ_from_its_kind_from_a_day(cast: SimpleNamespace) -> None:
    db.session.add_all(
        [
            AgencyService(agency_id=cast.ashby_council, service="housing", excluded=True, from_on=date(2026, 1, 1)),
            AgencyService(agency_id=cast.county_council, service="housing", from_on=date(2026, 1, 1)),
        ]
    )
    db.session.flush()
    assert [one.name for one in answering([cast.ashby], DAY, "housing")] == ["Loamshire County Council"]
    assert [one.name for one in answering([cast.ashby], date(2025, 12, 31), "housing")] == ["Ashby District Council"]


def test_agencies_footprints_and_areas_answer_only_on_days_they_hold(cast: SimpleNamespace) -> None:
    db.session.get_one(Agency, cast.fire).to_on = date(2026, 3, 1)
    db.session.get_one(Agency, cast.police).footprint[0].from_on = date(2026, 3, 3)
    db.session.get_one(Area, cast.west_icb_area).to_on = date(2026, 3, 1)
    db.session.flush()
    kinds = [one.kind for one in answering([cast.ashby], DAY)]
    assert kinds == ["county", "district"]


def test_a_point_takes_only_what_lies_upon_it(cast: SimpleNamespace) -> None:
    found = answering([cast.barrow, cast.west_icb_area], DAY, exactly=True)
    assert [one.name for one in found] == ["Barrow End District Council", "West Loamshire Integrated Care Board"]
    assert all(one.share_of_area == 1 for one in found)


def test_one_statement_whatever_the_number_of_agencies(cast: SimpleNamespace) -> None:
    with counted() as sent:
        answering([cast.ashby, cast.barrow, cast.corley], DAY)
    assert len(sent) == 1
    assert answering([], DAY) == []
