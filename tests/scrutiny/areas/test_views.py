"""Loading through the page: by administrators only, told plainly, and nothing half stored."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.agencies.jobs import forget_lists
from scrutiny.areas import queries
from scrutiny.extensions import db
from scrutiny.loading import uploads
from scrutiny.transaction import writes_now
from scrutiny.work.claims import Progress
from tests.conftest import NOW
from tests.scrutiny.areas.layers import SMALL, file_of
from tests.scrutiny.demo.test_raw_words import RAW, words_of

SignIn = Callable[..., FlaskClient]
LOAD = "/administration/boundaries/load"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The loadings the page would have started in a process of their own."""
    ids: list[int] = []
    monkeypatch.setattr(uploads, "start", ids.append)
    return ids


def typed(content: bytes, name: str = "layer.geojson", **more: object) -> dict[str, object]:
    return {"file": (io.BytesIO(content), name), "kind": "lsoa", "from_on": ["21", "3", "2021"], **more}


def test_only_an_administrator_finds_these_pages(client: FlaskClient, signed_in: SignIn) -> None:
    assert client.get(LOAD).status_code == 302
    assert signed_in("officer").get(LOAD).status_code == 404
    assert signed_in("administrator").get(LOAD).status_code == 200
    assert signed_in("administrator").get("/administration/boundaries").status_code == 200


def test_a_file_sent_is_loaded_and_the_page_says_what_came_of_it(
    app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int]
) -> None:
    client = signed_in("administrator")
    content = file_of(tmp_path, {**SMALL, "E01900109": None}).read_bytes()
    sent = client.post(LOAD, data=typed(content, "../../<b>small.geojson"))
    assert sent.status_code == 302
    page = client.get(sent.location)
    assert "waiting to begin" in page.text
    assert 'http-equiv="refresh"' in page.text
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    page = client.get(sent.location)
    assert "4 rows loaded" in page.text
    assert "E01900109" in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert "<b>small" not in page.text
    listing = client.get("/administration/boundaries")
    assert "Small area" in listing.text
    with app.app_context():
        one = client.get(f"/administration/boundaries/loads/{queries.loads()[0].id}")
    assert "Ada Winn" in one.text
    for text in (page.text, one.text):
        assert not RAW.findall(words_of(text)), "no key, reference or day in figures"


def test_a_refused_file_stores_nothing_and_says_why(app: Flask, signed_in: SignIn, started: list[int]) -> None:
    client = signed_in("administrator")
    with app.app_context():
        before = len(queries.loads())
    sent = client.post(LOAD, data=typed(b'{"type":"FeatureCollection","features":[{"type":"Fea', "cut.geojson"))
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
        assert len(queries.loads()) == before
    page = client.get(sent.location)
    assert "cut.geojson ends unexpectedly" in page.text
    assert "Nothing was loaded" in page.text


def test_a_refused_file_leaves_the_list_of_loadings_under_way_and_goes_when_it_is_sent_again(
    app: Flask, signed_in: SignIn, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrutiny.loading.views.now", lambda: NOW)
    client, listing = signed_in("administrator"), "/administration/boundaries"
    client.post(LOAD, data=typed(b'{"type":"Fea', "cut.geojson"))
    assert "waiting to begin" in client.get(listing).text
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    page = client.get(listing).text
    assert "Under way" not in page
    assert "Not loaded in the last seven days" in page
    client.post(LOAD, data=typed(b'{"type":"Feat', "cut.geojson"))
    page = client.get(listing).text
    assert "Under way" in page
    assert "Not loaded" not in page


def test_what_was_sent_is_erased_once_it_is_loaded_or_refused(
    app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int]
) -> None:
    client = signed_in("administrator")
    content = file_of(tmp_path, SMALL).read_bytes()
    for sent in (content, b'{"type":"Fea', content):
        client.post(LOAD, data=typed(sent))
    with app.app_context():
        files, later = fitted.files(), datetime.now(UTC) + timedelta(hours=2)
        tokens = [db.session.get_one(Progress, progress_id).task["aside"] for progress_id in started]
        assert {token for token, _ in files.left_aside(later)} >= set(tokens)
        for progress_id in started[:2]:
            uploads.carry_out(progress_id, clock=lambda: NOW)
        assert {token for token, _ in files.left_aside(later)} & set(tokens) == {tokens[2]}
        assert not [kept for kept in files.all_kept() if kept.size == len(content)]


def test_the_sweep_erases_what_no_loading_awaits_and_nothing_else(app: Flask, signed_in: SignIn, started: list[int]) -> None:
    client = signed_in("administrator")
    for number in (1, 2):
        client.post(LOAD, data=typed(b"not read %d" % number))
    with app.app_context():
        files, at = fitted.files(), datetime.now(UTC)
        uploads.erase_left(at=at + timedelta(hours=2))  # what other tests left
        files.aside("ab" * 16).keep(b"kept, and the row never written")
        assert uploads.erase_left(at=at) == 0
        assert forget_lists(at=at + timedelta(hours=2)).endswith("1 file of boundaries erased")
        with writes_now():
            db.session.get_one(Progress, started[0]).state = "failed"
        assert uploads.erase_left(at=at + timedelta(hours=2)) == 1
        left = db.session.get_one(Progress, started[1]).task
        assert files.left_aside(at + timedelta(hours=2)) == [(left["aside"], left["sha256"])]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"file": (io.BytesIO(b""), "")}, "Choose a file"),
        ({"kind": ""}, "Choose what the file holds"),
        ({"from_on": ["", "", ""]}, "Enter the first day the areas hold"),
        ({"to_on": ["1", "1", "2020"]}, "The last day must not be before the first"),
    ],
)
def test_a_form_error_says_what_to_do_and_keeps_what_was_typed(
    signed_in: SignIn, started: list[int], more: dict[str, object], said: str
) -> None:
    page = signed_in("administrator").post(LOAD, data=typed(b"{}", source="Loamshire & Co", **more) | more)
    assert page.status_code == 200
    assert said in page.text
    assert "Loamshire &amp; Co" in page.text
    assert started == []


def test_an_empty_file_is_refused_at_once(signed_in: SignIn, started: list[int]) -> None:
    page = signed_in("administrator").post(LOAD, data=typed(b""))
    assert page.status_code == 200
    assert "empty" in page.text
    assert started == []


def test_a_loading_is_carried_out_once_whoever_starts_it(
    app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int]
) -> None:
    signed_in("administrator").post(LOAD, data=typed(file_of(tmp_path, SMALL).read_bytes()))
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
        uploads.carry_out(started[0], clock=lambda: NOW)
        assert db.session.get_one(Progress, started[0]).result["loaded"] == 4
        assert len([load for load in queries.loads() if load.kind == "lsoa"]) == 1


def test_people_and_postcodes_go_the_same_way(app: Flask, signed_in: SignIn, started: list[int]) -> None:
    client = signed_in("administrator")
    client.post(LOAD, data=typed(b"postcode,lat,lon\nLM5 5AA,52.6,-1.9\n", "postcodes.csv", kind="postcodes"))
    client.post(LOAD, data=typed(b"lsoa,people\nE01900000,1234\n", "people.csv", kind="people"))
    with app.app_context():
        for progress_id in started:
            uploads.carry_out(progress_id, clock=lambda: NOW)
        assert [db.session.get_one(Progress, i).state for i in started] == ["done", "done"]
        assert queries.postcode("lm55aa") is not None
        assert queries.area_on("E01900000", NOW.date()).people == 1234


@pytest.mark.slow
def test_the_page_starts_a_process_that_loads_the_file(app: Flask, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("administrator")
    sent = client.post(LOAD, data=typed(file_of(tmp_path, SMALL).read_bytes()))
    for _ in range(120):
        page = client.get(sent.location)
        if 'http-equiv="refresh"' not in page.text:
            break
        time.sleep(0.5)
    assert "4 rows loaded" in page.text


def test_a_refusal_names_the_fields_of_the_page_not_the_options_of_the_command(
    app: Flask, signed_in: SignIn, started: list[int]
) -> None:
    """Metres without a coordinate system: the remedy is a field the administrator can see."""
    client = signed_in("administrator")
    metres = (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"E07999901"},"geometry":{"type":'
        b'"Polygon","coordinates":[[[457351,307965],[458351,307965],[458351,308965],[457351,307965]]]}}]}'
    )
    sent = client.post(LOAD, data=typed(metres, "metres.geojson"))
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    page = client.get(sent.location).text
    assert "say “Coordinate system” EPSG:27700" in page
    assert "--crs" not in page


def test_after_a_refused_file_the_form_is_as_it_was_sent(app: Flask, signed_in: SignIn) -> None:
    """Kind, days and source need not be typed again; only the file is chosen anew."""
    task = {"kind": "ward", "from_on": "2024-05-02", "to_on": None, "source": "Somewhere, 2024", "whole_layer": True}
    with app.app_context(), transaction.writes_now():
        refused = Progress(
            kind=uploads.KIND,
            title="wards.geojson",
            state="failed",
            fault="It holds lines.",
            task=task,
            started_by="person:1",
            started_at=NOW,
        )
        db.session.add(refused)
        db.session.flush()
        number = refused.id
    client = signed_in("administrator")
    assert f"again={number}" in client.get(f"/administration/boundaries/loading/{number}").text
    page = client.get(f"/administration/boundaries/load?again={number}").text
    assert 'value="Somewhere, 2024"' in page
    assert 'value="2024"' in page
    assert 'value="ward" selected' in page
    assert client.get("/administration/boundaries/load?again=99999").status_code == 404
