"""No page of the demonstration shows a reader what is the machine's own: a key, a plain reference, a day in figures."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from lxml import html

from tests.scrutiny.demo.every_page import pages_of
from tests.scrutiny.demo.test_crawl import signed_in

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("a page says the same on both, and so does the demonstration")]
WHO = {
    "anybody": ("", 25),
    "a scrutiny officer": ("Olwen Price", 85),
    "a lead inspector": ("Leo Hart", 70),
    "a councillor": ("Cllr Joan Pike", 30),
    "a responder": ("Rhys Cole", 40),
    "a certifier": ("Helen Ormerod", 30),
    "the administrator": ("Ada Winn", 60),
}
#: A day such as 2026-11-30, a key such as upper_tier (but no name of a file), a reference such as person:4 or area_load:2, a role
#: such as scrutiny-officer.
RAW = re.compile(
    r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b(?!\.\w)|\b[a-z]+(?:_[a-z]+)+\b(?!\.\w)"
    r"|\b(?:person|body|agency|review|request|item|place|report|edition|lodging|letter|finding|recommendation|[a-z]+_[a-z]+):\d+"
    r"|\b(?:scrutiny-officer|lead-inspector)\b"
)
#: Where such words are the business of the page.
MAY_BE_RAW = {
    "worklist.audit_trail": "the trail names records by the references it keeps",
    "agencies.load": "it says how a day is written in the file",
    "public.data": "addresses of the interface and columns of files are named",
}


def words_of(page: str) -> str:
    """What the main part of a page says, without what is shown as code or stands in a field."""
    main = html.fromstring(page).xpath("//*[@id='main-content']")[0]
    for part in main.xpath(".//code | .//pre | .//textarea | .//script | .//style | .//svg"):
        part.drop_tree()
    return str(main.text_content())


@pytest.mark.parametrize("who", WHO)
def test_no_page_shows_a_key_a_reference_or_an_iso_day_to(who: str, loamshire: Flask) -> None:
    name, least = WHO[who]
    client = signed_in(loamshire, name)
    pages = pages_of(loamshire, client)
    assert len(pages) >= least, sorted(pages)
    shown = {
        f"{path}: {found}"
        for endpoint, path in pages.items()
        if endpoint not in MAY_BE_RAW
        for found in RAW.findall(words_of(client.get(path).text))
    }
    assert shown == set()
