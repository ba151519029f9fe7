"""A loading says what it will change before anything is stored, and can be undone while nothing rests on it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from scrutiny.areas import queries, service
from scrutiny.areas.foreseen import foresee
from scrutiny.areas.load_worker import Wanted
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.areas.unloading import undo_load, why_not_undone
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.loading import uploads
from scrutiny.place_lookup.lookup import find
from scrutiny.transaction import writes_now
from scrutiny.work.claims import Progress
from tests.conftest import NOW
from tests.scrutiny.areas.layers import file_of, load, square
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
OLD, NEW, LATER = date(2020, 4, 1), date(2023, 4, 1), date(2025, 4, 1)
BEFORE = {"E07900101": square(0, 0, 10, 10), "E07900102": square(10, 0, 20, 10)}
AFTER = {"E07900101": square(0, 0, 12, 10), "E07900103": square(12, 0, 20, 10)}
LOAD = "/administration/boundaries/load"


def state() -> dict[str, list[Any]]:
    """Everything that a loading writes, but its own row."""
    areas = select(Area.kind, Area.code, Area.name, Area.from_on, Area.to_on, Area.people).order_by(
        Area.kind, Area.code, Area.from_on
    )
    shared = select(AreaOverlap.area_id, AreaOverlap.other_id, AreaOverlap.square_metres).order_by(
        AreaOverlap.area_id, AreaOverlap.other_id
    )
    return {
        "areas": [tuple(row) for row in db.session.execute(areas)],
        "shared": [tuple(row) for row in db.session.execute(shared)],
    }


def undo() -> int:
    """Undo the newest loading."""
    with writes_now():
        return undo_load(queries.loads()[0], by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.usefixtures("context")
def test_what_a_load_will_do_is_what_it_does(tmp_path: Path) -> None:
    load(tmp_path, "district", OLD, BEFORE)
    before = state()
    file = file_of(tmp_path, {**AFTER, "E07900104": None}, "new.geojson")
    worked = service.prepare_layer(Wanted(file, file.name, "district", NEW, whole_layer=True), place_crs=queries.place_crs())
    seen = foresee(worked)
    assert state() == before
    assert seen.new == ["E07900103 Area E07900103"]
    assert seen.changed == ["E07900101 Area E07900101"]
    assert "E07900102 Area E07900102" in seen.ended
    assert [one.code for one in seen.skipped] == ["E07900104"]
    with writes_now():
        done = service.load_layer(worked, by=OPERATOR_ACTOR, at=NOW)
    assert sorted(done.ended) == sorted(one.split()[0] for one in (*seen.ended, *seen.changed))
    assert done.skipped == seen.skipped


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("whole_layer", [False, True])
def test_an_undone_load_leaves_everything_as_it_was(tmp_path: Path, whole_layer: bool) -> None:
    load(tmp_path, "police", OLD, {"E23900101": square(0, 0, 20, 10)})
    load(tmp_path, "district", OLD, BEFORE)
    before, marks = state(), (queries.areas_at(511_500, 505_000, NOW.date()), queries.kinds_loaded(NOW.date()))
    load(tmp_path, "district", NEW, AFTER, whole_layer=whole_layer)
    assert state() != before
    assert find("Area E07900103", NOW.date()).sure
    assert undo() == 2
    assert state() == before
    assert (queries.areas_at(511_500, 505_000, NOW.date()), queries.kinds_loaded(NOW.date())) == marks
    assert not find("Area E07900103", NOW.date()).sure
    assert db.session.scalar(select(func.count()).where(AuditEntry.event == "boundaries_unloaded")) == 1
    load(tmp_path, "district", NEW, AFTER)  # the same bytes are not said to be loaded already
    assert find("Area E07900103", NOW.date()).sure


@pytest.mark.usefixtures("context")
def test_a_row_between_two_is_given_its_days_back(tmp_path: Path) -> None:
    """The later layer was there first, so the new one ends before it, and what it ended had held until then."""
    load(tmp_path, "district", OLD, BEFORE)
    load(tmp_path, "district", LATER, BEFORE)
    before = state()
    load(tmp_path, "district", NEW, {"E07900105": square(0, 20, 10, 30)})
    undo()
    assert state() == before


@pytest.mark.usefixtures("context")
def test_what_rests_on_a_load_keeps_it(tmp_path: Path) -> None:
    load(tmp_path, "district", NEW, AFTER)
    first = queries.loads()[0]
    load(tmp_path, "district", LATER, BEFORE)
    assert why_not_undone(first).startswith("A later load or reorganisation ended areas of this load, for example Area E07900101")
    undo()
    assert why_not_undone(first) == ""
    with writes_now():
        service.place_of([queries.area_on("E07900101", LATER)], at=NOW)
    with pytest.raises(Refused, match="Reviews, reports or alerts rest on areas of this load, for example Area E07900101"):
        undo_load(first, by=OPERATOR_ACTOR, at=NOW)
    load(tmp_path, "district", NEW, AFTER, replace=True)
    assert "This load corrected areas" in why_not_undone(queries.loads()[0])


@pytest.mark.usefixtures("context")
def test_a_load_is_undone_once(tmp_path: Path) -> None:
    load(tmp_path, "district", NEW, AFTER)
    undo()
    with pytest.raises(Refused, match="undone already"):
        undo()


def test_the_command_looks_first_and_undoes(app: Flask, tmp_path: Path) -> None:
    file, runner = file_of(tmp_path, {"E23900101": square(0, 0, 20, 10)}), app.test_cli_runner()
    args = ["areas", "load", str(file), "--kind", "ward", "--from", "2024-04-01"]
    said = runner.invoke(args=[*args, "--dry-run", "--json"])
    assert json.loads(said.stdout)["looks_like"] == "police"
    assert "These look like police force areas, but you chose wards" in said.stderr
    with app.app_context():
        assert queries.areas_of_kind("ward", NOW.date()) == []
    assert runner.invoke(args=args).exit_code == 0
    number = json.loads(runner.invoke(args=["areas", "loads", "--json"]).stdout)[0]["load"]
    assert "1 areas unloaded" in runner.invoke(args=["areas", "unload", str(number)]).stdout
    again = runner.invoke(args=["areas", "unload", str(number)])
    assert (again.exit_code, "undone already" in again.stderr) == (1, True)
    assert runner.invoke(args=["areas", "unload", "99999"]).exit_code == 1


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(uploads, "start", ids.append)
    monkeypatch.setattr("scrutiny.loading.views.now", lambda: NOW)
    return ids


def typed(content: bytes, **more: object) -> dict[str, object]:
    return {"file": (io.BytesIO(content), "layer.geojson"), "kind": "ward", "from_on": ["1", "4", "2024"], **more}


@pytest.mark.parametrize("more", [{"look": "y"}, {}])
def test_the_page_warns_before_and_undoes_after(
    app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int], more: dict[str, str]
) -> None:
    """A file that is plainly of another kind is looked at first whichever button was pressed."""
    client = signed_in("administrator")
    content = file_of(tmp_path, {"E23900101": square(0, 0, 20, 10)}).read_bytes()
    page = client.post(LOAD, data=typed(content, **more)).location
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
        assert queries.areas_of_kind("ward", NOW.date()) == []
        assert uploads.erase_left(at=NOW) == 0
    shown = client.get(page).text
    assert "These look like police force areas, but you chose wards" in shown
    assert "Nothing is stored yet" in shown
    done = client.post(page, data={"load": "y"}).location
    with app.app_context():
        uploads.carry_out(started[1], clock=lambda: NOW)
        assert len(queries.areas_of_kind("ward", NOW.date())) == 1
        number = queries.loads()[0].id
    assert "1 row loaded" in client.get(done).text
    assert "no longer kept" in client.get(page).text
    one = f"/administration/boundaries/loads/{number}"
    assert "Undo this load" in client.get(one).text
    assert client.post(one, data={"undo": "y"}).status_code == 302
    assert "This load was undone on" in client.get(one).text
    with app.app_context():
        assert queries.areas_of_kind("ward", NOW.date()) == []


def test_a_file_that_was_looked_at_can_be_dropped(app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int]) -> None:
    client = signed_in("administrator")
    content = file_of(tmp_path, {"E05900101": square(0, 0, 20, 10)}).read_bytes()
    page = client.post(LOAD, data=typed(content, look="y")).location
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    assert client.post(page, data={"drop": "y"}).location == "/administration/boundaries"
    assert "no longer kept" in client.get(page).text
    assert len(started) == 1


def test_of_two_who_say_what_is_to_become_of_a_file_one_is_refused(
    app: Flask, signed_in: SignIn, tmp_path: Path, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = file_of(tmp_path, {"E05900101": square(0, 0, 20, 10)}).read_bytes()
    signed_in("administrator").post(LOAD, data=typed(content, look="y"))
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
        at = NOW + timedelta(minutes=1)
        looked = db.session.get_one(Progress, started[0])
        assert uploads.waits_for_a_word(looked, at), "both see that it waits"

        def first(_: str) -> None:
            """The other says so in this moment, and we have waited for them."""
            values = {"task": {**looked.task, "answered": True}}
            db.session.execute(update(Progress).where(Progress.id == looked.id).values(values))

        monkeypatch.setattr(uploads, "take_turn", first)
        with pytest.raises(Refused, match="no longer kept"), writes_now():
            uploads.begin_looked_at(looked, by=OPERATOR_ACTOR, at=at)
        with pytest.raises(Refused, match="no longer kept"), writes_now():
            uploads.drop_looked_at(looked, at=at)
