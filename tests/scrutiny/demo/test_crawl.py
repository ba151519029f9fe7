"""Everybody follows every link they are shown: none is broken, and no page fails."""

from __future__ import annotations

import os
import re
import time
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.extensions import db
from tests import cast as the_cast
from tests.databases import SQLITE, kind

pytestmark = pytest.mark.slow

#: However busy the machine is, so many pages are followed: what is seen must not hang on the clock alone.
LEAST = 40
#: For each person; CRAWL_SECONDS=60 CRAWL_ALIKE=50 follows nearly everything.
SECONDS = float(os.environ.get("CRAWL_SECONDS", "3" if kind() == SQLITE else "2"))
#: Pages of one shape (their numbers apart) that are looked at; the rest are the same page with other rows.
ALIKE = int(os.environ.get("CRAWL_ALIKE", "3"))
WHO = {
    "a scrutiny officer": "Olwen Price",
    "a chair": "Cllr Amrit Gill",
    "a councillor": "Cllr Joan Pike",
    "somebody with two hats": "Tomasz Nowak",
    "an inspector": "Ines Park",
    "a lead inspector": "Leo Hart",
    "an inspector of the partner": "Femi Okafor",
    "a responder whose agency certifies": "Rhys Cole",
    "a certifier": "Helen Ormerod",
    "a responder whose agency does not": "Grace Abbott",
    "a responder with something overdue": "Sam Vale",
    "the administrator": "Ada Winn",
    "anybody": "",
}
BROKEN = (404, 405, 410)


class Links(HTMLParser):
    """The addresses a page leads to: links, pictures, styles, scripts, and forms that ask and do not change."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the tag leads to."""
        values = dict(attrs)
        leads = {"a": "href", "img": "src", "link": "href", "script": "src", "iframe": "src", "object": "data"}.get(tag)
        if tag == "form" and (values.get("method") or "get").lower() == "get":
            leads = "action"
        if leads and values.get(leads):
            self.found.append(values[leads] or "")


def shape_of(address: str) -> str:
    """An address with its numbers, references and codes taken out."""
    parts = urlsplit(address)
    path = re.sub(r"R-\d{4}-\d{3}|[A-Z]\d{8}(\+[A-Z]\d{8})*|[0-9a-f]{16,}|\d+", "#", parts.path)
    keys = sorted({piece.partition("=")[0] for piece in parts.query.split("&")})
    return f"{path}?{'&'.join(keys)}"


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A client signed in as one of the people, or as nobody."""
    client = app.test_client()
    if name:
        with app.app_context():
            uniquifier = db.session.scalars(select(Person.fs_uniquifier).where(Person.name == name)).one()
        the_cast.sign_in(app, client, uniquifier)
    return client


def crawl(client: FlaskClient) -> tuple[list[str], Counter[str]]:
    """What is broken, each with the page that led there; and how many pages of each shape were seen."""
    fresh, again = deque([("/", "the start"), ("/home", "the start")]), deque[tuple[str, str]]()
    known, shapes = {"/", "/home"}, Counter[str]()
    faults, ends = [], time.monotonic() + SECONDS
    while (fresh or again) and (time.monotonic() < ends or shapes.total() < LEAST):
        address, led_from = (fresh or again).popleft()
        if fresh and shapes[shape_of(address)]:
            again.append((address, led_from))  # what is like nothing seen yet comes first
            continue
        shapes[shape_of(address)] += 1
        try:
            answer = client.get(address)
        except Exception as error:  # in tests a fault is raised, not shown
            faults.append(f"{address} (from {led_from}): {type(error).__name__}: {str(error)[:300]}")
            continue
        if answer.status_code >= 500 or answer.status_code in BROKEN:
            faults.append(f"{address} (from {led_from}): {answer.status_code}")
        found = [answer.location] if answer.status_code in (301, 302, 303) and answer.location else []
        if answer.mimetype == "text/html":
            links = Links()
            links.feed(answer.text)
            found = found + links.found
        for link in found:
            there = urldefrag(urljoin(f"http://localhost{address}", link)).url
            if not there.startswith("http://localhost/"):
                continue
            path = there.removeprefix("http://localhost")
            if path not in known and "sign-out" not in path and shapes[shape_of(path)] < ALIKE:
                known.add(path)
                fresh.append((path, address))
    return faults, shapes


@pytest.mark.parametrize("who", WHO)
def test_every_link_leads_somewhere_for(who: str, loamshire: Flask) -> None:
    faults, shapes = crawl(signed_in(loamshire, WHO[who]))
    assert not faults, "\n".join(faults)
    assert len(shapes) > 10, shapes
