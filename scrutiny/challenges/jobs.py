"""What the clock does for challenges: look at what they are about, remind of answers overdue, and forget addresses."""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import partial

from scrutiny.challenges import following, letters, queries, retention
from scrutiny.challenges.models import Challenge
from scrutiny.extensions import db
from scrutiny.formats import london_day, plural
from scrutiny.rules.queries import calendars_in_force, rules
from scrutiny.transaction import run
from workflows.deadlines import division_of
from workflows.jobs import job

log = logging.getLogger(__name__)


@job("follow_challenges")
def follow_challenges(*, at: datetime) -> str:
    """Tell those who follow a challenge where what it is about has changed."""
    return f"{plural(following.follow_all(at=at), 'change')} told"


@job("chase_challenges")
def chase_challenges(*, at: datetime) -> str:
    """Remind whoever has to answer of what is overdue, again each so many working days."""
    today = london_day(at)
    ids = [one.id for one in db.session.scalars(queries.overdue(today))]
    for challenge_id in ids:
        run(partial(_chase, challenge_id, today, at))
    return f"{plural(len(ids), 'answer')} overdue"


def _chase(challenge_id: int, today: date, at: datetime) -> None:
    """One of them; the same reminder is never written twice."""
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None or challenge.state != "published" or challenge.due_on is None:
        return
    owner = challenge.agency or challenge.body
    calendar = calendars_in_force().by_division[division_of(owner.nation if owner is not None else "england")]
    times = max(calendar.count(challenge.due_on, today) - 1, 0) // rules().challenges.chase_every
    letters.overdue(challenge, at=at, occasion=f"{challenge.due_on.isoformat()}:{times}")


@job("forget_challengers")
def forget_challengers(*, at: datetime) -> str:
    """Delete what nobody confirmed, and erase addresses of challenges that ended long ago."""
    gone, erased = run(partial(retention.forget_unconfirmed, at=at)), run(partial(retention.forget_addresses, at=at))
    return f"{plural(gone, 'challenge')} not confirmed deleted, addresses of {plural(erased, 'challenge')} erased"
