"""Real boundaries give the published shares."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scrutiny.areas import queries, service
from scrutiny.areas.load_worker import Wanted
from scrutiny.lineage import service as lineage
from scrutiny.transaction import writes_now
from workflows.roles import OPERATOR_ACTOR

REAL = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "real"
BOUNDARIES = REAL / "boundaries"
TODAY = date(2026, 3, 2)
COUNT = REAL / "population" / "census2021_usual_residents_lsoa21_ew.csv.gz"

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.data,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}: set SHARED_DATA"),
]


def load(file: Path, kind: str, from_on: date, **said: Any) -> service.LoadResult:
    worked = service.prepare_layer(Wanted(file, file.name, kind, from_on, **said), place_crs=queries.place_crs())
    with writes_now():
        return service.load_layer(worked, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC))


def test_westmorland_and_furness_lies_in_two_health_boards() -> None:
    load(BOUNDARIES / "lsoa21_bgc" / "E06000064.geojson.gz", "lsoa", date(2021, 3, 21))
    people = service.prepare_people(service.CountFile(COUNT), today=TODAY)
    with writes_now():
        assert service.load_people(people, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC)).matched == 142
    load(BOUNDARIES / "derived" / "nhs_icb24_from_lsoa21_bgc.geojson.gz", "icb", date(2024, 4, 1))
    load(BOUNDARIES / "derived" / "lad24_from_lsoa21_bgc.geojson.gz", "district", date(2024, 4, 1))
    area = queries.area_on("E06000064", TODAY)
    assert (area.name, area.people) == ("Westmorland and Furness", 226_598)
    found = {one.code: one for one in queries.overlaps([area.id], TODAY, with_kind="icb")}
    north_east, lancashire = found["E54000050"], found["E54000048"]
    assert len(found) == 2
    assert (north_east.share_of_people, lancashire.share_of_people) == pytest.approx((0.2415, 0.7585), abs=5e-5)
    assert (north_east.share_of_area, lancashire.share_of_area) == pytest.approx((0.569, 0.431), abs=5e-4)
    assert {one.kind for one in queries.areas_at_text("54.66,-2.75", TODAY)} == {"lsoa", "district", "icb"}


def test_a_layer_that_holds_a_code_twice_is_refused_or_joined() -> None:
    from workflows.refusals import Refused

    file = BOUNDARIES / "national" / "wards22_uk_bsc.geojson.gz"
    with pytest.raises(Refused, match=r"E05014284 \(features 6025 and 6026\)"):
        load(file, "ward", date(2022, 12, 1))
    assert load(file, "ward", date(2022, 12, 1), merge_repeated=True).loaded == 7658


def test_the_end_of_cumbria_parts_its_people_between_two_councils(tmp_path: Path) -> None:
    """The old county's outline is drawn more coarsely, so a little of its land, and nobody, is in neither."""
    small: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    for code in ("E06000063", "E06000064"):
        with gzip.open(BOUNDARIES / "lsoa21_bgc" / f"{code}.geojson.gz", "rt") as file:
            small["features"] += json.load(file)["features"]
    (tmp_path / "cumbria.geojson").write_text(json.dumps(small))
    load(tmp_path / "cumbria.geojson", "lsoa", date(2021, 3, 21))
    people = service.prepare_people(service.CountFile(COUNT), today=TODAY)
    with writes_now():
        service.load_people(people, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC))
    load(BOUNDARIES / "national" / "utla21_uk_buc.geojson.gz", "upper_tier", date(2021, 4, 1), to_on=date(2023, 3, 31))
    load(BOUNDARIES / "derived" / "county_unitary_utla23_from_lsoa21_bgc.geojson.gz", "upper_tier", date(2023, 4, 1))
    worked = lineage.prepare_lineage(REAL / "registers" / "mysociety_uk_local_authorities_current.csv")
    with writes_now():
        result = lineage.load_lineage(worked, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC))
    assert [said for said in result.warnings if said.startswith("E10000006: the shares of its land come to 0.99")]
    parts = queries.resolve("E10000006", TODAY).became
    assert [(part.code, part.name) for part in parts] == [("E06000063", "Cumberland"), ("E06000064", "Westmorland and Furness")]
    assert [part.share_of_people for part in parts] == pytest.approx([0.5495, 0.4505], abs=5e-5)
    assert [part.share_of_area for part in parts] == pytest.approx([0.441, 0.551], abs=5e-4)
    assert queries.resolve("E10000006", date(2022, 6, 1)).standing == "holds"
