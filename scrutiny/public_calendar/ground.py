"""Where the entries of the calendar lie: by shared ground, never by equal codes alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.areas.queries import SLIVER
from scrutiny.extensions import db
from scrutiny.public_calendar.queries import entries
from scrutiny.rules.queries import rules
from workflows.calendar_entries import POLL


@dataclass(frozen=True, slots=True)
class Ground:
    """Some areas: their ids and codes, and their land in square metres."""

    area_ids: tuple[int, ...]
    codes: frozenset[str]
    land: float


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll, from the notice of election to its day, and the share of the ground where people vote (0 to 1)."""

    title: str
    starts_on: date
    ends_on: date
    share: float

    @property
    def key(self) -> str:
        """The same poll, whatever file it was read from."""
        return f"poll:{self.ends_on:%Y%m%d}:{hashlib.sha256(self.title.encode()).hexdigest()[:16]}"


def ground_of(areas: Sequence[Area]) -> Ground:
    """The ground that some areas cover."""
    codes = frozenset(area.code for area in areas)
    return Ground(tuple(area.id for area in areas), codes, sum(area.square_metres for area in areas))


def shares_of_codes(ground: Ground, wanted: Collection[str]) -> dict[str, float]:
    """Of these codes, those whose areas share land with the ground, each with the share of it; one statement at most."""
    found = dict.fromkeys(ground.codes.intersection(wanted), 1.0)
    if not set(wanted) - set(found):
        return found
    rows = (
        select(Area.code, func.max(AreaOverlap.square_metres))
        .join(AreaOverlap, AreaOverlap.other_id == Area.id)
        .where(
            AreaOverlap.area_id.in_(ground.area_ids),
            Area.code.in_(sorted(wanted)),
            # What they share is more than borders drawn twice.
            or_(AreaOverlap.share_of_area >= SLIVER, AreaOverlap.share_of_other_area >= SLIVER),
        )
        .group_by(Area.code)
    )
    shares = {code: min(metres / ground.land, 1.0) if ground.land else 0.0 for code, metres in db.session.execute(rows)}
    return shares | found


def polls_over(areas: Sequence[Area], on: date) -> list[Poll]:
    """The polls whose pre-election period covers a day and in which people vote on this ground; two statements at most.

    A poll held in several areas is one, with the shares of all of them.
    """
    held = [one for one in entries(on, on) if one.kind == POLL]
    if not held:
        return []
    nations = _nations_of(areas)
    shares = shares_of_codes(ground_of(areas), {one.area_code for one in held if one.area_code})
    found: dict[tuple[str, date, date], float] = {}
    for one in held:
        everywhere = not one.area_code and (not one.nation or one.nation in nations)
        share = 1.0 if everywhere else shares.get(one.area_code, 0.0)
        if share:
            poll = (one.title, one.starts_on, one.ends_on)
            found[poll] = min(found.get(poll, 0.0) + share, 1.0)
    return [Poll(title, first, last, share) for (title, first, last), share in found.items()]


def _nations_of(areas: Sequence[Area]) -> set[str]:
    """The nations some areas lie in."""
    kinds = rules().area_kinds
    found = (kinds[area.kind].nation_of(area.code) for area in areas if area.kind in kinds)
    return {nation for nation in found if nation is not None}
