"""What waits of requests: drafts, those not delivered, email to read, answers to review, and what agencies ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import Select, String, cast, distinct, func, literal, select

from scrutiny.agencies.models import Agency
from scrutiny.asking.delivering import ASKS
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.models import Letter
from scrutiny.formats import short_day
from scrutiny.requests.attendance_queries import meetings_of
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import OPEN, RECEIVED, issued_in
from scrutiny.requests.states import shown
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of, read_rows
from workflows.lifecycles.item import READERS


def needs(reader: Reader) -> Iterator[OfReview]:
    """What waits for those who run the review; answers to review for all who may read them."""
    if reader.daily:
        yield from _requests_not_delivered(reader)
        if reader.by.has(*READERS):
            yield from _received(reader)
        yield from _for_those_who_run(reader)


def lost_letters() -> Select[int]:
    """Letters that ask: the page of the request says what became of each, and has the ways to mend it."""
    return select(Letter.id).where(Letter.kind == ASKS)


def _requests_not_delivered(reader: Reader) -> Iterator[OfReview]:
    """Requests that never reached their agency, and email about requests that nobody has dealt with."""
    for review_id, number, agency, fault in undelivered(list(reader.runs)):
        page = f"{address_of(reader.runs[review_id])}/requests/P{number:02d}"
        words = gettext("The request to %(agency)s was not delivered: %(fault)s", agency=agency, fault=fault.rstrip("."))
        yield review_id, Need(Rank.REQUEST_UNDELIVERED, words, page, gettext("correct"), "late")
    words_of = {
        "bounce": gettext("a letter came back by email"),
        "delayed": gettext("a letter is delayed"),
        "reply": gettext("a reply came by email"),
    }
    for review_id, number, agency, kind in mail_to_read(list(reader.runs)):
        page = f"{address_of(reader.runs[review_id])}/requests/P{number:02d}#email"
        tone = "late" if kind == "bounce" else "waiting"
        yield review_id, Need(Rank.MAIL_TO_READ, f"{agency}: {words_of[kind]}", page, gettext("read"), tone)


def _received(reader: Reader) -> Iterator[OfReview]:
    """Answers that came in, and what agencies say in place of one."""
    for review_id, state, count in received(list(reader.works)):
        key = shown(state, None, date.min).key
        page = "next-answer" if state == "submitted" else f"matrix?state={key}"
        yield review_id, Need(Rank.RECEIVED, _to_review(state, count), f"{address_of(reader.works[review_id])}/{page}")


def _to_review(state: str, count: int) -> str:
    """What came in, by the state of its items: "7 answers to review", "1 refusal to review"."""
    match state:
        case "refused":
            return ngettext("%(num)s refusal to review", "%(num)s refusals to review", count)
        case "not_held":
            return ngettext("%(num)s “not held” to review", "%(num)s “not held” to review", count)
        case "redirected":
            return ngettext("%(num)s “not us” to review", "%(num)s “not us” to review", count)
    return ngettext("%(num)s answer to review", "%(num)s answers to review", count)


def _for_those_who_run(reader: Reader) -> Iterator[OfReview]:
    """Extensions, questions back and drafts."""
    ids, runs = list(reader.runs), reader.runs
    for review_id, number, agency, until in extensions(ids):
        words = gettext("%(agency)s asks for more time, until %(day)s", agency=agency, day=short_day(until))
        page = f"{address_of(runs[review_id])}/requests/P{number:02d}"
        yield review_id, Need(Rank.EXTENSION, words, page, gettext("decide"))
    for review_id, number, agency in questions_back(ids):
        words = gettext("%(agency)s asks a question", agency=agency)
        page = f"{address_of(runs[review_id])}/requests/P{number:02d}"
        yield review_id, Need(Rank.QUESTION_BACK, words, page, gettext("reply"))
    for review_id, count in drafts(ids):
        words = ngettext("%(num)s draft request to send", "%(num)s draft requests to send", count)
        yield review_id, Need(Rank.DRAFT, words, f"{address_of(runs[review_id])}/requests")


def undelivered(reviews: Collection[int]) -> list[Any]:
    """(review id, number of the request, agency, why) for each request that was issued and could not be delivered."""
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, Delivery.fault)
        .join(Delivery, Delivery.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(issued_in(reviews), Delivery.state == "failed")
        .order_by(EvidenceRequest.review_id, EvidenceRequest.number)
    )


def mail_to_read(reviews: Collection[int]) -> list[Any]:
    """(review id, number of the request, agency, kind) for each reply, delay or bounce by email nobody has dealt with."""
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, IncomingMail.kind)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(IncomingMail, IncomingMail.about == literal("request:") + cast(EvidenceRequest.id, String))
        .where(EvidenceRequest.review_id.in_(reviews), IncomingMail.dealt_at.is_(None), IncomingMail.kind != "auto")
        .order_by(IncomingMail.id)
    )


def received(reviews: Collection[int]) -> list[Any]:
    """(review id, state, how many) of the items that wait to be accepted or returned: answered, or said why not."""
    return read_rows(
        select(EvidenceRequest.review_id, Item.state, func.count(Item.id))
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(issued_in(reviews), Item.state.in_(RECEIVED))
        .group_by(EvidenceRequest.review_id, Item.state)
        .order_by(EvidenceRequest.review_id, Item.state.desc())
    )


def drafts(reviews: Collection[int]) -> list[Any]:
    """(review id, how many requests are drafted and not issued)."""
    return read_rows(
        select(EvidenceRequest.review_id, func.count())
        .where(EvidenceRequest.review_id.in_(reviews), EvidenceRequest.state == "drafted")
        .group_by(EvidenceRequest.review_id)
        .order_by(EvidenceRequest.review_id)
    )


def extensions(reviews: Collection[int]) -> list[Any]:
    """(review id, number of the request, agency, until when) for each extension that waits for a decision."""
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, Extension.until_on)
        .join(Extension, Extension.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(issued_in(reviews), Extension.state == "asked")
        .order_by(Extension.asked_at, Extension.id)
    )


def questions_back(reviews: Collection[int]) -> list[Any]:
    """(review id, number of the request, agency) where the last word on a request is an agency's question."""
    last = select(func.max(Note.id)).group_by(Note.request_id)
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name)
        .join(Note, Note.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(issued_in(reviews), Note.id.in_(last), Note.capacity.startswith("agency:"))
        .order_by(Note.at, Note.id)
    )


def deadlines(reader: DayReader) -> Iterator[Deadline]:
    """The days on which items are due, and the meetings agencies were asked to attend."""
    works = reader.works
    for review_id, day, items, agencies in _due(list(works)):
        words = gettext(
            "%(items)s due from %(agencies)s",
            items=ngettext("%(n)s item", "%(n)s items", items, n=f"{items:,}"),
            agencies=ngettext("%(n)s agency", "%(n)s agencies", agencies, n=f"{agencies:,}"),
        )
        yield Deadline(review_id, day, words, f"{address_of(works[review_id])}/matrix", f"items-{review_id}-{day}")
    for review_id, meeting_id, day, begins, _, asked, coming in meetings_of(list(works)):
        said = {"coming": coming, "agencies": ngettext("%(n)s agency", "%(n)s agencies", asked, n=f"{asked:,}"), "begins": begins}
        if begins:
            words = gettext("Meeting at %(begins)s: %(coming)s of %(agencies)s asked will attend", **said)
        else:
            words = gettext("Meeting: %(coming)s of %(agencies)s asked will attend", **said)
        yield Deadline(review_id, day, words, f"{address_of(works[review_id])}/matrix", f"meeting-{meeting_id}")


def _due(reviews: Collection[int]) -> list[Any]:
    """Open items by review and day: how many, from how many agencies."""
    return read_rows(
        select(EvidenceRequest.review_id, Item.due_on, func.count(Item.id), func.count(distinct(EvidenceRequest.agency_id)))
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(
            EvidenceRequest.review_id.in_(reviews),
            EvidenceRequest.state == "issued",
            Item.state.in_(OPEN),
            Item.due_on.is_not(None),
        )
        .group_by(EvidenceRequest.review_id, Item.due_on)
        .order_by(Item.due_on, EvidenceRequest.review_id)
    )
