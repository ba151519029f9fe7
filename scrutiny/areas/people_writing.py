"""The rows of a count of people, written in short parts before the count itself: a national one has 190,000 small areas.

Each row stands for itself, and nothing that is shown is read from them: figures follow once the count is loaded. Until then
the load says that it has not finished, and another loading that is worked out meanwhile makes this one begin anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_babel import gettext
from sqlalchemy import delete, insert

from scrutiny.areas.counted_people import WorkedCount
from scrutiny.areas.models import AreaLoad, SmallAreaPeople
from scrutiny.areas.stored_layers import newest_load
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.transaction import BETWEEN_DEEDS, run
from workflows.refusals import Stale
from workflows.roles import Actor

#: Rows written in one transaction.
PART = 5_000
TABLE: Any = SmallAreaPeople.__table__


def written_in_parts(worked: WorkedCount, *, by: Actor, at: datetime) -> WorkedCount:
    """The same count, its rows written, each part in a transaction of its own; `load_people` lets it count."""
    load_id, seen = run(partial(_begin, worked, by, at))
    for codes in chunks(sorted(worked.people), PART):
        run(partial(write_rows, worked, codes, load_id))
        time.sleep(BETWEEN_DEEDS)
    return replace(worked, load_id=load_id, seen=seen)


def _begin(worked: WorkedCount, by: Actor, at: datetime) -> tuple[int, int]:
    """The number of the load that its rows name, and that of the newest state of the areas with it."""
    load_id = begin_load(worked, by=by, at=at).id
    return load_id, newest_load()


def begin_load(worked: WorkedCount, *, by: Actor, at: datetime) -> AreaLoad:
    """The load of a count, which says until it is finished that it is not. Stale where another was loaded meanwhile."""
    refuse_stale(worked)
    load = AreaLoad(
        kind="people",
        from_on=worked.result.as_at,
        file_name=worked.name,
        sha256=worked.sha256,
        source=worked.source,
        warnings=[gettext("This load has not finished: if it does not, load the file again")],
        loaded_at=at,
        loaded_by=by.reference,
    )
    db.session.add(load)
    db.session.flush()
    return load


def refuse_stale(worked: WorkedCount) -> None:
    """Another layer or count changes what was worked out."""
    if newest_load() != worked.seen:
        raise Stale(gettext("Another layer was loaded meanwhile; start this one again so that its people are counted too"))


def write_rows(worked: WorkedCount, codes: Sequence[str], load_id: int) -> None:
    """Write the people of some small areas in place of those that are there for the day."""
    day: date = worked.result.as_at
    for chunk in chunks(list(codes), 500):
        db.session.execute(delete(TABLE).where(TABLE.c.as_at == day, TABLE.c.code.in_(chunk)))
    rows = [{"code": code, "as_at": day, "people": worked.people[code], "load_id": load_id} for code in codes]
    if rows:
        db.session.execute(insert(TABLE), rows)
