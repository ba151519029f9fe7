"""Awkward and impossible starts by command: a day worked by hand, or one plain sentence; never a trace of the program."""

from __future__ import annotations

import json

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("clock", "start", "told"),
    [
        ("months_beginning_with:12", "2024-02-29", "2025-02-28"),
        ("months_beginning_with:1", "2026-01-31", "2026-02-28"),
        ("working_after:1", "2026-12-24", "2026-12-29"),
        ("working_after:5", "2028-12-31", "2029-01-05"),
        ("calendar_after:28", "1968-02-29", "1968-03-28"),
        ("working_after:5", "1968-02-29", "known only from"),
        ("clear_before:5", "1000-01-01", "known only from"),
    ],
)
def test_a_start_is_counted_or_refused_in_a_sentence(app: Flask, clock: str, start: str, told: str) -> None:
    done = app.test_cli_runner().invoke(args=["deadlines", "explain", clock, "--from", start, "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    if told[0].isdigit():
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout)["due"] == told
    else:
        assert done.exit_code == 1
        assert told in done.stderr
        assert done.stdout == ""


@pytest.mark.parametrize("clock", ["calendar_after:28", "working_after:5", "months_beginning_with:2", "clear_before:5"])
@pytest.mark.parametrize("start", ["9999-12-31", "3000-01-01", "0999-12-31", "0001-01-01"])
def test_a_day_from_which_nothing_can_be_counted_is_too_far_off(app: Flask, clock: str, start: str) -> None:
    done = app.test_cli_runner().invoke(args=["deadlines", "explain", clock, "--from", start])
    assert done.exit_code == 2
    assert f"{start} is too far off. Choose a day in the years 1000 to 2999" in done.stderr


@pytest.mark.parametrize("start", ["2026-02-29", "2026-13-01", "yesterday", ""])
def test_a_day_that_does_not_exist_is_a_slip_of_use(app: Flask, start: str) -> None:
    done = app.test_cli_runner().invoke(args=["deadlines", "explain", "working_after:5", "--from", start])
    assert done.exit_code == 2
    assert f"“{start}” is not a day that exists: write one like 2026-11-27" in done.stderr
