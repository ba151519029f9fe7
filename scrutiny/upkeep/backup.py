"""Every row and every file in one zip that either database can take back; the head of the audit trail goes with it."""

from __future__ import annotations

import base64
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, inspect, select, text

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.audit import queries as audit
from scrutiny.extensions import db
from scrutiny.upkeep.models import BackupMade
from workflows.refusals import Refused

FORM = 1
MANIFEST = "manifest.json"
BATCH = 500


def back_up(path: Path, *, at: datetime, by: str) -> BackupMade:
    """Write the backup beside its place, then move it there whole; what it holds and where the trail ended is noted."""
    part = path.with_name(path.name + ".part")
    counts: dict[str, int] = {}
    number, digest = audit.head()
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
        for table in db.metadata.sorted_tables:
            with bundle.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                counts[table.name] = _write_rows(table, out)
        files = 0
        for kept in fitted.files().all_kept():
            with bundle.open(zipfile.ZipInfo(f"files/{kept.sha256}"), "w", force_zip64=True) as out:
                for piece in fitted.files().stream(kept.sha256):
                    out.write(piece)
            files += 1
        manifest = {
            "form": FORM,
            "made_at": at.isoformat(),
            "migration": migration(),
            "audit": {"number": number, "digest": digest},
            "rows": counts,
            "files": files,
        }
        bundle.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    os.replace(part, path)
    made = BackupMade(
        file_name=path.name,
        size=path.stat().st_size,
        files=files,
        audit_number=number,
        audit_digest=digest,
        made_at=at,
        made_by=by,
    )
    with transaction.writes_now():
        db.session.add(made)
    return made


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
        out.write(json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _read_rows(bundle: zipfile.ZipFile, table: Table) -> None:
    """Put the rows of a table back, in batches."""
    try:
        lines = bundle.open(f"tables/{table.name}.jsonl")
    except KeyError:
        return
    columns = [column.name for column in table.columns]
    with lines:
        rows = (dict(zip(columns, map(_value, json.loads(line)), strict=True)) for line in lines)
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


def _plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    return {"json": value} if isinstance(value, dict | list) else value


def _value(plain: Any) -> Any:
    """A column's value back from JSON."""
    if not isinstance(plain, dict):
        return plain
    ((kind, value),) = plain.items()
    readers: dict[str, Any] = {"moment": datetime.fromisoformat, "day": date.fromisoformat, "bytes": base64.b64decode}
    return readers[kind](value) if kind in readers else value
