"""An agenda as it is shown: grouped by month, as a chart, as cells of a table and as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask_babel import gettext
from markupsafe import Markup

from scrutiny import pictures
from scrutiny.agenda.item import MEETING, PLANNED, REVIEWS, VISIT, AgendaItem
from scrutiny.formats import listed, percent, short_day
from scrutiny.languages import day_in_words

#: What the chart draws, and how many bars it has at most.
DRAWN = (REVIEWS, VISIT, MEETING, PLANNED, "poll", "blackout", "year-end")
MOST_BARS = 40
TONES = {REVIEWS: "one", PLANNED: "two", VISIT: "two", MEETING: "two"}
COLUMNS = ("kind", "title", "from", "to", "bodies", "agency", "place", "share_of_place", "state", "reference", "announced")


def by_month(found: Sequence[AgendaItem], first: date) -> list[tuple[str, list[AgendaItem]]]:
    """The items under the month in which they begin; those that began before the period stand under its first month."""
    months = groupby(found, key=lambda one: max(one.starts_on, first).replace(day=1))
    return [(day_in_words(month, f"{month:%B %Y}", "MMMM y"), list(held)) for month, held in months]


def when(item: AgendaItem) -> str:
    """The days of an item."""
    if item.starts_on == item.ends_on:
        return short_day(item.starts_on)
    return gettext("%(first)s to %(last)s", first=short_day(item.starts_on), last=short_day(item.ends_on))


def who(item: AgendaItem) -> str:
    """The bodies and the agency of an item; '' where it has none."""
    return listed([*item.bodies, item.agency] if item.agency else list(item.bodies)) if item.bodies or item.agency else ""


def where(item: AgendaItem) -> str:
    """The place of an item, with how much of the place asked about it covers where that is not all."""
    if item.share is None or item.share >= 0.995 or not item.place:
        return item.place
    return gettext("%(place)s (%(share)s of this place)", place=item.place, share=percent(item.share))


def chart(found: Sequence[AgendaItem], title: str, today: date, *, narrow: bool = False) -> tuple[Markup, int]:
    """Reviews, fieldwork, meetings and the days to keep clear of as bars along time; and how many there was no room for."""
    drawn = [one for one in found if one.kind in DRAWN]
    bars = [
        pictures.Phase(_short(one.title), one.starts_on, one.ends_on, TONES.get(one.kind, "done")) for one in drawn[:MOST_BARS]
    ]
    name = gettext("%(title)s, for a narrow screen", title=title) if narrow else title
    picture = pictures.timetable(bars, title=name, today=today, width=360 if narrow else 960, narrow=narrow)
    return picture, max(len(drawn) - MOST_BARS, 0)


def plain(item: AgendaItem) -> dict[str, object]:
    """An item as plain values, for CSV and JSON."""
    return {
        "kind": item.kind,
        "title": item.title,
        "from": item.starts_on.isoformat(),
        "to": item.ends_on.isoformat(),
        "bodies": list(item.bodies),
        "agency": item.agency,
        "place": item.place,
        "share_of_place": None if item.share is None else round(item.share, 4),
        "state": item.state,
        "reference": item.reference,
        "announced": item.public,
    }


def cells(item: AgendaItem) -> list[str | int | float | None]:
    """The same as cells of a table."""
    values = plain(item) | {"kind": item.kind_label, "bodies": "; ".join(item.bodies), "announced": str(item.public).lower()}
    return [value if isinstance(value, str | int | float) or value is None else str(value) for value in map(values.get, COLUMNS)]


def _short(title: str) -> str:
    """A title short enough to stand beside its bar."""
    return title if len(title) <= 44 else f"{title[:43].rstrip()}…"
