"""The asker's deeds once requests are drafted: issue, withdraw, close, return, accept, enter, extend, reply, chase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.queries import successors_of
from scrutiny.asking import delivering, letters
from scrutiny.asking.delivering import begin_delivery, enter_delivery, send_again
from scrutiny.asking.drafting import (
    add_item,
    as_if_sent,
    draft_for_agency,
    draft_requests,
    drop_item,
    drop_request,
    take_up_request,
    work_out,
)
from scrutiny.asking.replying import reply
from scrutiny.audit.service import digest, note
from scrutiny.chasing.service import chase
from scrutiny.correspondence import incoming
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.due_dates import clarifying
from scrutiny.evidence import mistakes
from scrutiny.evidence import service as evidence
from scrutiny.extensions import db
from scrutiny.formats import day, listed, london_day
from scrutiny.publication import service as publication
from scrutiny.requests import interests
from scrutiny.requests.ladder import begin_ladder, choose_ladder
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Holder, Item
from scrutiny.requests.queries import OPEN
from scrutiny.requests.ways import CAME_BY, all_ways
from scrutiny.reviews import service as reviews
from scrutiny.reviews.conflicts import check_not_by
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from scrutiny.rules.service import keep_text
from scrutiny.stored_files import stored
from scrutiny.stored_files.intake import Received
from scrutiny.transaction import run_in_turn
from workflows.due_reasons import Extended, Returned
from workflows.lifecycles.extension import EXTENSION
from workflows.lifecycles.item import ITEM
from workflows.lifecycles.request import REQUEST
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.workdays import Calendar

__all__ = [
    "ByHand",
    "accept_item",
    "add_item",
    "chase",
    "close_request",
    "decide_extension",
    "draft_for_agency",
    "draft_requests",
    "drop_item",
    "drop_request",
    "enter_answer",
    "enter_delivery",
    "give_days_again",
    "issue_in_turn",
    "issue_requests",
    "reply",
    "return_item",
    "send_again",
    "take_up_request",
    "withdraw_item",
    "withdraw_request",
    "withdraw_with_review",
]
#: Working days an agency has to answer again, where the date it had has gone by.
AGAIN = 5


@dataclass(frozen=True, slots=True)
class ByHand:
    """An answer that came another way, as the officer types it in; files are inspected and kept already."""

    came_by: str
    received_by: str
    received_on: date
    text: str = ""
    figures: str = ""
    as_at: date | None = None
    period: str = ""
    marking: str = "open"
    exempt_ground: str = ""
    files: Sequence[Received] = ()
    looked: bool = False  # at what is hidden in the files


def issue_requests(review: Review, requests: Sequence[EvidenceRequest], *, by: Actor, at: datetime) -> list[EvidenceRequest]:
    """Issue drafts in one go: holders entered, letters written; all of them or none. No day runs before delivery."""
    if not requests:
        raise Refused(gettext("Choose at least one request to issue"))
    if review.state == "planned":
        reviews.begin_review(review, by=by, at=at)
    if review.state != "opened":
        raise Refused(gettext("This review is over: nothing more can be asked in it"))
    keep = cache(partial(keep_text, at=at))  # the rules are the same for all of them
    for request in requests:
        _issue(request, keep, by=by, at=at)
    db.session.flush()
    return list(requests)


def issue_in_turn(
    review: Review, requests: Sequence[EvidenceRequest], *, by: Actor, at: datetime
) -> tuple[list[EvidenceRequest], str]:
    """The same where a page asks for it: each is issued in a short transaction of its own, so that nobody waits for fifty.

    What can be refused beforehand is, for all of them. Those issued; and why the next was not, where it changed meanwhile.
    """
    if not requests:
        raise Refused(gettext("Choose at least one request to issue"))
    for request in requests:
        _check_ready(request, at)
        as_if_sent(request, london_day(at))  # refuses a day gone by, and a meeting that is over
    review_id, ids = review.id, [request.id for request in requests]

    def issue(request_id: int) -> int:
        issue_requests(db.session.get_one(Review, review_id), [db.session.get_one(EvidenceRequest, request_id)], by=by, at=at)
        return request_id

    done, refused = run_in_turn([partial(issue, request_id) for request_id in ids])
    return [db.session.get_one(EvidenceRequest, request_id) for request_id in done], refused


def _check_ready(request: EvidenceRequest, at: datetime) -> None:
    """Refuse a draft to an agency that answers no longer, or one that asks for nothing."""
    if request.agency.to_on is not None and request.agency.to_on < london_day(at):
        heirs = listed([one.name for one in successors_of(request.agency, london_day(at))])
        name, last = request.agency.name, day(request.agency.to_on)
        if heirs:
            said = gettext(
                "%(name)s answered until %(last)s only: leave it out and ask %(heirs)s instead", name=name, last=last, heirs=heirs
            )
            raise Refused(said)
        raise Refused(gettext("%(name)s answered until %(last)s only: leave it out", name=name, last=last))
    if not request.items:
        raise Refused(
            gettext(
                "The request to %(agency)s asks for nothing: add an item, or leave the agency out", agency=request.agency.name
            )
        )


def _issue(request: EvidenceRequest, keep: Callable[[str], str], *, by: Actor, at: datetime) -> None:
    """Issue one draft; `keep` keeps a text of the rules and gives its digest."""
    _check_ready(request, at)
    before, today = request.state, london_day(at)
    move = REQUEST.make("issue", request, by=by)
    request.issued_at, request.issued_by = at, by.reference
    work_out(request, today)
    with db.session.no_autoflush:
        keep("powers")
        choose_ladder(request, keep("ladders"))
        for item in request.items:
            item.due_working = replace(item.due_working, edition=keep(f"holidays/{_division(item)}"))
            db.session.add(Holder(item_id=item.id, agency_id=request.agency_id, from_on=today))
    db.session.flush()
    sent = letters.request_issued(request, at=at)
    note(
        move.event,
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        before=before,
        after=request.state,
        agency=request.agency.reference,
        items=[item.reference for item in request.items],
        due={item.reference: item.due_on.isoformat() for item in request.items if item.due_on},
        power=request.power_key,
    )
    begin_delivery(request, sent, by=by, at=at)


def return_item(item: Item, *, why: str, by: Actor, at: datetime, until_on: date | None = None) -> Item:
    """Return an answer for more, with the reason; if the date it had is near or past, it gets a new one."""
    interests.check_item(item, by=by, at=at)
    if not why.strip():
        raise Refused(gettext("Say what is missing: the agency sees your words"))
    today = london_day(at)
    if until_on is not None and until_on <= today:
        raise Refused(gettext("%(until_on)s is not after today: choose a later day for the answer", until_on=day(until_on)))
    before = _move(item, "return", by=by, at=at, why=digest(why.strip()), until=until_on.isoformat() if until_on else "")
    item.return_for("returned", why.strip(), by=by.reference, at=at)
    publication.take_back(item, why, by=by, at=at)
    for answer in item.answers:  # the agency had said that this should not have been sent, and asked for it back
        if answer.lodging.wrong_at is not None:
            if answer.lodging.public_from is not None:
                evidence.take_back(answer.lodging, why, by=by, at=at)
            mistakes.withhold(answer.lodging, by=by, at=at)
    give_days_again(item, before, today, until_on)
    db.session.flush()
    letters.item_returned(item, at=at)
    return item


def give_days_again(item: Item, before: str, today: date, until_on: date | None = None) -> None:
    """A due date for an answer that is wanted again: the day chosen, or the one it had, some working days off at least."""
    least = _calendar(item).after(today, AGAIN)
    item.due_on = until_on or max(item.due_on or least, least)
    item.due_working = replace(item.due_working, again=Returned(today, before))
    begin_ladder(item, today)


def accept_item(item: Item, *, by: Actor, at: datetime) -> Item:
    """Accept an answer, or that there is none to be had."""
    interests.check_item(item, by=by, at=at)
    _move(item, "accept", by=by, at=at)
    item.next_step_on = None
    db.session.flush()
    return item


def withdraw_item(item: Item, *, why: str, by: Actor, at: datetime) -> Item:
    """Ask an item no longer; an answer already sent stays with the review."""
    interests.check_item(item, by=by, at=at)
    _withdraw(item, why, by=by, at=at)
    letters.item_withdrawn(item, why.strip(), at=at)
    return item


def withdraw_request(request: EvidenceRequest, *, why: str, by: Actor, at: datetime) -> EvidenceRequest:
    """Withdraw an issued request with all that is still open in it, in one letter."""
    interests.check_request(request, by=by, at=at)
    return withdraw_with_review(request, why=why, by=by, at=at)


def withdraw_with_review(request: EvidenceRequest, *, why: str, by: Actor, at: datetime) -> EvidenceRequest:
    """The same where the whole review is withdrawn, which is no decision on one agency."""
    if not why.strip():
        raise Refused(gettext("Say why the request is withdrawn: the agency sees your words"))
    for item in request.items:
        if item.state in OPEN:
            _withdraw(item, why, by=by, at=at)
    _move_request("withdraw", request, by=by, at=at, why=digest(why.strip()))
    request.ended_why = why.strip()
    db.session.flush()
    letters.request_withdrawn(request, why.strip(), at=at)
    return request


def close_request(request: EvidenceRequest, *, by: Actor, at: datetime) -> EvidenceRequest:
    """Close a request in which nothing is open any more."""
    interests.check_request(request, by=by, at=at)
    still = [item for item in request.items if item.state not in ("accepted", "withdrawn")]
    if still:
        raise Refused(
            gettext(
                "Item %(number)s of %(reference)s is %(states)s: accept it first",
                number=still[0].number,
                reference=request.reference,
                states=ITEM.states[still[0].state].lower(),
            )
        )
    _move_request("close", request, by=by, at=at)
    letters.request_closed(request, at=at)
    return request


def enter_answer(item: Item, entered: ByHand, mail: IncomingMail | None = None, *, by: Actor, at: datetime) -> Answer:
    """Enter an answer that came another way than through its agency's page, saying who received it and when."""
    return enter_answers([item], entered, mail, by=by, at=at)[0]


def _enter(item: Item, entered: ByHand, mail: IncomingMail | None, *, by: Actor, at: datetime) -> Answer:
    """Lodge what came and move its item."""
    interests.check_request(item.request, by=by, at=at)
    _check_by_hand(item, entered, at)
    request = item.request
    # What the agency had begun stays its own; what came by hand is lodged beside it.
    lodging = evidence.lodge_draft(
        agency=request.agency,
        review=request.review,
        title=item.question.title or item.reference,
        text=entered.text,
        figures=entered.figures,
        as_at=entered.as_at,
        period=entered.period,
        marking=entered.marking,
        exempt_ground=entered.exempt_ground,
        by=by,
        at=at,
    )
    stored.take_turns(received.sha256 for received in entered.files)
    for received in entered.files:
        file = evidence.add_received(lodging.evidence, received, marking=entered.marking, by=by, at=at)
        if file.hidden and not entered.looked:
            what = " ".join(file.hidden)
            raise Refused(gettext("Look at “%(file)s”, and tick that you have. %(what)s", file=file.name, what=what))
        evidence.look_at(file, by=by, at=at)
    _move(item, "enter", by=by, at=at, came_by=entered.came_by, received=entered.received_on.isoformat())
    item.submitted_at = at
    evidence.lodge(lodging, by=by, at=at)
    answer = Answer(
        item=item,
        number=len(item.answers) + 1,
        lodging=lodging,
        by=by.reference,
        capacity=by.capacity.reference,
        kept_at=at,
        submitted_at=at,
        came_by=entered.came_by,
        received_by=entered.received_by.strip(),
        received_on=entered.received_on,
    )
    db.session.add(answer)
    clarifying.overtake(item, by=by, at=at)
    item.next_step_on = None
    item.came(entered.received_on)
    delivering.note_answered(item.request, entered.received_on, by=by, at=at)
    if mail is not None and mail.dealt_at is None:  # the email that the answer came in
        incoming.deal_with(mail, by=by, at=at)
    db.session.flush()
    return answer


def enter_answers(
    items: Sequence[Item], entered: ByHand, mail: IncomingMail | None = None, *, by: Actor, at: datetime
) -> list[Answer]:
    """Enter one document that came another way as the answer to several items; its files are uses of the same bytes.

    The agency gets one receipt for all that was entered in its name.
    """
    answers = [_enter(item, entered, mail, by=by, at=at) for item in items]
    letters.answers_entered(answers, at=at)
    return answers


def _check_by_hand(item: Item, entered: ByHand, at: datetime) -> None:
    """Refuse an entry that does not say how, when and by whom the answer was received, or says nothing."""
    if entered.came_by not in CAME_BY:
        raise Refused(gettext("Say how the answer came: %(all_ways)s", all_ways=all_ways()))
    if not entered.received_by.strip():
        raise Refused(gettext("Say who received the answer"))
    if entered.received_on > london_day(at):
        raise Refused(gettext("The answer cannot have been received after today"))
    issued = item.request.issued_at
    if issued is not None and entered.received_on < london_day(issued):
        raise Refused(
            gettext("The request was issued on %(issued)s: the answer cannot have come before it", issued=day(london_day(issued)))
        )
    if not (entered.text.strip() or entered.figures.strip() or entered.files):
        raise Refused(gettext("Enter what was answered: text, figures or a file"))


def decide_extension(
    extension: Extension, *, grant: bool, by: Actor, at: datetime, decision: str = "", until_on: date | None = None
) -> Extension:
    """Grant more time (as asked, or until another day) or refuse it with the reason; both dates are kept."""
    asked = gettext("You asked for more time for %(agency)s", agency=extension.request.agency.name)
    check_not_by(extension.asked_by, asked, extension.request.review, by=by, at=at)
    interests.check_request(extension.request, by=by, at=at)
    if not grant and not decision.strip():
        raise Refused(gettext("Say why there can be no more time: the agency sees your words"))
    until = until_on or extension.until_on
    if grant and until <= extension.from_on:
        raise Refused(gettext("Choose a day after %(from_on)s, when it is due now", from_on=day(extension.from_on)))
    move = EXTENSION.make("grant" if grant else "refuse", extension, by=by)
    extension.decided_by, extension.decided_at, extension.decision = by.reference, at, decision.strip()
    extension.granted_until = until if grant else None
    before = {item: item.due_on for item in _extended(extension)}
    if grant:
        for item in before:
            if clarifying.extend_paused(item, until):
                continue
            item.due_on = until
            item.due_working = replace(item.due_working, extended=Extended(extension.from_on, until))
            begin_ladder(item, london_day(at))
    db.session.flush()
    note(
        move.event,
        about=extension.request.plain,
        within=extension.request.review.plain,
        by=by,
        at=at,
        before="asked",
        after=extension.state,
        extension=extension.id,
        was=extension.from_on.isoformat(),
        until=until.isoformat() if grant else "",
        decision=digest(extension.decision),
    )
    letters.extension_decided(extension, before, at=at)
    return extension


def _extended(extension: Extension) -> list[Item]:
    """The items more time is for: the one, or every open one of the request that is due sooner."""
    until = extension.granted_until or extension.until_on
    if extension.item is not None:
        return [extension.item]
    open_now = [item for item in extension.request.items if item.state in OPEN]
    return [item for item in open_now if item.due_on is None or item.due_on < until]


def _withdraw(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """Withdraw one item and end who holds it."""
    if not why.strip():
        raise Refused(gettext("Say why the item is withdrawn: the agency sees your words"))
    _move(item, "withdraw", by=by, at=at, why=digest(why.strip()))
    clarifying.overtake(item, by=by, at=at)
    publication.take_back(item, why, by=by, at=at)
    item.forget_read()
    item.ground, item.next_step_on = item.ground or why.strip(), None
    for holder in db.session.scalars(select(Holder).where(Holder.item_id == item.id, Holder.to_on.is_(None)).order_by(Holder.id)):
        holder.to_on = london_day(at)
    db.session.flush()


def _move(item: Item, name: str, *, by: Actor, at: datetime, **fields: str) -> str:
    """Move an item of an issued request and note it; the state it had."""
    if item.request.state != "issued":
        raise Refused(
            gettext(
                "The request %(reference)s is %(states)s: its items rest",
                reference=item.request.reference,
                states=REQUEST.states[item.request.state].lower(),
            )
        )
    before = item.state
    move = ITEM.make(name, item, by=by)
    note(
        move.event,
        about=item.plain,
        within=item.request.review.plain,
        by=by,
        at=at,
        before=before,
        after=item.state,
        reference=item.reference,
        **fields,
    )
    return before


def _move_request(name: str, request: EvidenceRequest, *, by: Actor, at: datetime, **fields: str) -> None:
    """Move an issued request and note it."""
    before = request.state
    move = REQUEST.make(name, request, by=by)
    db.session.flush()
    note(
        move.event,
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        before=before,
        after=request.state,
        reference=request.reference,
        **fields,
    )


def _calendar(item: Item) -> Calendar:
    """The calendar an item is counted with."""
    calendars = calendars_in_force()
    return calendars.uk_any if item.nation == "uk-any" else calendars.by_division[item.nation]


def _division(item: Item) -> str:
    """The file of holidays kept with an item; a clock of the whole kingdom keeps the largest division's."""
    return "england-and-wales" if item.nation == "uk-any" else item.nation
