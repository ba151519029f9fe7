"""Citing in two clicks, in headless Chromium: select, *Cite*; and no fault that axe-core can find."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Playwright
from werkzeug.serving import make_server

from scrutiny.findings import queries
from scrutiny.transaction import commit
from tests.scrutiny.findings.conftest import a_pdf, a_workbook, file_named, make_scene

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing (apt-get install chromium)")]


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A review with an answer, a PDF and a workbook, and one draft finding."""
    with app.app_context():
        scene = make_scene(cast)
        lodging = scene.lodged(files={"minutes.pdf": a_pdf("Three children in ten"), "cases.xlsx": a_workbook()})
        scene.drafted("Ours")
        commit()
        ids = {name.split(".")[0]: file_named(lodging, name).id for name in ("minutes.pdf", "cases.xlsx")}
        return SimpleNamespace(at=f"/reviews/{scene.review.reference}", review=scene.review.id, lodging=lodging.id, **ids)


@pytest.fixture
def page_of(app: Flask, sent: SimpleNamespace, signed_in: Callable[..., FlaskClient], playwright: Playwright) -> Iterator[Page]:
    """A page of a browser in which the lead inspector is signed in."""
    server, name = make_server("127.0.0.1", 0, app, threaded=True), app.config["SESSION_COOKIE_NAME"]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cookie = signed_in("lead_inspector").get_cookie(name)
    assert cookie is not None
    address = f"http://127.0.0.1:{server.port}"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    visit = browser.new_context(base_url=address)
    visit.set_default_timeout(10_000)
    visit.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    yield visit.new_page()
    browser.close()
    server.shutdown()


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong."""
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]


def test_words_of_a_page_are_cited_in_two_clicks(app: Flask, sent: SimpleNamespace, page_of: Page) -> None:
    page_of.goto(f"{sent.at}/read/{sent.lodging}?file={sent.minutes}")
    words = page_of.locator(".scrutiny-page__words tspan")
    first, last = words.first.bounding_box(), words.last.bounding_box()
    assert first
    assert last
    page_of.mouse.move(first["x"] + 2, first["y"] + first["height"] / 2)
    page_of.mouse.down()
    page_of.mouse.move(last["x"] + last["width"] - 4, last["y"] + last["height"] / 2, steps=5)
    page_of.mouse.up()
    assert page_of.input_value("[name=quotation]") == "Three children in ten"
    assert page_of.input_value("[name=page]") == "1"
    assert faults(page_of) == []
    page_of.click("button[name=cite]")
    page_of.wait_for_selector("text=Cited in finding 1")
    with app.app_context():
        made = queries.finding_by_number(sent.review, 1).citations[0]
        assert (made.quotation, made.page, made.by_eye) == ("Three children in ten", 1, False)


def test_a_cell_is_cited_in_two_clicks(app: Flask, sent: SimpleNamespace, page_of: Page) -> None:
    page_of.goto(f"{sent.at}/read/{sent.lodging}?file={sent.cases}")
    page_of.click("[data-cell='Cases!B2']")
    assert page_of.input_value("[name=quotation]") == "1204"
    assert page_of.input_value("[name=cell]") == "Cases!B2"
    assert faults(page_of) == []
    page_of.click("button[name=cite]")
    page_of.wait_for_selector("text=Cited in finding 1")
    with app.app_context():
        assert queries.finding_by_number(sent.review, 1).citations[0].cell == "Cases!B2"


def test_words_of_the_answer_are_selected(sent: SimpleNamespace, page_of: Page) -> None:
    page_of.goto(f"{sent.at}/read/{sent.lodging}")
    page_of.click("text=We found 12 patterns", click_count=3)
    assert page_of.input_value("[name=quotation]") == "We found 12 patterns in 1,204 cases."


def test_no_page_of_findings_has_a_fault(sent: SimpleNamespace, page_of: Page) -> None:
    for path in ("findings", "findings/1", "findings/new", "evidence", "notes", "accuracy", "pack"):
        page_of.goto(f"{sent.at}/{path}")
        assert faults(page_of) == [], path
        page_of.set_viewport_size({"width": 320, "height": 640})
        assert page_of.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page_of.set_viewport_size({"width": 1280, "height": 720})


def test_the_title_of_a_new_finding_is_asked_only_for_a_new_finding(sent: SimpleNamespace, page_of: Page) -> None:
    page_of.goto(f"{sent.at}/read/{sent.lodging}")
    assert not page_of.is_visible("[name=title]")
    button = page_of.locator("button[name=cite]").bounding_box()
    page_of.select_option("[name=finding]", "new")
    assert page_of.is_visible("[name=title]")
    assert button
    assert button["y"] + button["height"] < 1000
