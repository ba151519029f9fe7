"""What the API takes, as its OpenAPI document says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate

from scrutiny.days import may_be_asked
from workflows.clocks import RULES, parse_clock
from workflows.refusals import Refused
from workflows.workdays import ENGLAND_AND_WALES, NATIONS
from workflows.written_days import read_day

_NATIONS = sorted({*NATIONS, ENGLAND_AND_WALES})
_ARGUMENTS = {"number": ":[1-9][0-9]{0,3}", "nothing": "", "date": "(:2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]))?"}
#: Every clock as it may be written, for the document.
_CLOCKS = f"^({'|'.join(name + _ARGUMENTS[rule.argument] for name, rule in RULES.items())})$"


def text(about: str = "", **more: object) -> fields.String:
    """A text with what it means."""
    return fields.String(metadata={"description": about} if about else {}, **more)  # type: ignore[arg-type]  # marshmallow types each option apart; these are passed on


class Day(fields.Date):
    """A day, read as everywhere: the field of the library takes weeks as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        """The day; refused where it is written otherwise than 2026-11-27."""
        found = read_day(value) if isinstance(value, str) else None
        if found is None or not may_be_asked(found):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return found


#: Days of the years 1000 to 2999 (`may_be_asked`), as the document says it.
YEARS_ASKED = "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def day(about: str, **more: object) -> fields.Date:
    """A day, refused with what to write in its place."""
    said = {"invalid": "Write a day that exists, like 2026-11-27", "required": "Give a day, like 2026-11-27"}
    return Day(metadata={"description": about, "pattern": YEARS_ASKED}, error_messages=said, **more)  # type: ignore[arg-type]  # as in text()


def _is_clock(written: str) -> None:
    """Refuse what is no clock beside whatever else is wrong, so that both are mended at once."""
    try:
        parse_clock(written)
    except Refused as refused:
        raise ValidationError(refused.sentence) from None


@dataclass(frozen=True, slots=True)
class AskedOn:
    """The day asked about; today if left out."""

    on: date | None = None


@dataclass(frozen=True, slots=True)
class AskedArea(AskedOn):
    """Which area of a code."""

    kind: str | None = None


@dataclass(frozen=True, slots=True)
class AskedOverlaps(AskedOn):
    """Which overlaps: with areas of a kind, slivers too."""

    with_: str | None = None
    slivers: bool = False


@dataclass(frozen=True, slots=True)
class AskedAgencies(AskedOn):
    """Which agencies: at a postcode, for the area of a code, for a service, by a part of the name."""

    code: str = ""
    postcode: str = ""
    service: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class AskedWords(AskedOn):
    """What somebody types."""

    q: str = ""


@dataclass(frozen=True, slots=True)
class AskedMany(AskedOn):
    """Which places, separated by commas, and which of their agencies."""

    places: str = ""
    kind: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class AskedPage:
    """Which part of a list (100 a page, from 1), and of which place."""

    page: int = 1
    place: str | None = None


@dataclass(frozen=True, slots=True)
class AskedRecommendations(AskedPage):
    """Which recommendations: to the agency of an id, only those still open."""

    agency: int | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class AskedEdition:
    """Which edition of a report; the newest if left out."""

    edition: int | None = None


@dataclass(frozen=True, slots=True)
class AskedMethod:
    """Which version of a method; '' for the newest."""

    version: str = ""


@dataclass(frozen=True, slots=True)
class AskedClock:
    """A clock that starts on a day, in a nation."""

    clock: str
    from_: date
    nation: str


class Query(Schema):
    """What is asked, handed on as a frozen value."""

    asks: ClassVar[type]

    @post_load
    def made(self, values: Mapping[str, Any], **_: object) -> object:
        """The value."""
        return self.asks(**values)


class OnQuery(Query):
    """A day."""

    asks = AskedOn
    on = day("The day asked about, such as 2026-04-01; today if left out")


class AreaQuery(OnQuery):
    """Which area of a code."""

    asks = AskedArea
    kind = text("The kind of area, where a code is of several")


class OverlapQuery(OnQuery):
    """Which overlaps."""

    asks = AskedOverlaps
    with_ = fields.String(data_key="with", metadata={"description": "Only areas of this kind"})
    slivers = fields.Boolean(load_default=False, metadata={"description": "Also those under 1% of both"})


class AgencyQuery(OnQuery):
    """Which agencies: at a postcode, for the area of a code, or all by name."""

    asks = AskedAgencies
    code = text("The code of an area")
    postcode = text("A postcode, or a latitude and longitude")
    service = text("The key of a service")
    name = text("A part of the name")


class FindQuery(OnQuery):
    """What somebody types who looks for a place."""

    asks = AskedWords
    q = text("A name, however it is spelt, a code, a postcode, or a latitude and longitude", required=True)


class SearchQuery(OnQuery):
    """What somebody types into the search box."""

    asks = AskedWords
    q = text("A place or a public body, however it is spelt, a postcode, a code, or words of a report", required=True)


class ManyQuery(OnQuery):
    """Which places, and which of their agencies."""

    asks = AskedMany
    places = text(
        "Postcodes or codes separated by commas, 100 at most",
        required=True,
        error_messages={"required": "Enter postcodes or codes, separated by commas"},
    )
    kind = text("Only agencies of this kind")
    service = text("Only agencies that answer for this service")


class PageQuery(Query):
    """Which part of a list."""

    asks = AskedPage
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"description": "100 a page"})


class ReviewQuery(PageQuery):
    """Which reviews."""

    asks = AskedPage
    place = text("The slug of a place or the code of an area")


class EditionQuery(Query):
    """Which edition of a report."""

    asks = AskedEdition
    edition = fields.Integer(validate=validate.Range(1, 100_000), metadata={"description": "The newest if left out"})


class RecommendationQuery(PageQuery):
    """Which recommendations."""

    asks = AskedRecommendations
    place = text("The slug of a place or the code of an area")
    agency = fields.Integer(validate=validate.Range(1, 2**31 - 1), metadata={"description": "The id of an agency"})
    open = fields.Boolean(load_default=False, metadata={"description": "Only those still open"})


class MethodQuery(Query):
    """Which version of a method."""

    asks = AskedMethod
    version = fields.String(load_default="", metadata={"description": "Such as 2026.1; the newest if left out"})


class ClockQuery(Query):
    """A clock that starts on a day."""

    asks = AskedClock
    clock = fields.String(
        required=True,
        validate=_is_clock,
        metadata={"description": "Such as working_after:20 or calendar_after:28", "pattern": _CLOCKS},
        error_messages={"required": "Give a clock, such as working_after:20 or calendar_after:28"},
    )
    from_ = day("The day it starts", required=True, data_key="from")
    nation = fields.String(
        validate=validate.OneOf(_NATIONS, error=f"Write one of {', '.join(_NATIONS)}"), load_default=ENGLAND_AND_WALES
    )


class FaultOut(Schema):
    """What is wrong, and what to do."""

    code = fields.Integer()
    message = fields.String()
    errors = fields.Dict()
