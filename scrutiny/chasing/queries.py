"""What the ladder will do, and whom a chase would reach: reading only, so that every letter is seen before it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from flask_babel import gettext
from sqlalchemy import Select, func, select, true, tuple_
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agencies_by_id
from scrutiny.chasing import letters
from scrutiny.chasing.models import Escalation, EscalationItem
from scrutiny.chasing.service import CHASED, by_agency, is_extended, more_time_asked, why_held_back
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queued import queued_words
from scrutiny.extensions import db
from scrutiny.formats import LONDON, london_day
from scrutiny.holiday_names import why_closed
from scrutiny.requests.ladder import HOUR, days_of, ladder_of, steps_of
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords
from scrutiny.requests.lettering import OF_LADDER
from scrutiny.requests.letters import Preview
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.requests.preloading import letters_ahead
from scrutiny.requests.queries import OPEN, overdue, requests_of, whole
from scrutiny.reviews.conflicts import agencies_acted_for
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from scrutiny.transaction import undo
from workflows.ladders import Ladder, Rung
from workflows.lifecycles.escalation import ESCALATION
from workflows.roles import TIMETABLE_ACTOR, Actor

#: How far ahead the pages look.
AHEAD = 7


#: How many rows of what is due are read at once: the memory of a run does not grow with what is open.
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Coming:
    """A letter of the ladder that will go on a day, if nothing changes; `held` says what holds it back, '' if nothing does."""

    on: date
    request: EvidenceRequest
    agency: Agency
    rung: Rung
    items: list[Item]
    held: str

    def previews(self, at: datetime, public_url: str, *, as_composed: bool = False) -> list[Preview]:
        """The letters word for word; `as_composed` leaves out what somebody edited."""
        kind, to = self.rung.letter, self.rung.to
        return letters.ladder_previews(kind, to, self.agency, self.items, at=at, public_url=public_url, as_composed=as_composed)

    @property
    def may_be_edited(self) -> bool:
        """Whether somebody may edit this letter before it goes by itself."""
        return self.rung.by_clock and self.rung.letter in OF_LADDER


@dataclass(frozen=True, slots=True)
class Silent:
    """An agency that owes something late; `why_not` says why a chase of everyone leaves it out, '' if it does not."""

    request: EvidenceRequest
    agency: Agency
    items: list[Item]
    why_not: str
    quiet: str
    waiting: int = 0  # the id of the letter about the same lateness that waits for a chair or lead inspector; 0 where none does

    @property
    def key(self) -> str:
        """What tells it from the others in a form."""
        return f"{self.request.id}-{self.agency.id}"

    def previews(
        self, at: datetime, public_url: str, words: OwnWords = NOTHING_ADDED, *, as_composed: bool = False
    ) -> list[Preview]:
        """The letters word for word, with what somebody adds to them."""
        return letters.ladder_previews(
            "request_chased", CHASED, self.agency, self.items, at=at, public_url=public_url, words=words, as_composed=as_composed
        )


def requests_due(today: date) -> Iterator[int]:
    """The ids of requests with an item whose next rung has come, the oldest day first; read from one index, page by page."""
    last: tuple[date | None, int] = (date.min, 0)
    while True:
        found = db.session.execute(page_due(today, last)).all()
        undo()  # nothing is held open while the letters of these are written
        yield from (request_id for _, request_id in found)
        if len(found) < AT_ONCE:
            return
        last = (found[-1][0], found[-1][1])


def page_due(today: date, last: tuple[date | None, int]) -> Select[date | None, int]:
    """One page of what is due by a day, after the (day, request) that the page before ended with."""
    place = tuple_(Item.next_step_on, Item.request_id)
    rows = select(Item.next_step_on, Item.request_id).where(Item.next_step_on <= today, place > tuple_(*last))
    return rows.distinct().order_by(Item.next_step_on, Item.request_id).limit(AT_ONCE)


def requests_due_within(today: date, days: int, most: int) -> tuple[list[int], int]:
    """The first so many requests with a step in the next days, and how many more there are."""
    last = today + timedelta(days=days)
    ids = list(dict.fromkeys(islice(requests_due(last), most)))
    count = select(func.count(Item.request_id.distinct())).where(Item.next_step_on <= last)
    return ids, (db.session.scalar(count) or 0) - len(ids)


def ladders_of(review: Review, issued: Sequence[EvidenceRequest]) -> list[Ladder]:
    """The ladders that the issued requests of a review climb, or the one its method would give them before any is issued."""
    found = {ladder.title: ladder for ladder in map(ladder_of, issued)}
    return list(found.values()) or [rules().ladders.of(method=review.edition.key)]


def coming_in(review: Review, at: datetime, days: int = AHEAD) -> list[Coming]:
    """The letters of a review that the ladder will send in the next days, the soonest first."""
    return coming_of(requests_of(review, "issued"), at, days) if review.state == "opened" else []


def coming_for(request_ids: Sequence[int], at: datetime, days: int = AHEAD) -> list[Coming]:
    """The same for some requests of any review."""
    rows = whole().where(EvidenceRequest.id.in_(request_ids), EvidenceRequest.state == "issued").order_by(EvidenceRequest.id)
    return coming_of([one for one in db.session.scalars(rows) if one.review.state == "opened"], at, days)


def coming_of(requests: Sequence[EvidenceRequest], at: datetime, days: int = AHEAD) -> list[Coming]:
    """The letters the ladder will send about these requests in the next days."""
    asked = more_time_asked([one.id for one in requests])
    found = [one for request in requests for one in _coming(request, asked, at, days)]
    return sorted(found, key=lambda one: (one.on, one.request.reference, one.agency.name))


def _coming(request: EvidenceRequest, asked: Sequence[Extension], at: datetime, days: int) -> Iterable[Coming]:
    """One request's."""
    today = london_day(at)
    run_on = today if at.astimezone(LONDON).time() < HOUR else today + timedelta(days=1)
    next_run, last = days_of(request.agency.nation).from_(run_on), today + timedelta(days=days)
    groups: dict[tuple[date, Rung, str], list[Item]] = {}
    for item in request.items:
        if item.next_step_on is None or item.next_step_on > last or item.state not in OPEN:
            continue
        for on, rung in _rungs_of(item, next_run, last):
            groups.setdefault((on, rung, why_held_back(item, rung, asked, on)), []).append(item)
    for (on, rung, held), items in groups.items():
        for agency, mine in by_agency(request, items, on):
            yield Coming(on, request, agency, rung, mine, held)


def _rungs_of(item: Item, next_run: date, last: date) -> list[tuple[date, Rung]]:
    """The rungs an item will come to, each on its day; of several that the next run finds, the last only."""
    left = [step for step in steps_of(item)[item.rung :] if step.on is not None]
    waiting = [(next_run, step.rung) for step in left if step.on is not None and step.on <= next_run]
    later = [(step.on, step.rung) for step in left if step.on is not None and step.on > next_run]
    return [one for one in [*waiting[-1:], *later] if one[0] <= last]


def letters_of(issued: Sequence[EvidenceRequest], at: datetime) -> AbstractContextManager[None]:
    """What the letters of the ladder about these requests need in the next days, read ahead; for pages that only look."""
    return letters_ahead(issued, *_days(at))


def letters_about(request_ids: Sequence[int], at: datetime) -> AbstractContextManager[None]:
    """The same for some requests of any review."""
    rows = whole().where(EvidenceRequest.id.in_(request_ids)).order_by(EvidenceRequest.id)
    return letters_of(list(db.session.scalars(rows)), at)


def _days(at: datetime) -> list[date]:
    """The days that pages of the ladder look at, from today on."""
    return [london_day(at) + timedelta(days=number) for number in range(AHEAD + 2)]


def silent_in(review: Review, today: date, by: Actor = TIMETABLE_ACTOR) -> list[Silent]:
    """Every agency of a review with something late, and whether a chase of everyone by somebody would write to it."""
    return silent_of(requests_of(review, "issued") if review.state == "opened" else [], today, by)


def silent_of(requests: Sequence[EvidenceRequest], today: date, by: Actor = TIMETABLE_ACTOR) -> list[Silent]:
    """The same of some requests: what a chase will do for each agency, on the page of one request and of all."""
    asked, done = more_time_asked([one.id for one in requests]), _chased_on([one.id for one in requests], today)
    found, own, waiting = [], agencies_acted_for(by), _waiting_of([one.id for one in requests])
    for request in requests:
        late = overdue(request, today)
        for agency, items in by_agency(request, late, today) if late else []:
            left = [item for item in items if not is_extended(item, asked, today)]
            why = "" if left else gettext("it has asked for more time: decide that first")
            why = gettext("it has already been sent a letter today") if (request.id, agency.id) in done else why
            if own & {agency.id, request.agency_id}:
                why = gettext("you act for it too: a colleague must chase it")
            closed = why_closed(today, days_of(agency.nation).why_not(today))
            found.append(Silent(request, agency, left or items, why, closed, waiting.get((request.id, agency.id), 0)))
    return found


def _chased_on(request_ids: Sequence[int], today: date) -> set[tuple[int, int]]:
    """Requests and agencies written to on a day about what is late."""
    rows = select(Escalation.request_id, Escalation.agency_id).where(
        Escalation.request_id.in_(request_ids), Escalation.reached_on == today, Escalation.letter == "request_chased"
    )
    return {(request_id, agency_id) for request_id, agency_id in db.session.execute(rows)}


def _waiting_of(request_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """The letter that waits for approval about each of these requests, by request and agency; one statement."""
    rows = select(Escalation.request_id, Escalation.agency_id, Escalation.id).where(
        Escalation.request_id.in_(request_ids), Escalation.state == "proposed"
    )
    return {(request_id, agency_id): key for request_id, agency_id, key in db.session.execute(rows.order_by(Escalation.id))}


def proposed_previews(
    escalation: Escalation,
    late: Sequence[Item],
    by: Actor,
    *,
    at: datetime,
    public_url: str,
    words: OwnWords = NOTHING_ADDED,
    as_composed: bool = False,
) -> list[Preview]:
    """A proposed letter as it would go if the reader approved it."""
    signed = by if ESCALATION.permits("approve", escalation.state, by) else None
    return letters.ladder_previews(
        escalation.letter_to_write,
        escalation.to,
        escalation.agency,
        late,
        at=at,
        public_url=public_url,
        signed=signed,
        words=words,
        escalation=escalation,
        as_composed=as_composed,
    )


def escalations_of(review: Review, *states: str, request: EvidenceRequest | None = None) -> list[Escalation]:
    """The rungs that requests of a review, or one of them, have come to, in these states or in any, newest first."""
    rows = (
        select(Escalation)
        .join(EvidenceRequest)
        .where(EvidenceRequest.review_id == review.id)
        .where(EvidenceRequest.id == request.id if request is not None else true())
        .options(
            joinedload(Escalation.request),
            joinedload(Escalation.agency),
            selectinload(Escalation.rows).joinedload(EscalationItem.item).joinedload(Item.question),
        )
        .order_by(Escalation.id.desc())
    )
    return list(db.session.scalars(rows.where(Escalation.state.in_(states)) if states else rows))


def chased_words(sent: Sequence[Letter], left_out: Sequence[Silent]) -> str:
    """What a chase really did: emails queued or waiting for an open day, who has no address, and whom it left out and why."""
    ids = {int(one.person.removeprefix("agency:")) for one in sent if one.person.startswith("agency:")}
    names = {agency.reference: agency.name for agency in agencies_by_id(sorted(ids)).values()}
    said = [queued_words([(letter, names.get(letter.person, "")) for letter in sent])]
    said += [gettext("%(agency)s was left out: %(why)s.", agency=one.agency.name, why=one.why_not) for one in left_out]
    return " ".join(said)
