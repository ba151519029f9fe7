"""Handing questions to a colleague and passing them back: who holds them changes, what is saved stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.answering import letters
from scrutiny.answering.item_moves import check_unfinished, note_about
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests.handing import open_handing
from scrutiny.requests.handing_models import Handing
from scrutiny.requests.models import Item
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Terms:
    """What a colleague is told with the questions, and by when they should be done."""

    note: str = ""
    due_on: date | None = None


def hand_items(items: Sequence[Item], to: Person, terms: Terms = Terms(), *, by: Actor, at: datetime) -> list[Handing]:
    """Hand items of one request to a colleague of the same agency, who is written to once; all of them or none."""
    for item in items:
        check_unfinished(item)
    if to.id not in {one.id for one in agencies.members(by.agency or 0, london_day(at))}:
        raise Refused(
            gettext(
                "%(name)s is not a member of your agency: choose a colleague, or ask the requester to redirect the item",
                name=to.name,
            )
        )
    _check_day(items, terms.due_on, london_day(at))
    items = [item for item in items if not _has_it(item, to, terms)]
    if not items:
        raise Refused(gettext("%(name)s has been handed this already, with the same note and date", name=to.name))
    for item in items:
        pass_item(item, to, by=by, at=at)
    rows = [
        Handing(
            item=item,
            agency_id=by.agency,
            given_by=by.reference,
            given_to=to.reference,
            given_at=at,
            note=terms.note.strip(),
            due_on=terms.due_on,
            ended_by="",
            back_why="",
        )
        for item in items
    ]
    db.session.add_all(rows)
    db.session.flush()
    if to.reference != by.reference and rows:
        letters.items_handed(rows, to, by, at=at)
    return rows


def _has_it(item: Item, to: Person, terms: Terms) -> bool:
    """Whether a colleague holds an item on these very terms: they are not written to again."""
    row = open_handing(item)
    same = row is not None and (row.given_to, row.note, row.due_on) == (to.reference, terms.note.strip(), terms.due_on)
    return same and item.held_by == to.reference


def pass_item(item: Item, to: Person, *, by: Actor, at: datetime) -> None:
    """Put an unfinished item into somebody's hands, for whoever tells them of it."""
    check_unfinished(item)
    _put(item, to.reference, by, at)
    note_about("item_handed", item.request, by, at, item=item.reference, to=to.reference)


def pass_back(item: Item, why: str, *, by: Actor, at: datetime) -> Person | None:
    """Give an item back to whoever handed it over, with a message; who has it then, None where nobody has."""
    check_unfinished(item)
    row = open_handing(item)
    if row is None or row.given_to != by.reference or item.held_by != by.reference:
        raise Refused(gettext("Only the colleague who was handed this question can pass it back"))
    if not why.strip():
        raise Refused(gettext("Say why you pass it back"))
    members = {one.reference: one for one in agencies.members(by.agency or 0, london_day(at))}
    giver = members.get(row.given_by) if row.given_by != by.reference else None
    row.back_why = why.strip()
    _put(item, giver.reference if giver else "", by, at)
    note_about("item_passed_back", item.request, by, at, item=item.reference, to=item.held_by)
    if row.given_by != by.reference:
        letters.item_passed_back(row, giver, by, at=at)
    return giver


def _put(item: Item, holder: str, by: Actor, at: datetime) -> None:
    """Let somebody hold the item; what stood beside whoever held it before ends."""
    row = open_handing(item)
    if row is not None:
        row.ended_at, row.ended_by = at, by.reference
        db.session.flush()
    item.held_by = holder
    db.session.flush()


def _check_day(items: Sequence[Item], due_on: date | None, today: date) -> None:
    """A colleague's date is to come, and leaves the agency in time."""
    if due_on is None:
        return
    if due_on < today:
        raise Refused(gettext("Choose today or a later day for your colleague"))
    first = min((item.due_on for item in items if item.due_on and item.due_on >= today), default=None)
    if first is not None and due_on > first:
        said = gettext("Choose a day for your colleague no later than %(day)s, when the first of these is due", day=day(first))
        raise Refused(said)
