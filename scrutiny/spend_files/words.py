"""What is said of a spend file, in sentences that are put into words where they are shown."""

from __future__ import annotations

from decimal import Decimal

from scrutiny.spend_files.records import Certainty, Remark, Role, Skipped, Warned, Why
from workflows.refusals import Sentence


def pounds(pence: object) -> str:
    """Pence as pounds: £1,234.56, with a minus before the sign."""
    value = int(str(pence))
    return f"{'-' if value < 0 else ''}£{Decimal(abs(value)) / 100:,.2f}"


def why_words(skipped: Skipped) -> Sentence:
    """Why a row is no payment, or is left out."""
    cell = {"cell": skipped.cell}
    return {
        Why.TOTAL: Sentence("It states a total, and is not a payment: %(cell)s.", cell)
        if skipped.cell
        else Sentence("It repeats the sum of the rows above it, and is not a payment."),
        Why.HEADER_AGAIN: Sentence("The header is repeated here."),
        Why.NOTE: Sentence("It is a note, and no payment: %(cell)s", cell),
        Why.NO_AMOUNT: Sentence("It has no amount: “%(cell)s”.", cell) if skipped.cell else Sentence("It has no amount."),
        Why.NOT_AN_AMOUNT: Sentence("“%(cell)s” is not an amount.", cell),
        Why.SHEET_ERROR: Sentence("It has no amount: the spreadsheet it comes from shows an error, %(cell)s.", cell),
        Why.AMBIGUOUS_AMOUNT: Sentence("“%(cell)s” can be read as more than one amount.", cell),
        Why.TOO_LARGE: Sentence("“%(cell)s” is too large to be an amount.", cell),
        Why.OTHER_CURRENCY: Sentence("It is not in pounds: “%(cell)s”.", cell),
        Why.NO_SUCH_DAY: Sentence("There is no such day as %(cell)s.", cell),
        Why.TOO_MANY_CELLS: Sentence(
            "It has more cells than the table has columns, so which is the amount cannot be known: “%(cell)s”.", cell
        ),
        Why.ALONE: Sentence("Only its amount is given: nothing says what it is or who was paid."),
    }[skipped.why]


def role_words(role: Role) -> Sentence:
    """What a column holds."""
    return {
        Role.BODY: Sentence("Body that paid"),
        Role.DATE: Sentence("Date paid"),
        Role.PERIOD: Sentence("Period"),
        Role.AMOUNT: Sentence("Amount"),
        Role.DEBIT: Sentence("Debit"),
        Role.CREDIT: Sentence("Credit"),
        Role.VAT: Sentence("VAT"),
        Role.CURRENCY: Sentence("Currency"),
        Role.SUPPLIER: Sentence("Supplier"),
        Role.SUPPLIER_ID: Sentence("Supplier’s number"),
        Role.TRANSACTION: Sentence("Transaction number"),
        Role.DEPARTMENT: Sentence("Department"),
        Role.SERVICE: Sentence("Service"),
        Role.CATEGORY: Sentence("Category of expenditure"),
        Role.PURPOSE: Sentence("Purpose"),
        Role.CAPITAL: Sentence("Capital or revenue"),
    }[role]


def certainty_words(certainty: Certainty) -> Sentence:
    """How a column came to be taken for what it is."""
    return {
        Certainty.CHOSEN: Sentence("Chosen"),
        Certainty.CERTAIN: Sentence("Its title and its cells say so"),
        Certainty.LIKELY: Sentence("Its title or some of its cells leave a doubt"),
        Certainty.GUESS: Sentence("Its cells look like it; its title does not say so"),
    }[certainty]


def remark_words(remark: Remark) -> Sentence:
    """A warning in a sentence."""
    note = remark.values.get("note")
    if isinstance(note, Sentence):
        return note
    values = {"n": f"{remark.count:,}", "rows": _rows(remark)}
    for name, value in remark.values.items():
        is_money = name in ("pence", "without", "stated")
        values[name] = pounds(value) if is_money else str(role_words(value)) if isinstance(value, Role) else str(value)
    said = _of_columns(remark, values) or _of_dates(remark, values) or _of_amounts(remark, values)
    if said is None:
        raise ValueError(f"no sentence says {remark.kind}")
    return said


def _rows(remark: Remark) -> str:
    more = "…" if remark.count > len(remark.rows) else ""
    return ", ".join(str(row) for row in remark.rows) + more


def _of_columns(remark: Remark, values: dict[str, str]) -> Sentence | None:
    return {
        Warned.COLUMN_GUESSED: Sentence("“%(title)s” was taken for: %(role)s. Its title does not say so: check it.", values),
        Warned.TWO_AMOUNTS: Sentence("The amounts were taken from “%(title)s”; %(others)s could be the amount too.", values),
        Warned.GROSS: Sentence("The amounts include VAT: “%(title)s”.", values),
        Warned.NO_DATES: Sentence("No column of dates was recognised: the payments have no day."),
        Warned.NO_SUPPLIERS: Sentence("No column of suppliers was recognised."),
        Warned.SHEETS_UNREAD: Sentence("Not read, because they hold no payments under the same header: %(names)s.", values),
        Warned.SEVERAL_BODIES: Sentence("The file names several bodies: %(names)s.", values),
        Warned.PERSONAL: Sentence("Suppliers that may be persons, and are treated so: %(n)s rows.", values),
    }.get(remark.kind)


def _of_dates(remark: Remark, values: dict[str, str]) -> Sentence | None:
    return {
        Warned.LOST_DATES: Sentence("%(n)s rows have no usable date, and are loaded without one: %(rows)s.", values),
        Warned.PERIODS: Sentence("%(n)s rows say a period and no day: %(rows)s.", values),
        Warned.MONTH_FIRST: Sentence("The dates have the month before the day, as in the United States."),
        Warned.EITHER_ORDER: Sentence(
            "Nothing in the dates says whether the day or the month comes first. They were read with the day first: check them."
        ),
        Warned.OTHER_ORDER: Sentence(
            "%(n)s dates are in the order of the United States, with the month before the day, unlike the others: %(rows)s.",
            values,
        ),
        Warned.IMPLAUSIBLE_DATES: Sentence("%(n)s dates are not plausible for a payment: %(rows)s.", values),
    }.get(remark.kind)


def _of_amounts(remark: Remark, values: dict[str, str]) -> Sentence | None:
    return {
        Warned.DECIMAL_COMMA: Sentence("The amounts have a decimal comma: 1.234,56 was read as one thousand and more."),
        Warned.SCALED: Sentence("The amounts are in units of £%(scale)s, and were multiplied.", values),
        Warned.BELOW_A_PENNY: Sentence("%(n)s amounts have parts of a penny, and were rounded: %(rows)s.", values),
        Warned.MOSTLY_NEGATIVE: Sentence(
            "%(n)s amounts are below nought, which is nearly all: this publisher may write payments with a minus. "
            "They were kept as they are.",
            values,
        ),
        Warned.NOT_LOADED: Sentence("%(n)s rows with an amount were left out, %(pence)s in all: %(rows)s.", values),
        Warned.DUPLICATES: Sentence(
            "%(n)s rows repeat another exactly: %(rows)s. The total is %(pence)s with them, and %(without)s without.", values
        ),
        Warned.TOTAL_DIFFERS: Sentence("The file states a total of %(stated)s, but its amounts make %(pence)s.", values),
        Warned.TOTAL_AGREES: Sentence("The file states a total of %(stated)s, and its amounts make the same.", values),
    }.get(remark.kind)
