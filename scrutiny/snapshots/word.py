"""The report of a review as a Word document: the page that is printed, its maps as pictures with their words."""

from __future__ import annotations

import re
from datetime import datetime

from scrutiny.adapters import fitted
from scrutiny.adapters.word import About, pictures_in, word_document
from scrutiny.file_reading.pages import page_image
from scrutiny.snapshots import statements
from scrutiny.snapshots.snapshot import Snapshot

#: Pixels: a map 16 cm wide at about 220 to the inch.
MAP_WIDTH = 1400
SIZE = re.compile(r'viewbox="0 0 (\d{1,5}) (\d{1,5})"', re.IGNORECASE)
#: A sheet as large as the drawing, which fills it.
SHEET = (
    "<!doctype html><html lang='en-GB'><head><title>Map</title><style>@page {{ size: {width}px {height}px; margin: 0 }}"
    " body {{ margin: 0 }} svg {{ display: block; width: {width}px; height: {height}px }}</style></head><body>{svg}</body></html>"
)


def word_of(page: str, report: Snapshot, *, at: datetime) -> bytes:
    """The Word document of a report and its page for Word (`printing.html_of`); the same page gives the same bytes."""
    about = About(report.title, ", ".join(statements.authors(report)), "en-GB", at)
    return word_document(page, about, [_drawn(svg, at) for svg in pictures_in(page)])


def _drawn(svg: str, at: datetime) -> bytes:
    """A drawing as a PNG: printed on a sheet of its size, and that sheet drawn."""
    size = SIZE.search(svg)
    width, height = size.groups() if size else ("460", "245")
    sheet = fitted.printer().print_html(SHEET.format(svg=svg, width=width, height=height), created=at)
    return page_image(sheet.pdf, 1, width=MAP_WIDTH)
