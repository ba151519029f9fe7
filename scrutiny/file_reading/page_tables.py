"""The tables of a web page, also of one that is called .xls: some finance systems export those."""

from __future__ import annotations

from html.parser import HTMLParser

from scrutiny.file_reading.raw_sheet import MOST_COLUMNS, within_columns

#: Cells that one may span: a page that says a million is made to harm.
MOST_SPANNED = 100


class _Tables(HTMLParser):
    """Gathers the cells of each table; a table within another is read as one of its own, after it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row or a cell begins; most pages leave out some ends."""
        if tag == "table":
            self._close()
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._close()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._close()
            if not self._open[-1]:
                self._open[-1].append([])
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MOST_SPANNED) if span.isdecimal() else 1
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """A cell, a row or a table ends."""
        if tag in ("td", "th", "tr", "table"):
            self._close()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Words of a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None and self._open:
            row = self._open[-1][-1]
            # A row that is too long already is refused: what it spans besides need not be held.
            row += ["".join(self._cell), *[""] * ((self._span - 1) if len(row) <= MOST_COLUMNS else 0)]
        self._cell = None


def page_tables(text: str) -> list[tuple[tuple[int, tuple[str, ...]], ...]]:
    """The rows of each table as (number, cells), without those that hold nothing."""
    reader = _Tables()
    # An end of everything that may be open: without one, what begins a comment or a tag looks through all the rest for its end.
    reader.feed(f"{text}</table><!-- -->")
    reader.close()
    return [
        tuple(
            (number, tuple(" ".join(cell.split()) for cell in within_columns(number, row)))
            for number, row in enumerate(table, 1)
            if any(cell.strip() for cell in row)
        )
        for table in reader.tables
    ]
