"""Reminding of checks, signatures and invitations: by hand once they are late, and by the clock before the day of a check."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.conduct.awaited import (
    APART,
    BEFORE,
    CHECK,
    INVITATION,
    REMINDERS,
    Awaited,
    of_check,
    of_invitation,
    receivers,
    written,
)
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import LONDON, day, london_day
from scrutiny.requests.ladder import HOUR, days_of, not_before
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords
from scrutiny.requests.letters import Preview, previewed
from scrutiny.reviews.conflicts import check_not_own
from scrutiny.reviews.contact import write_for_lead, writer_of
from scrutiny.reviews.models import Invitation
from scrutiny.transaction import run
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: How long before its day a check is reminded of by the clock.
AHEAD: Final = timedelta(days=3)
PAGES: Final = {
    CHECK: "/accuracy/{found.key}",
    INVITATION: "/invitations/{found.key}",
    "signature": "/reviews/{found.review.reference}/sign-off",
}


def why_not(found: Awaited, today: date) -> str:
    """Why no reminder may go by hand today, in a sentence without a full stop; '' if one may."""
    if today < found.late_since:
        if found.due_on:
            return gettext("This is not overdue: it is due by %(day)s", day=day(found.due_on))
        asked, first = day(found.asked_on), day(found.late_since)
        return gettext("We asked on %(day)s. You can send a reminder from %(next)s", day=asked, next=first)
    sent = [london_day(one.written_at) for one in written(found)]
    if sent and today < sent[-1] + APART:
        last, following = day(sent[-1]), day(sent[-1] + APART)
        return gettext("A reminder was written on %(day)s. You can send the next from %(next)s", day=last, next=following)
    return ""


def remind(found: Awaited, *, by: Actor, at: datetime, words: OwnWords = NOTHING_ADDED) -> list[Letter]:
    """Remind by hand of what is late, in the name of the body in the lead; refused before its day and too soon after another."""
    if found.kind == CHECK:
        check_not_own(found.review, {found.whom.id}, by=by, at=at)
    barred = why_not(found, london_day(at))
    if barred:
        raise Refused(barred)
    return _send(REMINDERS[found.kind], found, by=by, at=at, words=words)


def previews(found: Awaited, *, at: datetime, public_url: str, words: OwnWords = NOTHING_ADDED) -> list[Preview]:
    """The same letters, word for word, to be read before they go."""
    values = _values(found, words) | {"us": writer_of(found.review)}
    return [previewed(REMINDERS[found.kind], to, public_url, values) for to in receivers(found, at)]


def remind_by_clock(*, at: datetime) -> int:
    """Remind of checks a few days before their day, and of invitations a week after, once each, on open days; how many."""
    if at.astimezone(LONDON).time() < HOUR:
        return 0
    today = london_day(at)
    checks = select(AccuracyCheck.id).where(AccuracyCheck.answered_at.is_(None), AccuracyCheck.received_on < today - AHEAD)
    checks = checks.where(AccuracyCheck.due_on.between(today, today + AHEAD)).order_by(AccuracyCheck.id)
    invited = select(Invitation.id).where(Invitation.state == "invited", Invitation.at <= at - APART).order_by(Invitation.id)
    reminded = sum(run(partial(_remind_check, one, at)) for one in list(db.session.scalars(checks)))
    return reminded + sum(run(partial(_remind_invited, one, at)) for one in list(db.session.scalars(invited)))


def _remind_check(check_id: int, at: datetime) -> bool:
    """One agency; whether it was reminded now."""
    return _once(BEFORE, of_check(db.session.get_one(AccuracyCheck, check_id)), at)


def _remind_invited(invitation_id: int, at: datetime) -> bool:
    """One body; whether it was reminded now."""
    return _once(REMINDERS[INVITATION], of_invitation(db.session.get_one(Invitation, invitation_id)), at)


def _once(kind: str, found: Awaited | None, at: datetime) -> bool:
    """Remind by the clock where nobody has been reminded yet and today is a day on which people are."""
    if found is None or written(found) or days_of(found.whom.nation).why_not(london_day(at)):
        return False
    return bool(_send(kind, found, by=TIMETABLE_ACTOR, at=at, words=NOTHING_ADDED))


def _send(kind: str, found: Awaited, *, by: Actor, at: datetime, words: OwnWords) -> list[Letter]:
    """Write the letters and note it."""
    said = _values(found, words) | {"occasion": f"{found.occasion}:{london_day(at).isoformat()}"}
    later = not_before(found.whom.nation, at)
    letters = [
        write_for_lead(kind, found.review, to=to, reference=found.reference, at=at, not_before=later, **said)
        for to in receivers(found, at)
    ]
    if letters:
        about, within = found.reference, f"review:{found.review.id}"
        note(f"{found.kind}_reminded", about=about, within=within, by=by, at=at, whom=found.whom.reference)
    return letters


def _values(found: Awaited, words: OwnWords) -> Any:
    """What each of these letters names."""
    review = found.review
    return {
        "title": review.title,
        "our": review.reference,
        "lead": review.lead.name,
        "whom": found.whom.name,
        "asked_on": found.asked_on,
        "due_on": found.due_on,
        "signed_by": found.signed_by,
        "address": PAGES[found.kind].format(found=found),
        "opening": words.opening,
        "closing": words.closing,
    }
