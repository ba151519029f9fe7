"""Maps of real places: light enough for any line, and every border drawn once."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.areas.maps import neighbours_of, place_map
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from tests.journeys.country.conftest import SAME_BYTES
from tests.scrutiny.areas.test_maps import check_meets

TODAY = date(2026, 3, 2)

pytestmark = [pytest.mark.data, pytest.mark.slow, SAME_BYTES]


def test_the_place_with_the_longest_border_is_drawn_in_under_300_kb(country: Flask) -> None:
    """Essex, for its creeks; with each layer of agencies over it, and its neighbours round it."""
    with country.app_context():
        longest = func.length(Area.shape).desc()
        code = db.session.scalar(select(Area.code).where(Area.kind != "lsoa").order_by(longest, Area.code).limit(1))
    for layer in ("district", "icb", "police"):
        page = country.test_client().get(f"/places/{code}?layer={layer}")
        assert page.status_code == 200
        assert "next to it" in page.text
        assert len(page.data) < 300_000, (code, layer)


@pytest.mark.parametrize("code", ["E06000064", "E06000065", "E10000012"])
def test_a_real_place_meets_its_neighbours_on_its_map(country: Flask, code: str) -> None:
    """Westmorland and Furness, North Yorkshire and Essex, each cut by health boards."""
    with country.app_context():
        place = db.session.scalars(select(Area).where(Area.code == code).order_by(Area.kind)).first()
        assert place is not None
        near = neighbours_of([place], TODAY)
        boards = db.session.scalars(select(Area.id).where(Area.kind == "icb").order_by(Area.id))
        drawn = place_map([place.id], {str(one): [one] for one in boards}, [one.id for one in near])
        assert len(drawn.parts) > 1
        check_meets(drawn)
