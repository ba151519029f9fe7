"""The administrator's pages and the commands, walked through; to everybody else they are not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.accounts.models import Person
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reorganisation.queries import reorganisation
from scrutiny.transaction import writes_now
from tests.scrutiny.reorganisation.scene import EAST, LOWER, PLAN, UPPER, WEST, settle

SignIn = Callable[..., FlaskClient]
HOME = "/administration/reorganisations"
#: a day that is after today, whenever the tests are run
LATER = london_day(now()) + timedelta(days=400)


@pytest.fixture
def scene(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    with app.app_context():
        return settle(cast)


@pytest.fixture
def ada(scene: SimpleNamespace, signed_in: SignIn) -> FlaskClient:
    return signed_in("administrator")


def said(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).replace("&#39;", "'").split())


def prepared(ada: FlaskClient) -> str:
    ending = "E10900001 E07900001,E07900002\nE07900003"
    typed = {"title": "Two councils", "ending": ending, "on": [str(LATER.day), str(LATER.month), str(LATER.year)]}
    answer = ada.post(f"{HOME}/new", data=typed)
    assert answer.status_code == 302
    home = str(answer.headers["Location"])
    for code, name, made_of in ((WEST, "West Loamshire", f"E07900001 {LOWER}"), (EAST, "East Loamshire", f"{UPPER} E07900003")):
        made = ada.post(f"{home}/areas/add", data={"code": code.lower(), "name": name, "made_of": made_of})
        assert made.status_code == 302
    return home


def test_a_change_is_prepared_previewed_staged_and_undone(ada: FlaskClient, app: Flask, client: FlaskClient) -> None:
    home = prepared(ada)
    preview = said(ada.get(f"{home}/preview"))
    for words in (
        "Loamshire County Council",
        "West Loamshire Council",
        "44% of its people",
        "Olwen Price",
        "elected or appointed anew",
        "Nobody who may sign in would answer for West Loamshire Council",
        "Ashby Homes",
        "Not announced yet",
    ):
        assert words in preview
    assert "Buses in Barrow End" not in preview, "whoever runs the instance knows it by its reference alone"
    assert "From " not in said(client.get("/places/E07900001")).split("As at")[0], "nothing is public yet"
    assert ada.post(f"{home}/preview").status_code == 302
    assert "It is staged for" in said(ada.get(home))
    kept = said(ada.get(f"{home}/preview"))
    assert "This is what was shown when it was staged on" in kept
    for words in ("Loamshire County Council", "West Loamshire Council", "44% of its people", "Ashby Homes", "Not announced yet"):
        assert words in kept
    assert "Buses in Barrow End" not in kept
    assert "Nothing was changed: this plan is no longer being prepared." in said(
        ada.post(f"{home}/preview", follow_redirects=True)
    )
    with app.app_context(), writes_now():
        row = reorganisation(home.rsplit("/", 1)[1])
        assert row
        row.journal = {key: value for key, value in row.journal.items() if key != "preview"}
    assert "What this changes was not kept when it was staged." in said(ada.get(f"{home}/preview"))
    public = said(client.get("/places/E07900001"))
    assert "Ashby becomes part of West Loamshire" in public
    assert client.get(f"/places/{WEST}").status_code == 200
    assert "What has come cannot be undone" not in said(ada.get(f"{home}/undo"))
    assert ada.post(f"{home}/undo").status_code == 302
    assert "Being prepared" in said(ada.get(home))
    assert "becomes part of" not in said(client.get("/places/E07900001"))
    assert client.get(f"/places/{WEST}").status_code == 404


def test_people_are_sent_where_the_administrator_says(ada: FlaskClient, scene: SimpleNamespace, app: Flask) -> None:
    home = prepared(ada)
    page = said(ada.get(f"{home}/people"))
    assert "Scrutiny officer, Loamshire Overview and Scrutiny Committee" in page
    ids = {"officer": scene.officer, "responder": scene.responder}
    answer = ada.post(f"{home}/people", data={f"person_{ids['officer']}": WEST, f"person_{ids['responder']}": "all"})
    assert answer.status_code == 302
    with app.app_context():
        row = reorganisation(home.rsplit("/", 1)[1])
        assert row
        assert row.plan["people"] == {"officer@example.org": [WEST], "responder@example.org": [WEST, EAST]}
        assert db.session.get_one(Person, scene.officer).email == "officer@example.org"
    again = ada.get(f"{home}/people").get_data(as_text=True)
    assert f'<option value="{WEST}" selected>' in again


def test_a_new_area_is_changed_and_taken_out(ada: FlaskClient) -> None:
    home = prepared(ada)
    typed = {"code": WEST, "name": "West", "made_of": "E07900001", "council": "West Council"}
    assert ada.post(f"{home}/areas/{WEST}", data=typed).status_code == 302
    assert "West Council" in said(ada.get(home))
    assert "would lie only in part in the new areas" in said(ada.get(f"{home}/preview"))
    assert "This cannot be staged" in said(ada.post(f"{home}/preview")), "and the button sent all the same is refused"
    assert ada.post(f"{home}/areas/{WEST}/remove").status_code == 302
    assert "West Council" not in said(ada.get(home))
    assert ada.post(f"{home}/drop").status_code == 302
    assert "Dropped" in said(ada.get(HOME))
    assert "This plan was dropped. It changes nothing." in said(ada.get(f"{home}/preview"))


def test_what_is_typed_wrongly_is_said_beside_it_and_kept(ada: FlaskClient) -> None:
    answer = ada.post(f"{HOME}/new", data={"title": "Two councils"})
    assert "Enter the first day of what is new" in said(answer)
    assert "Two councils" in said(answer)
    home = prepared(ada)
    twice = ada.post(f"{home}/areas/add", data={"code": WEST, "name": "Again", "made_of": ""})
    assert f"names the new area {WEST} twice" in said(twice)


@pytest.mark.parametrize("who", ["officer", "chair", "lead_inspector", "responder", "certifier"])
def test_only_administrators_find_these_pages(ada: FlaskClient, signed_in: SignIn, client: FlaskClient, who: str) -> None:
    home = prepared(ada)
    ada.post(f"{home}/preview")
    other = signed_in(who)
    for address in (HOME, f"{HOME}/new", home, f"{home}/undo"):
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 302, "a stranger is sent to sign in"
    assert other.post(f"{home}/undo").status_code == 404
    assert "It is staged for" in said(ada.get(home))


def test_the_commands_say_the_same(app: Flask, scene: SimpleNamespace, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    shown = runner.invoke(args=["reorganisation", "preview", str(file), "--json"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["requests"][0]["becomes"] == "East Loamshire Council"
    assert (
        "ends: Ashby District Council → West Loamshire Council"
        in runner.invoke(args=["reorganisation", "preview", str(file)]).stdout
    )
    assert json.loads(runner.invoke(args=["reorganisation", "list", "--json"]).stdout) == [], "a preview keeps nothing"
    staged = json.loads(runner.invoke(args=["reorganisation", "stage", str(file), "--json"]).stdout)
    assert (staged["reference"][:2], staged["state"]) == ("G-", "staged")
    answering = ["agencies", "answering", WEST, "--on", "2028-04-01", "--json"]
    assert "West Loamshire Council" in {one["agency"] for one in json.loads(runner.invoke(args=answering).stdout)}
    undone = runner.invoke(args=["reorganisation", "undo", staged["reference"]])
    assert (undone.exit_code, "everything is as it was" in undone.stdout) == (0, True)
    assert runner.invoke(args=answering).exit_code == 1


def test_a_command_that_is_refused_says_why_in_one_sentence(app: Flask, scene: SimpleNamespace, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN | {"ending": ["E07900009"]}), encoding="utf-8")
    for words, args in (
        ("No area with the code E07900009", ["preview", str(file)]),
        ("This cannot be staged", ["stage", str(file)]),
        ("there is no such file", ["preview", "nothing.json"]),
        ("There is no reorganisation G-1", ["undo", "G-1"]),
    ):
        found = runner.invoke(args=["reorganisation", *args])
        assert (found.exit_code, words in found.stderr) == (1, True), found.output
    file.write_text("not json", encoding="utf-8")
    assert "cannot be read as JSON" in runner.invoke(args=["reorganisation", "stage", str(file)]).stderr
    assert json.loads(runner.invoke(args=["reorganisation", "list", "--json"]).stdout) == []
