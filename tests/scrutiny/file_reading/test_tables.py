"""Tables written here are safe to open and keep their numbers; tables sent here are read however they were saved."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.file_reading.tables import Cell, read_csv, write_csv, write_xlsx
from workflows.refusals import Refused

MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy"
ROW: list[Cell] = ["=1+1", "+44 121", "-5", "@SUM(A1)", "\tx", "\rx", "plain", -5, -2.5, Decimal("-1.10"), None, True]


def test_text_a_spreadsheet_would_run_is_neutralised_in_csv_and_numbers_are_not_touched() -> None:
    written = list(csv.reader(io.StringIO(write_csv(["=header", "n"], [ROW]).decode(), newline="")))
    assert written[0] == ["'=header", "n"]
    assert written[1] == [
        *("'=1+1", "'+44 121", "-5", "'@SUM(A1)", "'\tx", "'\rx", "plain"),
        *("-5", "-2.5", "-1.10", "", "true"),
    ]


def test_a_workbook_keeps_numbers_as_numbers_and_never_holds_a_formula() -> None:
    rows = [[*ROW, date(2026, 11, 27), datetime(2026, 11, 27, 9, tzinfo=UTC), "bell\x07"]]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx({"Answers: Q1/Q2": (["a", "b"], rows)})))
    sheet = book["Answers  Q1 Q2"]
    cells = list(sheet[2])
    assert [cell.data_type for cell in cells[:7]] == ["s"] * 7
    assert [cell.value for cell in cells[:4]] == ["=1+1", "+44 121", "-5", "@SUM(A1)"]
    assert all(cell.quotePrefix for cell in cells[:4])
    assert [cell.value for cell in cells[7:12]] == [-5, -2.5, -1.1, None, True]
    assert cells[12].value == datetime(2026, 11, 27)
    assert cells[13].value == "2026-11-27T09:00:00+00:00"
    assert cells[14].value == "bell"
    assert sheet["A1"].font.bold


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n")), min_size=2, max_size=4))
def test_no_text_at_all_reaches_a_csv_cell_as_a_formula(texts: list[str]) -> None:
    written = list(csv.reader(io.StringIO(write_csv(["a"], [texts]).decode(), newline="")))
    run = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    assert not any(cell.startswith(run) and not re.fullmatch(r"-[0-9]+(\.[0-9]+)?%?", cell) for cell in written[1])


def test_a_number_below_zero_that_was_typed_as_text_stays_one_and_nothing_else_does() -> None:
    numbers = ["-5", "-0.25", "-12%"]
    others = ["-5+1", "-5\n=1", "-", "--5", "-1e5", "-.5", "-५", "＝1+1", "\n=1", "+5"]
    written = list(csv.reader(io.StringIO(write_csv(["a"], [numbers, others]).decode(), newline="")))
    assert written[1] == numbers
    assert written[2] == [f"'{one}" for one in others]


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter", "noted"),
    [
        ("name,n\nCafé – £5,1\n".encode(), "utf-8", ",", ""),
        ("\ufeffname,n\nCafé – £5,1\n".encode(), "utf-8", ",", ""),
        ("name;n\nCafé – £5;1\n".encode("cp1252"), "cp1252", ";", "Windows-1252"),
        ("name\tn\nCafé – £5\t1\n".encode("utf-16"), "utf-16", "\t", ""),
        (gzip.compress("name,n\nCafé – £5,1\n".encode(), mtime=0), "utf-8", ",", "gzip"),
        ("\n\nname|n\r\nCafé\x00 – £5|1".encode(), "utf-8", "|", "NUL"),
    ],
)
def test_a_csv_is_read_however_it_was_saved(content: bytes, encoding: str, delimiter: str, noted: str) -> None:
    table = read_csv(content)
    assert next(table.records())[1] == {"name": "Café – £5", "n": "1"}
    assert (table.header, table.encoding, table.delimiter) == (("name", "n"), encoding, delimiter)
    assert noted in " ".join(table.notes)


def test_a_byte_order_mark_that_was_itself_re_encoded_is_no_part_of_the_first_column() -> None:
    assert read_csv("ï»¿name,n\nx,1\n".encode()).header == ("name", "n")


def test_rows_keep_the_line_they_stood_on_and_short_rows_are_filled_where_a_file_is_only_shown() -> None:
    table = read_csv(b'a,b\n\n"one\ntwo",2\nthree\n', strict=False)
    assert list(table.records()) == [(4, {"a": "one\ntwo", "b": "2"}), (5, {"a": "three", "b": ""})]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('postcode,name\nB1 1BB,First\nBT1 5GS,"The Anchor, Belfast\nB1 1BB,Third\n', "opens on line 3 and is never closed"),
        ('a,b\n1,"x\n2,y\n3,z\n4,"w"\n', "Line 2"),
        ('a,b\n1,"x\n2,y\n3,z\n4,w"\n5,v\n', "opens on line 2 and closes only on line 5"),
        ("postcode,name,postcode\nB1 1BB,head office,BT1 5GS\n", "Line 1: two columns are called “postcode” (columns 1 and 3)"),
        ("name,Name \nx,y\n", "two columns are called"),
        ("sep=;\nname;n\nCafé;1;2\n", "Line 3 has 3 cells where the header has 2 columns"),
        ("name,n\nBath, Somerset,1\n", "Line 2 has 3 cells"),
        ("name,n,m\nBath\n", "Line 2 has 1 cell where"),
    ],
)
def test_nothing_is_lost_in_silence(text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_csv(text.encode())
    assert words in refused.value.sentence
    if "opens" in words:  # no mapping can count the rows that stand within one cell
        with pytest.raises(Refused, match="quotation mark opens"):
            read_csv(text.encode(), strict=False)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"sep=;\r\npostcode;name\r\nB1 1BB;x\r\n", (("B1 1BB", "x"),)),
        (b'"sep=\t"\npostcode\tname\nB1 1BB\tx\n', (("B1 1BB", "x"),)),
        ("postcode,name\r\nB1 1BB,Tŷ Môn\r\n".encode("utf-16-le"), (("B1 1BB", "Tŷ Môn"),)),
        (b"postcode,name\rB1 1BB,x\r", (("B1 1BB", "x"),)),
        (b"postcode,name,,\nB1 1BB,x,,\n,,,\n", (("B1 1BB", "x", "", ""),)),
        (b"postcode,name\nB1 1BB,x,,,\n", (("B1 1BB", "x", "", "", ""),)),
        (b'postcode,name\nB1 1BB,"The Anchor\n1 Quay Street\nBelfast"\n', (("B1 1BB", "The Anchor\n1 Quay Street\nBelfast"),)),
    ],
)
def test_what_a_spreadsheet_opens_is_read(content: bytes, rows: tuple[tuple[str, ...], ...]) -> None:
    assert read_csv(content).rows == rows


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b" \n\n", "no rows"), (b"PK\x03\x04...", "workbook"), (gzip.compress(b"a,b", mtime=0)[:-6], "cut short")],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_csv(content)


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "column", "expected"),
    [
        ("m30_real_cp1252_spend.csv", None, "Teaching Equipment – Concert Band"),
        ("m31_real_double_encoded_bom.csv", "Body Name", None),
        ("m43_utf16le_export.csv", None, "Café Ltd"),
        ("m59_gzip_named_csv.csv", None, None),
        ("m57_nul_bytes.csv", None, None),
    ],
)
def test_files_councils_really_sent_are_read(file: str, column: str | None, expected: str | None) -> None:
    if not MESSY.exists():
        pytest.skip(f"no real files at {MESSY}: set SHARED_DATA")
    table = read_csv((MESSY / file).read_bytes())
    text = "\n".join(" ".join(row) for row in table.rows)
    assert "\ufffd" not in text
    assert column is None or column in table.header
    assert expected is None or expected in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"," * 5_000_000, "more than 16,384 columns"),
        (b"place\n" + b"," * 5_000_000, "Line 2 has more than 16,384 columns"),
        ((b"place" + b"," * 16_000 + b"\n") * 60, "cells. Keep the columns that are needed"),
        (b"place\n" + b"\n" * 4_000_000, "cells. Keep the columns that are needed"),
    ],
    ids=["one line", "second line", "wide rows", "empty lines"],
)
def test_a_table_is_bounded_in_every_measure(content: bytes, sentence: str) -> None:
    """Its rows were counted and its cells were not."""
    with pytest.raises(Refused, match=sentence):
        read_csv(content, most=5_000_000, most_rows=10_000)
