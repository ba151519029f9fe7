"""Rights of reply given or waived, as far as a test of what comes after them needs it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scrutiny.correspondence.reception import Entered
from scrutiny.findings import delivering, right_of_reply, service
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from workflows.roles import TIMETABLE_ACTOR, Actor

REASON = "The agencies asked us to go on."


def reached(checks: Iterable[AccuracyCheck], at: datetime = NOW) -> None:
    """The mail server accepted the letter of each check."""
    for check in checks:
        delivering.receive(check, Entered("email", london_day(at)), by=TIMETABLE_ACTOR, at=at)


def answered(review: Review, *responders: Actor, by: Actor, at: datetime = NOW) -> None:
    """Every agency the findings are about is shown them and says that nothing is wrong."""
    answering = {responder.agency: responder for responder in responders}
    for check in service.start_accuracy_check(review, by=by, at=at):
        service.finish_accuracy_check(check, by=answering.get(check.agency_id, by), at=at)


def waived(review: Review, *, by: Actor, at: datetime = NOW) -> list[AccuracyWaiver]:
    """The bodies go on without every check that is missing or still runs."""
    return [
        right_of_reply.waive(review, reply.agency, REASON, by=by, at=at)
        for reply in right_of_reply.replies(review, london_day(at))
        if reply.holds
    ]
