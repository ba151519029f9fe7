"""The sweep: what a stopped process left half done is taken up again; and the night's look at trail and seals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from scrutiny import transaction
from scrutiny.accounts import sessions
from scrutiny.asking.jobs import sweep_deliveries
from scrutiny.audit import verifying
from scrutiny.correspondence.jobs import sweep_postings
from scrutiny.extensions import db
from scrutiny.findings.jobs import sweep_checks
from scrutiny.ledger.in_pieces import sweep_unfinished
from scrutiny.publication.jobs import sweep_notices
from scrutiny.recommendations.jobs import sweep_recommendations
from scrutiny.stored_files.stored import drop_marked
from scrutiny.work.claims import Progress
from workflows.jobs import job


@job("sweep")
def sweep(*, at: datetime) -> str:
    """Free the letters and the long work whose process died; reports free themselves when their claim
    runs out. Sessions that have come to their end are dropped."""
    letters = sweep_postings(at=at)
    drop_marked(at=at)
    sweep_deliveries(at=at)
    sweep_checks(at=at)
    sweep_recommendations(at=at)
    sweep_notices(at=at)
    sweep_unfinished(at=at)
    with transaction.writes_now():
        sessions.sweep(at=at)
        left = select(Progress.id).where(Progress.state == "running", Progress.claimed_until < at)
        ids = list(db.session.scalars(left.order_by(Progress.id)))
        ended = update(Progress).where(Progress.id.in_(ids))
        db.session.execute(ended.values(state="failed", ended_at=at, claim=None, fault="The work was broken off: start it again"))
    said = [f"{letters} letters taken up"] if letters else []
    return ", ".join(said + ([f"{len(ids)} pieces of work broken off"] if ids else []))


@job("check_seals")
def check_seals(*, at: datetime) -> str:
    """Do by night what `flask audit verify` does: every row of the trail, every seal, every signed head.

    The first line says how much was looked at; each line after it is a fault, which the warnings to the administrator repeat.
    """
    with transaction.at_one_moment():
        found = verifying.verify()
    said = f"{found.number:,} rows of the trail and {found.seals:,} seals checked, {len(found.faults)} at fault"
    return "\n".join([said, *found.faults])
