"""How what is challenged stands, and telling those who follow a challenge where that has changed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from scrutiny.agencies.queries import footprint_areas
from scrutiny.audit.service import note
from scrutiny.challenges import letters
from scrutiny.challenges.models import Challenge, ChallengeChange
from scrutiny.challenges.subjects import subject_of
from scrutiny.editions import queries as editions
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger.models import LedgerSource
from scrutiny.transaction import run
from workflows.lifecycles.challenge import PUBLIC
from workflows.roles import TIMETABLE_ACTOR

#: A correction of a correction of … a source: no further than this.
MOST_STEPS = 50


def standing_of(challenge: Challenge, on: date) -> str:
    """How what is challenged stands, as a short text that is another once it has changed."""
    if challenge.source is not None:
        correction = correcting_source(challenge)
        return f"{challenge.source.state}:{correction.id if correction else ''}"
    if challenge.kind == "finding":
        edition = newest_edition(challenge)
        return f"edition:{edition.number if edition else ''}"
    if challenge.addressee is not None:
        if subject_of(challenge.subject, on) is None:  # the report is not out any more: what is done with it is not public
            return challenge.standing
        return f"{challenge.addressee.state}:{len(challenge.addressee.steps)}:{len(challenge.addressee.returns)}"
    if challenge.kind == "area" and challenge.agency is not None:
        codes = sorted(row.area_code for row, _ in footprint_areas(challenge.agency, on))
        return f"area:{hashlib.sha256(' '.join(codes).encode()).hexdigest()[:32]}"
    return ""


def correcting_source(challenge: Challenge) -> LedgerSource | None:
    """The published source that replaced the one of a challenged figure, however many corrections later."""
    source = challenge.source
    for _ in range(MOST_STEPS):
        if source is None or source.state != "replaced" or source.replaced_by_id is None:
            break
        source = db.session.get(LedgerSource, source.replaced_by_id)
    is_other = source is not None and challenge.source is not None and source.id != challenge.source.id
    return source if is_other and source is not None and source.state == "published" else None


def newest_edition(challenge: Challenge) -> Edition | None:
    """The newest released edition of the report whose finding is challenged."""
    report = editions.report_of(challenge.review_id) if challenge.review_id is not None else None
    return editions.released_edition(report) if report is not None else None


def corrected_edition(challenge: Challenge) -> Edition | None:
    """An edition that came out since a finding was challenged."""
    edition = newest_edition(challenge)
    first = challenge.published_at
    return edition if edition and first and edition.released_at and edition.released_at > first and edition.number > 1 else None


def follow_all(*, at: datetime) -> int:
    """Note what has changed of all that is challenged, each in its own transaction, and tell; how many."""
    ids = list(db.session.scalars(select(Challenge.id).where(Challenge.state.in_(PUBLIC)).order_by(Challenge.id)))
    return sum(run(partial(_follow, one, at)) for one in ids)


def _follow(challenge_id: int, at: datetime) -> bool:
    """One challenge; whether what it challenges has changed."""
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None or challenge.state not in PUBLIC:
        return False
    standing = standing_of(challenge, london_day(at))
    if standing == challenge.standing:
        return False
    change = ChallengeChange(what=_what(challenge, challenge.standing, standing), facts={"now": standing}, at=at)
    challenge.changes.append(change)
    challenge.standing = standing
    db.session.flush()
    note("challenged_thing_changed", about=challenge.plain, by=TIMETABLE_ACTOR, at=at, what=change.what)
    letters.changed(challenge, change, at=at)
    return True


def _what(challenge: Challenge, before: str, after: str) -> str:
    """What kind of change it is."""
    if challenge.source is not None:
        return "source_corrected" if after.partition(":")[2] else "source_withdrawn"
    if challenge.kind == "finding":
        return "new_edition" if after.partition(":")[2] else "report_withdrawn"
    if challenge.addressee is not None:
        returned = before.rpartition(":")[2] != after.rpartition(":")[2]
        return "progress_returned" if returned else "recommendation_moved"
    return "area_changed"
