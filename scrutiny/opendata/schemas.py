"""The shape of what the API takes and gives, as its OpenAPI document says it."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

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
        if found is None:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return found


def day(about: str, **more: object) -> fields.Date:
    """A day, refused with what to write in its place."""
    said = {"invalid": "Write a day that exists, like 2026-11-27", "required": "Give a day, like 2026-11-27"}
    return Day(metadata={"description": about}, error_messages=said, **more)  # type: ignore[arg-type]  # as in text()


def share(about: str) -> fields.Float:
    """A share from 0 to 1, or null where nobody was counted."""
    return fields.Float(allow_none=True, metadata={"description": about, "minimum": 0, "maximum": 1})


def _is_clock(written: str) -> None:
    """Refuse what is no clock beside whatever else is wrong, so that both are mended at once."""
    try:
        parse_clock(written)
    except Refused as refused:
        raise ValidationError(refused.sentence) from None


class OnQuery(Schema):
    """A day."""

    on = day("The day asked about, such as 2026-04-01; today if left out")


class AreaQuery(OnQuery):
    """Which area of a code."""

    kind = text("The kind of area, where a code is of several")


class OverlapQuery(OnQuery):
    """Which overlaps."""

    with_ = fields.String(data_key="with", metadata={"description": "Only areas of this kind"})
    slivers = fields.Boolean(load_default=False, metadata={"description": "Also those under 1% of both"})


class AgencyQuery(OnQuery):
    """Which agencies: at a postcode, for the area of a code, or all by name."""

    code = text("The code of an area")
    postcode = text("A postcode, or a latitude and longitude")
    service = text("The key of a service")
    name = text("A part of the name")


class FindQuery(OnQuery):
    """What somebody types who looks for a place."""

    q = text("A name, however it is spelt, a code, a postcode, or a latitude and longitude", required=True)


class SearchQuery(OnQuery):
    """What somebody types into the search box."""

    q = text("A place or a public body, however it is spelt, a postcode, a code, or words of a report", required=True)


class ManyQuery(OnQuery):
    """Which places, and which of their agencies."""

    places = text(
        "Postcodes or codes separated by commas, 100 at most",
        required=True,
        error_messages={"required": "Enter postcodes or codes, separated by commas"},
    )
    kind = text("Only agencies of this kind")
    service = text("Only agencies that answer for this service")


class PageQuery(Schema):
    """Which part of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"description": "100 a page"})


class ReviewQuery(PageQuery):
    """Which reviews."""

    place = text("The slug of a place or the code of an area")


class EditionQuery(Schema):
    """Which edition of a report."""

    edition = fields.Integer(validate=validate.Range(1, 100_000), metadata={"description": "The newest if left out"})


class RecommendationQuery(PageQuery):
    """Which recommendations."""

    place = text("The slug of a place or the code of an area")
    agency = fields.Integer(validate=validate.Range(1, 2**31 - 1), metadata={"description": "The id of an agency"})
    open = fields.Boolean(load_default=False, metadata={"description": "Only those still open"})


class MethodQuery(Schema):
    """Which version of a method."""

    version = fields.String(load_default="", metadata={"description": "Such as 2026.1; the newest if left out"})


class ClockQuery(Schema):
    """A clock that starts on a day."""

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


class AreaOut(Schema):
    """An area on a day."""

    code = text()
    name = text()
    kind = text()
    kinds = fields.List(fields.String())
    from_ = fields.String(data_key="from")
    to = fields.String(allow_none=True)
    area_km2 = fields.Float()
    people = fields.Integer(allow_none=True)
    source = text()


class FoundPlaceOut(Schema):
    """A place that may be meant."""

    code = text()
    name = text()
    kind = text()
    on = fields.String(
        allow_none=True, metadata={"description": "A day on which it held, where it does not on the day asked about"}
    )


class FoundOut(Schema):
    """The places meant by what was typed, the likeliest first."""

    sure = fields.Boolean(metadata={"description": "Whether the first is what was typed, so that nobody need be asked"})
    places = fields.List(fields.Nested(FoundPlaceOut))
    sentence = text("What must be said of it")


class FoundAgencyOut(Schema):
    """An agency that may be meant."""

    id = fields.Integer()
    agency = text("Its name")
    kind = text()
    other_names = fields.List(fields.String(), metadata={"description": "What else it is or was called"})
    ended_on = fields.String(allow_none=True, metadata={"description": "The last day of its service, where it has one"})


class FoundReportOut(Schema):
    """A published report whose title holds the words typed."""

    reference = text()
    kind = text()
    title = text()


class FoundRecommendationOut(Schema):
    """A published recommendation that holds the words typed."""

    review = text()
    number = fields.Integer()
    recommendation = text()


class SearchedOut(Schema):
    """Everything the search box finds: of each kind the likeliest or the newest first."""

    leads_to = text("'place' or 'agency' where the first of these is what was typed, so that nobody need be asked")
    places = fields.List(fields.Nested(FoundPlaceOut))
    agencies = fields.List(fields.Nested(FoundAgencyOut))
    reports = fields.List(fields.Nested(FoundReportOut))
    recommendations = fields.List(fields.Nested(FoundRecommendationOut))
    sentence = text("What must be said of it")


class OverlapOut(Schema):
    """What an area shares with another."""

    code = text()
    name = text()
    kind = text()
    share_of_area = share("of its own land")
    share_of_people = share("of its own people")
    share_of_other_area = share("of the other's land")
    share_of_other_people = share("of the other's people")


class AgencyOut(Schema):
    """An agency, and where it was asked for a place the shares it covers."""

    id = fields.Integer()
    code = text()
    agency = text("Its name")
    kind = text()
    share_of_people = share("of the place's people")
    share_of_area = share("of the place's land")
    services = fields.List(fields.String())


class ManyOut(Schema):
    """One of many places, in the order asked: its areas and agencies, or in the note why there are none."""

    asked = text("The postcode or code in its usual form")
    areas = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata={"description": "Codes of areas by kind"}
    )
    agencies = fields.List(fields.Nested(AgencyOut))
    fault = fields.Boolean(metadata={"description": "Whether no area was found"})
    note = text()


class FootprintOut(Schema):
    """One area an agency serves."""

    kind = text()
    code = text()
    name = fields.String(allow_none=True)
    from_ = fields.String(data_key="from", allow_none=True)
    to = fields.String(allow_none=True)


class CodeOut(Schema):
    """A code in a scheme."""

    scheme = text()
    code = text()


class AgencyWholeOut(Schema):
    """Everything published about an agency."""

    id = fields.Integer()
    agency = text("Its name")
    other_names = fields.List(fields.String(), metadata={"description": "What else it is or was called"})
    kind = text()
    nation = text()
    codes = fields.List(fields.Nested(CodeOut))
    footprint = fields.List(fields.Nested(FootprintOut))
    services = fields.List(fields.String())


class PlaceOut(Schema):
    """A place on a day, with who answers for it."""

    slug = text()
    name = text()
    on = text()
    areas = fields.List(fields.Nested(AreaOut))
    people = fields.Integer(allow_none=True)
    area_km2 = fields.Float()
    agencies = fields.List(fields.Nested(AgencyOut))


class BodyPartOut(Schema):
    """A body and its part in a review."""

    name = text()
    part = text("lead, partner or observer")


class PhaseOut(Schema):
    """One phase of a timetable."""

    key = text()
    title = text()
    from_ = fields.String(data_key="from")
    to = text()


class ReviewOut(Schema):
    """A review as a list shows it."""

    reference = text()
    title = text()
    place = text("The slug of its place")
    place_name = text()
    bodies = fields.List(fields.Nested(BodyPartOut))
    state = text("planned, opened, reported, closed or withdrawn")
    announced_on = fields.String(allow_none=True)
    starts_on = text()
    method = fields.String(allow_none=True)
    has_report = fields.Boolean()


class LineOut(Schema):
    """A line of enquiry."""

    key = text()
    title = text()
    text_ = fields.String(data_key="text")


class ReviewWholeOut(ReviewOut):
    """A review; what is not public is null for those who are not of its bodies."""

    phases = fields.List(fields.Nested(PhaseOut))
    reason = fields.String(allow_none=True)
    in_scope = fields.String(allow_none=True)
    out_of_scope = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(LineOut), allow_none=True)


class ItemOut(Schema):
    """One question put to one agency; state and due date only for the review's bodies and the agency itself."""

    reference = text()
    line = text()
    question = text()
    state = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True, metadata={"description": "as it stands now, after more time or a pause"})
    due_why = fields.String(allow_none=True, metadata={"description": "why this date, or why there is none yet"})
    first_due_on = fields.String(allow_none=True)
    statutory_due_on = fields.String(allow_none=True, metadata={"description": "the day the law sets, where it sets one"})
    statutory_why = fields.String(allow_none=True)
    start_event = fields.String(allow_none=True, metadata={"description": "what the count began with"})
    starts_on = fields.String(allow_none=True, metadata={"description": "the day that happened; null while it is not known"})
    expectation = fields.Boolean(allow_none=True, metadata={"description": "true where no law sets the day"})
    provisional = fields.Boolean(allow_none=True, metadata={"description": "true past the bank holidays that are known"})


class RequestOut(Schema):
    """What one agency was asked."""

    reference = text()
    agency_id = fields.Integer()
    agency = text()
    state = text("drafted, issued, withdrawn or closed")
    delivered_on = fields.String(allow_none=True)
    law = fields.List(fields.String(), metadata={"description": "what the law asks of the agency, a sentence for each duty"})
    items = fields.List(fields.Nested(ItemOut))


class CellOut(Schema):
    """One question to one agency."""

    agency_id = fields.Integer()
    state = text("a key such as waiting, overdue, answered, accepted, refusal-accepted")
    word = text()
    reference = text()
    due_on = fields.String(allow_none=True)
    why = text("why it is due then, in a sentence; '' where no date is set")


class MatrixRowOut(Schema):
    """One question with its cells."""

    question = text()
    cells = fields.List(fields.Nested(CellOut))


class MatrixLineOut(Schema):
    """One line of enquiry with its questions."""

    key = text()
    title = text()
    rows = fields.List(fields.Nested(MatrixRowOut))


class AskedOut(Schema):
    """An agency of a matrix."""

    id = fields.Integer()
    name = text()


class MatrixOut(Schema):
    """The evidence matrix."""

    agencies = fields.List(fields.Nested(AskedOut))
    lines = fields.List(fields.Nested(MatrixLineOut))
    totals = fields.Dict(keys=fields.String(), values=fields.Integer())


class EvidenceFileOut(Schema):
    """A file of a piece of evidence."""

    id = fields.Integer()
    name = text()
    sha256 = text()
    size = fields.Integer()
    marking = text()
    address = text("Where it can be downloaded")


class EvidenceOut(Schema):
    """A piece of evidence; its text is null where reading it is noted, which its page does."""

    id = fields.Integer()
    agency = text()
    title = text()
    marking = text()
    lodged_at = fields.String(allow_none=True)
    digest = text("SHA-256 of text and figures")
    text_ = fields.String(data_key="text", allow_none=True)
    figures = fields.String(allow_none=True)
    files = fields.List(fields.Nested(EvidenceFileOut))


class CitationOut(Schema):
    """A citation; the quotation is empty where its words may not be shown."""

    where = text()
    quotation = text()
    sha256 = text()


class FindingOut(Schema):
    """A finding, as it stands or as it was published."""

    number = fields.Integer()
    title = text()
    text_ = fields.String(data_key="text")
    judgement = text()
    state = text("drafted, proposed, settled or published")
    lines = fields.List(fields.String())
    citations = fields.List(fields.Nested(CitationOut))


class ReportOut(Schema):
    """A published report, newest edition."""

    reference = text()
    kind = text("review or area")
    title = text()
    place = text("The slug of its place")
    place_name = text()
    edition = fields.Integer()
    released_at = text()
    sha256 = text("The digest of its sealed data")
    page = text("Its address for people")
    pdf = text()
    data = text()


class WithdrawnOut(Schema):
    """An edition that was published and is withdrawn."""

    reference = text()
    kind = text("review or area")
    place = text("The slug of its place")
    place_name = text()
    edition = fields.Integer()
    released_at = text()
    withdrawn_at = text()
    why = text("The reason, as it was published")
    sha256 = text("The digest of what was sealed")


class ReturnOut(Schema):
    """What an agency says it has done so far."""

    at = text()
    status = text("on-track, slipped, achieved or not-achieved")
    status_words = text()
    text_ = fields.String(data_key="text")
    new_date = fields.String(allow_none=True, metadata={"description": "The new day, where it slipped"})


class ReplacedOut(Schema):
    """The recommendation that replaces another."""

    review = text()
    number = fields.Integer()


class RecommendationOut(Schema):
    """A recommendation to one agency, and what came of it."""

    review = text()
    number = fields.Integer()
    place = text("The slug of its place")
    place_name = text()
    place_codes = fields.List(fields.String())
    lead_body = text()
    agency_id = fields.Integer()
    agency = text()
    text_ = fields.String(data_key="text")
    measure = text()
    findings = fields.List(fields.Integer(), metadata={"description": "The findings it follows from"})
    done_by = text()
    state = text("a key such as accepted, rejected, done, not_accepted or superseded")
    outcome = text("The same in words, as pages and reports say it")
    late = fields.Boolean(metadata={"description": "whether the response is overdue"})
    answer = fields.String(allow_none=True, metadata={"description": "what the agency answered, whatever came of it since"})
    answered_on = fields.String(allow_none=True)
    response = text("The agency's own words")
    duty = text("what the law asks of the agency, in a sentence")
    expected_on = fields.String(allow_none=True, metadata={"description": "the new day the agency gave, where it slipped"})
    response_due_on = fields.String(allow_none=True)
    response_due_why = text("why the response is due then, in a sentence")
    progress = fields.List(fields.Nested(ReturnOut))
    ended_on = fields.String(allow_none=True)
    ended_why = fields.String(allow_none=True)
    ended_by = fields.String(allow_none=True)
    evidence = fields.String(allow_none=True, metadata={"description": "what the body saw when it ended it"})
    replaced_by = fields.Nested(ReplacedOut, allow_none=True)
    account = fields.List(fields.String(), metadata={"description": "everything that came of it, in sentences"})


class NotAnsweredOut(Schema):
    """One item of an entry in the register of non-response."""

    reference = text()
    title = text()
    due_on = text()
    statutory_due_on = text()
    due_why = fields.String(metadata={"description": "why then; empty in entries published before reasons were kept"})
    answered_on = fields.String(allow_none=True)


class NonResponseOut(Schema):
    """An entry of the register of non-response; one withdrawn says only that, and why."""

    review = text()
    request = text()
    agency_id = fields.Integer()
    agency = text()
    state = text()
    published_on = text()
    items = fields.List(fields.Nested(NotAnsweredOut))
    lead = text()
    lead_says = text()
    agency_says = text()
    agency_says_by = text("the agency whose line it is: the one asked, or a successor that answers for it")
    corrections = fields.List(fields.Dict())
    withdrawn_why = text()


class MethodOut(Schema):
    """A method as a list shows it."""

    key = text()
    version = text()
    title = text()
    summary = text()
    digest = text("SHA-256 of its full text")


class EvidenceItemOut(Schema):
    """A standard item of a method."""

    key = text()
    title = text()
    question = text()
    line = text()
    agencies = fields.List(fields.String())


class MethodWholeOut(MethodOut):
    """A method."""

    leads = fields.List(fields.String())
    joins = fields.List(fields.String())
    lines = fields.List(fields.Nested(LineOut))
    evidence = fields.List(fields.Nested(EvidenceItemOut))
    text_ = fields.String(data_key="text", metadata={"description": "The text, TOML, without its comments"})


class StepOut(Schema):
    """One day of a working."""

    date = text()
    counted = fields.Boolean()
    why = text()


class DueOut(Schema):
    """A due date and its working."""

    due = fields.String(allow_none=True)
    clock = text()
    nation = text()
    sentence = text()
    steps = fields.List(fields.Nested(StepOut))


class FaultOut(Schema):
    """What is wrong, and what to do."""

    code = fields.Integer()
    message = fields.String()
    errors = fields.Dict()
