"""A joint report of any length on invented Loamshire, with maps, tables and quotations, in our print layout."""

from __future__ import annotations

import math
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scrutiny.typed_text import blocks

TEMPLATES = Path(__file__).parents[3] / "templates"

REPORT = """
{%- extends "print/base.html" -%}
{%- import "print/parts.html" as parts -%}
{%- block front -%}
<p class="lead">Joint scrutiny of children's services in Loamshire</p>
<dl class="facts"><dt>Bodies</dt><dd>Loamshire County Council; Ouseborough Council</dd>
<dt>Released</dt><dd>27 November 2026</dd></dl>
{%- endblock -%}
{%- block contents %}{{ parts.contents("Contents", sections) }}{% endblock -%}
{%- block body -%}
{%- for id, heading in sections %}
<h2 id="{{ id }}"{% if not loop.first %} class="new-page"{% endif %}>{{ heading }}</h2>
<p>{{ words }}<a href="#{{ sections[0][0] }}">see the first finding</a>.</p>
<h3>What we found</h3>
<p>{{ words }}{{ words }}</p>
<blockquote><p>We could not say who holds the case until the second review.</p></blockquote>
{{ parts.picture(map, "Footprints of the agencies in this place. The shares are in the table below.") }}
{{ parts.table("Agencies and their share of the people", ["Agency", "Kind", "People", "Share"], rows, (2, 3)) }}
<h3>What we ask for</h3>
<div class="apart"><p>Loamshire Police must publish its caseloads each quarter, by 31 March 2027.</p></div>
<p>{{ words }}</p>
{%- endfor %}
{%- endblock -%}
"""
WORDS = (
    "The health visiting service saw 81% of families within 14 days, against 88% the year before; the agencies "
    "gave us three different counts of the same children, and none could say which was right. "
    "Llŷr, Siân and Zoë told us so. "
)
ROWS = [(f"Agency {n} of Loamshire", "district council", f"{n * 13_577:,}", f"{n * 1.7:.1f}%") for n in range(1, 13)]


def sample_map(areas: int = 36, points: int = 60) -> Markup:
    """An SVG of wobbly areas on a grid, each with `points` corners, under a title that says what it shows."""
    side = math.ceil(math.sqrt(areas))
    shapes = []
    for number in range(areas):
        centre = (number % side * 60 + 40, number // side * 40 + 30)
        corners = " ".join(
            f"{centre[0] + math.cos(turn) * (26 + number % 5):.1f},{centre[1] + math.sin(turn) * 18:.1f}"
            for turn in (2 * math.pi * step / points for step in range(points))
        )
        shapes.append(f'<polygon points="{corners}" fill="#{180 + number % 60:02x}d0e0" stroke="#12354f"/>')
    box = f"0 0 {side * 60 + 20} {side * 40 + 20}"
    return Markup(  # shapes are made of numbers alone
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="480" height="300">'
        f"<title>Map of Loamshire: {areas} districts</title>{''.join(shapes)}</svg>"
    )


def sample_report(sections: int = 3) -> str:
    """The report in HTML; a section is about two pages."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.filters["blocks"] = blocks
    return environment.from_string(REPORT).render(
        title="Who holds the case?",
        reference="R-2026-014, edition 1",
        author="Loamshire County Council",
        description="A joint report",
        sections=[(f"finding-{n}", f"Finding {n}: handover & delay") for n in range(1, sections + 1)],
        words=WORDS,
        rows=ROWS,
        map=sample_map(),
    )
