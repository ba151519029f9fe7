"""What people send is taken if it is what it says, and refused in plain words, with a remedy, if it is not."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from scrutiny.adapters.pdf import print_html
from scrutiny.adapters.print_job import AttachedFile
from scrutiny.file_reading.inspection import inspect, safe_name
from scrutiny.file_reading.pages import read_page
from workflows.refusals import Refused

MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy"
PAGE = '<html lang="en-GB"><head><title>T</title></head><body><h1>T</h1></body></html>'
PDF = print_html(PAGE, created=datetime(2026, 1, 1, tzinfo=UTC)).pdf


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda pdf: None, **saving: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        change(opened)
        opened.save(out, **saving)
    return out.getvalue()


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def workbook(change: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Caseloads"
    for row in (["team", "cases"], ["North", 12], ["South", 15]):
        book.active.append(row)
    change(book)
    book.save(out)
    return out.getvalue()


def document() -> bytes:
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Handover takes nine days.")
    made.save(out)
    return out.getvalue()


def opened_up(content: bytes, **parts: bytes) -> bytes:
    """The same zip with parts added or replaced (double underscores stand for slashes)."""
    out = io.BytesIO()
    added: dict[str, bytes] = {name.replace("__", "/").replace("_DOT_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, added.pop(name, b"") or old.read(name))
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


def open_document(kind: str, content: bytes = b"<x/>", manifest: bytes = b"<m/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(out, kind)
    return out.getvalue()


def test_what_is_what_it_says_is_taken_and_measured() -> None:
    assert inspect("Plan.PDF", PDF).pages == 1
    found = inspect("cases.xlsx", workbook())
    assert (found.sheets, found.rows, found.warnings) == (("Caseloads",), 3, ())
    assert inspect("note.docx", document()).media_type.endswith("wordprocessingml.document")
    assert inspect("a.csv", b"team,cases\nNorth,12\n").rows == 1
    assert inspect("a.txt", "Llŷr £5".encode("cp1252", "ignore")).media_type == "text/plain"
    assert inspect("a.png", picture("png")).media_type == "image/png"
    assert inspect("a.jpeg", picture("jpeg")).media_type == "image/jpeg"
    assert inspect("a.odt", open_document("text")).warnings == ()
    hostile = inspect("names.csv", b"name\n<script>alert(1)</script>\n")
    assert hostile.rows == 1


def test_a_pdf_that_opens_at_a_place_is_harmless() -> None:
    def at_its_first_page(opened: pikepdf.Pdf) -> None:
        opened.Root.OpenAction = pikepdf.Array([opened.pages[0].obj, pikepdf.Name.Fit])

    assert inspect("from-libreoffice.pdf", pdf(at_its_first_page)).pages == 1


def attach(opened: pikepdf.Pdf, name: str = "hidden.txt", content: bytes = b"hidden") -> None:
    opened.attachments[name] = content


def scripted_button(opened: pikepdf.Pdf) -> None:
    opened.pages[0].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=action("JavaScript", JS="x"))])


LOCKED = pikepdf.Encryption(owner="o", user="u")
UNLOCKED = pikepdf.Encryption(owner="o", user="")
REFUSED_PDFS = [
    ("a script run on opening", pdf(lambda p: setattr(p.Root, "OpenAction", action("JavaScript", JS="x"))), "JavaScript"),
    ("a script on a button", pdf(scripted_button), "JavaScript"),
    ("a script by its name", pdf(lambda p: setattr(p.Root, "AA", action("Named", JS="x"))), "JavaScript"),
    ("a program started", pdf(lambda p: setattr(p.Root, "OpenAction", action("Launch"))), "starts another program"),
    ("a form that posts", pdf(lambda p: setattr(p.Root, "OpenAction", action("SubmitForm"))), "sends what is typed"),
    ("a program inside", pdf(lambda p: attach(p, "run.exe", b"MZ")), r"cannot be taken \(run.exe\). Print it to a new PDF"),
    ("a program inside by another name", pdf(lambda p: attach(p, "a.txt", b"MZ\x90")), r"cannot be taken \(a.txt\)"),
    ("a script inside", pdf(lambda p: attach(p, "a.js", b"x()")), r"cannot be taken \(a.js\)"),
    ("a web page inside", pdf(lambda p: attach(p, "a.xml", b"<html><script>")), r"cannot be taken \(a.xml\)"),
    ("a PDF with a script inside", pdf(lambda p: attach(p, "b.pdf", pdf(scripted_button))), r"cannot be taken \(b.pdf\)"),
    ("a file in a file in a file", pdf(lambda p: attach(p, "b.pdf", pdf(attach))), r"cannot be taken \(b.pdf\)"),
    ("a password to open", pdf(encryption=LOCKED), "password"),
    ("a lock without a password", pdf(encryption=UNLOCKED), "encrypted"),
    ("cut off half way", PDF[: len(PDF) // 2], "cut short"),
    ("broken inside", b"%PDF-1.7\n" + b"rubbish " * 99 + b"%%EOF\n", "damaged"),
    ("a zip at its end", PDF + opened_up(document()), "something else after its end|zip file in one"),
    ("a web page at its head", PDF[:9] + b"<html><script>" + PDF[9:], "web page in one"),
    ("something before it", b"GIF89a" + PDF, "something else before it. Print it to a new PDF"),
    ("something after it", PDF + b"<!-- page 3 of the archive -->" * 999, "something else after its end. Print it to a new PDF"),
]


PADDED = {
    "a line end before": b"\n" + PDF,
    "a byte-order mark before": b"\xef\xbb\xbf" + PDF,
    "blanks before, to the last that may be": b" " * 1019 + PDF,
    "noughts after": PDF + b"\x00" * 5120,
    "blanks and line ends after": PDF + b"\r\n " * 90_000,
    "a mail gateway's words after": PDF + b"-- checked by the gateway --",
}


@pytest.mark.parametrize("content", PADDED.values(), ids=PADDED)
def test_a_pdf_that_opens_everywhere_is_taken_and_can_be_read(content: bytes) -> None:
    assert inspect("plan.pdf", content).pages == 1
    assert read_page(io.BytesIO(content), 1).text == "T"


def test_a_report_of_ours_may_be_evidence_and_its_sender_is_told_what_it_carries() -> None:
    files = [
        AttachedFile("report.json", b'{"a": 1}', "Everything this report says, as data", "Source"),
        AttachedFile("recommendations.csv", b"number,text\n1,Do\n", "The recommendations as a table", "Data"),
    ]
    ours = print_html(PAGE, created=datetime(2026, 1, 1, tzinfo=UTC), attachments=files).pdf
    told = "It has other files inside it: report.json, recommendations.csv. Whoever opens it can read them."
    assert [str(one) for one in inspect("report.pdf", ours).warnings] == [told]
    assert inspect("invoice.pdf", pdf(lambda p: attach(p, "factur-x.xml", b"<invoice/>"))).warnings
    empty = pdf(lambda p: setattr(p.Root, "Names", pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array()))))
    assert inspect("plan.pdf", empty).warnings == ()


@pytest.mark.parametrize(("content", "words"), [row[1:] for row in REFUSED_PDFS], ids=[row[0] for row in REFUSED_PDFS])
def test_a_pdf_that_runs_hides_or_breaks_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        inspect("plan.pdf", content)
    assert refused.value.sentence.startswith("“plan.pdf” ")
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("report.pdf", b"<!DOCTYPE html><html>", "not a PDF: it is a web page"),
        ("report.pdf", b"MZ\x90\x00", "a program"),
        ("report.pdf", b"", "is empty"),
        ("report.pdf", document(), "not a PDF: it is an Office document"),
        ("report.pdf.exe", b"MZ\x90\x00", "cannot be taken"),
        ("report", PDF, "cannot be taken"),
        ("cases.xls", b"\xd0\xcf\x11\xe0", "Save as"),
        ("cases.xlsm", workbook(), "macros"),
        ("cases.zip", b"PK\x03\x04", "one by one"),
        ("cases.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "protected with a password"),
        ("cases.xlsx", document(), r"no \.xlsx document"),
        ("cases.docx", workbook(), r"no \.docx document"),
        ("cases.xlsx", workbook()[:-900], "damaged or cut short"),
        ("cases.csv", workbook(), "not a CSV table"),
        ("cases.csv", b"\x1f\x8b\x08\x00", "compressed"),
        ("cases.csv", bytes(range(256)) * 9, "not a CSV table"),
        ("cases.csv", b" \n", "no rows"),
        ("page.txt", b"  <HTML><body>", "web page"),
        ("a.png", picture("jpeg"), "not a PNG picture: it is a JPEG"),
        ("a.png", picture("png")[:-40], "damaged or cut short"),
        ("a.jpg", picture("jpeg") + opened_up(document()), "zip file in one"),
        ("a.odt", open_document("spreadsheet"), r"no \.odt document"),
        ("a.ods", open_document("spreadsheet", manifest=b"<encryption-data/>"), "password"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_a_remedy(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        inspect(name, content)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl__vbaProject_DOT_bin": b"macro"}, "macros"),
        ({"xl__macrosheets__sheet1_DOT_xml": b"<x/>"}, "macros"),
        ({"xl__activeX__activeX1_DOT_xml": b"<x/>"}, "macros"),
        ({"xl__embeddings__tool_DOT_exe": b"MZ"}, "program or archive"),
        ({"xl__more_DOT_xml": b'<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'}, "XML entities"),
        ({"__etc__passwd": b"x"}, "point outside"),
        ({"a__..__..__b": b"x"}, "point outside"),
        ({"xl__bomb_DOT_bin": b"\0" * 60_000_000}, "zip bomb"),
    ],
)
def test_a_workbook_that_runs_or_explodes_is_refused(parts: dict[str, bytes], words: str) -> None:
    with pytest.raises(Refused, match=words):
        inspect("cases.xlsx", opened_up(workbook(), **parts))


SHEET = "xl__worksheets__sheet1_DOT_xml"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "a.pptx",
            opened_up(document(), ppt__presentation_DOT_xml=b"<p/>", ppt__slides__slide1_DOT_xml=b"<p:sld " * 90_000),
            "damaged",
        ),
        ("a.docx", opened_up(document(), word__document_DOT_xml=b"<w:ins" * 90_000), "damaged"),
        ("a.xlsx", opened_up(workbook(), **{SHEET: b"<w>" + b"<c/>" * 5_000_000 + b"</w>"}), "zip bomb"),
        ("a.xlsx", opened_up(workbook(), **{SHEET: b"<a>" * 100_000}), "nested"),
        ("a.xlsx", opened_up(workbook(), **{SHEET: b"<a " + b"".join(b'b%d="" ' % n for n in range(999)) + b"/>"}), "nested"),
        ("a.xlsx", opened_up(workbook(), **{SHEET: b'<a b="' + os.urandom(1_200_000).hex().encode()}), "one word or tag"),
        ("a.ods", open_document("spreadsheet", b"<a>" * 100_000), "nested"),
    ],
    ids=["slide after slide", "change after change", "cells", "depth", "attributes", "a giant word", "depth of an ods"],
)
def test_a_document_made_to_take_long_is_refused_at_once(name: str, content: bytes, words: str) -> None:
    """No file of a few kilobytes may cost more than a second: 1,082 bytes of `<p:sld ` once stopped the service."""
    begun = time.process_time()
    with pytest.raises(Refused, match=words):
        inspect(name, content)
    assert time.process_time() - begun < 1


def test_a_part_that_lies_about_its_size_is_damaged_not_swallowed() -> None:
    content = opened_up(workbook(), xl__bomb_DOT_bin=b"\0" * 10_000_000)
    lying = content.replace((10_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(Refused, match="damaged"):
        inspect("cases.xlsx", lying)


def test_a_workbook_says_what_it_hides() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions.group("B", "D", hidden=True)
        book.create_sheet("Names").sheet_state = "veryHidden"
        book.create_sheet("Open")

    found = inspect("cases.xlsx", opened_up(workbook(hide), xl__pivotCache__pivotCacheRecords1_DOT_xml=b"<x/>"))
    assert found.sheets == ("Caseloads", "Names", "Open")
    assert tuple(str(one) for one in found.warnings) == (
        "1 row is hidden in the sheet “Caseloads”.",
        "3 columns are hidden in the sheet “Caseloads”.",
        "The sheet “Names” is hidden.",
        "It keeps the figures behind a pivot table, which can be more than the sheet shows.",
    )


def test_a_document_says_what_can_still_be_read_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(document())) as parts:
        text = parts.read("word/document.xml").replace(b"<w:r>", b'<w:ins w:id="1"><w:r>').replace(b"</w:r>", b"</w:r></w:ins>")
    found = inspect("n.docx", opened_up(document(), word__document_DOT_xml=text, word__comments_DOT_xml=b"<x/>"))
    assert [str(warning).split(":")[0] for warning in found.warnings] == ["It has comments in it.", "It has tracked changes"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Annual plan 2026.pdf", "Annual plan 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Siân\\Cynllun – ŵyr.docx", "Cynllun – ŵyr.docx"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ('a<b>:"c|?*.pdf', "a-b---c---.pdf"),
        ("  ..hidden. ", "hidden"),
        ("CON.pdf", "_CON.pdf"),
        ("", "file"),
        ("...", "file"),
        ("é.pdf", "é.pdf"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_kept_readable_and_made_harmless(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("m44_xlsx_named_csv.csv", "not a CSV table"),
        ("m59_gzip_named_csv.csv", "compressed"),
        ("m37_real_empty_file.csv", "is empty"),
        ("m27_nested_zip.zip", "one by one"),
    ],
)
def test_messy_files_are_refused_in_words(file: str, words: str) -> None:
    if not MESSY.exists():
        pytest.skip(f"no real files at {MESSY}: set SHARED_DATA")
    with pytest.raises(Refused, match=words):
        inspect(file, (MESSY / file).read_bytes())


@pytest.mark.parametrize(
    ("content", "rows", "words"),
    [
        (b'a,b\nx,"1\ny,2\nz,3\n', 1, "A quotation mark opens on line 2 and is never closed"),
        (b'sep=;\na;b\nx;"1\ny;2\n', 1, "A quotation mark opens on line 3 and is never closed"),
        (b'a,b\n"x\ny",1\n', 1, ""),
        (b'a,b\n5" pipe,1\nz,2\n', 2, ""),
        (b"sep=;\na;b\nx;1\n", 1, ""),
        ("a,b\nŵ,1\n".encode("utf-16-le"), 1, ""),
    ],
)
def test_a_table_is_counted_as_it_will_be_shown_and_its_sender_told_of_what_runs_together(
    content: bytes, rows: int, words: str
) -> None:
    found = inspect("a.csv", content)
    assert found.rows == rows
    assert any(words in str(warning) for warning in found.warnings) if words else not found.warnings
