"""Lists of places, and tables of figures, sent through a page by anyone: worked on in a process of its own, then forgotten.

What was sent goes as soon as it is answered; the answers go after a day, or when whoever sent it says so. Only the signed
address leads to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from flask import current_app
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, func, select

from scrutiny.agencies.bulk_lookup import Cells, ManyAnswered, Wanted, answer_list
from scrutiny.apportioning.apportion import apportion
from scrutiny.apportioning.figures import ApportionedFigures, figures_of
from scrutiny.apportioning.file_apportioning import BetweenKinds, FiguresSent, FiguresTask
from scrutiny.apportioning.words import WEIGHTS
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work import claims
from scrutiny.work.child_process import Teller, is_kept, say, start_child
from scrutiny.work.claims import Progress
from scrutiny.work.clock import Clock
from workflows.plain_values import from_plain, to_plain
from workflows.refusals import Refused

PLACES, FIGURES = "places", "figures"
KINDS = (PLACES, FIGURES)
KEPT = timedelta(days=1)
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 4
FAULT = "The list could not be answered, by a fault of ours. Send it again"


@dataclass(frozen=True, slots=True)
class PlacesTask:
    """A list of places to be answered: how many rows, and on which day; `sent` goes once it is answered."""

    secret: str
    rows: int
    on: date
    kinds: tuple[str, ...]
    services: tuple[str, ...]
    sent: tuple[tuple[int, str], ...] | None


def begin(cells: Cells, wanted: Wanted, *, at: datetime) -> Progress:
    """Note a list of places to be answered; Refused where too many are being answered already."""
    wanted.check()
    task = PlacesTask(token_urlsafe(12), len(cells), wanted.on, wanted.kinds, wanted.services, tuple(cells))
    return _begun(PLACES, task, at)


def begin_figures(sent: FiguresSent, between: BetweenKinds, *, at: datetime) -> Progress:
    """Note figures to be apportioned."""
    return _begun(FIGURES, FiguresTask(token_urlsafe(12), len(sent.figures.values), between, sent), at)


def _begun(kind: str, task: PlacesTask | FiguresTask, at: datetime) -> Progress:
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
        raise Refused(
            gettext("Other lists are being answered just now. Wait a minute, then send yours again: what you typed is kept")
        )
    progress = Progress(
        kind=kind, title=f"{task.rows:,} rows", doing="waiting to begin", task=to_plain(task), started_by="anyone", started_at=at
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
    return from_plain(ManyAnswered, progress.result)


def apportioned(progress: Progress) -> ApportionedFigures:
    """What came of figures, once that is done."""
    return from_plain(ApportionedFigures, progress.result)


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
    kind, task, tell = row.kind, dict(row.task), Teller(progress_id, token, clock, LEASE)
    try:
        result = to_plain(
            _places(from_plain(PlacesTask, task), tell) if kind == PLACES else _figures(FiguresTask.from_plain(task), tell)
        )
    except Refused as refused:
        _end(progress_id, token, clock(), state="failed", fault=refused.sentence)
    except Exception:
        _end(progress_id, token, clock(), state="failed", fault=FAULT)
        raise
    else:
        _end(progress_id, token, clock(), state="done", done=100, result=result)


def _places(task: PlacesTask, tell: Teller) -> ManyAnswered:
    """A list of places, answered."""
    return answer_list(list(task.sent or ()), Wanted(task.on, task.kinds, task.services), say=tell)


def _figures(task: FiguresTask, tell: Teller) -> ApportionedFigures:
    """Figures, apportioned."""
    tell(0.1, "apportioning the figures")
    if task.sent is None:
        raise Refused(gettext("This file is no longer kept. Send it again"))
    figures, weights, asked = task.sent.figures, task.sent.weights, task.between
    by = weights if asked.by == WEIGHTS and weights is not None else asked.by
    return figures_of(apportion(figures.values, asked.from_kind, asked.to_kind, by=by, on=asked.on), figures)


def _end(progress_id: int, token: str, at: datetime, **values: object) -> None:
    """Say how it went, and drop the list; only while the claim is still ours."""
    with writes_now():
        if claims.publish(Progress, progress_id, token):
            task = dict(db.session.get_one(Progress, progress_id).task)
            say(progress_id, doing="", ended_at=at, task={**task, "sent": None}, **values)
