"""Climbing the ladder: remind by the clock, propose the chair's letter, approve it or set it aside; chase by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import digest, note
from scrutiny.chasing import letters
from scrutiny.chasing.models import BY_HAND, Escalation, EscalationItem
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.interests import check_request
from scrutiny.requests.ladder import climb_to, days_of, not_before, rung_called, steps_of
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.requests.queries import OPEN, holders, overdue, whole
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from workflows.ladders import CERTIFIER_HAS_IT, EXTENSION, STOPS, Rung
from workflows.lifecycles.escalation import ESCALATION
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor
from workflows.wishes import wish_holds

#: How long a letter of the morning waits for the others to the same person, should the job be stopped midway.
HELD = timedelta(hours=1)
#: Whom a chase by hand goes to.
CHASED = ("responder",)


def climb(request_id: int, *, at: datetime) -> int:
    """One request: a letter for each rung its open items have come to today; how many rungs were climbed."""
    request, today = db.session.scalars(whole().where(EvidenceRequest.id == request_id)).one(), london_day(at)
    days, resting = days_of(request.agency.nation), request.state != "issued" or request.review.state != "opened"
    due = [item for item in request.items if item.next_step_on is not None and item.next_step_on <= today]
    asked = more_time_asked([request_id]) if due and not resting else []
    called: dict[Rung, list[Item]] = {}
    for item in due:
        if resting or item.state not in OPEN or item.due_on is None:
            item.next_step_on = None
        elif days.why_not(today):  # a holiday learnt of late, or yesterday's run was missed
            item.next_step_on = days.from_(today)
        else:
            _call(item, called, asked, today)
    reached = 0
    for rung, items in called.items():
        for agency, mine in by_agency(request, items, today):
            _reach(rung, agency, mine, at=at)
            reached += 1
    db.session.flush()
    return reached


def _call(item: Item, called: dict[Rung, list[Item]], asked: Sequence[Extension], today: date) -> None:
    """Put an item with those of its rung, and set it on; it stays where it is while something holds the rung back."""
    found = rung_called(item, today)
    if found is None:
        climb_to(item, item.rung)  # the calendar has changed: its day is still to come
        return
    place, rung = found
    if not why_held_back(item, rung, asked, today) and not _written_to(item.request, rung.key, today):
        called.setdefault(rung, []).append(item)
        climb_to(item, place)


def why_held_back(item: Item, rung: Rung, asked: Iterable[Extension], today: date) -> str:
    """Which of the ladder's own stops holds a rung back for an open item, in words; '' if none does."""
    if CERTIFIER_HAS_IT in rung.stops and item.state == "with_certifier":
        return STOPS[CERTIFIER_HAS_IT]
    return STOPS[EXTENSION] if EXTENSION in rung.stops and is_extended(item, asked, today) else ""


def more_time_asked(request_ids: Sequence[int]) -> list[Extension]:
    """The extensions of these requests that are asked for and not yet decided; one statement."""
    rows = select(Extension).where(Extension.request_id.in_(request_ids), Extension.state == "asked")
    return list(db.session.scalars(rows.order_by(Extension.id)))


def is_extended(item: Item, asked: Iterable[Extension], today: date) -> bool:
    """Whether one of these wishes is about an item, or its whole request, and holds the ladder back on a day."""
    ours = [one for one in asked if one.request_id == item.request_id and one.item_id in (None, item.id)]
    if not ours:
        return False
    calendar = calendars_in_force().of(item.request.agency.nation)
    return any(wish_holds(london_day(one.asked_at), item.due_on, today, calendar) for one in ours)


def _written_to(request: EvidenceRequest, rung: str, today: date) -> bool:
    """Whether a letter of this rung, or one by hand, went about a request today: what comes to it later waits for tomorrow."""
    rows = select(Escalation.id).where(
        Escalation.request_id == request.id, Escalation.reached_on == today, Escalation.rung.in_((rung, BY_HAND))
    )
    return db.session.scalar(rows.limit(1)) is not None


def by_agency(request: EvidenceRequest, items: Sequence[Item], today: date) -> list[tuple[Agency, list[Item]]]:
    """Items of a request by the agency that holds them on a day."""
    held = holders(request, today)
    agencies = [db.session.get_one(Agency, key) for key in sorted({held[item.id] for item in items})]  # mostly the one asked
    return [(agency, [item for item in items if held[item.id] == agency.id]) for agency in agencies]


def _reach(rung: Rung, agency: Agency, items: Sequence[Item], *, at: datetime) -> Escalation:
    """Come to a rung: its letter is written, or proposed to those who may approve it."""
    request = items[0].request
    open_one = None if rung.by_clock else _proposed(request, agency, rung.key)
    if open_one is not None:  # what became late since joins the letter that still waits
        open_one.rows.extend(_rows(items))
        return open_one
    escalation = _begun(agency, _Step(rung.key, rung.title, rung.letter, tuple(rung.to)), items, at=at)
    move = ESCALATION.make("remind" if rung.by_clock else "propose", escalation, by=TIMETABLE_ACTOR)
    db.session.flush()
    if rung.by_clock:
        letters.of_ladder(escalation, items, at=at, held_until=at + HELD, by_clock=True)
    else:
        letters.escalation_proposed(escalation, items, at=at, held_until=at + HELD)
    _noted(move.event, escalation, items, by=TIMETABLE_ACTOR, at=at)
    return escalation


def approve(escalation: Escalation, *, by: Actor, at: datetime, words: OwnWords = NOTHING_ADDED) -> list[Letter]:
    """Send a proposed letter about what is still late, in the name of whoever approves it, with words of their own."""
    check_request(escalation.request, by=by, at=at)
    late = still_late(escalation, london_day(at))
    if escalation.state == "proposed" and not late:
        raise Refused(gettext("Nothing in this letter is late any more, so it is not sent"))
    move = ESCALATION.make("approve", escalation, by=by)
    escalation.decided_by, escalation.decided_at = by.reference, at
    _word(escalation, words, by)
    db.session.flush()
    sent = letters.of_ladder(escalation, late, at=at, signed=by, not_before=not_before(escalation.agency.nation, at))
    _noted(move.event, escalation, late, by=by, at=at, before="proposed")
    return sent


def set_aside(escalation: Escalation, *, why: str, by: Actor, at: datetime) -> Escalation:
    """Do not send a proposed letter, with the reason."""
    check_request(escalation.request, by=by, at=at)
    if not why.strip():
        raise Refused(gettext("Say why this letter is not sent"))
    move = ESCALATION.make("set_aside", escalation, by=by)
    escalation.decided_by, escalation.decided_at, escalation.decision = by.reference, at, why.strip()
    db.session.flush()
    _noted(move.event, escalation, escalation.items, by=by, at=at, before="proposed", why=digest(why.strip()))
    return escalation


def not_needed(today: date) -> list[int]:
    """The ids of proposed letters of which nothing is late any more; one statement."""
    late = (
        select(EscalationItem.escalation_id)
        .join(Item, Item.id == EscalationItem.item_id)
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(Item.state.in_(OPEN), Item.is_late(today), EvidenceRequest.state == "issued", Review.state == "opened")
    )
    rows = select(Escalation.id).where(Escalation.state == "proposed", Escalation.id.not_in(late))
    return list(db.session.scalars(rows.order_by(Escalation.id)))


def stop_if_not_needed(escalation_id: int, *, at: datetime) -> bool:
    """End a proposed letter of which nothing is late any more; whether it was ended."""
    escalation = db.session.get_one(Escalation, escalation_id)
    if escalation.state != "proposed" or still_late(escalation, london_day(at), but_for_more_time=False):
        return False
    move = ESCALATION.make("stop", escalation, by=TIMETABLE_ACTOR)
    db.session.flush()
    _noted(move.event, escalation, escalation.items, by=TIMETABLE_ACTOR, at=at, before="proposed")
    return True


def still_late(escalation: Escalation, today: date, *, but_for_more_time: bool = True) -> list[Item]:
    """The items of an escalation that are late still, those for which more time is asked left out unless told."""
    if escalation.request.review.state != "opened":
        return []
    late = {item.id for item in overdue(escalation.request, today)}
    asked = more_time_asked([escalation.request_id]) if but_for_more_time else []
    return [item for item in escalation.items if item.id in late and not is_extended(item, asked, today)]


def _word(escalation: Escalation, words: OwnWords, by: Actor) -> None:
    """Keep what a person added to a letter before it went, and who."""
    if words.opening or words.closing:
        escalation.opening, escalation.closing, escalation.worded_by = words.opening, words.closing, by.reference


def chase(
    request: EvidenceRequest, *, by: Actor, at: datetime, items: Sequence[Item] | None = None, words: OwnWords = NOTHING_ADDED
) -> list[Letter]:
    """Write to an agency about what is late of a request (all, unless named), once a day; the clock does not repeat it.

    The letters written now: none to an agency that was written to today already.
    """
    check_request(request, by=by, at=at)
    late = overdue(request, london_day(at))
    wanted = late if items is None else [item for item in items if item in late]
    if not wanted:
        raise Refused(gettext("Nothing of %(reference)s is late", reference=request.reference))
    return [
        letter
        for agency, mine in by_agency(request, wanted, london_day(at))
        for letter in _chase(agency, mine, by=by, at=at, words=words)
    ]


def chase_everyone(
    late: Iterable[tuple[EvidenceRequest, Sequence[Item]]], *, by: Actor, at: datetime, words: OwnWords = NOTHING_ADDED
) -> list[Letter]:
    """Write about everything late of many requests in one go: all of them or none."""
    sent = [letter for request, items in late for letter in chase(request, by=by, at=at, items=items, words=words)]
    if not sent:
        raise Refused(
            gettext("No reminders to send now: nothing is overdue, or everybody was written to today or asked for more time")
        )
    return sent


def _chase(agency: Agency, items: Sequence[Item], *, by: Actor, at: datetime, words: OwnWords) -> list[Letter]:
    """The agency that holds these items of one request."""
    found = select(Escalation).where(
        Escalation.request_id == items[0].request_id,
        Escalation.agency_id == agency.id,
        Escalation.letter == "request_chased",
        Escalation.reached_on == london_day(at),
    )
    if db.session.scalar(found) is not None:
        return []
    chased = _begun(agency, _Step(BY_HAND, "Chased by hand", "request_chased", tuple(CHASED)), items, at=at)
    _word(chased, words, by)
    move = ESCALATION.make("chase", chased, by=by)
    for item in items:
        places = [place for place, step in enumerate(steps_of(item), 1) if step.rung.letter == "request_chased"]
        climb_to(item, max(places, default=item.rung))
    db.session.flush()
    _noted(move.event, chased, items, by=by, at=at)
    return letters.of_ladder(chased, items, at=at, not_before=not_before(agency.nation, at))


@dataclass(frozen=True, slots=True)
class _Step:
    """A rung of the ladder, or a letter by hand: its key and title, the kind of its letter, and the roles it goes to."""

    rung: str
    title: str
    letter: str
    to: tuple[str, ...]


def _begun(agency: Agency, step: _Step, items: Sequence[Item], *, at: datetime) -> Escalation:
    """A new escalation about items of one request, reached and not yet moved."""
    escalation = Escalation(
        request=items[0].request,
        agency=agency,
        state=ESCALATION.initial,
        rung=step.rung,
        title=step.title,
        letter=step.letter,
        to=list(step.to),
        reached_on=london_day(at),
        made_at=at,
        rows=_rows(items),
    )
    db.session.add(escalation)
    return escalation


def _rows(items: Sequence[Item]) -> list[EscalationItem]:
    """Items with the due dates they have now."""
    return [EscalationItem(item=item, due_on=item.due_on) for item in items]


def _proposed(request: EvidenceRequest, agency: Agency, rung: str) -> Escalation | None:
    """The letter of a rung about a request that waits for approval."""
    rows = select(Escalation).where(
        Escalation.request_id == request.id,
        Escalation.agency_id == agency.id,
        Escalation.rung == rung,
        Escalation.state == "proposed",
    )
    return db.session.scalar(rows.order_by(Escalation.id).limit(1))


def _noted(event: str, escalation: Escalation, items: Sequence[Item], *, by: Actor, at: datetime, **fields: str) -> None:
    """Enter it in the trail."""
    request = escalation.request
    note(
        event,
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        after=escalation.state,
        letter=escalation.letter,
        rung=escalation.rung,
        agency=escalation.agency.reference,
        items=[item.reference for item in items],
        **fields,
    )
