"""A source of many rows: begun in one short transaction, its rows entered in pieces between which others write, then whole.

Until its last transaction it is nobody's to see and counts nowhere. What a refusal or a fault leaves is removed at once, and
what a process left that died by the sweep.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask_babel import gettext
from sqlalchemy import delete, select

from scrutiny.extensions import db
from scrutiny.ledger.entered import PIECE, Ready, enter_rows
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource
from scrutiny.ledger.service import Rows, begin, complete
from scrutiny.transaction import BETWEEN_DEEDS, run
from workflows.lifecycles.ledger_source import LEDGER_SOURCE
from workflows.refusals import Refused
from workflows.roles import Actor

log = logging.getLogger(__name__)
Made = TypeVar("Made")
#: How long after it was begun a source that is not whole was left by a process that died.
LEFT_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entering:
    """A source that is begun: its number, the rows still to be entered, the number of what it corrects, by whom and when."""

    source_id: int
    rows: Rows
    replaces_id: int | None
    by: Actor
    at: datetime


def begun(source: LedgerSource, rows: Rows, *, by: Actor, at: datetime) -> Entering | None:
    """Begin a source; None where it has few rows, and is whole already. Within a transaction of the caller's."""
    begin(source, rows, by=by, at=at)
    if len(rows.cells.values) + len(rows.skipped.values) > PIECE:
        corrected = rows.replaces.id if rows.replaces is not None else None
        return Entering(source.id, replace(rows, replaces=None), corrected, by, at)
    rows.cells.enter(source.id)
    rows.skipped.enter(source.id)
    complete(source, rows, by=by, at=at)
    return None


def kept_in_pieces(deed: Callable[[], tuple[Made, Entering | None]]) -> Made:
    """Do a deed that begins a source, then enter what is left of its rows, outside any transaction of the caller's."""
    made, entering = run(deed)
    if entering is not None:
        _finish(entering)
    return made


def _finish(entering: Entering) -> None:
    """Enter all rows and complete the source; where that cannot be, nothing of it stays."""
    try:
        for ready in (entering.rows.cells, entering.rows.skipped):
            for piece in ready.pieces():
                _enter(entering, ready, piece)
                time.sleep(BETWEEN_DEEDS)
        run(lambda: _complete(entering))
    except BaseException:
        try:
            _discard(entering.source_id)
        except Exception:
            log.exception("source %s, which is not whole, could not be removed; the sweep does it", entering.source_id)
        raise


def _enter(entering: Entering, ready: Ready, piece: Sequence[Mapping[str, Any]]) -> None:
    """Enter one piece in a transaction of its own."""

    def deed() -> None:
        _still_entering(entering.source_id)
        enter_rows(ready.model, piece, entering.source_id)

    run(deed)


def _complete(entering: Entering) -> None:
    """Let the source be seen, whole."""
    source = _still_entering(entering.source_id)
    corrected = db.session.get_one(LedgerSource, entering.replaces_id) if entering.replaces_id is not None else None
    complete(source, replace(entering.rows, replaces=corrected), by=entering.by, at=entering.at)


def _still_entering(source_id: int) -> LedgerSource:
    """The source, whose rows are being entered; Refused where it was given up meanwhile."""
    source = db.session.get(LedgerSource, source_id)
    if source is None or source.state != LEDGER_SOURCE.initial:
        raise Refused(gettext("Not all rows of this source could be entered, so none was kept: load it again"))
    return source


def sweep_unfinished(*, at: datetime) -> int:
    """Remove the sources whose process died while their rows were entered; how many. Part of the sweep."""
    left = select(LedgerSource.id).where(LedgerSource.state == LEDGER_SOURCE.initial, LedgerSource.loaded_at < at - LEFT_AFTER)
    ids = db.session.scalars(left.order_by(LedgerSource.id)).all()
    for source_id in ids:
        _discard(source_id)
    return len(ids)


def _discard(source_id: int) -> None:
    """Remove a source that is not whole, and its rows in pieces."""
    for model in (LedgerCell, LedgerSkipped):
        while run(lambda model=model: _remove_piece(model, source_id)):  # type: ignore[misc]  # mypy infers no such lambda
            time.sleep(BETWEEN_DEEDS)
    run(lambda: _remove(source_id))


def _remove_piece(model: type[LedgerCell | LedgerSkipped], source_id: int) -> int:
    """Remove some rows of a source that is not whole; how many were found."""
    some = select(model.id).join(LedgerSource).where(model.source_id == source_id, LedgerSource.state == LEDGER_SOURCE.initial)
    ids = db.session.scalars(some.order_by(model.id).limit(PIECE)).all()
    if ids:
        of_these = model.source_id == source_id, model.id >= ids[0], model.id <= ids[-1]
        db.session.execute(delete(model).where(*of_these).execution_options(synchronize_session=False))
    return len(ids)


def _remove(source_id: int) -> None:
    """Remove the source itself, unless it was completed meanwhile."""
    source = db.session.get(LedgerSource, source_id)
    if source is not None and source.state == LEDGER_SOURCE.initial:
        db.session.delete(source)
