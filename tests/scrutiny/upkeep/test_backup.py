"""A backup holds every row and file, and goes back into an empty database whole, or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from config.settings import read_settings
from scrutiny.adapters import fitted
from scrutiny.app import create_app
from scrutiny.audit import queries as audit
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.upkeep import backup
from tests.conftest import NOW
from tests.databases import Databases
from tests.scrutiny.reports.story import RELEASE, scheduled
from workflows.refusals import Refused


def _counts() -> dict[str, int]:
    """Rows by table."""
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in db.metadata.sorted_tables}


@pytest.fixture
def made(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> tuple[Path, dict[str, int], str]:
    """A backup of an instance with a released report; its counts, and the digest of the printed file."""
    path = tmp_path / "backup.zip"
    with app.app_context():
        db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        db.session.execute(text("DELETE FROM alembic_version"))
        db.session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": _head()})
        db.session.commit()
        edition = scheduled(cast)
        jobs.release_reports(at=RELEASE)
        counts, pdf = _counts(), edition.files[0].sha256
        backup.back_up(path, at=NOW, by="operator")
    return path, counts, pdf


def _head() -> str:
    """The number of the newest migration."""
    versions = Path(__file__).resolve().parents[3] / "migrations" / "versions"
    return max(p.name[:4] for p in versions.glob("*.py"))


@pytest.fixture
def empty(tmp_path: Path, databases: Databases) -> Iterator[Flask]:
    """A new instance, migrated and empty."""
    url = databases.new(tmp_path, "new")
    settings = read_settings({"SECRET_KEY": "y" * 40, "DATABASE_URL": url, "FILES_URL": f"file://{tmp_path / 'new'}"})
    app = create_app(settings)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()


def test_everything_goes_back_and_the_trail_is_whole(made: tuple[Path, dict[str, int], str], empty: Flask) -> None:
    """Rows, files, and the audit trail against the backup's own record of its end."""
    path, counts, pdf = made
    manifest = backup.restore(path)
    assert _counts() == counts
    assert fitted.files().read(pdf).startswith(b"%PDF")
    anchor = (manifest["audit"]["number"], manifest["audit"]["digest"])
    assert audit.faults_found(anchor) == []


def test_a_database_with_rows_is_not_overwritten(made: tuple[Path, dict[str, int], str], app: Flask) -> None:
    """It says so, and changes nothing."""
    path, _, _ = made
    with app.app_context():
        before = _counts()
        with pytest.raises(Refused, match="is not empty"):
            backup.restore(path)
        assert _counts() == before


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
        backup.restore(path)
    assert _counts()["person"] == 0


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
