"""Postcodes of the whole country beside the codes their own files give them: brought forward by lineage, or by small area."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.areas.index import point_index
from scrutiny.areas.succession import resolve_many
from scrutiny.file_reading.tables import read_csv
from scrutiny.geography.coordinates import to_place
from scrutiny.geography.postcodes import PostcodePoint, read_postcodes
from tests.journeys.country.conftest import SAME_BYTES, flask, real

pytestmark = [pytest.mark.slow, pytest.mark.data, SAME_BYTES]
TODAY = date(2026, 3, 2)
HISTORIES = ("lookups/lookup_ltla_ltla.csv", "registers/mysociety_uk_local_authorities_current.csv")


def points(file: Path) -> list[PostcodePoint]:
    """The postcodes of a file, as a loading reads them."""
    table = read_csv(file.read_bytes())
    return list(read_postcodes(table.header, zip(table.lines, table.rows, strict=True), file.name))


def codes_at(app: Flask, where: Sequence[tuple[float, float]], kind: str) -> list[set[str]]:
    """The codes of one kind that hold each point."""
    with app.app_context():
        return [{one.code for one in found if one.kind == kind} for found in point_index().at_many(list(where), TODAY)]


def test_263_332_postcodes_of_2014_lie_in_what_their_districts_became(country: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 99.98% of all, and 99.99% of those that lie in a polygon; the rest are at borders that have moved since."""
    folder = real("postcodes/codepoint_open_2014_08")
    found = [one for file in sorted(folder.glob("[a-z]*.csv.gz")) for one in points(file) if one.x is not None]
    for path in HISTORIES:
        flask(country, "areas", "lineage", str(real(path)))
    with country.app_context():
        known = resolve_many({one.district_code for one in found}, TODAY)
    became = {code: {part.code for part in one.became} for code, one in known.items()}
    held = codes_at(country, [(one.x or 0.0, one.y or 0.0) for one in found], "district")
    agree = sum(bool(codes & became[one.district_code]) for one, codes in zip(found, held, strict=True))
    beyond = sum(not codes for codes in held)
    apart = Counter(
        (one.district_code, " ".join(sorted(codes)) or "none")
        for one, codes in zip(found, held, strict=True)
        if not codes & became[one.district_code]
    )
    with capsys.disabled():
        print(
            f"\n{len(found):,} postcodes of 2014: {agree:,} agree, {agree / len(found):.4%} of all and "
            f"{agree / (len(found) - beyond):.4%} of those in a polygon; {beyond} lie in none"
        )
        print("apart: " + "; ".join(f"{old} in {new}: {n}" for (old, new), n in apart.most_common()))
    assert len(found) == 263_332
    assert agree / len(found) >= 0.9998
    assert agree / (len(found) - beyond) >= 0.9999


def test_the_postcodes_of_trafford_lie_in_their_published_small_areas(country: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 99.6% with boundaries drawn to 20 m."""
    with gzip.open(real("postcodes/trafford_postcodes.csv.gz"), "rt", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    where = [to_place(float(row["lon"]), float(row["lat"]), "EPSG:27700") for row in rows]
    agree = sum(row["lsoa_code"] in codes for row, codes in zip(rows, codes_at(country, where, "lsoa"), strict=True))
    council = sum("E08000009" in codes for codes in codes_at(country, where, "district"))
    with capsys.disabled():
        print(
            f"\n{len(rows):,} postcodes of Trafford: {agree / len(rows):.4%} in their published small area, "
            f"{council / len(rows):.4%} in Trafford"
        )
    assert agree / len(rows) >= 0.996
    assert council / len(rows) >= 0.999


def test_live_and_ended_postcodes_of_aberdeen_are_told_apart(country: Flask) -> None:
    """The sample of the directory of the statistics office: most of it ended in 1996; no boundary here holds any of it."""
    file = real("postcodes/onspd_2024_format_sample_aberdeen.csv.gz")
    assert json.loads(flask(country, "areas", "postcodes", str(file), "--json")) == {"loaded": 8048}
    result = country.test_cli_runner().invoke(args=["areas", "at", "ab1 0aa"])
    assert (result.exit_code, result.stdout) == (0, "No area that is loaded lies there\n")
    assert "AB1 0AA ended in June 1996" in result.stderr
