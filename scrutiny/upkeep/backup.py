"""Every row and every file in one zip that either database can take back; the head of the audit trail goes with it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Select, Table, func, inspect, select, text

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.files import FileDamaged, FileMissing
from scrutiny.audit import queries as audit
from scrutiny.evidence import stored
from scrutiny.evidence.models import StoredFile
from scrutiny.extensions import Kept, db
from scrutiny.upkeep.models import BackupMade
from workflows.refusals import Refused
from workflows.written_days import day_written

FORM = 1
MANIFEST = "manifest.json"
#: Tables of the moment: whoever signed out after a backup is not to be signed in again by it.
MOMENTARY = ("sign_in_session",)
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

    A stored file that is missing or damaged stops nothing: the rest is backed up, and the file is named.
    """
    part = path.with_name(path.name + ".part")
    try:
        manifest = _write(part, at)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
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
    with transaction.writes_now():
        db.session.add(made)
        for sha256, fault in left_out.items():
            stored.note_fault(db.session.get_one(StoredFile, sha256), fault, at=at)
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


def restore(path: Path) -> dict[str, Any]:
    """Put a backup back into an empty database of the same migration; the manifest. Refuses anything else, storing nothing."""
    manifest = read_manifest(path)
    if not migration():
        raise Refused("This database has no tables yet: run 'flask db upgrade', then restore again")
    if manifest["migration"] != migration():
        raise Refused(
            f"{path.name} was made at migration {manifest['migration']}, this database is at {migration()}: "
            "bring them level with 'flask db upgrade' of the same version first"
        )
    filled = [t.name for t in db.metadata.sorted_tables if db.session.scalar(select(func.count()).select_from(t))]
    if filled:
        raise Refused(f"The database is not empty ({filled[0]} has rows): restore into a new one")
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            if name.startswith("files/"):
                _put_back(bundle, name)
        with transaction.writes_now():
            if db.engine.dialect.name == "sqlite":
                db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in db.metadata.sorted_tables:
                _read_rows(bundle, table)
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself; a file that is not one is refused in a sentence."""
    try:
        with zipfile.ZipFile(path) as bundle:
            manifest: dict[str, Any] = json.loads(bundle.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refused(f"{path.name} is not a backup of Area Scrutiny, or is damaged: choose another file") from error
    if manifest.get("form") != FORM:
        raise Refused(f"{path.name} is of form {manifest.get('form')}, which this version cannot read")
    return manifest


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


def _read_rows(bundle: zipfile.ZipFile, table: Table) -> None:
    """Put the rows of a table back, in batches."""
    try:
        lines = bundle.open(f"tables/{table.name}.jsonl")
    except KeyError:
        return
    with lines:
        rows = (
            {one.name: _value(one, plain) for one, plain in zip(table.columns, json.loads(line), strict=True)} for line in lines
        )
        for batch in _batches(rows):
            db.session.execute(table.insert(), batch)
    key = [column for column in table.primary_key.columns if column.name in ("id", "number")]
    if db.engine.dialect.name == "postgresql" and len(key) == 1:
        db.session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key[0].name}'), "
                f"(SELECT coalesce(max({key[0].name}), 1) FROM {table.name}))"
            )
        )


def _put_back(bundle: zipfile.ZipFile, name: str) -> None:
    """One file back under its digest, which must be the digest of what came back."""
    with bundle.open(name) as content:
        kept = fitted.files().keep(content)
    if kept.sha256 != name.removeprefix("files/"):
        raise Refused(f"The backup is damaged: {name} does not hold what its name says")


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows by the batch."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


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


def _value(column: Column[Any], plain: Any) -> Any:
    """A column's value back from JSON, of the type the column keeps."""
    value = _read(plain)
    return column.type.kind.from_plain(value) if isinstance(column.type, Kept) and value is not None else value


def _read(plain: Any) -> Any:
    """A value back from JSON."""
    if not isinstance(plain, dict):
        return plain
    ((kind, value),) = plain.items()
    readers: dict[str, Any] = {"moment": datetime.fromisoformat, "day": day_written, "bytes": base64.b64decode}
    return readers[kind](value) if kind in readers else value
