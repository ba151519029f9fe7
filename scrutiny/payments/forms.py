"""What is chosen to load a file of payments: the file and its body; then which column is which."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileRequired
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from scrutiny.spend_files.dates import DMY, MDY
from scrutiny.spend_files.records import Reading, Role, SpendFile
from scrutiny.widgets import FileField, Form, IntegerField, SelectChoice, SelectField, SubmitField, TextField

#: The roles that a person chooses columns for, in the order in which they are asked.
ASKED = (
    Role.AMOUNT,
    Role.DATE,
    Role.SUPPLIER,
    Role.BODY,
    Role.TRANSACTION,
    Role.SERVICE,
    Role.DEPARTMENT,
    Role.CATEGORY,
    Role.PURPOSE,
    Role.CAPITAL,
    Role.CURRENCY,
    Role.DEBIT,
    Role.CREDIT,
)


class PaymentsForm(Form):
    """A file of payments, and whose they are."""

    file = FileField(
        lazy_gettext("File"),
        validators=[FileRequired(lazy_gettext("Choose a file"))],
        description=lazy_gettext("As it was published: CSV, a workbook, a web page with a table, or .zip or .gz of one."),
    )
    spender = SelectField(lazy_gettext("Body that paid"), validators=[InputRequired(lazy_gettext("Choose the body that paid"))])
    submit = SubmitField(lazy_gettext("Read the file"))


class PaymentColumnsForm(Form):
    """Which column of a file of payments is which, and how its days and amounts are written."""

    header_row = IntegerField(
        lazy_gettext("Row of the header"),
        validators=[Optional(), NumberRange(min=0, max=1_000_000, message=lazy_gettext("Enter a number from 0"))],
        description=lazy_gettext("0 if the file has none. Its first row is 1."),
    )
    amount = SelectField(lazy_gettext("Amount"))
    date = SelectField(lazy_gettext("Date paid"))
    supplier = SelectField(lazy_gettext("Supplier"))
    body = SelectField(lazy_gettext("Body that paid"))
    transaction = SelectField(lazy_gettext("Transaction number"))
    service = SelectField(lazy_gettext("Service"))
    department = SelectField(lazy_gettext("Department"))
    category = SelectField(lazy_gettext("Category of expenditure"))
    purpose = SelectField(lazy_gettext("Purpose"))
    capital = SelectField(lazy_gettext("Capital or revenue"))
    currency = SelectField(lazy_gettext("Currency"))
    debit = SelectField(lazy_gettext("Debit"), description=lazy_gettext("Where payments and refunds are in two columns."))
    credit = SelectField(lazy_gettext("Credit"))
    date_order = SelectField(lazy_gettext("Order of dates"))
    decimal_mark = SelectField(lazy_gettext("Pounds and pence are parted by"))
    scale = SelectField(lazy_gettext("Amounts are in"), coerce=int)
    year = IntegerField(
        lazy_gettext("Year the financial year begins in"),
        validators=[Optional(), NumberRange(min=1990, max=2100, message=lazy_gettext("Enter a year from 1990 to 2100"))],
        description=lazy_gettext("By the dates of the payments, if you leave it empty."),
    )
    profile = TextField(
        lazy_gettext("Name of the profile"),
        validators=[Length(max=120)],
        description=lazy_gettext("How this file is read is saved, and proposed for the next with the same header."),
    )
    show = SubmitField(lazy_gettext("Show what would be loaded"))
    load = SubmitField(lazy_gettext("Save the profile and load these payments"))

    def offer(self, titles: Sequence[str]) -> PaymentColumnsForm:
        """The form with the columns of the file to choose from, by their numbers."""
        none = SelectChoice(value="", label=gettext("None"))
        columns = [
            SelectChoice(value=str(number), label=title or gettext("Column %(number)s", number=number))
            for number, title in enumerate(titles, 1)
        ]
        for role in ASKED:
            self[role.value].choices = [none, *columns]
        self.date_order.choices = [
            SelectChoice(value="", label=gettext("As the dates themselves say")),
            SelectChoice(value=DMY, label=gettext("Day, month, year")),
            SelectChoice(value=MDY, label=gettext("Month, day, year")),
        ]
        self.decimal_mark.choices = [
            SelectChoice(value="", label=gettext("As the amounts themselves say")),
            SelectChoice(value=".", label=gettext("A point: 1,234.56")),
            SelectChoice(value=",", label=gettext("A comma: 1.234,56")),
        ]
        self.scale.choices = [
            SelectChoice(value=0, label=gettext("As the file itself says")),
            SelectChoice(value=1, label=gettext("Pounds")),
            SelectChoice(value=1_000, label=gettext("Thousands of pounds")),
            SelectChoice(value=1_000_000, label=gettext("Millions of pounds")),
        ]
        return self

    def propose(self, found: SpendFile) -> None:
        """Fill in how the file was read."""
        self.header_row.process_data(found.header_row)
        for role in ASKED:
            self[role.value].data = next((str(one.number) for one in found.columns if one.role is role), "")
        self.date_order.data = self.decimal_mark.data = ""
        self.scale.data = found.scale

    def reading(self) -> Reading:
        """How the file is to be read, as it is chosen: no column is proposed for what is left empty."""
        return Reading(
            {role.value: self[role.value].data or "" for role in ASKED},
            self.header_row.data,
            self.date_order.data or "",
            self.decimal_mark.data or "",
            self.scale.data or None,
        )
