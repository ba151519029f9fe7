"""A page said in another language holds no English but what people wrote, names, and marks that are the same everywhere."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import flask_babel
import pytest
from babel.support import Translations
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import JSON, String, Text, select

from scrutiny.adapters import fitted
from scrutiny.adapters.print_job import Printed
from scrutiny.correspondence.wording import TITLES
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.file_reading.decoding import decode
from scrutiny.file_reading.inspection import MEDIA_TYPES
from scrutiny.legal_words import in_full
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.snapshots import printing
from scrutiny.stored_files.models import StoredFile
from tests.scrutiny.demo.every_page import READERS, Walked
from tests.scrutiny.demo.test_crawl import signed_in
from workflows.clocks import RULES
from workflows.kinds import CHIEF

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("a page says the same on both, and so does the demonstration")]
#: No text that people wrote is longer.
LONGEST = 20_000
#: What a reorganisation was found to bring is kept, in the words of whoever looked first.
KEPT = ("reorganisation.preview_page",)
WORD = re.compile(r"[A-Za-z]{2,}")
#: What cuts a message into the pieces a translator writes: its values, its tags, its entities.
GAP = re.compile(r"(%\(\w+\)[sd]|<[^>]*>|&[#\w]+;)")
#: What is the same in every language: addresses, references, days and times as the calendar of the language writes them, units.
SAME = re.compile(
    r"https?://\S+|\S+@\S+|/[a-z]\S*|\bR-\d{4}-\d{3}(?:/\w+)*|\b[EWSN]\d{8}\b|(?<=\d)\skm²|\b[\w-]+\.(?:csv|pdf|xlsx|docx|zip|json|html|txt|png|xml|eml|toml|geojson|atom|ics)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b|\b\d*\s?(?:am|pm|kB|KB|MB|GB|km|ha)\b"
    r"|\b(?:CSV|PDF|XLSX|DOCX|ZIP|JSON(?:-LD)?|API|Atom|HTML|GeoJSON|TOML|Excel|Word|SHA-256|ONS|Area Scrutiny|GSS|URL|UK)\b"
    r"|\b(?:Turtle|RDF/XML|GeoPackage|English|Cymraeg)\b"
)


#: Where a text is cut that names several things, and the number or letter before one.
CUT, NUMBER = re.compile(r"\n|[.?!,;:()–·|]"), re.compile(r"^\s*(?:(?:\d+|[A-Z])\.|(?:\d+ )?\d{4})\s")


class Pseudo(Translations):
    """A catalogue that marks every piece of what is said through it, and leaves values and tags as they are."""

    def ugettext(self, message: str) -> str:
        """The text, marked."""
        return "".join(piece if GAP.fullmatch(piece) or not piece.strip() else f"⟦{piece}⟧" for piece in GAP.split(message))

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """The text of a number, marked."""
        return self.ugettext(singular if number == 1 else plural)


def strings(value: Any) -> Iterator[str]:
    """Every text in a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def written(app: Flask) -> Iterator[str]:
    """What people wrote, and what bodies keep as their own words: rows of the database, and files of methods and powers."""
    with app.app_context():
        for table in db.metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, String | Text | JSON)]
            for row in db.session.execute(select(*columns)) if columns else ():
                for value in row:
                    yield from strings(value)
                    if isinstance(value, str) and value[:1] in "{[":
                        try:
                            yield from strings(json.loads(value))
                        except ValueError:
                            pass
        for held in db.session.scalars(select(StoredFile).where(StoredFile.dropped_at.is_(None))):
            content = fitted.files().read(held.sha256)
            if held.media_type in (MEDIA_TYPES["csv"], MEDIA_TYPES["txt"]):
                yield from decode(content)[0].replace(",", "\n").splitlines()
            elif held.media_type == MEDIA_TYPES["xlsx"]:
                for sheet in load_workbook(io.BytesIO(content), read_only=True):
                    yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    for path in sorted((ROOT / "config").rglob("*.toml")):
        yield from strings(tomllib.loads(path.read_text(encoding="utf-8")))
    yield from (rule.source.format(n=10) for rule in RULES.values())  # the law a clock comes from is cited as it stands
    yield from [CHIEF, *TITLES.values(), "area report"]  # offices, ranks, and what a sealed report is called


def plain(text: str) -> str:
    """A text without its spaces, marks and capitals."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


class Known:
    """What need not be translated."""

    def __init__(self, app: Flask) -> None:
        # What is longer is no text but an outline or a whole record, whose parts are told one by one.
        values = {one for one in written(app) if len(one) < LONGEST and WORD.search(one)}
        values |= {in_full(one) for one in values}
        self.whole = {plain(one) for one in values}
        self.whole |= {plain(line) for value in values for line in re.split(r"\n|(?<=[.?!]) ", value)}
        self.whole |= {plain(line) for value in values for line in CUT.split(value)}
        self.all = " | ".join(sorted(self.whole))
        self.ranks = re.compile(rf"^(?:{'|'.join(map(plain, TITLES.values()))}) ")

    def __contains__(self, text: str) -> bool:
        """Whether it is a whole value or line, or many words together that stand in one; with or without its number."""
        text = plain(NUMBER.sub("", text))
        if (undated := re.sub(r" \d{4}$", "", text)) != text and undated in self.whole:
            return True
        if " and if " in text:  # a law that binds on two conditions
            return all(part in self for part in text.replace(" and if ", "|if ").split("|"))
        return text in self.whole or (text.count(" ") >= 2 and text in self.all) or bool(self.ranks.match(text))


@pytest.fixture(scope="module")
def known(loamshire: Flask) -> Known:
    """What people wrote in the demonstration."""
    return Known(loamshire)


def bare(page: str, known: Known) -> set[str]:
    """The pieces of a page that no catalogue has said and nobody wrote."""
    tree = html.fromstring(page)
    for part in tree.xpath("//code | //pre | //textarea | //script | //style | //svg | //*[@lang='cy']"):
        part.drop_tree()
    # What was taken out and put in stands in pieces of words that people wrote.
    texts = [str(text) for text in tree.xpath("//text()[not(parent::del or parent::ins)]")]
    texts += [
        str(one) for one in tree.xpath("//@aria-label | //@alt | //@title | //@placeholder | //input[@type='submit']/@value")
    ]
    found = set()
    for whole in (one for text in texts for one in re.sub(r"⟦[^⟦⟧]*⟧", "⟧", text).split("⟧") if one not in known):
        uncut = re.sub(r"[^\n,;:()–·|]*(?:…|\.\.\.)", "", whole)  # an answer that is shown in short ends within a clause
        for named in (one for one in re.split(r"[\n,;:()–·|]", uncut) if one not in known):
            pieces = (one for piece in SAME.sub("|", named).split("|") for one in CUT.split(piece))
            found |= {one.strip() for one in pieces if WORD.search(one) and one not in known}
    return found


@pytest.mark.parametrize("who", READERS)
def test_no_page_holds_bare_english_for(
    who: str, loamshire: Flask, walked: Walked, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, least = READERS[who]
    client, pages = walked(name)
    assert len(pages) >= least, sorted(pages)
    with loamshire.app_context():
        monkeypatch.setitem(flask_babel.get_babel().instance.domain_instance.cache, ("en_GB", "messages"), Pseudo())
    shown = {
        f"{endpoint} {path}: {piece}"
        for endpoint, path in pages.items()
        if endpoint not in KEPT
        for piece in bare(client.get(path).text, known)
    }
    assert not shown, "\n".join(sorted(shown))


#: What is counted, as an agency typed it after its number.
UNITS = ("posts",)


def printed_pages(app: Flask, monkeypatch: pytest.MonkeyPatch, clients: Mapping[str, FlaskClient]) -> dict[str, str]:
    """Every printed document of the demonstration, as it is handed to the printer: packs, drafts, receipts, editions."""
    found: dict[str, str] = {}
    handed: list[str] = []

    def print_html(self: object, page: str, **how: object) -> Printed:
        handed.append(page)
        return Printed(b"%PDF-", 1, "")

    with app.app_context():
        monkeypatch.setattr(type(fitted.printer()), "print_html", print_html)
        reviews = list(db.session.scalars(select(Review.reference).order_by(Review.id)))
        requests = list(db.session.scalars(select(EvidenceRequest.id).order_by(EvidenceRequest.id)))
        editions = list(db.session.scalars(select(Edition).where(Edition.snapshot.is_not(None)).order_by(Edition.id)))
        for edition in editions:
            found[f"edition {edition.id}"] = printing.html_of(edition.snapshot or {}, edition.digest or "0" * 64)
    addresses = [f"/reviews/{one}/{page}" for one in reviews for page in ("pack.pdf", "report/preview?as=pdf")]
    addresses += [f"/answering/{one}/receipt.pdf" for one in requests]
    for client in clients.values():
        for address in addresses:
            handed.clear()
            if address not in found and client.get(address).status_code == 200 and handed:
                found[address] = handed[0]
    return found


def test_no_printed_document_holds_bare_english(loamshire: Flask, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports, their drafts, packs and receipts, as they are handed to the printer; a sealed summary is printed as sealed."""
    clients = {who: signed_in(loamshire, name) for who, (name, _) in READERS.items() if name}
    with loamshire.app_context():
        cache = flask_babel.get_babel().instance.domain_instance.cache
        for language in ("en", "en_GB"):
            monkeypatch.setitem(cache, (language, "messages"), Pseudo())
    pages = printed_pages(loamshire, monkeypatch, clients)
    for part in ("edition ", "pack.pdf", "preview?as=pdf", "receipt.pdf"):
        assert any(part in name for name in pages), part
    with loamshire.app_context():
        sealed = plain(" | ".join(str((one.snapshot or {}).get("summary", "")) for one in db.session.scalars(select(Edition))))
    shown = {
        f"{name.split('/')[-1]}: {piece}"
        for name, page in pages.items()
        for piece in bare(page, known)
        if plain(piece) not in sealed and piece not in UNITS
    }
    assert not shown, "\n".join(sorted(shown))


def test_no_style_of_print_says_words_of_its_own() -> None:
    """What a style writes comes from the page, where it is said in the language of the page."""
    style = (ROOT / "templates" / "print" / "print.css").read_text(encoding="utf-8")
    written = [words for rule in re.findall(r"content:([^;}]*)", style) for words in re.findall(r'"([^"]*)"', rule)]
    assert written, "spaces, dots"
    assert [words for words in written if re.search(r"[A-Za-z]{2}", words)] == []


def test_bare_words_are_seen_and_marked_words_and_names_are_not(known: Known) -> None:
    said = Pseudo().ugettext('Sent by <a href="x">%(name)s</a> on %(day)s') % {
        "name": "Olwen Price",
        "day": "Friday 3 April 2026",
    }
    assert bare(f"<p>{said}</p>", known) == set()
    assert bare(f"<p>{said} and never translated</p>", known) == {"2026 and never translated"}
    assert bare(f'<p aria-label="Read aloud only">{said}</p>', known) == {"Read aloud only"}
    assert bare(f"<p>{Pseudo().ugettext('State: %(state)s') % {'state': 'Zealously kept'}}</p>", known) == {"Zealously kept"}
