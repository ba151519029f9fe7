"""The public registers as they come: a mapping is proposed, the rows it cannot take are counted, and the rest become agencies."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.agencies.register_mapping import chosen, load_mapped, map_rows, propose, read_raw
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.journeys.country.conftest import REAL, real
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

pytestmark = [pytest.mark.data, pytest.mark.slow, pytest.mark.usefixtures("context")]
ON = date(2026, 11, 29)
#: The least that must be loaded of each; the sentence of those that hold no names of bodies.
LEAST: dict[str, int | str] = {
    "digitalland_development-corporation.csv": 7,
    "digitalland_government-organisation.csv": 15,
    "digitalland_local-authority-type.csv": 8,
    "digitalland_local-authority.csv": 300,
    "digitalland_local-resilience-forum.csv": 38,
    "digitalland_national-park-authority.csv": 10,
    "digitalland_passenger-transport-executive.csv": 3,
    "digitalland_waste-authority.csv": 4,
    "mysociety_lookup_gss_to_registry.csv": "Choose the column of names",
    "mysociety_lookup_name_to_registry.csv": 300,
    "mysociety_uk_local_authorities_current.csv": 380,
    "mysociety_uk_local_authorities_future.csv": 380,
    "openregister_fire-authority.tsv": 40,
    "postcodesio_ccgs.json": 80,
    "postcodesio_counties.json": 20,
    "postcodesio_countries.json": 6,
    "postcodesio_districts.json": 300,
    "postcodesio_icb.json": 30,
    "postcodesio_nhs_regions.json": 7,
    "postcodesio_police_force_areas.json": 40,
    "postcodesio_regions.json": 9,
    "publicbodies_gb.csv": 4500,
    "wdtk_authorities_id_lookup.csv.gz": 10_000,
    "wdtk_datapackage.json": "has no list of bodies",
    "wdtk_police.csv": 240,
}


def test_every_register_is_in_the_table() -> None:
    real("registers")
    assert {one.name for one in (REAL / "real" / "registers").iterdir()} == set(LEAST)


@pytest.mark.parametrize("name", LEAST)
def test_a_public_register_is_loaded_by_a_mapping(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No row vanishes: those loaded and those skipped are all there are; loaded again nothing changes."""
    content, least = real(f"registers/{name}").read_bytes(), LEAST[name]
    if isinstance(least, str):
        with pytest.raises(Refused, match=least):
            map_rows(raw := read_raw(content, name), propose(raw), on=ON)
        return
    raw = read_raw(content, name)
    columns = chosen(propose(raw), kind="national-body")
    mapped = map_rows(raw, columns, on=ON)
    with capsys.disabled():
        why = {one.words: count for one, count in mapped.reasons}
        print(f"\n{name}: {len(raw.rows):,} rows, {len(mapped.rows):,} to load; {why}; {columns}")
    assert len(mapped.rows) + len(mapped.skipped) == len(raw.rows)
    assert len(mapped.rows) >= least
    if len(mapped.rows) > 6000:
        return  # as many agencies as that are loaded once a year, not in a test
    before = db.session.scalar(select(func.count()).select_from(Agency))
    with writes_now():
        loaded = load_mapped(mapped, name, by=OPERATOR_ACTOR, at=NOW)
    assert len(loaded.added) == len(mapped.rows)
    assert db.session.scalar(select(func.count()).select_from(Agency)) == before + len(mapped.rows)
    with writes_now():
        again = load_mapped(map_rows(raw, columns, on=ON), name, by=OPERATOR_ACTOR, at=NOW)
    assert (again.added, again.changed) == ([], [])
    assert len(mapped.rows) <= again.unchanged <= len(raw.rows)  # of rows: another spelling of one that is there is there too
