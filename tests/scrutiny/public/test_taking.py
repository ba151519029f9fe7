"""Downloads of boundaries, overlaps and answers: for anyone, named plainly, a few at a time."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask.testing import FlaskClient

from scrutiny.adapters import shares

ON = "on=2026-03-02"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/data/areas/district", "district-2026-03-02"),
        ("/data/overlaps/district/icb", "district-and-icb-2026-03-02"),
        ("/places/E07900002/areas", "brackmere-2026-03-02"),
        ("/places/E07900002/overlaps", "brackmere-overlaps-2026-03-02"),
        ("/places/E07900002/answers", "brackmere-who-answers-2026-03-02"),
    ],
)
def test_each_table_comes_in_three_forms(client: FlaskClient, address: str, name: str) -> None:
    for form, begins in (("csv", b"code,"), ("geojson", b'{"type": "FeatureCollection"'), ("gpkg", b"SQLite format 3")):
        sent = client.get(f"{address}.{form}?{ON}")
        assert sent.status_code == 200, (form, sent.text)
        said = sent.headers["Content-Disposition"]
        assert said.endswith(f'-2026-03-02.{form}"')
        assert name.split("-", 1)[1] in said
        assert sent.data.startswith(b"place," if "answers" in address and form == "csv" else begins)


def test_the_parts_that_agencies_cover_are_drawn_in_the_download(client: FlaskClient) -> None:
    found = json.loads(client.get(f"/places/E07900002/answers.geojson?{ON}").data)
    table = list(csv.DictReader(io.StringIO(client.get(f"/places/E07900002/answers.csv?{ON}").text)))
    assert [one["properties"]["agency"] for one in found["features"]] == [row["agency"] for row in table]
    assert all(one["geometry"]["coordinates"] for one in found["features"])


@pytest.mark.parametrize(
    "address",
    [
        "/data/areas/hundred.csv",
        "/data/areas/district.csv?on=1700-01-01",
        "/data/areas/district.csv?on=soon",
        "/data/areas/district.xls",
        "/places/E06999999/areas.csv",
        "/data/overlaps/district/hundred.csv",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_few_at_a_time_and_the_room_is_given_back(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address, elsewhere = "/data/areas/district.csv", {"REMOTE_ADDR": "192.0.2.7"}
    monkeypatch.setattr(shares.TAKING, "patience", 0)
    leave = shares.TAKING.take("network:127.0.0.1")
    own = client.get(address)
    assert (own.status_code, own.headers["Retry-After"], "still being prepared" in own.text) == (429, "10", True)
    assert client.get(address, environ_overrides=elsewhere).status_code == 200, "others are served"
    left = [shares.TAKING.take(f"network:192.0.2.{number}") for number in (8, 9)]
    full = client.get(address, environ_overrides=elsewhere)
    assert (full.status_code, "Wait a minute" in full.text) == (503, True)
    for give_back in (leave, *left):
        give_back()
    for _ in range(5):
        assert client.get("/data/areas/district.csv").status_code == 200
        assert client.get("/data/areas/hundred.csv").status_code == 404


def test_the_pages_link_to_what_can_be_taken_away_on_the_day_shown(client: FlaskClient) -> None:
    page = client.get(f"/places/E07900002?{ON}").text
    assert 'href="/places/E07900002/answers.geojson?on=2026-03-02"' in page
    data = client.get(f"/data?{ON}").text
    assert 'href="/data/areas/district.gpkg?on=2026-03-02"' in data
