"""Signing in as people do, and the page that shows where they are signed in, in a real browser, wide and narrow."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_security import hash_password
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from scrutiny.accounts import queries
from scrutiny.accounts.limits import LINKS
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work.limits import may_try

pytestmark = pytest.mark.browser
PASSWORD = "three quiet brown herons"
SIZES = {"wide": (1280, 900), "narrow": (375, 800)}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium where there is one."""
    own = shutil.which("chromium")
    return browser_type_launch_args | ({"executable_path": own, "args": ["--no-sandbox"]} if own else {})


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application served on a port of its own."""
    server = make_server("localhost", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def link_for(app: Flask) -> str:
    """The newest link in the officer's letter-box."""
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "sign_in").order_by(Letter.id.desc())).first()
        assert letter is not None
        return f"/sign-in/link/{unseal(letter.sealed or b'', app.config['SECRET_KEY'])}"


def by_link(app: Flask, page: Page, address: str) -> None:
    """Ask for a link and open it."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "officer@example.org")
    page.click("text=Send me a link")
    page.wait_for_url("**/sign-in/sent")
    page.goto(address + link_for(app))
    page.click("text=Sign in as")
    page.wait_for_load_state()


def is_within(page: Page) -> bool:
    """Whether nothing stands out of the page at its side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", SIZES)
def test_a_session_on_another_device_is_seen_and_ended(app: Flask, browser: Browser, address: str, size: str) -> None:
    width, height = SIZES[size]
    here = browser.new_context(viewport={"width": width, "height": height}).new_page()
    there = browser.new_context().new_page()
    by_link(app, here, address)
    by_link(app, there, address)
    here.goto(f"{address}/account")
    assert is_within(here)
    devices = here.locator(".scrutiny-devices")
    assert "This device" in devices.inner_text()
    other = devices.locator(".govuk-summary-list__row").filter(has_text="Chrome on").filter(has_not_text="This device").first
    if os.environ.get("PICTURES"):
        here.screenshot(path=f"{os.environ['PICTURES']}/devices-{size}.png", full_page=True)
    other.get_by_role("button", name="End").click()
    here.wait_for_load_state()
    assert "You are signed out on that device" in here.inner_text("body")
    there.goto(f"{address}/account")
    assert "/sign-in" in there.url
    here.check("input[name=keys_too]")
    here.click("text=Sign out everywhere")
    here.wait_for_url("**/sign-in")
    assert "You are signed out everywhere" in here.inner_text("body")


def test_a_password_and_a_code_sign_in(app: Flask, browser: Browser, address: str, cast: SimpleNamespace) -> None:
    factory = app.extensions["security"].totp_factory
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.password = hash_password(PASSWORD)
        person.tf_primary_method, person.tf_totp_secret = "authenticator", factory.generate_totp_secret()
        key = factory.get_totp_b32_key(person.tf_totp_secret)
    page = browser.new_context(viewport={"width": 375, "height": 800}).new_page()
    page.goto(f"{address}/sign-in/password?next=/account")
    page.fill("input[name=email]", "officer@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main button", has_text="Sign in").first.click()
    page.wait_for_url("**/sign-in/code**")
    assert is_within(page)
    page.fill("input[name=code]", TOTP(key=key).generate().token)
    page.locator("main button", has_text="Sign in").first.click()
    page.wait_for_url("**/account")
    assert "By a code from your app." in page.locator(".scrutiny-devices").inner_text()


def test_a_browser_solves_a_puzzle_and_is_let_in(app: Flask, cast: SimpleNamespace, browser: Browser, address: str) -> None:
    """Where its network has used up what it may send."""
    with app.app_context(), writes_now():
        for _ in range(LINKS.of_network):
            may_try(LINKS, "", "127.0.0.1", at=datetime.now(UTC))
    page = browser.new_context(viewport={"width": 375, "height": 800}).new_page()
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "officer@example.org")
    page.click("text=Send me a link")
    page.get_by_text("Done. You can send this again now.").wait_for(timeout=60_000)
    assert page.input_value("input[name=email]") == "officer@example.org"
    page.click("text=Send me a link")
    page.wait_for_url("**/sign-in/sent")
