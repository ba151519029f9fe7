"""Columns that a person or a profile names, by title, letter or number, over those that are proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import column_index_from_string

from scrutiny.spend_files.names import LONGEST_TITLE, plain_title, speaks_for
from scrutiny.spend_files.records import Certainty, Column, Role
from workflows.refusals import Refused

#: What people call the roles besides their own names.
CALLED = {
    "value": Role.AMOUNT,
    "net": Role.AMOUNT,
    "net_amount": Role.AMOUNT,
    "payee": Role.SUPPLIER,
    "vendor": Role.SUPPLIER,
    "supplier_name": Role.SUPPLIER,
    "beneficiary": Role.SUPPLIER,
    "date_paid": Role.DATE,
    "paid": Role.DATE,
    "payment_date": Role.DATE,
    "transaction_number": Role.TRANSACTION,
    "reference": Role.TRANSACTION,
    "body_name": Role.BODY,
    "organisation": Role.BODY,
    "directorate": Role.DEPARTMENT,
    "description": Role.PURPOSE,
    "expense_type": Role.CATEGORY,
}


def role_called(name: str) -> Role | None:
    """The role of that name, however it is written."""
    key = "_".join(name.strip().casefold().replace("-", " ").replace("_", " ").split())
    return CALLED.get(key) or next((role for role in Role if role.value == key), None)


def columns_said(said: Mapping[str, object]) -> dict[str, str]:
    """What somebody wrote as {role: column}, or as {column: role}; Refused where a name is no role."""
    made: dict[str, str] = {}
    from_nought = any(value == 0 and not isinstance(value, bool) for value in said.values())
    for key, value in said.items():
        if isinstance(value, int) and not isinstance(value, bool) and from_nought:
            value = value + 1
        if (role := role_called(key)) is not None:
            made[role] = str(value)
        elif (role := role_called(str(value))) is not None:
            made[role] = key
        else:
            raise Refused("“%(name)s” is not something a column can hold. Use: %(roles)s.", name=key[:60], roles=", ".join(Role))
    return made


def chosen_columns(said: Mapping[str, str], titles: Sequence[str], proposed: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns that are said, and those proposed for what is not. Refused where there is no such column."""
    made: dict[Role, Column] = {}
    for name, wanted in said.items():
        role = Role(name)
        if wanted.strip():
            number = _number_of(wanted.strip(), titles)
            made[role] = Column(number, titles[number - 1], role, Certainty.CHOSEN)
    taken = {column.number for column in made.values()}
    split = {Role.DEBIT, Role.CREDIT}
    for column in proposed:
        clashes = (column.role is Role.AMOUNT and made.keys() & split) or (column.role in split and Role.AMOUNT in made)
        if column.role.value not in said and column.number not in taken and not clashes:
            made[column.role] = column
    return tuple(sorted(made.values(), key=lambda column: column.number))


def _number_of(wanted: str, titles: Sequence[str]) -> int:
    """The number of a column from 1, by its title (as it stands, then as it is compared), its number or its letter."""
    wanted = wanted[:LONGEST_TITLE]
    exact = [number for number, title in enumerate(titles, 1) if title.strip() == wanted]
    near = [number for number, title in enumerate(titles, 1) if title and plain_title(title) == plain_title(wanted)]
    if exact or near:
        return (exact or near)[0]
    number = int(wanted) if wanted.isdecimal() else 0
    if wanted.isalpha() and wanted.isascii() and len(wanted) <= 2 and not speaks_for(wanted):
        number = column_index_from_string(wanted.upper())
    if not 1 <= number <= len(titles):
        raise Refused(
            "There is no column “%(name)s”. The columns are: %(columns)s.",
            name=wanted[:60],
            columns=", ".join(title or str(at) for at, title in enumerate(titles, 1))[:300],
        )
    return number
