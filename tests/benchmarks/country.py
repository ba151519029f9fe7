"""England and Wales as the real files give them, loaded into a database of its own; in a process of its own (`python -m`)."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask

REAL = Path(os.environ.get("SHARED_DATA", "../shared/data")).resolve() / "real"
BOUNDARIES, POSTCODES = REAL / "boundaries", REAL / "postcodes" / "codepoint_open_2014_08"
PEOPLE = REAL / "population" / "census2021_usual_residents_lsoa21_ew.csv.gz"
LOADED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class File:
    """A layer: its file, its kind, and the days it holds."""

    path: str
    kind: str
    from_on: date
    to_on: date | None = None
    merge_repeated: bool = False


#: the six layers of today that the points are looked up in
TODAYS = (
    File("derived/police_pfa24_from_lsoa21_bgc.geojson.gz", "police", date(2023, 4, 1)),
    File("derived/nhs_icb24_from_lsoa21_bgc.geojson.gz", "icb", date(2024, 4, 1)),
    File("derived/fire_fra24_from_lsoa21_bgc.geojson.gz", "fire", date(2023, 4, 1)),
    File("derived/county_unitary_utla23_from_lsoa21_bgc.geojson.gz", "upper_tier", date(2023, 4, 1)),
    File("derived/lad24_from_lsoa21_bgc.geojson.gz", "district", date(2023, 4, 1)),
    File("national/lsoa21_ew_bgc.geojsonl.gz", "lsoa", date(2021, 3, 21)),
)
#: and what was before
EARLIER = (
    File("national/lad21_uk_buc.geojson.gz", "district", date(2021, 4, 1), date(2023, 3, 31)),
    File("national/lad19_uk_buc.geojson.gz", "district", date(2019, 4, 1), date(2021, 3, 31)),
    File("national/utla21_uk_buc.geojson.gz", "upper_tier", date(2021, 4, 1), date(2023, 3, 31)),
    File("national/ccg21_en_buc.geojson.gz", "ccg", date(2021, 4, 1), date(2022, 6, 30)),
    File("national/stp21_en_buc.geojson.gz", "stp", date(2021, 4, 1), date(2022, 6, 30)),
    File("national/wards22_uk_bsc.geojson.gz", "ward", date(2022, 12, 1), date(2024, 4, 30), merge_repeated=True),
)


def app_at(folder: Path) -> Flask:
    """The application on the database of a folder."""
    from config.settings import read_settings
    from scrutiny.app import create_app

    return create_app(
        read_settings(
            {
                "SECRET_KEY": "bench-only-" + "x" * 40,
                "DATABASE_URL": f"sqlite:///{folder}/country.db",
                "FILES_URL": f"file://{folder}/files",
                "MAIL_URL": f"{folder}/mail",
                "METHODS_DIR": f"{folder}/methods",
                "MAX_UPLOAD_MB": "100",
            }
        )
    )


def load(file: File) -> int:
    """Load one layer as the command does; how many areas it holds."""
    from scrutiny.areas import queries, service
    from scrutiny.areas.load_worker import Wanted
    from scrutiny.transaction import writes_now
    from workflows.roles import OPERATOR_ACTOR

    path = BOUNDARIES / file.path
    wanted = Wanted(path, path.name, file.kind, file.from_on, file.to_on, merge_repeated=file.merge_repeated)
    worked = service.prepare_layer(wanted, place_crs=queries.place_crs())
    with writes_now():
        return service.load_layer(worked, by=OPERATOR_ACTOR, at=LOADED_AT).loaded


def load_country(folder: Path) -> dict[str, float]:
    """Every layer, the census and the postcodes; the seconds each took, and the peak of memory in bytes."""
    from scrutiny.areas import postcode_loading, queries, service
    from scrutiny.extensions import db
    from scrutiny.transaction import writes_now
    from workflows.roles import OPERATOR_ACTOR

    took: dict[str, float] = {}
    with app_at(folder).app_context():
        db.create_all()
        for file in (*EARLIER, *TODAYS):
            begun = time.perf_counter()
            load(file)
            took[file.path] = time.perf_counter() - begun
        begun = time.perf_counter()
        people = service.prepare_people(service.CountFile(PEOPLE), today=TODAY)
        with writes_now():
            service.load_people(people, by=OPERATOR_ACTOR, at=LOADED_AT)
        took["people"] = time.perf_counter() - begun
        begun = time.perf_counter()
        for path in sorted(POSTCODES.glob("*.csv.gz")):
            prepared = postcode_loading.prepare_postcodes(path, place_crs=queries.place_crs())
            postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=LOADED_AT)
        took["postcodes"] = time.perf_counter() - begun
    return {**took, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


if __name__ == "__main__":
    print(json.dumps(load_country(Path(sys.argv[1]))))
