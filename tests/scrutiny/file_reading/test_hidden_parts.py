"""Every way of hiding something in a file that we know is found, wherever a program puts the part, and told by its kind."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from scrutiny.file_reading.file_warnings import Kind
from scrutiny.file_reading.inspection import inspect

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
OPEN = {"odt": "text", "ods": "spreadsheet"}
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
SLIDE = "<sld><cSld><spTree><sp><nvSpPr><cNvPr id='2' name='Box'/></nvSpPr></sp></spTree></cSld></sld>"
SEEN = "<w:r><w:t>Seen</w:t></w:r>"
UNSEEN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Unseen</w:t></w:r>"


def words(inside: str = SEEN) -> str:
    """A part of a Word document."""
    return f"<w:document xmlns:w='w'><w:body><w:p>{inside}</w:p></w:body></w:document>"


def sheet(inside: str = "", before: str = "") -> str:
    """A sheet of a workbook."""
    return f"<worksheet>{before}<sheetData><row r='1'><c r='A1'><v>1</v></c></row>{inside}</sheetData></worksheet>"


def relations(*leads: tuple[str, str]) -> str:
    """A part of relations: (last word of the type, target), numbered r1 on."""
    rows = "".join(
        f"<Relationship Id='r{number}' Type='{TYPE}{kind}' Target='{target}'/>" for number, (kind, target) in enumerate(leads, 1)
    )
    return f"<Relationships>{rows}</Relationships>"


def office(extension: str, **parts: str) -> bytes:
    """An Office document of such parts; their paths are written with __ for / and _DOT_ for a full stop."""
    given = {name.replace("__", "/").replace("_DOT_", "."): part for name, part in parts.items()}
    book = "<workbook xmlns:r='r'><sheets><sheet name='Cases' r:id='r1'/></sheets></workbook>"
    made = {"docx": words(), "pptx": "<p/>", "xlsx": book}
    base = {"_rels/.rels": relations(("officeDocument", MAIN[extension])), MAIN[extension]: made[extension]}
    if extension == "xlsx":
        base |= {
            "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": sheet(),
        }
    if extension == "pptx":
        leads = relations(("slide", "slides/slide1.xml"))
        base |= {"ppt/_rels/presentation.xml.rels": leads, "ppt/slides/slide1.xml": SLIDE}
    return zipped(base | given)


def open_document(extension: str, body: str = "", styles: str = "", named: str = "") -> bytes:
    """An OpenDocument file: its body, the styles beside it, and those of the part of styles."""
    spaces = "".join(f" xmlns:{prefix}='{prefix}'" for prefix in ("office", "style", "text", "table", "dc"))
    content = f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles>{body}"
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{OPEN[extension]}",
        "META-INF/manifest.xml": "<m/>",
        "content.xml": f"{content}</office:document-content>",
        "styles.xml": f"<office:document-styles{spaces}>{named}</office:document-styles>",
    }
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for path, part in parts.items():
            file.writestr(path, part)
    return out.getvalue()


def table(style: str = "ta1", inside: str = "") -> str:
    """A sheet of an OpenDocument spreadsheet."""
    cell = f"<table:table-cell><text:p>1</text:p>{inside}</table:table-cell>"
    return f"<table:table table:name='Staff' table:style-name='{style}'><table:table-row>{cell}</table:table-row></table:table>"


def pdf(annotation: dict[str, Any] | None = None, layers: Dictionary | None = None) -> bytes:
    """A PDF of one page with an annotation on it, or with layers."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page()
        if annotation:
            shown = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **annotation)
            page.obj.Annots = made.make_indirect(Array([made.make_indirect(shown)]))
        if layers:
            made.Root.OCProperties = layers
        made.save(out)
    return out.getvalue()


FOOTNOTES = {"word___rels__document_DOT_xml_DOT_rels": relations(("footnotes", "notes/notes7.xml"))}
HEADERS = {"word___rels__document_DOT_xml_DOT_rels": relations(("header", "/word/top.xml"))}
VANISHED = "<w:style w:styleId='a'><w:rPr><w:vanish/></w:rPr></w:style>"
STYLE = f"<w:styles xmlns:w='w'>{VANISHED}<w:style w:styleId='b'>{{}}</w:style></w:styles>"
TABLES = "<style:style style:name='ta9'><style:table-properties table:display='false'/></style:style>"
TEXTS = "<style:style style:name='T9'><style:text-properties text:display='none'/></style:style>"
CHILD = "<style:style style:name='T10' style:parent-style-name='T9'/>"
BOOK = "<workbook xmlns:r='r'><sheets><sheet name='A' r:id='r1'/><sheet name='B' state='{}' r:id='r2'/></sheets></workbook>"
TWO = relations(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "/xl/other/two.xml"))
CHART = relations(("worksheet", "worksheets/sheet1.xml"), ("chartsheet", "chartsheets/sheet1.xml"))
LEADS = "xl__worksheets___rels__sheet1_DOT_xml_DOT_rels"
SLIDES = "ppt__slides___rels__slide1_DOT_xml_DOT_rels"
DECK = "ppt___rels__presentation_DOT_xml_DOT_rels"
NOTE = "<office:annotation><dc:creator>A</dc:creator><text:p>Ask Ann</text:p></office:annotation>"


HIDING: dict[str, tuple[str, bytes, Kind]] = {
    "docx, vanished": ("docx", office("docx", word__document_DOT_xml=words(SEEN + UNSEEN)), Kind.HIDDEN_TEXT),
    "docx, vanished in a box": (
        "docx",
        office("docx", word__document_DOT_xml=words(f"<w:r><w:pict>{UNSEEN}</w:pict><w:t>Seen</w:t></w:r>")),
        Kind.HIDDEN_TEXT,
    ),
    "docx, vanished by a style": (
        "docx",
        office(
            "docx",
            word__document_DOT_xml=words("<w:r><w:rPr><w:rStyle w:val='b'/></w:rPr><w:t>Unseen</w:t></w:r>"),
            word__styles_DOT_xml=STYLE.format("<w:basedOn w:val='a'/>"),
        ),
        Kind.HIDDEN_TEXT,
    ),
    "docx, moved": (
        "docx",
        office("docx", word__document_DOT_xml=words(f"<w:moveFrom>{SEEN}</w:moveFrom>")),
        Kind.TRACKED_CHANGES,
    ),
    "docx, moved to": (
        "docx",
        office("docx", word__document_DOT_xml=words(f"<w:moveTo>{SEEN}</w:moveTo>")),
        Kind.TRACKED_CHANGES,
    ),
    "docx, struck out": ("docx", office("docx", word__document_DOT_xml=words(f"<w:del>{SEEN}</w:del>")), Kind.TRACKED_CHANGES),
    "docx, struck out in a footnote": (
        "docx",
        office("docx", word__footnotes_DOT_xml=words(f"<w:del>{SEEN}</w:del>")),
        Kind.TRACKED_CHANGES,
    ),
    "docx, struck out in an endnote": (
        "docx",
        office("docx", word__endnotes_DOT_xml=words(f"<w:del>{SEEN}</w:del>")),
        Kind.TRACKED_CHANGES,
    ),
    "docx, put into footnotes elsewhere": (
        "docx",
        office("docx", word__notes__notes7_DOT_xml=words(f"<w:ins>{SEEN}</w:ins>"), **FOOTNOTES),
        Kind.TRACKED_CHANGES,
    ),
    "docx, vanished in a header elsewhere": (
        "docx",
        office("docx", word__top_DOT_xml=words(UNSEEN), **HEADERS),
        Kind.HIDDEN_TEXT,
    ),
    "docx, struck out in a footer": (
        "docx",
        office("docx", word__footer3_DOT_xml=words(f"<w:del>{SEEN}</w:del>")),
        Kind.TRACKED_CHANGES,
    ),
    "docx, a comment in a footnote": (
        "docx",
        office("docx", word__footnotes_DOT_xml=words("<w:r><w:commentReference/></w:r>")),
        Kind.COMMENTS,
    ),
    "docx, comments": ("docx", office("docx", word__comments_DOT_xml=words()), Kind.COMMENTS),
    "docx, comments elsewhere": (
        "docx",
        office("docx", word__said_DOT_xml=words(), word___rels__document_DOT_xml_DOT_rels=relations(("comments", "said.xml"))),
        Kind.COMMENTS,
    ),
    "odt, a section": (
        "odt",
        open_document("odt", "<text:section text:display='none'><text:p>X</text:p></text:section>"),
        Kind.HIDDEN_TEXT,
    ),
    "odt, a hidden paragraph": (
        "odt",
        open_document("odt", "<text:p><text:hidden-paragraph>X</text:hidden-paragraph></text:p>"),
        Kind.HIDDEN_TEXT,
    ),
    "odt, by a style": ("odt", open_document("odt", "<text:span text:style-name='T9'>X</text:span>", TEXTS), Kind.HIDDEN_TEXT),
    "odt, by a style of a style": (
        "odt",
        open_document("odt", "<text:p text:style-name='T10'>X</text:p>", CHILD, TEXTS),
        Kind.HIDDEN_TEXT,
    ),
    "odt, a comment": ("odt", open_document("odt", f"<text:p>{NOTE}</text:p>"), Kind.COMMENTS),
    "odt, a comment in a header": ("odt", open_document("odt", named=f"<style:header>{NOTE}</style:header>"), Kind.COMMENTS),
    "odt, tracked": ("odt", open_document("odt", "<text:tracked-changes><x/></text:tracked-changes>"), Kind.TRACKED_CHANGES),
    "ods, a sheet": ("ods", open_document("ods", table("ta9"), TABLES), Kind.HIDDEN_SHEET),
    "ods, a sheet by a named style": ("ods", open_document("ods", table("ta9"), named=TABLES), Kind.HIDDEN_SHEET),
    "ods, a comment": ("ods", open_document("ods", table(inside=NOTE)), Kind.COMMENTS),
    "ods, a row": (
        "ods",
        open_document("ods", "<table:table table:name='A'><table:table-row table:visibility='collapse'/></table:table>"),
        Kind.HIDDEN_RUNS,
    ),
    "ods, a column": (
        "ods",
        open_document("ods", "<table:table table:name='A'><table:table-column table:visibility='filter'/></table:table>"),
        Kind.HIDDEN_RUNS,
    ),
    "ods, a group of rows": (
        "ods",
        open_document("ods", "<table:table table:name='A'><table:table-row-group table:display='false'/></table:table>"),
        Kind.HIDDEN_RUNS,
    ),
    "ods, tracked": (
        "ods",
        open_document("ods", f"<table:tracked-changes><x/></table:tracked-changes>{table()}"),
        Kind.TRACKED_CHANGES,
    ),
    "xlsx, a sheet elsewhere": (
        "xlsx",
        office(
            "xlsx",
            xl__workbook_DOT_xml=BOOK.format("hidden"),
            xl___rels__workbook_DOT_xml_DOT_rels=TWO,
            xl__other__two_DOT_xml=sheet(),
        ),
        Kind.HIDDEN_SHEET,
    ),
    "xlsx, a very hidden sheet of a chart": (
        "xlsx",
        office("xlsx", xl__workbook_DOT_xml=BOOK.format("veryHidden"), xl___rels__workbook_DOT_xml_DOT_rels=CHART),
        Kind.HIDDEN_SHEET,
    ),
    "xlsx, a row": ("xlsx", office("xlsx", xl__worksheets__sheet1_DOT_xml=sheet("<row r='2' hidden='1'/>")), Kind.HIDDEN_ROWS),
    "xlsx, a row without height": (
        "xlsx",
        office("xlsx", xl__worksheets__sheet1_DOT_xml=sheet("<row r='2' ht='0'/>")),
        Kind.HIDDEN_ROWS,
    ),
    "xlsx, rows unless shown": (
        "xlsx",
        office("xlsx", xl__worksheets__sheet1_DOT_xml=sheet(before="<sheetFormatPr zeroHeight='1'/>")),
        Kind.HIDDEN_ROWS,
    ),
    "xlsx, a row of a sheet elsewhere": (
        "xlsx",
        office(
            "xlsx",
            xl__workbook_DOT_xml=BOOK.format("visible"),
            xl___rels__workbook_DOT_xml_DOT_rels=TWO,
            xl__other__two_DOT_xml=sheet("<row r='2' hidden='1'/>"),
        ),
        Kind.HIDDEN_ROWS,
    ),
    "xlsx, a column": (
        "xlsx",
        office("xlsx", xl__worksheets__sheet1_DOT_xml=sheet(before="<cols><col min='2' max='2' hidden='1'/></cols>")),
        Kind.HIDDEN_COLUMNS,
    ),
    "xlsx, a column without width": (
        "xlsx",
        office("xlsx", xl__worksheets__sheet1_DOT_xml=sheet(before="<cols><col min='2' max='2' width='0'/></cols>")),
        Kind.HIDDEN_COLUMNS,
    ),
    "xlsx, comments as some write them": ("xlsx", office("xlsx", xl__comments__comment1_DOT_xml="<comments/>"), Kind.COMMENTS),
    "xlsx, comments elsewhere": (
        "xlsx",
        office("xlsx", xl__said_DOT_xml="<comments/>", **{LEADS: relations(("comments", "../said.xml"))}),
        Kind.COMMENTS,
    ),
    "xlsx, threaded comments": (
        "xlsx",
        office("xlsx", xl__talk_DOT_xml="<x/>", **{LEADS: relations(("threadedComment", "/xl/talk.xml"))}),
        Kind.COMMENTS,
    ),
    "xlsx, tracked": ("xlsx", office("xlsx", xl__revisions__revisionHeaders_DOT_xml="<headers/>"), Kind.TRACKED_CHANGES),
    "xlsx, figures behind a pivot": (
        "xlsx",
        office("xlsx", xl__pivotCache__pivotCacheRecords1_DOT_xml="<x/>"),
        Kind.PIVOT_FIGURES,
    ),
    "xlsx, figures of other workbooks": (
        "xlsx",
        office("xlsx", xl__externalLinks__externalLink1_DOT_xml="<x/>"),
        Kind.LINKED_FIGURES,
    ),
    "xlsx, a document inside": (
        "xlsx",
        office("xlsx", xl__within__a_DOT_bin="x", **{LEADS: relations(("package", "../within/a.bin"))}),
        Kind.FILES_INSIDE,
    ),
    "pptx, a slide": ("pptx", office("pptx", ppt__slides__slide1_DOT_xml="<sld show='0'/>"), Kind.HIDDEN_SLIDES),
    "pptx, a slide elsewhere": (
        "pptx",
        office("pptx", ppt__two_DOT_xml="<sld show='0'/>", **{DECK: relations(("slide", "two.xml"))}),
        Kind.HIDDEN_SLIDES,
    ),
    "pptx, a box": ("pptx", office("pptx", ppt__slides__slide1_DOT_xml=SLIDE.replace("id=", "hidden='1' id=")), Kind.HIDDEN_TEXT),
    "pptx, notes": ("pptx", office("pptx", ppt__notesSlides__notesSlide1_DOT_xml="<notes/>"), Kind.SPEAKER_NOTES),
    "pptx, notes elsewhere": (
        "pptx",
        office("pptx", ppt__n_DOT_xml="<notes/>", **{SLIDES: relations(("notesSlide", "../n.xml"))}),
        Kind.SPEAKER_NOTES,
    ),
    "pptx, comments": ("pptx", office("pptx", ppt__comments__comment1_DOT_xml="<x/>"), Kind.COMMENTS),
    "pptx, comments of today": ("pptx", office("pptx", ppt__comments__modernComment_100_0_DOT_xml="<x/>"), Kind.COMMENTS),
    "pptx, comments elsewhere": (
        "pptx",
        office("pptx", ppt__c_DOT_xml="<x/>", **{SLIDES: relations(("comments", "../c.xml"))}),
        Kind.COMMENTS,
    ),
    "pdf, a note": ("pdf", pdf({"Subtype": Name.Text, "Contents": "Do not send"}), Kind.COMMENTS),
    "pdf, words on a highlight": ("pdf", pdf({"Subtype": Name.Highlight, "Contents": "Wrong"}), Kind.COMMENTS),
    "pdf, to be redacted": ("pdf", pdf({"Subtype": Name.Redact}), Kind.HIDDEN_TEXT),
    "pdf, a layer": ("pdf", pdf(layers=Dictionary(D=Dictionary(OFF=Array([Dictionary(Name="Names")])))), Kind.HIDDEN_TEXT),
}
OPENLY = {
    "docx": office("docx"),
    "docx with the mark of a paragraph hidden": office(
        "docx", word__document_DOT_xml=words("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + SEEN)
    ),
    "docx with words that are not hidden": office(
        "docx", word__document_DOT_xml=words(UNSEEN.replace("vanish/", "vanish w:val='0'/"))
    ),
    "docx with a hidden style nobody uses": office("docx", word__styles_DOT_xml=STYLE.format("")),
    "odt": open_document("odt", "<text:p>Seen</text:p>", TEXTS),
    "ods": open_document("ods", table(), TABLES),
    "xlsx": office(
        "xlsx",
        **{LEADS: "<Relationships><Relationship Id='r1' Type='/oleObject' TargetMode='External' Target='a'/></Relationships>"},
    ),
    "pptx": office("pptx"),
    "pdf": pdf(),
    "pdf with a link that has another text": pdf({"Subtype": Name.Link, "Contents": "Our website"}),
    "pdf with a highlight without words": pdf({"Subtype": Name.Highlight, "Contents": " "}),
}


@pytest.mark.parametrize(("extension", "content", "kind"), HIDING.values(), ids=HIDING)
def test_whatever_hides_is_told(extension: str, content: bytes, kind: Kind) -> None:
    warnings = inspect(f"a.{extension}", content).warnings
    assert [warning.kind for warning in warnings] == [kind]
    assert warnings[0].kind.stops


@pytest.mark.parametrize("name", OPENLY)
def test_what_hides_nothing_is_not_suspected(name: str) -> None:
    assert inspect(f"a.{name.split(' ', maxsplit=1)[0]}", OPENLY[name]).warnings == ()


def test_a_sheet_that_is_hidden_is_named() -> None:
    """Its sender has to know which."""
    [warning] = inspect("a.ods", HIDING["ods, a sheet"][1]).warnings
    assert str(warning) == "The sheet “Staff” is hidden."
