"""What is to be known of a spend file that is loaded all the same: each warning a kind, with its rows and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scrutiny.spend_files.amounts import COMMA
from scrutiny.spend_files.columns import rivals
from scrutiny.spend_files.dates import MDY, Kind, Order, read_date
from scrutiny.spend_files.names import GROSS, plain_title
from scrutiny.spend_files.records import Certainty, Remark, Role, SpendFile, Warned, Why
from scrutiny.spend_files.rows import Gathered
from scrutiny.spend_files.table import Table

#: Rows named in a warning.
NAMED = 10


def remarks_of(found: SpendFile, table: Table, into: Gathered, order: Order, unread: Sequence[str]) -> list[Remark]:
    """What is to be known of a file that is loaded all the same."""
    made = [*_of_columns(table), *_of_dates(table, order)]
    for kind in (Warned.OTHER_ORDER, Warned.LOST_DATES, Warned.PERIODS, Warned.IMPLAUSIBLE_DATES, Warned.BELOW_A_PENNY):
        if rows := into.noted.get(kind):
            made.append(_remark(kind, rows))
    if found.decimal_mark == COMMA:
        made.append(Remark(Warned.DECIMAL_COMMA))
    if found.scale != 1:
        made.append(Remark(Warned.SCALED, values={"scale": found.scale}))
    negative = sum(one.pence < 0 for one in found.payments)
    if negative * 10 >= len(found.payments) * 9 and negative > 1:
        made.append(Remark(Warned.MOSTLY_NEGATIVE, negative))
    if left := [one.row for one in found.skipped if one.pence is not None and one.why is not Why.TOTAL]:
        made.append(_remark(Warned.NOT_LOADED, left, {"pence": found.left_out_pence}))
    if found.duplicates:
        values = {"pence": found.pence, "without": found.pence_without_duplicates}
        made.append(_remark(Warned.DUPLICATES, into.noted[Warned.DUPLICATES], values))
    if found.stated_pence is not None:
        values = {"stated": found.stated_pence, "pence": found.pence + found.left_out_pence}
        made.append(Remark(Warned.TOTAL_AGREES if found.agrees else Warned.TOTAL_DIFFERS, values=values))
    if unread:
        made.append(Remark(Warned.SHEETS_UNREAD, len(unread), values={"names": ", ".join(unread)[:300]}))
    if personal := [one.row for one in found.payments if one.is_personal]:
        made.append(Remark(Warned.PERSONAL, len(personal)))
    return made


def _remark(kind: Warned, rows: Sequence[int], values: Mapping[str, object] | None = None) -> Remark:
    return Remark(kind, len(rows), tuple(rows[:NAMED]), values or {})


def _of_columns(table: Table) -> list[Remark]:
    """Columns that are guessed or missing, and amounts of which there are two."""
    made = [
        Remark(Warned.COLUMN_GUESSED, values={"role": column.role, "title": column.title or str(column.number)})
        for column in table.columns
        if column.certainty is Certainty.GUESS
    ]
    roles = {column.role for column in table.columns}
    made += [Remark(Warned.NO_SUPPLIERS)] * (Role.SUPPLIER not in roles)
    made += [Remark(Warned.NO_DATES)] * (not roles & {Role.DATE, Role.PERIOD})
    amount = next((column for column in table.columns if column.role is Role.AMOUNT), None)
    if amount is None or amount.certainty is Certainty.CHOSEN:
        return made
    if GROSS.fullmatch(plain_title(amount.title)):
        made.append(Remark(Warned.GROSS, values={"title": amount.title}))
    if others := rivals(table.header.titles, table.looks, amount):
        titles = ", ".join(table.header.titles[number - 1] for number in others)
        made.append(Remark(Warned.TWO_AMOUNTS, values={"title": amount.title, "others": titles[:200]}))
    return made


def _of_dates(table: Table, order: Order) -> list[Remark]:
    """Whether day or month comes first, where it is not what readers here expect, or nothing says it."""
    if not any(read_date(cell).kind is Kind.NUMERIC for cell in table.cells(Role.DATE)):
        return []
    if order.order == MDY:
        return [Remark(Warned.MONTH_FIRST)]
    return [] if order.is_sure else [Remark(Warned.EITHER_ORDER)]
