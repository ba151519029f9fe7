"""A sheet is shown as the rows, letters and values that people see in Excel and quote, read in a child process."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from scrutiny.file_reading.inspection import MEDIA_TYPES
from scrutiny.file_reading.sandbox_lanes import CannotBeShown, show
from scrutiny.file_reading.sheets import Sheet, read_cell, read_sheet
from scrutiny.file_reading.workbooks import Cell
from scrutiny.number_formats.digits import plain
from workflows.refusals import Refused


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Caseloads"
    book.active.append(["team", "cases", "share", "on"])
    book.active.append(["North", 12.0, 0.25, date(2026, 11, 27)])
    book.active.append(["South", 2, True, datetime(2026, 11, 27, 9, 30)])
    book.active["F9"] = "far"
    book.create_sheet("Empty")
    return saved(book)


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part written otherwise, or left out where nothing is made of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            made = change(old.read(name)) if name == part else old.read(name)
            if made:
                new.writestr(name, made)
    return out.getvalue()


def shared(content: bytes) -> bytes:
    """The workbook with its texts in a part that cells share, as Excel writes them."""
    texts: list[bytes] = []

    def move(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return found[1] + b't="s"><v>%d</v></c>' % (len(texts) - 1)

    content = changed(
        content, SHEET, lambda xml: re.sub(rb'(<c [^>]*?)t="inlineStr"[^>]*><is>(.*?)</is></c>', move, xml, flags=re.S)
    )
    link = b'<Relationship Id="rIdS" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    content = changed(content, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", link))
    out = io.BytesIO(changed(content, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", STRINGS + b"</Types>")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "xl/sharedStrings.xml",
            b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + b"".join(b"<si>" + text + b"</si>" for text in texts)
            + b"</sst>",
        )
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
STRINGS = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/>' % KIND


def sheet(content: bytes, kind: str = "xlsx", name: str = "", row: int = 1, column: int = 1) -> Sheet:
    shown: Sheet = show(read_sheet, MEDIA_TYPES[kind], "cases", name, (row, column), file=content)
    return shown


def cell(content: bytes, address: str, kind: str = "xlsx", name: str = "") -> Cell:
    found: tuple[str, Cell] = show(read_cell, MEDIA_TYPES[kind], "cases", name, address, file=content)
    return found[1]


def test_a_sheet_is_rows_of_text_with_the_letters_and_numbers_people_quote() -> None:
    shown = sheet(workbook())
    assert (shown.name, shown.names) == ("Caseloads", ("Caseloads", "Empty"))
    assert shown.columns == ("A", "B", "C", "D", "E", "F")
    assert shown.rows[1] == (2, ("North", "12", "0.25", "2026-11-27", "", ""))
    assert shown.rows[2][1][2:4] == ("TRUE", "2026-11-27 9:30:00")
    assert shown.rows[-1] == (9, ("", "", "", "", "", "far"))
    assert (shown.last_row, shown.cut) == (9, False)
    assert sheet(workbook(), name="Empty").rows == ()


def test_a_cell_is_known_as_it_is_shown_and_as_it_is_stored() -> None:
    book = openpyxl.Workbook()
    formats = {
        "B2": (0.1235, "0.0%"),
        "B5": (1.260416666666667, "[h]:mm"),
        "B8": (date(2026, 3, 1), "mmm-yy"),
        "B10": (42, "000000"),
    }
    for address, (value, code) in formats.items():
        book.active[address] = value
        book.active[address].number_format = code
    content = saved(book)
    assert cell(content, "B2") == Cell("12.4%", "0.1235")
    assert cell(content, "b5") == Cell("30:15", "30:15:00")
    assert cell(content, "B8") == Cell("Mar-26", "01/03/2026")
    assert cell(content, "B10") == Cell("000042", "42")
    shown = sheet(content)
    assert shown.stored == {"B2": "0.1235", "B8": "01/03/2026"}  # 42 has no other figures than 000042


def test_a_table_is_one_sheet_whose_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    shown = sheet("team,cases\nGogledd – ŵ,12\n".encode(), "csv")
    assert shown.rows == ((1, ("team", "cases")), (2, ("Gogledd – ŵ", "12")))
    blank = b'Ward,Calls\nNorth,10\n,\n\nSouth,20\n"East\nside",30\nWest,40\n'
    assert [number for number, _ in sheet(blank, "csv").rows] == [1, 2, 5, 6, 7]
    assert (cell(blank, "B5", "csv"), cell(blank, "B3", "csv")) == (Cell("20"), Cell(""))
    assert cell(b"sep=;\nward;calls\nNorth;10\n", "B2", "csv") == Cell("10")
    assert cell("ward,spend\nNorth,£1\n".encode("utf-16"), "B2", "csv") == Cell("£1")
    assert cell("ward,spend\nNorth,£1\n".encode("cp1252"), "B2", "csv") == Cell("£1")


def test_what_is_no_workbook_or_no_sheet_is_refused() -> None:
    with pytest.raises(CannotBeShown, match="cannot be shown here"):
        sheet(b"not a workbook")
    with pytest.raises(Refused, match="no sheet called “Nope”"):
        sheet(workbook(), name="Nope")


STRANGE = {
    "an empty fill": ("xl/styles.xml", lambda xml: re.sub(rb"(?s)<fills.*?</fills>", b'<fills count="1"><fill/></fills>', xml)),
    "a colour that is none": ("xl/styles.xml", lambda xml: xml.replace(b'<color theme="1"', b'<color rgb="none"')),
    "no styles": ("xl/styles.xml", lambda _: b""),
    "a wrong dimension": (SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml)),
    "no numbers of rows and cells": (SHEET, lambda xml: re.sub(rb' r="[A-Z0-9]+"', b"", xml)),
    "a prefix": (SHEET, lambda xml: re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", xml).replace(b" xmlns=", b" xmlns:x=")),
    "a comment": (SHEET, lambda xml: xml.replace(b"<sheetData>", b'<sheetData><!-- <row r="1"><c r="A1"><v>9</v></c></row> -->')),
    "raw text": (SHEET, lambda xml: xml.replace(b"<v>12</v>", b"<v><![CDATA[12]]></v>")),
    "UTF-16": (SHEET, lambda xml: re.sub(r"<\?.*?\?>", "", xml.decode()).encode("utf-16")),
    "a path from the root": ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b'"worksheets/', b'"/xl/worksheets/')),
    "other capitals": ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/sheet1", b"worksheets/Sheet1")),
}


@pytest.mark.parametrize(("part", "change"), STRANGE.values(), ids=STRANGE)
def test_what_excel_opens_is_read(part: str, change: Callable[[bytes], bytes]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["team", "cases"])
    book.active.append(["North", 12])
    assert sheet(changed(saved(book), part, change)).rows == ((1, ("team", "cases")), (2, ("North", "12")))


def test_a_workbook_with_a_property_that_has_no_name_is_read() -> None:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr("docProps/custom.xml", "<Properties><property/></Properties>")
    assert sheet(out.getvalue()).rows[0][1][0] == "team"


def test_what_no_reader_can_read_is_told_and_no_fault() -> None:
    broken = {
        "a sheet that is missing": changed(workbook(), SHEET, lambda _: b""),
        "a sheet that is cut short": changed(workbook(), SHEET, lambda xml: xml[: len(xml) // 2]),
        "a number that is none": changed(workbook(), SHEET, lambda xml: xml.replace(b"<v>12</v>", b"<v>twelve</v>", 1)),
        "no sheets": changed(workbook(), "xl/workbook.xml", lambda xml: re.sub(rb"<sheets>.*</sheets>", b"", xml)),
        "entities": changed(workbook(), SHEET, lambda xml: b'<!DOCTYPE x [<!ENTITY e "e">]>' + xml.partition(b"?>")[2]),
    }
    for called, content in broken.items():
        try:
            sheet(content)
        except CannotBeShown:
            continue
        pytest.fail(called)


def test_formulas_without_a_result_and_what_is_hidden_are_told() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["a", "b", "c"])
    page.append([1, 2, "=A2+B2"])
    page.append([3, 4, 5])
    page.row_dimensions[3].hidden = True
    page.column_dimensions["B"].hidden = True
    book.create_sheet("Notes").sheet_state = "hidden"
    content = saved(book)
    shown = sheet(content)
    assert (shown.unfinished, shown.hidden_rows, shown.hidden_columns) == (("C2",), (3,), ("B",))
    assert cell(content, "C2").is_unfinished
    assert sheet(content, name="Notes").is_hidden
    done = changed(
        content,
        SHEET,
        lambda xml: xml.replace(b"<v />", b"<v>3</v>").replace(b"<v></v>", b"<v>3</v>").replace(b"<v/>", b"<v>3</v>"),
    )
    assert cell(done, "C2") == Cell("3")


def test_days_counted_from_1904_texts_in_runs_and_errors_are_read() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([date(2026, 3, 1), "x", "=1/0"])
    content = changed(saved(book), SHEET, lambda xml: re.sub(rb'<c r="B1"[^>]*>.*?</c>', RUNS, xml))
    content = changed(
        content, SHEET, lambda xml: re.sub(rb'<c r="C1"[^>]*>.*?</c>', b'<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', xml)
    )
    assert sheet(content).rows == ((1, ("2026-03-01", "Tŷ\nDdewi", "#DIV/0!")),)


RUNS = (
    '<c r="B1" t="inlineStr"><is><r><t>Tŷ_x000D_\n</t></r><rPh sb="0" eb="1"><t>ti</t></rPh><r><t>Ddewi</t></r></is></c>'.encode()
)


def a_hundred_thousand_rows() -> tuple[bytes, bytes]:
    """A workbook and a CSV, the last row of which says 100000 in column B."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Payments")
    for number in range(1, 100_001):
        page.append([f"Supplier {number % 900}", number, number / 7])
    return saved(book), "".join(f"Supplier {n},{n}\n" for n in range(1, 100_001)).encode()


def test_any_row_of_a_hundred_thousand_is_read() -> None:
    content, table = a_hundred_thousand_rows()
    for kind, file in (("xlsx", content), ("xlsx", shared(content)), ("csv", table)):
        assert cell(file, "B100000", kind) == Cell("100000")
    shown = sheet(content, row=100_000)
    assert (shown.first_row, shown.rows[-1][0], shown.last_row) == (99_501, 100_000, 100_000)
    assert (shown.earlier_row, shown.later_row) == (99_001, 0)
    assert sheet(content).later_row == 501


@pytest.mark.proof
def test_the_last_row_of_a_hundred_thousand_is_read_in_under_a_second() -> None:
    content, table = a_hundred_thousand_rows()
    cell(b"a\n1\n", "A1", "csv")  # the process that children are forked from is there
    took = []
    for kind, file in (("xlsx", content), ("xlsx", shared(content)), ("csv", table)):
        for _ in range(3):
            began = time.perf_counter()
            assert cell(file, "B100000", kind) == Cell("100000")
            took.append(time.perf_counter() - began)
    print(f"workbook, workbook with shared texts, CSV: {', '.join(f'{min(took[n : n + 3]):.2f} s' for n in (0, 3, 6))}")
    assert max(min(took[n : n + 3]) for n in (0, 3, 6)) < 1, took


def test_columns_beyond_a_page_are_reached() -> None:
    wide = (",".join(f"c{n}" for n in range(1, 121)) + "\n").encode()
    assert cell(wide, "DP1", "csv") == Cell("c120")
    shown = sheet(wide, "csv", column=120)
    assert (shown.columns[0], shown.columns[-1]) == ("CW", "DP")
    assert (shown.earlier_column, shown.later_column, sheet(wide, "csv").later_column) == (51, 0, 51)


# --- two hundred invented workbooks, against the libraries that read the same files ----------------------------------------

FORMATS = ("General", "0.00", "#,##0", "0.0%", "£#,##0.00", "000000", "0.00E+00")
DATES = ("dd/mm/yyyy", "d mmm yy", "mmm-yy", "dd/mm/yyyy hh:mm", "[h]:mm")


def invented(chance: random.Random) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for _ in range(chance.randrange(30)):
        place = book.active.cell(chance.randrange(1, 60), chance.randrange(1, 12))
        kind = chance.randrange(4)
        if kind == 0:
            place.value = chance.choice(["North", "Tŷ Ddewi & co", " spaced ", "1,204", "12\n13", "<b>", "O’Brien"])
        elif kind == 1:
            place.value, place.number_format = chance.randrange(-(10**6), 10**9), chance.choice(FORMATS)
        elif kind == 2:
            place.value, place.number_format = round(chance.uniform(-1000, 1000), chance.randrange(5)), chance.choice(FORMATS)
        else:
            place.value = datetime(2020, 1, 1) + timedelta(chance.randrange(3000), chance.randrange(1440) * 60)
            place.number_format = chance.choice(DATES)
    return book


def _active(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_two_hundred_workbooks_hold_in_every_cell_what_openpyxl_finds_there() -> None:
    chance, cells = random.Random(5), 0
    for _ in range(200):
        content = saved(invented(chance)) if chance.randrange(2) else shared(saved(invented(chance)))
        found = read_sheet(io.BytesIO(content), MEDIA_TYPES["xlsx"], "x", "")
        shown = {
            f"{column}{row}": text for row, texts in found.rows for column, text in zip(found.columns, texts, strict=True) if text
        }
        held = {place.coordinate: place for row in _active(content).iter_rows() for place in row if place.value is not None}
        assert shown.keys() == held.keys()
        for address, place in held.items():
            _, read = read_cell(io.BytesIO(content), MEDIA_TYPES["xlsx"], "x", "", address)
            assert read.shown == shown[address]
            if isinstance(place.value, str):
                assert read.shown == place.value
            elif isinstance(place.value, datetime):
                assert f"{place.value:%d/%m/%Y}" in (read.stored or read.shown)
            elif isinstance(place.value, timedelta):
                assert (
                    read.shown == f"{int(place.value.total_seconds()) // 3600}:{int(place.value.total_seconds()) // 60 % 60:02}"
                )
            else:
                assert (read.stored or read.shown) == plain(place.value)
            cells += 1
    assert cells > 2000


def test_pandas_finds_the_same_cells() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas comes with the benches (make bench)")
    chance = random.Random(6)
    for _ in range(50):
        content = saved(invented(chance))
        frame = pandas.read_excel(io.BytesIO(content), header=None)
        found = read_sheet(io.BytesIO(content), MEDIA_TYPES["xlsx"], "x", "")
        for row, texts in found.rows:
            for column, text in enumerate(texts):
                value = frame.iat[row - 1, column]
                assert pandas.isna(value) == (text == "")
                if isinstance(value, str):
                    assert text == value


def test_what_took_too_long_once_is_refused_at_once_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that has run for less than an hour everything was refused as if it had taken too long before."""
    monkeypatch.setattr("scrutiny.file_reading.sandbox_lanes.time.monotonic", lambda: 60.0)
    monkeypatch.setattr("scrutiny.file_reading.sandbox_lanes._stopped", {("slow", "read_sheet", "text/csv", "x", ""): 59.0})
    shown: Sheet = show(read_sheet, "text/csv", "x", "", file=b"a\n1\n", known_as="quick")
    assert shown.last_row == 2
    with pytest.raises(CannotBeShown, match="too long"):
        show(read_sheet, "text/csv", "x", "", file=b"a\n1\n", known_as="slow")
