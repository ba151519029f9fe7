"""Who may hand somebody's work over: an administrator, or the person; and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import abort

from scrutiny.accounts import queries as accounts
from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.bodies.access import may_write_for
from scrutiny.handover.queries import Colleagues, Work, colleagues, work_of
from scrutiny.reviews.access import may_run
from workflows.roles import Actor


def person_who_leaves(person_id: int, by: Actor) -> Person:
    """The person, for an administrator and for themselves; else 404."""
    found = accounts.person(person_id)
    if found is None or not (by.administrator or by.person == person_id):
        abort(404)
    return found


def colleagues_of(person: Person, by: Actor, *, on: date) -> Colleagues:
    """Who may take the work. An administrator also hands over what is left where somebody's membership has ended."""
    return colleagues(person, on, ended=by.administrator)


def work_to_hand_over(person: Person, to: str, by: Actor, *, on: date) -> Work | None:
    """What passes to a colleague ('body:3/person:7'), as far as the actor may change it; None where they are none.

    Only an administrator gives roles; who is named in letters is changed by those who may change it on its own page.
    """
    found = colleagues_of(person, by, on=on).get(to)
    if found is None:
        return None
    owner, other = found
    work = work_of(person, other, owner, on=on, with_roles=by.administrator)
    if by.administrator or isinstance(owner, Agency):
        return work
    acting = replace(by, capacity=next((one for one in by.capacities if one.reference == owner.reference), by.capacity))
    posts = work.posts if may_write_for(owner.id, acting) else ()
    return replace(work, posts=posts, contacts=tuple(review for review in work.contacts if may_run(review, acting)))
