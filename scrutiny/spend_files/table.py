"""One sheet of a spend file with its header found and its columns named; refused where nothing tells which is the amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scrutiny.file_reading.raw_sheet import RawSheet
from scrutiny.spend_files.amounts import read_amount
from scrutiny.spend_files.chosen import chosen_columns
from scrutiny.spend_files.columns import LOOKED_AT, Looks, looks_of, propose, rivals
from scrutiny.spend_files.headers import HEADED_BY, Header, Rows, find_header
from scrutiny.spend_files.names import LONGEST_TITLE, plain_title
from scrutiny.spend_files.records import Column, Reading, Role, Why
from workflows.refusals import Refused

AMOUNTS = (Role.AMOUNT, Role.DEBIT, Role.CREDIT)


class NoHeader(Refused):
    """No header row was recognised: somebody has to say which column is which."""


class NoAmounts(Refused):
    """No column of amounts was recognised, or several could be it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its header found and its columns proposed."""

    sheet: RawSheet
    header: Header
    columns: tuple[Column, ...]
    looks: tuple[Looks, ...]
    #: how many columns the header itself has
    titled: int

    @property
    def under(self) -> Rows:
        """The rows under the header."""
        return self.sheet.rows[self.header.begins :]

    def cells(self, *roles: Role) -> list[str]:
        """Every cell of the columns of these roles."""
        places = [column.number - 1 for column in self.columns if column.role in roles]
        return [row[place] for _, row in self.under for place in places if place < len(row)]


def table_of(sheet: RawSheet, reading: Reading) -> Table:
    """A sheet with its header and columns; Refused where no header is recognised, or no amounts."""
    header = _header(sheet.rows, reading)
    under = sheet.rows[header.begins :] if header else sheet.rows
    width = _width(header.titles if header else (), [cells for _, cells in under[:LOOKED_AT]])
    if header is None:
        header = Header(0, ("",) * width, 0)
    titled = len(header.titles) if header.row else width
    titles = (*(title[:LONGEST_TITLE] for title in header.titles), *[""] * (width - len(header.titles)))
    sample = [cells for _, cells in under[:LOOKED_AT]]
    looks = tuple(looks_of([cells[at] for cells in sample if at < len(cells)], len(sample)) for at in range(len(titles)))
    columns = chosen_columns(reading.columns, titles, propose(titles, looks) if header.row else ())
    header = Header(header.row, titles, header.begins)
    if header.row == 0 and not any(column.role in AMOUNTS for column in columns):
        raise NoHeader(
            "No header row was recognised in this file, so nothing says which column is which. Its first row is: %(row)s. "
            "Say which column holds the amount, the date and the supplier.",
            row=" | ".join(sheet.rows[0][1])[:200],
        )
    if header.row and not under:
        raise NoAmounts("There is a header in row %(row)s, and no row under it.", row=header.row)
    if not any(column.role in AMOUNTS for column in columns):
        _refuse_amounts(titles, looks, sample)
    return Table(sheet, header, columns, looks, titled)


def _width(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns a table has: those of its header, or more where nearly all rows have as many more."""
    lengths = Counter(max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0) for cells in rows)
    longer = sum(count for length, count in lengths.items() if length > len(titles))
    return max(lengths, default=0) if longer * 10 >= len(rows) * 9 else len(titles)


def _header(rows: Rows, reading: Reading) -> Header | None:
    """The header where it is said, where its chosen titles stand, or where it is found."""
    if reading.header_row is not None:
        if reading.header_row == 0:
            return None
        for at, (number, cells) in enumerate(rows):
            if number == reading.header_row:
                return Header(number, cells, at + 1)
        raise NoHeader("Row %(row)s, which is said to be the header, holds nothing.", row=reading.header_row)
    wanted = {plain_title(title) for title in reading.columns.values() if plain_title(title)}
    said = (Header(number, cells, at + 1) for at, (number, cells) in enumerate(rows[:HEADED_BY]) if _has(cells, wanted))
    return (next(said, None) if len(wanted) > 1 else None) or find_header(rows) or next(said, None)


def _has(cells: Sequence[str], wanted: set[str]) -> bool:
    """Whether each of these titles stands in a row."""
    return bool(wanted) and wanted <= {plain_title(cell) for cell in cells}


def _refuse_amounts(titles: Sequence[str], looks: Sequence[Looks], sample: Sequence[Sequence[str]]) -> None:
    foreign = Counter(at for cells in sample for at, cell in enumerate(cells) if read_amount(cell).fault is Why.OTHER_CURRENCY)
    if foreign and foreign.most_common(1)[0][1] * 2 > len(sample):
        title = titles[foreign.most_common(1)[0][0]]
        raise NoAmounts("The amounts in “%(title)s” are not in pounds. Ask its publisher for pounds.", title=title)
    several = [titles[number - 1] or str(number) for number in rivals(titles, looks, None)]
    if several:
        raise NoAmounts(
            "Several columns could be the amount: %(columns)s. Say which of them it is.", columns=", ".join(several)[:300]
        )
    raise NoAmounts(
        "No column of amounts was recognised. The columns are: %(columns)s. Say which of them is the amount.",
        columns=", ".join(title for title in titles if title)[:300],
    )
