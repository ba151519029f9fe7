"""A backup holds every row and file, and goes back into an empty database whole, or not at all."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from config.settings import Settings, read_settings
from scrutiny.accounts.models import Person
from scrutiny.adapters import fitted
from scrutiny.adapters.files import FileStore
from scrutiny.app import create_app
from scrutiny.audit import queries as audit
from scrutiny.extensions import db
from scrutiny.stored_files import stored
from scrutiny.stored_files.jobs import check_files
from scrutiny.upkeep import backup, queries, restoring
from scrutiny.upkeep.models import BackupMade, JobRun
from tests.conftest import NOW
from tests.databases import Databases
from tests.scrutiny.upkeep.conftest import counts_now
from workflows.refusals import Refused


def test_everything_goes_back_and_the_trail_is_whole(made: tuple[Path, dict[str, int], str], empty: Flask) -> None:
    """Rows, files, and the audit trail against the backup's own record of its end."""
    path, counts, pdf = made
    manifest = restoring.restore(path)
    assert counts_now() == counts
    assert db.session.scalar(text("SELECT count(*) FROM sign_in_session")) == 0, "nobody is signed in by a backup"
    assert path.stat().st_mode & 0o077 == 0, "and nobody but its owner reads it"
    assert fitted.files().read(pdf).startswith(b"%PDF")
    anchor = (manifest["audit"]["number"], manifest["audit"]["digest"])
    assert audit.faults_found(anchor) == []


def test_a_database_with_rows_is_not_overwritten(made: tuple[Path, dict[str, int], str], app: Flask) -> None:
    """It says so, and changes nothing."""
    path, _, _ = made
    with app.app_context():
        before = counts_now()
        with pytest.raises(Refused, match="is not empty"):
            restoring.restore(path)
        assert counts_now() == before


@pytest.mark.parametrize("fault", ["not a zip", "cut", "file changed"])
def test_a_damaged_backup_is_refused_whole(made: tuple[Path, dict[str, int], str], empty: Flask, fault: str) -> None:
    """Nothing of it is stored."""
    path, _, pdf = made
    if fault == "not a zip":
        path.write_bytes(b"hello")
    elif fault == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    else:
        _change(path, f"files/{pdf}")
    with pytest.raises(Refused):
        restoring.restore(path)
    assert counts_now()["person"] == 0


def _change(path: Path, name: str) -> None:
    """The same zip with one member's bytes changed."""
    with zipfile.ZipFile(path) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for member, content in members.items():
            new.writestr(member, b"%PDF-forged" if member == name else content)


def test_the_trail_is_verified_against_the_backup_itself(made: tuple[Path, dict[str, int], str], app: Flask) -> None:
    """`flask audit verify --against backup.zip`; a file that is neither says so."""
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify", "--against", str(made[0])]).exit_code == 0
    other = made[0].with_name("other.txt")
    other.write_text("hello")
    said = runner.invoke(args=["audit", "verify", "--against", str(other)])
    assert said.exit_code == 1
    assert "does not record where the trail ended" in said.output


def test_an_instance_without_tables_is_told_what_to_do(
    made: tuple[Path, dict[str, int], str], databases: Databases, tmp_path: Path
) -> None:
    """Restoring, or any other command, before the tables are made ends in a sentence, not in a fault."""
    url = databases.new(tmp_path, "bare")
    bare = create_app(read_settings({"SECRET_KEY": "k" * 40, "DATABASE_URL": url, "FILES_URL": f"file://{tmp_path / 'none'}"}))
    for command in (["restore", str(made[0])], ["audit", "verify"], ["areas", "show", "E07999001"]):
        result = bare.test_cli_runner().invoke(args=command)
        assert result.exit_code == 1, command
        assert "flask db upgrade" in result.output, command


@pytest.mark.parametrize("fault", ["damaged", "missing"])
def test_one_bad_file_stops_no_backup_of_the_rest(
    made: tuple[Path, dict[str, int], str], app: Flask, settings: Settings, tmp_path: Path, databases: Databases, fault: str
) -> None:
    """One byte changed, or a file gone: everything else is backed up and can be restored, the file is named, exit 1."""
    pdf = made[2]
    place = Path(settings.files_url.removeprefix("file://")) / pdf[:2] / pdf[2:4] / pdf
    whole = place.read_bytes()
    try:
        if fault == "damaged":
            place.write_bytes(whole.replace(b"PDF", b"PDE", 1))
        else:
            place.unlink()
        path = tmp_path / "tonight.zip"
        said = app.test_cli_runner().invoke(args=["backup", str(path)])
        assert said.exit_code == 1
        assert f"NOT BACKED UP, {fault}: edition 1 of report" in said.output
        assert pdf[:16] in said.output
        assert list(tmp_path.glob("*.part")) == []
        with app.app_context():
            assert [(row.sha256, row.fault) for row in stored.faulty()] == [(pdf, fault)]
            assert any(fault in sentence for sentence in queries.machine_warnings(NOW))
        client = app.test_client()
        assert any(pdf[:12] in sentence for sentence in client.get("/health/ready").get_json()["warnings"])
        with zipfile.ZipFile(path) as bundle, zipfile.ZipFile(made[0]) as before:
            assert set(before.namelist()) - set(bundle.namelist()) == {f"files/{pdf}"}
        url = databases.new(tmp_path, "new")
        other = create_app(read_settings({"SECRET_KEY": "y" * 40, "DATABASE_URL": url, "FILES_URL": f"file://{tmp_path / 'f'}"}))
        with other.app_context():
            upgrade()
            assert restoring.restore(path)["left_out"] == {pdf: fault}
            check_files(at=NOW)
            assert [(row.sha256, row.fault) for row in stored.faulty()] == [(pdf, "missing")]
            db.session.remove()
        with app.app_context():
            fitted.files().keep(whole)
            check_files(at=NOW)
            assert stored.faulty() == []
    finally:
        place.write_bytes(whole)
    path.unlink()
    assert app.test_cli_runner().invoke(args=["backup", str(path)]).exit_code == 0


def test_a_backup_that_is_broken_off_leaves_nothing(context: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A disk that fills up while the backup is written: no half of it stays."""
    monkeypatch.setattr(backup, "_write_rows", _full)
    with pytest.raises(Refused, match="No space"):
        backup.back_up(tmp_path / "tonight.zip", at=NOW, by="operator")
    assert list(tmp_path.iterdir()) == []


def _full(*_: object) -> int:
    """What a full disk says."""
    raise OSError(28, "No space left on device")


def test_an_instance_that_cannot_write_is_not_ready(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: rows cannot be written, or files cannot be kept; either takes the instance out of service."""
    client = app.test_client()

    def ready() -> int:
        app.extensions.pop("ready", None)
        return client.get("/health/ready").status_code

    with app.app_context():
        db.session.add(JobRun(name="sweep", started_at=datetime.now(UTC), ended_at=datetime.now(UTC)))
        db.session.commit()
    assert ready() == 200
    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", _full_database)
        assert ready() == 503
    assert ready() == 200
    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "keep", _full)
        assert ready() == 503
    assert ready() == 200


def test_a_look_counts_only_once_it_has_ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks during the first look waits for it; a look that failed leaves the next one to look again."""
    begun, end, looks = Event(), Event(), []

    def look(*_: object, **__: object) -> list[str]:
        looks.append(len(looks))
        begun.set()
        assert end.wait(10)
        if len(looks) == 1:
            raise OSError("the first look fails")
        return ["a fault"]

    def ask() -> int:
        return app.test_client().get("/health/ready").status_code

    app.extensions.pop("ready", None)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(queries, "not_ready", look)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask)
        assert begun.wait(10)
        second = pool.submit(ask)
        with pytest.raises(TimeoutError):
            second.result(0.3)
        end.set()
        assert (first.result(10), second.result(10)) == (500, 503)
    assert ask() == 503
    assert len(looks) == 2, "what was found counts for five seconds"
    app.extensions.pop("ready", None)


def _full_database() -> None:
    """What SQLite says of a full disk."""
    raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))


def test_administrators_are_told_where_they_work(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    """A backup that is out of date is said on Administration and, to whoever has other work too, on My work."""
    with app.app_context():
        assert "No backup" in queries.machine_warnings(NOW)[0]
        made = BackupMade(file_name="b.zip", size=1, files=0, audit_number=0, audit_digest="", made_by="operator", made_at=NOW)
        db.session.add(made)
        db.session.commit()
        assert queries.machine_warnings(NOW + timedelta(days=1)) == []
        assert "3 days old" in queries.machine_warnings(NOW + timedelta(days=3))[0]
        person = db.session.scalars(select(Person).order_by(Person.id)).first()
        assert person is not None
        person.administrator = True
        db.session.commit()
    told = "The last backup is"
    assert told in signed_in("officer").get("/administration").get_data(as_text=True)
    assert told in signed_in("officer").get("/inbox").get_data(as_text=True)
    assert told not in signed_in("responder").get("/inbox").get_data(as_text=True)
