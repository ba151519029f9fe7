"""What a loading says of days; layers that begin later; and what a place's page says of a day on which it does not hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny import pages
from scrutiny.areas import queries
from scrutiny.areas.models import AreaLineage
from scrutiny.extensions import db
from scrutiny.place_lookup.lookup import find
from scrutiny.public import views
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, file_of, load, square
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_lineage import HEADER, load_lineage

pytestmark = pytest.mark.usefixtures("context")
D19, D21, D23, TODAY = date(2019, 4, 1), date(2021, 4, 1), date(2023, 4, 1), date(2026, 3, 2)
ONE, TWO = square(0, 0, 20, 10), square(20, 0, 40, 10)


def test_a_layer_from_before_what_is_loaded_says_on_which_day_it_ends(tmp_path: Path) -> None:
    load(tmp_path, "district", D23, {"E07900101": ONE, "E07900102": TWO})
    result = load(tmp_path, "district", D21, {"E07900101": ONE, "E07900102": TWO})
    assert result.warnings[-1] == (
        "2 areas (E07900101, E07900102) hold only to 31 March 2023: what follows from 1 April 2023 is loaded already"
    )
    assert queries.loads()[0].warnings == result.warnings


def test_an_area_that_nothing_follows_is_named_for_it_would_stay_open(tmp_path: Path) -> None:
    """Aylesbury Vale in a layer of 2019: in none of the later ones, and still there today unless somebody says when it ended."""
    load(tmp_path, "district", D21, {"E07900101": ONE, "E07900102": TWO})
    result = load(tmp_path, "district", D19, {"E07900101": ONE, "E07900102": TWO, "E07900109": square(40, 0, 50, 10)})
    assert result.warnings[-1].startswith("E07900109 is in no later layer, and stays open: if they were given up")
    alone = load(tmp_path, "district", D19, {"E07900110": square(50, 0, 60, 10)})
    assert not [one for one in alone.warnings if "stays open" in one]


def test_shares_that_lineage_lacked_are_worked_out_when_the_boundary_comes(app: Flask, tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    count(tmp_path, PEOPLE)
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 40, 10)}, to_on=date(2024, 3, 31))
    rows = "E07900101,E06900101,2024-04-01,,,\nE07900101,E06900102,2024-04-01,,,\n"
    assert load_lineage(tmp_path, HEADER + rows).worked_out == 0
    file = file_of(tmp_path, {"E06900101": square(0, 0, 10, 10), "E06900102": square(10, 0, 40, 10)}, "new.geojson")
    status, _, err = run(app, "load", file, "--kind", "district", "--from", "2024-04-01")
    assert (status, "The shares of 2 changes of code were worked out" in err) == (0, True)
    shares = select(AreaLineage.share_of_people, AreaLineage.share_of_area).order_by(AreaLineage.new_code)
    assert [tuple(row) for row in db.session.execute(shares)] == [(0.1, 0.25), (0.9, 0.75)]
    assert run(app, "load", file, "--kind", "district", "--from", "2024-04-01", "--replace")[2].count("worked out") == 0


def test_shares_of_people_are_worked_out_when_the_people_are_counted(app: Flask, tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 40, 10)}, to_on=date(2024, 3, 31))
    load(tmp_path, "district", date(2024, 4, 1), {"E06900101": square(0, 0, 10, 10), "E06900102": square(10, 0, 40, 10)})
    load_lineage(tmp_path, HEADER + "E07900101,E06900101,2024-04-01,,,\nE07900101,E06900102,2024-04-01,,,\n")
    people = tmp_path / "census2021.csv"
    people.write_text("lsoa,people\n" + "".join(f"{code},{n}\n" for code, n in PEOPLE.items()))
    assert "The shares of 2 changes of code were worked out" in run(app, "people", people)[2]
    assert [part.share_of_people for part in queries.resolve("E07900101", TODAY).became] == [0.9, 0.1]


def test_a_layer_loaded_ahead_goes_live_on_its_day_by_itself(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs on the day: every answer, of place, point and page, is of the day asked about."""
    load(tmp_path, "district", D21, {"E07900101": ONE, "E07900102": TWO})
    load(tmp_path, "district", date(2027, 4, 1), {"E06900101": square(0, 0, 40, 10)}, whole_layer=True)
    eve, day = date(2027, 3, 31), date(2027, 4, 1)
    for on, codes in ((TODAY, ["E07900101"]), (eve, ["E07900101"]), (day, ["E06900101"])):
        assert [one.code for one in queries.areas_at(505_000, 505_000, on)] == codes
        assert [area.code for area in find(f"Area {codes[0]}", on).matches if area.on is None] == codes
    client = app.test_client()
    for moment, old, new in (
        (eve, "Area E07900101", "This place does not exist yet"),
        (day, "no longer exists as it was", "Area E06"),
    ):
        at = datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)
        monkeypatch.setattr(pages, "now", lambda at=at: at)
        monkeypatch.setattr(views, "now", lambda at=at: at)
        assert old in client.get("/places/E07900101").text
        assert new in client.get("/places/E06900101").text


def test_a_page_asked_for_on_a_day_before_its_boundaries_names_the_day_they_hold_from(app: Flask, tmp_path: Path) -> None:
    load(tmp_path, "district", D21, {"E07900101": ONE}, to_on=date(2023, 3, 31))
    load(tmp_path, "district", D23, {"E06900101": ONE})
    load_lineage(tmp_path, HEADER + "E07900101,E06900101,2023-04-01,recode,1,1\n")
    client = app.test_client()
    page = client.get("/places/E07900101?on=2020-01-01")
    assert page.status_code == 404
    assert "do not hold on Wednesday 1 January 2020" in page.text
    assert 'href="/places/E07900101?on=2021-04-01">from Thursday 1 April 2021 to Friday 31 March 2023</a>' in page.text
    later = client.get("/places/E07900101?on=2024-06-01").text
    assert "E07900101 Area E07900101 became E06900101 Area E06900101 on Sat 1 Apr 2023" in later
    assert 'href="/places/E06900101?on=2024-06-01"' in later
    assert client.get("/places/E07999999?on=2020-01-01").status_code == 404
    assert "Page not found" in client.get("/places/E07999999?on=2020-01-01").text


def test_the_page_of_an_ended_area_says_what_it_is_now(app: Flask, tmp_path: Path) -> None:
    load(tmp_path, "district", D21, {"E07900101": ONE, "E07900102": TWO}, to_on=date(2023, 3, 31))
    load(tmp_path, "district", D23, {"E06900101": ONE})
    load_lineage(tmp_path, HEADER + "E07900101,E06900101,2023-04-01,recode,1,1\n")
    client = app.test_client()
    page = client.get("/places/E07900101").text
    assert "no longer exists as it was" in page
    assert 'See it today: <a class="govuk-link" href="/places/E06900101">Area E06900101</a>' in page
    assert "and no lineage loaded says what became of it" in client.get("/places/E07900102").text
    assert "See it today" not in client.get("/places/E06900101").text
