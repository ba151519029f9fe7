"""The night's jobs: personal files go on their day, and bytes with their last use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from scrutiny.evidence import erasing, queries
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.stored_files import stored
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import run
from workflows.jobs import job
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """The files of evidence are in use until they are erased."""
    stored.counts_as_use(app, lambda: select(EvidenceFile.sha256).where(EvidenceFile.erased_at.is_(None)))


@job("erase_expired_files")
def erase_expired_files(*, at: datetime) -> str:
    """Erase what may be kept no longer, each file in its own transaction; one that fails stops no other."""
    files = [_tried(_erase, file_id, at) for file_id in queries.files_to_erase(london_day(at))]
    unused = [_tried(_let_go, sha256, at) for sha256 in stored.unused()]
    dropped = stored.drop_marked(at=at)
    unowned = stored.sweep_unowned(at=at)
    failed = (files + unused).count(False)
    said = f"{files.count(True)} files erased, {dropped} sets of bytes dropped"
    said += f", {unowned} that had no row" if unowned else ""
    return f"{said}, {failed} failed" if failed else said


def _tried(deed: Callable[[Any, datetime], object], key: object, at: datetime) -> bool:
    """One deed in one transaction; a failure is logged, and the next night tries again."""
    try:
        run(lambda: deed(key, at))
    except Exception:
        log.exception("could not erase %s", key)
        return False
    return True


def _erase(file_id: int, at: datetime) -> None:
    """One file whose last day has passed."""
    file = db.session.get_one(EvidenceFile, file_id)
    why = f"Kept until {day(file.keep_until)}, as the method of the review says of personal files"
    erasing.erase_file(file, why, by=TIMETABLE_ACTOR, at=at)


def _let_go(sha256: str, at: datetime) -> None:
    """Bytes nothing uses any more. A store may hold them once for many agencies, so the last use decides."""
    stored.let_go(db.session.get_one(StoredFile, sha256), at=at)
