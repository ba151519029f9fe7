"""What an agency does with a check of facts before it is sent: pass it to its approver, take it back, send it back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.audit.service import digest, note
from scrutiny.checking import letters
from scrutiny.extensions import db
from scrutiny.findings.accuracy import finish_accuracy_check
from scrutiny.findings.models import AccuracyCheck, Correction
from scrutiny.formats import london_day
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor


def needs_approver(check: AccuracyCheck, *, by: Actor, at: datetime) -> bool:
    """Whether somebody else of the agency has to approve what this actor says of the facts."""
    return not by.has(CERTIFIER) and agencies.has_certifier(check.answerer, london_day(at))


def as_seen(check: AccuracyCheck) -> str:
    """What an approver has before her, as a digest: when it was passed on, and each correction."""
    offered = [(one.id, one.words, one.correction, one.grounds) for extract in check.extracts for one in extract.corrections]
    return digest(repr((check.passed_at and check.passed_at.isoformat(), sorted(offered))))


def check_seen(check: AccuracyCheck, seen: str) -> None:
    """Refuse where something has changed since its page was opened: nobody approves what they have not read."""
    if seen != as_seen(check):
        raise Refused(gettext("This has changed since you opened it. Read it again before you send it"))


def finish(check: AccuracyCheck, *, by: Actor, at: datetime) -> bool:
    """Say that the agency has finished: to the body in the lead, or to the approver where it takes one. True if it was sent."""
    if not needs_approver(check, by=by, at=at):
        finish_accuracy_check(check, by=by, at=at)
        return True
    if check.answered_at is not None:
        raise Refused(gettext("You have said already that you have finished"))
    if check.passed_at is not None:
        raise Refused(gettext("This waits for your approver already"))
    check.passed_at, check.passed_by, check.sent_back_why = at, by.reference, ""
    db.session.flush()
    _noted("accuracy_check_passed_on", check, by, at)
    letters.to_approve(check, by, at=at)
    return False


def take_back(check: AccuracyCheck, *, by: Actor, at: datetime) -> None:
    """Take back what waits for the approver: it can be changed and passed on again."""
    _check_waits(check)
    check.passed_at = None
    db.session.flush()
    _noted("accuracy_check_taken_back", check, by, at)
    letters.taken_back(check, by, at=at)


def send_back(check: AccuracyCheck, why: str, *, by: Actor, at: datetime) -> None:
    """The approver sends it back to whoever passed it on, with the reason."""
    if not by.has(CERTIFIER):
        raise Refused(gettext("Only an approver of your agency can send this back"))
    if not why.strip():
        raise Refused(gettext("Say what must change: your colleagues see your words"))
    _check_waits(check)
    check.passed_at, check.sent_back_why = None, why.strip()
    db.session.flush()
    _noted("accuracy_check_sent_back", check, by, at, why=digest(why.strip()))
    letters.sent_back(check, by, at=at)


def take_out(correction: Correction, *, by: Actor, at: datetime) -> None:
    """Take out a correction that was not sent."""
    check = correction.extract.check
    if correction.state != "drafted":
        raise Refused(gettext("This correction has been sent, and stays"))
    if check.passed_at is not None and not by.has(CERTIFIER):
        raise Refused(gettext("This waits for your approver: withdraw it first"))
    _noted("correction_taken_out", check, by, at, words=digest(correction.words))
    correction.extract.corrections.remove(correction)
    db.session.flush()


def _check_waits(check: AccuracyCheck) -> None:
    """Whether it waits for the approver."""
    if check.passed_at is None:
        raise Refused(gettext("This does not wait for an approver any more"))


def _noted(event: str, check: AccuracyCheck, by: Actor, at: datetime, **fields: str) -> None:
    """Enter it in the trail."""
    note(event, about=check.reference, within=f"review:{check.review_id}", by=by, at=at, **fields)
