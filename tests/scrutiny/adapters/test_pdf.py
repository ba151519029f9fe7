"""A printed report passes the archive's and the screen reader's rules, never changes by a byte, and fetches nothing."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pikepdf
import pytest
from PIL import Image

from scrutiny.adapters.pdf import print_html
from scrutiny.adapters.print_job import Asset, AttachedFile, PrintingFailed
from scrutiny.file_reading.pages import read_page
from tests.scrutiny.adapters.conformance import faults_of
from tests.scrutiny.adapters.sample import sample_report
from workflows.refusals import Refused

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "templates"
DEFINED = '<dl class="facts"><dt>In scope</dt><dd>{}</dd></dl>'
AT = datetime(2026, 11, 27, 9, 30, 15, 123456, tzinfo=UTC)
WARDS = AttachedFile("wards.csv", b"ward,people\nLlan,812\n", "The figures behind the table of wards")


def page_of(body: str) -> str:
    return f'<html lang="en-GB"><head><title>A page</title></head><body><h1>A page</h1>{body}</body></html>'


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (20, 80, 120, 128)).save(out, "png")
    return out.getvalue()


def test_a_report_with_maps_tables_contents_and_its_data_passes_both_standards() -> None:
    printed = print_html(sample_report(2), created=AT, attachments=[WARDS])
    assert faults_of(printed.pdf) == []
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        assert len(pdf.pages) == printed.pages == 5
        assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == "D:20261127093015Z"
        attached = pdf.attachments["wards.csv"]
        assert attached.get_file().read_bytes() == WARDS.content
        assert str(attached.obj.AFRelationship) == "/Data"
        assert str(attached.get_file().obj.Subtype) == "/text/csv"
        assert str(pdf.Root.Lang) == "en-GB"


def test_a_picture_handed_over_by_name_is_printed_and_passes_both_standards() -> None:
    page = page_of('<p><img src="asset:seal.png" alt="Seal of Loamshire"></p>')
    printed = print_html(page, created=AT, assets={"seal.png": Asset("image/png", png())})
    assert faults_of(printed.pdf) == []
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        assert [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and thing.get("/Width") == 8]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<table><tr><td>1</td></tr></table>", "a table without headings (TH)"),
        ("<h1>Again</h1>", "2 first headings (H1)"),
        ("<h3>Too deep</h3>", "H1 is followed by H3"),
        ('<svg width="9" height="9"><rect width="9" height="9"/></svg>', "FIGURE-ALTERNATIVE-TEXT"),
    ],
)
def test_the_check_itself_finds_faults(body: str, fault: str) -> None:
    found = faults_of(print_html(page_of(body), created=AT).pdf)
    assert any(fault in said for said in found), found


PRINT_ONCE = """
import hashlib, sys
from datetime import UTC, datetime
from tests.scrutiny.adapters import test_pdf
print(hashlib.sha256(test_pdf.one_report()).hexdigest())
"""


def one_report() -> bytes:
    return print_html(sample_report(2), created=AT, attachments=[WARDS]).pdf


def test_the_same_report_is_the_same_bytes_twice_and_in_another_process() -> None:
    here = one_report()
    assert one_report() == here
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}
    there = subprocess.run(
        [sys.executable, "-c", PRINT_ONCE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_the_printer_names_its_versions_and_a_digest_of_the_fonts_used() -> None:
    plain = print_html(page_of("<p>sans</p>"), created=AT).printer
    serif = print_html(page_of('<p style="font-family: Liberation Serif">serif</p>'), created=AT).printer
    assert plain.startswith("WeasyPrint 70.0, Pango ")
    assert plain.split("fonts")[0] == serif.split("fonts")[0]
    assert plain != serif


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[str]]]:
    """A web server that must never be asked for anything."""
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x", asked
    server.shutdown()
    server.server_close()


WAYS_OUT = [
    '<img alt="" src="{url}">',
    '<object data="{url}">x</object>',
    '<embed src="{url}">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    "<style>@import url({url});</style>",
    "<style>@import '{url}';</style>",
    "<style>h1 {{ background: url({url}) }}</style>",
    '<p style="background-image: url({url})">x</p>',
    "<style>h1::before {{ content: url({url}) }}</style>",
    '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    "<style>h1 {{ border-image: url({url}) 1 }}</style>",
    "<style>@font-face {{ font-family: F; src: url({url}) }} h1 {{ font-family: F }}</style>",
    '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><image xlink:href="{url}" width="9" height="9"/></svg>',
    "<img alt=\"x\" src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
    "%3Cimage href='{url}' width='9' height='9'/%3E%3C/svg%3E\">",
    '<base href="{url}/"><img alt="x" src="picture.png">',
]


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("kind", ["http", "file", "ftp"])
def test_no_page_can_have_the_printer_fetch_from_outside(
    outside: tuple[str, list[str]], tmp_path: Path, way: str, kind: str
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    url = {"http": outside[0], "file": secret.as_uri(), "ftp": "ftp://127.0.0.1:1/x"}[kind]
    with pytest.raises(Refused, match="fetches nothing from outside"):
        print_html(page_of(way.format(url=url)), created=AT)
    assert outside[1] == []


def test_a_drawing_reused_from_another_file_is_never_asked_for(outside: tuple[str, list[str]]) -> None:
    drawing = f'<svg width="9" height="9"><title>x</title><use href="{outside[0]}#a"/></svg>'
    assert print_html(page_of(drawing), created=AT).pages == 1
    assert outside[1] == []


@pytest.mark.parametrize(
    "way",
    [
        '<link rel="stylesheet" href="data:text/css,h1{color:red}">',
        '<link rel="attachment" href="data:text/plain,hello">',
        '<img alt="x" src="DATA:text/html,hello">',
        '<img alt="x" src="asset:never-handed-over.png">',
        "<style>@font-face { font-family: F; src: local('Liberation Sans') } h1 { font-family: F }</style>",
    ],
)
def test_only_pictures_are_read_from_the_page_itself(way: str) -> None:
    with pytest.raises(Refused, match="fetches nothing from outside"):
        print_html(page_of(way), created=AT)


@pytest.mark.parametrize(
    "picture",
    [
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<img alt="x" src="data:image/svg+xml,%3Csvg">',
        '<svg width="9" height="9"><title>x</title><path d="M 0 0 L" transform="rotate(one)" stroke="red"/></svg>',
    ],
)
def test_a_picture_that_cannot_be_drawn_is_never_left_out_in_silence(picture: str) -> None:
    with pytest.raises(PrintingFailed, match="could not be drawn"):
        print_html(page_of(picture), created=AT)


def test_letters_that_no_font_has_stop_the_print_and_are_named_where_they_stand() -> None:
    never = "\u0378"  # a place in Unicode that holds no letter, so no font has one
    with pytest.raises(
        PrintingFailed, match=r"these characters: \u0378 \(U\+0378\), in “…A page Gweld meddyg \u0378 Tŷ &…”. Replace them"
    ):
        print_html(page_of(f"<p>Gweld meddyg {never} Tŷ &amp;</p>"), created=AT)
    with pytest.raises(PrintingFailed, match="and 2 more"):
        print_html(page_of("<p>" + "".join(chr(0x0378 + n) for n in (0, 1, 8, 9, 10, 11, 19)) + "</p>"), created=AT)


def test_welsh_symbols_and_common_scripts_are_printed() -> None:
    words = "Ŵŵ Ŷŷ Ẁẁ Ẃẃ Ẅẅ Ỳỳ Ÿÿ ½ m² CO₂ → ☎ ✓ • ▪ ➢ £ € αβγ Жук ﬁn 2×3 ≤ ≥ − “”"
    printed = print_html(page_of(f"<p>{words}</p><p><strong>{words}</strong></p><blockquote>{words}</blockquote>"), created=AT)
    assert all(word in read_page(io.BytesIO(printed.pdf), 1).text for word in ("Ŵŵ", "→", "✓", "Жук"))


@pytest.mark.parametrize("where", ["<h1>{}</h1>", "<p>{}</p>", "<table><tr><th>No</th><td>{} and on</td></tr></table>", DEFINED])
def test_a_word_that_is_longer_than_the_paper_is_broken(where: str) -> None:
    style = (TEMPLATES / "print" / "print.css").read_text()
    word = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
    page = f'<html lang="cy"><head><title>T</title><style>{style}</style></head><body>{where.format(word)}</body></html>'
    words = read_page(io.BytesIO(print_html(page, created=AT).pdf), 1).words
    assert "".join(one.text for one in words).count("gogogoch") >= 2
    assert max(one.left + one.width for one in words) < 0.91  # the right margin of the paper


def test_short_words_of_narrow_columns_stay_whole() -> None:
    style = (TEMPLATES / "print" / "print.css").read_text()
    table = f"<table><tr><th>Number</th><th>Recommendation</th></tr><tr><td>17</td><td>{'words ' * 200}</td></tr></table>"
    page = f'<html lang="en"><head><title>T</title><style>{style}</style></head><body>{table}</body></html>'
    assert "Number" in read_page(io.BytesIO(print_html(page, created=AT).pdf), 1).text


def test_a_link_for_the_reader_is_no_fetch() -> None:
    printed = print_html(page_of('<p><a href="https://scrutiny.example/R-2026-014">the page</a></p>'), created=AT)
    assert faults_of(printed.pdf) == []


WITHOUT_PANGO = """
import cffi
real = cffi.FFI.dlopen
def without_pango(self, name, *rest):
    if name and "pango" in str(name):
        raise OSError(f"cannot load library {name!r}")
    return real(self, name, *rest)
cffi.FFI.dlopen = without_pango
from datetime import UTC, datetime
from scrutiny.adapters.pdf import print_html
from scrutiny.adapters.print_job import PdfMissing
try:
    print_html("<h1>x</h1>", created=datetime.now(UTC))
except PdfMissing as missing:
    print(missing.sentence)
"""


def test_without_pango_the_sentence_says_what_to_install() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT_PANGO], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.startswith("PDFs cannot be printed on this machine: Pango is missing.")
    assert "libpango-1.0-0" in said.stdout
