"""The job of this room: carry out what is staged and whose day has come; a missed day mends itself."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reorganisation import queries
from scrutiny.reorganisation.carrying import carry_out
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.transaction import run
from workflows.jobs import job
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


@job("reorganise")
def reorganise(*, at: datetime) -> str:
    """Carry out each reorganisation that is due, in its own transaction; one that fails stops no other, and is tried again."""
    done, failed = [], []
    for row_id in queries.due(london_day(at)):
        try:
            done += run(partial(_carry_out, row_id, at))
        except Exception:
            log.exception("carrying out reorganisation %s failed; the others go on", row_id)
            failed.append(row_id)
    if failed:
        raise RuntimeError(f"{len(failed)} reorganisations could not be carried out; the log says why")
    return f"carried out {', '.join(done)}" if done else ""


def _carry_out(row_id: int, at: datetime) -> list[str]:
    """One of them: its reference, or nothing where it was done or taken back meanwhile."""
    row = db.session.get_one(Reorganisation, row_id)
    if row.state != "staged":
        return []
    carry_out(row, by=TIMETABLE_ACTOR, at=at)
    return [row.reference]
