"""Each item that was ever put to an agency, or has come to it from one it followed: by whom, when, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from scrutiny.accounts.queries import names_of
from scrutiny.agencies.queries import agencies_by_id
from scrutiny.agency_record.receipts import ReceiptRow, receipt_rows
from scrutiny.answering.access import KNOWN
from scrutiny.answering.presenters import state_word
from scrutiny.answering.queries import UNFINISHED, sent_answers
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import Answer, EvidenceRequest, Holder, Item
from scrutiny.requests.queries import holders_ahead, with_answers
from workflows.labels import labels
from workflows.roles import Actor

PASSED, OPEN, LAPSED = "passed", "open", "lapsed"
#: The groups an item may be in, in the order in which they are offered.
STATES = labels(
    {
        OPEN: _l("To answer"),
        "submitted": _l("Answered, not reviewed yet"),
        "accepted": _l("Accepted"),
        "not_held": _l("Not held"),
        "refused": _l("Refused"),
        "redirected": _l("Held by somebody else"),
        LAPSED: _l("Closed without an answer"),
        "withdrawn": _l("Withdrawn"),
        PASSED: _l("Passed to another agency"),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One item put to the agency; `rows` are what it sent in answer, `put_to` and `passed_to` the names of other agencies."""

    item: Item
    state: str  # one of STATES
    word: str
    requester: str
    asked_on: date | None
    put_to: str
    passed_to: str
    rows: tuple[ReceiptRow, ...]
    answers: tuple[Answer, ...]  # sent by the agency, oldest first

    @property
    def files(self) -> list[EvidenceFile]:
        """The files of everything it sent, oldest first; one used again stands once."""
        return list(dict.fromkeys(file for answer in self.answers for file in answer.lodging.evidence.files))

    @property
    def sent_at(self) -> datetime | None:
        """When it last sent something."""
        return max((row.sent_at for row in self.rows if row.sent_at), default=None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for: of one requester (its id), one year and one group of states; None or '' for all."""

    requester: int | None = None
    year: int | None = None
    state: str = ""


def requests_put_to(agency: int, today: date) -> list[EvidenceRequest]:
    """The requests that reached an agency, or of which it holds an item now; the newest first, with every answer."""
    held = (
        select(Item.request_id)
        .join(Holder, Holder.item_id == Item.id)
        .where(Holder.agency_id == agency, Holder.from_on <= today, or_(Holder.to_on.is_(None), Holder.to_on >= today))
    )
    rows = with_answers().where(
        EvidenceRequest.state.in_(KNOWN), or_(EvidenceRequest.agency_id == agency, EvidenceRequest.id.in_(held))
    )
    return list(db.session.scalars(rows.order_by(EvidenceRequest.issued_at.desc(), EvidenceRequest.id.desc())))


def asked_of(by: Actor, today: date, chosen: Chosen, requests: Sequence[EvidenceRequest]) -> list[Asked]:
    """The items of these requests that are the agency's to see, narrowed; the newest request first, each in its own order."""
    agency = by.agency or 0
    wanted = [request for request in requests if _fits(request, chosen)]
    holding = holders_ahead([request.id for request in wanted], [today]) if wanted else {}
    held = {item: holder for holders in holding.values() for item, holder in holders.items()}
    people = names_of(_people(item for request in wanted for item in request.items))
    others = agencies_by_id(sorted({*held.values(), *(request.agency_id for request in wanted)} - {agency}))
    names = {key: one.name for key, one in others.items()}
    found = [
        _asked(item, held.get(item.id, request.agency_id), by, names, people)
        for request in wanted
        for item in request.items
        if agency in (request.agency_id, held.get(item.id))
    ]
    return [one for one in found if chosen.state in ("", one.state)]


def _fits(request: EvidenceRequest, chosen: Chosen) -> bool:
    """Whether a request is of the requester and the year asked for."""
    year = london_day(request.issued_at).year if request.issued_at else None
    return chosen.requester in (None, request.review.lead.id) and chosen.year in (None, year)


def _people(items: Iterable[Item]) -> Iterator[str]:
    """Everybody who wrote, approved or took back what stands in the rows."""
    for item in items:
        for answer in item.answers:
            yield from (answer.by, answer.certified_by)
        for said in item.declines:
            yield from (said.by, said.certified_by, said.taken_back_by)


def _asked(item: Item, holder: int, by: Actor, names: dict[int, str], people: dict[str, str]) -> Asked:
    """One item; what somebody else has sent since it passed on is not told."""
    request, agency = item.request, by.agency
    passed = names.get(holder, "") if holder != agency else ""
    state = PASSED if holder != agency else _state(item)
    own = tuple(answer for answer in sent_answers(item) if answer.lodging.evidence.is_of(agency))
    rows = receipt_rows(item, by, people)
    if passed:
        said = {decline.submitted_at for decline in item.declines_sent if decline.capacity == by.capacity.reference}
        rows = [row for row in rows if row.sent_at in said | {answer.submitted_at for answer in own}]
    return Asked(
        item=item,
        state=state,
        word=str(STATES[state]) if state in (PASSED, LAPSED) else state_word(item),
        requester=request.review.lead.name,
        asked_on=london_day(request.issued_at) if request.issued_at else None,
        put_to=names.get(request.agency_id, "") if request.agency_id != agency else "",
        passed_to=passed,
        rows=tuple(rows),
        answers=own,
    )


def _state(item: Item) -> str:
    """The group an item is in."""
    if item.state in UNFINISHED:
        return OPEN if item.request.state == "issued" else LAPSED
    return item.came_as if item.state == "accepted" and item.came_as != "submitted" else item.state


def choices(requests: Sequence[EvidenceRequest]) -> tuple[list[tuple[int, str]], list[int]]:
    """The requesters, by name, and the years, newest first, that may be chosen."""
    bodies = {request.review.lead.id: request.review.lead.name for request in requests}
    years = {london_day(request.issued_at).year for request in requests if request.issued_at}
    return sorted(bodies.items(), key=lambda pair: pair[1]), sorted(years, reverse=True)


def counted(found: Sequence[Asked]) -> list[tuple[str, int]]:
    """How many items are in each group, in the order of STATES."""
    counts = Counter(one.state for one in found)
    return [(str(STATES[key]), counts[key]) for key in STATES if counts[key]]


def as_list(found: Sequence[Asked]) -> tuple[tuple[str, ...], list[tuple[str | int | date | None, ...]]]:
    """The head and rows of the table to take away; days as ISO text, moments in UTC."""
    head = (
        gettext("Reference"),
        gettext("Review"),
        gettext("Asked by"),
        gettext("Asked on"),
        gettext("Put to"),
        gettext("Question"),
        gettext("Due"),
        gettext("State"),
        gettext("Last sent"),
        gettext("Answer"),
        gettext("Files"),
        gettext("SHA-256"),
    )
    return head, [_listed(one) for one in found]


def _listed(one: Asked) -> tuple[str | int | date | None, ...]:
    """One item as a row of that table."""
    last = one.rows[-1] if one.rows else None
    return (
        one.item.reference,
        one.item.request.review.title,
        one.requester,
        one.asked_on,
        one.put_to,
        one.item.question.text,
        one.item.due_on,
        one.word,
        one.sent_at.isoformat(timespec="seconds") if one.sent_at else "",
        (last.words or last.instead) if last else "",
        "; ".join(file.name for file in one.files),
        "; ".join(file.sha256 for file in one.files),
    )
