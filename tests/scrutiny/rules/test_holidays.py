"""Lists of bank holidays: kept, taken up, in force at once in every process; the files of config/ stay as they are."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import select

from config.settings import Settings
from scrutiny.app import create_app
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.rules import service
from scrutiny.rules.models import HolidayList, RuleEdition
from scrutiny.rules.queries import calendars_in_force, list_in_force, stale_holidays
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.official import official_list
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused
from workflows.workdays import read_calendar

JUBILEE = date(2026, 3, 16)
LATE = official_list(added={"england-and-wales": {JUBILEE: "Jubilee"}})
MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy" / "m60_future_bank_holidays.json"


def load(content: bytes, *, minutes: int = 0) -> HolidayList:
    """A list sent and taken up by the administrator."""
    by, at = acting("administrator"), NOW + timedelta(minutes=minutes)
    with writes_now():
        kept, _ = service.keep_list(content, "bank-holidays.json", by=by, at=at)
        service.take_up(kept, by=by, at=at)
    g.pop("rules_in_force", None)
    return kept


def test_a_list_taken_up_counts_at_once_in_every_process(app: Flask, context: None, settings: Settings) -> None:
    other = create_app(settings)  # as another process of the same instance has it
    with other.app_context():
        assert calendars_in_force().of("england").is_working(JUBILEE)
    load(LATE)
    assert not calendars_in_force().of("england").is_working(JUBILEE)
    with other.app_context():
        assert not calendars_in_force().of("england").is_working(JUBILEE)
        assert calendars_in_force().of("scotland").is_working(JUBILEE)


def test_a_list_sent_but_not_taken_up_changes_nothing(app: Flask, context: None) -> None:
    with writes_now():
        service.keep_list(LATE, "bank-holidays.json", by=acting("administrator"), at=NOW)
    g.pop("rules_in_force", None)
    assert calendars_in_force() is app.extensions["rules"].calendars


def test_editions_are_kept_with_who_and_when_and_can_be_read_back(app: Flask, context: None) -> None:
    kept = load(LATE)
    assert (kept.taken_up_by, kept.taken_up_at, kept.changes) == (
        acting("administrator").reference,
        NOW,
        ["16 March 2026 (Jubilee) is new in England and Wales."],
    )
    editions = list(db.session.scalars(select(RuleEdition).where(RuleEdition.kind == "holidays/england-and-wales")))
    assert read_calendar(editions[-1].text, "kept").digest == calendars_in_force().of("england").digest
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "holidays_taken_up")).one()
    assert noted.fields["editions"]["holidays/england-and-wales"] == editions[-1].digest


def test_an_earlier_list_can_be_taken_up_again(app: Flask, context: None) -> None:
    first = load(official_list())
    load(LATE, minutes=1)
    assert not calendars_in_force().of("england").is_working(JUBILEE)
    again, later = db.session.get_one(HolidayList, first.id), NOW + timedelta(minutes=2)
    with pytest.raises(service.Older, match="lacks 16 March 2026, known for England and Wales"):
        service.take_up(again, by=acting("administrator"), at=later)
    with writes_now():
        service.take_up(again, by=acting("administrator"), at=later, older=True)
    g.pop("rules_in_force", None)
    assert calendars_in_force().of("england").is_working(JUBILEE)


def test_the_same_bytes_are_kept_once(app: Flask, context: None) -> None:
    load(LATE)
    with writes_now():
        again, new = service.keep_list(LATE, "again.json", by=acting("administrator"), at=NOW)
    assert (again.file_name, new) == ("bank-holidays.json", False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "cannot be read as text"),
        (b"{}", "Scotland is missing"),
        (official_list(only="scotland"), "Northern Ireland is missing"),
        (LATE.replace(b"2026-03-16", b"2026-02-30"), "the date of Jubilee, 2026-02-30, does not exist"),
        (official_list(first=2027, last=2027, added={"scotland": {date(2030, 1, 1): "New Year"}}), "The list holds 0 bank holid"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_and_not_kept(app: Flask, context: None, content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told), writes_now():
        service.keep_list(content, "list.json", by=acting("administrator"), at=NOW)
    assert db.session.scalar(select(HolidayList)) is None


def test_files_changed_under_a_list_are_told_loudly(app: Flask, context: None) -> None:
    kept = load(LATE)
    assert stale_holidays(NOW.date()) == []
    with writes_now():
        db.session.get_one(HolidayList, kept.id).over = {**kept.over, "scotland": "0" * 64}
    (told,) = stale_holidays(NOW.date())
    assert told.startswith("The bank holidays of Scotland in config/holidays were changed after bank-holidays.json was taken up")


def test_the_command_lets_a_list_count_and_says_what_it_changed(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bank-holidays.json"
    file.write_bytes(LATE)
    run = app.test_cli_runner()
    done = run.invoke(args=["holidays", "load", str(file), "--json"])
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["changes"] == ["16 March 2026 (Jubilee) is new in England and Wales."]
    assert said["known_to"]["northern-ireland"] == "2028-12-31"
    explained = run.invoke(args=["deadlines", "explain", "working_after:20", "--from", "2026-03-02", "--json"])
    assert json.loads(explained.stdout)["due"] == "2026-03-31"
    again = run.invoke(args=["holidays", "load", str(file)])
    assert (again.exit_code, again.stderr) == (1, "bank-holidays.json is loaded already, and counts\n")
    file.write_bytes(official_list())
    older = run.invoke(args=["holidays", "load", str(file)])
    assert older.exit_code == 1
    assert "lacks 16 March 2026" in older.stderr
    assert "give --older" in older.stderr
    assert run.invoke(args=["holidays", "load", str(file), "--older"]).exit_code == 0


def test_a_future_list_with_dates_that_do_not_exist_is_refused_by_the_command(app: Flask, context: None) -> None:
    if not MESSY.is_file():
        pytest.skip(f"there is no {MESSY}: set SHARED_DATA to the folder of real and messy files")
    done = app.test_cli_runner().invoke(args=["holidays", "load", str(MESSY)])
    assert done.exit_code == 1
    assert "the date of Christmas Day, 2026-13-25, does not exist; correct it by the official list." in done.stderr
    assert (done.stdout, list_in_force()) == ("", None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_list_saved_by_windows_is_read(app: Flask, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "bank-holidays.json"
    file.write_bytes(official_list().decode().encode(encoding))
    answer = app.test_cli_runner().invoke(args=["holidays", "check", str(file)])
    assert answer.exit_code == 0, answer.output
