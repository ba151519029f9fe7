"""The page of a place: who answers, in shares and words; maps, days, services; and how much it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import event, select

from scrutiny.agencies.models import Agency, Footprint
from scrutiny.areas.models import Area, Place
from scrutiny.correspondence.models import Alert
from scrutiny.extensions import db
from scrutiny.public import bulk_views
from scrutiny.public import views as public_views
from scrutiny.reviews.models import Review
from scrutiny.work.limits import Verdict
from tests.scrutiny.areas.layers import load, square
from tests.scrutiny.areas.test_lineage import load_lineage
from tests.scrutiny.reviews.acting import opened
from workflows.powers import CONFIDENCE


def words(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace(" ", " ")).split())


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement run meanwhile."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_every_agency_is_listed_with_what_it_covers(client: FlaskClient) -> None:
    """Barrow End is cut by two health boards; the county covers all of it."""
    page = words(client.get("/places/E07900002").text)
    for name, kind in (
        ("Barrow End District Council", "District council"),
        ("Loamshire County Council", "County council"),
        ("Loamshire Police", "Police force"),
        ("Loamshire Fire and Rescue", "Fire and rescue authority"),
    ):
        assert f"{name} {kind} all of it" in page
    assert "West Loamshire Integrated Care Board Integrated care board 44% of people, 50% of land" in page
    assert "East Loamshire Integrated Care Board covers 56% of the people and 50% of the land of Barrow End." in page
    assert "Ashby District Council" not in page


def test_the_map_shows_the_layer_that_splits_the_place_and_another_on_request(client: FlaskClient, cast: SimpleNamespace) -> None:
    """Each part is a link to its agency, named; the same stands in a table."""
    page = client.get("/places/E07900002").text
    assert f'<a href="/agencies/{cast.west_icb}" aria-label="West Loamshire Integrated Care Board: 44% of the people' in page
    police = client.get("/places/E07900002?layer=police").text
    assert f'<a href="/agencies/{cast.police}" aria-label="Loamshire Police: all of it"' in police
    assert '<option value="police" selected>' in police


def test_people_land_and_what_it_lies_in_are_told(client: FlaskClient) -> None:
    """Ashby: 2,500 people on 100 km²."""
    page = words(client.get("/places/E07900001").text)
    assert "2,500 people" in page
    assert "100 km² of land" in page
    assert "25 people to each km²" in page
    assert "Loamshire : all of Ashby lies in it" in page
    assert "Next to it: Barrow End" in page
    assert "Corley" not in page


def test_a_service_names_who_answers_and_on_what_law_they_may_be_asked(client: FlaskClient) -> None:
    """Community safety is the county's and the police's: a power over crime is named, and nothing is said of how sure we are."""
    page = words(client.get("/places/E07900001?service=policing").text)
    answer = page[page.index("Policing Loamshire Police") :]
    assert "Who may ask it, and the legal basis" in answer[:200]
    assert "Crime and disorder committee: By law, Loamshire Police must supply depersonalised information" in answer[:1500]
    assert "(regulation 5 of the Crime and Disorder (Overview and Scrutiny) Regulations 2009)" in answer[:1500]
    assert not any(phrase in page for phrase in CONFIDENCE.values())


def test_a_postcode_gets_those_who_answer_there_and_no_other(client: FlaskClient) -> None:
    """LM1 1AA lies in the south of Ashby."""
    page = words(client.get("/places/E07900001?at=LM1+1AA").text)
    there = page[page.index("At LM1 1AA exactly") : page.index("Map")]
    assert "West Loamshire Integrated Care Board" in there
    assert "East Loamshire" not in there


@pytest.mark.parametrize("path", ["E07999999", "E07900001?on=1999-01-01", "E07900001?on=soon", "+"])
def test_what_is_not_there_is_a_404(client: FlaskClient, path: str) -> None:
    """A code never loaded, a day before it began, a day that is none."""
    assert client.get(f"/places/{path}").status_code == 404


def test_a_place_that_has_ended_is_shown_as_it_was_and_says_so(app: Flask, client: FlaskClient, cast: SimpleNamespace) -> None:
    """The code of an abolished district still leads somewhere."""
    with app.app_context():
        db.session.get_one(Area, cast.corley).to_on = date(2023, 3, 31)
        db.session.commit()
    page = client.get("/places/E07900003")
    assert page.status_code == 200
    assert "as it was on Friday 31 March 2023" in page.text
    found = client.get("/find?q=Corley", follow_redirects=True).text
    assert "Corley (E07900003) ended on Friday 31 March 2023" in found
    assert "/places/E07900003?on=2023-03-31" in found


def test_nothing_is_said_of_a_review_before_its_day(
    app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient], cast: SimpleNamespace
) -> None:
    """Its own bodies see it, marked so; strangers and other bodies do not."""
    with app.app_context():
        reference = opened(cast, title="Secret until May").reference
        db.session.commit()
    assert "Secret until May" not in client.get("/places/E07900002").text
    assert "Secret until May" not in client.get("/").text
    assert "Secret until May" not in signed_in("responder").get("/places/E07900002").text
    assert "Secret until May" not in signed_in("partner_inspector").get("/places/E07900002").text
    own = signed_in("officer").get("/places/E07900002").text
    assert f'href="/reviews/{reference}">Secret until May' in own
    assert "only members of its bodies see this line" in own
    assert client.get(f"/about/{reference}").status_code == 404


def test_an_announced_review_tells_title_place_bodies_and_dates_and_no_more(
    app: Flask, client: FlaskClient, cast: SimpleNamespace
) -> None:
    """What was asked waits for the report or for the lead to release the list."""
    with app.app_context():
        review = opened(cast, announced_on=date(2026, 3, 1))
        reference = review.reference
        db.session.commit()
    assert f'href="/about/{reference}"' in client.get("/places/E07900002").text
    about = words(client.get(f"/about/{reference}").text)
    assert "Loamshire Overview and Scrutiny Committee" in about
    assert "What was asked" not in about
    assert "Waiting times have doubled" not in about
    with app.app_context():
        db.session.scalar(db.select(Review).where(Review.reference == reference)).list_released_on = date(2026, 3, 2)
        db.session.commit()
    assert "What was asked" in client.get(f"/about/{reference}").text


def test_who_may_open_a_review_finds_the_button(client: FlaskClient, signed_in: Callable[..., FlaskClient]) -> None:
    """Officers and lead inspectors; nobody else."""
    assert "/reviews/new?place=E07900001" in signed_in("officer").get("/places/E07900001").text
    assert "/reviews/new" not in signed_in("councillor").get("/places/E07900001").text
    assert "/reviews/new" not in client.get("/places/E07900001").text


def test_an_alert_for_a_place_nobody_asked_about_begins_with_a_button(app: Flask, client: FlaskClient) -> None:
    """Opening the page writes nothing; the button makes the place and goes on to ask for the address."""
    first = client.get("/places/E07900003/alert")
    assert "Continue" in first.text
    with app.app_context():
        assert db.session.scalar(db.select(Place).where(Place.slug == "E07900003")) is None
    answer = client.post("/places/E07900003/alert", follow_redirects=True)
    assert "Be told about Corley" in answer.text
    client.post(answer.request.full_path, data={"address": "jo@example.org"})
    with app.app_context():
        place = db.session.scalar(db.select(Place).where(Place.slug == "E07900003"))
        assert db.session.scalar(db.select(Alert.about)) == place.reference


def test_too_many_new_places_are_refused_in_words_that_are_true_of_them(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_views, "may_try_here", lambda *_, **__: Verdict("network"))
    refused = client.post("/places/E07900003/alert")
    assert refused.status_code == 429
    assert "Alerts for many new places have been asked for from your network. Wait an hour" in refused.text


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/many", {"text": "E07900001"}),
        ("/codes", {"text": "E07900001", "target": "district"}),
        ("/apportion", {"to": "district", "agree": "y"}),
    ],
)
def test_lists_and_tables_share_a_limit_and_its_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, page: str, data: dict[str, str]
) -> None:
    monkeypatch.setattr(bulk_views, "may_try_here", lambda *_, **__: Verdict("network"))
    monkeypatch.setattr(FlaskForm, "validate_on_submit", lambda form: form.is_submitted())
    refused = client.post(page, data=data)
    assert refused.status_code == 429
    assert "Many lists or tables have been sent from your network" in refused.text


def test_the_page_of_an_agency_tells_where_and_for_what_it_answers(client: FlaskClient, cast: SimpleNamespace) -> None:
    """And nothing of what is not published."""
    page = words(client.get(f"/agencies/{cast.west_icb}").text)
    assert "West Loamshire" in page
    assert "Nothing that has been published." in page
    assert client.get("/agencies/99999").status_code == 404


def _fill(app: Flask, cast: SimpleNamespace, numbers: range) -> None:
    """More agencies and announced reviews of Barrow End, one of each for each number."""
    with app.app_context():
        for number in numbers:
            footprint = [Footprint(area_kind="district", area_code="E07900002")]
            db.session.add(Agency(name=f"Trust {number}", kind="nhs-trust", footprint=footprint))
            opened(cast, title=f"Review {number}", announced_on=date(2026, 3, 1))
        db.session.commit()


def test_the_page_costs_the_same_number_of_statements_however_much_there_is(
    app: Flask, client: FlaskClient, cast: SimpleNamespace
) -> None:
    """Counted with one more review and agency, and with ten."""
    counts = []
    for numbers in (range(1), range(1, 10)):
        _fill(app, cast, numbers)
        client.get("/places/E07900002")
        with statements(app) as said:
            assert client.get("/places/E07900002").status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= 25


def test_a_place_says_what_it_was_and_shows_the_reviews_of_that_so_marked(
    app: Flask, client: FlaskClient, cast: SimpleNamespace, tmp_path: Path
) -> None:
    """A review of Ashby is a review of a predecessor on the page of the area that Ashby became."""
    with app.app_context():
        opened(cast, title="Damp homes in Ashby", announced_on=date(2026, 3, 1))
        db.session.commit()
        review = db.session.scalars(select(Review).where(Review.title == "Damp homes in Ashby")).one()
        old = sorted(area.code for area in review.place.areas)[0]
        name = review.place.name
        load(tmp_path, "district", date(2026, 1, 1), {"E06900077": square(0, 0, 10, 10)})
        header = "old_code,new_code,date,type,share_people,share_area,old_name\n"
        load_lineage(
            tmp_path, f"{header}{old},E06900077,2026-01-01,merge,,,{name}\nE07900078,E06900077,2026-01-01,merge,,,Eden\n"
        )
    page = words(client.get("/places/E06900077").text)
    assert f"Was, until Wednesday 31 December 2025: {name} and Eden." in page
    assert f"Damp homes in Ashby , of {name}, which became part of this place" in page
    assert "which became part of this place" not in words(client.get(f"/places/{old}").text)


@pytest.mark.parametrize("path", ["/places/E07900002", "/data"])
def test_another_day_is_typed_in_three_boxes(client: FlaskClient, cast: SimpleNamespace, path: str) -> None:
    """What is typed leads to the address of the day; what is wrong is said beside the boxes, which keep it."""
    typed = client.get(f"{path}?on=2&on=March&on=2026&layer=police")
    assert typed.status_code == 302
    assert typed.location.startswith(f"{path}?")
    assert "on=2026-03-02" in typed.location
    page = client.get(typed.location).text
    assert len(re.findall(r'<input[^>]*id="on-(?:day|month|year)"[^>]*name="on"', page)) == 3
    assert 'value="2026"' in page
    wrong = client.get(f"{path}?on=31&on=2&on=2026")
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.text
    assert 'value="31"' in wrong.text
    assert client.get(f"{path}?on=&on=&on=").location in (path, f"{path}#boundaries")
    assert 'type="date"' not in page
