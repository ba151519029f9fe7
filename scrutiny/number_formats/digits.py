"""Numbers in the digits a format asks for: grouped, scaled, rounded, in powers of ten or as fractions; pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrutiny.number_formats.formats import Token

#: Excel keeps fifteen digits of a number.
EXCEL = Context(prec=15, rounding=ROUND_HALF_UP)
WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
MOST_WIDE = 11
MOST_PLACES = 30


def exact(value: float | Decimal) -> Decimal:
    """A number to the fifteen digits that Excel shows of it."""
    return EXCEL.create_decimal(repr(value) if isinstance(value, float) else value)


def plain(value: float | Decimal) -> str:
    """A number in figures, without grouping: as the formula bar of Excel has it."""
    number = exact(value)
    if not number:
        return "0"
    if -10 <= number.adjusted() < 21:
        return _trimmed(f"{number:f}")
    return _scientific(number)


def general(number: Decimal) -> str:
    """A number that is not below zero as the format General has it: in at most eleven characters."""
    if not number:
        return "0"
    power = number.adjusted()
    if -5 <= power < MOST_WIDE:
        places = max(0, MOST_WIDE - 2 - max(power, 0)) if power >= 0 else min(9, MOST_WIDE - 2)
        if power == -5 and len(_trimmed(f"{number:f}")) > MOST_WIDE:
            return _scientific(number)
        return _trimmed(f"{_rounded(number, places):f}")
    if power < -5 and len(written := _trimmed(f"{number:f}")) <= MOST_WIDE and power >= -9:
        return written
    return _scientific(number)


def _scientific(number: Decimal) -> str:
    """One figure, a point, five more at most, and the power of ten."""
    short = Context(prec=6, rounding=ROUND_HALF_UP).create_decimal(number)
    power = short.adjusted()
    return f"{_trimmed(f'{short.scaleb(-power):f}')}E{'-' if power < 0 else '+'}{abs(power):02}"


def _trimmed(figures: str) -> str:
    return figures.rstrip("0").rstrip(".") if "." in figures else figures


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), context=WIDE)


def show_digits(number: Decimal, tokens: Sequence[Token]) -> str:
    """A number that is not below zero in the digits of a section; what is no digit stands where the section has it."""
    kinds = [token.kind for token in tokens]
    number = number.scaleb(2 * kinds.count("percent"))
    if "exponent" in kinds:
        return _in_powers(number, tokens, kinds.index("exponent"))
    if "slash" in kinds and (fraction := _fraction(number, tokens, kinds)) is not None:
        return fraction
    return _in_figures(number, tokens)


def _in_figures(number: Decimal, tokens: Sequence[Token]) -> str:
    """Whole figures and decimals, grouped and scaled by thousands where the section has commas."""
    kinds = [token.kind for token in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    whole = [n for n, kind in enumerate(kinds) if kind == "digit" and n < point]
    after = [n for n, kind in enumerate(kinds) if kind == "digit" and n > point][:MOST_PLACES]
    number = number.scaleb(-3 * sum(_commas_after(kinds, places[-1]) for places in (whole, after) if places))
    number = _rounded(number, len(after))
    figures = f"{number:f}"
    before, _, decimals = figures.partition(".")
    is_grouped = bool(whole) and "comma" in kinds[whole[0] : whole[-1]]
    filled = _whole(before.lstrip("0"), [tokens[n].text for n in whole], is_grouped)
    placed = dict(zip(whole, filled, strict=True)) | dict(
        zip(after, _decimals(decimals, [tokens[n].text for n in after]), strict=True)
    )
    return "".join(_said(token, placed.get(n, "")) for n, token in enumerate(tokens))


def _said(token: Token, digit: str) -> str:
    """A token as it is shown, a digit by what was placed there."""
    if token.kind == "digit":
        return digit
    return token.text if token.kind in ("literal", "point", "percent", "slash", "numeral") else ""


def _commas_after(kinds: Sequence[str], place: int) -> int:
    """How many commas follow a place at once."""
    count = 0
    while kinds[place + 1 + count : place + 2 + count] == ["comma"]:
        count += 1
    return count


def _whole(figures: str, places: Sequence[str], is_grouped: bool) -> list[str]:
    """The figures before the point, shared out to the places from the right; the first place takes what is left."""
    shared: list[str] = []
    count = 0
    for n, place in enumerate(reversed(places), 1):
        taken = figures[-1:] if n < len(places) else figures
        figures = figures[: -len(taken)] if taken else figures
        made = ""
        for figure in reversed(taken or {"0": "0", "?": " "}.get(place, "")):
            made = figure + ("," if is_grouped and count and count % 3 == 0 and figure != " " else "") + made
            count += 1
        shared.append(made)
    return shared[::-1]


def _decimals(figures: str, places: Sequence[str]) -> list[str]:
    """The figures after the point; noughts at the end show only where the place is a nought."""
    shared, is_end = [], True
    for figure, place in zip(reversed(figures), reversed(places), strict=True):
        is_end = is_end and figure == "0" and place != "0"
        shared.append({"#": "", "?": " "}[place] if is_end else figure)
    return shared[::-1]


def _in_powers(number: Decimal, tokens: Sequence[Token], at: int) -> str:
    """A number in powers of ten; with several places before the point the power is a multiple of their number."""
    before, sign, after = tokens[:at], tokens[at].text, tokens[at + 1 :]
    point = next((n for n, token in enumerate(before) if token.kind == "point"), len(before))
    step = max(sum(token.kind == "digit" for token in before[:point]), 1)
    places = sum(token.kind == "digit" for token in before[point:])
    power = number.adjusted() // step * step if number else 0
    if number and _rounded(number.scaleb(-power), places).adjusted() >= step:
        power += step
    mark = "-" if power < 0 else "+" if sign.endswith("+") else ""
    return f"{_in_figures(number.scaleb(-power), before)}E{mark}{_in_figures(Decimal(abs(power)), after)}"


def _fraction(number: Decimal, tokens: Sequence[Token], kinds: Sequence[str]) -> str | None:
    """A whole number and a fraction, or a fraction alone; None where the slash is none of a fraction."""
    slash = kinds.index("slash")
    start = _run(tokens, slash - 1, -1)
    end = _run(tokens, slash + 1, 1)
    top = [n for n in range(start, slash) if kinds[n] == "digit"]
    bottom = [token for token in tokens[slash + 1 : end + 1] if token.kind in ("digit", "numeral")]
    if not top or not bottom:
        return None
    whole_places = [n for n in range(start) if kinds[n] == "digit"]
    written = "".join(token.text for token in bottom)
    fixed = int(written) if written.isdigit() and written.strip("0") else 0
    over, under = _nearest(number, fixed, 10 ** len(written) - 1)
    whole, over = divmod(over, under) if whole_places else (0, over)
    beside = "".join(_said(token, "") for token in tokens[end + 1 :])
    if not whole_places:
        return "".join(_said(token, "") for token in tokens[:start]) + f"{over}/{under}{beside}"
    shown = _in_figures(Decimal(whole), tokens[:start])
    if over == 0:
        return (shown if whole else shown.rstrip() + "0" if "0" not in shown else shown) + beside
    return f"{shown} {over}/{under}{beside}"


def _run(tokens: Sequence[Token], n: int, step: int) -> int:
    """Where the run of digits beside a slash ends; a space may stand between."""
    while 0 <= n < len(tokens) and tokens[n].text == " ":
        n += step
    while 0 <= n + step < len(tokens) and tokens[n + step].kind in ("digit", "numeral"):
        n += step
    return n


def _nearest(number: Decimal, fixed: int, most: int) -> tuple[int, int]:
    """The fraction nearest to a number with the denominator that is fixed, else the last of its continued fraction up to `most`.

    In floating point, as spreadsheets do it: 0.3 is 2/7 there, not 1/3.
    """
    if fixed:
        return int(_rounded(number * fixed, 0)), fixed
    if number == int(number):
        return int(number), 1
    before, last, rest = (0, 1), (1, 0), float(number)
    while True:
        step = int(rest)
        made = (step * last[0] + before[0], step * last[1] + before[1])
        if made[1] > most:
            return last
        before, last = last, made
        if rest - step < 5e-8 or made[1] == most:
            return made
        rest = 1 / (rest - step)
