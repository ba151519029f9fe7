"""The count of Loamshire in the demonstration: it adds up, its transfers are netted and named, and nothing pending is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.demo.counting import FOLDER
from scrutiny.demo.layers import CITY_CODE, COUNTY_CODE, DISTRICT_CODES
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource

pytestmark = pytest.mark.slow
WHOLE = f"{COUNTY_CODE}+{CITY_CODE}"


def _count(loamshire: Flask, place: str, year: int) -> dict[str, object]:
    """The count as anybody gets it."""
    return json.loads(loamshire.test_client().get(f"/places/{place}/count.json?year={year}").text)  # type: ignore[no-any-return]


def test_twelve_bodies_and_three_years_are_loaded_to_the_penny(loamshire: Flask) -> None:
    with loamshire.app_context():
        sources = db.session.scalars(select(LedgerSource)).all()
        assert len({source.agency_id for source in sources}) == 12
        assert {source.year for source in sources} == {2022, 2023, 2024}
        for source in sources:
            held = db.session.scalar(select(func.sum(LedgerCell.pence)).where(LedgerCell.source_id == source.id))
            assert source.pence == held == source.stated_pence, source.title


@pytest.mark.parametrize("year", [2022, 2023])
def test_the_net_total_of_the_whole_county_is_its_files_less_matched_transfers(loamshire: Flask, year: int) -> None:
    """Worked out from the files themselves, not by the code under test."""
    found = _count(loamshire, WHOLE, year)
    spent = sum(_spent(path) for path in FOLDER.glob(f"*-{year}.csv"))
    matched = sum(one["matched"] for one in found["transfers"])  # type: ignore[attr-defined]
    assert found["pence"] == spent
    assert found["matched"] == matched > 0
    assert found["netted"] == spent - matched


def _spent(path: Path) -> int:
    """What a file says was spent, in pence: all rows but receipts and its total."""
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return sum(round(float(row[1]) * 100) for row in rows if row[0] != "Total" and not row[6])


def test_every_way_two_sides_can_stand_is_there(loamshire: Flask) -> None:
    standings = {one["standing"] for year in (2022, 2023, 2024) for one in _count(loamshire, WHOLE, year)["transfers"]}  # type: ignore[attr-defined]
    assert standings >= {"agree", "differ", "payer-only", "other-year"}


def test_what_is_not_published_is_not_counted_and_not_named(loamshire: Flask) -> None:
    found = _count(loamshire, WHOLE, 2024)
    assert "Loamchester City Council" in found["coverage"]["not_counted"]  # type: ignore[index]
    assert "Guildhall" not in json.dumps(found)


def test_police_and_health_are_apportioned_to_a_district(loamshire: Flask) -> None:
    cells = _count(loamshire, DISTRICT_CODES["Marlbury"], 2023)["cells"]
    shares = {cell["body_name"]: cell["share"] for cell in cells}  # type: ignore[attr-defined]
    assert 0 < shares["Loamshire Police"] < 1
    assert shares["Marlbury District Council"] == 1
