"""Every row and every file in one zip that either database can take back; the head of the audit trail goes with it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext
from sqlalchemy import Column, Select, Table, inspect, select, text
from sqlalchemy.exc import OperationalError

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.files import FileDamaged, FileMissing
from scrutiny.audit import queries as audit
from scrutiny.extensions import Kept, db
from scrutiny.stored_files import stored
from scrutiny.stored_files.models import StoredFile
from scrutiny.upkeep.models import BackupMade
from workflows.refusals import Refused

FORM = 1
MANIFEST = "manifest.json"
#: Tables of the moment: whoever signed out after a backup is not signed in again by it, and tokens of forms end within a day.
MOMENTARY = ("sign_in_session", "form_dealt_with")
BATCH = 500


def opened_for_owner(path: Path) -> IO[bytes]:
    """A new file to write, which nobody but its owner may read: it holds all there is."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made, and the stored files that are not in it: digest, and missing or damaged."""

    made: BackupMade
    left_out: dict[str, str]


def back_up(path: Path, *, at: datetime, by: str) -> BackedUp:
    """Write the backup beside its place, then move it there whole; what it holds and where the trail ended is noted.

    A stored file that is missing or damaged stops nothing: the rest is backed up, and the file is named. Refused where there is
    a file of that name, which may be the last good backup, and where the disk does not take it: nothing of it stays there.
    """
    if os.path.lexists(path):
        raise Refused(gettext("%(path)s is there already: give the backup another name", path=path.name))
    part = path.with_name(path.name + ".part")
    try:
        try:
            manifest = _write(part, at)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(
            gettext("%(path)s could not be written, and nothing was kept: %(why)s", path=path, why=error.strerror or error)
        ) from error
    made = BackupMade(
        file_name=path.name,
        size=path.stat().st_size,
        files=manifest["files"],
        audit_number=manifest["audit"]["number"],
        audit_digest=manifest["audit"]["digest"],
        made_at=at,
        made_by=by,
    )
    left_out: dict[str, str] = manifest["left_out"]
    try:
        with transaction.writes_now():
            db.session.add(made)
            for sha256, fault in left_out.items():
                stored.note_fault(db.session.get_one(StoredFile, sha256), fault, at=at)
    except OperationalError as error:
        raise Refused(gettext("%(path)s is written and whole, but the database could not note it", path=path.name)) from error
    return BackedUp(made, left_out)


def _write(part: Path, at: datetime) -> dict[str, Any]:
    """Write rows, then the files these rows own, then what the backup says of itself; that is given back."""
    counts: dict[str, int] = {}
    part.unlink(missing_ok=True)
    with opened_for_owner(part) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as bundle:
        with transaction.at_one_moment():
            number, digest = audit.head()
            for table in db.metadata.sorted_tables:
                if table.name in MOMENTARY:
                    continue
                with bundle.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                    counts[table.name] = _write_rows(table, out)
            wanted = list(db.session.scalars(_owned()))
        left_out = {sha256: fault for sha256 in wanted if (fault := _write_file(bundle, sha256)) and _is_owned(sha256)}
        manifest = {
            "form": FORM,
            "made_at": at.isoformat(),
            "migration": migration(),
            "audit": {"number": number, "digest": digest},
            "rows": counts,
            "files": sum(name.startswith("files/") for name in bundle.namelist()),
            "left_out": left_out,
        }
        bundle.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def _owned() -> Select[Any]:
    """The digests of the bytes that rows own."""
    return select(StoredFile.sha256).where(StoredFile.erased_at.is_(None)).order_by(StoredFile.sha256)


def _is_owned(sha256: str) -> bool:
    """Whether bytes are still wanted: what was erased while the backup was written is not missing from it."""
    db.session.rollback()
    return db.session.scalar(_owned().where(StoredFile.sha256 == sha256)) is not None


def _write_file(bundle: zipfile.ZipFile, sha256: str) -> str:
    """Copy one stored file into the backup, checked first; what is wrong with it where it cannot be."""
    try:
        content = fitted.files().opened(sha256)
    except FileMissing:
        return stored.MISSING
    except FileDamaged:
        return stored.DAMAGED
    with content, bundle.open(zipfile.ZipInfo(f"files/{sha256}"), "w", force_zip64=True) as out:
        shutil.copyfileobj(content, out, 1024 * 1024)
    return ""


def migration() -> str:
    """The number of the migration the database is at."""
    if not inspect(db.engine).has_table("alembic_version"):
        return ""
    return db.session.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _write_rows(table: Table, out: Any) -> int:
    """Every row of a table, a line each, in the order of its key."""
    count = 0
    for row in db.session.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)):
        values = [_plain(column, value) for column, value in zip(table.columns, row, strict=True)]
        out.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _plain(column: Column[Any], value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(column.type, Kept) and value is not None:
        return {"json": value.to_plain()}
    return {"json": value} if isinstance(value, dict | list) else value
