"""A national count of people is written in short parts; it counts once the last is kept, and says until then that it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.areas import people_writing, service
from scrutiny.areas.counted_people import WorkedCount
from scrutiny.areas.models import Area, AreaLoad, SmallAreaPeople
from scrutiny.extensions import db
from scrutiny.transaction import run, writes_now
from tests.conftest import NOW
from tests.scrutiny.areas.layers import count
from tests.written_at_once import written
from workflows.refusals import Stale
from workflows.roles import OPERATOR_ACTOR

CODES = [f"E0190{n:04}" for n in range(40)]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of seven rows, so that a few make many."""
    monkeypatch.setattr(people_writing, "PART", 7)
    monkeypatch.setattr(people_writing, "BETWEEN_DEEDS", 0)


def worked_out(folder: Path) -> WorkedCount:
    """A count of the small areas of the cast and of others nobody has loaded."""
    file = folder / "people.csv"
    file.write_text("code,people\n" + "".join(f"{code},{at}\n" for at, code in enumerate(CODES, 1)))
    return service.prepare_people(service.CountFile(file, as_at=date(2021, 3, 21)), today=NOW.date())


def people() -> tuple[int, int]:
    """How many small areas have been counted, and their people."""
    found = db.session.execute(select(func.count(), func.coalesce(func.sum(SmallAreaPeople.people), 0))).one()
    return found[0], found[1]


def test_the_command_writes_parts_and_then_lets_the_count_count(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> None:
    with app.app_context():
        worked_out(tmp_path)
        db.session.rollback()
        with written() as held:
            done = app.test_cli_runner().invoke(args=["areas", "people", str(tmp_path / "people.csv"), "--as-at", "2021-03-21"])
        assert done.exit_code == 0, done.output
        assert len(held.held) >= 1 + 6 + 1
        assert people() == (40, sum(range(1, 41)))
        load = db.session.scalars(select(AreaLoad).order_by(AreaLoad.id.desc())).first()
        assert load is not None
        assert (load.loaded, [one for one in load.warnings if "has not finished" in one]) == (40, [])


def test_what_was_broken_off_says_so_shows_nothing_and_is_mended_by_the_same_file(
    app: Flask, cast: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        count(tmp_path, {CODES[1]: 900})
        before = {area.id: area.people for area in db.session.scalars(select(Area))}
        worked = worked_out(tmp_path)
        real, calls = people_writing.write_rows, []

        def dies(*args: object) -> None:
            calls.append(1)
            if len(calls) == 3:
                raise OSError("the power went")
            real(*args)  # type: ignore[arg-type]

        with monkeypatch.context() as dying:
            dying.setattr(people_writing, "write_rows", dies)
            with pytest.raises(OSError, match="power"):
                people_writing.written_in_parts(worked, by=OPERATOR_ACTOR, at=NOW)
        db.session.rollback()
        left = db.session.scalars(select(AreaLoad).order_by(AreaLoad.id.desc())).first()
        assert left is not None
        assert "has not finished" in left.warnings[0]
        assert {area.id: area.people for area in db.session.scalars(select(Area))} == before
        again = people_writing.written_in_parts(worked_out(tmp_path), by=OPERATOR_ACTOR, at=NOW)
        run(lambda: service.load_people(again, by=OPERATOR_ACTOR, at=NOW))
        assert people() == (40, sum(range(1, 41)))
        assert {area.id: area.people for area in db.session.scalars(select(Area))} != before


def test_another_loading_meanwhile_makes_it_begin_anew(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> None:
    with app.app_context():
        early = worked_out(tmp_path)
        mine = people_writing.written_in_parts(early, by=OPERATOR_ACTOR, at=NOW)
        with pytest.raises(Stale), writes_now():
            service.load_people(early, by=OPERATOR_ACTOR, at=NOW)
        count(tmp_path, {CODES[1]: 900})
        with pytest.raises(Stale), writes_now():
            service.load_people(mine, by=OPERATOR_ACTOR, at=NOW)
