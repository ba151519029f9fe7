"""What a page of the ledger shows, whichever address it stands at: the filter, the ledger, the chart and the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext
from markupsafe import Markup

from scrutiny.areas.models import Area
from scrutiny.areas.places_here import places_here
from scrutiny.areas.queries import area_on, summary
from scrutiny.burden import plain
from scrutiny.burden.forms import LedgerFilter
from scrutiny.burden.ledger import Asked, Ledger, Part, ledger
from scrutiny.burden.words import WAYS, period_title
from scrutiny.charts import Bar, bars
from scrutiny.doors import actor
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import listed, london_day, number
from scrutiny.pages import now
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.whole_numbers import whole_or_none
from workflows.refusals import Refused

#: So many parts stand on a page; the files have all.
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class PlaceCounted:
    """A place the ledger is narrowed to: its name, the places that share land with it, and how many people live there."""

    name: str
    places: tuple[int, ...]
    people: int | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """What a page shows."""

    form: LedgerFilter
    found: Ledger
    way: str
    parts: list[Part]
    more: int
    chart: Markup
    place: PlaceCounted | None
    address: dict[str, str]

    @property
    def title(self) -> str:
        """The period in words."""
        return period_title(self.found.period)

    @property
    def per_thousand(self) -> float | None:
        """Hours, as estimated, for each thousand people of the place; None where nobody has been counted there."""
        if self.place is None or not self.place.people:
            return None
        return self.found.total.estimated / 60 * 1000 / self.place.people


def place_counted(name: str, areas: Sequence[Area]) -> PlaceCounted:
    """The place of some areas: joined by overlap, as everywhere."""
    ids = tuple(places_here([area.code for area in areas], [area.id for area in areas]))
    return PlaceCounted(name, ids, summary(areas).people)


def page_of(*, agency: int | None = None, place: PlaceCounted | None = None, way: str = "who") -> LedgerPage:
    """What the address asks for, as far as the reader sees it; a place or agency given is not chosen."""
    today, form = london_day(now()), LedgerFilter(request.args)
    fixed = place is not None
    if place is None and (form.place.data or "").strip():
        place = _place_typed(form)
    wanted = request.args.get("by", "")
    chosen = wanted if wanted in WAYS else way
    body = whole_or_none(request.args.get("body"))
    asked = Asked(
        period=request.args.get("period", "")[:20],
        body=body,
        agency=agency if agency is not None else whole_or_none(request.args.get("agency")),
        places=place.places if place else None,
    )
    found = ledger(asked, by=actor(), today=today)
    form.offer(found, chosen)
    if fixed:
        del form.place
    if agency is not None:
        del form.agency
    parts = found.parts(chosen)
    address = {name: value for name in ("period", "by", "body", "agency", "place") if (value := request.args.get(name, "")[:100])}
    return LedgerPage(form, found, chosen, parts[:MOST_PARTS], max(len(parts) - MOST_PARTS, 0), _chart(found), place, address)


def _place_typed(form: LedgerFilter) -> PlaceCounted | None:
    """The place typed; None where it is not known, which the field then says."""
    today = london_day(now())
    try:
        areas = [area_on(code, today) for code in codes_of(form.place.data or "", today)]
    except Refused as refused:
        form.place.errors = [refused.sentence]
        return PlaceCounted("", (), None)
    return place_counted(listed([area.name for area in areas]), areas)


def _chart(found: Ledger) -> Markup:
    """Questions asked, quarter by quarter."""
    shown = [Bar(period_title(quarter), counts.asked, number(counts.asked)) for quarter, counts in found.trend()]
    return bars(shown, title=gettext("Questions asked in each quarter"), width=420)


def file_of(page: LedgerPage, form: str, name: str) -> Response:
    """The same as a file: every part, and the whole as the last row."""
    if form == "json":
        response = Response(canonical(plain.as_plain(page.found, page.way)), mimetype="application/json")
    else:
        response = Response(write_csv(plain.COLUMNS, plain.rows_of(page.found, page.way)), mimetype="text/csv")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60]
    file_name = "-".join(filter(None, ("burden", slug, page.found.period.key)))
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}.{form}"'
    return response
