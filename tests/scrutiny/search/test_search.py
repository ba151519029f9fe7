"""The one search box: places, agencies, and what has been published; page, interface and command say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.search import queries
from scrutiny.spelling import begins_words
from tests.scrutiny.reports.story import RELEASE, scheduled


def find(client: FlaskClient, typed: str) -> tuple[str, str]:
    """Where the page of the search leads, or what it says."""
    answer = client.get("/find", query_string={"q": typed})
    return (answer.location or "").removeprefix("http://localhost"), answer.text


def on_its_way(cast: SimpleNamespace) -> int:
    """A report that comes out tomorrow."""
    return scheduled(cast).id


@pytest.fixture
def edition(as_built: Callable[..., int]) -> int:
    """The id of its edition."""
    return as_built(on_its_way)


@pytest.mark.parametrize("typed", ["loamshire fire & rescue", "Loamshire Fier and Rescue Service", "LFAR"])
def test_an_agency_is_found_in_the_box(client: FlaskClient, cast: SimpleNamespace, typed: str) -> None:
    location, page = find(client, typed)
    assert location == f"/agencies/{cast.fire}" or f'href="/agencies/{cast.fire}"' in page


def test_a_name_that_is_a_place_and_an_agency_is_offered_as_both(client: FlaskClient, cast: SimpleNamespace) -> None:
    """The police area is sure, and the force is called just that."""
    location, page = find(client, "Loamshire Police")
    assert location == ""
    assert page.index(f'href="/agencies/{cast.police}"') < page.index('href="/places/')
    assert find(client, "Ashby")[0] == "/places/E07900001"
    assert find(client, "E07900001")[0] == "/places/E07900001"  # the council has that code too
    assert find(client, "LM1 1AA")[0].startswith("/places/")


def test_an_agency_that_ended_is_found_and_says_so(app: Flask, client: FlaskClient, cast: SimpleNamespace) -> None:
    with app.app_context(), transaction.writes_now():
        fire = db.session.get_one(Agency, cast.fire)
        fire.to_on, fire.other_names = RELEASE.date().replace(year=2024), "Loamshire Brigade"
    assert find(client, "Loamshire Brigade")[0] == f"/agencies/{cast.fire}"
    page = client.get(f"/agencies/{cast.fire}").text
    assert "This agency ended on" in page
    assert "Also called: Loamshire Brigade" in page
    assert "ended on" in find(client, "Loamshire Fire Police")[1]


@pytest.mark.parametrize("typed", ["Loamshire Police", "fire and rescue", "Ashby", "waiting times", "Barrow", "Loamshier"])
def test_the_interface_and_the_command_find_what_the_page_finds(
    app: Flask, client: FlaskClient, edition: int, typed: str
) -> None:
    jobs_done(app)
    said = json.loads(app.test_cli_runner().invoke(args=["search", typed, "--json"]).stdout)
    assert said == client.get("/api/v1/search", query_string={"q": typed}).json
    location, page = find(client, typed)
    assert bool(location) == bool(said["leads_to"])
    for one in [] if location else said["agencies"]:
        assert f'href="/agencies/{one["id"]}"' in page
    for one in [] if location else said["recommendations"]:
        assert one["recommendation"] in page


def test_nothing_that_is_found_nowhere_is_a_success(app: Flask, client: FlaskClient) -> None:
    done = app.test_cli_runner().invoke(args=["search", "Xyzzy", "Qwrt"])
    assert done.exit_code == 1
    assert "Nothing here is called “Xyzzy Qwrt”" in done.stderr
    assert "Nothing here is called “Xyzzy Qwrt”" in find(client, "Xyzzy Qwrt")[1]


def test_reports_and_recommendations_are_found_by_their_words_only_once_they_are_out(
    app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient], edition: int
) -> None:
    with app.app_context():
        report = db.session.get_one(Edition, edition).report
        reference, title = report.reference, report.review.title
    before = client.get("/api/v1/search", query_string={"q": title}).json
    assert (before["reports"], before["recommendations"]) == ([], [])
    for who in (client, signed_in("officer"), signed_in("fire_responder")):
        assert f"/reports/{reference}" not in find(who, title)[1]
        assert "Publish waiting times every month" not in find(who, "waiting times month")[1]
    jobs_done(app)
    assert f'href="/reports/{reference}"' in find(client, title.upper())[1]
    assert f'href="/reports/{reference}#recommendation-1"' in find(client, "waiting times month")[1]
    assert f"/reports/{reference}#recommendation-1" not in find(client, "waiting times elephants")[1]


def jobs_done(app: Flask) -> None:
    """What is due out comes out."""
    with app.app_context():
        jobs.release_reports(at=RELEASE)


def test_a_very_long_search_looks_for_a_dozen_words_and_no_more(
    app: Flask, client: FlaskClient, edition: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it costs does not grow with what a stranger types."""
    jobs_done(app)
    looked: list[int] = []

    def counted(name: str, words: list[str]) -> bool:
        looked.append(len(words))
        return begins_words(name, words)

    monkeypatch.setattr(queries, "begins_words", counted)
    typed = " ".join(f"waiting{number}" for number in range(5_000))
    assert "Nothing here is called" in find(client, typed)[1]
    assert looked
    assert max(looked) <= queries.MOST_WORDS
