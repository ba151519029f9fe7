"""Figures sent through the page come back for another kind of area, with how it was done, and adding up."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.agencies import bulk_jobs as lists
from tests.conftest import NOW

ASKED = {"from_kind": "district", "to_kind": "icb", "by": "people", "unit": "2", "on": ["2", "3", "2026"]}


def sent(text: str, **more: object) -> dict[str, object]:
    return {**ASKED, "file": (io.BytesIO(text.encode()), "spend.csv"), **more}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The work the page would have started in a process of its own."""
    ids: list[int] = []
    monkeypatch.setattr(lists, "start", ids.append)
    monkeypatch.setattr("scrutiny.public.apportion_views.now", lambda: NOW)
    return ids


def test_figures_are_sent_looked_at_and_taken_away(app: Flask, client: FlaskClient, started: list[int]) -> None:
    answer = client.post("/apportion", data=sent("code,Spend\nE07900002,1000.01\nE06999999,5\n"))
    assert answer.status_code == 302
    assert "waiting to begin" in client.get(answer.location).text
    with app.app_context():
        lists.carry_out(started[0], clock=lambda: NOW)
    page = client.get(answer.location).text
    for said in ("1005.01", "best fit", "How that is divided is an estimate", "E06999999", "no boundary and no lineage"):
        assert said in page
    rows = list(csv.DictReader(io.StringIO(client.get(f"{answer.location}/figures.csv").text)))
    assert sum(Decimal(row["Spend"]) for row in rows) == Decimal("1005.01")
    assert len([row for row in rows if row["code"]]) == 2
    assert client.get(f"{answer.location}/figures.xlsx").data.startswith(b"PK")
    token = answer.location.rsplit("/", 1)[-1]
    assert client.get(f"/many/{token}").status_code == 404
    assert client.post(f"{answer.location}/forget").status_code == 302
    assert client.get(answer.location).status_code == 404


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"from_kind": ""}, "Choose the kind of area that the figures are for"),
        ({"file": (io.BytesIO(b""), "")}, "Choose a file of figures"),
        ({"file": (io.BytesIO(b"code,Crime rate\nE07900002,4\n"), "r.csv")}, "Apportion its numerator and its denominator"),
        ({"by": "weights"}, "Choose a file of weights"),
        ({"unit": "0"}, "write the figures in whole numbers"),
    ],
)
def test_what_cannot_be_apportioned_is_refused_in_a_sentence(
    client: FlaskClient, started: list[int], more: dict[str, object], said: str
) -> None:
    page = client.post("/apportion", data=sent("code,Spend\nE07900002,1000.01\n", **more))
    assert page.status_code == 200
    assert said in page.text
    assert started == []
