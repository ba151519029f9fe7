"""The administrator's machine page, and the two health checks."""

from __future__ import annotations

import threading
import time

from flask import Blueprint, Flask, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from scrutiny.audit import queries as audit
from scrutiny.doors import administrator, public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.rules.queries import calendars_in_force, damaged_texts, stale_holidays
from scrutiny.stored_files import stored
from scrutiny.upkeep import first_review, queries, service
from workflows.timetable import TIMETABLE

blueprint = Blueprint("upkeep", __name__)
LOOKED_SECONDS = 5
_looking = threading.Lock()


@blueprint.route("/administration")
@administrator
def administration() -> ResponseReturnValue:
    """Where an administrator starts: what there is to look after."""
    return render_template(
        "upkeep/administration.html",
        letters=queries.letters_by_state(),
        backup=queries.latest_backup(),
        failures=queries.failures(5),
        stale=stale_holidays(london_day(now())),
        damaged=damaged_texts(),
        tasks=first_review.tasks(london_day(now())),
        at=now(),
    )


@blueprint.route("/administration/machine")
@administrator
def machine() -> ResponseReturnValue:
    """Jobs last run and next, letters, backups and the end of the audit trail."""
    engine = current_app.extensions.get("engine")
    coming = {job.id: job.next_run_time for job in engine.clock.get_jobs()} if engine else {}
    return render_template(
        "upkeep/machine.html",
        timetable=TIMETABLE,
        last=service.last_runs(),
        coming=coming,
        failures=queries.failures(),
        backup=queries.latest_backup(),
        letters=queries.letters_by_state(),
        head=audit.head(),
        files=[(row, queries.named(row.sha256)) for row in stored.faulty()],
        at=now(),
    )


@blueprint.route("/health/live")
@public
def live() -> ResponseReturnValue:
    """That the process answers at all."""
    return jsonify({"live": True})


@blueprint.route("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """That it can do its work: rows and files can be written, the timetable runs, letters leave. Says how many faults, not which.

    Bank holidays that soon end and files that are damaged keep nobody from work, so they are warnings.
    """
    faults = _faults()
    for fault in faults:
        current_app.logger.warning("not ready: %s", fault)
    known = {calendar.division: calendar.last_day.isoformat() for calendar in calendars_in_force()}
    warnings = stale_holidays(london_day(now())) + queries.faulty_files()
    said = {"ready": not faults, "faults": len(faults), "holidays_known_to": known, "warnings": warnings}
    return jsonify(said), 503 if faults else 200


def _faults() -> list[str]:
    """What keeps this instance from its work, looked at once in five seconds: looking writes, and anyone may ask.

    Whoever asks during a look waits for what it finds. A look that failed counts for nothing: the next one looks again.
    """
    with _looking:
        looked: tuple[float, list[str]] | None = current_app.extensions.get("ready")
        if looked is None or time.monotonic() - looked[0] >= LOOKED_SECONDS:
            faults = queries.not_ready(now(), runs_timetable="engine" in current_app.extensions)
            looked = current_app.extensions["ready"] = (time.monotonic(), faults)
    return looked[1]


def init_app(app: Flask) -> None:
    """Let the pages where administrators work say what the machine needs."""
    app.jinja_env.globals["machine_warnings"] = lambda: queries.machine_warnings(now())
