"""No page of the demonstration shows a reader what is the machine's own: a key, a plain reference, a day in figures."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.scrutiny.demo.every_page import READERS, Walked

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("a page says the same on both, and so does the demonstration")]
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


@pytest.mark.parametrize("who", READERS)
def test_no_page_shows_a_key_a_reference_or_an_iso_day_to(who: str, walked: Walked) -> None:
    name, least = READERS[who]
    client, pages = walked(name)
    assert len(pages) >= least, sorted(pages)
    shown = {
        f"{path}: {found}"
        for endpoint, path in pages.items()
        if endpoint not in MAY_BE_RAW
        for found in RAW.findall(words_of(client.get(path).text))
    }
    assert shown == set()
