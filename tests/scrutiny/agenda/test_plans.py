"""Planned reviews: shown before saved, shared with named bodies only, moved along, held by clashes, opened as a review."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agenda.models import PlanOverride, ReviewPlan
from scrutiny.extensions import db
from scrutiny.public_calendar.service import load_calendar
from tests.conftest import NOW
from tests.scrutiny.public.test_place import statements, words
from tests.scrutiny.reviews.acting import opened
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
VALUES = {
    "title": "Damp homes",
    "places": "E07900002",
    "services": "housing",
    "method": "",
    "questions": "10",
    "visit_days": "3",
    "agencies-": "",
}
DATES = {
    "first_on": date(2027, 2, 1),
    "last_on": date(2027, 6, 30),
    "evidence_by": date(2027, 2, 19),
    "visit_from": date(2027, 3, 1),
    "visit_to": date(2027, 3, 5),
    "meeting_on": date(2027, 6, 1),
}


def _form(**changes: object) -> dict[str, object]:
    """What is typed."""
    typed: dict[str, object] = {name: value for name, value in VALUES.items() if name != "agencies-"}
    for name, value in {**DATES, **changes}.items():
        typed[name] = [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else value
    return typed


def _hidden(page: str) -> dict[str, object]:
    """What the page sends along, and the boxes that are ticked."""
    found: dict[str, object] = {}
    for name in ("looked", "shown", "version"):
        match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        if match:
            found[name] = match[1]
    ticked = re.findall(r'name="agencies"[^>]*value="(\d+)"[^>]*checked', page)
    return found | ({"agencies": ticked} if ticked else {})


def _saved(client: FlaskClient, address: str = "/plans/new", **changes: object) -> str:
    """Look, then save; the address of the plan."""
    looked = client.post(address, data=_form(**changes))
    assert "Nothing is saved yet" in looked.text, words(looked.text)[:2000]
    done = client.post(address, data=_form(**changes) | _hidden(looked.text))
    assert done.status_code == 302, words(done.text)[:2000]
    return str(done.location)


@pytest.fixture
def ids(cast: SimpleNamespace) -> dict[str, str]:
    """The ids of the bodies, as a form sends them."""
    return {name: str(getattr(cast, name)) for name in ("committee", "ofsted", "cqc")}


def test_what_a_plan_does_is_shown_before_it_is_saved(app: Flask, signed_in: SignIn, ids: dict[str, str]) -> None:
    officer = signed_in("officer")
    with app.app_context():
        head = "kind,title,from,to,agency,questions,visit_days\n"
        load = f"{head}agreed-load,Agreed,2027-01-01,2027-12-31,Barrow End District Council,8,5\n"
        load_calendar(load.encode(), "load.csv", by=OPERATOR_ACTOR, at=NOW)
        db.session.commit()
    looked = officer.post("/plans/new", data=_form())
    said = words(looked.text)
    assert "Barrow End District Council would have 10 questions in the quarter. It agreed to 8" in said
    assert "0, then 10" in said
    with app.app_context():
        assert db.session.scalar(select(ReviewPlan.id)) is None
    plan = _saved(officer)
    assert "Must be settled" in officer.get(plan).text
    refused = words(officer.post(f"{plan}/move/propose", data=_hidden(officer.get(plan).text), follow_redirects=True).text)
    assert "Settle this first, or say why it must stay: More than the agency agreed to" in refused
    page = officer.get(f"{plan}/keep")
    clash = re.search(r'value="(over-load[^"]*)"', page.text)
    assert clash is not None
    assert "Say why it must stay" in officer.post(f"{plan}/keep", data={"clash": clash[1], "why": ""}).text
    officer.post(f"{plan}/keep", data={"clash": clash[1], "why": "They asked for it themselves."})
    assert "They asked for it themselves." in officer.get(plan).text
    officer.post(f"{plan}/move/propose", data=_hidden(officer.get(plan).text))
    with app.app_context():
        assert db.session.scalars(select(ReviewPlan.state)).one() == "proposed"
        assert db.session.scalars(select(PlanOverride.body_id)).one() == int(ids["committee"])


def test_only_the_bodies_that_share_a_plan_see_it(client: FlaskClient, signed_in: SignIn, ids: dict[str, str]) -> None:
    plan = _saved(signed_in("officer"), partners=[ids["ofsted"]])
    address = "/places/E10900001/agenda.json?from=2027-01-01&to=2027-12-31"
    for who, status in {"officer": 200, "councillor": 200, "inspector": 200, "partner_inspector": 404, "responder": 404}.items():
        reader = signed_in(who)
        assert reader.get(plan).status_code == status, who
        assert ("Damp homes" in reader.get(address).text) is (status == 200), who
    assert client.get(plan).status_code == 302
    assert "Damp homes" not in client.get(address).text
    assert signed_in("councillor").post(f"{plan}/move/propose").status_code == 403
    assert signed_in("lead_inspector").get(f"{plan}/change").status_code == 403


def test_partners_agree_and_then_it_is_announced_and_opened(
    app: Flask, client: FlaskClient, signed_in: SignIn, ids: dict[str, str]
) -> None:
    officer, lead = signed_in("officer"), signed_in("lead_inspector")
    plan = _saved(officer, partners=[ids["ofsted"]])

    def move(name: str) -> str:
        sent = _hidden(officer.get(plan).text)
        return words(officer.post(f"{plan}/move/{name}", data=sent, follow_redirects=True).text)

    assert "The plan is now: proposed." in move("propose")
    assert "Office for Standards in Learning must agree first" in move("agree")
    assert "You have agreed to this plan." in lead.post(f"{plan}/agree", follow_redirects=True).text
    assert "The plan is now: agreed." in move("agree")
    _saved(officer, f"{plan}/change", partners=[ids["ofsted"]], version=_version(officer, plan), meeting_on=date(2027, 6, 2))
    assert "Office for Standards in Learning must agree first" in move("agree"), "other days are agreed anew"
    lead.post(f"{plan}/agree")
    move("agree")
    assert "The plan is now: announced." in move("announce")
    address = "/places/E10900001/agenda.json?from=2027-01-01&to=2027-12-31"
    assert "Damp homes" in client.get(address).text
    page = officer.post(f"{plan}/move/open", data=_hidden(officer.get(plan).text))
    assert page.location.startswith("/reviews/new/")
    steps = words(officer.get(page.location).text)
    assert "Barrow End" in steps
    assert "Damp homes" in officer.get(f"{page.location}/scope", follow_redirects=True).text or "Choose the method" in steps
    assert "This plan can no longer be changed" in _late(officer, plan)


def _version(client: FlaskClient, plan: str) -> object:
    return _hidden(client.get(f"{plan}/change").text)["version"]


def _late(client: FlaskClient, plan: str) -> str:
    looked = client.post(f"{plan}/change", data=_form())
    return words(client.post(f"{plan}/change", data=_form() | _hidden(looked.text)).text)


def test_messy_input_is_said_and_kept(signed_in: SignIn) -> None:
    officer = signed_in("officer")
    bad = _form(
        first_on=date(2027, 6, 1), last_on=date(2027, 5, 1), visit_from=date(2027, 6, 9), visit_to=date(2027, 6, 1), places="Zq"
    )
    page = officer.post("/plans/new", data=bad).text
    for said in (
        "It would end before it begins: enter a later day",
        "The visits would end before they begin: enter a later day",
        "Zq",
        'value="Damp homes"',
    ):
        assert said in page
    assert "Choose one of the answers listed" in officer.post("/plans/new", data=_form(method="carnival")).text


def test_two_who_change_one_plan_lose_nothing(app: Flask, signed_in: SignIn) -> None:
    officer, chair = signed_in("officer"), signed_in("chair")
    plan = _saved(officer)
    _saved(chair, f"{plan}/change", version="1", title="Damp and cold homes")
    looked = officer.post(f"{plan}/change", data=_form(version="1", title="Mould"))
    late = officer.post(f"{plan}/change", data=_form(title="Mould") | _hidden(looked.text) | {"version": "1"})
    assert late.status_code == 409
    for said in ("Damp and cold homes", "Mould"):
        assert said in late.text


def test_a_plan_meets_reviews_in_a_constant_number_of_statements(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    plan = _saved(officer, services="")
    counts = []
    for more in (1, 6):
        with app.app_context():
            for number in range(more):
                opened(cast, title=f"Review {more}-{number}", announced_on=date(2026, 3, 1))
            db.session.commit()
        officer.get(plan)
        with statements(app) as said:
            assert officer.get(plan).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= 45


def test_a_changed_plan_is_agreed_anew_before_it_is_announced_or_opened(
    app: Flask, signed_in: SignIn, ids: dict[str, str]
) -> None:
    """Whatever its state: other days, a body added later, and a page that was open before."""
    officer, lead = signed_in("officer"), signed_in("lead_inspector")
    plan = _saved(officer, partners=ids["ofsted"])

    def move(name: str) -> str:
        page = officer.get(plan).text
        return words(officer.post(f"{plan}/move/{name}", data=_hidden(page), follow_redirects=True).text)

    move("propose")
    before = _hidden(lead.get(plan).text)
    _saved(officer, f"{plan}/change", questions="300", partners=ids["ofsted"])
    assert "Somebody else has changed this plan" in words(lead.post(f"{plan}/agree", data=before, follow_redirects=True).text)
    lead.post(f"{plan}/agree", data=_hidden(lead.get(plan).text))
    move("agree")
    assert "The plan is now: announced." in move("announce")
    _saved(officer, f"{plan}/change", questions="301", partners=ids["ofsted"])
    assert "must agree first" in move("open")
    assert "You have agreed" in words(lead.post(f"{plan}/agree", data=_hidden(lead.get(plan).text), follow_redirects=True).text)
    assert "must agree first" not in move("open")
