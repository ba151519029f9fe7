"""The administrator's pages of agencies."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.agencies import presenters, queries
from scrutiny.agencies.models import Agency
from scrutiny.extensions import db

SignIn = Callable[..., FlaskClient]
HERE = "/administration/agencies"


@pytest.mark.parametrize("path", ["", "/add", "/load", "/from-areas", "/1", "/1/edit", "/1/footprint/1/end"])
def test_only_administrators_find_these_pages(signed_in: SignIn, client: FlaskClient, path: str) -> None:
    assert signed_in("administrator").get(HERE + path).status_code == 200
    assert signed_in("responder").get(HERE + path).status_code == 404
    assert client.get(HERE + path).status_code == 302


def test_agencies_are_found_by_name_code_and_kind(signed_in: SignIn) -> None:
    client = signed_in("administrator")
    assert "7 agencies" in client.get(HERE).text
    for asked in ("text=E31900001", "text=fire", "kind=fire"):
        page = client.get(f"{HERE}?{asked}").text
        assert "1 agency" in page
        assert "Loamshire Fire and Rescue" in page


def test_the_page_of_one_shows_footprint_services_and_members(signed_in: SignIn, cast: SimpleNamespace) -> None:
    page = signed_in("administrator").get(f"{HERE}/{cast.police}").text
    for words in ("E23900001", "Policing", "Supt Dee Marsh", "Approver", "police.office@example.org"):
        assert words in page
    assert len(re.findall(r'\bid="([^"]+)"', page)) == len(set(re.findall(r'\bid="([^"]+)"', page))), "every id once"


def test_an_agency_is_added_and_given_an_area(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    typed = {"name": "Corley District Council", "kind": "district", "codes": "gss E07900003", "nation": "england"}
    assert "is not a scheme and a code" in client.post(f"{HERE}/add", data=typed | {"codes": "E07900003"}).text
    made = client.post(f"{HERE}/add", data=typed).location
    assert "There is no area with the code NOWHERE" in client.post(f"{made}/footprint", data={"code": "nowhere"}).text
    assert client.post(f"{made}/footprint", data={"code": "E07900003", "from_on": ["1", "4", "2020"]}).status_code == 302
    assert "Corley" in client.get(made).text
    with app.app_context():
        found = queries.agency_by_code("E07900003", "gss")
        assert found
        footprint_id = found.footprint[0].id
    assert client.post(f"{made}/footprint/{footprint_id}/end", data={"on": ["", "", ""]}).status_code == 302
    assert "It serves no area" in client.get(made).text


def test_an_exception_is_said_and_taken_back(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    address = f"{HERE}/{cast.ashby_council}"
    assert client.post(f"{address}/services", data={"service": "housing", "excluded": "yes"}).status_code == 302
    assert "does not answer, though its kind does" in client.get(address).text
    with app.app_context():
        exception_id = db.session.get_one(Agency, cast.ashby_council).services[0].id
    assert client.post(f"{address}/services/{exception_id}/drop").status_code == 302
    assert client.post(f"{address}/services/{exception_id}/drop").status_code == 409


def test_the_second_of_two_editors_sees_both_versions(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    address = f"{HERE}/{cast.fire}/edit"
    typed = {"name": "Loamshire Fire", "kind": "fire", "codes": "gss E31900001", "nation": "england", "version": "1"}
    assert client.post(address, data=typed).status_code == 302
    second = client.post(address, data=typed | {"name": "Fire of Loamshire"})
    assert second.status_code == 409
    for words in ("Ada Winn changed this", "Loamshire Fire", "Fire of Loamshire", 'name="version" type="hidden" value="2"'):
        assert words in second.text
    assert client.post(address, data=typed | {"name": "Fire of Loamshire", "version": "2"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Agency, cast.fire).name == "Fire of Loamshire"


def test_a_register_is_uploaded_whole_or_not_at_all(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("administrator")
    text = "name,kind,code,scheme,area_codes\nGood,ambulance,RX9,ods,E10900001\nBad,balloon,RX8,ods,E10900001\n"
    page = client.post(f"{HERE}/load", data={"file": (io.BytesIO(text.encode()), "agencies.csv")})
    assert "agencies.csv was not loaded. Line 3: there is no kind of agency called “balloon”" in page.text
    with app.app_context():
        assert queries.agency_by_code("RX9") is None
    good = io.BytesIO(text.split("Bad")[0].encode())
    done = client.post(f"{HERE}/load", data={"file": (good, "agencies.csv")}, follow_redirects=True)
    assert "1 agency: 1 added" in done.text
    assert "Choose a file" in client.post(f"{HERE}/load", data={}).text
    empty = client.post(f"{HERE}/load", data={"file": (io.BytesIO(b""), "agencies.csv")})
    assert "agencies.csv: The file is empty" in empty.text


def test_agencies_are_made_from_areas(signed_in: SignIn) -> None:
    done = signed_in("administrator").post(f"{HERE}/from-areas", data={"kind": "district"}, follow_redirects=True)
    assert "3 agencies: 1 added, 0 changed, 2 as they were" in done.text
    assert "Corley Council" in done.text


def test_other_names_are_kept_once_each_and_one_that_is_too_long_is_refused(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    client = signed_in("administrator")
    with app.app_context():
        values = presenters.agency_values(db.session.get_one(Agency, cast.police))
    typed = {name: value or "" for name, value in values.items() if not name.endswith("_on") and name[:6] != "legal_"}
    there = f"{HERE}/{cast.police}/edit"
    refused = client.post(there, data=typed | {"other_names": "LP\n" + "x" * 301})
    assert "a name has 300 characters at most" in refused.text
    assert "x" * 301 in refused.text
    assert client.post(there, data=typed | {"other_names": " LP \n\nLoamshire  Constabulary\nlp"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Agency, cast.police).names_besides == ["LP", "Loamshire Constabulary"]
    assert "LP; Loamshire Constabulary" in client.get(f"{HERE}/{cast.police}").text
