"""Rings and days to SVG, for page and print alike: maps and timetables; presentation attributes only, no styles.

Every picture begins with its <title>, which is its name for a screen reader and in a PDF. Tones differ in hatching as
well as in colour, so nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext
from markupsafe import Markup, escape

from scrutiny.svg import FONT, INK, LINE, PAPER, QUIET, TONES, Frame, Point, box, hatches, ident_of, svg, text

Ring = Sequence[Point]

SHADES = ("one", "two", "three", "four")
#: Of looking for tones that tell the parts of a map apart.
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One area to draw: rings in metres (y to the north), a tone, and words; with `href` it can be reached by
    keyboard."""

    rings: Sequence[Ring]
    words: str
    tone: str = "plain"
    href: str = ""
    label: str = ""
    label_at: Point | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a timetable; both days belong to it. A phase of one day is drawn as a mark."""

    name: str
    begins: date
    ends: date
    tone: str = "one"


@dataclass(frozen=True, slots=True)
class Mark:
    """A day marked above a timetable with a number or letter, which a list beside it explains."""

    day: date
    sign: str
    words: str


def boundary_map(
    shapes: Sequence[Shape],
    *,
    title: str,
    size: tuple[int, int] = (800, 900),
    placed: bool = False,
    frame: tuple[float, float, float, float] | None = None,
) -> Markup:
    """A map of areas, drawn in the order given (the outline of the place last), with a scale in kilometres.

    `placed` tells a script where on earth it lies: the metres at the picture's top left corner, and how much of the picture
    one metre is. `size` is the width and the most height. `frame` is the part to show (west, south, east, north, in metres),
    where it is not all that is drawn.
    """
    points = [point for shape in shapes for ring in shape.rings for point in ring]
    if not points:
        return Markup("")
    width, most_height = size
    whole = min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
    left, low, right, high = frame or whole
    margin = 12
    scale = min((width - 2 * margin) / max(right - left, 1), (most_height - 2 * margin) / max(high - low, 1))
    height = (high - low) * scale + 2 * margin + 26
    shift = (width - (right - left) * scale) / 2

    def place(point: Point) -> Point:
        return shift + (point[0] - left) * scale, margin + (high - point[1]) * scale

    ident = ident_of("map", title)
    drawn = [_shape(shape, place, ident) for shape in shapes]
    labels = [_label(*place(shape.label_at), shape.label) for shape in shapes if shape.label and shape.label_at]
    scale_bar = _scale_bar(scale, width, height)
    linked = any(shape.href for shape in shapes)
    east, north = left - shift / scale, high + margin / scale
    where = f' data-east="{east:.1f}" data-north="{north:.1f}" data-scale="{scale:.9f}"' if placed else ""
    return svg(
        Frame(title, width, height, ident),
        [hatches((shape.tone for shape in shapes), ident), *drawn, *labels, scale_bar],
        linked=linked,
        more=where,
    )


def told_apart(parts: Sequence[Sequence[Ring]]) -> list[str]:
    """A tone for each part of a map, of rings in metres, so that parts which touch differ wherever four tones allow it."""
    corners = [{point for ring in rings for point in map(tuple, ring)} for rings in parts]
    touching = [[other for other in range(place) if corners[place] & corners[other]] for place in range(len(parts))]
    chosen: list[str] = []
    tried = [iter(_tones_from(0))] if parts else []
    steps = 0
    while tried and len(chosen) < len(parts):
        place = len(chosen)
        taken = {chosen[other] for other in touching[place]}
        steps += 1
        tone = next((tone for tone in tried[-1] if tone not in taken), None)
        if tone is None and (steps > MOST_STEPS or place == 0):
            tone = SHADES[place % len(SHADES)]  # no way to tell all apart: those that touch here may be alike
        if tone is None:
            tried.pop()
            chosen.pop()
            continue
        chosen.append(tone)
        tried.append(iter(_tones_from(len(chosen))))
    return chosen


def _tones_from(place: int) -> tuple[str, ...]:
    """The tones in the order in which a part tries them: each begins with another, so that few parts are alike."""
    first = place % len(SHADES)
    return (*SHADES[first:], *SHADES[:first])


def timetable(
    phases: Sequence[Phase],
    *,
    title: str,
    today: date | None = None,
    holidays: Iterable[date] = (),
    marks: Sequence[Mark] = (),
    width: int = 800,
    narrow: bool = False,
) -> Markup:
    """Phases as bars along the days, months marked, holidays shaded, days marked, and a line for today where it falls within.

    `narrow` sets each name above its bar, for a phone.
    """
    if not phases:
        return Markup("")
    first = min(phase.begins for phase in phases)
    last = max(phase.ends for phase in phases) + timedelta(days=1)
    names = 4 if narrow else _column(phase.name for phase in phases)
    day = (width - names - 14) / max((last - first).days, 1)
    shown = [mark for mark in marks if first <= mark.day < last]
    row_height, top = (42, 22) if narrow else (28, 3)
    begins = 28 + (20 if shown else 0)
    height = begins + len(phases) * row_height + 18

    def at(when: date) -> float:
        return names + (when - first).days * day

    ident = ident_of("time", title)
    parts = [hatches((phase.tone for phase in phases), ident)]
    for holiday in sorted(set(holidays)):
        if first <= holiday < last:
            said = f"<title>{escape(gettext('Holiday: %(day)s', day=_day(holiday)))}</title>"
            parts.append(
                f'<rect x="{at(holiday):.1f}" y="24" width="{max(day, 1.5):.1f}" height="{height - 40}" '
                f'fill="#e6eaeb">{said}</rect>'
            )
    parts += _months(first, last, at, height, most=4 if narrow else 10)
    parts += _marks(shown, at, day, height)
    for row, phase in enumerate(phases):
        y, x = begins + row * row_height, at(phase.begins)
        long = max((phase.ends - phase.begins).days * day + day, 3)
        said = f"{phase.name}: {_day(phase.begins)}" + (f" to {_day(phase.ends)}" if phase.ends != phase.begins else "")
        parts.append(text((names, y + 16), phase.name) if narrow else text((names - 8, y + 16), phase.name, anchor="end"))
        parts.append(box((x, y + top), (long, 18), phase.tone, ident, said))
    if today is not None and first <= today < last:
        x = at(today) + day / 2
        parts.append(f'<path d="M{x:.1f} 20V{height - 16}" stroke="#d4351c" stroke-width="2"/>')
        parts.append(text((min(max(x, 24), width - 24), height - 3), gettext("Today"), anchor="middle", bold=True))
    return svg(Frame(title, width, height, ident), parts)


def _marks(marks: Sequence[Mark], at: Callable[[date], float], day: float, height: float) -> list[str]:
    """Each marked day as a fine broken line with its sign at the top; signs of one day stand together, near ones apart."""
    days: dict[date, list[Mark]] = {}
    for mark in marks:
        days.setdefault(mark.day, []).append(mark)
    parts, free = [], 0.0
    for when, these in sorted(days.items()):
        x, said = at(when) + day / 2, "; ".join(f"{_day(when)}: {mark.words}" for mark in these)
        sign = " ".join(mark.sign for mark in these)
        where = max(x, free + 5 + 4.5 * len(sign))
        free = where + 4.5 * len(sign)
        line = f'<path d="M{x:.1f} 42V{height - 16}" stroke="{INK}" stroke-width="1" stroke-dasharray="2 3"/>'
        parts.append(f"<g><title>{escape(said)}</title>{line}{text((where, 38), sign, anchor='middle', bold=True)}</g>")
    return parts


def _shape(shape: Shape, place: Callable[[Point], Point], ident: str) -> str:
    """One area as a path, named, and within a link where it leads somewhere."""
    rings = "".join(_path(ring, place) for ring in shape.rings if len(ring) > 2)
    if not rings:
        return ""
    outline = shape.tone == "place"
    stroke = f'stroke="{INK if outline else QUIET}" stroke-width="{2.4 if outline else 0.8}" stroke-linejoin="round"'
    touch = ' pointer-events="none"' if outline else ""
    hatch = TONES[shape.tone][1]
    path = f'<path class="area" d="{rings}" fill="{TONES[shape.tone][0]}" fill-rule="evenodd" {stroke}{touch}/>'
    if hatch:
        path += f'<path d="{rings}" fill="url(#{ident}-{hatch})" fill-rule="evenodd" pointer-events="none"/>'
    name = f"<title>{escape(shape.words)}</title>" if shape.words else ""
    if shape.href:
        return f'<a href="{escape(shape.href)}" aria-label="{escape(shape.words)}">{name}{path}</a>'
    return f"<g>{name}{path}</g>"


def _path(ring: Ring, place: Callable[[Point], Point]) -> str:
    """A ring as path data, to a tenth of a unit, with points that fall on the one before left out."""
    said, before = [], None
    for point in ring:
        x, y = place(point)
        now = f"{x:.1f} {y:.1f}"
        if now != before:
            said.append(now)
            before = now
    return f"M{'L'.join(said)}Z" if len(said) > 2 else ""


def _label(x: float, y: float, words: str) -> str:
    """A name or number on a map, with a pale edge so that it reads over any tone; a letter is large, to be read on a phone."""
    letter = len(words) == 1 and words.isalpha()
    size = 34 if letter else 15
    edge = f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" {FONT} font-size="{size}" fill="none" aria-hidden="true"'
    return (
        f'<g pointer-events="none">{edge} stroke="{PAPER}" stroke-width="{size / 4:g}" stroke-linejoin="round">'
        f"{escape(words)}</text>"
        f"{text((x, y), words, anchor='middle', bold=letter, size=size)}</g>"
    )


def _scale_bar(scale: float, width: float, height: float) -> str:
    """A round number of kilometres, about a fifth of the picture long."""
    metres = max((step for step in _round_lengths() if step * scale <= width / 4), default=1)
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    long, y = metres * scale, height - 10
    bar = f'<path d="M12 {y - 5:.1f}V{y:.1f}H{12 + long:.1f}V{y - 5:.1f}" fill="none" stroke="{INK}" stroke-width="1.2"/>'
    return bar + text((18 + long, y + 1), said)


def _round_lengths() -> Iterable[float]:
    """1, 2, 5, 10, 20, 50 … metres up to 1,000 km."""
    return (step * 10**power for power in range(6) for step in (1, 2, 5, 10))


def _months(first: date, last: date, at: Callable[[date], float], height: float, most: int = 10) -> list[str]:
    """A line and a name where each month begins, or each quarter where there are more than `most`."""
    months = [first.replace(day=1)]
    while months[-1] < last:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    step = 1 if len(months) <= most else 3 if len(months) <= 3 * most else 12
    parts = []
    for month in [one for one in months if first <= one < last][::step]:
        x = at(month)
        parts.append(f'<path d="M{x:.1f} 22V{height - 16}" stroke="{LINE}" stroke-width="1"/>')
        parts.append(text((x + 3, 15), f"{month:%b}" + (f" {month:%Y}" if month.month == 1 or len(parts) == 1 else "")))
    return parts


def _column(names: Iterable[str], most: float = 260) -> float:
    """How wide a column of names must be, reckoned from the letters, in units of the picture."""
    return min(max((len(name) for name in names), default=0) * 8 + 16, most)


def _day(value: date) -> str:
    """A day in words."""
    return f"{value.day} {value:%B %Y}"
