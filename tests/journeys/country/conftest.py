"""An instance that holds England (without the South West) and Wales, loaded through the commands as an operator would."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from config.settings import PROJECT_ROOT, read_settings
from scrutiny.app import create_app
from scrutiny.extensions import db
from tests.databases import Databases

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
REAL = SHARED if SHARED.is_absolute() else (PROJECT_ROOT / SHARED).resolve()
LAYERS = {
    "district": "lad24_from_lsoa21_bgc",
    "upper_tier": "county_unitary_utla23_from_lsoa21_bgc",
    "police": "police_pfa24_from_lsoa21_bgc",
    "fire": "fire_fra24_from_lsoa21_bgc",
    "icb": "nhs_icb24_from_lsoa21_bgc",
}
#: Boards of the National Health Service took over from the groups on this day; the rest is loaded from the end of Cumbria.
BEGINS = {"icb": "2022-07-01"}
#: Earlier layers: kind, file, first day and, where nothing follows in the data, last day.
HISTORY = (
    ("district", "lad21_uk_buc", "2021-04-01", "2023-03-31"),
    ("district", "lad19_uk_buc", "2019-04-01", "2020-03-31"),
    ("upper_tier", "utla21_uk_buc", "2021-04-01", "2023-03-31"),
    ("police", "pfa20_ew_buc", "2020-12-01", ""),
    ("ccg", "ccg21_en_buc", "2021-04-01", "2022-06-30"),
    ("stp", "stp21_en_buc", "2021-04-01", "2022-06-30"),
)
#: What is not run a second time on PostgreSQL, where the same country takes two minutes more.
SAME_BYTES = pytest.mark.sqlite_only("shapes and points are worked out in Python; tests of areas read them on both")
#: Councils, by the kind of area each answers for; a unitary is in two kinds of area and is made once.
AGENCIES = ("district", "upper_tier", "police", "fire", "icb")


def real(path: str) -> Path:
    """A real file, or the reason why the test cannot run."""
    found = REAL / "real" / path
    if not found.exists():
        pytest.skip(f"there is no {found}: set SHARED_DATA to the folder of real data")
    return found


def flask(app: Flask, *args: str) -> str:
    """Run a command of the product; what it printed."""
    result = app.test_cli_runner().invoke(args=list(args))
    assert result.exit_code == 0, f"flask {' '.join(args)}\n{result.output}\n{result.exception!r}"
    return result.stdout


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Flask]:
    """The instance, with small areas, their people, five layers over them, and an agency for each area of each."""
    small = real("boundaries/national/lsoa21_ew_bgc.geojsonl.gz")
    folder = tmp_path_factory.mktemp("country")
    app = create_app(
        read_settings(
            {
                "SECRET_KEY": "journeys-" + "z" * 40,
                "DATABASE_URL": databases.new(folder, "country"),
                "FILES_URL": f"file://{folder / 'files'}",
                "MAIL_URL": str(folder / "mail"),
                "PUBLIC_URL": "http://localhost",
            }
        )
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
    source = "Office for National Statistics licensed under the Open Government Licence v3.0"
    flask(app, "areas", "load", str(small), "--kind", "lsoa", "--from", "2021-03-21", "--source", source)
    flask(app, "areas", "people", str(real("population/census2021_usual_residents_lsoa21_ew.csv.gz")), "--as-at", "2021-03-21")
    for kind, name in LAYERS.items():
        path = real(f"boundaries/derived/{name}.geojson.gz")
        flask(app, "areas", "load", str(path), "--kind", kind, "--from", BEGINS.get(kind, "2023-04-01"), "--source", source)
    for kind in AGENCIES:
        flask(app, "agencies", "from-areas", "--kind", kind)
    yield app
    with app.app_context():
        db.session.remove()


@pytest.fixture(scope="session")
def history(country: Flask) -> Flask:
    """The same instance with the layers of earlier years beneath, and the postcodes of Carlisle and round it."""
    for kind, name, from_on, to_on in HISTORY:
        file = real(f"boundaries/national/{name}.geojson.gz")
        last = ("--to", to_on) if to_on else ()
        flask(country, "areas", "load", str(file), "--kind", kind, "--from", from_on, *last)
    flask(country, "areas", "postcodes", str(real("postcodes/codepoint_open_2014_08/ca.csv.gz")))
    return country


def overlaps(app: Flask, code: str, kind: str) -> dict[str, dict[str, Any]]:
    """What `flask areas overlaps --json` says, by code."""
    rows: list[dict[str, Any]] = json.loads(flask(app, "areas", "overlaps", code, "--with", kind, "--json"))
    return {row["code"]: row for row in rows}
