"""Reading who handed which question to whom, as the agency's own people are shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from scrutiny.accounts.queries import names_of
from scrutiny.extensions import db
from scrutiny.requests.handing_models import Handing
from scrutiny.requests.models import Item


@dataclass(frozen=True, slots=True)
class Handed:
    """An item in a colleague's hands, or passed back by one."""

    item: Item
    given_to: str
    by_name: str  # who handed it over, or passed it back
    to_name: str
    at: datetime
    words: str  # the note, or why it was passed back
    wanted_on: date | None
    is_back: bool


def open_handing(item: Item) -> Handing | None:
    """What stands beside who holds the item now, if it was handed over."""
    return db.session.scalar(select(Handing).where(Handing.item_id == item.id, Handing.ended_at.is_(None)))


def handed_of(items: Sequence[Item], agency_id: int | None) -> dict[int, Handed]:
    """By item, how it came into somebody's hands at this agency, as long as that has not been overtaken; two statements."""
    by_id = {item.id: item for item in items}
    last = (
        select(func.max(Handing.id)).where(Handing.item_id.in_(by_id), Handing.agency_id == agency_id).group_by(Handing.item_id)
    )
    rows = [row for row in db.session.scalars(select(Handing).where(Handing.id.in_(last))) if _stands(row, by_id[row.item_id])]
    names = names_of({name for row in rows for name in (row.given_by, row.given_to, row.ended_by)})
    return {row.item_id: _shown(row, by_id[row.item_id], names) for row in rows}


def _stands(row: Handing, item: Item) -> bool:
    """Whether it says something of today: nothing was sent since, and nobody else has it now."""
    if row.ended_at is not None:
        return bool(row.back_why) and (item.submitted_at is None or item.submitted_at < row.ended_at)
    return row.given_to == item.held_by and (item.submitted_at is None or item.submitted_at < row.given_at)


def _shown(row: Handing, item: Item, names: dict[str, str]) -> Handed:
    """A row as it is shown."""
    if row.ended_at is not None:
        return Handed(item, row.given_to, names.get(row.ended_by, ""), "", row.ended_at, row.back_why, None, is_back=True)
    by_name, to_name = names.get(row.given_by, ""), names.get(row.given_to, "")
    return Handed(item, row.given_to, by_name, to_name, row.given_at, row.note, row.due_on, is_back=False)
