"""The product does not start with a faulty file of rules, and names each fault with file, line and remedy on one screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT, Settings
from scrutiny.app import create_app
from scrutiny.rules import files
from scrutiny.rules.service import ON_A_SCREEN

SPOTLIGHT = (PROJECT_ROOT / "config" / "methods" / "spotlight-2026.1.toml").read_text(encoding="utf-8")
MINE = SPOTLIGHT.replace('method = "spotlight"', 'method = "mine"')


def screen(settings: Settings, methods_dir: Path) -> str:
    """What a start with these methods says as it stops."""
    with pytest.raises(SystemExit) as stopped:
        create_app(replace(settings, methods_dir=methods_dir))
    told = str(stopped.value.code)
    assert told.startswith("Area Scrutiny cannot start with these files:\n  - ")
    assert len(told.splitlines()) <= ON_A_SCREEN + 2
    return told


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which a part first stands."""
    return text[: text.index(part)].count("\n") + 1


def in_folder(folder: Path, text: str, name: str = "mine-2026.1.toml") -> Path:
    """A folder of this instance's own methods, with one file."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_method_of_this_instances_own_is_taken_up_beside_those_shipped(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, methods_dir=in_folder(tmp_path / "methods", MINE)))
    assert {"mine", "spotlight"} <= app.extensions["rules"].methods.keys()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Spotlight session"', 'titel = "Spotlight session"', "titel is not a key known here; write title"),
        ('after = "session"', 'after = "sesion"', "there is no phase 'sesion'; write start or one of scope, invitations"),
        ('due_phase = "invitations"', 'due_phase = "hearing"', "due_phase is 'hearing', which is not known here"),
        ('after = "scope"\n', 'after = "response"\n', "the phases go round in a circle: invitations after response after"),
        ('clock = "working_after:5"', 'clock = "working_days:5"', "There is no clock 'working_days:5'; write"),
        ('key = "people"', 'key = "now"', "lines.2.key: key 'now' is used twice; give this one another"),
        ('clock = "stated_date"', 'clock = "stated_date:2026-02-30"', "names no date that exists; write for example stated_date"),
        ("duration = 5", 'duration = "5"', "phases.1.duration: duration is '5', of the wrong type; write a whole number"),
        ("statutory = true", 'statutory = "yes"', "statutory is 'yes', of the wrong type; write true or false"),
        ('agencies = ["pcc"]', 'agencies = ["pccs"]', "agencies is 'pccs', which is not known here; write pcc"),
        ('power = "pcp_response"', 'power = "pcp_reply"', "responses.3.power: power is 'pcp_reply', which is not known here"),
        ('version = "2026.1"', 'version = "2026.2"', "named mine-2026.1.toml but holds mine version 2026.2"),
        ("[judgement]", "[judgment]", "judgement is missing; add judgement = a table headed [judgement]"),
        ('version = "2026.1"', "version = 2026-02-30", "line 4: this is not good TOML"),
        ('summary = "A', 'summary = "A\n', "line 6: this is not good TOML"),
    ],
)
def test_a_faulty_method_stops_the_start_naming_file_line_and_remedy(
    settings: Settings, tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in MINE
    said = screen(settings, in_folder(tmp_path / "methods", MINE.replace(old, new, 1)))
    assert f"mine-2026.1.toml, line {line_of(MINE, old)}" in said
    assert told in said


def test_a_version_already_published_is_not_replaced_from_the_instances_own_folder(settings: Settings, tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "methods", SPOTLIGHT, "spotlight-2026.1.toml")
    said = screen(settings, folder)
    assert "spotlight-2026.1.toml, line 1: this version of the method is there already; raise its number" in said
    assert "a published version is never replaced" in said


def test_an_older_version_that_would_be_refused_today_stops_nothing_once_a_newer_one_stands_beside_it(
    settings: Settings, tmp_path: Path
) -> None:
    older = MINE.replace("duration = 5", "duration = 5000", 1)
    folder = in_folder(tmp_path / "methods", older)
    assert "duration is 5000" in screen(settings, folder)
    in_folder(folder, MINE.replace('version = "2026.1"', 'version = "2026.2"'), "mine-2026.2.toml")
    rules = create_app(replace(settings, methods_dir=folder)).extensions["rules"]
    assert rules.methods["mine"].version == "2026.2"
    assert rules.texts["mine-2026.1.toml"] == older
    (folder / "mine-2026.3.toml").write_text(MINE.replace('version = "2026.1"', 'version = "2026.4"'), encoding="utf-8")
    assert "named mine-2026.3.toml but holds mine version 2026.4" in screen(settings, folder)


def test_a_method_that_is_not_text_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "methods", MINE)
    (folder / "other-2026.1.toml").write_bytes(b"\xff\xfe\x00")
    assert "other-2026.1.toml, line 1: this file is not text in UTF-8; save it as UTF-8" in screen(settings, folder)


def test_many_faults_are_told_on_one_screen_with_how_many_are_left(settings: Settings, tmp_path: Path) -> None:
    said = screen(settings, in_folder(tmp_path / "methods", MINE.replace("confidence =", "confidense =")))
    assert said.splitlines()[-1].endswith("more: mend these and start again")
    assert len(said.splitlines()) == ON_A_SCREEN + 2


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("powers.toml", "limits = ", "limit = ", "limit is not a key known here; write limits"),
        ("powers.toml", 'key = "osc_attend"', 'key = "osc_docs"', "powers.3.key: key 'osc_docs' is used twice"),
        ("powers.toml", 'clock = "clear_after:10"', 'clock = "clear_days:10"', "There is no clock 'clear_days:10'"),
        ("powers.toml", "valid_from = 2012-09-10", 'valid_from = "2012-09-31"', "valid_from is '2012-09-31', of the"),
        ("powers.toml", "valid_from = 2012-09-10", "valid_from = 2012-09-31", "this is not good TOML"),
        ("powers.toml", 'confidence = "verified"', 'confidence = "sure"', "powers.1.confidence: confidence is 'sure'"),
        ("ladders.toml", 'letter = "chairs_letter"', 'letter = "a_letter"', "letter is 'a_letter', which is not known here"),
        ("agency_kinds.toml", 'key = "district"', 'key = "county"', "kinds.2.key: key 'county' is used"),
        ("services.toml", '"dwp"', '"dpw"', "'dpw', which is not known here; write dwp"),
        ("area_kinds.toml", "coverage = true", 'coverage = "all"', "coverage is 'all', of the wrong type"),
        ("holidays/scotland.toml", "2026-12-25", "2026-13-25", "'2026-13-25' is not a date that exists"),
    ],
)
def test_every_other_file_of_rules_is_checked_as_strictly(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, told: str
) -> None:
    config = tmp_path / "config"
    shutil.copytree(files.CONFIG, config)
    text = (config / file).read_text(encoding="utf-8")
    assert old in text
    (config / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(files, "CONFIG", config)
    said = screen(settings, tmp_path / "none")
    assert f"{Path(file).name}, line {line_of(text, old)}" in said
    assert told in said


@pytest.mark.parametrize("file", ["powers.toml", "ladders.toml", "agency_kinds.toml", "holidays/scotland.toml"])
def test_a_file_that_is_missing_stops_the_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    config = tmp_path / "config"
    shutil.copytree(files.CONFIG, config)
    (config / file).unlink()
    monkeypatch.setattr(files, "CONFIG", config)
    said = screen(settings, tmp_path / "none")
    assert Path(file).name in said
    assert "put it back" in said


def test_faults_of_several_files_are_told_together(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    shutil.copytree(files.CONFIG, config)
    for file, old, new in (("powers.toml", "clear_after:10", "x:10"), ("holidays/scotland.toml", "2026-12-25", "2026-13-25")):
        text = (config / file).read_text(encoding="utf-8")
        (config / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(files, "CONFIG", config)
    said = screen(settings, in_folder(tmp_path / "methods", MINE.replace("duration = 5", "duration = 0", 1)))
    for name in ("config/powers.toml, line", "scotland.toml, line", "mine-2026.1.toml, line"):
        assert name in said


def test_the_command_says_so_on_stderr_and_ends_with_status_1(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "methods", MINE.replace("duration = 5", "duration = 0", 1))
    told = {"METHODS_DIR": str(folder), "SECRET_KEY": "x" * 40, "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "jobs", "list"],
        cwd=PROJECT_ROOT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "mine-2026.1.toml, line" in done.stderr
    assert "duration is 0; write a whole number of 1 or more" in done.stderr
    assert "Traceback" not in done.stderr
