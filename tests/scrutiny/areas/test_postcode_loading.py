"""A long list of postcodes is read before anything is written, and written in parts between which others may write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import AccessKey, SignInSession
from scrutiny.areas import postcode_loading, queries
from scrutiny.areas.models import AreaLoad
from scrutiny.extensions import db, writing
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from workflows.roles import OPERATOR_ACTOR


def list_of(folder: Path, rows: int, east: int = 350_000) -> Path:
    """A list of so many postcodes."""
    file = folder / "list.csv"
    codes = [f"CA{one // 10 % 100} {one % 10}A{'BDEFGHJLNP'[one // 1000]}" for one in range(rows)]
    file.write_text("".join(["postcode,eastings,northings\n", *(f"{code},{east},530000\n" for code in codes)]))
    return file


def test_nothing_waits_while_a_list_is_read_and_a_page_saves_between_parts(
    app: Flask, signed_in: Callable[..., FlaskClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, saved, parsed = signed_in("officer"), [], []
    read = postcode_loading.read_postcodes

    def reading(*given: Any) -> Any:
        parsed.append(writing.get() or db.session().in_transaction())
        return read(*given)

    def pausing(seconds: float) -> None:
        if seconds:
            assert not db.session().in_transaction()
            saved.append(client.post("/account/keys", data={"kind": "api", "name": f"Key {len(saved)}", "save": "y"}).status_code)

    monkeypatch.setattr(postcode_loading, "read_postcodes", reading)
    monkeypatch.setattr(postcode_loading.time, "sleep", pausing)
    monkeypatch.setattr(postcode_loading, "FIRST_PART", 200)
    monkeypatch.setattr(postcode_loading, "LARGEST_PART", 400)
    said = app.test_cli_runner().invoke(args=["areas", "postcodes", str(list_of(tmp_path, 990))])
    assert said.output.strip() == "990 postcodes loaded"
    assert parsed == [False]
    assert set(saved) == {200}
    with app.app_context():
        assert len(saved) >= 2
        assert db.session.query(AccessKey).filter(AccessKey.name.like("Key %")).count() == len(saved)
        assert queries.loads()[0].loaded == 990


def test_a_load_that_stops_half_way_does_not_count_and_the_next_one_mends_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(seconds: float) -> None:
        raise KeyboardInterrupt

    with app.app_context():
        prepared = postcode_loading.prepare_postcodes(list_of(tmp_path, 300), place_crs=queries.place_crs())
        monkeypatch.setattr(postcode_loading, "FIRST_PART", 100)
        with monkeypatch.context() as broken:
            broken.setattr(postcode_loading.time, "sleep", stop)
            with pytest.raises(KeyboardInterrupt):
                postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=NOW)
        stopped = db.session.scalars(select(AreaLoad).where(AreaLoad.kind == "postcodes")).one()
        assert (stopped.loaded, len(stopped.warnings)) == (0, 1)
        assert "not finished" in stopped.warnings[0]
        assert postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=NOW) == 300
        assert queries.loads()[0].warnings == []


@pytest.mark.sqlite_only("on PostgreSQL nobody waits but for the same row")
def test_a_page_that_is_only_read_does_not_wait_for_whoever_writes(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("officer")
    with app.app_context():
        with writes_now():
            kept = db.session.scalars(select(SignInSession)).all()
            for one in kept:
                one.seen_at = now() - timedelta(minutes=6)
            before = [one.seen_at for one in kept]
        other = db.engine.connect()
    token = writing.set(True)
    other.begin()
    writing.reset(token)
    try:
        assert client.get("/account").status_code == 200
    finally:
        other.close()
    with app.app_context():
        assert [one.seen_at for one in db.session.scalars(select(SignInSession))] == before
    assert client.get("/account").status_code == 200
    with app.app_context():
        assert [one.seen_at for one in db.session.scalars(select(SignInSession))] != before


def test_a_postcode_that_ended_before_it_began_is_named(context: None, tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    rows = ("CA11 0AB,350000,530000,202001,201901", "CA11 0AD,350000,530000,201901,202001", "CA11 0AE,350000,530000,201901,")
    file.write_text("\n".join(["pcds,oseast1m,osnrth1m,dointr,doterm", *rows]))
    prepared = postcode_loading.prepare_postcodes(file, place_crs="EPSG:27700")
    assert prepared.notes == (
        "1 postcode ended before it began: CA11 0AB. Check its dates, and load the file again if they are wrong",
    )
