"""The agency's deeds: keep an answer, its files, hand it on, have it certified, send it, or say why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.answering import letters
from scrutiny.answering.queries import ANSWERABLE, UNFINISHED, draft_of, items_held
from scrutiny.audit.service import digest, note
from scrutiny.evidence import queries as evidence_queries
from scrutiny.evidence import service as evidence
from scrutiny.evidence.intake import Received
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import clarifying, delivering
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import extensions_of
from scrutiny.transaction import check_version
from workflows.lifecycles.extension import EXTENSION
from workflows.lifecycles.item import ITEM
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer as it was typed."""

    text: str = ""
    figures: str = ""
    as_at: date | None = None
    period: str = ""
    marking: str = "open"
    exempt_ground: str = ""


def note_opened(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """The first time somebody of the agency looks at a request."""
    if request.opened_at is None and request.state == "issued":
        request.opened_at = at
        db.session.flush()
        _noted("request_opened", request, by, at)


def keep_answer(item: Item, typed: Typed, *, by: Actor, at: datetime, seen: int | None = None) -> Answer:
    """Save an answer; nothing is sent. Stale if a colleague saved since version `seen`: the page then shows both."""
    check_version(item, seen)
    answer = _begun(item, by, at)
    evidence.revise(
        answer.lodging,
        text=typed.text,
        figures=typed.figures,
        as_at=typed.as_at,
        period=typed.period,
        marking=typed.marking,
        exempt_ground=typed.exempt_ground,
        by=by,
        at=at,
    )
    for file in answer.lodging.evidence.files:
        if file.role == "original" and file.marking != typed.marking:
            evidence.mark_file(file, typed.marking, by=by, at=at)
    _kept(item, answer, by, at)
    return answer


def keep_file(item: Item, received: Received, *, marking: str = "", by: Actor, at: datetime) -> EvidenceFile:
    """Add a file that was inspected already to the answer being written, which is begun if need be."""
    answer = _begun(item, by, at)
    lodging = answer.lodging
    file = evidence.add_received(lodging.evidence, received, marking=marking or lodging.marking, by=by, at=at)
    _kept(item, answer, by, at)
    return file


def remove_file(item: Item, file: EvidenceFile, *, by: Actor, at: datetime) -> None:
    """Take a file out of the answer before it is sent."""
    answer = _begun(item, by, at)
    mine = next((one for one in answer.lodging.evidence.files if one.sha256 == file.sha256), None)
    if mine is not None:
        evidence.remove_file(mine, by=by, at=at)
    _kept(item, answer, by, at)


def reuse_answer(item: Item, earlier: Answer, *, by: Actor, at: datetime) -> Answer:
    """Answer with what the same agency sent before: a pointer to that evidence, nothing is sent twice."""
    _check_answerable(item)
    given = earlier.lodging
    if not given.evidence.is_of(by.agency) or earlier.submitted_at is None:
        raise Refused("Only what your own agency has sent before can be used again")
    pointer = evidence.lodge_again(
        given.evidence, item.request.review, marking=given.marking, exempt_ground=given.exempt_ground, by=by, at=at
    )
    answer = draft_of(item)
    if answer is None:
        answer = _new(item, pointer, by, at)
    else:
        before, answer.lodging = answer.lodging, pointer
        db.session.flush()
        _forget(before, pointer, by, at)
    answer.reused_from = earlier.id
    _kept(item, answer, by, at)
    return answer


def hand_item(item: Item, to: Person, *, by: Actor, at: datetime) -> None:
    """Hand an item to a colleague of the same agency, who is written to."""
    _check_unfinished(item)
    if to.id not in {one.id for one in agencies.members(by.agency or 0, london_day(at))}:
        raise Refused(f"{to.name} is not a member of your agency: choose a colleague, or ask the asker to redirect the item")
    item.held_by = to.reference
    db.session.flush()
    _noted("item_handed", item.request, by, at, item=item.reference, to=to.reference)
    if to.reference != by.reference:
        letters.item_handed(item, to, by, at=at)


def send_to_certifier(items: Sequence[Item], *, hours: float | None = None, by: Actor, at: datetime) -> None:
    """Send saved answers to the agency's certifier, who approves them or sends them back."""
    if not items:
        raise Refused("Choose at least one answer to send to your certifier")
    if not agencies.has_certifier(by.agency or 0, london_day(at)):
        raise Refused("Your agency has nobody who certifies answers: send them to the asker yourself")
    for item in items:
        _check_ready(item)  # all before any moves: a page that shows the refusal must find nothing half done
    for item in items:
        _move(item, "send_to_certifier", by, at)
    _spent(items[0].request, hours)
    letters.certify(items[0].request, items, by, at=at)


def send_back(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """The certifier sends an answer back to the responder, with the reason."""
    if not why.strip():
        raise Refused("Say what must change: the responder sees your words")
    _move(item, "send_back", by, at, why=digest(why.strip()))
    item.returned_why = why.strip()
    db.session.flush()
    letters.item_sent_back(item, by, at=at)


def submit_request(
    request: EvidenceRequest, items: Sequence[Item], *, hours: float | None = None, by: Actor, at: datetime
) -> list[Answer]:
    """Send answers to the asker: from now on the bodies of the review see them. A receipt is written."""
    if not items:
        raise Refused("There is nothing to send yet: save an answer first")
    certified = agencies.has_certifier(by.agency or 0, london_day(at))
    if certified and not by.has(CERTIFIER):
        raise Refused("Your agency's certifier approves answers before they are sent: send this to the certifier")
    for item in items:
        _check_ready(item)
    sent = [_submit(item, certified=certified, by=by, at=at) for item in items]
    _spent(request, hours)
    letters.receipt(request, items, by, at=at)
    _tell_if_complete(request, by, at)
    return sent


def submit_item(item: Item, *, by: Actor, at: datetime) -> Answer:
    """Send one answer to the asker."""
    return submit_request(item.request, [item], by=by, at=at)[0]


def say_not_held(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """Say that the agency does not hold what is asked, and where that is known why."""
    _give_none(item, "say_not_held", why, "Say why you do not hold this, or what you have instead", by, at)


def refuse_item(item: Item, ground: str, *, by: Actor, at: datetime) -> None:
    """Refuse an item, giving the ground in law."""
    _give_none(item, "refuse", ground, "Give the ground: the law that lets you refuse, and why it applies here", by, at)


def redirect_item(item: Item, to: str, *, why: str = "", by: Actor, at: datetime) -> None:
    """Say that another agency holds what is asked."""
    if not to.strip():
        raise Refused("Say who holds this: the name of the agency, and a person there if you know one")
    item.redirected_to = to.strip()[:300]
    _give_none(item, "redirect", why or f"Held by {item.redirected_to}", "Say who holds this", by, at)


def ask_question(request: EvidenceRequest, text: str, *, item: Item | None = None, by: Actor, at: datetime) -> Note:
    """Ask the asker what is meant; both sides see question and reply."""
    _check_issued(request)
    if not text.strip():
        raise Refused("Write your question")
    written = Note(request=request, item=item, text=text.strip(), by=by.reference, capacity=by.capacity.reference, at=at)
    db.session.add(written)
    db.session.flush()
    _noted("question_asked", request, by, at, note=written.id, text=digest(written.text))
    asked = [item] if item is not None else items_held(request, by.agency, london_day(at))
    stopped = clarifying.stop_clocks(written, asked, by=by, at=at)
    letters.question_asked(written, by, [(row.item, row.effect, row.due_before) for row in stopped], at=at)
    return written


def ask_extension(
    request: EvidenceRequest, until_on: date, reason: str, *, item: Item | None = None, by: Actor, at: datetime
) -> Extension:
    """Ask for more time, for one item or for all that is open; the asker decides, and both dates are kept."""
    _check_issued(request)
    asked = [item] if item is not None else items_held(request, by.agency, london_day(at))
    days = [one.due_on or clarifying.paused_before(one) for one in asked if one.state in UNFINISHED]
    due = [day for day in days if day is not None]
    if not due:
        raise Refused("Nothing here has a date that more time could move")
    if not reason.strip():
        raise Refused("Say why you need more time: whoever decides reads it")
    if until_on <= max(min(due), london_day(at)):
        raise Refused(f"Choose a day after {day(max(min(due), london_day(at)))}")
    if any(one.state == "asked" and one.item_id == (item.id if item else None) for one in extensions_of(request)):
        raise Refused("You have asked for more time already and wait for the decision: take that back first")
    extension = Extension(
        request=request,
        item=item,
        state=EXTENSION.initial,
        from_on=min(due),
        until_on=until_on,
        reason=reason.strip(),
        asked_by=by.reference,
        asked_at=at,
    )
    db.session.add(extension)
    db.session.flush()
    _noted("extension_asked", request, by, at, extension=extension.id, until=until_on.isoformat(), reason=digest(reason))
    letters.extension_asked(extension, by, at=at)
    return extension


def take_back_extension(extension: Extension, *, by: Actor, at: datetime) -> None:
    """Take back a wish for more time that nobody has decided yet."""
    before = extension.state
    move = EXTENSION.make("take_back", extension, by=by)
    db.session.flush()
    note(
        move.event,
        about=extension.request.plain,
        within=extension.request.review.plain,
        by=by,
        at=at,
        before=before,
        after=extension.state,
        extension=extension.id,
    )


def _submit(item: Item, *, certified: bool, by: Actor, at: datetime) -> Answer:
    """Send one answer; `certified` says that a certifier of the agency does it, and so approves it."""
    answer = _check_ready(item)
    _move(item, "submit", by, at, {"submitted_at": at}, answer=answer.number)
    clarifying.overtake(item, by=by, at=at)
    evidence.lodge(answer.lodging, by=by, at=at)
    answer.submitted_at = at
    answer.certified_by = by.reference if certified else ""
    item.next_step_on = None
    item.came(london_day(at))
    delivering.note_answered(item.request, london_day(at), by=by, at=at)
    db.session.flush()
    return answer


def _spent(request: EvidenceRequest, hours: float | None) -> None:
    """The hours the agency says it has spent so far."""
    if hours is not None and hours != request.hours_spent:
        request.hours_spent = hours
        db.session.flush()


def _give_none(item: Item, name: str, ground: str, needed: str, by: Actor, at: datetime) -> None:
    """Move an item to the end without an answer, with the reason."""
    if not ground.strip():
        raise Refused(needed)
    _move(item, name, by, at, {"ground": ground.strip(), "submitted_at": at}, ground=digest(ground.strip()))
    clarifying.overtake(item, by=by, at=at)
    item.next_step_on = None
    item.came(london_day(at))
    delivering.note_answered(item.request, london_day(at), by=by, at=at)
    db.session.flush()
    letters.item_not_given(item, by, at=at)
    _tell_if_complete(item.request, by, at)


def _begun(item: Item, by: Actor, at: datetime) -> Answer:
    """The answer being written, fit to change: begun afresh, from what was returned, or from a copy of what was reused."""
    _check_answerable(item)
    answer = draft_of(item)
    if answer is None:
        before = item.answer
        lodging = _blank(item, by, at) if before is None else evidence.copy_draft(before.lodging, by=by, at=at)
        return _new(item, lodging, by, at)
    if not evidence.may_revise(answer.lodging):
        pointer, answer.lodging = answer.lodging, evidence.copy_draft(answer.lodging, by=by, at=at)
        db.session.flush()
        _forget(pointer, answer.lodging, by, at)
    return answer


def _blank(item: Item, by: Actor, at: datetime) -> Lodging:
    """An empty draft; its marking is what the question offers, where the method allows that."""
    review = item.request.review
    marking = item.question.marking
    if marking == "personal" and not evidence_queries.may_hold_personal(review):
        marking = "confidential"
    agency = agencies.agency(by.agency or 0)
    return evidence.lodge_draft(
        agency=agency or item.request.agency,
        review=review,
        title=item.question.title or item.question.text,
        period=item.question.period,
        marking=marking,
        by=by,
        at=at,
    )


def _new(item: Item, lodging: Lodging, by: Actor, at: datetime) -> Answer:
    """The next answer to an item; the ones before it stay."""
    answer = Answer(
        item=item, number=len(item.answers) + 1, lodging=lodging, by=by.reference, capacity=by.capacity.reference, kept_at=at
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def _forget(before: Lodging, now_used: Lodging, by: Actor, at: datetime) -> None:
    """Drop the draft an answer pointed to, unless it was sent or is the one used now."""
    if before.id != now_used.id and before.lodged_at is None:
        evidence.forget_draft(before, by=by, at=at)


def _kept(item: Item, answer: Answer, by: Actor, at: datetime) -> None:
    """Note who saved last, and count the version up, so that a colleague with the page open is told."""
    answer.by, answer.capacity, answer.kept_at = by.reference, by.capacity.reference, at
    _move(item, "answer", by, at, content=answer.lodging.evidence.digest)


def _check_ready(item: Item) -> Answer:
    """The answer to send, or a refusal naming the item."""
    answer = draft_of(item)
    if answer is None:
        raise Refused(f"Item {item.number} has no answer yet: write one, or say that you do not hold it")
    try:
        evidence.check_ready(answer.lodging)
    except Refused as refused:
        raise Refused(f"Item {item.number}: {refused.sentence}") from None
    return answer


def _check_answerable(item: Item) -> None:
    """Whether an answer may be written now, said in words."""
    _check_issued(item.request)
    if item.state not in ANSWERABLE:
        label = ITEM.states[item.state].lower()
        raise Refused(f"This item is {label}: its answer can no longer change. Ask the asker to return it if it should")


def _check_unfinished(item: Item) -> None:
    """Whether the agency still has something to do about an item."""
    _check_issued(item.request)
    if item.state not in UNFINISHED:
        raise Refused(f"This item is {ITEM.states[item.state].lower()}: there is nothing left to do about it")


def _check_issued(request: EvidenceRequest) -> None:
    """A request that is withdrawn or closed is over."""
    if request.state != "issued":
        raise Refused(f"This request is {request.state}: nothing more is asked of you")


def _move(item: Item, name: str, by: Actor, at: datetime, also: Mapping[str, Any] = MappingProxyType({}), **fields: Any) -> None:
    """Move an item by its lifecycle with what its new state needs, count its version up and note it."""
    _check_issued(item.request)
    before = item.state
    move = ITEM.make(name, item, by=by)
    for column, value in also.items():
        setattr(item, column, value)
    flag_modified(item, "state")  # an answer saved again keeps its state, and is a new version all the same
    db.session.flush()
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


def _tell_if_complete(request: EvidenceRequest, by: Actor, at: datetime) -> None:
    """Write to the officer when nothing of a request is left with the agency."""
    if not any(item.state in UNFINISHED for item in request.items):
        letters.request_answered(request, at=at)


def _noted(event: str, request: EvidenceRequest, by: Actor, at: datetime, **fields: Any) -> None:
    """Note a deed about a request."""
    note(event, about=request.plain, within=request.review.plain, by=by, at=at, **fields)
