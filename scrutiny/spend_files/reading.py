"""A spend file read whole: its table, header and columns found, its rows taken in, and what is to be known of it said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import IO

from scrutiny.file_reading.decoding import LARGEST_UNPACKED
from scrutiny.file_reading.raw_tables import RawFile, read_raw_file
from scrutiny.spend_files.amounts import has_parts_of_a_penny, mark_of, read_amount
from scrutiny.spend_files.dates import DMY, MDY, Order, order_of, read_date
from scrutiny.spend_files.names import plain_title, scale_said
from scrutiny.spend_files.records import Reading, Remark, Role, SpendFile, Warned, Why
from scrutiny.spend_files.remarks import remarks_of
from scrutiny.spend_files.rows import LONGEST_TEXT, Gathered, Rules, take
from scrutiny.spend_files.table import AMOUNTS, NoAmounts, NoHeader, Table, table_of
from scrutiny.spend_files.words import why_words
from workflows.refusals import Refused

#: Rows shown to be looked at.
SHOWN = 8
#: How long after today the day of a payment may lie before it is doubted.
AHEAD = timedelta(days=400)


def read_spend_file(file: IO[bytes], reading: Reading, today: date, most: int = LARGEST_UNPACKED) -> SpendFile:
    """A spend file from its bytes. `today` bounds which days are likely. Refuses what holds no payments that can be told."""
    return read_spend(read_raw_file(file.read(), most=most), reading, today)


def read_spend(raw: RawFile, reading: Reading, today: date) -> SpendFile:
    """A spend file from its tables."""
    tables, unread = _tables(raw, reading)
    table = tables[0]
    rules = _rules(tables, reading, today)
    into = Gathered()
    for one in tables:
        sheet = one.sheet.name if len(tables) > 1 else ""
        for row, cells in one.under:
            take(row, cells, replace(rules[0], sheet=sheet), into)
    pence = sum(one.pence for one in into.payments)
    if not into.payments:
        first = into.skipped[0]
        raise NoAmounts(
            "No row of this file can be read as a payment, with “%(column)s” as the amount. The first, row %(row)s: %(why)s",
            column=", ".join(column.title or str(column.number) for column in table.columns if column.role in AMOUNTS),
            row=first.row,
            why=why_words(first),
        )
    left_out = sum(one.pence or 0 for one in into.skipped if one.why is not Why.TOTAL)
    bodies = Counter(one.body for one in into.payments if one.body)
    found = SpendFile(
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sheet=table.sheet.name,
        header_row=table.header.row,
        header=table.header.titles,
        columns=table.columns,
        payments=tuple(into.payments),
        skipped=tuple(into.skipped),
        remarks=(),
        pence=pence,
        left_out_pence=left_out,
        date_order=rules[1].order,
        decimal_mark=rules[0].mark,
        scale=rules[0].scale,
        stated_pence=_stated(table, into, pence + left_out),
        duplicates=into.duplicates,
        pence_without_duplicates=pence - into.duplicate_pence,
        bodies=tuple(bodies.most_common(50)),
        sample=tuple((row, tuple(cell[:LONGEST_TEXT] for cell in cells)) for row, cells in table.under[:SHOWN]),
    )
    remarks = [Remark(Warned.READ_AS, values={"note": note}) for note in raw.notes]
    return replace(found, remarks=(*remarks, *remarks_of(found, table, into, rules[1], unread)))


def _tables(raw: RawFile, reading: Reading) -> tuple[list[Table], list[str]]:
    """The sheets that hold the payments, all with one header, and the names of further ones with rows."""
    found, refusal = [], None
    for sheet in raw.sheets:
        if reading.sheet and sheet.name != reading.sheet:
            continue
        try:
            found.append(table_of(sheet, reading))
        except Refused as refused:
            refusal = refused
    if not found:
        raise refusal or NoHeader("There is no sheet called “%(name)s”.", name=reading.sheet)
    main = max(found, key=lambda table: (len({column.role for column in table.columns}), len(table.under)))
    same = [table for table in found if _keys(table) == _keys(main)]
    used = {id(table.sheet) for table in same}
    unread = [sheet.name for sheet in raw.sheets if id(sheet) not in used and len(sheet.rows) > 1]
    return [main, *(table for table in same if table is not main)] if main is not same[0] else same, unread


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(plain_title(title) for title in table.header.titles if title.strip())


def _rules(tables: Sequence[Table], reading: Reading, today: date) -> tuple[Rules, Order]:
    """How rows are read, by all cells of their columns."""
    table = tables[0]
    texts = [cell for one in tables for cell in one.cells(*AMOUNTS)]
    amounts = [read_amount(text) for text in texts]
    mark = reading.decimal_mark or mark_of(amounts)
    dates = [read_date(cell) for one in tables for cell in one.cells(Role.DATE)]
    order = order_of(dates)
    if reading.date_order in (DMY, MDY):
        order = replace(order, order=reading.date_order, is_sure=True)
    places = {column.role: column.number - 1 for column in table.columns}
    width = len(table.header.titles)
    rules = Rules(
        places,
        table.header.titles,
        width,
        table.titled,
        mark,
        has_parts_of_a_penny(texts),
        order.order,
        reading.scale or _scale(table),
        "",
        today + AHEAD,
    )
    return rules, order


def _scale(table: Table) -> int:
    """How many pounds 1 is: by the title of the amounts, else by a line above the header."""
    titles = tuple(column.title for column in table.columns if column.role in AMOUNTS)
    above = tuple(cell for _, cells in table.sheet.rows[: max(table.header.begins - 1, 0)] for cell in cells if cell.strip())
    return scale_said((*titles, *above))


def _stated(table: Table, into: Gathered, pence: int) -> int | None:
    """The total that the file states: one that agrees with its amounts, else the last; also one above the header."""
    stated = [total for _, total in into.totals]
    for _, cells in table.sheet.rows[: max(table.header.begins - 1, 0)]:
        if any("total" in cell.casefold() for cell in cells):
            numbers = [read_amount(cell).dot for cell in cells if read_amount(cell).is_in_pence]
            stated += [int(number * 100) for number in numbers if number is not None]
    if not stated:
        return None
    if pence in stated:
        return pence
    # Totals of parts that together make the whole are a statement of it too.
    return pence if sum(stated) == pence else stated[-1] if len(stated) == 1 else max(stated, key=abs)
