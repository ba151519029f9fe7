"""`flask methods check` and `flask deadlines explain`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from config.settings import PROJECT_ROOT
from scrutiny.upkeep import views
from tests.conftest import NOW


def test_a_deadline_shows_its_working(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=["deadlines", "explain", "working_after_uk_any:20", "--from", "2026-03-05", "--json"]
    )
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert (said["due"], said["clock"], said["nation"]) == ("2026-04-07", "working_after_uk_any:20", "england-and-wales")
    assert set(said["steps"][0]) == {"date", "counted", "why"}
    assert sum(step["counted"] for step in said["steps"]) == 20


def test_a_nation_keeps_its_own_holidays(app: Flask) -> None:
    def due(nation: str) -> str:
        args = ["deadlines", "explain", "working_after:20", "--from", "2026-03-12", "--nation", nation, "--json"]
        return str(json.loads(app.test_cli_runner().invoke(args=args).stdout)["due"])

    assert due("england-and-wales") == "2026-04-13"
    assert due("scotland") == "2026-04-10"
    assert due("northern-ireland") == "2026-04-14"


def test_an_unknown_clock_is_refused_saying_what_to_write(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["deadlines", "explain", "moons:3", "--from", "2026-03-05"])
    assert done.exit_code == 1
    assert "There is no clock 'moons:3'" in done.stderr
    assert done.stdout == ""


def test_the_methods_shipped_are_right(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["methods", "check", "--json"])
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert {"council-task-and-finish-2026.1.toml", "jtai-2026.1.toml"} <= {Path(row["file"]).name for row in said}
    assert all(row["right"] for row in said)


def test_a_fault_is_named_with_its_line_and_remedy(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "mine-2026.1.toml"
    file.write_text('method = "mine"\nversion = "2026.1"\ntitle = 3\n', encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["methods", "check", str(file)])
    assert done.exit_code == 1
    assert "mine-2026.1.toml, line 3, title" in done.stderr
    gone = app.test_cli_runner().invoke(args=["methods", "check", str(tmp_path / "gone.toml")])
    assert gone.exit_code == 1
    assert "gone.toml, line 1: this file is not there" in gone.stderr
    folder = app.test_cli_runner().invoke(args=["methods", "check", str(tmp_path)])
    assert folder.exit_code == 1
    assert "this is a folder; name the files in it" in folder.stderr


def test_the_official_list_is_compared_with_the_calendars_held(app: Flask, tmp_path: Path) -> None:
    events = {name: {"events": [{"title": "Jubilee", "date": "2027-07-19"}]} for name in ("england-and-wales", "scotland")}
    file = tmp_path / "bank-holidays.json"
    file.write_text(json.dumps(events), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["holidays", "check", str(file)])
    assert done.exit_code == 1
    assert "bank-holidays.json, line 1, northern-ireland: Northern Ireland is missing" in done.stderr
    file.write_text(json.dumps(events | {"northern-ireland": events["scotland"]}), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["holidays", "check", str(file), "--json"])
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert said["known_to"]["scotland"] == "2028-12-31"
    assert any(sentence.startswith("19 July 2027 (Jubilee) is new in Scotland") for sentence in said["differences"])


def test_an_administrator_is_told_on_the_first_page_when_the_calendars_run_out(
    signed_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Bank holidays of Scotland are known only to 31 December 2028"
    monkeypatch.setattr(views, "now", lambda: NOW)
    assert words not in signed_in("administrator").get("/administration").get_data(as_text=True)
    monkeypatch.setattr(views, "now", lambda: datetime(2028, 10, 2, 9, 0, tzinfo=UTC))
    assert words in signed_in("administrator").get("/administration").get_data(as_text=True)


def test_a_list_that_cannot_be_read_is_refused(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["holidays", "check", str(tmp_path / "gone.json")])
    assert done.exit_code == 1
    assert "cannot be read as text" in done.stderr


def run(app: Flask, args: list[str]) -> Result:
    """A command as it is called."""
    return app.test_cli_runner().invoke(args=args)


def test_the_ladders_are_checked_and_each_fault_told(app: Flask, tmp_path: Path) -> None:
    good = run(app, ["ladders", "check"])
    assert (good.exit_code, good.stdout) == (0, "ladders.toml: nothing is wrong with it\n")
    text = (PROJECT_ROOT / "config" / "ladders.toml").read_text(encoding="utf-8")
    bad = tmp_path / "mine.toml"
    bad.write_text(text.replace("offset = 1\n", "offset = 1.5\n", 1), encoding="utf-8")
    told = run(app, ["ladders", "check", str(bad)])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "mine.toml, line 28, ladders.1.rungs.2.offset: offset is 1.5, of the wrong type; write a whole number" in told.stderr
    as_json = json.loads(run(app, ["ladders", "check", str(bad), "--json"]).stdout)
    assert (as_json["right"], as_json["faults"][0]["line"]) == (False, 28)


def test_the_days_of_a_ladder_are_told_before_anything_is_sent(app: Flask) -> None:
    told = json.loads(run(app, ["ladders", "days", "--due", "2026-03-30", "--nation", "scotland", "--json"]).stdout)
    assert [step["on"] for step in told["steps"]] == ["2026-03-23", "2026-03-31", "2026-04-14"]
    words = run(app, ["ladders", "days", "--due", "2026-12-30", "--method", "jtai"]).stdout
    assert "left out: it would come after the day" in words
    refused = run(app, ["ladders", "days", "--due", "1970-01-05"])
    assert refused.exit_code == 1
    assert "working days cannot be counted from" in refused.stderr
