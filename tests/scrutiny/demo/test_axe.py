"""Every page of the demonstration, as four people see it in headless Chromium: neither axe-core nor the browser finds a fault.

The pages are those that links lead to, one address for each endpoint and person; one that is built like a page gone over
already is opened and not gone over again, and the administrator opens those alone to which nobody before was led (`make proof`:
all of them).
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

from tests.browser.visitor import LOADING, SHAPE
from tests.scrutiny.demo.every_page import READERS, Walked

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.sqlite_only("a page looks the same on both, and so does the demonstration"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing (apt-get install chromium)"),
]
#: Those whose pages are built differently.
WHO = ("anybody", "a scrutiny officer", "a responder", "the administrator")
#: With whether they open again what somebody before opened.
IN_TURN = [
    *(pytest.param(who, who != "the administrator", id=who) for who in WHO),
    pytest.param("the administrator", True, id="the administrator, every page", marks=[pytest.mark.proof]),
]


@pytest.fixture(scope="module")
def address(loamshire: Flask) -> Iterator[str]:
    """Where the demonstration is served."""
    server = make_server("127.0.0.1", 0, loamshire, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for everybody; each has a visit of their own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def gone_over() -> set[str]:
    """The shapes of pages that axe-core has been over."""
    return set()


@pytest.fixture(scope="module")
def opened() -> set[str]:
    """The endpoints whose page somebody has opened."""
    return set()


def faults_of(page: Page, path: str, gone_over: set[str]) -> list[str]:
    """What axe-core finds wrong with a page, unless it has been over one that is built so."""
    shape = re.sub(r"[\w-]*\d[\w-]*", "0", path.partition("?")[0]) + str(page.evaluate(SHAPE))
    if shape in gone_over:
        return []
    gone_over.add(shape)
    found = Axe().run(page).response["violations"]
    return [f"{path}: {one['id']}: {node['html'][:300]}" for one in found for node in one["nodes"][:3]]


@pytest.mark.parametrize(("who", "again"), IN_TURN)
def test_axe_finds_nothing_on_any_page_of(
    who: str,
    again: bool,
    loamshire: Flask,
    walked: Walked,
    address: str,
    chromium: Browser,
    gone_over: set[str],
    opened: set[str],
) -> None:
    name, least = READERS[who]
    client, pages = walked(name)
    assert len(pages) >= least, sorted(pages)
    visit = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    visit.set_default_timeout(15_000)
    cookie = client.get_cookie(loamshire.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        visit.add_cookies([{"name": loamshire.config["SESSION_COOKIE_NAME"], "value": cookie.value, "url": address}])
    page, wrong = visit.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for path in [path for endpoint, path in pages.items() if again or endpoint not in opened]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += faults_of(page, path, gone_over)
    visit.close()
    opened |= pages.keys()
    print(f"\n{who}: {len(pages)} pages; {len(gone_over)} shapes so far")
    assert [one for one in wrong if not LOADING.search(one)] == []
