"""The application under test, a fresh database for each test, and people signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings, read_settings
from scrutiny.app import create_app
from scrutiny.extensions import db
from tests import cast as the_cast

#: The moment tests stand at, unless they say otherwise: Monday 2 March 2026, half past nine in London.
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an instance of its own: SQLite, files and mail in a folder that goes with the run."""
    folder = tmp_path_factory.mktemp("instance")
    return read_settings(
        {
            "SECRET_KEY": "tests-only-" + "x" * 40,
            "DATABASE_URL": f"sqlite:///{folder / 'test.db'}",
            "FILES_URL": f"file://{folder / 'files'}",
            "MAIL_URL": str(folder / "mail"),
            "PUBLIC_URL": "http://localhost",
            "METHODS_DIR": str(folder / "methods"),
            "MAX_UPLOAD_MB": "5",
        }
    )


@pytest.fixture(scope="session")
def the_app(settings: Settings) -> Flask:
    """One application for the whole run, with a template of its database: the tables and the cast."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.create_all()
        the_cast.write()
        db.session.remove()
        db.engine.dispose()
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    for extra in path.parent.glob(path.name + "-*"):
        extra.unlink()
    shutil.copy(path, path.with_suffix(".template"))
    return app


@pytest.fixture
def app(the_app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application on a fresh copy of the database; nothing a test keeps reaches the next."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    with the_app.app_context():
        db.session.remove()
        db.engine.dispose()
    for extra in path.parent.glob(path.name + "-*"):
        extra.unlink()
    fresh = path.with_suffix(".fresh")
    shutil.copy(path.with_suffix(".template"), fresh)
    # Moved there whole, as a file of its own: a server thread of the test before may still hold the old one open,
    # and SQLite shares its locks by file, not by name.
    fresh.replace(path)
    # The index of points is of the database before, whose newest loading may well have the same number.
    the_app.extensions.pop("areas_index", None)
    shutil.rmtree(path.parent / "mail", ignore_errors=True)
    yield the_app
    with the_app.app_context():
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """The ids of the people, bodies, agencies and areas every test shares: cast.officer, cast.police …"""
    with app.app_context():
        return the_cast.ids()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests of services and queries (never around a client)."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, cast: SimpleNamespace) -> Callable[..., FlaskClient]:
    """A client signed in as one of the cast: signed_in('officer'); `acting_for` names a capacity, body:1."""

    def sign_in(who: str, acting_for: str | None = None) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = the_cast.uniquifier(who)
            session["_fresh"] = True
            session["fs_cc"] = "set"
            if acting_for:
                session["acting_for"] = acting_for
        return client

    return sign_in
