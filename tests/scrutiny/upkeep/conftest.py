"""An instance that was backed up, and an empty one to restore into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from config.settings import read_settings
from scrutiny.app import create_app
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.upkeep import backup
from tests.conftest import NOW
from tests.databases import Databases
from tests.scrutiny.reports.story import RELEASE, scheduled


def counts_now() -> dict[str, int]:
    """Rows by table."""
    kept = [table for table in db.metadata.sorted_tables if table.name not in backup.MOMENTARY]
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in kept}


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
        counts, pdf = counts_now(), edition.files[0].sha256
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
