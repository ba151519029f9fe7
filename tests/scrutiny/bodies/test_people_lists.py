"""People from a list: what each row will do is shown, every fault has its line, and nobody is invited before it is confirmed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies import queries, service
from scrutiny.bodies.people_register import AT_ONCE, plan_people
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import statements
from tests.written_at_once import written
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]
HEADER = "name,email,body,agency,role\n"
ROWS = (
    "Nia Bell,Nia@Example.org,loamshire-scrutiny,,Scrutiny officer\n"
    "Nia Bell,nia@example.org,,Loamshire Police,approver\n"
    "Olwyn Pryce,{officer},Loamshire Overview and Scrutiny Committee,,scrutiny-officer\n"
    "Olwyn Pryce,{officer},ofsted,,inspector\n"
)


def officer(app: Flask, cast: SimpleNamespace) -> str:
    with app.app_context():
        return db.session.get_one(Person, cast.officer).email


def send(client: FlaskClient, text: str, **more: object) -> object:
    return client.post("/administration/people/load", data={"file": (io.BytesIO(text.encode()), "people.csv")}, **more)


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_list_is_shown_then_loaded_with_an_invitation_for_whoever_is_new(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    client, before = signed_in("administrator"), count(app)
    page = send(client, HEADER + ROWS.format(officer=officer(app, cast)), follow_redirects=True)
    assert "1 person will be invited by email. 3 roles will be added. 1 row changes nothing." in page.text
    for said in ("Invite, and add the role", "Nothing: they have this role already", "Olwyn Pryce, known here as Olwen Price"):
        assert said in page.text
    assert count(app) == before
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    assert seen
    changed = client.post(page.request.path, data={"seen": "x"})
    assert "has changed since you opened this page" in changed.text
    assert count(app) == before
    done = client.post(page.request.path, data={"seen": seen[1]}, follow_redirects=True)
    assert "1 person invited by email. 3 roles added. 1 row changes nothing." in done.text
    with app.app_context():
        nia = person_by_email("nia@example.org")
        assert nia is not None
        assert {(one.role, queries.owner_of(one).name) for one in queries.memberships_of([nia.id])[nia.id]} == {
            ("scrutiny-officer", "Loamshire Overview and Scrutiny Committee"),
            ("certifier", "Loamshire Police"),
        }
        letters = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()
        assert [letter.person for letter in letters] == [nia.reference]
    again = client.post(page.request.path, data={"seen": seen[1]})
    assert "Everybody on this list has their role already." in again.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,email\n", "people.csv has no column role and body or agency. Its first row must be name,email,body,agency,role"),
        (HEADER, "people.csv has no rows under its header"),
        (HEADER + ",nia@example.org,ofsted,,inspector\n", "Line 2: enter the person’s name"),
        (HEADER + "=cmd(),nia@example.org,ofsted,,inspector\n", "Line 2: “=cmd()” begins as a formula does"),
        (HEADER + "Nia,=nia@example.org,ofsted,,inspector\n", "Line 2: “=nia@example.org” begins as a formula does"),
        (HEADER + "Nia,nia,ofsted,,inspector\n", "Line 2: “nia” cannot be written to. Enter an email address"),
        (HEADER + "Nia,nia@example.org,,,inspector\n", "Line 2: fill in either body or agency"),
        (HEADER + "Nia,nia@example.org,ofsted,Loamshire Police,inspector\n", "Line 2: fill in either body or agency"),
        (HEADER + "Nia,nia@example.org,nowhere,,inspector\n", "Line 2: there is no body “nowhere”"),
        (HEADER + "Nia,nia@example.org,,nowhere,responder\n", "no agency has the code or name “nowhere”. Add it first, or use"),
        (HEADER + "Nia,nia@example.org,ofsted,,responder\n", "Line 2: there is no role “responder” there. Use one of"),
        (
            HEADER + "Nia,nia@example.org,ofsted,,chair\nNia,nia@example.org,ofsted,,chair\n",
            "Line 3: line 2 says the same. Keep one of the two",
        ),
        (
            HEADER + "Nia,nia@example.org,ofsted,,chair\nBob,nia@example.org,cqc,,chair\n",
            "Line 3: line 2 calls nia@example.org Nia. Use one name",
        ),
    ],
)
def test_each_fault_has_its_line_and_remedy_and_nothing_is_written(
    app: Flask, signed_in: SignIn, tmp_path: Path, text: str, said: str
) -> None:
    before = count(app)
    page = send(signed_in("administrator"), text)
    assert page.status_code == 200
    assert said in page.text
    file = tmp_path / "people.csv"
    file.write_text(text)
    done = app.test_cli_runner().invoke(args=["people", "load", str(file)])
    assert done.exit_code == 1
    assert said in done.stderr
    assert count(app) == before


def test_the_command_says_first_and_then_does_the_same(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> None:
    file, before = tmp_path / "people.csv", count(app)
    file.write_text(HEADER + ROWS.format(officer=officer(app, cast)))
    words = ["people", "load", str(file)]
    dry = app.test_cli_runner().invoke(args=[*words, "--dry-run"])
    assert "Line 2: nia@example.org, scrutiny-officer, Loamshire Overview and Scrutiny Committee: invite" in dry.stdout
    assert count(app) == before
    done = json.loads(app.test_cli_runner().invoke(args=[*words, "--json"]).stdout)
    assert [row["does"] for row in done] == ["invite", "join", "nothing", "join"]
    assert count(app) == before + 1


def test_only_the_administrator_who_sent_a_list_opens_it(app: Flask, signed_in: SignIn, client: FlaskClient) -> None:
    page = send(signed_in("administrator"), HEADER + "Nia,nia@example.org,ofsted,,inspector\n", follow_redirects=True)
    for path in (page.request.path, "/administration/people/load"):
        assert signed_in("officer").get(path).status_code == 404
        assert signed_in("officer").post(path).status_code == 404
        assert client.get(path).status_code == 302


def test_a_long_list_takes_the_statements_of_a_short_one(app: Flask, cast: SimpleNamespace) -> None:
    """People, roles and agencies are looked up at once, whatever the number of rows."""
    agencies = ("Loamshire Police", "Loamshire Fire and Rescue", "East Loamshire Integrated Care Board")

    def sent(count: int) -> int:
        rows = [f"Nia {n},nia{n}@example.org,,{agencies[n % 3] if count > 1 else agencies[0]},responder" for n in range(count)]
        rows.append(f"Olwen Price,{known},ofsted,,inspector")
        with app.app_context(), statements() as found:
            assert len(plan_people((HEADER + "\n".join(rows)).encode(), "people.csv", on=NOW.date())) == count + 1
            return len(found)

    known = officer(app, cast)
    assert sent(40) == sent(1) <= 8


def test_a_long_list_holds_nobody_up_and_what_stops_it_is_said(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some twenty letters in any one transaction; what was done before a refusal stays, and the list shows what is left."""
    rows = [f"Nia {n},nia{n}@example.org,ofsted,,inspector" for n in range(50)]
    client, real, before = signed_in("administrator"), service.invite, count(app)
    page = send(client, HEADER + "\n".join(rows), follow_redirects=True)
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    assert seen

    def refusing(email: str, *args: Any, **values: Any) -> Person:
        if email == "nia45@example.org":
            raise Refused("Ofsted has ended")
        return real(email, *args, **values)

    monkeypatch.setattr(service, "invite", refusing)
    with app.app_context(), written() as held:
        done = client.post(page.request.path, data={"seen": seen[1]}, follow_redirects=True)
    assert held.most_letters == AT_ONCE == 20
    assert count(app) == before + 40
    assert "40 people invited by email. 40 roles added." in done.text
    assert "The other rows were not done. Ofsted has ended." in done.text
    assert "10 people will be invited by email. 10 roles will be added. 40 rows change nothing." in done.text
