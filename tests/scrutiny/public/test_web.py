"""Search engines, feed readers, other sites' scripts and whoever shares a link find what is public, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import transaction
from scrutiny.editions import recalling
from scrutiny.editions.queries import report_called
from tests.scrutiny.public.test_report import release
from tests.scrutiny.reports.story import RELEASE
from tests.scrutiny.reviews.acting import acting

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def released(as_built: Callable[..., str]) -> str:
    """A report that is out: its reference."""
    return as_built(release)


def test_engines_may_list_what_is_open_and_no_form(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    closed = re.findall(r"Disallow: (\S+)", answer.text)
    patterns = [re.compile(re.escape(one).replace(r"\*", ".*").replace(r"\$", "$")) for one in closed]

    def may(path: str) -> bool:
        return not any(pattern.match(path) for pattern in patterns)

    open_pages = ("/", "/reports", "/reports/R-2026-001", "/places/E07900001", "/methods/jtai", "/about/R-2026-001", "/data")
    assert [path for path in open_pages if not may(path)] == []
    shut = ("/sign-in", "/account", "/administration/boundaries", "/inbox", "/places/E07900001/alert", "/reports/R-1/error")
    assert [path for path in shut if may(path)] == []
    assert re.search(r"Sitemap: https?://\S+/sitemap.xml", answer.text)


def test_the_map_of_the_site_holds_reports_and_their_places_once_they_are_out(client: FlaskClient, released: str) -> None:
    pages = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get("/sitemap.xml").text)
    assert f"/reports/{released}" in pages
    assert "/methods/jtai" in pages
    assert len([page for page in pages if page.startswith("/places/")]) == 1
    assert [page for page in pages if client.get(page).status_code != 200] == []


def test_the_feed_tells_of_reports_and_of_their_withdrawal(app: Flask, client: FlaskClient, released: str) -> None:
    def entries() -> list[ElementTree.Element]:
        return ElementTree.fromstring(client.get("/reports.atom").data).findall(f"{ATOM}entry")

    (entry,) = entries()
    assert entry.find(f"{ATOM}link").attrib["href"].endswith(f"/reports/{released}")
    title = entry.find(f"{ATOM}title").text
    assert title in unescape(client.get(f"/reports/{released}").text)
    with app.app_context(), transaction.writes_now():
        recalling.recall(report_called(released), "A wrong table", by=acting("officer"), at=RELEASE + timedelta(days=1))
    (notice,) = entries()
    assert notice.find(f"{ATOM}title").text == f"Withdrawn: report {released}"
    assert "Reason: A wrong table" in notice.find(f"{ATOM}summary").text
    assert title not in client.get("/reports.atom").text


def test_open_pages_name_the_feed_and_what_they_are_when_shared(
    client: FlaskClient, signed_in: Callable[..., FlaskClient], released: str
) -> None:
    page = client.get(f"/reports/{released}").text
    assert 'type="application/atom+xml" href="/reports.atom"' in page
    title = re.search(r'property="og:title" content="([^"]+)"', page)[1]
    assert title == re.search(r"<title[^>]*>\s*(.*?) – Area Scrutiny", page)[1]
    assert len(re.search(r'property="og:description" content="([^"]+)"', page)[1]) > 10
    assert 'href="/reports.atom">feed of reports' in client.get("/data").text
    assert 'content="Who answers for this place?"' in client.get("/").text
    assert "og:title" not in signed_in("officer").get("/inbox").text


def test_scripts_of_other_sites_read_the_record_and_nothing_a_session_opens(
    client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    assert client.get("/api/v1/reviews").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in client.get("/api/v1/reviews").headers
    assert "Access-Control-Allow-Origin" not in client.get("/").headers
    assert "Access-Control-Allow-Origin" not in client.post("/api/v1/reviews").headers
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/reviews", headers={"Authorization": "Bearer x"}).headers
    assert "Access-Control-Allow-Origin" not in signed_in("officer").get("/api/v1/reviews").headers
