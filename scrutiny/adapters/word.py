"""A page of print as a Word document (.docx): the same words in the same order, as headings, lists, tables and quotations.

Made with python-docx from the HTML that is printed, so that both say the same. Nothing is left out: the text of an element that
is not known here stands as a paragraph. The file holds who made it, its title, language and day, and nothing of a machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from lxml import html as markup

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADINGS = {"h2": 1, "h3": 2, "h4": 3, "h5": 4}
#: Elements that only hold others: each of these is gone through.
HOLDERS = {"body", "header", "main", "section", "div", "nav", "article", "figure", "dl"}
#: Elements within a line, and what they do to it.
EMPHASIS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
LEFT_OUT = {"style", "script", "svg", "head"}
#: As wide as the text of A4 with the margins below.
PICTURE_WIDTH = Cm(16)
#: Kinds of parts of the template of python-docx that say nothing of this document: a picture of another, its sources and effects.
FOREIGN = ("/thumbnail", "/customXml", "/stylesWithEffects")
#: Which program made it, and nothing of the template it began with.
PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Area Scrutiny</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself; `language` is a tag such as en-GB, `created` has its time zone."""

    title: str
    author: str
    language: str
    created: datetime


def pictures_in(page: str) -> list[str]:
    """The drawings of a page as SVG, in order: whoever asks for the document has each drawn as a PNG."""
    return [markup.tostring(one, encoding="unicode", with_tail=False) for one in markup.fromstring(page).find("body").iter("svg")]


def word_document(page: str, about: About, pictures: Sequence[bytes] = ()) -> bytes:
    """The body of a page of HTML as a Word document; `pictures` are its drawings as PNG, in order, or none to leave them out."""
    document = Document()
    _describe(document, about)
    _lay_out(document, about.language)
    drawn = iter(pictures)
    for block in _blocks(markup.fromstring(page).find("body"), LEFT_OUT - {"svg"} if pictures else LEFT_OUT):
        if block.tag == "svg":
            _add_picture(document, next(drawn), block.findtext("title") or "")
        else:
            _write(document, block)
    _drop_foreign_parts(document)
    kept = io.BytesIO()
    document.save(kept)
    return _dated(kept.getvalue(), about.created)


def _describe(document: Any, about: About) -> None:
    """What the file says of itself."""
    said = document.core_properties
    said.title, said.author, said.language = about.title[:255], about.author[:255], about.language
    said.last_modified_by, said.comments, said.keywords, said.revision = "", "", "", 1
    said.created = said.modified = about.created.astimezone(UTC).replace(tzinfo=None)


def _add_picture(document: Any, content: bytes, words: str) -> None:
    """A picture as wide as the text, kept with its caption, which says to a screen reader what the drawing says."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(io.BytesIO(content), width=PICTURE_WIDTH)
    about = picture._inline.docPr
    about.set("descr", words)
    about.set("title", words)


def _lay_out(document: Any, language: str) -> None:
    """A4, a legible font that every machine has, and the language for spelling and for screen readers."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), "Arial")
        fonts.set(qn("w:hAnsi"), "Arial")
    for said in document.styles.element.iter(qn("w:lang")):
        said.set(qn("w:val"), language)


def _blocks(element: Any, left_out: Collection[str] = LEFT_OUT) -> Iterator[Any]:
    """The elements that stand for themselves, in order, within those that only hold others."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in left_out:
            continue
        if child.tag in HOLDERS and not _has_own_words(child):
            yield from _blocks(child, left_out)
        else:
            yield child


def _has_own_words(element: Any) -> bool:
    """Whether words stand in an element outside those it holds."""
    return any((words or "").strip() for words in (element.text, *(child.tail for child in element)))


def _write(document: Any, block: Any) -> None:
    """One element as paragraphs or a table."""
    if block.tag == "h1":
        _fill(document.add_paragraph(style="Title"), block)
    elif block.tag in HEADINGS:
        _fill(document.add_paragraph(style=f"Heading {HEADINGS[block.tag]}"), block)
    elif block.tag in ("ul", "ol"):
        _write_list(document, block)
    elif block.tag == "table":
        _write_table(document, block)
    elif _text(block):
        paragraph = document.add_paragraph(style="Quote" if block.tag == "blockquote" else None)
        paragraph.paragraph_format.keep_with_next = block.tag == "dt" or None
        _fill(paragraph, block, bold=block.tag == "dt")


def _write_list(document: Any, block: Any) -> None:
    """A list; a numbered one carries its numbers as text, so that each begins at its first and is read so aloud."""
    for number, item in enumerate(block.iterchildren("li"), start=int(block.get("start", "1"))):
        paragraph = document.add_paragraph(style="List Bullet" if block.tag == "ul" else "List")
        if block.tag == "ol":
            paragraph.add_run(f"{item.get('value', number)}. ")
        _fill(paragraph, item)


def _write_table(document: Any, block: Any) -> None:
    """A table under its caption; its head is marked as one, repeats on every page, and no row is torn in two."""
    rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in block.iter("tr")]
    heads = sum(1 for head in block.iterchildren("thead") for _ in head.iter("tr"))
    caption = block.find("caption")
    if caption is not None:
        _fill(document.add_paragraph(style="Caption"), caption)
    if not rows:
        return
    table = document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
    for number, cells in enumerate(rows):
        row = table.add_row()
        _mark(row, "w:cantSplit")
        if number < heads:
            _mark(row, "w:tblHeader")
        _fill_row(row.cells, cells)
    document.add_paragraph()


def _fill_row(there: Sequence[Any], cells: Sequence[Any]) -> None:
    """The cells of a row: headings in bold, numbers to the right."""
    for place, cell in zip(there, cells, strict=False):
        paragraph = place.paragraphs[0]
        _fill(paragraph, cell, bold=cell.tag == "th")
        if "number" in cell.get("class", "").split():
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(row: Any, name: str) -> None:
    """Say something of a row of a table."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(paragraph: Paragraph, element: Any, *, bold: bool = False, italic: bool = False) -> None:
    """The words of an element, with what is bold or slanted in it."""
    pieces: list[tuple[str, bool, bool]] = []
    for words, is_bold, is_italic in _runs(element, bold, italic):
        # A space between two elements is one, and none stands at the beginning of a line.
        rest = words.lstrip(" ") if not pieces or pieces[-1][0][-1].isspace() else words
        if rest:
            pieces.append((rest, is_bold, is_italic))
    while pieces and pieces[-1][0].isspace():
        pieces.pop()
    for place, (words, is_bold, is_italic) in enumerate(pieces, 1):
        run = paragraph.add_run(words.rstrip() if place == len(pieces) else words)
        run.bold, run.italic = is_bold or None, is_italic or None


def _runs(element: Any, bold: bool, italic: bool) -> Iterator[tuple[str, bool, bool]]:
    """The words in order, with single spaces, each piece with how it stands."""
    if element.text:
        yield re.sub(r"\s+", " ", element.text), bold, italic
    for child in element:
        if isinstance(child.tag, str) and child.tag not in LEFT_OUT:
            does = EMPHASIS.get(child.tag)
            if child.tag == "br":
                yield "\n", bold, italic
            yield from _runs(child, bold or does == "bold", italic or does == "italic")
        if child.tail:
            yield re.sub(r"\s+", " ", child.tail), bold, italic


def _text(element: Any) -> str:
    """All the words of an element."""
    return " ".join(element.text_content().split())


def _drop_foreign_parts(document: Any) -> None:
    """Leave out what came with the template of python-docx and says nothing of this document."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(FOREIGN)]:
            del relations[key]
    for revisions in list(document.settings.element.iter(qn("w:rsids"))):
        revisions.getparent().remove(revisions)
    for relation in document.part.package.rels.values():
        if relation.reltype.endswith("/extended-properties"):
            relation.target_part._blob = PROPERTIES


def _dated(content: bytes, created: datetime) -> bytes:
    """The same parts, each dated as the document is: the same words at the same moment are the same bytes."""
    kept = io.BytesIO()
    day = created.astimezone(UTC).timetuple()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            archive.writestr(zipfile.ZipInfo(name, day[:6]), made.read(name), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
