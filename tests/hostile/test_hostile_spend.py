"""Spend files made to keep the one child busy that reads them: each takes no more than some times a plain file of its size."""

from __future__ import annotations

import io
import time
from datetime import date

import pytest

from scrutiny.file_reading.raw_sheet import MOST_COLUMNS
from scrutiny.spend_files.publishers import Understood, understand
from tests.hostile.test_hostile_sheets import book

HEAD, ROW = "Supplier,Date,Amount\n", "Acme Ltd,13/04/2024,1.00\n"
LONG = 150_000
#: How many times what a plain file takes, and seconds that are nobody's fault.
TIMES, BESIDES = 3, 0.5


def plain(size: int) -> bytes:
    """A file of payments of so many bytes, or a little more."""
    rows = (f"Acme Ltd {at},13/04/2024,{at}.25\n" for at in range(size // 30 + 1))
    return (HEAD + "".join(rows)).encode()


def long_cell(*cells: str) -> bytes:
    """Payments, and six rows of cells that nobody writes."""
    return (HEAD + ROW * 3 + (",".join(cells) + "\n") * 6).encode()


def titled(title: str) -> bytes:
    """Payments under a title that nobody writes."""
    return (f"Supplier,Date,{title}\n" + ROW * 9).encode()


def page(body: str) -> bytes:
    """A web page with a table, which ends as it may."""
    cells = "<tr><td>Acme</td><td>13/04/2024</td><td>1.00</td></tr>" * 3
    return f"<html><table><tr><th>Supplier</th><th>Date</th><th>Amount</th></tr>{cells}{body}".encode()


def cell(text: str, where: str = "") -> str:
    """A cell of a workbook."""
    return f'<c {where}t="str"><v>{text}</v></c>'


def workbook(*rows: tuple[str, ...]) -> bytes:
    """A workbook of payments, and of these rows."""
    made = (("Supplier", "Date", "Amount"), *[("Acme", "13/04/2024", "1.00")] * 3, *rows)
    return book("".join("<row>" + "".join(map(cell, row)) + "</row>" for row in made).encode()).getvalue()


def read(content: bytes) -> tuple[Understood, float]:
    """A file as it is understood, and the seconds of processor that took."""
    before = time.process_time()
    found = understand(io.BytesIO(content), None, (), date(2026, 11, 30), 300_000_000)
    return found, time.process_time() - before


SPACES = "1" + " " * 30_000 + "b"
FAR = "<row>" + cell("Acme") + cell("13/04/2024") + cell("1.00") + cell("x", 'r="XFD9" ') + "</row>"
WIDE = ",".join(f"Title {at}" for at in range(16_000)) + "\n" + (",".join(["1.00"] * 16_000) + "\n") * 30
#: Each with the bytes of the plain file it is compared with: its own, unpacked.
FILES: dict[str, tuple[bytes, int]] = {
    "days of many T": (long_cell("Acme", "T" * LONG, "1.00"), 6 * LONG),
    "days of T and spaces": (long_cell("Acme", "T " * (LONG // 2), "1.00"), 6 * LONG),
    "figures": (long_cell("Acme", "13/04/2024", "1" * LONG), 6 * LONG),
    "nested brackets": (long_cell("Acme", "13/04/2024", "(" * (LONG // 2) + "1" + ")" * (LONG // 2)), 6 * LONG),
    "minus signs": (long_cell("Acme", "13/04/2024", "-" * LONG + "1"), 6 * LONG),
    "totals": (long_cell("total " * (LONG // 6), "13/04/2024", "1.00"), 6 * LONG),
    "a long title": (titled("Amount " + "x" * 120_000), 120_000),
    "a title of many words": (titled("Amount " * 20_000), 120_000),
    "a title of pounds": (titled("Amount " + "£1 " * 45_000), 180_000),
    "16,000 columns": (WIDE.encode(), len(WIDE)),
    "spaces for an amount": (workbook(*[("Acme", "13/04/2024", SPACES)] * 30), 30 * 30_000),
    "spaces for a day": (workbook(*[("Acme", SPACES, "1.00")] * 30), 30 * 30_000),
    "spaces for a supplier": (workbook(*[(SPACES, "13/04/2024", "1.00")] * 30), 30 * 30_000),
    "the last column": (book((FAR * 1500).encode()).getvalue(), len(FAR) * 1500),
    "less-than signs": (page("<" * 1_000_000), 1_000_000),
    "comments that begin": (page("<!--" * 250_000), 1_000_000),
    "tags that end": (page("</a " * 250_000), 1_000_000),
    "tags that begin": (page("<a x='" * 150_000), 1_000_000),
    "declarations": (page("<!" * 500_000), 1_000_000),
    "tables in tables": (page("<table>" * 125_000), 1_000_000),
    "cells over 200 columns": (page("<tr><td colspan=200>x" * 45_000), 1_000_000),
    "rows of such cells": (page(("<tr>" + "<td colspan=200>x" * 200) * 300), 1_000_000),
}


@pytest.mark.parametrize("name", FILES)
def test_no_spend_file_takes_much_longer_than_a_plain_one_of_its_size(name: str) -> None:
    """Many took more than twelve seconds, during which nobody else's file was read."""
    content, size = FILES[name]
    found, took = read(content)
    usual, most = read(plain(size))
    assert usual.found is not None
    assert took <= most * TIMES + BESIDES, f"{took:.2f}s, a plain one {most:.2f}s"
    assert found.found is not None or found.refusal is not None
    if found.found is not None:
        assert max(map(len, found.titles)) <= 200
        assert all(len(one) <= 300 for _, cells in found.found.sample for one in cells)


@pytest.mark.parametrize("name", ["16,000 columns", "the last column", "rows of such cells"])
def test_more_columns_than_any_table_has_are_refused_with_a_sentence(name: str) -> None:
    found, _ = read(FILES[name][0])
    assert "has more than 500 columns" in str(found.refusal)


def test_empty_cells_beyond_them_are_no_columns() -> None:
    """As some programs save a sheet: with a comma for every column there is."""
    commas = "," * (MOST_COLUMNS + 100)
    found, _ = read((HEAD.strip() + commas + "\n" + ROW.strip() + commas + "\n").encode())
    assert found.found is not None
    assert (len(found.found.payments), found.found.pence) == (1, 100)
