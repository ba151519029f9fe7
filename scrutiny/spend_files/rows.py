"""Each row under the header: a payment, or why not; totals are kept apart, and what is left out keeps its amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from scrutiny.spend_files.amounts import TOO_LARGE, pence_of, read_amount, value_of
from scrutiny.spend_files.dates import EARLIEST, Kind, day_of, read_date
from scrutiny.spend_files.personal import may_be_a_person
from scrutiny.spend_files.records import Payment, Role, Skipped, Warned, Why

TOTAL = re.compile(
    r"(grand|sub|overall|report|net|gross|page|running|overall|final|file|monthly|month)?[ -]*(sub[ -]?)?totals?\b.{0,40}|"
    r"(balance )?(carried|brought) (forward|down).{0,20}|balance [bc]/[fd]|cyfanswm.{0,30}|sum",
    re.IGNORECASE,
)
ENDS_IN_TOTAL = re.compile(r".{0,80}\b(sub)?[- ]?totals?:?", re.IGNORECASE)
HINT = re.compile(r"total|forward|brought|carried|cyfanswm|[bc]/[fd]|\bsum\b", re.IGNORECASE)
#: The two halves of an amount whose comma has parted it.
BEFORE_COMMA, AFTER_COMMA = re.compile(r"[-(]?£?-?\d{1,3}"), re.compile(r"\d{3}(\.\d+)?\)?-?")
#: Roles whose cells make a row a payment, besides its amount.
MAIN = (Role.SUPPLIER, Role.DATE, Role.TRANSACTION, Role.PERIOD)
TEXTS = (Role.BODY, Role.SUPPLIER, Role.TRANSACTION, Role.DEPARTMENT, Role.SERVICE, Role.CATEGORY, Role.PURPOSE)
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Rules:
    """How the rows of one table are read: where each role stands (from 0), and what its whole columns decided."""

    places: Mapping[Role, int]
    titles: tuple[str, ...]
    width: int
    #: how many columns the header itself has
    titled: int
    mark: str
    fine: bool
    order: str
    scale: int
    sheet: str
    #: after this day a payment is not likely to have been made yet
    latest: date


@dataclass(slots=True)
class Gathered:
    """What the rows gave so far."""

    payments: list[Payment] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    noted: dict[Warned, list[int]] = field(default_factory=dict)
    #: totals that rows state, with their pence
    totals: list[tuple[int, int]] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    duplicates: int = 0
    duplicate_pence: int = 0
    since_total: int = 0

    def note(self, kind: Warned, row: int) -> None:
        """Remember that a warning is about a row."""
        self.noted.setdefault(kind, []).append(row)


def take(row: int, cells: Sequence[str], rules: Rules, into: Gathered) -> None:
    """Take one row in as what it is."""
    cells = (*cells, *[""] * (rules.width - len(cells)))
    if _is_header(cells, rules):
        into.skipped.append(Skipped(row, Why.HEADER_AGAIN, sheet=rules.sheet))
        return
    value = _bounded(_value(cells, rules), rules)
    if _is_total(cells, rules, value, into):
        pence = pence_of(value * rules.scale) if isinstance(value, Decimal) else _any_amount(cells, rules)
        into.skipped.append(Skipped(row, Why.TOTAL, _label(cells), pence, rules.sheet))
        if pence is not None:
            into.totals.append((row, pence))
            into.since_total = 0
        return
    if beyond := _beyond(cells, rules):
        pence = pence_of(value * rules.scale) if isinstance(value, Decimal) else None
        into.skipped.append(Skipped(row, Why.TOO_MANY_CELLS, beyond, pence, rules.sheet))
        return
    if isinstance(value, Why):
        into.skipped.append(Skipped(row, *_no_amount(cells, rules, value), sheet=rules.sheet))
        return
    pence = pence_of(value * rules.scale)
    if value * rules.scale * 100 != pence:
        into.note(Warned.BELOW_A_PENNY, row)
    why, cell = _left_out(cells, rules, row, into)
    if why is not None:
        into.skipped.append(Skipped(row, why, cell, pence, rules.sheet))
        return
    into.since_total += pence
    into.payments.append(_payment(row, cells, pence, rules))
    if cells in into.seen:
        into.duplicates += 1
        into.duplicate_pence += pence
        into.note(Warned.DUPLICATES, row)
    into.seen.setdefault(cells, row)


def _cell(cells: Sequence[str], rules: Rules, role: Role) -> str:
    place = rules.places.get(role)
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _is_header(cells: Sequence[str], rules: Rules) -> bool:
    """Whether the header stands here again: most of its titles, each in its place."""
    amount = next(rules.places[role] for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) if role in rules.places)
    if cells[amount].strip().casefold() != rules.titles[amount].strip().casefold() or not rules.titles[amount]:
        return False
    held = [(cell, title) for cell, title in zip(cells, rules.titles, strict=False) if cell.strip()]
    same = sum(cell.strip().casefold() == title.strip().casefold() for cell, title in held)
    return len(held) > 1 and same >= 2 and same * 10 >= len(held) * 8


def _value(cells: Sequence[str], rules: Rules) -> Decimal | Why:
    """The pounds of a row: its amount, or what is debit less what is credit."""
    if Role.AMOUNT in rules.places:
        return value_of(read_amount(_cell(cells, rules, Role.AMOUNT)), rules.mark, fine=rules.fine)
    found = [
        value_of(read_amount(_cell(cells, rules, role)), rules.mark, fine=rules.fine)
        for role in (Role.DEBIT, Role.CREDIT)
        if role in rules.places
    ]
    faults = [one for one in found if isinstance(one, Why)]
    worse = [one for one in faults if one is not Why.NO_AMOUNT]
    if worse or len(faults) == len(found):
        return (worse or faults)[0]
    debit = found[0] if Role.DEBIT in rules.places and isinstance(found[0], Decimal) else Decimal(0)
    credit = found[-1] if Role.CREDIT in rules.places and isinstance(found[-1], Decimal) else Decimal(0)
    # A credit is written with a minus by some, and without by others: it lessens what was paid either way.
    return debit - abs(credit)


def _bounded(value: Decimal | Why, rules: Rules) -> Decimal | Why:
    """A value, or that it is too large to be an amount: also where a title makes millions of it."""
    return Why.TOO_LARGE if isinstance(value, Decimal) and abs(value) * rules.scale >= TOO_LARGE else value


def _is_total(cells: Sequence[str], rules: Rules, value: Decimal | Why, into: Gathered) -> bool:
    """Whether a row states a total: by its label, where it is no payment to somebody called so; or alone, where it adds up."""
    held = [cell.strip() for cell in cells if cell.strip()]
    if not held:
        return False
    main = [role for role in MAIN if role in rules.places]
    filled = [cell for role in main if (cell := _cell(cells, rules, role)) and not _reads_total(cell)]
    hinted = HINT.search(" ".join(held)) is not None
    labelled = hinted and any(TOTAL.fullmatch(cell) for cell in held)
    ended = hinted and any(ENDS_IN_TOTAL.fullmatch(cell) for cell in held)
    if (labelled or ended) and len(filled) <= (0 if len(main) < 3 else 1) and len(held) <= max(3, rules.width // 2):
        return labelled or (ended and not filled)
    if isinstance(value, Decimal) and not filled and len(held) <= 2 and into.payments:
        pence = pence_of(value * rules.scale)
        return pence in (into.since_total, sum(one.pence for one in into.payments)) and pence != 0
    return False


def _reads_total(cell: str) -> bool:
    return TOTAL.fullmatch(cell) is not None or ENDS_IN_TOTAL.fullmatch(cell) is not None


def _label(cells: Sequence[str]) -> str:
    return next((cell.strip()[:80] for cell in cells if _reads_total(cell.strip())), "")


def _any_amount(cells: Sequence[str], rules: Rules) -> int | None:
    """The one amount of a row in which it stands in another column than its own."""
    values = [_bounded(value_of(read_amount(cell), rules.mark, fine=rules.fine), rules) for cell in cells if cell.strip()]
    numbers = [one for one in values if isinstance(one, Decimal)]
    return pence_of(numbers[0] * rules.scale) if len(numbers) == 1 else None


def _no_amount(cells: Sequence[str], rules: Rules, why: Why) -> tuple[Why, str]:
    """Why a row has no amount: a note beneath the table is no row of it."""
    held = [cell.strip() for cell in cells if cell.strip()]
    filled = sum(bool(_cell(cells, rules, role)) for role in MAIN if role in rules.places)
    few = len(held) <= max(2, rules.width // 4)
    if few and why in (Why.NO_AMOUNT, Why.NOT_AN_AMOUNT) and (filled <= 1 or any(len(cell) > 40 for cell in held)):
        return Why.NOTE, max(held, key=len, default="")[:80]
    cell = next((said for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) if (said := _cell(cells, rules, role))), "")
    return why, cell[:80]


def _beyond(cells: Sequence[str], rules: Rules) -> str:
    """What stands beyond the last column, '' for nothing: a comma without quotation marks has pushed the cells apart.

    Where that is so in all rows, the table seems to have a column more: the amount then ends in the cell after its own.
    """
    beyond = [cell.strip() for cell in cells[rules.width :] if cell.strip()]
    if not beyond and rules.width > rules.titled and (place := rules.places.get(Role.AMOUNT)) is not None:
        pair = cells[place : place + 2]
        if len(pair) == 2 and BEFORE_COMMA.fullmatch(pair[0].strip()) and AFTER_COMMA.fullmatch(pair[1].strip()):
            beyond = [pair[1].strip()]
    return beyond[-1][:80] if beyond else ""


def _left_out(cells: Sequence[str], rules: Rules, row: int, into: Gathered) -> tuple[Why | None, str]:
    """Why a row that has an amount is left out all the same, and the cell that says so; notes what is only to be known."""
    currency = _cell(cells, rules, Role.CURRENCY)
    if currency and currency.upper() not in ("GBP", "£", "STERLING", "POUNDS", "GB POUNDS", "UKP", "STG"):
        return Why.OTHER_CURRENCY, currency[:80]
    if not any(cell.strip() for place, cell in enumerate(cells) if place not in _of_amounts(rules)):
        return Why.ALONE, ""
    written = read_date(_cell(cells, rules, Role.DATE))
    day, swapped = day_of(written, rules.order)
    if written.kind is Kind.IMPOSSIBLE or (written.kind is Kind.NUMERIC and day is None):
        return Why.NO_SUCH_DAY, _cell(cells, rules, Role.DATE)[:80]
    if swapped:
        into.note(Warned.OTHER_ORDER, row)
    if Role.DATE in rules.places and day is None:
        into.note(Warned.PERIODS if written.kind is Kind.PERIOD else Warned.LOST_DATES, row)
    if day is not None and not EARLIEST <= day <= rules.latest:
        into.note(Warned.IMPLAUSIBLE_DATES, row)
    return None, ""


def _of_amounts(rules: Rules) -> set[int]:
    return {place for role, place in rules.places.items() if role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.VAT)}


def _payment(row: int, cells: Sequence[str], pence: int, rules: Rules) -> Payment:
    """A payment of a row that is one."""
    said = {str(role): text[:LONGEST_TEXT] for role in TEXTS if (text := _cell(cells, rules, role))}
    written = read_date(_cell(cells, rules, Role.DATE))
    period = written.period or read_date(_cell(cells, rules, Role.PERIOD)).period
    capital = _cell(cells, rules, Role.CAPITAL)
    return Payment(
        row,
        pence,
        on=day_of(written, rules.order)[0],
        period=period[:40],
        sheet=rules.sheet,
        capital=stream_of(capital),
        is_personal=may_be_a_person(said.get("supplier", "")),
        **said,
    )


def stream_of(text: str) -> str:
    """Capital or revenue, as a cell says it in any letters; '' where it says neither. Current spending is revenue."""
    text = text.casefold()
    if text == "c" or text.startswith("cap"):
        return "capital"
    return "revenue" if text.startswith(("r", "cur")) else ""
