"""What a person holds in a body or agency that another can take, as it stands today."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.dated import row_holds_on
from scrutiny.agencies.models import Agency
from scrutiny.answering.queries import UNFINISHED
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import Membership
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import holders
from scrutiny.reviews.models import Review, ReviewBody, ReviewDraft
from scrutiny.typed_text import folded

#: The posts of a letterhead: the field of the name, and of the address that goes with it.
POSTS = {"signatory_name": "", "deputy_name": "", "contact_name": "contact_email"}
LIVE = ("planned", "opened")
Colleagues = dict[str, tuple[Body | Agency, Person]]


@dataclass(frozen=True, slots=True)
class Work:
    """What passes from one person to another in one body or agency. `posts` are fields of the body's letterhead."""

    person: Person
    to: Person
    owner: Body | Agency
    roles: tuple[Membership, ...]
    items: tuple[Item, ...]
    drafts: tuple[ReviewDraft, ...]
    posts: tuple[str, ...]
    contacts: tuple[Review, ...]

    @property
    def mark(self) -> str:
        """What tells what was shown from what would happen by now."""
        ids = [[row.id for row in rows] for rows in (self.roles, self.items, self.drafts, self.contacts)]
        said = (self.person.id, self.to.id, self.owner.reference, ids, self.posts)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.roles or self.items or self.drafts or self.posts or self.contacts)


def work_of(person: Person, to: Person, owner: Body | Agency, *, on: date, with_roles: bool) -> Work:
    """What a person holds there on a day; roles only where whoever hands them over may give them."""
    held = [one for one in bodies.memberships_of([person.id])[person.id] if bodies.owner_of(one) == owner]
    roles = tuple(one for one in held if with_roles and (one.to_on is None or one.to_on > on))
    if isinstance(owner, Agency):
        return Work(person, to, owner, roles, tuple(_items(person, owner, on)), (), (), ())
    drafts = select(ReviewDraft).where(
        ReviewDraft.body_id == owner.id, ReviewDraft.made_by == person.reference, ReviewDraft.review_id.is_(None)
    )
    found = tuple(db.session.scalars(drafts.order_by(ReviewDraft.id)))
    return Work(person, to, owner, roles, (), found, tuple(_posts(person, owner)), tuple(_contacts(person, owner)))


def _items(person: Person, owner: Agency, on: date) -> Sequence[Item]:
    """The unfinished questions somebody was handed, of those the agency must answer."""
    rows = (
        select(Item)
        .join(Item.request)
        .where(Item.held_by == person.reference, Item.state.in_(UNFINISHED), EvidenceRequest.state == "issued")
    )
    items = db.session.scalars(rows.order_by(Item.request_id, Item.id)).all()
    return [item for item in items if holders(item.request, on)[item.id] == owner.id]


def _posts(person: Person, owner: Body) -> list[str]:
    """The fields of the body's letterhead in which somebody is named."""
    head = owner.letterhead
    return [field for field in POSTS if head is not None and _is_named(getattr(head, field), person)]


def _is_named(text: str, person: Person) -> bool:
    """Whether a name as it stands under letters is this person's: 'Councillor Amrit Gill' is 'Cllr Amrit Gill'."""
    names = [folded(name).replace("councillor ", "cllr ") for name in (text, person.name)]
    return bool(text) and names[0] == names[1]


def _contacts(person: Person, owner: Body) -> list[Review]:
    """The reviews the body leads whose letters say to ask this person."""
    leads = select(ReviewBody.review_id).where(ReviewBody.body_id == owner.id, ReviewBody.part == "lead")
    rows = select(Review).where(Review.id.in_(leads), Review.state.in_(LIVE), Review.contact_name != "").order_by(Review.id)
    return [
        review
        for review in db.session.scalars(rows)
        if review.contact_email.lower() == person.email or _is_named(review.contact_name, person)
    ]


def colleagues(person: Person, on: date, *, ended: bool) -> Colleagues:
    """Who could take the work: everybody else of each body and agency the person belongs to on a day, by 'body:3/person:7'.

    With `ended`, of those they belong to on any day.
    """
    found: Colleagues = {}
    for one in bodies.memberships_of([person.id])[person.id]:
        if not (ended or row_holds_on(one, on)):
            continue
        owner = bodies.owner_of(one)
        people = bodies.members(owner, on) if isinstance(owner, Body) else agencies.members(owner, on)
        found |= {f"{owner.reference}/{other.reference}": (owner, other) for other in people if other.id != person.id}
    return found
