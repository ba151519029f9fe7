"""Loamshire, made once for all tests of the demonstration, in an instance of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from config.settings import read_settings
from scrutiny.app import create_app
from scrutiny.demo.making import make
from scrutiny.extensions import db
from tests.conftest import leaves_nothing
from tests.databases import Databases


@pytest.fixture(scope="session")
def loamshire(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Flask:
    """The demonstration as made this very moment; tests only read it."""
    folder = tmp_path_factory.mktemp("loamshire")
    app = create_app(
        read_settings(
            {
                "SECRET_KEY": "tests-only-" + "x" * 40,
                "DATABASE_URL": databases.new(folder, "demo"),
                "FILES_URL": f"file://{folder / 'files'}",
                "MAIL_URL": str(folder / "mail"),
                "PUBLIC_URL": "http://localhost",
                "METHODS_DIR": str(folder / "methods"),
                "DEMO": "1",
            }
        )
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.after_request(leaves_nothing)
    with app.app_context():
        db.create_all()
        app.extensions["told"] = make(datetime.now(UTC))
        db.session.remove()
    return app
