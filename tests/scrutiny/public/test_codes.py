"""What became of codes: one page a code, a list at once, and all of it for an administrator."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.scrutiny.areas.test_lineage import HEADER, load_lineage

TABLE = (
    HEADER + "E07900801,E07900802,2012-04-01,recode,1,1\nE07900802,E07900001,2020-04-01,split,0.25,0.5\n"
    "E07900802,E07900002,2020-04-01,split,0.75,0.5\n"
)


@pytest.fixture(autouse=True)
def lineage(app: Flask, tmp_path: Path) -> None:
    """A district with another number, then divided between two."""
    with app.app_context():
        load_lineage(tmp_path, TABLE, "changes.csv")


def test_a_code_without_a_boundary_says_what_became_of_it_with_shares_days_and_source(client: FlaskClient) -> None:
    page = client.get("/codes/e07900802?on=2026-03-02").text
    assert "E07900802 became E07900002 Barrow End (75.0% of its people)" in page
    for said in ("25.0%", "50.0%", "Wed 1 Apr 2020", "changes.csv", "divided", "new code only", "E07900801"):
        assert said in page
    assert 'href="/places/E07900002?on=2026-03-02"' in page
    older = client.get("/codes/E07900802?on=2015-01-01").text
    assert "became E07900002" not in older.split("What became of it")[0].split("<h1")[1]


def test_a_code_that_nothing_knows_is_not_there_and_says_so(client: FlaskClient) -> None:
    page = client.get("/codes/E06999999")
    assert page.status_code == 404
    assert client.get("/codes/E07900001?on=soon").status_code == 404


def test_a_list_says_what_became_of_each_code_and_keeps_nothing(client: FlaskClient) -> None:
    sent = {"codes": "code\nE07900801\nnonsense\n\nE07900001", "on": ["2", "3", "2026"]}
    page = client.post("/codes", data={**sent, "show": "1"}).text
    assert "3 rows as at Monday 2 March 2026" in page
    assert "E07900002 Barrow End</a> (75.0%)" in page
    assert "no boundary and no lineage loaded here knows it" in page
    rows = list(csv.DictReader(io.StringIO(client.post("/codes", data={**sent, "download": "1"}).text)))
    assert [(row["line"], row["now_code"], row["share_of_people"]) for row in rows] == [
        ("2", "E07900002", "0.75"),
        ("2", "E07900001", "0.25"),
        ("3", "", ""),
        ("5", "E07900001", "1.0"),
    ]
    bare = client.post("/codes", data={"codes": "E07900801\nnonsense", "download": "1"})
    assert [row["line"] for row in csv.DictReader(io.StringIO(bare.text))] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Paste a list of codes, or choose a file"),
        ({"codes": "E07900001\n" * 10_002}, "more than 10,000 rows"),
        ({"file": (io.BytesIO(b"town\nAshby\n"), "towns.csv")}, "towns.csv has no column called a code"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence(client: FlaskClient, data: dict[str, object], said: str) -> None:
    page = client.post("/codes", data={**data, "show": "1"})
    assert page.status_code == 200
    assert said in page.text


def test_an_administrator_reads_all_lineage_and_finds_a_code_in_it(signed_in: Callable[..., FlaskClient]) -> None:
    assert signed_in("officer").get("/administration/boundaries/lineage").status_code == 404
    page = signed_in("administrator").get("/administration/boundaries/lineage").text
    assert "3 links" in page
    found = signed_in("administrator").get("/administration/boundaries/lineage?text=E07900801").text
    assert "1 link with" in found
    assert "changes.csv" in found
    assert signed_in("administrator").get("/administration/boundaries/lineage?text=%25&page=99").status_code == 200
