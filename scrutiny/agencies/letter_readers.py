"""Those a letter leads somewhere: people known only by an address, who may open what letters to it are about, and only that."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, or_, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from workflows.roles import Actor, Capacity


def agency_by_letter(by: Actor, reference: str) -> int | None:
    """The agency somebody acts for in one record ('accuracy:9'), because a letter about it went to their address; or None."""
    let_in = {one.agency for one in by.capacities if one.kind == "request" and one.agency is not None}
    person = db.session.get(Person, by.person) if by.person is not None and by.capacity.kind == "request" else None
    if person is None:
        return None
    for agency in db.session.scalars(select(Agency).where(Agency.id.in_(let_in)).order_by(Agency.id)):
        ours = [Letter.person.startswith("contact:")]
        if agency.email.strip().lower() == person.email:
            ours.append(Letter.person == agency.reference)
        rows = select(Letter.id).join(Posting, Posting.id == Letter.posting_id)
        rows = rows.where(Letter.reference == reference, func.lower(Letter.address) == person.email, or_(*ours))
        if db.session.scalar(rows.where(Posting.state == "posted").limit(1)) is not None:
            return agency.id
    return None


def as_reader_of(by: Actor, reference: str) -> Actor:
    """The actor as the door of one record takes it: for the agency, where a letter about it led them there."""
    agency = agency_by_letter(by, reference)
    if agency is None:
        return by
    named = next(one for one in by.capacities if one.kind == "request" and one.agency == agency)
    only = tuple(one.id for one in by.capacities if one.kind == "request" and one.agency == agency and one.id is not None)
    return replace(by, capacity=Capacity("agency", agency, named.name, named.roles, only=only))
