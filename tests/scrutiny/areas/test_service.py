"""Layers go in with their days, their neighbours' shares and their people, whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from scrutiny.areas import queries, service
from scrutiny.areas.load_worker import Wanted
from scrutiny.areas.models import Area, AreaLoad, AreaNote, AreaOverlap, Place
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, file_of, load, square
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")

D21, D23, TODAY = date(2021, 4, 1), date(2023, 4, 1), date(2026, 3, 2)
WHOLE = {"E07900101": square(0, 0, 25, 10), "E07900102": square(25, 0, 40, 10)}


def rows(kind: str, code: str) -> list[tuple[date, date | None]]:
    found = select(Area.from_on, Area.to_on).where(Area.kind == kind, Area.code == code).order_by(Area.from_on)
    return [tuple(row) for row in db.session.execute(found)]


def share(code: str, other: str, on: date = TODAY) -> queries.Overlap:
    found = queries.overlaps([queries.area_on(code, on).id], on, slivers=True)
    return next(one for one in found if one.code == other)


def test_shares_of_land_and_people_are_stored_both_ways_round(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    count(tmp_path, PEOPLE)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 40, 10)})
    load(tmp_path, "district", D21, WHOLE)
    one = share("E07900101", "E23900101")
    assert (one.share_of_area, one.share_of_people) == (1.0, 1.0)
    assert one.share_of_other_area == pytest.approx(0.625)
    # The third small area's own point lies at 25 km, on the edge of both districts: it counts in one of them, whole.
    assert sum(queries.area_on(code, TODAY).people or 0 for code in WHOLE) == 1000
    back = share("E23900101", "E07900101")
    assert (back.share_of_area, back.share_of_other_area) == pytest.approx((0.625, 1.0))


def test_the_order_of_loading_changes_nothing(tmp_path: Path) -> None:
    icb = {"E54900101": square(0, 0, 12, 10), "E54900102": square(12, 0, 40, 10)}
    load(tmp_path, "icb", D21, icb)
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 30, 10), "E07900102": square(30, 0, 40, 10)})
    count(tmp_path, PEOPLE)
    load(tmp_path, "lsoa", D21, SMALL)
    one, other = share("E07900101", "E54900101"), share("E07900101", "E54900102")
    assert (one.share_of_people, other.share_of_people) == pytest.approx((100 / 600, 500 / 600))
    assert (one.share_of_area, other.share_of_area) == pytest.approx((0.4, 0.6))
    area = queries.area_on("E07900101", TODAY)
    assert area.people == 600
    assert "count.csv" in area.people_from
    assert share("E01900101", "E54900101").share_of_people == 0.0
    assert share("E01900101", "E54900102").share_of_people == 1.0


def test_a_newer_count_replaces_every_figure_that_follows_from_it(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 40, 10)})
    assert queries.area_on("E07900101", TODAY).people is None
    result = count(tmp_path, {**PEOPLE, "E01999999": 7})
    assert (result.matched, result.unmatched, result.people) == (4, ["E01999999"], 1007)
    assert "1 of 5 codes" in result.warnings[0]
    assert queries.area_on("E07900101", TODAY).people == 1000
    count(tmp_path, {code: 2 * n for code, n in PEOPLE.items()})
    assert queries.area_on("E07900101", TODAY).people == 2000
    assert share("E07900101", "E01900103").share_of_people == 0.4


def test_a_layer_ends_what_it_follows_and_stops_before_what_follows_it(tmp_path: Path) -> None:
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 20, 10), "E07900102": square(20, 0, 40, 10)})
    result = load(tmp_path, "district", D23, {"E07900101": square(0, 0, 40, 10)}, whole_layer=True)
    assert sorted(result.ended) == ["E07900001", "E07900002", "E07900003", "E07900101", "E07900102"]
    load(tmp_path, "district", date(2019, 4, 1), {"E07900101": square(0, 0, 10, 10), "E07900109": square(10, 0, 20, 10)})
    assert rows("district", "E07900101") == [(date(2019, 4, 1), date(2021, 3, 31)), (D21, date(2023, 3, 31)), (D23, None)]
    assert rows("district", "E07900109") == [(date(2019, 4, 1), date(2023, 3, 31))]


def test_areas_that_never_held_on_one_day_share_nothing(tmp_path: Path) -> None:
    load(tmp_path, "ccg", D21, {"E38900101": square(0, 0, 40, 10)}, to_on=date(2022, 6, 30))
    load(tmp_path, "icb", date(2022, 7, 1), {"E54900101": square(0, 0, 40, 10)})
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 40, 10)})
    area = queries.area_on("E07900101", D21)
    assert [one.kind for one in queries.overlaps([area.id], date(2021, 6, 1))] == ["ccg"]
    assert [one.kind for one in queries.overlaps([area.id], date(2022, 8, 1))] == ["icb"]


def test_the_same_bytes_again_are_only_said_to_be_loaded(tmp_path: Path) -> None:
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 40, 10)})
    again = load(tmp_path, "police", D21, {"E23900101": square(0, 0, 40, 10)})
    assert again.loaded == 0
    assert "already loaded" in again.warnings[0]
    assert rows("police", "E23900101") == [(D21, None)]


def test_replacing_corrects_a_period_and_keeps_the_places_on_it(tmp_path: Path) -> None:
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 40, 10)})
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 20, 10)})
    with writes_now():
        place = service.place_of([queries.area_on("E07900101", TODAY)], at=NOW)
        place_id = place.id
    with pytest.raises(Refused, match="would overlap"):
        load(tmp_path, "district", D21, {"E07900101": square(0, 0, 30, 10)})
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 30, 10)}, replace=True)
    kept = db.session.get_one(Place, place_id)
    assert kept.areas[0].square_metres == pytest.approx(3e8)
    assert share("E07900101", "E23900101").share_of_other_area == pytest.approx(0.75)


def test_nothing_is_stored_of_a_refused_layer(tmp_path: Path) -> None:
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 20, 10)}, to_on=date(2023, 3, 31))
    before = db.session.scalar(select(func.count()).select_from(Area)), queries.loads()[0].id
    with pytest.raises(
        Refused, match="E07900101 from 1 January 2022 onwards would overlap E07900101 from 1 April 2021 to 31 March 2023"
    ):
        load(tmp_path, "district", date(2022, 1, 1), {"E07900100": square(20, 0, 40, 10), "E07900101": square(0, 0, 20, 10)})
    assert (db.session.scalar(select(func.count()).select_from(Area)), queries.loads()[0].id) == before


def test_two_loadings_at_once_do_not_miss_each_other(tmp_path: Path) -> None:
    file = file_of(tmp_path, {"E23900101": square(0, 0, 40, 10)})
    worked = service.prepare_layer(Wanted(file, file.name, "police", D21), place_crs="EPSG:27700")
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 20, 10)})
    with pytest.raises(Stale, match="meanwhile"), writes_now():
        service.load_layer(worked, by=OPERATOR_ACTOR, at=NOW)


def test_neighbours_that_overlap_are_named_with_the_land_and_kept_as_notes(tmp_path: Path) -> None:
    result = load(tmp_path, "police", D21, {"E23900101": square(0, 0, 20, 10), "E23900102": square(18, 0, 40, 10)})
    assert result.loaded == 2
    assert "E23900101 Area E23900101 and E23900102 Area E23900102 overlap by 20.00 km²" in result.warnings[1]
    assert db.session.scalar(select(func.count()).select_from(AreaNote)) == 1
    assert db.session.scalars(select(AreaLoad.coverage).order_by(AreaLoad.id.desc())).first() is False


def test_what_was_skipped_is_named_and_the_deed_is_in_the_audit_trail(tmp_path: Path) -> None:
    result = load(tmp_path, "district", D21, {"E07900101": square(0, 0, 20, 10), "E07900102": None})
    assert result.skipped == [service.CodeRemark("E07900102", "feature 2 has no geometry")]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.by) == ("boundaries_loaded", "operator")


def test_an_unknown_kind_is_refused_naming_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no kind of area called 'parish': choose one of lsoa"):
        load(tmp_path, "parish", D21, {"E04000001": square(0, 0, 1, 1)})


def test_the_same_areas_are_the_same_place() -> None:
    ashby, barrow = queries.area_on("E07900001", TODAY), queries.area_on("E07900002", TODAY)
    with writes_now():
        both = service.place_of([barrow, ashby], at=NOW)
        again = service.place_of([ashby, barrow, ashby], at=NOW)
        alone = service.place_of([ashby], at=NOW)
        assert both is again
        assert (both.slug, both.name) == ("E07900001+E07900002", "Ashby and Barrow End")
        assert alone.slug == "E07900001"


def test_overlaps_stored_by_the_loader_equal_those_worked_out_the_slow_way(tmp_path: Path) -> None:
    """The cast's overlaps were made by plain intersection; the loader's own must agree with them."""
    load(tmp_path, "region", date(2020, 4, 1), {"E12900001": square(-100, -200, -80, -190)})
    found = {
        (one.area_id, one.other_id): (one.square_metres, one.people)
        for one in db.session.scalars(select(AreaOverlap).order_by(AreaOverlap.area_id, AreaOverlap.other_id))
    }
    region = queries.area_on("E12900001", TODAY)
    ashby = queries.area_on("E07900001", TODAY)
    assert found[region.id, ashby.id][0] == pytest.approx(1e8)
