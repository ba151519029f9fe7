"""Figures typed one a line, 'label: number unit', read or refused by line; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from workflows.refusals import Refused

_MINUS = r"\-−–"
#: One number: a sign, a currency, figures whole or in groups of three, a decimal point; then its unit.
NUMBER = re.compile(
    rf"(?P<sign>[+{_MINUS}]?)\s*(?P<currency>[£€$]?)\s*(?P<inner>[{_MINUS}]?)"
    r"(?P<digits>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?P<unit>\D.*|)"
)
#: A letter or word that only says how large the number is (£1.2m), and another number, in figures or words.
_SCALE = r"\s*(?:[a-z]{1,2}\b|thousand|million|billion|%|per\s?cent)?\s*"
_NUMBER = r"(?:[£€$]\s*)?(?:[0-9][0-9,.]*|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand)\b)"
#: What is measured in several steps, each with its number: 3 h 20 min, 5 ft 4 in.
_STEP = (
    r"(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|d|days?|w|wks?|weeks?|months?|y|yrs?|years?|ft|feet|foot|in|inch(?:es)?"
    r"|st|stones?|lbs?|oz|pounds?|p|pence)\b\.?"
)
#: What would make the number another one as soon as it follows: a ratio, a time, a range, a bound, a part of so many.
NOT_A_UNIT = re.compile(
    "|".join(
        (
            r"[eE][+-]?[0-9]|[⁰¹²³⁴-⁹½¼¾]|\s*\d|\s*(?:h|hrs?)[0-9]",
            rf"{_SCALE}[.,;:/±^×*+{_MINUS}—]\s*{_NUMBER}",
            rf"{_SCALE}[+?~≈<>≤≥±{_MINUS}](?![A-Za-z])",
            rf"{_SCALE}\b(?:(?:or|and)\s+(?:more|over|above|up|fewer|less|under|below)|plus|minus|upwards?)\b",
            rf"{_SCALE}\b(?:in|of|out\s+of|from|by|x|vs\.?|versus)\s+(?:(?:every|the|all|about)\s+)?{_NUMBER}",
            rf"\s*(?![kcm]?m[23]\b){_STEP},?\s*[0-9]+(?:\.[0-9]+)?\s*(?:{_STEP}|$)",
        )
    ),
    re.IGNORECASE,
)
#: Numbers that say of what or of whom, not how many: per 100,000 people, aged 5 to 11.
OF_WHOM = re.compile(
    rf"\bper\s+[£€$]?[0-9][0-9,]*|\b(?:aged?|ages|years?|bands?|grades?|stages?|tiers?|levels?|groups?)\s+[0-9]+"
    rf"\s*(?:to|or|and|[{_MINUS}])\s*[0-9]+",
    re.IGNORECASE,
)
#: What makes the number another one wherever it stands: a second number joined to it, a part of so many, an interval.
SECOND_NUMBER = re.compile(
    "|".join(
        (
            rf"(?:%|per\s?cent)\s+of\s+{_NUMBER}|\bout\s+of\s+(?:(?:every|the|all)\s+)?{_NUMBER}",
            rf"\b(?:in|of)\s+(?:(?:every|the|all|about)\s+)?(?!(?:19|20)[0-9]{{2}}\s*$){_NUMBER}\s*$",
            rf"(?:\b(?:to|or|and|plus|minus)\b|(?<=\s)[{_MINUS}—])\s*[+{_MINUS}<>~]?\s*{_NUMBER}",
            rf"[£€$]\s*[0-9]|[\[(](?:[^A-Za-z\])]*[0-9]|\s*{_NUMBER})|\b(?:CI|confidence|range|between)\b.*{_NUMBER}",
        )
    ),
    re.IGNORECASE,
)
#: The year or the financial year that a number is for, after it: in 2025, in 2025-26, for 2025/26, (2025-26).
OF_YEAR = re.compile(
    r"(?P<joined>\s{1,4}(?:in|for|during)\s{1,4}(?:the\s{1,4}year\s{1,4})?|,?\s{1,4}\(|,\s{1,4})(?P<year>(?:19|20)[0-9]{2})"
    r"(?:\s{0,4}(?:[-–/]|\bto\b)\s{0,4}(?:19|20)?(?P<next>[0-9]{2}))?\)?\s{0,4}",
    re.IGNORECASE,
)
#: A whole number below this and a year could be a ratio as well: 1 in 2000.
LEAST_OF_YEAR = 100
#: A number that is kept back: too small, confidential, not available (the marks of the Government Analysis Function).
SUPPRESSED = re.compile(
    r"(?:[<≤]\s*[0-9]+|(?:less|fewer) than [0-9]+|\[?[cuwxz]\]?|\[low\]|\*|suppressed|confidential|n/?a"
    r"|not (?:available|applicable|held|known))"
    r"(?P<unit>\s+.*|)",
    re.IGNORECASE,
)
LONGEST_LINE = 500


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, the number (None where it is kept back), its unit, its line, and its value as it was typed."""

    label: str
    number: Decimal | None
    unit: str
    line: int
    typed: str = ""

    @property
    def as_typed(self) -> str:
        """The value with its unit as it was typed; what is kept back has its unit beside it."""
        return self.typed if self.number is not None else f"{self.typed} {self.unit}".rstrip()


def read_figures(text: str) -> list[Figure]:
    """The figures in a text, blank lines passed over; Refused names the first line at fault and what to do."""
    faults = faults_in(text)
    if faults:
        raise Refused(faults[0])
    return [_figure(line, n) for n, line in _lines(text)]


def kept_figures(text: str) -> list[Figure]:
    """The figures of a kept text, by whatever rule it was accepted: a line that cannot be read is shown as it stands."""
    found = []
    for n, line in _lines(text):
        try:
            found.append(_figure(line, n))
        except Refused:
            label, _, rest = line.partition(":")
            found.append(Figure(label.strip(), None, "", n, rest.strip()))
    return found


def faults_in(text: str) -> list[str]:
    """What is wrong in each line, as sentences; none when every line can be read."""
    found = []
    for n, line in _lines(text):
        try:
            _figure(line, n)
        except Refused as refusal:
            found.append(refusal.sentence)
    return found


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers from 1."""
    return [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _is_a_unit(number: re.Match[str]) -> bool:
    """Whether what follows a number leaves it the number that was meant."""
    after = _without_year(number)
    return not NOT_A_UNIT.match(after) and not SECOND_NUMBER.search(OF_WHOM.sub(" ", after))


def _without_year(number: re.Match[str]) -> str:
    """What follows a number, without the year it is for where that can be nothing else."""
    after = number["unit"]
    found = next((one for one in OF_YEAR.finditer(after) if one.end() == len(after)), None)
    if found is None:
        return after
    before, joined = after[: found.start()], found["joined"].split()
    if found["next"]:
        follows = int(found["next"]) == (int(found["year"]) + 1) % 100
        return before if follows else after
    large = number["currency"] or before or float(re.sub(r"[,\s]", "", number["digits"])) >= LEAST_OF_YEAR
    return before if joined[:1] in (["in"], ["for"], ["during"]) and large else after


def _figure(line: str, n: int) -> Figure:
    """One line read, or refused with its number and the remedy."""
    example = gettext("like 'Referrals in the year: 1,204 children'")
    if len(line) > LONGEST_LINE:
        raise Refused(gettext("Line %(n)s: keep it to %(most)s characters, %(example)s", n=n, most=LONGEST_LINE, example=example))
    label, colon, rest = line.rpartition(":")
    if not colon or not label.strip():
        raise Refused(gettext("Line %(n)s: put what is counted, a colon and the number, %(example)s", n=n, example=example))
    if (label[-1].isdigit() and rest[:1].isdigit()) or (":" in label and not re.search(r"[^\W\d]", label.rpartition(":")[2])):
        raise Refused(
            gettext(
                "Line %(n)s: “%(typed)s” is not one number. Give a ratio or a time as one number, %(example)s",
                n=n,
                typed=f"{label.rpartition(':')[2].split(' ')[-1]}:{rest.strip()}"[:60],
                example=gettext("like 'Children for each adult: 4' or 'Usual wait: 90 minutes'"),
            )
        )
    typed = rest.strip()
    number = NUMBER.fullmatch(typed)
    if number is not None and _is_a_unit(number) and not (number["sign"] and number["inner"]):
        value = Decimal(re.sub(r"[,\s]", "", number["digits"]))
        unit = f"{number['currency']} {number['unit'].strip()}".strip()
        minus = number["sign"] in ("-", "−", "–") or bool(number["inner"])
        return Figure(label.strip(), -value if minus else value, unit, n, typed)
    if kept_back := SUPPRESSED.fullmatch(typed):
        return Figure(label.strip(), None, kept_back["unit"].strip(), n, typed.removesuffix(kept_back["unit"]))
    if not re.search(r"[0-9]", typed):
        raise Refused(gettext("Line %(n)s: put a number after the colon, %(example)s", n=n, example=example))
    raise Refused(
        gettext(
            "Line %(n)s: “%(typed)s” is not one number. Write one number after the colon and then its unit, %(example)s",
            n=n,
            typed=typed[:60],
            example=example,
        )
    )
