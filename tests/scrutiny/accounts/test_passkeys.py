"""A passkey made and used in a real browser, with a device that Chromium imitates."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests import cast as the_cast

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium where there is one."""
    own = shutil.which("chromium")
    return browser_type_launch_args | ({"executable_path": own, "args": ["--no-sandbox"]} if own else {})


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application served on a port of its own; browsers give passkeys to localhost without https."""
    server = make_server("localhost", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def test_a_passkey_signs_its_owner_in_with_nothing_else(app: Flask, browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()  # `context` of our conftest hides Playwright's own, and `page` with it
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    cookie = _session_cookie(app)
    page.context.add_cookies([{"name": "area_scrutiny", "value": cookie, "url": address}])
    page.goto(f"{address}/account/passkeys")
    page.fill("input[name=name]", "Office laptop")
    page.check("input[value=first]")
    page.click("text=Add a passkey")
    page.wait_for_url("**/account")
    assert "The passkey Office laptop has been added" in page.inner_text("main")
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in/passkey?next=/account")
    page.click("text=Use my passkey")
    page.wait_for_url("**/account")
    assert "Olwen Price" in page.inner_text("main")


def _session_cookie(app: Flask) -> str:
    """The cookie of somebody who has just signed in."""
    client = app.test_client()
    the_cast.sign_in(app, client, the_cast.uniquifier("officer"), fs_paa=time.time())
    kept = client.get_cookie("area_scrutiny")
    assert kept is not None
    return kept.value
