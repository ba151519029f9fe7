"""Giving one person's work to another: roles, questions, drafts and posts at once; recorded, and both are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.accounts.notices import recipient
from scrutiny.audit.service import note
from scrutiny.bodies import queries as bodies
from scrutiny.bodies import service as bodies_service
from scrutiny.bodies.letterheads import enter_letterhead
from scrutiny.bodies.models import Body
from scrutiny.correspondence.service import write_letter
from scrutiny.delegation.service import pass_item
from scrutiny.extensions import db
from scrutiny.handover.presenters import in_words
from scrutiny.handover.queries import POSTS, Work
from scrutiny.reviews.contact import contact_of, name_contact
from workflows.refusals import Refused
from workflows.roles import Actor, Appointment


def hand_over(work: Work, *, by: Actor, at: datetime, on: date) -> list[str]:
    """Give everything at once; in sentences, what was given. Roles begin on this day and end with it."""
    if work.is_empty:
        raise Refused(gettext("%(name)s has nothing there to hand over", name=work.person.name))
    told = in_words(work)
    _roles(work, by=by, at=at, on=on)
    for item in work.items:
        pass_item(item, work.to, by=by, at=at)  # told in the one letter below
    for draft in work.drafts:
        draft.made_by = work.to.reference
    db.session.flush()
    _posts(work, by=by, at=at)
    for review in work.contacts:
        contact = replace(contact_of(review), name=work.to.name, email=work.to.email)
        name_contact(review, contact, seen=None, by=by, at=at)
    note("work_handed_over", about=work.person.reference, within=work.owner.reference, by=by, at=at, to=work.to.reference)
    for person in (work.person, work.to):
        write_letter(
            "work_handed_over",
            to=recipient(person),
            reference=work.person.reference,
            at=at,
            occasion=at.isoformat(),
            from_name=work.person.name,
            to_name=work.to.name,
            owner=work.owner.name,
            by_name=by.name,
            takes_over=person is work.to,
            what=told,
        )
    return told


def _roles(work: Work, *, by: Actor, at: datetime, on: date) -> None:
    """Give the roles that are not held already, and end them for whoever leaves."""
    theirs = [one for one in bodies.memberships_of([work.to.id])[work.to.id] if bodies.owner_of(one) == work.owner]
    held = {one.role for one in theirs if one.to_on is None or one.to_on >= on}
    for membership in work.roles:
        if membership.role not in held:
            bodies_service.join(work.to, work.owner, Appointment(membership.role, max(on, membership.from_on)), by=by, at=at)
        bodies_service.end_membership(membership, on=on, by=by, at=at)


def _posts(work: Work, *, by: Actor, at: datetime) -> None:
    """Name the other under the body's letters; a telephone number stays, for it is often the office's."""
    if not work.posts or not isinstance(work.owner, Body):
        return
    values: dict[str, str | bool] = dict.fromkeys(work.posts, work.to.name)
    values |= {POSTS[field]: work.to.email for field in work.posts if POSTS[field]}
    enter_letterhead(work.owner, values, by=by, at=at)
