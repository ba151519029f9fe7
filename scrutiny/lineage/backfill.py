"""Deeds of lineage done late: shares that were missing, worked out once the boundaries or the people are loaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from scrutiny.areas.counted_people import WorkedCount
from scrutiny.areas.load_worker import Worked
from scrutiny.areas.models import AreaLineage
from scrutiny.areas.writing import chunks
from scrutiny.audit import service as audit
from scrutiny.extensions import db
from scrutiny.formats import plural
from scrutiny.lineage.files import Link
from scrutiny.lineage.service import lacks, link_of, share_out
from scrutiny.transaction import writes_now
from workflows.roles import Actor


def fill_shares(worked: object, *, by: Actor, at: datetime) -> str:
    """After a layer or a count is kept: the shares it lets us work out, written in a transaction of their own.

    A sentence for the person, or '' where there was nothing to do; what fails here is done with the next loading.
    """
    if not isinstance(worked, (Worked, WorkedCount)):
        return ""
    shares = work_out_shares(worked.layer.codes if isinstance(worked, Worked) else None)
    if not shares:
        return ""
    with writes_now():
        return keep_shares(shares, by=by, at=at)


def work_out_shares(codes: Collection[str] | None = None) -> dict[int, Link]:
    """The shares that stored links lack and that can be worked out now, by the row's id: of these codes, or (None) of those
    whose land is known and whose people are not. Heavy: done before anything is written."""
    people, land = AreaLineage.share_of_people.is_(None), AreaLineage.share_of_area.is_(None)
    which = select(AreaLineage.id, AreaLineage.old_code, AreaLineage.new_code).where(AreaLineage.on.is_not(None))
    which = which.where(people | land if codes is not None else people & ~land).order_by(AreaLineage.id)
    wanted = set(codes or ())
    ids = [row.id for row in db.session.execute(which) if codes is None or not wanted.isdisjoint(row[1:])]
    rows = [row for chunk in chunks(ids, 500) for row in db.session.scalars(_by_id(chunk))]
    shared = share_out([link_of(row) for row in rows])
    return {row.id: link for row, link in zip(rows, shared, strict=True) if link != link_of(row)}


def _by_id(ids: Sequence[int]) -> Select[AreaLineage]:
    """Stored links by their ids."""
    return select(AreaLineage).where(AreaLineage.id.in_(ids)).order_by(AreaLineage.id)


def keep_shares(shares: dict[int, Link], *, by: Actor, at: datetime) -> str:
    """Write shares that were worked out, where they still lack; a sentence for the person, or '' where there are none."""
    for row_id, link in shares.items():
        row = db.session.get(AreaLineage, row_id)
        if row is not None and lacks(link_of(row)):
            row.share_of_people, row.share_of_area = link.share_of_people, link.share_of_area
    if not shares:
        return ""
    db.session.flush()
    audit.note("lineage_worked_out", about="area_lineage", by=by, at=at, shares=len(shares))
    return f"The shares of {plural(len(shares), 'change')} of code were worked out from the boundaries loaded now"
