"""Reviews on a method whose text today's check refuses are shown as ever; one whose text is damaged says so, and it alone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import urldefrag, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.extensions import db
from scrutiny.rules.models import MethodEdition
from scrutiny.transaction import writes_now
from tests.scrutiny.demo.test_crawl import Links, shape_of, signed_in
from tests.workflows.test_editions import REFUSED

METHOD = "council-task-and-finish"
EDITIONS = select(MethodEdition).where(MethodEdition.key == METHOD)
#: A closed, a reported and an open review by this method, as the demonstration has them.
CLOSED, REPORTED, OPEN = "R-2025-001", "R-2026-001", "R-2026-002"
WHO = {
    "a scrutiny officer": "Olwen Price",
    "a chair": "Cllr Amrit Gill",
    "a councillor": "Cllr Joan Pike",
    "an inspector": "Ines Park",
    "a responder": "Rhys Cole",
    "a certifier": "Helen Ormerod",
    "the administrator": "Ada Winn",
    "anybody": "",
}
#: Open reviews by other methods.
OTHERS = ("R-2026-005", "R-2026-012", "R-2026-015")
DAMAGED = re.compile(
    r"The text of the method this review uses, “Council task and finish review” version 20\d\d\.\d, is damaged "
    r"and cannot be read\. Ask an administrator to restore it from a backup\."
)
#: Each of these readers meets one of the texts; everybody meets every text in `make proof`.
FEW = ("a scrutiny officer", "a responder", "anybody")
BY_TURNS = [pytest.param(who, (name,), id=who) for who, name in zip(FEW, cycle(REFUSED), strict=False)]
IN_TURN = [pytest.param(who, id=who, marks=[] if who in FEW else [pytest.mark.proof]) for who in WHO]
SAME_TEXT = pytest.mark.sqlite_only("a kept text is read in Python, and is the same on both")
ALL_BY_ALL = [pytest.param(who, tuple(REFUSED), id=f"{who}, every text", marks=[pytest.mark.proof]) for who in WHO]
#: Pages of many reviews, and of the method itself.
LISTS = ("/", "/home", "/inbox", "/reviews", "/methods", f"/methods/{METHOD}", "/api/v1/reviews", "/administration", "/calendar")


@contextmanager
def kept_as(app: Flask, text: str) -> Iterator[None]:
    """The edition all these reviews use, with another text, as an instance would have kept it; put back afterwards."""
    with app.app_context(), writes_now():
        before = {row.id: (row.text, row.digest) for row in db.session.scalars(EDITIONS)}
        for row in db.session.scalars(EDITIONS):
            row.text, row.digest = text, f"another text {row.id}"
    try:
        yield
    finally:
        with app.app_context(), writes_now():
            for row in db.session.scalars(EDITIONS):
                row.text, row.digest = before[row.id]


def pages_of(client: FlaskClient, *references: str) -> dict[str, int]:
    """The status of every kind of page of these reviews this reader is led to, from the inbox, hubs and public pages."""
    statuses: dict[str, int] = {}
    for reference in references:
        waiting, known = deque(["/inbox", f"/reviews/{reference}", f"/about/{reference}"]), set[str]()
        while waiting:
            address = waiting.popleft()
            if shape_of(address) in known:
                continue
            known.add(shape_of(address))
            answer = client.get(address)
            statuses[address] = answer.status_code
            if answer.mimetype == "text/html":
                links = Links()
                links.feed(answer.text)
                there = [urldefrag(urljoin(f"http://localhost{address}", link)).url for link in links.found]
                waiting.extend(path.removeprefix("http://localhost") for path in there if reference in path)
    return statuses


def lists_of(client: FlaskClient) -> dict[str, int]:
    """The status of each page of many reviews."""
    return {address: client.get(address).status_code for address in LISTS}


@SAME_TEXT
@pytest.mark.slow
@pytest.mark.parametrize(("who", "texts"), [*BY_TURNS, *ALL_BY_ALL])
def test_every_page_answers_as_before_on_a_text_that_is_refused_today(who: str, texts: tuple[str, ...], loamshire: Flask) -> None:
    client = signed_in(loamshire, WHO[who])
    before = lists_of(client) | pages_of(client, CLOSED, REPORTED, OPEN)
    assert sum(status == 200 for status in before.values()) > (30 if "officer" in who else 7), before
    for name in texts:
        with kept_as(loamshire, REFUSED[name][0]):
            after = {address: client.get(address).status_code for address in before}
        assert after == before


@SAME_TEXT
@pytest.mark.slow
@pytest.mark.parametrize("who", IN_TURN)
def test_a_damaged_text_is_told_on_its_own_reviews_and_breaks_no_other_page(who: str, loamshire: Flask) -> None:
    client = signed_in(loamshire, WHO[who])
    elsewhere = lists_of(client) | pages_of(client, *OTHERS)
    own = pages_of(client, CLOSED, REPORTED, OPEN)
    with kept_as(loamshire, 'title = "Council\x01'):
        assert {address: client.get(address).status_code for address in elsewhere} == elsewhere
        answers = {address: client.get(address) for address in own if address not in elsewhere}
    for address, answer in answers.items():
        if answer.status_code != own[address] or (answer.status_code == 200 and address == f"/reviews/{OPEN}"):
            assert answer.status_code in (200, 409), address
            assert DAMAGED.search(answer.text)
            assert "TOML" not in answer.text
    open_as_ever = [address for address, answer in answers.items() if answer.status_code == own[address]]
    assert len(open_as_ever) > len(own) / 2, "what does not need the method is shown"
