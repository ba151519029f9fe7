"""`flask areas`: one JSON document on stdout, notes on stderr, 1 for a refusal and 2 for a wrong call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.scrutiny.areas.layers import PEOPLE, SMALL, file_of, square


def run(app: Flask, *words: object) -> tuple[int, str, str]:
    done = app.test_cli_runner().invoke(args=["areas", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_a_layer_is_loaded_counted_shown_and_compared(app: Flask, tmp_path: Path) -> None:
    small = file_of(tmp_path, SMALL, "small.geojson")
    status, out, err = run(app, "load", small, "--kind", "lsoa", "--from", "2021-03-21", "--json")
    assert status == 0, err
    assert json.loads(out) == {
        "kind": "lsoa",
        "loaded": 4,
        "ended": [],
        "repaired": [],
        "skipped": [],
        "warnings": ["read as OSGB36 / British National Grid, as the file says"],
    }
    people = tmp_path / "census2021.csv"
    people.write_text("lsoa,people\n" + "".join(f"{code},{n}\n" for code, n in PEOPLE.items()))
    status, out, err = run(app, "people", people, "--json")
    assert (status, json.loads(out)["as_at"]) == (0, "2021-03-21"), err
    icb = file_of(tmp_path, {"E54900101": square(0, 0, 10, 10), "E54900102": square(10, 0, 40, 10)}, "icb.geojson")
    run(app, "load", icb, "--kind", "icb", "--from", "2022-07-01", "--source", "Loamshire, invented")
    district = file_of(tmp_path, {"E07900101": square(0, 0, 40, 10)}, "district.geojson")
    run(app, "load", district, "--kind", "district", "--from", "2022-07-01")
    _, out, _ = run(app, "overlaps", "E07900101", "--with", "icb", "--json", "--on", "2026-01-01")
    found = json.loads(out)
    assert [(one["code"], one["share_of_people"], one["share_of_area"]) for one in found] == [
        ("E54900102", 0.9, 0.75),
        ("E54900101", 0.1, 0.25),
    ]
    assert set(found[0]) == {
        "code",
        "name",
        "kind",
        "share_of_area",
        "share_of_people",
        "share_of_other_area",
        "share_of_other_people",
    }
    _, out, err = run(app, "overlaps", "E07900101", "--json", "--on", "2026-01-01")
    assert {one["kind"] for one in json.loads(out)} == {"icb"}
    assert "Small areas are left out: ask for them by --with lsoa" in err
    _, out, _ = run(app, "show", "E54900101", "--json")
    assert json.loads(out) == {
        "code": "E54900101",
        "name": "Area E54900101",
        "kind": "icb",
        "kinds": ["icb"],
        "from": "2022-07-01",
        "to": None,
        "area_km2": 100.0,
        "people": 100,
        "source": "Loamshire, invented",
    }


def test_postcodes_are_loaded_and_a_point_is_answered(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "codepoint.csv"
    file.write_text('"LM9 9ZZ",10,402000,302000,"","","","","E07900001",""\n')
    assert run(app, "postcodes", file, "--json")[:2] == (0, '{"loaded": 1}\n')
    status, out, _ = run(app, "at", "lm99zz", "--on", "2026-03-02", "--json")
    assert status == 0
    assert {"code": "E07900001", "name": "Ashby", "kind": "district"} in json.loads(out)
    _, other, _ = run(app, "at", "52.6137,-1.9721", "--on", "2026-03-02", "--json")
    assert {"code": "E07900001", "name": "Ashby", "kind": "district"} in json.loads(other)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["show", "E07999999"], 1, "There is no area with the code E07999999"),
        (["at", "XX"], 1, "'XX' is not a whole postcode"),
        (["load", "/nowhere.geojson", "--kind", "lsoa", "--from", "2021-03-21"], 1, "there is no such file"),
        (["load", "/nowhere.geojson", "--kind", "lsoa"], 2, "--from"),
        (["load", "/nowhere.geojson", "--kind", "lsoa", "--from", "soon"], 2, "is not a day"),
        (["overlaps", "E07900001", "--with", "parish"], 1, "no kind of area called 'parish'"),
    ],
)
def test_a_refusal_is_one_sentence_and_a_wrong_call_a_usage(app: Flask, words: list[str], status: int, said: str) -> None:
    found, out, err = run(app, *words)
    assert (found, out) == (status, "")
    assert said in err


def test_a_refused_file_names_itself_and_the_remedy(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "broken.geojson"
    file.write_text('{"type":"FeatureCollection","features":[{"type":"Feature"')
    status, out, err = run(app, "load", file, "--kind", "lsoa", "--from", "2021-03-21", "--json")
    assert (status, out) == (1, "")
    assert err.startswith("broken.geojson ends unexpectedly")
    assert err.count("\n") == 1
