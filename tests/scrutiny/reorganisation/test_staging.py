"""A reorganisation previewed, staged for its day and undone: what is read for days before never changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from scrutiny.agencies.answering import answering
from scrutiny.agencies.models import Agency, Succession
from scrutiny.areas import queries as areas
from scrutiny.areas.models import AreaLineage, AreaLoad
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reorganisation import service
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import check_plan
from scrutiny.reorganisation.preview import plain, preview
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reorganisation.scene import BEFORE, DAY, EAST, PLAN, TODAY, WEST, settle
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")
#: tables that only ever gain lines: the trail, the reorganisations themselves, and the record of loadings
RECORDS = ("audit_entry", "audit_head", "audit_seal", "reorganisation", "area_load")


@pytest.fixture
def scene(context: None, as_built: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    return as_built(settle)


def shown(plan: dict[str, Any] = PLAN) -> dict[str, Any]:
    return plain(preview(check_plan(plan), today=TODAY))


def staged(plan: dict[str, Any] = PLAN) -> Reorganisation:
    with writes_now():
        row = service.prepare(check_plan(plan), by=OPERATOR_ACTOR, at=NOW)
        service.stage(row, by=OPERATOR_ACTOR, at=NOW)
    return row


def all_rows() -> dict[str, list[Any]]:
    db.session.expire_all()
    return {
        name: sorted(map(repr, db.session.execute(select(table)).all()))
        for name, table in db.metadata.tables.items()
        if name not in RECORDS
    }


def who_answers(area_ids: list[int], on: date) -> list[tuple[str, float, float | None]]:
    return [(one.name, round(one.share_of_area, 6), one.share_of_people) for one in answering(area_ids, on)]


def test_the_preview_says_what_becomes_of_everything_with_people(scene: SimpleNamespace) -> None:
    found = shown()
    assert found["faults"] == []
    become = {
        (one["code"], one["becomes"]): (one["share_of_people"], one["share_of_area"], one["type"]) for one in found["areas"]
    }
    assert become["E07900001", WEST] == (1.0, 1.0, "merge")
    assert become["E07900002", WEST] == (pytest.approx(2000 / 4500, abs=1e-6), 0.5, "boundary")
    assert become["E07900002", EAST] == (pytest.approx(2500 / 4500, abs=1e-6), 0.5, "boundary")
    assert {become["E10900001", code][2] for code in (WEST, EAST)} == {"split"}
    assert become["E10900001", WEST][0] == pytest.approx((1000 + 1500 + 2000) / 13500, abs=1e-6)
    ends = {one["agency"]: [heir["agency"] for heir in one["becomes"]] for one in found["agencies"]["end"]}
    assert ends["Loamshire County Council"] == ["East Loamshire Council", "West Loamshire Council"], "most people first"
    assert ends["Ashby District Council"] == ["West Loamshire Council"]
    assert {one["kind"] for one in found["agencies"]["begin"]} == {"unitary"}
    assert "Police" not in str([one["agency"] for one in found["agencies"]["end"]])
    follow = {one["agency"]: one["serves"] for one in found["agencies"]["follow"]}
    assert follow == {"Ashby Homes": "all of West Loamshire; the part of East Loamshire it serves now, as 1 small area"}
    assert [one["body"] for one in found["bodies"]] == ["Loamshire Overview and Scrutiny Committee"]
    assert {to["body"] for to in found["bodies"][0]["becomes"]} == {
        "West Loamshire Council Overview and Scrutiny Committee",
        "East Loamshire Council Overview and Scrutiny Committee",
    }
    to = {(one["name"], one["role"]): (one["to"], one["why"]) for one in found["people"]}
    assert to["Olwen Price", "scrutiny-officer"] == ([EAST], "")
    assert to["Cllr Amrit Gill", "chair"] == ([], "elected or appointed anew: invite them once they are")
    assert [(one["part"], one["becomes"]) for one in found["reviews"]] == [
        ("lead", "East Loamshire Council Overview and Scrutiny Committee")
    ]
    (request,) = found["requests"]
    assert (request["was"], request["becomes"]) == ("Loamshire County Council", "East Loamshire Council")
    assert request["also"] == ["West Loamshire Council"], "the place lies in both"
    assert [one["becomes"] for one in found["recommendations"]] == ["East Loamshire Council"]
    assert {one["place"] for one in found["places"]} == {"Ashby", "Barrow End"}
    assert any("Nobody who may sign in would answer for West Loamshire Council" in said for said in found["warnings"])


def test_a_preview_keeps_nothing(scene: SimpleNamespace) -> None:
    before = all_rows()
    shown()
    db.session.rollback()
    assert all_rows() == before


def test_a_staged_change_is_read_from_its_day_and_not_before(scene: SimpleNamespace) -> None:
    everywhere = [scene.ashby, scene.barrow, scene.corley, scene.county]
    days = [TODAY, BEFORE]
    answers = [who_answers([one], on) for one in everywhere for on in days]
    shares = [areas.overlaps([one], on) for one in everywhere for on in days]
    staged()
    assert [who_answers([one], on) for one in everywhere for on in days] == answers
    assert [areas.overlaps([one], on) for one in everywhere for on in days] == shares
    assert areas.area_with_code("E07900001", DAY) is None
    west = areas.areas_with_code(WEST, DAY)
    assert [one.kind for one in west] == ["district", "upper_tier"]
    assert areas.areas_with_code(WEST, BEFORE) == []
    assert west[0].people == 4500
    assert who_answers([west[0].id], DAY) == [
        ("West Loamshire Council", 1.0, 1.0),
        ("West Loamshire Integrated Care Board", 1.0, 1.0),
        ("Loamshire Police", 1.0, 1.0),
        ("Loamshire Fire and Rescue", 1.0, 1.0),
        ("Ashby Homes", 1.0, 1.0),
    ]
    east = areas.area_with_code(EAST, DAY)
    assert east
    homes = next(one for one in answering([east.id], DAY) if one.name == "Ashby Homes")
    assert (homes.share_of_people, round(homes.share_of_area, 4)) == (pytest.approx(2500 / 9000), round(50 / 150, 4))
    assert areas.resolve("E07900002", DAY).note.startswith("E07900002 Barrow End became E06900022 East Loamshire (55.6%")
    assert areas.resolve("E07900002", BEFORE).standing == "holds"


def test_new_councils_exist_in_law_before_they_serve(scene: SimpleNamespace) -> None:
    staged()
    west = db.session.scalars(select(Agency).where(Agency.name == "West Loamshire Council")).one()
    assert (west.legal_from, west.elected_from, west.from_on) == (date(2027, 5, 6), date(2027, 5, 6), DAY)
    county = db.session.get_one(Agency, scene.county_council)
    assert (county.to_on, county.legal_to) == (BEFORE, BEFORE)
    committee = db.session.scalars(select(Body).where(Body.host_agency_id == west.id)).one()
    assert (committee.legal_from, committee.from_on, committee.kind) == (date(2027, 5, 6), DAY, "council-committee")
    shares = {row.to_id: row.share for row in db.session.scalars(select(Succession).where(Succession.from_id == county.id))}
    assert shares[west.id] == pytest.approx(4500 / 13500, abs=1e-6)
    assert sum(share or 0 for share in shares.values()) == pytest.approx(1)


def test_undoing_leaves_every_table_exactly_as_it_was(scene: SimpleNamespace) -> None:
    before = all_rows()
    loads = db.session.execute(select(AreaLoad.id, AreaLoad.kind, AreaLoad.ended).order_by(AreaLoad.id)).all()
    row = staged()
    assert all_rows() != before
    with writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=NOW)
    assert all_rows() == before
    after = db.session.execute(select(AreaLoad.id, AreaLoad.kind, AreaLoad.ended).order_by(AreaLoad.id)).all()
    assert after[: len(loads)] == loads
    assert {one.kind for one in after[len(loads) :]} == {"reorganisation"}, "the record says that it came and went"
    assert db.session.get_one(Reorganisation, row.id).state == "drafted"


def test_what_is_undone_can_be_changed_and_staged_again(scene: SimpleNamespace) -> None:
    row = staged()
    with writes_now():
        again = db.session.get_one(Reorganisation, row.id)
        service.undo_staging(again, by=OPERATOR_ACTOR, at=NOW)
        service.revise(again, check_plan(PLAN | {"on": "2029-04-01"}), seen=None, by=OPERATOR_ACTOR, at=NOW)
        service.stage(again, by=OPERATOR_ACTOR, at=NOW)
    assert areas.area_with_code(WEST, DAY) is None
    assert areas.area_with_code(WEST, date(2029, 4, 1))


def test_undoing_keeps_what_others_wrote_meanwhile(scene: SimpleNamespace) -> None:
    row = staged()
    with writes_now():
        db.session.get_one(Agency, scene.county_council).email = "new.office@example.org"
    with writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=NOW)
    county = db.session.get_one(Agency, scene.county_council)
    assert (county.email, county.to_on, county.legal_to) == ("new.office@example.org", None, None)


def test_undoing_is_refused_where_a_day_it_wrote_was_changed_since(scene: SimpleNamespace) -> None:
    row = staged()
    with writes_now():
        db.session.get_one(Agency, scene.county_council).to_on = date(2028, 1, 31)
    with pytest.raises(Refused, match="Loamshire County Council was changed after this was staged"), writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=NOW)
    assert db.session.get_one(Reorganisation, row.id).state == "staged", "and nothing of it was done"


def test_from_its_day_on_it_cannot_be_undone(scene: SimpleNamespace) -> None:
    row = staged()
    with pytest.raises(Refused, match="what has come cannot be undone"), writes_now():
        service.undo_staging(
            db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=NOW.replace(year=2028, month=4, day=1)
        )


def changed(**values: Any) -> dict[str, Any]:
    plan = copy.deepcopy(PLAN)
    plan.update(values)
    return plan


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (changed(on="2026-03-02", legal_from=None), "must be after today"),
        (changed(ending=["E10900001", "E07900001", "E07900009"]), "No area with the code E07900009 holds"),
        (changed(ending=["E10900001", "E07900001", "E07900002"]), "which does not end"),
        (changed(new=PLAN["new"][:1]), "would lie only in part in the new areas"),
        (changed(new=[PLAN["new"][0], PLAN["new"][1] | {"made_of": ["E07900001", "E07900002", "E07900003"]}]), "would overlap"),
        (changed(new=[PLAN["new"][0] | {"made_of": ["E99"]}, PLAN["new"][1]]), "There is no area with the code E99"),
        (changed(new=[PLAN["new"][0], {"code": EAST, "name": "East"}]), "There is no boundary of E06900022"),
        (changed(new=[PLAN["new"][0] | {"continues": "E07999999"}, PLAN["new"][1]]), "No agency has the code E07999999"),
    ],
)
def test_a_plan_that_does_not_fit_is_told_so_and_cannot_be_staged(
    scene: SimpleNamespace, plan: dict[str, Any], said: str
) -> None:
    assert any(said in fault for fault in shown(plan)["faults"]), shown(plan)["faults"]
    before = all_rows()
    with pytest.raises(Refused, match="This cannot be staged"):
        staged(plan)
    assert all_rows() == before


def test_a_merger_of_districts_leaves_the_county_alone(scene: SimpleNamespace) -> None:
    plan = changed(
        ending=["E07900001", "E07900002"],
        new=[{"code": "E07900031", "name": "Ashby and Barrow", "made_of": ["E07900001", "E07900002"]}],
    )
    found = shown(plan)
    assert {(one["type"], one["share_of_people"]) for one in found["areas"]} == {("merge", 1.0)}
    assert [one["kind"] for one in found["new"]] == ["district"]
    assert {one["agency"] for one in found["agencies"]["end"]} == {"Ashby District Council", "Barrow End District Council"}
    assert found["bodies"] == found["reviews"] == found["requests"] == []
    staged(plan)
    kinds = set(db.session.scalars(select(Succession.kind)))
    assert kinds == {"merge"}
    assert db.session.get_one(Agency, scene.county_council).to_on is None


def test_a_new_code_alone_lets_the_council_carry_on(scene: SimpleNamespace) -> None:
    plan = changed(ending=["E07900001"], new=[{"code": "E07900041", "name": "Ashby", "made_of": ["E07900001"]}])
    found = shown(plan)
    assert [(one["agency"], one["code"]) for one in found["agencies"]["carry_on"]] == [("Ashby District Council", "E07900041")]
    assert found["agencies"]["end"] == found["agencies"]["begin"] == []
    staged(plan)
    area = areas.area_with_code("E07900041", DAY)
    assert area
    assert "Ashby District Council" in [name for name, *_ in who_answers([area.id], DAY)]
    assert [row.type for row in db.session.scalars(select(AreaLineage))] == ["recode"]


def test_a_boundary_change_moves_land_and_no_council_ends(scene: SimpleNamespace) -> None:
    plan = changed(
        ending=["E07900001", "E07900002"],
        new=[
            {"code": "E07900001", "name": "Ashby", "made_of": ["E07900001", "E01900002"]},
            {"code": "E07900002", "name": "Barrow End", "made_of": ["E01900003"]},
        ],
    )
    found = shown(plan)
    assert found["faults"] == []
    assert found["agencies"] == {"end": [], "begin": [], "carry_on": [], "follow": []}
    row = staged(plan)
    ashby = areas.area_with_code("E07900001", DAY)
    assert ashby
    assert (ashby.people, round(ashby.square_metres / 1e6)) == (4500, 150)
    assert who_answers([ashby.id], DAY)[0][0] == "Loamshire County Council"
    with writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=NOW)
    assert areas.area_with_code("E07900001", DAY).id == scene.ashby


def test_people_go_where_the_plan_says(scene: SimpleNamespace) -> None:
    found = shown(changed(people={"officer@example.org": [WEST, EAST], "responder@example.org": [WEST]}))
    to = {(one["name"], one["role"]): one["to"] for one in found["people"]}
    assert sorted(to["Olwen Price", "scrutiny-officer"]) == [WEST, EAST]
    assert to["Rhys Cole", "responder"] == [WEST]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "x"}, "'new' must be a list of areas"),
        (changed(colour="red"), "has no use for 'colour'"),
        (changed(on="soon"), "'on' must be a day such as 2028-04-01"),
        (changed(new=[{"code": WEST}]), "each new area needs a code and a name"),
        (changed(new=[PLAN["new"][0], PLAN["new"][0]]), "names the new area E06900021 twice"),
        (changed(legal_from="2029-01-01"), "before it exists in law"),
        (changed(people={"a@b.org": ["E1"]}), "'people' names E1"),
        (changed(ending="E10900001"), "'ending' must be a list of codes"),
    ],
)
def test_a_plan_badly_written_is_refused_in_one_sentence(values: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_plan(values)
