"""The sweep: what a stopped process left half done is taken up again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from scrutiny import transaction
from scrutiny.correspondence.jobs import sweep_postings
from scrutiny.extensions import db
from scrutiny.requests.jobs import sweep_deliveries
from scrutiny.work.claims import Progress
from workflows.jobs import job


@job("sweep")
def sweep(*, at: datetime) -> str:
    """Free the letters and the long work whose process died; reports free themselves when their claim runs out."""
    letters = sweep_postings(at=at)
    sweep_deliveries(at=at)
    with transaction.writes_now():
        left = select(Progress.id).where(Progress.state == "running", Progress.claimed_until < at)
        ids = list(db.session.scalars(left.order_by(Progress.id)))
        ended = update(Progress).where(Progress.id.in_(ids))
        db.session.execute(ended.values(state="failed", ended_at=at, claim=None, fault="The work was broken off: start it again"))
    said = [f"{letters} letters taken up"] if letters else []
    return ", ".join(said + ([f"{len(ids)} pieces of work broken off"] if ids else []))
