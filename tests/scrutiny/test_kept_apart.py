"""What keeps an instance to itself: its cookie, its headers, and the modes of its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import read_settings
from scrutiny.app import create_app


def instance(folder: Path, **settings: str) -> Flask:
    """An instance of its own."""
    database = f"sqlite:///{folder / 'kept' / 'scrutiny.db'}"
    return create_app(
        read_settings({"SECRET_KEY": "x" * 40, "DATABASE_URL": database, "FILES_URL": f"file://{folder}/files"} | settings)
    )


def test_the_cookie_on_https_is_kept_to_this_host_by_the_browser_itself(tmp_path: Path) -> None:
    app = instance(tmp_path, PUBLIC_URL="https://scrutiny.example.gov.uk")
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-area_scrutiny"
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_PATH"] == "/"
    assert app.config["SESSION_COOKIE_DOMAIN"] is None, "a browser refuses __Host- with a domain"
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.config["SESSION_COOKIE_HTTPONLY"]


def test_on_http_the_cookie_has_the_plain_name_a_browser_would_take(tmp_path: Path) -> None:
    app = instance(tmp_path, PUBLIC_URL="http://localhost:8000")
    assert (app.config["SESSION_COOKIE_NAME"], app.config["SESSION_COOKIE_SECURE"]) == ("area_scrutiny", False)


@pytest.mark.parametrize("path", ["/sign-in", "/health/live", "/not/there", "/api/v1/methods"])
def test_every_answer_gives_up_what_no_page_uses(client: FlaskClient, path: str) -> None:
    policy = client.get(path).headers["Permissions-Policy"]
    assert all(f"{name}=()" in policy for name in ("camera", "microphone", "geolocation", "payment", "usb"))
    assert "publickey-credentials-get=(self)" in policy, "our own pages ask for passkeys"


def test_a_database_is_for_its_owner_alone_new_or_old(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "scrutiny.db"
    instance(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    beside = path.with_name("scrutiny.db-wal")
    for file in (path, beside):
        file.touch()
        file.chmod(0o644)
    instance(tmp_path)
    assert [file.stat().st_mode & 0o077 for file in (path, beside)] == [0, 0]
