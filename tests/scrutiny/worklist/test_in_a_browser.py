"""What scripts and style add to pages, in headless Chromium: wide tables say so, and a lost line claims to know nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Playwright, Route
from sqlalchemy import select
from werkzeug.serving import make_server

from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing (apt-get install chromium)")]
#: Each window of a table: whether more of it is out of sight than shown, and whether a line that can be seen says so.
WINDOWS = """() => [...document.querySelectorAll(".scrutiny-scroll")].filter(part => part.getClientRects().length)
  .map(part => [part.getAttribute("aria-label"), part.scrollWidth > part.clientWidth + 1,
    part.previousElementSibling.matches(".scrutiny-scroll__hint") && part.previousElementSibling.getClientRects().length > 0])"""
#: The words of column headings that stand on more than one line.
BROKEN = r"""() => [...document.querySelectorAll("thead th")].flatMap(head => {
  const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT), broken = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const word of text.textContent.matchAll(/\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(part => Math.round(part.top))).size > 1) broken.push(word[0]);
    }
  return broken;
})"""


@pytest.fixture
def chromium(app: Flask, asked: SimpleNamespace, playwright: Playwright) -> Iterator[tuple[Browser, str]]:
    """A browser and the address at which the application answers it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser, f"http://127.0.0.1:{server.port}"
    browser.close()
    server.shutdown()


@pytest.fixture
def page_of(app: Flask, chromium: tuple[Browser, str], signed_in: Callable[..., FlaskClient]) -> Callable[[str], Page]:
    """A page of a browser in which somebody of the cast is signed in."""
    browser, address = chromium

    def page_of(who: str) -> Page:
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = signed_in(who).get_cookie(name)
        assert cookie is not None
        visit: Any = browser.new_context(base_url=address)
        visit.set_default_timeout(10_000)
        visit.add_cookies([{"name": name, "value": cookie.value, "url": address}])
        page: Page = visit.new_page()
        return page

    return page_of


def test_a_table_wider_than_its_place_says_so_and_no_heading_breaks(
    asked: SimpleNamespace, page_of: Callable[[str], Page]
) -> None:
    page, at = page_of("officer"), f"/reviews/{asked.reference}"
    wide = set()
    for width in (1280, 1000, 700):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/matrix", "/requests/P01", "/requests/P01/1", "/history", "/pack", "/people", "/report"):
            page.goto(at + path)
            page.wait_for_timeout(50)
            for label, more, said in page.evaluate(WINDOWS):
                assert more == said, (width, path, label)
                wide |= {(width, path)} if more else set()
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
            assert page.evaluate(BROKEN) == [], (width, path)
    assert (700, "/matrix") in wide
    page.set_viewport_size({"width": 3000, "height": 900})
    page.goto(f"{at}/matrix")
    assert [more or said for _, more, said in page.evaluate(WINDOWS)] == [False], "as wide as it wants to be"


def test_a_question_fits_a_phone_whatever_its_files_are_called(
    app: Flask, cast: SimpleNamespace, asked: SimpleNamespace, page_of: Callable[[str], Page]
) -> None:
    """A name of 120 characters made the page 1,275 pixels wide, and what to do in place of an answer stood 3,237 down it."""
    with app.app_context():
        item = db.session.get_one(EvidenceRequest, asked.requests[cast.fire]).items[0].id
    page = page_of("fire_responder")
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"/answering/items/{item}")
    for name in ("Another agency holds this", "We do not hold this", "Ask for more time", "Ask what is meant"):
        link = page.get_by_role("link", name=name).bounding_box()
        assert link is not None
        assert link["y"] < 800, name
    assert not page.locator("[name=exempt_ground]").is_visible()
    page.get_by_label("The bodies of this review, but not the public").check()
    page.fill("[name=exempt_ground]", "P" * 120)
    name = "n" * 116 + ".txt"
    page.set_input_files("[name=files]", {"name": name, "mimeType": "text/plain", "buffer": b"Words"})
    page.get_by_role("button", name="Save and come back later").click()
    page.wait_for_url("**/answering/*")
    for address in (f"{page.url}/check", f"/answering/items/{item}"):
        page.goto(address)
        assert name in (page.text_content("main") or "")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, address


@pytest.mark.parametrize("arrives", [True, False])
def test_where_the_line_breaks_nobody_claims_that_nothing_arrived(
    app: Flask,
    cast: SimpleNamespace,
    asked: SimpleNamespace,
    page_of: Callable[[str], Page],
    monkeypatch: pytest.MonkeyPatch,
    arrives: bool,
) -> None:
    """Cut on the way back the words have arrived, cut on the way there they have not: the page cannot tell, and says so."""
    with app.app_context():
        request = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.id == asked.requests[cast.fire])).one()
        address, request_id = f"/answering/{request.id}/question", request.id
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # words are kept by the token of a form
    page = page_of("fire_responder")
    page.goto(address)
    page.fill("[name=text]", "Which year is meant?")

    def cut(route: Route) -> None:
        if route.request.method == "POST" and route.request.url.endswith(address):
            if arrives:
                route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/*", cut)
    page.get_by_role("button", name="Send").first.click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/*")
    page.go_back()
    page.goto(address)
    said = page.locator(".scrutiny-kept").text_content() or ""
    assert "may or may not have arrived" in said
    assert "Look first whether it has been saved or sent" in said
    assert "did not arrive" not in said
    assert page.input_value("[name=text]") == "Which year is meant?"
    page.goto(f"/answering/{request_id}")
    assert ("Which year is meant?" in (page.text_content("main") or "")) is arrives
