"""The count over the years: each as its own count gives it, real terms, and years that are not alike never compared unsaid."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger import service
from scrutiny.ledger.alike import (
    COVERAGE,
    FILES,
    NOT_AFTER,
    NOT_BEFORE,
    OTHER_SIDE,
    PHASE,
    STREAM,
    Held,
    Unlike,
    YearHeld,
    unlike,
)
from scrutiny.ledger.counting import count
from scrutiny.ledger.models import LedgerSource
from scrutiny.ledger.year_words import unlike_words
from scrutiny.ledger.years import OverYears, over_years
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting

COUNTY, DISTRICT = "E10900001", "E07900001"
PAGE = f"/places/{COUNTY}/count/years"


def publish(agency_id: int, text: str, year: int, committee: int, **changed: object) -> LedgerSource:
    """A published source of a body and year."""
    source = keep(agency_id, f"service,amount,transfer_to,transfer_from\n{text}\n", year, body_id=committee)
    for name, value in changed.items():
        setattr(source, name, value)
    service.publish(source, by=acting("officer"), at=NOW)
    return source


@pytest.fixture
def years(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The county council in three years, the police in the last two; a grant both record where both are there."""
    grant = "public-health,200.00,Loamshire Police,"
    with app.app_context():
        for year, amount in ((2022, "900.00"), (2023, "959.00"), (2024, "1100.00")):
            publish(cast.county_council, f"education,{amount},,\n{grant}", year, cast.committee)
        for year, amount in ((2023, "95.90"), (2024, "110.00")):
            publish(cast.police, f"03.1,{amount},,\n03.1,200.00,,Loamshire County Council", year, cast.committee)
        db.session.commit()
    return cast


def over(code: str = COUNTY, who: str = "officer") -> OverYears:
    areas = list(db.session.scalars(select(Area).where(Area.code == code)))
    found = over_years("Loamshire", areas, on=NOW.date(), by=acting(who))
    assert found is not None
    return found


@pytest.mark.parametrize("code", [COUNTY, DISTRICT])
def test_each_year_is_to_the_penny_what_its_own_count_gives(app: Flask, years: SimpleNamespace, code: str) -> None:
    with app.app_context():
        areas = list(db.session.scalars(select(Area).where(Area.code == code)))
        for year in over(code).years:
            of_year = count("Loamshire", areas, year.year, on=NOW.date(), by=acting("officer"))
            assert of_year is not None
            assert (year.net, dict(year.by_service)) == (of_year.net, dict(of_year.by_service))
            assert dict(year.by_body) == {body.agency.id: body.net for body in of_year.bodies}


def test_a_body_missing_in_one_year_is_named_and_nothing_is_compared_without_it(
    app: Flask, years: SimpleNamespace, client: FlaskClient
) -> None:
    """The council's own change is not told either: what it paid the police is netted in one of the two years alone."""
    page = client.get(PAGE).text
    assert "2023 to 2024 cannot be compared with the year counted before it." in page
    assert "Loamshire Police is not counted for 2022 to 2023." in page
    assert "Loamshire County Council pays grants to Loamshire Police, which is not counted for 2022 to 2023." in page
    told = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv").text)))
    whole = {row["year"]: row for row in told if row["part"] == "all"}
    assert (whole["2023"]["change_in_real_terms"], whole["2024"]["why_not_compared"]) == ("", "")
    assert "Loamshire Police is not counted" in whole["2023"]["why_not_compared"]
    assert (whole["2023"]["pence"], whole["2023"]["real_pence"], whole["2024"]["pence"]) == ("105490", "110000", "121000")
    assert whole["2024"]["change_in_real_terms"] == "0.1"
    assert "10.0% more" in page
    absent = [row for row in told if row["name"] == "Loamshire Police" and row["year"] == "2022"]
    assert [row["pence"] for row in absent] == [""]


def test_the_command_and_the_files_say_what_the_page_says(app: Flask, years: SimpleNamespace, client: FlaskClient) -> None:
    plain = json.loads(client.get(f"{PAGE}.json").text)
    ran = app.test_cli_runner().invoke(args=["ledger", "years", COUNTY, "--json"])
    assert json.loads(ran.stdout)["rows"] == plain["rows"]
    said = app.test_cli_runner().invoke(args=["ledger", "years", COUNTY])
    assert "2024 to 2025: £1,210.00" in said.stdout
    assert "Loamshire Police is not counted for 2022 to 2023." in said.stderr
    assert client.get(f"{PAGE}?prices=cash").status_code == 200
    assert client.get("/places/E07900002/count/years.csv").status_code == (200 if plain["rows"] else 404)


def test_what_is_not_published_is_in_no_year_of_others(app: Flask, years: SimpleNamespace, client: FlaskClient) -> None:
    with app.app_context():
        keep(years.county_council, "service,amount\nhousing,77.77\n", 2021, body_id=years.committee)
        db.session.commit()
        assert [year.year for year in over().years] == [2021, 2022, 2023, 2024]
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}.json"):
        assert "2021" not in client.get(path).text


def test_a_year_without_a_price_level_and_years_between_that_nobody_counted_are_said(
    app: Flask, years: SimpleNamespace, client: FlaskClient
) -> None:
    with app.app_context():
        publish(years.county_council, "education,5.00,,", 2030, years.committee)
        publish(years.police, "03.1,5.00,,", 2030, years.committee)
        db.session.commit()
    page = client.get(PAGE).text
    assert "No price level" in page
    assert "Nothing is counted for the years between." in page


HELD = Held(frozenset({"outturn"}), frozenset({("whole", None)}), frozenset({""}), 0)


def of(**changed: object) -> YearHeld:
    """A year in which one body is counted."""
    values = {name: getattr(HELD, name) for name in ("phases", "coverage", "streams", "files", "pays")} | changed
    return YearHeld({1: Held(**values)}, {1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (YearHeld({}, ()), of(), NOT_BEFORE),
        (of(), YearHeld({}, ()), NOT_AFTER),
        (of(), of(phases=frozenset({"budget"})), PHASE),
        (of(), of(coverage=frozenset({("part", 80)})), COVERAGE),
        (of(streams=frozenset({"revenue"})), of(), STREAM),
        (of(files=12), of(files=3), FILES),
        (of(pays=frozenset({2})), YearHeld(of().bodies, {1, 2}), OTHER_SIDE),
    ],
)
def test_each_thing_that_stands_against_comparing_is_found_and_said(before: YearHeld, after: YearHeld, why: str) -> None:
    assert [one.why for one in unlike(before, after)] == [why]
    assert unlike(after, after) == ()


def test_every_reason_has_its_words(app: Flask, years: SimpleNamespace) -> None:
    with app.app_context(), app.test_request_context():
        found = over()
        step = found.steps()[1]
        reasons = (NOT_BEFORE, NOT_AFTER, PHASE, COVERAGE, STREAM, FILES, OTHER_SIDE)
        said = {why: unlike_words(Unlike(years.police, why, years.county_council), step, found) for why in reasons}
    assert len(set(said.values())) == 7
    assert "we have outturn for 2023 to 2024" in said[PHASE]


def test_statements_do_not_grow_with_the_years(app: Flask, years: SimpleNamespace) -> None:
    few = statements(app)
    with app.app_context():
        for year in range(2025, 2035):
            publish(years.county_council, "education,5.00,,", year, years.committee)
        db.session.commit()
    assert len(statements(app)) == len(few)


def statements(app: Flask) -> list[str]:
    """What is asked of the database for all years."""
    ran: list[str] = []

    def note(*given: object) -> None:
        ran.append(str(given[2]))

    with app.app_context():
        by = acting("officer")
        areas = list(db.session.scalars(select(Area).where(Area.code == COUNTY)))
        event.listen(db.engine, "before_cursor_execute", note)
        over_years("Loamshire", areas, on=NOW.date(), by=by)
        event.remove(db.engine, "before_cursor_execute", note)
    return ran
