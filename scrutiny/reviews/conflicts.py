"""Nobody decides for a body on what they did for an agency, or on an agency they act for; a refusal names who else can."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.formats import listed, london_day
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from workflows.refusals import Refused
from workflows.roles import CHAIR, INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: Who of the bodies reviews what agencies send.
REVIEWERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR, INSPECTOR)


def refuse_own(did: str, review: Review, barred: Collection[str], *, at: datetime) -> None:
    """Refuse, saying what somebody `did` for an agency (“You answered item 3 for …”) and who else can decide."""
    others = listed([person.name for person in _others(review, barred, london_day(at))])
    if others:
        raise Refused(gettext("%(did)s, so you cannot decide on it for a body. %(others)s can", did=did, others=others))
    raise Refused(gettext("%(did)s, so you cannot decide on it for a body. Ask an administrator to add a colleague", did=did))


def check_not_by(person: str, did: str, review: Review, *, by: Actor, at: datetime) -> None:
    """Refuse to decide for a body on what the same person did for an agency."""
    if person == by.reference:
        refuse_own(did, review, {person}, at=at)


def check_not_own(review: Review, concerned: Collection[int | None], *, by: Actor, at: datetime) -> None:
    """Refuse any act of a body on the work of agencies, by their ids, where its person acts for one of them too.

    What is done to a whole review (withdrawing it, moving its dates, sending out drafts) treats all agencies alike, and is
    nobody's own. An agency's own people act for it as the agency.
    """
    own = agencies_acted_for(by).intersection(concerned) if by.agency is None and by.request is None else set()
    if own:
        names = listed([agency.name for agency in agencies.agencies_by_id(sorted(own)).values()])
        colleagues = _reviewers(review, london_day(at))
        hats = {one.reference: agencies_acted_for(bodies.actor_of(one, on=london_day(at))) for one in colleagues}
        barred = {reference for reference, theirs in hats.items() if own & theirs}
        refuse_own(gettext("You act for %(agency)s too", agency=names), review, barred | {by.reference}, at=at)


def agencies_acted_for(by: Actor) -> set[int]:
    """The agencies a person acts for, in this capacity or in another."""
    held = {one.id for one in by.capacities if one.kind == "agency" and one.id}
    return held | {one.agency for one in by.capacities if one.kind == "request" and one.agency}


def _reviewers(review: Review, on: date, *parts: str) -> list[Person]:
    """Who of the bodies that take these parts may review, or of lead and partners."""
    taking = [body for part in parts or ("lead", "partner") for body in bodies_taking_part(review, part)]
    return [person for body in taking for role in REVIEWERS for person in bodies.members(body, on, role)]


def _others(review: Review, barred: Collection[str], on: date) -> list[Person]:
    """The people of the lead body who may review, but for those barred; of the partners where the lead has nobody."""
    for part in ("lead", "partner"):
        free = {person.id: person for person in _reviewers(review, on, part) if person.reference not in barred}
        if free:
            return sorted(free.values(), key=lambda person: person.name)
    return []
