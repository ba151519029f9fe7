"""What the API gives of areas, places and agencies: what `presenters` make, and what the OpenAPI document says of it.

A text beside a type is what the document says the field means. A name that ends in `_` is written without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from scrutiny.opendata.derived_schemas import Share


@dataclass(frozen=True, slots=True)
class Area:
    """An area on a day."""

    code: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    from_: str
    to: str | None
    area_km2: float
    people: int | None
    source: str


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that may be meant."""

    code: str
    name: str
    kind: str
    on: Annotated[str | None, "A day on which it held, where it does not on the day asked about"]


@dataclass(frozen=True, slots=True)
class Found:
    """The places meant by what was typed, the likeliest first."""

    sure: Annotated[bool, "Whether the first is what was typed, so that nobody need be asked"]
    places: tuple[FoundPlace, ...]
    sentence: Annotated[str, "What must be said of it"]


@dataclass(frozen=True, slots=True)
class FoundAgency:
    """An agency that may be meant."""

    id: int
    agency: Annotated[str, "Its name"]
    kind: str
    other_names: Annotated[tuple[str, ...], "What else it is or was called"]
    ended_on: Annotated[str | None, "The last day of its service, where it has one"]


@dataclass(frozen=True, slots=True)
class FoundReport:
    """A published report whose title holds the words typed."""

    reference: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class FoundRecommendation:
    """A published recommendation that holds the words typed."""

    review: str
    number: int
    recommendation: str


@dataclass(frozen=True, slots=True)
class Searched:
    """Everything the search box finds: of each kind the likeliest or the newest first."""

    leads_to: Annotated[str, "'place' or 'agency' where the first of these is what was typed, so that nobody need be asked"]
    places: tuple[FoundPlace, ...]
    agencies: tuple[FoundAgency, ...]
    reports: tuple[FoundReport, ...]
    recommendations: tuple[FoundRecommendation, ...]
    sentence: Annotated[str, "What must be said of it"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What an area shares with another."""

    code: str
    name: str
    kind: str
    share_of_area: Annotated[float | None, Share("of its own land")]
    share_of_people: Annotated[float | None, Share("of its own people")]
    share_of_other_area: Annotated[float | None, Share("of the other's land")]
    share_of_other_people: Annotated[float | None, Share("of the other's people")]


@dataclass(frozen=True, slots=True)
class AgencyNamed:
    """An agency by itself."""

    id: int
    code: str
    agency: Annotated[str, "Its name"]
    kind: str


@dataclass(frozen=True, slots=True)
class Agency(AgencyNamed):
    """An agency, and where it was asked for a place the shares it covers."""

    share_of_people: Annotated[float | None, Share("of the place's people")]
    share_of_area: Annotated[float | None, Share("of the place's land")]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """One of many places, in the order asked: its areas and agencies, or in the note why there are none."""

    asked: Annotated[str, "The postcode or code in its usual form"]
    areas: Annotated[Mapping[str, tuple[str, ...]], "Codes of areas by kind"]
    agencies: tuple[Agency, ...]
    fault: Annotated[bool, "Whether no area was found"]
    note: str


@dataclass(frozen=True, slots=True)
class Footprint:
    """One area an agency serves."""

    kind: str
    code: str
    name: str | None
    from_: str | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a scheme."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class AgencyWhole:
    """Everything published about an agency."""

    id: int
    agency: Annotated[str, "Its name"]
    other_names: Annotated[tuple[str, ...], "What else it is or was called"]
    kind: str
    nation: str
    codes: tuple[Code, ...]
    footprint: tuple[Footprint, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a day, with who answers for it."""

    slug: str
    name: str
    on: str
    areas: tuple[Area, ...]
    people: int | None
    area_km2: float
    agencies: tuple[Agency, ...]
