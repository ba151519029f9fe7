"""Amounts drawn as bars for page and print alike; what a chart says stands in a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from scrutiny.svg import PAPER, TONES, Frame, box, hatches, ident_of, svg, text


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it is called, how much of it there is, and the number as it is written."""

    name: str
    amount: float
    written: str


def bars(values: Sequence[Bar], *, title: str, width: int = 640, tone: str = "one") -> Markup:
    """Amounts as bars, one under the other, each with its name above it and its number at its end; read without colour."""
    if not values:
        return Markup("")
    ident, row_height = ident_of("bars", title), 44
    most, numbers = max(max(bar.amount for bar in values), 0), max(len(bar.written) for bar in values) * 9 + 12
    parts = [hatches([tone], ident)]
    for row, bar in enumerate(values):
        y, long = row * row_height, (width - numbers) * max(bar.amount, 0) / most if most else 0
        parts += [
            text((0, y + 15), bar.name),
            box((0.5, y + 21), (long, 15), tone, ident, f"{bar.name}: {bar.written}"),
            text((long + 8, y + 34), bar.written, bold=True),
        ]
    return svg(Frame(title, width, len(values) * row_height, ident), parts)


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar made of parts, in the order of the chart's series; what is below nothing cannot be drawn and has no length."""

    name: str
    parts: Sequence[float]
    written: str


#: The parts of a bar differ in hatching and tone, and carry the letter of their series. The last is for all the rest.
PARTS = ("one", "two", "three", "four", "six", "five", "rest")
LETTERS = "ABCDEFG"
#: How long a part must be for its letter to fit, and how wide a letter of a name is reckoned.
LETTER, LETTER_WIDTH = 15, 7.4


def stacked(stacks: Sequence[Stack], series: Sequence[str], *, title: str, width: int = 420) -> Markup:
    """Amounts as bars, each of several parts; above them what each letter stands for. At most as many series as PARTS."""
    if not stacks or not series:
        return Markup("")
    ident, top, row_height = ident_of("stacked", title), 24 * len(series) + 6, 48
    tones = PARTS[: len(series)]
    most = max(sum(max(part, 0) for part in stack.parts) for stack in stacks)
    scale = (width - 2) / most if most else 0
    drawn = [hatches(tones, ident)]
    for row, (tone, letter, name) in enumerate(zip(tones, LETTERS, series, strict=False)):
        drawn += [box((0.5, 24 * row + 2), (20, 18), tone, ident), text((28, 24 * row + 16), f"{letter}  {name}")]
    for row, stack in enumerate(stacks):
        y = top + row * row_height
        room = int((width - 9 * len(stack.written) - 8) / LETTER_WIDTH)
        drawn += [text((0, y + 17), shortened(stack.name, room)), text((width, y + 17), stack.written, anchor="end", bold=True)]
        drawn += _parts(stack, series, (y + 24, scale), ident)
    return svg(Frame(title, width, top + len(stacks) * row_height, ident), drawn)


def shortened(name: str, room: int) -> str:
    """A name that fits into so many letters, cut after a word; the table beside the chart has the whole of it."""
    if len(name) <= room:
        return name
    return f"{name[: max(room - 1, 1)].rsplit(' ', 1)[0]}…"


def _parts(stack: Stack, series: Sequence[str], at: tuple[float, float], ident: str) -> Iterator[str]:
    """The parts of one bar, each with the letter of its series where that fits; `at` is its top, and units to an amount."""
    (y, scale), x = at, 0.5
    for tone, letter, name, amount in zip(PARTS, LETTERS, series, stack.parts, strict=False):
        long = max(amount, 0) * scale
        if long < 0.05:
            continue
        yield box((x, y), (long, 18), tone, ident, gettext("%(bar)s: %(part)s", bar=stack.name, part=name))
        if long >= LETTER:
            yield _letter((x + long / 2, y + 14), letter, tone)
        x += long


def _letter(at: tuple[float, float], letter: str, tone: str) -> str:
    """A letter over a hatched part: on a patch of the part's own tone, so that it is read in black and white."""
    fill = PAPER if tone == "five" else TONES[tone][0]
    patch = f'<rect x="{at[0] - 6:.1f}" y="{at[1] - 12:.1f}" width="12" height="14" rx="2" fill="{fill}"/>'
    return f'<g pointer-events="none" aria-hidden="true">{patch}{text(at, letter, anchor="middle", size=13)}</g>'
