"""Migrations are numbered, go both ways, and end where the models stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from flask_security import AsaList
from sqlalchemy import inspect

from config.settings import Settings, read_settings
from scrutiny.app import create_app
from scrutiny.extensions import Json, Moment, db
from tests.databases import Databases

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def test_migrations_are_numbered_without_gaps() -> None:
    """0001, 0002 …, each following the one before."""
    files = sorted(p.name for p in VERSIONS.glob("*.py"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for number, name in enumerate(files, 1):
        text = (VERSIONS / name).read_text(encoding="utf-8")
        before = re.search(r"^down_revision = (.*)$", text, re.MULTILINE)
        assert before is not None
        assert before.group(1).strip("'\"") == (f"{number - 1:04d}" if number > 1 else "None")


def _compared(*given: Any) -> bool | None:
    """Our own column types are what they are underneath; others are compared as usual."""
    return False if isinstance(given[4], Json | Moment | AsaList) else None


def _settings(databases: Databases, folder: Path) -> Settings:
    """An instance with a new database."""
    return read_settings({"SECRET_KEY": "x" * 40, "DATABASE_URL": databases.new(folder, "m"), "FILES_URL": f"file://{folder}/f"})


def test_migrations_go_up_down_and_up_again_and_equal_the_models(databases: Databases, tmp_path: Path) -> None:
    """From nothing to now, back to nothing, and to now again; then nothing is left to migrate."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": _compared, "render_as_batch": True})
            assert compare_metadata(context, db.metadata) == []
