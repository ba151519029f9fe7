"""The administrator's pages of people and bodies."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.accounts.models import Person
from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies import queries
from scrutiny.bodies.models import Body
from scrutiny.extensions import db

SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("path", ["people", "people/invite", "people/1", "bodies", "bodies/add", "bodies/1", "bodies/1/edit"])
def test_only_administrators_find_these_pages(signed_in: SignIn, client: FlaskClient, path: str) -> None:
    assert signed_in("administrator").get(f"/administration/{path}").status_code == 200
    assert signed_in("officer").get(f"/administration/{path}").status_code == 404
    assert client.get(f"/administration/{path}").status_code == 302


def test_people_are_listed_with_their_roles_and_searched(signed_in: SignIn) -> None:
    client = signed_in("administrator")
    page = client.get("/administration/people").text
    assert "Scrutiny officer, Loamshire Overview and Scrutiny Committee" in page
    found = client.get("/administration/people?text=olwen").text
    assert "Olwen Price" in found
    assert "Ines Park" not in found


def test_a_refused_invitation_keeps_what_was_typed(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    typed = {"name": "Nia Bell", "email": "nia@example.org", "capacity": f"body:{cast.ofsted}", "role": "responder"}
    page = client.post("/administration/people/invite", data=typed)
    assert "A body has no role called Responder: choose one of Councillor, Chair, Scrutiny officer" in page.text
    assert "Nia Bell" in page.text
    with app.app_context():
        assert person_by_email("nia@example.org") is None
    assert client.post("/administration/people/invite", data=typed | {"role": "inspector"}).status_code == 302
    with app.app_context():
        assert queries.actor_of(person_by_email("nia@example.org")).body == cast.ofsted


def test_whom_somebody_acts_for_is_asked_before_their_role(signed_in: SignIn, cast: SimpleNamespace) -> None:
    """Kind, then one of that kind by a part of its name, then the roles it has; the same for one more role of a person."""
    client = signed_in("administrator")
    for at, last in (("/administration/people/invite", ""), (f"/administration/people/{cast.officer}", "#add-a-role")):
        first = client.get(at).text
        assert "Whom will they act for?" in first
        assert "<select" not in first
        assert ("Nobody: they run this instance" in first) is (not last)
        assert "Choose whom they will act for" in client.get(f"{at}?q=fire").text
        fire = client.get(f"{at}?kind=agency&q=FIRE").text
        assert f'href="{at}?for=agency:{cast.fire}{last}">Loamshire Fire and Rescue' in fire
        assert "Loamshire Police" not in fire[fire.index('id="found"') :]
        inspectorates = client.get(f"{at}?kind=inspectorate").text
        assert f"?for=body:{cast.ofsted}" in inspectorates
        assert f"?for=body:{cast.committee}" not in inspectorates
        assert f"?for=body:{cast.committee}" in client.get(f"{at}?kind=body").text
        assert "Nothing of this kind" in client.get(f"{at}?kind=body&q=zzz").text
        for owner, roles in ((f"agency:{cast.fire}", "responder certifier"), (f"body:{cast.ofsted}", "lead-inspector inspector")):
            shown = client.get(f"{at}?for={owner}").text
            assert re.findall(r'name="role"[^>]*value="([^"]+)"', shown) == roles.split()
            missing = client.post(at, data={"capacity": owner, "name": "Nia", "email": "n@example.org"}).text
            assert "Choose a role" in missing
            assert f'value="{owner}"' in missing
    assert client.get("/administration/people/invite?kind=administrator").location.endswith("?for=administrator")
    assert "Invite an administrator" in client.get("/administration/people/invite?for=administrator").text


def test_a_role_is_added_and_ended(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    typed = {"capacity": f"agency:{cast.fire}", "role": "certifier", "from_on": ["1", "2", "2026"]}
    assert client.post(f"/administration/people/{cast.officer}", data=typed).status_code == 302
    with app.app_context():
        row = queries.memberships_of([cast.officer])[cast.officer][0]
        assert (row.role, row.from_on.isoformat()) == ("certifier", "2026-02-01")
    ending = f"/administration/memberships/agency/{row.id}/end"
    assert "Olwen Price is approver in Loamshire Fire and Rescue since Sunday 1 February 2026" in client.get(ending).text
    assert client.post(ending, data={"on": ["2", "3", "2026"]}).status_code == 302
    assert "Mon 2 Mar 2026" in client.get(f"/administration/people/{cast.officer}").text
    again = client.post(ending, data={"on": ["5", "3", "2026"]})
    assert "It ended on Monday 2 March 2026 already" in again.text


def test_an_account_is_ended_but_never_the_last_administrators(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    assert client.post(f"/administration/people/{cast.councillor}/end").status_code == 302
    assert "Ended: can no longer sign in" in client.get(f"/administration/people/{cast.councillor}").text
    assert "Cllr Joan Pike" in client.get("/administration/people?ended=yes").text
    for deed in ("end", "not-administrator"):
        refused = client.post(f"/administration/people/{cast.administrator}/{deed}")
        assert refused.status_code == 409
        assert "is the only administrator" in refused.text
    assert client.post(f"/administration/people/{cast.officer}/administrator").status_code == 302
    assert client.post(f"/administration/people/{cast.administrator}/not-administrator").status_code == 302
    with app.app_context():
        assert db.session.get_one(Person, cast.officer).administrator
        assert not db.session.get_one(Person, cast.administrator).administrator


def test_a_body_is_added_with_its_host(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    typed = {"name": "Ashby Scrutiny", "slug": "ashby", "kind": "council-committee", "nation": "england", "host": "nobody"}
    assert "no agency has the code or name “nobody”" in client.post("/administration/bodies/add", data=typed).text
    assert "like loamshire-scrutiny" in client.post("/administration/bodies/add", data=typed | {"slug": "A B"}).text
    assert client.post("/administration/bodies/add", data=typed | {"host": "E07900001"}).status_code == 302
    with app.app_context():
        made = queries.body("ashby")
        assert made
        assert made.host_agency_id == cast.ashby_council


def test_the_second_of_two_editors_sees_both_versions(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    client = signed_in("administrator")
    address = f"/administration/bodies/{cast.cqc}/edit"
    typed = {"name": "Care Commission", "slug": "cqc", "kind": "inspectorate", "nation": "england", "version": "1"}
    assert client.post(address, data=typed).status_code == 302
    second = client.post(address, data=typed | {"name": "Commission for Care"})
    assert second.status_code == 409
    for words in ("Ada Winn changed this", "Care Commission", "Commission for Care", 'name="version" type="hidden" value="2"'):
        assert words in second.text
    assert client.post(address, data=typed | {"name": "Commission for Care", "version": "2"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Body, cast.cqc).name == "Commission for Care"
