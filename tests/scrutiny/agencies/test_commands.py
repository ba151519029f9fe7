"""`flask agencies`: exit status, one sentence on stderr, one JSON document on stdout."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from scrutiny.agencies import queries
from scrutiny.audit.queries import faults_found


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["agencies", *words])


def test_a_register_is_loaded_and_kept(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text("name,kind,code,scheme,area_codes\nLoamshire Ambulance,ambulance,RX9,ods,E10900001;E23000001\n")
    done = run(app, "load", str(file), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["added"] == ["Loamshire Ambulance"]
    assert done.stderr == "Line 2: the area E23000001 is not loaded yet; Loamshire Ambulance answers there once it is\n"
    with app.app_context():
        assert queries.agency_by_code("RX9")
        assert faults_found() == []
    assert run(app, "load", str(file)).stdout == "1 agency: 0 added, 0 changed, 1 as they were\n"


def test_a_fault_is_one_sentence_and_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text("name,kind,code,scheme,area_codes\nGood,fire,F1,own,E10900001\nBad,fyre,F2,own,E10900001\n")
    done = run(app, "load", str(file))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "agencies.csv was not loaded. Line 3: there is no kind of agency called “fyre”" in done.stderr
    with app.app_context():
        assert queries.agency_by_code("F1") is None


def test_agencies_are_made_from_areas(app: Flask) -> None:
    assert run(app, "from-areas", "--kind", "district").stdout == "3 agencies: 1 added, 0 changed, 2 as they were\n"
    assert run(app, "from-areas", "--kind", "lsoa").exit_code == 1


def test_who_answers_for_a_code(app: Flask, cast: SimpleNamespace) -> None:
    done = run(app, "answering", "E07900002", "--on", "2026-03-02", "--json")
    found = {row["code"]: row for row in json.loads(done.stdout)}
    assert list(found["E54900001"]) == ["id", "code", "agency", "kind", "share_of_people", "share_of_area", "services"]
    assert found["E54900001"]["id"] == cast.west_icb
    assert found["E54900001"]["share_of_people"] == pytest.approx(0.444444)
    assert found["E54900002"]["share_of_area"] == 0.5
    assert found["E23900001"]["services"] == ["community-safety", "policing"]
    housing = json.loads(run(app, "answering", "e07900002", "--on", "2026-03-02", "--service", "housing", "--json").stdout)
    assert [row["agency"] for row in housing] == ["Barrow End District Council"]


def test_who_answers_at_a_postcode(app: Flask) -> None:
    done = run(app, "answering", "lm11aa", "--on", "2026-03-02", "--json")
    assert [(row["agency"], row["share_of_area"]) for row in json.loads(done.stdout)] == [
        ("Loamshire County Council", 1.0),
        ("Ashby District Council", 1.0),
        ("West Loamshire Integrated Care Board", 1.0),
        ("Loamshire Police", 1.0),
        ("Loamshire Fire and Rescue", 1.0),
    ]


def test_who_answers_in_words(app: Flask) -> None:
    done = run(app, "answering", "E07900002", "--on", "2026-03-02")
    assert "Health\n  East Loamshire Integrated Care Board (Integrated care board) covers 56% of the people" in done.stdout


@pytest.mark.parametrize("where", ["E07999999", "ZZ1 1ZZ", "nowhere"])
def test_a_place_not_known_is_refused(app: Flask, where: str) -> None:
    done = run(app, "answering", where, "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr
    assert run(app, "answering").exit_code == 2
