"""The agency's deeds: keep an answer and its files, hand it on, ask; sending, approving and declining stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.answering import letters
from scrutiny.answering.declining import (
    keep_not_held,
    keep_redirection,
    keep_refusal,
    redirect_item,
    refuse_item,
    say_not_held,
    take_back,
)
from scrutiny.answering.item_moves import check_issued, move_item, note_about
from scrutiny.answering.queries import ANSWERABLE, UNFINISHED, draft_of, items_held
from scrutiny.answering.sending import (
    Decision,
    decide,
    look_at,
    pass_on,
    send_back,
    send_to_certifier,
    submit_item,
    submit_request,
)
from scrutiny.audit.service import digest, note
from scrutiny.due_dates import clarifying
from scrutiny.evidence import queries as evidence_queries
from scrutiny.evidence import service as evidence
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.formats import day, london_day, moment
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import extensions_of, notes_of
from scrutiny.stored_files.intake import Received
from scrutiny.transaction import check_version, take_turn
from workflows.lifecycles.extension import EXTENSION
from workflows.lifecycles.item import ITEM
from workflows.refusals import Refused
from workflows.roles import Actor

__all__ = [
    "Decision",
    "decide",
    "keep_not_held",
    "keep_redirection",
    "keep_refusal",
    "look_at",
    "pass_on",
    "redirect_item",
    "refuse_item",
    "say_not_held",
    "send_back",
    "send_to_certifier",
    "submit_item",
    "submit_request",
    "take_back",
]


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
        note_about("request_opened", request, by, at)


def keep_answer(item: Item, typed: Typed, *, by: Actor, at: datetime, seen: int | None = None) -> Answer:
    """Save an answer; nothing is sent. Stale if a colleague saved since version `seen`: the page then shows both."""
    check_version(item, seen)
    answer = _begun(item, by, at)
    marking = typed.marking or answer.lodging.marking
    answer.marked = answer.marked or bool(typed.marking)
    evidence.revise(
        answer.lodging,
        text=typed.text,
        figures=typed.figures,
        as_at=typed.as_at,
        period=typed.period,
        marking=marking,
        exempt_ground=typed.exempt_ground,
        by=by,
        at=at,
    )
    for file in answer.lodging.evidence.files:
        if file.role == "original" and file.marking != marking:
            evidence.mark_file(file, marking, by=by, at=at)
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
        raise Refused(gettext("Only what your own agency has sent before can be used again"))
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
    answer.reused_from, answer.marked = earlier.id, True
    _kept(item, answer, by, at)
    return answer


#: Questions that one agency asks about one request within a day.
MOST_QUESTIONS = 20
ASKED_WITHIN = timedelta(hours=24)


def ask_question(request: EvidenceRequest, text: str, *, item: Item | None = None, by: Actor, at: datetime) -> Note:
    """Ask the asker what is meant; both sides see question and reply."""
    check_issued(request)
    if not text.strip():
        raise Refused(gettext("Write your question"))
    take_turn(f"questions about request {request.id}")
    _check_asked(request, text.strip(), item, by=by, at=at)
    written = Note(request=request, item=item, text=text.strip(), by=by.reference, capacity=by.capacity.reference, at=at)
    db.session.add(written)
    db.session.flush()
    note_about("question_asked", request, by, at, note=written.id, text=digest(written.text))
    asked = [item] if item is not None else items_held(request, by.agency, london_day(at))
    stopped = clarifying.stop_clocks(written, asked, by=by, at=at)
    letters.question_asked(written, by, [(row.item, row.effect, row.due_before) for row in stopped], at=at)
    return written


def _check_asked(request: EvidenceRequest, text: str, item: Item | None, *, by: Actor, at: datetime) -> None:
    """The same question is not asked twice in a day while it waits, and not very many: each is a letter to the asker."""
    lately = [one for one in notes_of(request) if one.at > at - ASKED_WITHIN]
    about = [one for one in lately if one.item_id == (item.id if item else None)]
    if about and about[-1].capacity == by.capacity.reference and about[-1].text == text:
        raise Refused(gettext("You have asked this already. The reply will be shown with the request"))
    own = sorted(one.at for one in lately if one.capacity == by.capacity.reference)
    if len(own) >= MOST_QUESTIONS:
        again = moment(own[-MOST_QUESTIONS] + ASKED_WITHIN)
        raise Refused(
            gettext(
                "You have asked %(many)s questions within 24 hours. You can ask again from %(again)s", many=len(own), again=again
            )
        )


def ask_extension(
    request: EvidenceRequest, until_on: date, reason: str, *, item: Item | None = None, by: Actor, at: datetime
) -> Extension:
    """Ask for more time, for one item or for all that is open; the requester decides, and both dates are kept."""
    check_issued(request)
    asked = [item] if item is not None else items_held(request, by.agency, london_day(at))
    days = [one.due_on or clarifying.paused_before(one) for one in asked if one.state in UNFINISHED]
    due = [day for day in days if day is not None]
    if not due:
        raise Refused(gettext("Nothing here has a date that more time could move"))
    if not reason.strip():
        raise Refused(gettext("Say why you need more time: whoever decides reads it"))
    if until_on <= max(min(due), london_day(at)):
        raise Refused(gettext("Choose a day after %(due)s", due=day(max(min(due), london_day(at)))))
    take_turn(f"more time for request {request.id}")
    if any(one.state == "asked" and one.item_id == (item.id if item else None) for one in extensions_of(request)):
        raise Refused(gettext("You have already asked for more time. Withdraw that request before you make another"))
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
    note_about("extension_asked", request, by, at, extension=extension.id, until=until_on.isoformat(), reason=digest(reason))
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


def _begun(item: Item, by: Actor, at: datetime) -> Answer:
    """The answer being written, fit to change: begun afresh, from what was returned, or from a copy of what was reused."""
    _check_answerable(item)
    answer = draft_of(item)
    if answer is None:
        before = item.answer
        wrong = before is not None and before.lodging.withheld_at is not None
        lodging = _blank(item, by, at) if before is None or wrong else evidence.copy_draft(before.lodging, by=by, at=at)
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
    """The next answer to an item; the ones before it stay. Who may see the first is still to be chosen."""
    marked = bool(item.answers) and item.answers[-1].marked
    answer = Answer(
        item=item,
        number=len(item.answers) + 1,
        lodging=lodging,
        by=by.reference,
        capacity=by.capacity.reference,
        kept_at=at,
        marked=marked,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def _forget(before: Lodging, now_used: Lodging, by: Actor, at: datetime) -> None:
    """Drop the draft an answer pointed to, unless it was sent or is the one used now."""
    if before.id != now_used.id and before.lodged_at is None:
        evidence.forget_draft(before, by=by, at=at)


def _kept(item: Item, answer: Answer, by: Actor, at: datetime) -> None:
    """Note who saved last, and count the version up, so that a colleague with the page open is told.

    What was saved in its place goes: an item is answered, or it is said why not.
    """
    if item.decline_kept is not None:
        db.session.delete(item.decline_kept)
        db.session.flush()
        db.session.expire(item, ["declines"])
    answer.by, answer.capacity, answer.kept_at = by.reference, by.capacity.reference, at
    move_item(item, "answer", by, at, content=answer.lodging.evidence.digest)


def _check_answerable(item: Item) -> None:
    """Whether an answer may be written now, said in words."""
    check_issued(item.request)
    if item.state not in ANSWERABLE:
        label = ITEM.states[item.state].lower()
        raise Refused(
            gettext(
                "This item is %(label)s: its answer can no longer change. Ask the requester to return it if it should",
                label=label,
            )
        )
