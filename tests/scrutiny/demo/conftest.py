"""Loamshire, made once for all tests of the demonstration, in an instance of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import read_settings
from scrutiny.app import create_app
from scrutiny.demo.making import make
from scrutiny.extensions import db
from tests.conftest import leaves_nothing
from tests.databases import Databases
from tests.scrutiny.demo.every_page import Walked, pages_of
from tests.scrutiny.demo.test_crawl import signed_in


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
        db.engine.dispose()
    databases.keep_template(app.config["SETTINGS"].database_url)
    return app


@pytest.fixture(scope="session")
def walked(loamshire: Flask) -> Walked:
    """Somebody of the demonstration, signed in, and every page that links lead them to; each walks once in a run."""

    @cache
    def walk(name: str) -> tuple[FlaskClient, dict[str, str]]:
        client = signed_in(loamshire, name)
        return client, pages_of(loamshire, client)

    return walk


@pytest.fixture
def printed(loamshire: Flask, tmp_path: Path):
    """Print a report again by the command; its text without running heads, all space gone."""

    def pdf(reference: str) -> str:
        path = tmp_path / "report.pdf"
        result = loamshire.test_cli_runner().invoke(args=["reports", "print", reference, "--to", str(path)])
        assert result.exit_code == 0, result.output
        pages = [page.get_textpage().get_text_range().splitlines() for page in pypdfium2.PdfDocument(path)]
        # What stands in the margins is read last: the foot, and above it the head, which the first page has not.
        inner = [page[: -2 if number else -1] for number, page in enumerate(pages)]
        # The marks of lists are read after the text of their page, which may go on overleaf.
        numbered = re.compile(r"\s*(•|\d+\.?( of \d+)?)\s*")
        kept = [line for page in inner for line in page if not numbered.fullmatch(line)]
        return re.sub(r"\s|\ufffe|\xad", "", "".join(kept))

    return pdf
