"""Lists of places, and tables of figures, sent through a page by anyone: worked on in a process of its own, then forgotten.

What was sent goes as soon as it is answered; the answers go after a day, or when whoever sent it says so. Only the signed
address leads to them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, func, select

from scrutiny.agencies.bulk_lookup import Cells, ManyAnswered, Wanted, answer_list
from scrutiny.areas.apportion import apportion
from scrutiny.areas.apportion_words import WEIGHTS
from scrutiny.areas.figures import Figures, plain
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work import claims
from scrutiny.work.child_process import Teller, is_kept, say, start_child
from scrutiny.work.claims import Progress
from scrutiny.work.clock import Clock
from workflows.refusals import Refused
from workflows.written_days import day_written

PLACES, FIGURES = "places", "figures"
KINDS = (PLACES, FIGURES)
KEPT = timedelta(days=1)
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 4
FAULT = "The list could not be answered, by a fault of ours. Send it again"


def begin(cells: Cells, wanted: Wanted, *, at: datetime) -> Progress:
    """Note a list of places to be answered; Refused where too many are being answered already."""
    wanted.check()
    task = {
        "sent": [list(cell) for cell in cells],
        "rows": len(cells),
        "on": wanted.on.isoformat(),
        "kinds": list(wanted.kinds),
        "services": list(wanted.services),
    }
    return _begun(PLACES, task, at)


def begin_figures(figures: Figures, asked: dict[str, Any], weights: dict[str, float] | None, *, at: datetime) -> Progress:
    """Note figures to be apportioned: `asked` holds from_kind, to_kind, by and on as plain values."""
    sent = {"figures": asdict(figures), "weights": weights}
    return _begun(FIGURES, {**asked, "sent": sent, "rows": len(figures.values)}, at)


def _begun(kind: str, task: dict[str, Any], at: datetime) -> Progress:
    """Note what is to be done, unless too much is being done already."""
    forget_old(at=at)
    going = (
        select(func.count())
        .select_from(Progress)
        .where(
            Progress.kind.in_(KINDS), Progress.state.in_(("waiting", "running")), Progress.started_at > at - timedelta(minutes=15)
        )
    )
    if (db.session.scalar(going) or 0) >= MOST_AT_ONCE:
        raise Refused("Other lists are being answered just now. Wait a minute, then send yours again: what you typed is kept")
    progress = Progress(
        kind=kind,
        title=f"{task['rows']:,} rows",
        doing="waiting to begin",
        task={**task, "secret": token_urlsafe(12)},
        started_by="anyone",
        started_at=at,
    )
    db.session.add(progress)
    db.session.flush()
    return progress


def start(progress_id: int) -> None:
    """Start the process that answers a list."""
    start_child("agencies", "carry-out", str(progress_id))


def address_of(progress: Progress) -> str:
    """The part of its address that nobody can guess: its number and its secret, signed.

    Numbers of lists forgotten are given again, so the number alone would lead to somebody else's list.
    """
    return str(_signer().dumps([progress.id, progress.task["secret"]]))


def list_at(token: str, at: datetime, kind: str = PLACES) -> Progress | None:
    """The list of an address; None where the address is not ours, or the list has been forgotten."""
    try:
        number, secret = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    found = db.session.get(Progress, int(number))
    if found is None or found.kind != kind or found.task.get("secret") != secret or found.started_at <= at - KEPT:
        return None
    return found


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="list-of-places")


def answered(progress: Progress) -> ManyAnswered:
    """The answers of a list that is done."""
    result = progress.result
    return ManyAnswered(tuple(result["header"]), tuple(tuple(row) for row in result["rows"]), result["faults"])


def forget(progress: Progress) -> None:
    """Drop a list and its answers for good."""
    db.session.execute(delete(Progress).where(Progress.id == progress.id, Progress.kind.in_(KINDS)))


def forget_old(*, at: datetime) -> int:
    """Drop every list sent more than a day before; how many."""
    old = list(db.session.scalars(select(Progress.id).where(Progress.kind.in_(KINDS), Progress.started_at <= at - KEPT)))
    db.session.execute(delete(Progress).where(Progress.id.in_(old)))
    return len(old)


def carry_out(progress_id: int, *, clock: Clock) -> None:
    """Claim a list, answer it, and keep the answers in its place; one that another has claimed is left alone."""
    if not is_kept(progress_id):
        return
    with writes_now():
        waits = db.session.get_one(Progress, progress_id).state in ("waiting", "running")
        token = claims.claim(Progress, progress_id, at=clock(), lease=LEASE) if waits else None
        if token:
            say(progress_id, state="running", doing="reading the list")
    if token is None:
        return
    row = db.session.get_one(Progress, progress_id)
    kind, task = row.kind, dict(row.task)
    try:
        result = (_places if kind == PLACES else _figures)(task, Teller(progress_id, token, clock, LEASE))
    except Refused as refused:
        _end(progress_id, token, clock(), state="failed", fault=refused.sentence)
    except Exception:
        _end(progress_id, token, clock(), state="failed", fault=FAULT)
        raise
    else:
        _end(progress_id, token, clock(), state="done", done=100, result=result)


def _places(task: dict[str, Any], tell: Teller) -> dict[str, Any]:
    """A list of places, answered."""
    wanted = Wanted(day_written(task["on"]), tuple(task["kinds"]), tuple(task["services"]))
    found = answer_list([(line, cell) for line, cell in task["sent"]], wanted, say=tell)
    return {"header": list(found.header), "rows": [list(row) for row in found.rows], "faults": found.faults}


def _figures(task: dict[str, Any], tell: Teller) -> dict[str, Any]:
    """Figures, apportioned."""
    tell(0.1, "apportioning the figures")
    figures, weights = Figures(**task["sent"]["figures"]), task["sent"]["weights"]
    by = weights if task["by"] == WEIGHTS else task["by"]
    return plain(apportion(figures.values, task["from_kind"], task["to_kind"], by=by, on=day_written(task["on"])), figures)


def _end(progress_id: int, token: str, at: datetime, **values: object) -> None:
    """Say how it went, and drop the list; only while the claim is still ours."""
    with writes_now():
        if claims.publish(Progress, progress_id, token):
            task = dict(db.session.get_one(Progress, progress_id).task)
            say(progress_id, doing="", ended_at=at, task={**task, "sent": None}, **values)
