"""Stored bytes: one row for each digest, who uses them, whether they are whole, and how they go once nobody does.

Whatever room keeps a file enters a row for its bytes here, and says where it uses them. Bytes go in two steps: the deed that
ends their last use marks the row; only once that is kept are the bytes themselves removed, so that no deed that is undone
has destroyed anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, select, update

from scrutiny.adapters import fitted
from scrutiny.adapters.files import STORE_FAULTS, FileDamaged, FileMissing
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import run, soon, take_turn
from workflows.roles import TIMETABLE_ACTOR, Actor

log = logging.getLogger(__name__)
#: An upload keeps its bytes before its row; what has had no row for so long belongs to nobody.
UNOWNED_AFTER = timedelta(days=1)
#: So many bytes are read against their digests in one night; a store of this size or less is read whole each night.
READ_A_NIGHT = 20_000_000_000
#: So many rows are told in one statement that their bytes were read: what a night that is cut short reads again at most.
AT_ONCE = 100
MISSING, DAMAGED = "missing", "damaged"


def counts_as_use(app: Flask, *uses: Callable[[], Select[Any]]) -> None:
    """Say how to find what a room uses: digests, asked for each time. From its `init_app`, before anything is let go."""
    app.extensions.setdefault("stored_uses", []).extend(uses)


def _uses() -> list[Select[Any]]:
    """What rooms use: selects of digests."""
    return [use() for use in current_app.extensions["stored_uses"]]


def enter(
    sha256: str, *, size: int, media_type: str, pages: int | None = None, scan: str = "not scanned", at: datetime
) -> StoredFile:
    """The row of bytes that were kept just now, new or shared; what was erased or damaged and came again is whole again.

    Whoever enters several in one transaction takes turns at all of them first.
    """
    take_turns([sha256])
    stored = db.session.get(StoredFile, sha256, populate_existing=True)
    if stored is None:
        stored = StoredFile(sha256=sha256, size=size, media_type=media_type, pages=pages, scan=scan, kept_at=at, fault="")
        db.session.add(stored)
    stored.erased_at, stored.dropped_at = None, None
    note_fault(stored, "", at=at)
    stored.scan = scan if stored.scan == "not scanned" else stored.scan
    return stored


def take_turns(digests: Iterable[str]) -> None:
    """Let nobody else enter, let go or remove these bytes until this transaction ends.

    Always in one order: of two who send the same files in different orders neither waits for the other for ever.
    """
    for sha256 in sorted(set(digests)):
        take_turn(f"bytes {sha256}")


def is_used(sha256: str) -> bool:
    """Whether anything not erased still uses these bytes, in whatever room."""
    return any(db.session.scalar(select(_among(digests, sha256))) for digests in _uses())


def _among(digests: Select[Any], sha256: str) -> ColumnElement[bool]:
    """Whether a digest is among those of a select."""
    among = digests.subquery()
    return select(among.c[0]).where(among.c[0] == sha256).exists()


def unused() -> list[str]:
    """The digests of bytes that are still kept though every use of them is erased or gone."""
    rows = select(StoredFile.sha256).where(StoredFile.erased_at.is_(None))
    for digests in _uses():
        rows = rows.where(StoredFile.sha256.not_in(digests))
    return list(db.session.scalars(rows.order_by(StoredFile.sha256)))


def let_go(stored: StoredFile, *, at: datetime) -> None:
    """Mark bytes that nothing uses any more: they are removed once this is kept (`drop_marked`)."""
    take_turns([stored.sha256])  # whoever enters a use in this moment is seen, or waits
    db.session.refresh(stored)
    if stored.erased_at is None and not is_used(stored.sha256):
        stored.erased_at = at
        db.session.flush()
        soon("sweep")


def drop_marked(*, at: datetime) -> int:
    """Remove the bytes whose last use has gone, each in a transaction of its own; how many. Part of the sweep."""
    marked = select(StoredFile.sha256).where(StoredFile.erased_at.is_not(None), StoredFile.dropped_at.is_(None))
    return sum(_tried(sha256, at) for sha256 in db.session.scalars(marked.order_by(StoredFile.sha256)).all())


def _tried(sha256: str, at: datetime) -> bool:
    """One of them; where the store fails, the next sweep tries again."""
    try:
        return run(lambda: _drop(sha256, at))
    except Exception:
        log.exception("the bytes %s could not be removed", sha256[:16])
        return False


def _drop(sha256: str, at: datetime) -> bool:
    """Remove bytes, unless somebody has sent them again since."""
    take_turns([sha256])
    stored = db.session.get_one(StoredFile, sha256, populate_existing=True)
    if stored.erased_at is None or stored.dropped_at is not None:
        return False
    fitted.files().erase(sha256)
    stored.dropped_at, stored.fault = at, ""
    db.session.flush()
    _note_dropped(sha256, by=TIMETABLE_ACTOR, at=at)
    return True


def sweep_unowned(*, at: datetime) -> int:
    """Remove what the store has held for more than a day without a row that owns it; how many. What and when is in the trail."""
    owned = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.erased_at.is_(None))))
    db.session.rollback()  # the store is looked through with no transaction open
    left = [kept for kept in fitted.files().all_kept(before=at - UNOWNED_AFTER) if kept.sha256 not in owned]
    return sum(_swept(kept.sha256, at) for kept in left)


def _swept(sha256: str, at: datetime) -> bool:
    """One of them; a failure is logged, and the next night tries again."""
    try:
        return run(lambda: _drop_unowned(sha256, at))
    except Exception:
        log.exception("the bytes %s, which have no row, could not be removed", sha256[:16])
        return False


def _drop_unowned(sha256: str, at: datetime) -> bool:
    """Remove bytes without a row, unless a row has been entered since."""
    take_turns([sha256])
    stored = db.session.get(StoredFile, sha256, populate_existing=True)
    if stored is not None and stored.erased_at is None:
        return False
    fitted.files().erase(sha256)
    if stored is not None:
        stored.dropped_at = at
    log.warning("the bytes %s had no row for more than a day, and were removed", sha256[:16])
    _note_dropped(sha256, by=TIMETABLE_ACTOR, at=at, unowned=True)
    return True


def _note_dropped(sha256: str, *, by: Actor, at: datetime, unowned: bool = False) -> None:
    """Into the trail: their digest stays."""
    note("bytes_dropped", about=f"file:{sha256[:16]}", by=by, at=at, sha256=sha256, unowned=unowned)


def check_stored(*, at: datetime, most: int = READ_A_NIGHT) -> tuple[int, int]:
    """Look whether every file that has a row is there and whole: (how many were read, how many are missing or damaged).

    That each is there, at its size, is looked at every time; against their digests as many are read as `most` bytes
    allow, those first that are known to be wrong, then those looked at longest ago. One that the store does not give
    stays as it was and is read another night.
    """
    oldest_first = (StoredFile.fault == "", StoredFile.checked_at.is_not(None), StoredFile.checked_at, StoredFile.sha256)
    rows = select(StoredFile.sha256, StoredFile.size, StoredFile.fault).where(StoredFile.erased_at.is_(None))
    wanted = list(db.session.execute(rows.order_by(*oldest_first)).all())
    db.session.rollback()  # the store is read with no transaction open
    # Listed only now: bytes are kept before their row is entered, so whatever has a row is listed unless it is gone.
    there = {kept.sha256: kept.size for kept in fitted.files().all_kept()}
    read = 0
    untold: list[str] = []
    for sha256, size, known in wanted:
        kept = there.get(sha256)
        reads = kept is not None and kept <= most
        most -= (kept or 0) if reads else 0
        try:
            fault = MISSING if kept is None else DAMAGED if size and kept != size else known
            fault = _fault_of(sha256) if reads else fault
            if fault != known or (kept is not None and not size):
                run(partial(_keep_fault, sha256, fault, kept or 0, at))
        except STORE_FAULTS:
            log.exception("the bytes %s could not be looked at; the others go on", sha256[:16])
            continue
        if reads:
            read += 1
            untold.append(sha256)
        if len(untold) == AT_ONCE:
            run(partial(_keep_read, untold, at))
            untold = []
    if untold:
        run(partial(_keep_read, untold, at))
    return read, len(faulty())


def _fault_of(sha256: str) -> str:
    """What is wrong with stored bytes; '' where nothing is."""
    try:
        for _ in fitted.files().stream(sha256):
            pass
    except FileMissing:
        return MISSING
    except FileDamaged:
        return DAMAGED
    return ""


def _keep_fault(sha256: str, fault: str, size: int, at: datetime) -> None:
    """Keep what a look found, on the row of the bytes, unless they have gone or come again since."""
    take_turns([sha256])
    stored = db.session.get_one(StoredFile, sha256, populate_existing=True)
    if stored.erased_at is None and (fault != MISSING or not fitted.files().exists(sha256)):
        note_fault(stored, fault, at=at)
        stored.size = stored.size or size
        db.session.flush()


def _keep_read(digests: list[str], at: datetime) -> None:
    """Keep when these bytes were last read against their digests."""
    db.session.execute(update(StoredFile).where(StoredFile.sha256.in_(digests)).values(checked_at=at))


def note_fault(stored: StoredFile, fault: str, *, at: datetime) -> None:
    """Keep what is wrong with stored bytes, or that nothing is any more."""
    if stored.fault != fault:
        before, stored.fault = stored.fault, fault
        event = "file_found_damaged" if fault else "file_found_whole"
        note(event, about=f"file:{stored.sha256[:16]}", by=TIMETABLE_ACTOR, at=at, before=before, after=fault)


def faulty() -> list[StoredFile]:
    """The stored files that are known to be missing or damaged, and still wanted."""
    rows = select(StoredFile).where(StoredFile.fault != "", StoredFile.erased_at.is_(None))
    return list(db.session.scalars(rows.order_by(StoredFile.sha256)))
