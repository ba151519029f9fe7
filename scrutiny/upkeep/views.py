"""The administrator's machine page, and the two health checks."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from scrutiny.audit import queries as audit
from scrutiny.doors import administrator, public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.rules.queries import calendars_in_force, damaged_texts, stale_holidays
from scrutiny.upkeep import queries, service
from workflows.timetable import TIMETABLE

blueprint = Blueprint("upkeep", __name__)


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
    """That it can do its work: the database answers, the timetable runs, letters leave. Says how many faults, not which.

    Bank holidays that soon end keep nobody from work, so they are warnings; until when they are known is no secret.
    """
    faults = queries.not_ready(now(), runs_timetable="engine" in current_app.extensions)
    for fault in faults:
        current_app.logger.warning("not ready: %s", fault)
    known = {calendar.division: calendar.last_day.isoformat() for calendar in calendars_in_force()}
    stale = stale_holidays(london_day(now()))
    said = {"ready": not faults, "faults": len(faults), "holidays_known_to": known, "warnings": stale}
    return jsonify(said), 503 if faults else 200
