"""Which financial year payments are of; and whether the body that a file names is the one it is loaded for. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from scrutiny.spend_files.records import Payment
from scrutiny.typed_text import folded

#: Words that names of public bodies share, which tell none from another.
SHARED = frozenset(
    {
        *("the", "of", "and", "for", "council", "councils", "city", "borough", "metropolitan", "district", "county", "unitary"),
        *("royal", "london", "mbc", "mdc", "wmdc", "authority", "combined", "corporate", "services", "ltd", "limited", "nhs"),
        *("trust", "foundation", "body", "local", "government"),
    }
)
MONTH = re.compile(
    r"(?<![a-z])(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
ALL_CAPITALS = re.compile(r"[A-Z]{2,6}")


def year_of(day: date) -> int:
    """The year in which the financial year of a day begins, on 1 April."""
    return day.year - (day < date(day.year, 4, 1))


def year_of_payment(payment: Payment, first: date, last: date) -> int | None:
    """The financial year of a payment by its day, where it is a likely one, or by its period; None where neither tells."""
    if payment.on is not None and first <= payment.on <= last:
        return year_of(payment.on)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", payment.period):
        return year_of(date(int(found[1]), int(found[2]), 1))
    if found := re.match(r"(20\d{2})\s?[-/]\s?(?:20)?\d{2}\b", payment.period):
        return int(found[1])
    months: list[str] = re.findall(r"\b(20\d{2})\b", payment.period)
    return int(months[0]) - _is_early(payment.period) if months and payment.period[:1].isalpha() else None


def year_of_payments(years: Iterable[int | None], file_name: str) -> int | None:
    """The year of most payments, else what the file's own name says; None where nothing tells."""
    counted = Counter(year for year in years if year is not None)
    if counted:
        return counted.most_common(1)[0][0]
    if found := re.search(r"(?<!\d)(20\d{2})[-_ ]?(0[1-9]|1[0-2])(?!\d)", file_name):
        return year_of(date(int(found[1]), int(found[2]), 1))
    found = re.search(r"(?<!\d)(20\d{2})(?!\d)", file_name)
    if found is None:
        return None
    return int(found[1]) - _is_early(file_name)


def _is_early(text: str) -> bool:
    """Whether the first month that a text names is one before April, so that its financial year began in the year before."""
    found = MONTH.search(text.casefold())
    return found is not None and found[1][:3] in ("jan", "feb", "mar")


def is_called(said: str, names: Iterable[str]) -> bool:
    """Whether a body that a file names may be one with these names: a word of its own in common, or its initials."""
    return any(_alike(said, name) for name in names if name)


def _alike(said: str, name: str) -> bool:
    mine, other = _words(said), _words(name)
    if folded(said) == folded(name) or mine & other:
        return True
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", name) if word.casefold() not in ("of", "the", "and", "for"))
    return ALL_CAPITALS.fullmatch(said.strip()) is not None and said.strip() == initials.upper()


def _words(text: str) -> set[str]:
    """The words of a name that are its own; all of them where it has none."""
    words = set(re.findall(r"[a-z]{3,}", folded(text)))
    return words - SHARED or words
