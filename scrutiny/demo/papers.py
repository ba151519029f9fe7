"""Evidence files of the demonstration, made when it is: printed documents, workbooks and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from scrutiny.adapters import fitted
from scrutiny.adapters.print_job import PdfMissing, PrintingFailed
from scrutiny.file_reading.tables import Row, write_csv, write_xlsx

#: Sheets of a workbook by name: header and rows.
Sheets = Mapping[str, tuple[Sequence[str], Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed page of a paper: a heading, paragraphs and perhaps a table."""

    heading: str
    paragraphs: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document an agency sends: each of its sheets begins a page, after the title on the first."""

    name: str
    title: str
    author: str
    sheets: tuple[Sheet, ...]


def printed(paper: Paper, *, at: datetime) -> tuple[str, bytes] | None:
    """The paper as a PDF (file name, bytes); None on a machine that cannot print."""
    # Not render_template: nobody is asking for a page here.
    html = current_app.jinja_env.get_template("demo/paper.html").render(paper=paper, at=at)
    try:
        return f"{paper.name}.pdf", fitted.printer().print_html(html, created=at).pdf
    except (PdfMissing, PrintingFailed):
        return None


def tables_of(paper: Paper) -> tuple[str, bytes]:
    """The tables of a paper as a workbook, for a machine that cannot print."""
    held = [sheet.table for sheet in paper.sheets if sheet.table is not None]
    return workbook(paper.name, {f"Table {n}": (table.header, table.rows) for n, table in enumerate(held, 1)})


def workbook(name: str, sheets: Sheets) -> tuple[str, bytes]:
    """A workbook of named sheets (file name, bytes)."""
    return f"{name}.xlsx", write_xlsx(sheets)


def table(name: str, header: Sequence[str], rows: Sequence[Row]) -> tuple[str, bytes]:
    """A table as CSV (file name, bytes)."""
    return f"{name}.csv", write_csv(header, rows)
