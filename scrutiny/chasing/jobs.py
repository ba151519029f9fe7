"""The job of this room: remind agencies by the ladder, each request in its own transaction."""

from __future__ import annotations

from datetime import datetime

from scrutiny.chasing import service
from scrutiny.chasing.queries import requests_due
from scrutiny.correspondence.service import let_go
from scrutiny.formats import LONDON, london_day, plural
from scrutiny.requests.ladder import HOUR
from scrutiny.transaction import run
from scrutiny.work.batch import run_each
from workflows.jobs import job

FAULT = "the ladder of record %s could not be climbed; the others go on"


@job("remind")
def remind(*, at: datetime) -> str:
    """Climb the ladder of each request that has come to a rung, each in its own transaction; then let the letters go.

    Run again on the same day, or after it was stopped midway, it does what is left and nothing twice.
    """
    if at.astimezone(LONDON).time() < HOUR:
        return "nobody is reminded before 7am"
    climbed, failed = run_each(requests_due(london_day(at)), lambda request_id: service.climb(request_id, at=at), fault=FAULT)
    idle = service.not_needed(london_day(at))
    stopped, lost = run_each(idle, lambda escalation_id: service.stop_if_not_needed(escalation_id, at=at), fault=FAULT)
    run(lambda: let_go(before=at + service.HELD))
    said = [f"{plural(climbed, 'reminder')} written"]
    said += [f"{plural(stopped, 'proposed letter')} not needed any more"] if stopped else []
    said += [f"{plural(failed + lost, 'request')} failed: see the log"] if failed + lost else []
    return ", ".join(said)
