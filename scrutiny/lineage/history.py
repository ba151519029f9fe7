"""The history of a code: when its boundary held, what it came from, what became of it, each change with shares and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.areas.models import Area, AreaLineage
from scrutiny.areas.queries import kind_order, resolve
from scrutiny.areas.succession import UNKNOWN, Resolved, ancestors
from scrutiny.extensions import db


@dataclass(frozen=True, slots=True)
class History:
    """Everything known of a code: what it is on the day, its boundaries, and the changes before it and after it."""

    code: str
    on: date
    now: Resolved
    boundaries: tuple[Area, ...]
    before: tuple[AreaLineage, ...]
    after: tuple[AreaLineage, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything loaded knows the code."""
        return bool(self.boundaries or self.before or self.after or self.now.standing != UNKNOWN)


def history_of(code: str, on: date) -> History:
    """The history of a code, however it is typed, and what it is on a day."""
    tidy = code.strip().upper()
    rows = select(Area).where(Area.code == tidy).options(joinedload(Area.load)).order_by(kind_order(), Area.from_on, Area.id)
    boundaries = tuple(db.session.scalars(rows))
    return History(tidy, on, resolve(tidy, on), boundaries, tuple(ancestors([tidy], date.max)), tuple(_after(tidy)))


def _after(code: str) -> list[AreaLineage]:
    """The links by which a code changed, and after them those of what it became; the earliest first."""
    found: list[AreaLineage] = []
    seen, wanted = {code}, {code}
    while wanted:
        rows = select(AreaLineage).where(AreaLineage.old_code.in_(sorted(wanted))).order_by(AreaLineage.new_code, AreaLineage.id)
        links = list(db.session.scalars(rows))
        found += links
        wanted = {link.new_code for link in links} - seen
        seen |= wanted
    return sorted(found, key=lambda link: (link.on or date.max, link.old_code, link.new_code))


def links(text: str, page: int, size: int) -> tuple[list[AreaLineage], int]:
    """One page of all the lineage loaded whose codes or names hold a text, the newest change first, and how many there are."""
    rows = (
        select(AreaLineage)
        .where(*_matching(text))
        .order_by(AreaLineage.on.desc().nulls_last(), AreaLineage.old_code, AreaLineage.new_code)
    )
    count = db.session.scalar(select(func.count()).select_from(AreaLineage).where(*_matching(text))) or 0
    return list(db.session.scalars(rows.offset((page - 1) * size).limit(size))), count


def _matching(text: str) -> list[ColumnElement[bool]]:
    """Links whose codes begin with a text, or whose names hold it."""
    wanted = text.strip()
    if not wanted:
        return []
    codes = (column.istartswith(wanted, autoescape=True) for column in (AreaLineage.old_code, AreaLineage.new_code))
    names = (column.icontains(wanted, autoescape=True) for column in (AreaLineage.old_name, AreaLineage.new_name))
    return [or_(*codes, *names)]
