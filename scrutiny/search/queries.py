"""What the one box finds: places, agencies, published reports and recommendations; nothing that anybody may not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import select

from scrutiny.editions.published import Published, out_reviews, published_titled
from scrutiny.extensions import db
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.postcodes import is_pseudo, normal
from scrutiny.place_lookup import lookup
from scrutiny.place_lookup.lookup import Found
from scrutiny.recommendations.models import Recommendation
from scrutiny.reviews.models import Review
from scrutiny.search import agency_names
from scrutiny.search.agency_names import AgenciesFound
from scrutiny.spelling import begins_words, core_words
from scrutiny.typed_text import folded

#: How many reports and how many recommendations are told at once: the newest.
MOST = 10
PLACE, AGENCY = "place", "agency"
NONE = AgenciesFound()


#: What is read of what was typed: each further word is looked for in every recommendation.
LONGEST, MOST_WORDS = 200, 12


@dataclass(frozen=True, slots=True)
class Recommended:
    """A published recommendation whose words were typed: of which review, its number there, and what it says."""

    review: str
    title: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found for what was typed; `leads_to` is 'place' or 'agency' where the first of these is what was meant."""

    places: Found
    agencies: AgenciesFound
    reports: tuple[Published, ...] = ()
    recommendations: tuple[Recommended, ...] = ()

    @property
    def leads_to(self) -> str:
        """Where nobody need be asked which is meant; '' where somebody must be, or nothing was found."""
        if self.places.sure:
            return "" if self.agencies.exact else PLACE
        likely = self.places.matches and not self.places.near_first
        return AGENCY if self.agencies.sure and (self.agencies.exact or not likely) else ""

    @property
    def has_any(self) -> bool:
        """Whether anything was found."""
        return bool(self.places.in_order or self.agencies.in_order or self.reports or self.recommendations)


def search(text: str, on: date) -> Searched:
    """What may be meant by what was typed: places as on a day, agencies, and what has been published."""
    places = lookup.find(text, on)
    typed = " ".join(text.split())[:LONGEST]
    if places.sentence == lookup.EMPTY or point_typed(typed) or normal(typed) or is_pseudo(typed):
        return Searched(places, NONE)
    if places.sure and places.matches[0].code == typed.upper():
        return Searched(places, NONE)  # a code of the map is the place, though its council has that code too
    agencies = agency_names.find_agencies(typed)
    first = Searched(places, agencies)
    if first.leads_to:
        return first
    words = list(dict.fromkeys(word for word in core_words(folded(typed)) if len(word) > 2))[:MOST_WORDS]
    return Searched(places, agencies, tuple(published_titled(words, MOST)), tuple(_recommended(words))) if words else first


def _recommended(words: list[str]) -> Iterator[Recommended]:
    """The newest recommendations of reports that are out, in whose words all these stand."""
    rows = (
        select(Review.reference, Review.title, Recommendation.number, Recommendation.text)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Recommendation.state == "made", Recommendation.review_id.in_(out_reviews()))
        .order_by(Review.reference.desc(), Recommendation.number)
    )
    fit = (row for row in db.session.execute(rows) if begins_words(row.text, words))
    for row in islice(fit, MOST):
        yield Recommended(*row)


def plain(found: Searched) -> dict[str, object]:
    """What was found in plain values: the JSON of `flask search` and of the interface."""
    return {
        "leads_to": found.leads_to,
        "places": lookup.plain(found.places)["places"],
        "agencies": agency_names.plain(found.agencies),
        "reports": [{"reference": one.report.reference, "kind": one.report.kind, "title": one.title} for one in found.reports],
        "recommendations": [
            {"review": one.review, "number": one.number, "recommendation": one.text} for one in found.recommendations
        ],
        "sentence": found.places.sentence if found.places.in_order or not found.has_any else "",
    }
