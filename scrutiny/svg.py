"""What every picture is written with: its frame, its tones and hatching, boxes and words; presentation attributes only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from markupsafe import Markup, escape

Point = tuple[float, float]

INK, QUIET, PAPER, LINE = "#0b0c0c", "#505a5f", "#ffffff", "#b1b4b6"
#: Fill, and how it is hatched; 'outside' is a neighbour, 'place' an outline without a fill, 'rest' all that has no other.
TONES = {
    "one": ("#8eb8de", ""),
    "two": ("#f7d9a3", "diagonal"),
    "three": ("#bfdcb4", "dots"),
    "four": ("#dcc6e6", "cross"),
    "outside": ("#e6eaeb", ""),
    "plain": ("#cfdde8", ""),
    "done": ("#7d8f9c", ""),
    "place": ("none", ""),
    "five": ("#5c7f9c", ""),
    "six": ("#eef1f2", "lines"),
    "rest": (PAPER, ""),
}
HATCHES = {
    "diagonal": '<path d="M0 8L8 0M-2 2L2 -2M6 10L10 6" stroke="#8a5a00" stroke-width="1.4"/>',
    "dots": '<circle cx="2" cy="2" r="1.1" fill="#2f6b1f"/><circle cx="6" cy="6" r="1.1" fill="#2f6b1f"/>',
    "cross": '<path d="M0 8L8 0M0 0L8 8" stroke="#5b3a75" stroke-width="0.9"/>',
    "lines": '<path d="M0 2H8M0 6H8" stroke="#505a5f" stroke-width="1.2"/>',
}
FONT = 'font-family="Liberation Sans, Arial, sans-serif"'


def ident_of(kind: str, title: str) -> str:
    """What the ids within a picture begin with: the same for the same title, so that a report is the same bytes
    twice."""
    return f"{kind}{crc32(title.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture is called and how large it is; `ident` begins every id within it."""

    title: str
    width: float
    height: float
    ident: str


def svg(frame: Frame, parts: Iterable[str], *, linked: bool = False, more: str = "") -> Markup:
    """The whole picture, named by its title; a group rather than an image where parts of it can be reached."""
    role, width, height, ident = "group" if linked else "img", frame.width, frame.height, frame.ident
    # Everything within is either written here or escaped; names of areas and phases come from files of strangers.
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="{role}" '
        f'aria-labelledby="{ident}-title" width="{width:.0f}" height="{height:.0f}"{more}>'
        f'<title id="{ident}-title">{escape(frame.title)}</title>{"".join(parts)}</svg>'
    )


def hatches(tones: Iterable[str], ident: str) -> str:
    """The patterns the tones need."""
    wanted = sorted({hatch for tone in tones if (hatch := TONES[tone][1])})
    made = "".join(
        f'<pattern id="{ident}-{hatch}" width="8" height="8" patternUnits="userSpaceOnUse">{HATCHES[hatch]}</pattern>'
        for hatch in wanted
    )
    return f"<defs>{made}</defs>" if made else ""


def box(at: Point, size: tuple[float, float], tone: str, ident: str, words: str = "") -> str:
    """A bar (its corner, how long and how high), hatched as its tone is."""
    (x, y), (long, high) = at, size
    fill, hatch = TONES[tone]
    where = f'x="{x:.1f}" y="{y:.1f}" width="{long:.1f}" height="{high:.1f}"'
    over = f'<rect {where} fill="url(#{ident}-{hatch})"/>' if hatch else ""
    name = f"<title>{escape(words)}</title>" if words else ""
    return f'<g>{name}<rect {where} fill="{fill}" stroke="{QUIET}" stroke-width="0.8"/>{over}</g>'


def text(at: Point, words: str, *, anchor: str = "start", bold: bool = False, size: int = 15) -> str:
    """Words at a point."""
    x, y = at
    weight = ' font-weight="bold"' if bold else ""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} {FONT} font-size="{size}" fill="{INK}"{weight}>{escape(words)}</text>'
