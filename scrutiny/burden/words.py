"""What the parts of the ledger are called, and its numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from scrutiny.agencies.queries import kind_label
from scrutiny.formats import listed, number
from scrutiny.ledger.words import rounded
from scrutiny.requests.legal_basis import power_named
from scrutiny.rules.queries import methods
from workflows.burden import Beside, Counts
from workflows.burden_rates import Cost
from workflows.labels import labels, words_of
from workflows.periods import ALL, Period, period_of

#: The ways the ledger may be looked at; `who` is who asks whom.
WAYS: Final = labels(
    {
        "who": _l("Who asks whom"),
        "body": _l("Body that asks"),
        "agency": _l("Agency that answers"),
        "agency_kind": _l("Kind of agency"),
        "place": _l("Place of the review"),
        "method": _l("Method"),
        "power": _l("Legal basis"),
        "theme": _l("Line of enquiry"),
        "kind": _l("Kind of question"),
        "quarter": _l("Quarter"),
        "year": _l("Financial year"),
    }
)
KINDS: Final = labels(
    {
        "text": _l("Words"),
        "figures": _l("Figures"),
        "file": _l("A document"),
        "any": _l("Whatever fits"),
        "attendance": _l("Attending a meeting"),
    }
)
RECKONED: Final = labels(
    {
        "text": _l("A question answered in words"),
        "figures": _l("A question answered in figures"),
        "file": _l("A question answered with a document"),
        "any": _l("A question answered in any form"),
        "attendance": _l("Attending a meeting"),
        "reused": _l("An earlier answer used again"),
        "returned": _l("An answer returned for more, each time"),
    }
)
QUARTERS: Final = (_l("January to March %(year)s"), _l("April to June %(year)s"), _l("July to September %(year)s"))
LAST_QUARTER: Final = _l("October to December %(year)s")


@dataclass(frozen=True, slots=True)
class Names:
    """What agencies, bodies and places of the ledger are called, by id."""

    agencies: Mapping[int, str] = field(default_factory=dict)
    bodies: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)

    def title(self, way: str, key: object) -> str:
        """What a part is called, by the way the ledger is split and the part's key."""
        if way == "who" and isinstance(key, tuple):
            return gettext("%(body)s asks %(agency)s", body=self.title("body", key[0]), agency=self.title("agency", key[1]))
        if isinstance(key, int) and way != "year":
            named = {"agency": self.agencies, "body": self.bodies, "place": self.places}[way]
            return named.get(key, "") or gettext("Not known")
        if way == "year":
            return period_title(period_of(f"fy{key}"))
        return _title(way, str(key))


def _title(way: str, key: str) -> str:
    """What a part with a key in words is called."""
    match way:
        case "quarter":
            return period_title(period_of(key))
        case "agency_kind":
            return kind_label(key)
        case "method":
            known = methods().get(key)
            return known.title if known else words_of(key).capitalize()
        case "kind":
            return str(KINDS[key]) if key else gettext("Left out, or more time given")
        case "power":
            named = power_named(key)
            return named.title if named else words_of(key).capitalize() if key else gettext("Invited or asked: no power")
        case _:
            return _line_title(key)


def _line_title(key: str) -> str:
    """A line of enquiry as the methods here name it; those of a review's own stand together."""
    if not key:
        return gettext("Of a review’s own")
    titles = (line.title for method in methods().values() for line in method.lines if line.key == key)
    return next(titles, words_of(key).capitalize())


def period_title(period: Period | None) -> str:
    """A period in words."""
    if period is None or period.key == ALL:
        return gettext("All years")
    year = str(period.first.year)
    if period.key.startswith("fy"):
        return gettext("April %(first)s to March %(last)s", first=year, last=period.last.year)
    if period.key.startswith("cy"):
        return gettext("January to December %(year)s", year=year)
    quarter = (period.first.month - 1) // 3
    return str(LAST_QUARTER if quarter == 3 else QUARTERS[quarter]) % {"year": year}


def hours(minutes: int) -> str:
    """Minutes as hours people read: 9, 2.5; under ten hours to the half hour."""
    exact = minutes / 60
    if minutes and exact < 0.5:
        return gettext("under half an hour")
    return number(exact) if exact >= 10 else f"{round(exact * 2) / 2:g}"


def hours_words(minutes: int) -> str:
    """The same with its unit."""
    if 0 < minutes < 30:
        return gettext("under half an hour")
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours(minutes) == "1" else 2, hours=hours(minutes))


def entered_words(counts: Counts, requests: int, said: int) -> str:
    """How much of the ledger rests on hours agencies entered, and what the estimate says of the very same requests."""
    if not said:
        return gettext("There are no hours from agencies that we can show for these requests. All hours here are estimates.")
    return gettext(
        "Agencies entered hours for %(said)s of %(requests)s: %(entered)s. The estimate for the same requests is %(beside)s.",
        said=number(said),
        requests=ngettext("%(n)s request", "%(n)s requests", requests, n=number(requests)),
        entered=hours_words(counts.entered),
        beside=hours_words(counts.beside),
    )


def kinds_words(counts: Counts) -> str:
    """What was asked, by kind of question."""
    said = [
        ngettext("%(n)s in words or any form", "%(n)s in words or any form", counts.words, n=number(counts.words)),
        ngettext("%(n)s for figures", "%(n)s for figures", counts.figures, n=number(counts.figures)),
        ngettext("%(n)s for a document", "%(n)s for a document", counts.documents, n=number(counts.documents)),
        ngettext("%(n)s day at a meeting", "%(n)s days at meetings", counts.meetings, n=number(counts.meetings)),
    ]
    return ", ".join(said)


def peers_words(beside: Beside, kind: str, least: int) -> str:
    """How an agency stands beside others of its kind, on public requests alone; or that they are too few to compare."""
    if beside.median is None:
        return gettext(
            "We compare an agency with others of its kind only where %(least)s or more of them were asked something that is "
            "public. Of the kind “%(kind)s” there are %(peers)s so far.",
            least=least,
            peers=beside.peers,
            kind=kind,
        )
    return gettext(
        "Counting public requests alone, it was asked %(own)s questions. The median of %(peers)s others of the kind “%(kind)s” "
        "is %(median)s. %(fewer)s of them were asked fewer.",
        own=number(beside.own),
        peers=beside.peers,
        kind=kind,
        median=f"{beside.median:g}",
        fewer=beside.more_than,
    )


def kinds_of(one: Cost) -> str:
    """The kinds of agency whose hour costs this much."""
    return listed([kind_label(kind) for kind in one.kinds]) if one.kinds else gettext("Every other kind")


def cost(pence: int) -> str:
    """Pence as people say them; a dash where there is nothing."""
    return rounded(pence) if pence else "–"
