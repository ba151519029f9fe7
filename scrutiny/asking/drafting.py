"""Drafting requests: one for each agency that answers here, with its standard items; then edited, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from flask_babel import gettext
from sqlalchemy import inspect

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import Answering, agencies_by_id, answering
from scrutiny.audit.service import digest, note
from scrutiny.due_dates.calculation import dates_by, put_dates, put_meeting, starts_if_sent
from scrutiny.due_dates.rules import Starts
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.legal_basis import asking_of, basis_of_item, basis_of_whole, cautions_of_item, power_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import agencies_asked, draft_for, next_number, requests_of
from scrutiny.reviews.enquiry import retitled, revise_question, standard_question
from scrutiny.reviews.models import Line, Question, Review
from scrutiny.reviews.queries import place_of
from scrutiny.rules.queries import method_of, rules
from scrutiny.transaction import check_version, hold
from workflows.legal_basis import Caution
from workflows.lifecycles.request import REQUEST
from workflows.refusals import Refused
from workflows.roles import Actor

Row = TypeVar("Row", EvidenceRequest, Item)


def answering_here(review: Review) -> list[Answering]:
    """The agencies that answer for the review's place on its day."""
    return answering([area.id for area in review.place.areas], review.place_on)


def draft_requests(review: Review, *, by: Actor, at: datetime) -> list[EvidenceRequest]:
    """Draft one request for each answering agency that the method asks something; those already drafted stay as they are."""
    method, asked = method_of(review.edition), agencies_asked(review)
    here = [one for one in answering_here(review) if one.agency_id not in asked and method.evidence_for(one.kind)]
    agencies = agencies_by_id([one.agency_id for one in here])
    drafts = [draft for one in here if (draft := _draft(review, agencies[one.agency_id], one, by=by, at=at)) is not None]
    if drafts:
        numbers = [draft.number for draft in drafts]
        note("requests_drafted", about=review.plain, within=review.plain, by=by, at=at, numbers=numbers)
    return drafts


def draft_for_agency(review: Review, agency: Agency, *, by: Actor, at: datetime) -> EvidenceRequest:
    """Draft a request for an agency chosen by hand, in or outside the footprint; its kind's standard items come with it."""
    if draft_for(review, agency) is not None:
        raise Refused(gettext("%(agency)s already has a draft in this review: add items to that one", agency=agency.name))
    cover = next((one for one in answering_here(review) if one.agency_id == agency.id), None)
    draft = _draft(review, agency, cover, by=by, at=at, even_empty=True)
    assert draft is not None
    note(
        "request_drafted",
        about=draft.plain,
        within=review.plain,
        by=by,
        at=at,
        agency=agency.reference,
        number=draft.number,
        answers_here=cover is not None,
    )
    return draft


def _draft(
    review: Review, agency: Agency, cover: Answering | None, *, by: Actor, at: datetime, even_empty: bool = False
) -> EvidenceRequest | None:
    """A draft with the agency's standard items, under the lines still in scope; none where there would be nothing in it."""
    lines = {line.key: line for line in review.open_lines}
    standard = [item for item in method_of(review.edition).evidence_for(agency.kind) if item.line in lines]
    if not standard and not even_empty:
        return None
    number = next_number(review)
    request = EvidenceRequest(
        review=review,
        agency=agency,
        number=number,
        reference=f"{review.reference}/P{number:02d}",
        left_out=[],
        state=REQUEST.initial,
        share_of_people=cover.share_of_people if cover else None,
        share_of_land=cover.share_of_area if cover else None,
        items=[],
    )
    db.session.add(request)
    db.session.flush()
    questions = [(standard_question(review, item, lines[item.line], by=by, at=at), item.power or "") for item in standard]
    if any(question.position for question, _ in questions):
        questions.sort(key=lambda row: place_of(row[0]))
    for question, power_key in questions:
        _put(request, question, power_key=power_key)
    work_out(request, london_day(at))
    return request


def work_out(request: EvidenceRequest, sent_on: date) -> Starts:
    """Work out and keep, for a request sent on a day: the power it relies on, and when each item is due and why."""
    with db.session.no_autoflush:  # nothing that is looked up hangs on the request itself
        starts = _count_from(request, sent_on)
    db.session.flush()
    return starts


def as_if_sent(request: EvidenceRequest, sent_on: date) -> EvidenceRequest:
    """A draft as it would be, sent on a day: a copy that no session knows, so that looking changes nothing."""
    copy = copy_of(request)
    _count_from(copy, sent_on)
    return copy


def copy_of(request: EvidenceRequest) -> EvidenceRequest:
    """A request and its items as values of their own, under the same ids; what they point to is the same."""
    copy = _columns_of(request)
    copy.review, copy.agency = request.review, request.agency
    for item in request.items:
        row = _columns_of(item)
        row.question = item.question
        copy.items.append(row)
    return copy


def _columns_of(row: Row) -> Row:
    """A new object with the columns of another."""
    return type(row)(**{column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs})


def _count_from(request: EvidenceRequest, sent_on: date) -> Starts:
    """Count a request in memory; what would be known of its start."""
    personal = any(item.question.marking == "personal" for item in request.items)
    asking = asking_of(request.review, request.agency, sent_on, personal=personal)
    whole = basis_of_whole(request.items, asking)
    starts, cautions = starts_if_sent(request, sent_on) if request.items else Starts(sent_on, {}), agency_ending(request)
    for item in request.items:
        basis = basis_of_item(item, asking)
        item.legal_basis = basis.stripped().to_plain()
        put_dates(item, dates_by(item, power_of(basis), starts), starts)
        cautions += cautions_of_item(item, asking, basis) + put_meeting(item, basis, sent_on)
    request.legal_basis, request.power_key = whole.with_cautions(cautions).to_plain(), whole.power_key
    return starts


def agency_ending(request: EvidenceRequest) -> tuple[Caution, ...]:
    """That a kind of agency is expected to end before the review does."""
    kind = rules().agency_kinds.get(request.agency.kind)
    last = max((phase.ends_on for phase in request.review.phases), default=None)
    if kind is None or not kind.ends_by or kind.ends_some or last is None or last.isoformat() < kind.expected_end:
        return ()
    values = {"kind": kind.label, "end": kind.expected_end, "by": kind.ends_by, "status": kind.ends_status}
    return (Caution("agency-ending", values),)


def add_item(
    request: EvidenceRequest, question: Question, *, by: Actor, at: datetime, wanted_on: date | None = None, power_key: str = ""
) -> Item:
    """Put a question to one more agency, in its draft; a standard item names the power it rests on."""
    _still_draft(request)
    if any(item.question_id == question.id for item in request.items):
        raise Refused(gettext("%(agency)s is already asked this", agency=request.agency.name))
    item = _put(request, question, power_key=power_key, wanted_on=wanted_on)
    request.left_out = [row for row in request.left_out if row["question"] != question.id]
    work_out(request, london_day(at))
    _noted("item_added", request, by=by, at=at, item=item.id, question=question.id)
    return item


def drafts_to_hold(review: Review, agencies: Sequence[Agency], *, by: Actor, at: datetime) -> list[EvidenceRequest]:
    """A draft for each of these agencies: the one there is, or an empty new one beside what was already issued."""
    found = []
    for agency in agencies:
        draft = draft_for(review, agency)
        if draft is None:
            draft = draft_for_agency(review, agency, by=by, at=at)
            for item in list(draft.items):
                _take_out(draft, item)
        found.append(draft)
    return found


@dataclass(frozen=True, slots=True)
class Reworded:
    """What an officer types about an item of a draft; the versions are those the page was opened with."""

    text: str
    title: str = ""
    why: str = ""
    period: str = ""
    wanted_on: date | None = None
    item_seen: int | None = None
    question_seen: int | None = None


def reword_item(item: Item, typed: Reworded, *, by: Actor, at: datetime) -> Item:
    """Reword the question of an item, for everybody it is put to, and choose its day; once sent, its words stand."""
    question = item.question
    words = (typed.text.strip(), typed.why.strip(), typed.period.strip(), retitled(question, typed.title, typed.text))
    changed = words != (question.text, question.why, question.period, question.title)
    if changed and is_sent(question):
        raise Refused(gettext("This question has already been sent, so it cannot be changed. Ask another one instead"))
    kept = {"title": typed.title, "text": typed.text, "why": typed.why, "period": typed.period}
    revise_question(question, **kept, seen=typed.question_seen, by=by, at=at)
    return revise_item(item, seen=typed.item_seen, wanted_on=typed.wanted_on, by=by, at=at)


def revise_item(item: Item, *, seen: int | None, wanted_on: date | None, by: Actor, at: datetime) -> Item:
    """Choose another day for an item of a draft, or none: then the method's or the law's day stands."""
    check_version(item, seen)
    _still_draft(item.request)
    item.wanted_on = wanted_on
    work_out(item.request, london_day(at))
    _noted("item_revised", item.request, by=by, at=at, item=item.id, due=item.due_on.isoformat() if item.due_on else "")
    return item


def drop_item(item: Item, *, why: str, by: Actor, at: datetime) -> EvidenceRequest:
    """Leave an item out of a draft, with the reason; it can be put back."""
    request = item.request
    _still_draft(request)
    if not why.strip():
        raise Refused(gettext("Say why this item is left out"))
    left = {"question": item.question_id, "title": item.question.title, "why": why.strip(), "by": by.reference}
    _noted("item_dropped", request, by=by, at=at, question=item.question_id, why=digest(why.strip()))
    _take_out(request, item)
    request.left_out = [*request.left_out, left]
    db.session.flush()
    return request


def drop_request(request: EvidenceRequest, *, why: str, by: Actor, at: datetime) -> EvidenceRequest:
    """Leave an agency out, with the reason; its draft can be taken up again."""
    if not why.strip():
        raise Refused(gettext("Say why %(agency)s is left out", agency=request.agency.name))
    _move("drop", request, by=by, at=at, why=digest(why.strip()))
    request.dropped_why = why.strip()
    db.session.flush()
    return request


def drop_requests(requests: Sequence[EvidenceRequest], *, why: str, by: Actor, at: datetime) -> list[EvidenceRequest]:
    """Leave several agencies out, all for one reason; all of them or none."""
    if not requests:
        raise Refused(gettext("Choose at least one agency to leave out"))
    return [drop_request(request, why=why, by=by, at=at) for request in requests]


def take_up_request(request: EvidenceRequest, *, by: Actor, at: datetime) -> EvidenceRequest:
    """Take a dropped draft up again."""
    _move("take_up", request, by=by, at=at)
    request.dropped_why = ""
    work_out(request, london_day(at))
    return request


def revise_message(request: EvidenceRequest, message: str, *, seen: int | None, by: Actor, at: datetime) -> EvidenceRequest:
    """Change the officer's own words at the head of a letter."""
    check_version(request, seen)
    _still_draft(request)
    request.message = message.strip()
    db.session.flush()
    _noted("request_revised", request, by=by, at=at, message=digest(request.message))
    return request


def lines_without_question(review: Review, requests: Iterable[EvidenceRequest]) -> list[Line]:
    """The lines of enquiry in scope under which nobody is asked anything in these requests of the review."""
    asked = {
        item.question.line_id
        for request in requests
        if request.state not in ("dropped", "withdrawn")
        for item in request.items
        if item.state != "withdrawn"
    }
    return [line for line in review.open_lines if line.id not in asked]


def is_sent(question: Question) -> bool:
    """Whether a question has been put to an agency in an issued request, after which its words stand."""
    review = db.session.get_one(Review, question.review_id)
    sent = requests_of(review, "issued", "withdrawn", "closed")
    return any(item.question_id == question.id for request in sent for item in request.items)


def _put(request: EvidenceRequest, question: Question, *, power_key: str = "", wanted_on: date | None = None) -> Item:
    """A new item of a request."""
    number = max((item.number for item in request.items), default=0) + 1
    item = Item(
        request=request,
        question=question,
        number=number,
        reference=f"{request.reference}/{number}",
        state="asked",
        power_key=power_key,
        wanted_on=wanted_on,
    )
    db.session.add(item)
    db.session.flush()
    return item


def _take_out(request: EvidenceRequest, item: Item) -> None:
    """Remove an item from a draft and number the rest again."""
    request.items.remove(item)
    db.session.delete(item)
    db.session.flush()
    for number, other in enumerate(sorted(request.items, key=lambda one: one.number), 1):
        if other.number != number:
            other.number, other.reference = number, f"{request.reference}/{number}"
            db.session.flush()  # one at a time: the numbers are unique


def _still_draft(request: EvidenceRequest) -> None:
    """Refuse to change what has been sent."""
    hold(request)
    if request.state not in ("drafted", "dropped"):
        raise Refused(
            gettext(
                "The request to %(agency)s has been issued: withdraw items, or draft another request", agency=request.agency.name
            )
        )


def _move(name: str, request: EvidenceRequest, *, by: Actor, at: datetime, **fields: str) -> None:
    """Move a draft and note it."""
    before = request.state
    move = REQUEST.make(name, request, by=by)
    note(move.event, about=request.plain, within=request.review.plain, by=by, at=at, before=before, after=request.state, **fields)


def _noted(event: str, request: EvidenceRequest, *, by: Actor, at: datetime, **fields: Any) -> None:
    """Enter the deed in the trail."""
    note(event, about=request.plain, within=request.review.plain, by=by, at=at, **fields)
