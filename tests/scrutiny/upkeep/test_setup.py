"""What a first review needs: counted from rows, shown first in administration until it is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from scrutiny.agencies.models import Agency
from scrutiny.bodies.letterheads import enter_letterhead
from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.upkeep import first_review
from tests.conftest import NOW
from tests.scrutiny.bodies.test_letterheads import HEAD
from tests.scrutiny.findings.conftest import statements
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]


def states(app: Flask) -> dict[str, bool]:
    """Which tasks are done, by key, as the command says."""
    done = app.test_cli_runner().invoke(args=["setup", "--json"])
    found = {task["key"]: task["done"] for task in json.loads(done.stdout)}
    assert done.exit_code == (0 if all(found.values()) else 1)
    return found


def test_each_task_is_done_once_its_rows_are_there(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("administrator")
    with app.app_context(), writes_now():
        db.session.get_one(Agency, cast.ashby_council).email = ""
    before = states(app)
    assert before == {
        "body": True,
        "letterhead": False,
        "boundaries": True,
        "agencies": True,
        "addresses": False,
        "people": True,
        "method": True,
        "mail": False,
    }
    page = client.get("/administration").text
    assert page.index('id="set-up"') < page.index('id="people"')
    assert "You have done 5 of 8 things that a first review needs." in page
    page = client.get("/administration/set-up").text
    assert "We have no address for anybody at Ashby District Council" in page
    with app.app_context(), writes_now():
        for body in db.session.scalars(select(Body)):
            enter_letterhead(body, HEAD, by=OPERATOR_ACTOR, at=NOW)
        db.session.execute(update(Agency).where(Agency.email == "").values(email="office@example.org"))
        db.session.add(Posting(message_id="<1@example.org>", address="a@example.org", state="posted", made_at=NOW, posted_at=NOW))
    assert states(app) == before | {"letterhead": True, "addresses": True}
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_url="smtp://mail.example.org"))
    assert all(states(app).values())
    assert 'id="set-up"' not in client.get("/administration").text
    assert "Everything is ready for a first review" in client.get("/administration/set-up").text


def test_the_state_takes_as_many_statements_however_many_bodies_there_are(app: Flask) -> None:
    counts = []
    for number in range(2):
        with app.test_request_context(), statements() as sent:
            first_review.tasks(NOW.date())
            counts.append(len(sent))
        with app.app_context(), writes_now():
            for key in (f"b{number}{one}" for one in range(5)):
                db.session.add(Body(slug=key, name=f"Committee {key}", kind="council-committee", nation="england"))
    assert counts[0] == counts[1]


def test_an_empty_instance_says_what_to_begin_with(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("administrator")
    with app.app_context(), writes_now():
        for model in (Body, Agency):
            db.session.execute(update(model).values(from_on=NOW.date().replace(year=2099), legal_from=None))
    page = client.get("/administration/set-up").text
    assert "Add the committee or inspectorate that leads the review" in page
    assert page.count("Add a body first") == 3
    assert "Make agencies first" in page


def test_a_test_email_goes_to_whoever_asks(app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace) -> None:
    mine = signed_in("administrator")
    assert "Into a folder on this machine: nobody receives them" in mine.get("/administration/set-up/mail").text
    done = mine.post("/administration/set-up/mail", follow_redirects=True)
    assert "Test email to" in done.text
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "mail_check")).one()
        assert letter.person == f"person:{cast.administrator}"
    for path in ("/administration/set-up", "/administration/set-up/mail"):
        assert signed_in("officer").get(path).status_code == 404
        assert client.get(path).status_code == 302
    assert signed_in("officer").post("/administration/set-up/mail").status_code == 404
