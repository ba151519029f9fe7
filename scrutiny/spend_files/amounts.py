"""An amount of money as people write it, read into decimals: every sign and grouping; what can be read two ways is said so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from scrutiny.spend_files.records import Why

DOT, COMMA = ".", ","
MINUS = str.maketrans(dict.fromkeys("−–—﹣－‐‑‒", "-"))
SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f'’]+")
#: A pound sign, also as other encodings leave it: of old DOS read as Windows, and of UTF-8 read as Windows.
POUND = re.compile(r"Â?£|\bGBP\b|œ(?=[\d.(])|ú(?=\d)", re.IGNORECASE)
FOREIGN = re.compile(r"€|\$|¥|â‚¬|\b(EUR|USD|CHF|JPY)\b", re.IGNORECASE)
NOTHING = re.compile(r"(nil|none|n/?a|null|tbc|tba|-+|not applicable|blank|unknown|x+|\?+)?\.?", re.IGNORECASE)
SHEET_ERROR = re.compile(r"#(ref!?|n/?a|value!?|div/0!?|name\??|num!?|null!?|#+)", re.IGNORECASE)
WITH_DOT = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+")
WITH_COMMA = re.compile(r"(\d+|\d{1,3}(\.\d{3})+)(,\d*)?|,\d+")
SPACED = re.compile(r"\d{1,3}([ '’\u00a0\u2009\u202f]\d{3})+([.,]\d+)?")
POWER = re.compile(r"\d(\.\d+)?[eE][+-]?\d{1,2}")
BRACKETED = re.compile(r"\((.*)\)|\[(.*)\]|<(.*)>")
#: No amount is longer as it is written; each pattern above costs more time the longer what it is tried on is.
LONGEST = 100
#: Pounds that nobody pays at once: all public bodies of the country together spend as much in a year.
TOO_LARGE = Decimal(10) ** 12
#: 1.234: a thousand and more with a dot, or a pound and a fraction of a penny
EITHER_DOT = re.compile(r"\d{1,3}\.\d{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A cell as an amount: its value with a decimal point and with a decimal comma, None where it cannot be read so."""

    dot: Decimal | None = None
    comma: Decimal | None = None
    fault: Why | None = None
    #: written so that a dot may part thousands or pence
    is_either: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it can be read as a number at all."""
        return self.dot is not None or self.comma is not None

    @property
    def is_in_pence(self) -> bool:
        """Whether it has two decimals, as amounts have and numbers of things have not."""
        value = self.dot if self.dot is not None else self.comma
        return value is not None and value.as_tuple().exponent == -2


@lru_cache(maxsize=50_000)
def read_amount(text: str) -> Amount:
    """What one cell says as an amount, without its column."""
    if len(text) > LONGEST and len(text := text.strip()) > LONGEST:
        return Amount(fault=Why.NOT_AN_AMOUNT)
    text = text.strip().lstrip("'").translate(MINUS).strip()
    if SHEET_ERROR.fullmatch(text):
        return Amount(fault=Why.SHEET_ERROR)
    if FOREIGN.search(text) and any(letter.isdigit() for letter in text):
        return Amount(fault=Why.OTHER_CURRENCY)
    bare = POUND.sub("", text).strip()
    if NOTHING.fullmatch(bare):
        return Amount(fault=Why.NO_AMOUNT)
    sign, figures = _sign(bare)
    if figures and SPACED.fullmatch(figures):
        figures = SPACES.sub("", figures)
    if POWER.fullmatch(figures):
        return _made(sign, Decimal(figures), None)
    dot = Decimal(figures.replace(",", "")) if WITH_DOT.fullmatch(figures) else None
    comma = Decimal(figures.replace(".", "").replace(",", ".")) if WITH_COMMA.fullmatch(figures) else None
    if dot is None and comma is None:
        grouped = re.fullmatch(r"[\d.,]+", figures) is not None
        return Amount(fault=Why.AMBIGUOUS_AMOUNT if grouped else Why.NOT_AN_AMOUNT)
    if sign is None:
        return Amount(fault=Why.AMBIGUOUS_AMOUNT)
    return _made(sign, dot, comma, is_either=EITHER_DOT.fullmatch(figures) is not None)


def _made(sign: int | None, dot: Decimal | None, comma: Decimal | None, *, is_either: bool = False) -> Amount:
    if any(value is not None and value >= TOO_LARGE for value in (dot, comma)):
        return Amount(fault=Why.TOO_LARGE)
    factor = sign or 1
    # Nought has no sign, and comes out as itself.
    return Amount(None if dot is None else dot * factor + 0, None if comma is None else comma * factor + 0, is_either=is_either)


def _sign(text: str) -> tuple[int | None, str]:
    """The sign and the figures; None for a sign that is said twice, as (20.00)CR: which is meant cannot be known."""
    signs = []
    if found := re.fullmatch(r"(.*?)\s*\b(CR|DR|C|D)\.?", text, re.IGNORECASE) or re.fullmatch(
        r"(.*\d\)?-?)\s*(CR|DR|C|D)\.?", text, re.IGNORECASE
    ):
        text = found[1].strip()
        signs += [-1] if found[2].upper().startswith("C") else [1]
    while text:
        if found := BRACKETED.fullmatch(text):
            signs.append(-1)
            text = next(part for part in found.groups() if part is not None).strip()
        elif text[0] in "-+":
            signs.append(-1 if text[0] == "-" else 1)
            text = text[1:].strip()
        elif text[-1] in "-+":
            signs.append(-1 if text[-1] == "-" else 1)
            text = text[:-1].strip()
        else:
            break
    minus = sum(sign < 0 for sign in signs)
    return (None if minus > 1 or (minus and len(signs) > 1) else -1 if minus else 1), text


def mark_of(amounts: Iterable[Amount]) -> str:
    """What parts pounds from pence in a column, by the cells that can be read in one way only; a dot where nothing tells."""
    dots = commas = 0
    for amount in amounts:
        dots += amount.comma is None and amount.dot is not None
        commas += amount.dot is None and amount.comma is not None
    return COMMA if commas > dots else DOT


def has_parts_of_a_penny(texts: Iterable[str]) -> bool:
    """Whether a column has amounts with three decimals or more that can be nothing else."""
    likely = (text.strip() for text in texts if len(text) <= LONGEST)
    return any(re.search(r"\d{4,}\.\d{3,}$|\.\d{4,}$|^0*\.\d{3,}$|^-?0\.\d{3,}$", text) for text in likely)


def value_of(amount: Amount, mark: str, *, fine: bool) -> Decimal | Why:
    """The value of a cell in a column with this decimal mark, or why it has none. `fine`: parts of a penny are expected."""
    if amount.fault is not None:
        return amount.fault
    value = amount.dot if mark == DOT else amount.comma
    if value is None:
        return Why.AMBIGUOUS_AMOUNT
    if mark == DOT and amount.is_either and not fine and amount.dot != amount.comma:
        return Why.AMBIGUOUS_AMOUNT
    return value


def pence_of(pounds: Decimal) -> int:
    """Pounds in whole pence; half a penny goes up, away from nought."""
    return int((pounds * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
