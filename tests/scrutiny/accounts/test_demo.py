"""One-click sign-in is for demonstrations only; elsewhere neither the list nor the address is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def demo(app: Flask) -> Iterator[FlaskClient]:
    """The same application as a demonstration."""
    real = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(real, demo=True)
    yield app.test_client()
    app.config["SETTINGS"] = real


def test_a_demonstration_lists_its_people_and_signs_in_as_one(demo: FlaskClient, cast: SimpleNamespace) -> None:
    assert "Olwen Price" in demo.get("/sign-in").text
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
