"""Which column is which: by its title, and by what its cells look like; and what neither settles is not guessed in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrutiny.spend_files.amounts import read_amount
from scrutiny.spend_files.dates import Kind, read_date
from scrutiny.spend_files.names import speaks_for
from scrutiny.spend_files.records import Certainty, Column, Role

#: How many rows are looked at.
LOOKED_AT = 2_000
#: The roles in the order in which they choose among columns that speak for several.
ORDER = (
    Role.AMOUNT,
    Role.DEBIT,
    Role.CREDIT,
    Role.DATE,
    Role.SUPPLIER,
    Role.BODY,
    Role.TRANSACTION,
    Role.VAT,
    Role.CURRENCY,
    Role.PERIOD,
    Role.CAPITAL,
    Role.DEPARTMENT,
    Role.CATEGORY,
    Role.PURPOSE,
    Role.SERVICE,
    Role.SUPPLIER_ID,
)
#: Text that is a code, an address of the web or a mark, and no name.
NO_NAME = re.compile(r"https?:.*|[A-Z]{0,3}[\d/_.\\-]+[A-Z]{0,2}|[A-Z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Looks:
    """What the cells of a column look like, each a share from 0 to 1 of those that hold something."""

    filled: float = 0.0
    amounts: float = 0.0
    in_pence: float = 0.0
    whole: float = 0.0
    dated: float = 0.0
    serial: float = 0.0
    period: float = 0.0
    names: float = 0.0
    #: with a letter at all: some suppliers are called so
    lettered: float = 0.0
    distinct: float = 0.0
    #: how many different ones there are
    kinds: int = 0
    #: the share of the commonest
    commonest: float = 0.0


def looks_of(cells: Sequence[str], rows: int) -> Looks:
    """What a column's cells look like; `rows` is how many rows there are, those included where it is empty."""
    held = [cell for cell in cells if cell.strip()]
    if not held:
        return Looks()
    count = len(held)
    amounts = [read_amount(cell) for cell in held]
    dates = [read_date(cell) for cell in held]
    tally = Counter(cell.strip().casefold() for cell in held)
    named = sum(len(re.findall(r"[^\W\d_]", cell)) >= 3 and not NO_NAME.fullmatch(cell.strip()) for cell in held)
    undated = [one for one, date in zip(amounts, dates, strict=True) if not date.looks_dated or one.is_in_pence]
    return Looks(
        filled=count / max(rows, 1),
        amounts=sum(one.is_number for one in undated) / count,
        in_pence=sum(one.is_in_pence for one in undated) / count,
        whole=sum(cell.strip().isdecimal() for cell in held) / count,
        dated=sum(one.looks_dated and one.kind is not Kind.PERIOD for one in dates) / count,
        serial=sum(one.kind is Kind.SERIAL for one in dates) / count,
        period=sum(one.kind is Kind.PERIOD for one in dates) / count,
        names=named / count,
        lettered=sum(any(mark.isalpha() for mark in cell) for cell in held) / count,
        distinct=len(tally) / count,
        kinds=len(tally),
        commonest=tally.most_common(1)[0][1] / count,
    )


def fit(role: Role, looks: Looks) -> float:
    """How well the cells of a column fit a role, from 0 to 1; an empty column fits a little, for nothing speaks against it."""
    if not looks.filled:
        return 0.0 if role is Role.AMOUNT else 0.2
    if role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.VAT):
        return looks.amounts
    if role is Role.DATE:
        return max(looks.dated + looks.period * 0.7, looks.serial)
    if role is Role.PERIOD:
        return max(looks.period, looks.dated * 0.8, looks.whole * 0.6)
    if role in (Role.SUPPLIER, Role.CATEGORY, Role.PURPOSE, Role.DEPARTMENT, Role.SERVICE):
        return max(looks.names, looks.lettered * 0.6) * (1 - looks.dated)
    if role is Role.BODY:
        is_code = 0.5 * (looks.distinct < 0.05)
        repeats = looks.kinds <= 60 or looks.distinct < 0.1
        return (max(looks.names, looks.lettered * 0.6) or is_code) * (1.0 if repeats else 0.2)
    if role is Role.TRANSACTION:
        return max(0.2, looks.distinct) * (1 - looks.in_pence) * (1 - looks.dated)
    if role is Role.CAPITAL:
        return 1.0 if looks.kinds <= 8 and looks.amounts < 0.5 else 0.0
    return 1.0 if role is not Role.CURRENCY or looks.kinds <= 12 else 0.0


def propose(titles: Sequence[str], looks: Sequence[Looks]) -> tuple[Column, ...]:
    """Each role with the column that fits it best by title and cells; the amount, date and supplier also by cells alone."""
    taken: dict[int, Column] = {}
    found: dict[Role, Column] = {}
    for role in ORDER:
        if role in (Role.DEBIT, Role.CREDIT) and Role.AMOUNT in found and found[Role.AMOUNT].certainty is Certainty.CERTAIN:
            continue
        ranked = [
            (speaks_for(title).get(role, 0) * share, -number, share)
            for number, (title, look) in enumerate(zip(titles, looks, strict=True), 1)
            if number not in taken and (share := fit(role, look)) >= 0.2 and speaks_for(title).get(role, 0)
        ]
        if not ranked:
            continue
        score, minus, share = max(ranked)
        if role in (Role.AMOUNT, Role.DATE, Role.SUPPLIER, Role.BODY) and (share < 0.4 or score < 2):
            continue
        loud = speaks_for(titles[-minus - 1])[role]
        certain = loud >= 6 and share >= 0.8
        column = Column(-minus, titles[-minus - 1], role, Certainty.CERTAIN if certain else Certainty.LIKELY, round(share, 3))
        found[role] = taken[-minus] = column
    for role in (Role.AMOUNT, Role.DATE, Role.SUPPLIER):
        if role in found or (role is Role.AMOUNT and Role.DEBIT in found):
            continue
        guessed = _by_looks(role, titles, looks, taken)
        if guessed is not None:
            found[role] = taken[guessed.number] = guessed
    return tuple(sorted(found.values(), key=lambda column: column.number))


def _by_looks(role: Role, titles: Sequence[str], looks: Sequence[Looks], taken: Iterable[int]) -> Column | None:
    """The one column whose cells alone look as the role asks; None where there is none, or several for an amount."""
    measures = {
        Role.AMOUNT: lambda look: look.in_pence + look.amounts * 0.3 if look.in_pence > 0.3 and look.amounts > 0.7 else 0.0,
        Role.DATE: lambda look: look.dated if look.dated > 0.8 else 0.0,
        Role.SUPPLIER: lambda look: look.names * look.distinct * look.filled if look.names > 0.8 and look.distinct > 0.1 else 0.0,
    }
    free = [number for number in range(1, len(titles) + 1) if number not in set(taken)]
    ranked = sorted(((measures[role](looks[number - 1]), number) for number in free), reverse=True)
    ranked = [one for one in ranked if one[0] > 0]
    if not ranked or (role is Role.AMOUNT and len(ranked) > 1):
        return None
    number = ranked[0][1]
    return Column(number, titles[number - 1], role, Certainty.GUESS, round(min(ranked[0][0], 1.0), 3))


def rivals(titles: Sequence[str], looks: Sequence[Looks], chosen: Column | None) -> list[int]:
    """Further columns that could be the amount as well: with as loud a title, or, where none is chosen, with the looks."""
    made = []
    for number, (title, look) in enumerate(zip(titles, looks, strict=True), 1):
        if chosen is None:
            if look.amounts > 0.7 and look.in_pence > 0.3:
                made.append(number)
        elif number != chosen.number and look.amounts >= 0.5 and look.filled > 0.5 and _as_loud(title, chosen.title):
            made.append(number)
    return made


def _as_loud(title: str, chosen: str) -> bool:
    """Whether a title speaks for the amount as loudly as the one that was chosen by its title."""
    return speaks_for(title).get(Role.AMOUNT, 0) >= speaks_for(chosen).get(Role.AMOUNT, 0) > 0
