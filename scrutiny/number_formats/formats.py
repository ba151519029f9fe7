"""What Excel shows in a cell: a stored value in the number format of its cell (ECMA-376 part 1, 18.8.30); pure.

As Excel does it with British settings: dates of the system are dd/mm/yyyy, times 24 hours, halves are rounded away from zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scrutiny.number_formats.dates import Moment, NoDate, show_moment, shows_day
from scrutiny.number_formats.digits import exact, general, show_digits

GENERAL = "General"
#: The formats that a workbook names by number alone; 27 to 36 and 50 to 58 are dates of East Asian Excel.
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "£#,##0;-£#,##0",
    6: "£#,##0;-£#,##0",
    7: "£#,##0.00;-£#,##0.00",
    8: "£#,##0.00;-£#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "dd-mmm-yy",
    16: "dd-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "hh:mm",
    21: "hh:mm:ss",
    22: "dd/mm/yyyy hh:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-£* #,##0_-;-£* #,##0_-;_-£* "-"_-;_-@_-',
    43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    44: '_-£* #,##0.00_-;-£* #,##0.00_-;_-£* "-"??_-;_-@_-',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "dd/mm/yyyy"),
}
#: What stands in a cell that a date or time cannot be shown in: Excel fills it so.
NOT_SHOWN = "########"
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<width>_.)|(?P<fill>\*.)|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<bracket>[^\[\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?<=[0#?.])(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|e+|b+|g+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<>|<=|>=|<|>|=)\s*(-?[0-9.]+(?:E[+-]?[0-9]+)?)", re.IGNORECASE)
_SYSTEM = {"F800": "dddd, dd mmmm yyyy", "F400": "hh:mm:ss"}
#: Excel takes no longer format; each of its characters costs time in every cell.
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format: its kind (a group of the pattern, `literal` for what is shown as it stands) and its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts of a format that semicolons part: its tokens, its condition if it names one, and its language."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    language: int = 0

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds stands in it."""
        return any(token.kind in kinds for token in self.tokens)


def shown(value: str | bool | float | Decimal, code: str, *, since_1904: bool = False) -> str:
    """The value as Excel shows it in a cell of this format; a number's runs of spaces are one.

    `since_1904`: the workbook counts its days from 1 January 1904. A format that nobody can read shows as General does.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    sections = _sections(code) if len(code) <= _LONGEST else _sections(GENERAL)
    if isinstance(value, str):
        return _text(value, sections)
    number = exact(value)
    section, is_bare = _chosen(number, sections)
    return " ".join(_number(number, section, is_bare, since_1904).split())


def is_moment(value: float | Decimal, code: str) -> bool:
    """Whether a number in this format is a date or a time."""
    if len(code) > _LONGEST:
        return False
    return _chosen(exact(value), _sections(code))[0].has("date", "elapsed", "half")


def has_day(code: str) -> bool:
    """Whether a format of dates and times shows of which day, month or year; else it shows a time only."""
    return len(code) <= _LONGEST and any(shows_day(section) for section in _sections(code))


def _number(number: Decimal, section: Section, is_bare: bool, since_1904: bool) -> str:
    """A number by the section that applies to it; `is_bare` where the section itself says that it is below zero."""
    if section.has("date", "elapsed", "half"):
        try:
            return show_moment(Moment(number, since_1904), section)
        except NoDate:
            return NOT_SHOWN
    minus = "-" if number < 0 and not is_bare else ""
    if section.has("general") or (section.has("text") and not section.has("digit")):
        made = "".join(
            general(abs(number)) if token.kind in ("general", "text") else token.text if token.kind == "literal" else ""
            for token in section.tokens
        )
        return minus + made
    return minus + show_digits(abs(number), section.tokens)


def _text(value: str, sections: Sequence[Section]) -> str:
    """Text by the section for text: the fourth, or the last where @ stands in it."""
    section = sections[3] if len(sections) > 3 else sections[-1] if sections[-1].has("text") else None
    if section is None:
        return value
    return "".join(value if token.kind == "text" else token.text if token.kind == "literal" else "" for token in section.tokens)


def _chosen(number: Decimal, sections: Sequence[Section]) -> tuple[Section, bool]:
    """The section for a number, and whether only numbers below zero come to it, so that it shows their sign itself."""
    for_numbers = (
        list(sections[:3])
        if len(sections) > 3
        else [part for part in sections if part is not sections[-1] or not part.has("text")]
    )
    if not for_numbers:
        return _sections(GENERAL)[0], False
    conditions = [section.condition for section in for_numbers]
    if not any(conditions):
        if number < 0 and len(for_numbers) > 1:
            return for_numbers[1], True
        return for_numbers[2 if number == 0 and len(for_numbers) > 2 else 0], False
    first = conditions[0] or (">" if len(for_numbers) > 2 else ">=", Decimal(0))
    if _holds(number, first):
        return for_numbers[0], _is_below_zero(first)
    if len(for_numbers) == 1:
        return _sections(GENERAL)[0], False
    second = conditions[1] or (("<", Decimal(0)) if len(for_numbers) > 2 else None)
    is_rest_below = first[0] in (">", ">=") and first[1] <= 0
    if second is None:
        return for_numbers[1], is_rest_below
    if _holds(number, second):
        return for_numbers[1], _is_below_zero(second) or is_rest_below
    return for_numbers[-1], False


def _holds(number: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, limit = condition
    below, same = number < limit, number == limit
    return {"<": below, "<=": below or same, "=": same, "<>": not same, ">=": not below, ">": not below and not same}[sign]


def _is_below_zero(condition: tuple[str, Decimal]) -> bool:
    """Whether no number that meets the condition is zero or more."""
    sign, limit = condition
    return (sign == "<" and limit <= 0) or (sign in ("<=", "=") and limit < 0)


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[Section, ...]:
    """A format taken apart; system dates and times stand for the formats that British settings have."""
    for name, meant in _SYSTEM.items():
        if re.match(rf"\[\$-(?:x-sys(?:date|time)|{name})\]", code, re.IGNORECASE):
            code = meant if name == "F400" or "time" not in code.split("]")[0] else _SYSTEM["F400"]
    parts: list[list[Token]] = [[]]
    conditions: dict[int, tuple[str, Decimal]] = {}
    languages: dict[int, int] = {}
    for found in _TOKEN.finditer(code or GENERAL):
        kind = str(found.lastgroup)
        text = found[kind]
        if kind == "other" and text == ";":
            parts.append([])
        elif kind == "bracket":
            if condition := _CONDITION.fullmatch(text.strip()):
                conditions[len(parts)] = (condition[1], Decimal(condition[2]))
            elif text.startswith("$"):
                currency, _, language = text[1:].rpartition("-") if "-" in text else (text[1:], "", "")
                parts[-1].append(Token("literal", currency))
                languages[len(parts)] = int(language[-4:], 16) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", language) else 0
        elif kind in ("quoted", "escaped", "other"):
            parts[-1].append(
                Token(
                    "slash"
                    if kind == "other" and text == "/"
                    else "numeral"
                    if kind == "other" and text.isdigit()
                    else "literal",
                    text,
                )
            )
        elif kind == "width":
            parts[-1].append(Token("literal", " "))
        elif kind != "fill":
            parts[-1].append(Token(kind, text))
    return tuple(Section(tuple(part), conditions.get(n), languages.get(n, 0)) for n, part in enumerate(parts, 1))
