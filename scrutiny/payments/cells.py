"""The payments of a file summed into cells of the count: worked out beforehand, placed as its publisher's words are mapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, ServiceMapping
from scrutiny.spend_files.records import Payment
from scrutiny.typed_text import folded

#: In which column words for the service stand, the one that says most first; and what a mapping calls it.
#: What a payment is for in free words is no service: people are named there, and words of cells are published.
FIELDS = (("service", "service"), ("department", "cost_centre"), ("category", "expense_type"))
PAYMENTS = "payments"
#: What words mean, by the field they stand in and themselves: class, division and control.
Mapped = Mapping[tuple[str, str], tuple[str, str, str]]


@dataclass(slots=True)
class Summed:
    """Payments of one sheet with the same words for their service, of one year and stream; `row` is the first of them."""

    field: str
    words: str
    year: int
    stream: str
    sheet: str
    row: int
    pence: int = 0
    rows: int = 0


def mapped_words(agency: Agency) -> Mapped:
    """What the words of a publisher mean: the class, division and control of each, by its field and the words."""
    columns = (
        ServiceMapping.field,
        ServiceMapping.words,
        ServiceMapping.service,
        ServiceMapping.division,
        ServiceMapping.control,
    )
    rows = db.session.execute(select(*columns).where(ServiceMapping.agency_id == agency.id))
    return {(field, words): (service, division, control) for field, words, service, division, control in rows}


def summed_up(payments: Iterable[Payment], of_years: Sequence[int]) -> tuple[Summed, ...]:
    """The payments of a file summed by the words for their service, year and stream; each sum knows its first row."""
    made: dict[tuple[str, str, int, str], Summed] = {}
    for payment, year in zip(payments, of_years, strict=True):
        field, words = _words_of(payment)
        stream = payment.capital or "revenue"
        key = (payment.sheet, words, year, stream)
        one = made.get(key)
        if one is None:
            one = made[key] = Summed(field, words, year, stream, payment.sheet, payment.row)
        one.pence += payment.pence
        one.rows += 1
    return tuple(made.values())


def _words_of(payment: Payment) -> tuple[str, str]:
    """Which words say the service of a payment, and where they stand; of a payment to a person none but the publisher's own."""
    roles = FIELDS[:2] if payment.is_personal else FIELDS
    return next(((kind, text) for role, kind in roles if (text := getattr(payment, role))), ("", ""))


def cells_of(summed: Iterable[Summed], mapped: Mapped, agency_id: int) -> Iterator[LedgerCell]:
    """The sums as cells, each placed as its words are mapped."""
    for one in summed:
        service, division, control = mapped.get((one.field, folded(" ".join(one.words.split()))[:300]), ("", "", ""))
        yield LedgerCell(
            agency_id=agency_id,
            service=service,
            division=division,
            control=control,
            words=one.words[:300],
            year=one.year,
            phase=PAYMENTS,
            stream=one.stream,
            pence=one.pence,
            sheet=one.sheet[:200],
            row=one.row,
            rows=one.rows,
        )
