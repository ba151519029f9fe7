"""WeasyPrint in a closed room: it fetches nothing, and one file meets both PDF/A-3a and PDF/UA-1.

Import this only from pdf.py, which knows what to say where Pango is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pydyf  # type: ignore[import-untyped]  # it has no types
import weasyprint
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.text.ffi import pango
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from scrutiny.adapters.print_job import Asset, AttachedFile, Printed, PrintingFailed, PrintJob
from workflows.refusals import Refused

# PDF/UA's own mark, with the schema PDF/A asks for before it lets a foreign one in (ISO 19005-3, 6.6.2.3).
UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
"""


LOST_PICTURE = re.compile(r"Failed to (load|render) (SVG )?image")
LOST_LETTER = re.compile(r"\.notdef glyph rendered.*\(U\+([0-9A-F]+)\)$", re.DOTALL)
MOST_NAMED, BESIDE = 5, 30
#: A word of more letters than this may be broken where it stands in a table; others never widen a table beyond the paper.
LONGEST_WORD = 24


class NoFetch(URLFetcher):
    """Serves pictures written into the page and assets handed over by name; anything else stops the printing."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._assets = assets
        self.denied: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of a data:image/ or asset: address."""
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        asset = self._assets.get(url.removeprefix("asset:")) if url.startswith("asset:") else None
        if asset is None:
            self.denied.append(url)
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})


def typeset(job: PrintJob, progress: Callable[[str], None] | None = None) -> Printed:
    """The job as one PDF. The same job, libraries and fonts give the same bytes. Refuses a page that asks for more."""
    moment = job.created.astimezone(UTC).replace(microsecond=0)
    fetcher = NoFetch(job.assets)
    with _losses() as (lost, letters), _told_to(progress), suppress(FatalURLFetchingError):
        page = weasyprint.HTML(string=job.html, url_fetcher=fetcher)
        _let_long_words_break(page)
        document = page.render(pdf_variant="pdf/a-3a")
        # The page's own dates, if it has any, say when it was written, not which edition this is.
        document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3a", finisher=_made_archival, attachments=[_attachment(file, moment) for file in job.attachments]
        )
    if fetcher.denied:
        raise Refused(
            "The page to be printed asks for “%(denied)s”. Printing fetches nothing from outside: write pictures into "
            "the page or hand them over by name.",
            denied=fetcher.denied[0][:80],
        )
    if lost:
        raise PrintingFailed(
            "A picture in the page could not be drawn (%(lost)s…). Mend it, then print again.", lost=lost[0][:80]
        )
    if letters:
        raise PrintingFailed(_unprintable(list(letters), page))
    return Printed(pdf=pdf, pages=len(document.pages), printer=_printer(document))


@contextmanager
def _losses() -> Iterator[tuple[list[str], dict[str, None]]]:
    """What WeasyPrint says of pictures and letters it leaves out: it goes on, but a report may lose none in silence."""
    pictures: list[str] = []
    letters: dict[str, None] = {}

    def hear(said: str) -> None:
        if LOST_PICTURE.match(said):
            pictures.append(said)
        elif letter := LOST_LETTER.match(said):
            letters[chr(int(letter[1], 16))] = None

    handler = _Hearing(hear)
    LOGGER.addHandler(handler)
    try:
        yield pictures, letters
    finally:
        LOGGER.removeHandler(handler)


def _unprintable(letters: list[str], page: weasyprint.HTML) -> str:
    """Which characters no font here has, and in which words the first of them stands."""
    named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:MOST_NAMED])
    more = f" and {len(letters) - MOST_NAMED} more" if len(letters) > MOST_NAMED else ""
    body = page.etree_element.find("body")
    text = " ".join(" ".join([] if body is None else body.itertext()).split())
    at = text.find(letters[0])
    where = f", in “…{text[max(at - BESIDE, 0) : at + BESIDE].strip()}…”" if at >= 0 else ""
    return (
        f"No font installed here has these characters: {named}{more}{where}. Replace them, or ask your administrator to install "
        "fonts for them (make fonts). Then print again."
    )


def _let_long_words_break(page: weasyprint.HTML) -> None:
    """Let cells with words that no column can hold break them; elsewhere the style sheet lets every word break."""
    for cell in page.etree_element.iter():
        if cell.tag in ("td", "th") and any(len(word) > LONGEST_WORD for word in "".join(cell.itertext()).split()):
            cell.set("style", f"{cell.get('style', '')};overflow-wrap:anywhere")


@contextmanager
def _told_to(progress: Callable[[str], None] | None) -> Iterator[None]:
    """Pass WeasyPrint's own account of its steps on, in our words."""
    if progress is None:
        yield
        return
    handler = _Hearing(lambda said: _step(said, progress))
    level = PROGRESS_LOGGER.level
    PROGRESS_LOGGER.addHandler(handler)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
        PROGRESS_LOGGER.setLevel(level)


def _step(said: str, progress: Callable[[str], None]) -> None:
    """Hear "Step 5 - Creating layout - Page 12" and say "Laying out page 12"."""
    if page := re.search(r"Page (\d+)$", said):
        progress(f"Laying out page {page[1]}")
    elif said.startswith("Step 6"):
        progress("Writing the file")


class _Hearing(logging.Handler):
    """Passes on what this thread's printing logs; other threads may be printing too."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        super().__init__()
        self._hear = hear
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on what the printing thread says, and no other."""
        if record.thread == self._thread:
            self._hear(record.getMessage())


def _attachment(file: AttachedFile, moment: datetime) -> weasyprint.Attachment:
    """A file within the PDF, dated so that two printings are the same bytes. WeasyPrint can use each only once."""
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=moment,
        modified=moment,
    )


def _made_archival(document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """Add PDF/UA's mark to the XMP and leave it uncompressed, and have no picture interpolated, as PDF/A asks."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and thing.extra.get("Subtype") == "/Image":
            thing.extra["Interpolate"] = "false"
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    whole = b"".join(part if isinstance(part, bytes) else part.encode() for part in metadata.stream)
    metadata.stream = [whole.replace(b"</rdf:RDF>", UA_MARK + b"</rdf:RDF>", 1)]
    metadata.compress = False
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and thing.compress and _ends_a_line(thing):
            thing.compress = False


def _ends_a_line(stream: pydyf.Stream) -> bool:
    """Whether the packed bytes happen to end like a line, as one in 128 does; checkers then take its length for wrong."""
    return bytes(stream.data.removesuffix(b"\nendstream"))[-1:] in (b"\n", b"\r")


def _printer(document: weasyprint.Document) -> str:
    """The versions of what set the type, and a digest of the font files it used."""
    fonts = sorted({hashlib.sha256(font.file_content).hexdigest() for font in document.fonts.values()})
    digest = hashlib.sha256("".join(fonts).encode()).hexdigest()[:16]
    major, rest = divmod(pango.pango_version(), 10_000)
    minor, micro = divmod(rest, 100)
    return f"WeasyPrint {weasyprint.__version__}, Pango {major}.{minor}.{micro}, {_harfbuzz()}, fonts {digest}"


def _harfbuzz() -> str:
    """HarfBuzz shapes the text and cuts the fonts down; WeasyPrint does not tell its version, the library does."""
    try:
        version = ctypes.CDLL("libharfbuzz.so.0").hb_version_string
    except (OSError, AttributeError):
        return "HarfBuzz of unknown version"
    version.restype = ctypes.c_char_p
    return f"HarfBuzz {version().decode()}"
