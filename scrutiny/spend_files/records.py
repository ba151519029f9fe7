"""What a spend file is once read: columns, payments with their rows, rows left out and warnings; values, no English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a column holds."""

    BODY = "body"
    DATE = "date"
    PERIOD = "period"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    VAT = "vat"
    CURRENCY = "currency"
    SUPPLIER = "supplier"
    SUPPLIER_ID = "supplier_id"
    TRANSACTION = "transaction"
    DEPARTMENT = "department"
    SERVICE = "service"
    CATEGORY = "category"
    PURPOSE = "purpose"
    CAPITAL = "capital"


class Certainty(StrEnum):
    """How a column came to its role: a person said so, its name and its cells agree, or its cells alone speak for it."""

    CHOSEN = "chosen"
    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


class Why(StrEnum):
    """Why a row is no payment, or is left out."""

    TOTAL = "total"
    HEADER_AGAIN = "header_again"
    NOTE = "note"
    NO_AMOUNT = "no_amount"
    NOT_AN_AMOUNT = "not_an_amount"
    SHEET_ERROR = "sheet_error"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    TOO_LARGE = "too_large"
    OTHER_CURRENCY = "other_currency"
    NO_SUCH_DAY = "no_such_day"
    TOO_MANY_CELLS = "too_many_cells"
    ALONE = "alone"


class Warned(StrEnum):
    """What to know of a file that is loaded all the same."""

    READ_AS = "read_as"
    COLUMN_GUESSED = "column_guessed"
    TWO_AMOUNTS = "two_amounts"
    GROSS = "gross"
    NO_DATES = "no_dates"
    NO_SUPPLIERS = "no_suppliers"
    LOST_DATES = "lost_dates"
    PERIODS = "periods"
    MONTH_FIRST = "month_first"
    EITHER_ORDER = "either_order"
    OTHER_ORDER = "other_order"
    IMPLAUSIBLE_DATES = "implausible_dates"
    DECIMAL_COMMA = "decimal_comma"
    SCALED = "scaled"
    BELOW_A_PENNY = "below_a_penny"
    MOSTLY_NEGATIVE = "mostly_negative"
    NOT_LOADED = "not_loaded"
    DUPLICATES = "duplicates"
    TOTAL_DIFFERS = "total_differs"
    TOTAL_AGREES = "total_agrees"
    SHEETS_UNREAD = "sheets_unread"
    SEVERAL_BODIES = "several_bodies"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Column:
    """One column that something is read from: its number from 1, its title, its role, and how it came to it."""

    number: int
    title: str
    role: Role
    certainty: Certainty
    #: shares of its cells from 0 to 1 that look as the role asks
    fits: float = 1.0


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: its row as a spreadsheet program numbers it, and integer pence; less than nothing is a refund."""

    row: int
    pence: int
    on: date | None = None
    period: str = ""
    sheet: str = ""
    body: str = ""
    supplier: str = ""
    transaction: str = ""
    department: str = ""
    service: str = ""
    category: str = ""
    purpose: str = ""
    #: capital, revenue or ''
    capital: str = ""
    #: whether the supplier may be a person, or is left out because it is one
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no payment: why, what stands in the cell that says so, and its pence where it has an amount."""

    row: int
    why: Why
    cell: str = ""
    pence: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning: how many rows it is about, the first of them, and the values that its sentence names."""

    kind: Warned
    count: int = 0
    rows: tuple[int, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read where a person or a profile has said so: '' and nothing leave it to the file.

    `columns` gives the title, the letter or the number (from 1) of the column of a role.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None
    #: dmy or mdy
    date_order: str = ""
    #: . or ,
    decimal_mark: str = ""
    #: how many pounds 1 is
    scale: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SpendFile:
    """A spend file as read. `pence` is the sum of its payments; `left_out_pence` of rows with an amount that were left out."""

    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    payments: tuple[Payment, ...]
    skipped: tuple[Skipped, ...]
    remarks: tuple[Remark, ...]
    pence: int
    left_out_pence: int
    date_order: str
    decimal_mark: str
    scale: int
    stated_pence: int | None = None
    duplicates: int = 0
    pence_without_duplicates: int = 0
    #: the names in the column of bodies, the commonest first, and how many payments each has
    bodies: tuple[tuple[str, int], ...] = ()
    #: the first rows as they stand, to be looked at: (row, cells)
    sample: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows with anything in them stand under the header."""
        return len(self.payments) + len(self.skipped)

    @property
    def agrees(self) -> bool | None:
        """Whether the total that the file states is that of its amounts; None where it states none."""
        return None if self.stated_pence is None else self.stated_pence == self.pence + self.left_out_pence

    def reading(self) -> Reading:
        """How this file was read, to be kept for the next of its publisher."""
        return Reading(
            {str(column.role): column.title or str(column.number) for column in self.columns},
            None if any(column.title for column in self.columns) else self.header_row,
            self.date_order,
            self.decimal_mark,
            self.scale,
        )
