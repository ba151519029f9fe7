"""Timetables and lifecycles printed at the command line, in words and as JSON."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from config.settings import PROJECT_ROOT
from workflows.lifecycles.every import LIFECYCLES
from workflows.roles import LABELS

METHODS = sorted(path.stem.rsplit("-", 1)[0] for path in (PROJECT_ROOT / "config" / "methods").glob("*.toml"))


def _told(app: Flask, *args: str) -> str:
    """What a command prints, which must do."""
    done = app.test_cli_runner().invoke(args=list(args))
    assert (done.exit_code, done.stderr) == (0, ""), args
    return done.stdout


@pytest.mark.parametrize("method", METHODS)
def test_every_method_prints_its_timetable_with_why(app: Flask, method: str) -> None:
    told = json.loads(_told(app, "methods", "timetable", method, "--from", "2026-11-23", "--json"))
    assert (told["method"], told["from"]) == (method, "2026-11-23")
    assert told["phases"]
    assert all(phase["from"] <= phase["to"] and phase["why"] and phase["working_days"] >= 0 for phase in told["phases"])
    words = _told(app, "methods", "timetable", method, "--from", "2026-11-23")
    assert all(phase["title"] in words for phase in told["phases"])


def test_a_timetable_is_what_was_counted_by_hand(app: Flask) -> None:
    """Monday 21 December 2026: Christmas Day, 28 December (for Boxing Day) and New Year’s Day are not working days."""
    told = json.loads(_told(app, "methods", "timetable", "call-in", "--from", "2026-12-21", "--json"))
    hold = told["phases"][0]
    assert (hold["key"], hold["from"], hold["to"], hold["working_days"]) == ("hold", "2026-12-21", "2027-01-07", 11)
    scots = json.loads(_told(app, "methods", "timetable", "call-in", "--from", "2026-12-21", "--nation", "scotland", "--json"))
    assert scots["phases"][0]["to"] == "2027-01-08"  # 4 January too, for 2 January


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("crowning", "--from", "2026-12-21"), "There is no method called crowning: choose one of area-assessment, "),
        (("call-in", "--from", "2026-12-21", "--nation", "mercia"), "There is no nation 'mercia'"),
        (("call-in", "--from", "1950-12-21"), "Bank holidays of England and Wales are known only from"),
    ],
)
def test_a_timetable_that_cannot_be_counted_is_refused_in_a_sentence(app: Flask, args: tuple[str, ...], sentence: str) -> None:
    done = app.test_cli_runner().invoke(args=["methods", "timetable", *args])
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert app.test_cli_runner().invoke(args=["methods", "timetable", "call-in", "--from", "2026-02-30"]).exit_code == 2


def test_every_lifecycle_is_printed_state_by_state(app: Flask) -> None:
    words = _told(app, "lifecycles", "show")
    for table in LIFECYCLES:
        assert f"{table.record.upper()} begins as “{table.states[table.initial]}”" in words
    assert "  Withdrawn\n    nothing follows" in words
    assert "    Withdraw the review  → Withdrawn: chair, scrutiny officer, lead inspector" in words


def test_every_step_is_printed_where_every_step_is_asked_for(app: Flask) -> None:
    """State × move × role, each line with where it leads or that it is refused."""
    words = _told(app, "lifecycles", "show", "review", "--every")
    assert "REVIEW: 200 steps (5 states × 4 moves × 10 roles)" in words
    lines = [line.split() for line in words.splitlines()[1:] if line]
    assert len(lines) == 5 * 4 * len(LABELS)
    assert sum(line[-1] != "refused" for line in lines) == 4 + 4 + 3 + 3 + 3


def test_a_lifecycle_is_one_json_document_and_an_unknown_one_is_refused(app: Flask) -> None:
    (told,) = json.loads(_told(app, "lifecycles", "show", "extension", "--json"))
    assert told["moves"][0] == {
        "name": "grant",
        "label": "Grant more time",
        "from": ["asked"],
        "to": "granted",
        "roles": ["chair", "scrutiny-officer", "lead-inspector"],
        "event": "extension_granted",
    }
    done = app.test_cli_runner().invoke(args=["lifecycles", "show", "butterfly"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no lifecycle of butterfly: choose one of review, ")
