"""One-click sign-in is for demonstrations only; elsewhere neither the list nor the address is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import pages
from scrutiny.transaction import writes_now
from scrutiny.upkeep import service as upkeep


@pytest.fixture
def demo(app: Flask) -> Iterator[FlaskClient]:
    """The same application as a demonstration."""
    with app.app_context(), writes_now():
        upkeep.mark_as_demo()
    real = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(real, demo=True)
    app.extensions.pop(pages.DEMO, None)
    yield app.test_client()
    app.config["SETTINGS"] = real
    app.extensions.pop(pages.DEMO, None)


def test_a_demonstration_lists_its_people_and_signs_in_as_one(demo: FlaskClient, cast: SimpleNamespace) -> None:
    page = demo.get("/sign-in").text
    named = ["Scrutiny officers", "Olwen Price", "Chairs and councillors", "Inspectors", "People who answer for an agency"]
    assert sorted(named, key=page.index) == named
    assert page.index("Administrators") < page.index("Ada")
    entered = demo.post(f"/sign-in/demo/{cast.officer}", data={"next": "//evil.example"})
    assert entered.status_code == 302
    assert entered.location == "/home"
    assert "Olwen Price" in demo.get("/account").text


def test_a_real_instance_lists_nobody_and_has_no_such_address(client: FlaskClient, cast: SimpleNamespace) -> None:
    page = client.get("/sign-in").text
    assert "Olwen Price" not in page
    assert "/sign-in/demo/" not in page
    assert client.post(f"/sign-in/demo/{cast.officer}").status_code == 404
    assert client.get("/account").status_code == 302


def test_demo_in_the_environment_opens_no_account_of_a_real_database(app: Flask, cast: SimpleNamespace) -> None:
    """The attack: one variable set by mistake, and a stranger is the administrator."""
    real = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(real, demo=True)
    app.extensions.pop(pages.DEMO, None)
    try:
        client = app.test_client()
        for answer in (client.get("/sign-in"), client.post(f"/sign-in/demo/{cast.administrator}"), client.get("/")):
            assert answer.status_code == 503
            assert "Olwen Price" not in answer.text
        assert "this database is not the demonstration" in client.get("/").text
    finally:
        app.config["SETTINGS"] = real
        app.extensions.pop(pages.DEMO, None)


def test_a_demonstration_is_not_served_as_real(app: Flask, demo: FlaskClient) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo=False)
    assert demo.get("/sign-in").status_code == 503


def test_the_clock_is_moved_by_hand_only_in_a_demonstration(app: Flask) -> None:
    app.config["TESTING"] = False
    real = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(real, demo=True)
    try:
        moved = app.test_cli_runner().invoke(args=["jobs", "run", "sweep", "--at", "2026-03-02T09:30"])
    finally:
        app.config["TESTING"], app.config["SETTINGS"] = True, real
    assert moved.exit_code == 1
    assert "for demo data and tests only" in moved.output
