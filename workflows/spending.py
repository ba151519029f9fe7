"""How public spending is classed (COFOG and the councils' service divisions), and the price levels for real terms."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from workflows.reading import Fault, Table, faults_with, read_with
from workflows.refusals import Refused, Sentence

_CLASS = re.compile(r"\d\d(\.\d)?")
_LEVEL = re.compile(r"\d{1,6}(\.\d{1,6})?")
OFFICIAL, NOT_VERIFIED = "official", "not-verified"
#: A series of price levels before any is read.
_LONG_AGO: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class SpendingClass:
    """A division ('09') or group ('09.1') of COFOG."""

    key: str
    title: str

    @property
    def division(self) -> str:
        """The division it belongs to, or itself."""
        return self.key[:2]


@dataclass(frozen=True, slots=True)
class ServiceDivision:
    """A service division of the councils' returns, the class of COFOG it is counted under, and the form it stands in."""

    key: str
    title: str
    cofog: str
    form: str


@dataclass(frozen=True, slots=True)
class Deflators:
    """A dated series of price levels by the year a financial year begins in; only their ratios mean anything."""

    title: str
    as_at: date
    source: str
    confidence: str
    levels: Mapping[int, Fraction]

    @property
    def is_official(self) -> bool:
        """Whether the levels were checked against the official series."""
        return self.confidence == OFFICIAL

    def real(self, pence: int, year: int, at_prices_of: int) -> int:
        """Pence of one year at the prices of another, to the nearest penny. Refused where either year has no level."""
        for wanted in (year, at_prices_of):
            if wanted not in self.levels:
                raise Refused(
                    "Real terms are not shown: %(series)s has no figure for %(year)s",
                    series=self.title,
                    year=financial_year(wanted),
                )
        return nearest(pence * self.levels[at_prices_of] / self.levels[year])


def financial_year(year: int) -> Sentence:
    """A financial year in words, by the year it begins in: 2024 → '2024 to 2025'."""
    return Sentence("%(from)s to %(until)s", {"from": str(year), "until": str(year + 1)})


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves away from nothing."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def read_classes(text: str, file_name: str) -> dict[str, SpendingClass]:
    """Read the classes of COFOG by key, once they are checked."""
    return read_with(_classes, text, file_name)


def check_classes(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the classes."""
    return faults_with(_classes, text, file_name)


def _classes(root: Table) -> dict[str, SpendingClass]:
    tables = root.tables("classes", needed=True)
    found: dict[str, SpendingClass] = {}
    for table in tables:
        one = table.built(_class)
        if not _CLASS.fullmatch(one.key):
            table.fault("key", f"key is {one.key!r}", "write two digits, or two digits, a full stop and one")
        elif one.key in found:
            table.fault("key", f"key {one.key!r} is used twice", "give this one another")
        elif one.key != one.division and one.division not in found:
            table.fault("key", f"the division {one.division} of {one.key} does not stand before it", "add it above")
        found[one.key] = one
    return found


def _class(table: Table) -> SpendingClass:
    return SpendingClass(table.text("key"), table.text("title"))


def read_divisions(text: str, file_name: str) -> dict[str, ServiceDivision]:
    """Read the service divisions by key, once they are checked."""
    return read_with(partial(_divisions, classes=None), text, file_name)


def check_divisions(text: str, file_name: str, classes: Iterable[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the service divisions, given the classes of COFOG there are."""
    return faults_with(partial(_divisions, classes=tuple(classes)), text, file_name)


def _divisions(root: Table, classes: tuple[str, ...] | None) -> dict[str, ServiceDivision]:
    rows = root.each("divisions", partial(_division, classes=classes), needed=True)
    return {one.key: one for one in rows}


def _division(table: Table, classes: tuple[str, ...] | None) -> ServiceDivision:
    cofog = table.text("cofog") if classes is None else table.choice("cofog", classes)
    return ServiceDivision(table.key(), table.text("title"), cofog, table.text("form", ""))


def read_deflators(text: str, file_name: str) -> Deflators:
    """Read the price levels, once they are checked."""
    return read_with(_deflators, text, file_name)


def check_deflators(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the price levels."""
    return faults_with(_deflators, text, file_name)


def _deflators(root: Table) -> Deflators:
    levels = root.each("levels", _level, needed=True, unique="year")
    return Deflators(
        root.text("title"),
        root.day("as_at", needed=True) or _LONG_AGO,
        root.text("source"),
        root.choice("confidence", (OFFICIAL, NOT_VERIFIED), otherwise=NOT_VERIFIED),
        {year: level for year, level in levels if level},
    )


def _level(table: Table) -> tuple[int, Fraction]:
    year, text = table.number("year", least=1900, most=2200), table.text("level")
    if not _LEVEL.fullmatch(text) or not Fraction(text):
        table.fault("level", f"level is {text!r}", 'write a number above 0 in quotation marks, such as "96.4"')
        return year, Fraction(0)
    return year, Fraction(text)
