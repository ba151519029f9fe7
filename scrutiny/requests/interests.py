"""Conflicts of interest: nobody reviews for a body what they did for an agency; interests are declared in the open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.audit import queries as audit
from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day
from scrutiny.requests.interest_models import Interest
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Item
from scrutiny.requests.queries import holders, holders_ahead
from scrutiny.reviews.conflicts import agencies_acted_for, check_not_own, refuse_own
from scrutiny.reviews.models import Review
from workflows.refusals import Refused
from workflows.roles import Actor

#: What is noted when somebody saves an answer, or why there is none.
SAVED = ("item_answered", "item_decline_kept")
#: How the capacity begins in which something is done for an agency, whole or in one request.
FOR_AGENCIES = ("agency:", "request:")


def who_gave(item: Item) -> set[str]:
    """The people who wrote, changed or approved for the agency what it said to an item; what an officer entered was not theirs.

    A row keeps who saved it last; that others had written it before is known from the trail.
    """
    said: list[Answer | Decline] = [*item.answers, *item.declines]
    written = {row.by for row in said if is_agency(row.capacity)} | set(writers_of(item))
    return written | {row.certified_by for row in said if row.certified_by}


def writers_of(item: Item) -> list[str]:
    """Everybody who saved for the agency an answer to an item, or why there is none, the first to do so first."""
    return [by for by, capacity in audit.doers_of(item.plain, SAVED) if is_agency(capacity)]


def is_agency(capacity: str) -> bool:
    """Whether a deed was done for an agency, whole or in one request."""
    return capacity.startswith(FOR_AGENCIES)


def own_among(items: Sequence[Item], review: Review, by: Actor, on: date) -> set[int]:
    """The ids of those items of a review on which a person may not decide: what they wrote or approved for an agency, and
    everything put to or held by an agency they act for too. A constant number of statements."""
    given, acted_for = _given_in(review, by) if items else set(), agencies_acted_for(by)
    barred = set()
    if items and acted_for:
        asked = {item.request_id: item.request.agency_id for item in items}
        held = holders_ahead(list(asked), [on])
        barred = {key for key, agency_id in asked.items() if acted_for & {agency_id, *held[key, on].values()}}
    return {item.id for item in items if item.id in given or item.request_id in barred}


def _given_in(review: Review, by: Actor) -> set[int]:
    """The ids of the items of a review to which a person wrote or approved for an agency what it said, as `who_gave` says it."""
    saved = audit.done_within(review.plain, by.reference, SAVED)
    found = {int(about.removeprefix("item:")) for about, capacity in saved if is_agency(capacity)}
    for said in (Answer, Decline):
        wrote = and_(said.by == by.reference, or_(*(said.capacity.startswith(kind) for kind in FOR_AGENCIES)))
        rows = select(said.item_id).join(Item, Item.id == said.item_id).join(Item.request)
        rows = rows.where(EvidenceRequest.review_id == review.id, or_(wrote, said.certified_by == by.reference))
        found |= set(db.session.scalars(rows))
    return found


def _concerned(request: EvidenceRequest, on: date) -> set[int]:
    """The agency a request was put to, and those that hold an item of it now."""
    return {request.agency_id, *holders(request, on).values()}


def check_request(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """Refuse an act on a request to an agency its person acts for too, or that holds an item of it; a draft asks nothing."""
    if request.state != "drafted" and agencies_acted_for(by):
        check_not_own(request.review, _concerned(request, london_day(at)), by=by, at=at)


def check_item(item: Item, *, by: Actor, at: datetime) -> None:
    """The same of one item, and of an answer which the same person gave for an agency."""
    if by.reference in who_gave(item):
        said = gettext("You answered item %(number)s for %(agency)s", number=item.number, agency=item.request.agency.name)
        refuse_own(said, item.request.review, who_gave(item), at=at)
    check_request(item.request, by=by, at=at)


def agencies_of(review: Review, by: Actor, on: date) -> list[Agency]:
    """The agencies in which a person has an interest here: those they belong to, and those they answered for in this review."""
    ids, given = agencies_acted_for(by), _given_in(review, by)
    if given:
        asked = select(EvidenceRequest.agency_id).join(Item, Item.request_id == EvidenceRequest.id)
        ids |= set(db.session.scalars(asked.where(Item.id.in_(given))))
    return sorted(agencies.agencies_by_id(sorted(ids)).values(), key=lambda agency: agency.name)


def declared_in(review: Review) -> list[Interest]:
    """The interests declared in a review, in the order they were declared."""
    rows = select(Interest).where(Interest.review_id == review.id).options(joinedload(Interest.agency))
    return list(db.session.scalars(rows.order_by(Interest.id)))


def declare(review: Review, agency: Agency, words: str, *, by: Actor, at: datetime) -> Interest:
    """Declare an interest in an agency, for all of the review to see; it is printed where this person signs."""
    if not words.strip():
        raise Refused(gettext("Say what your interest is"))
    declared = Interest(
        review=review,
        agency=agency,
        person=by.reference,
        name=by.name,
        capacity=by.capacity.reference,
        words=words.strip(),
        declared_at=at,
    )
    db.session.add(declared)
    db.session.flush()
    note(
        "interest_declared",
        about=review.plain,
        within=review.plain,
        by=by,
        at=at,
        agency=agency.reference,
        words=digest(words.strip()),
    )
    return declared


def undeclared(review: Review, concerned: Iterable[int], *, by: Actor, at: datetime) -> list[Agency]:
    """The agencies among those concerned in which this person has an interest that was not declared in the review."""
    known = {row.agency_id for row in declared_in(review) if row.person == by.reference}
    wanted = set(concerned) - known
    return [agency for agency in agencies_of(review, by, london_day(at)) if agency.id in wanted]


def check_declared(review: Review, concerned: Iterable[int], *, by: Actor, at: datetime) -> None:
    """Refuse a decision or signature that rests on an agency in which an interest is not declared yet."""
    missing = undeclared(review, concerned, by=by, at=at)
    if missing:
        names = listed([agency.name for agency in missing])
        raise Refused(gettext("You act for %(names)s too. Declare your interest first", names=names))
