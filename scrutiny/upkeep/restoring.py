"""A backup back into an empty database, whole or not at all: it is read from end to end before anything of it is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext
from sqlalchemy import Column, Table, func, select, text
from sqlalchemy.exc import OperationalError, StatementError

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.files import CHUNK, STORE_FAULTS
from scrutiny.extensions import Kept, db
from scrutiny.upkeep.backup import BATCH, FORM, MANIFEST, migration
from workflows.refusals import Refused
from workflows.written_days import day_written


def restore(path: Path) -> dict[str, Any]:
    """Put a backup back into an empty database of the same migration; the manifest. Refuses anything else, storing nothing."""
    manifest = read_manifest(path)
    if not migration():
        raise Refused(gettext("This database has no tables yet: run 'flask db upgrade', then restore again"))
    if manifest["migration"] != migration():
        raise Refused(
            gettext(
                "%(path)s was made at migration %(manifest)s, this database is at %(migration)s: bring them level with "
                "'flask db upgrade' of the same version first",
                path=path.name,
                manifest=manifest["migration"],
                migration=migration(),
            )
        )
    filled = [t.name for t in db.metadata.sorted_tables if db.session.scalar(select(func.count()).select_from(t))]
    if filled:
        raise Refused(gettext("The database is not empty (%(filled)s has rows): restore into a new one", filled=filled[0]))
    with zipfile.ZipFile(path) as bundle:
        _check_whole(bundle, (manifest["rows"], manifest["files"]), path)
        with _taken_back_if_it_fails(bundle) as put_back, _kept_whole(path):
            for name in put_back:
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
        form = manifest["form"]
        if form == FORM:
            str(manifest["migration"]), dict(manifest["rows"]), int(manifest["files"])
            datetime.fromisoformat(manifest["made_at"]), int(manifest["audit"]["number"]), str(manifest["audit"]["digest"])
    except Exception as error:  # whatever a file that is no backup makes its readers say
        raise _no_backup(path) from error
    if form != FORM:
        raise Refused(gettext("%(path)s is of form %(get)s, which this version cannot read", path=path.name, get=form))
    return manifest


def _no_backup(path: Path) -> Refused:
    """The refusal of a file that cannot be read as what it should be."""
    return Refused(gettext("%(path)s is not a backup of Area Scrutiny, or is damaged: choose another file", path=path.name))


def _check_whole(bundle: zipfile.ZipFile, told: tuple[dict[str, int], int], path: Path) -> None:
    """Read all of a backup before anything of it is kept: every file against its digest, and as many rows as it says."""
    rows: dict[str, int] = {}
    files = 0
    try:
        for name in bundle.namelist():
            with bundle.open(name) as content:
                folder, _, what = name.partition("/")
                if folder == "tables":
                    rows[what.removesuffix(".jsonl")] = sum(1 for _ in content)
                    continue
                digest = _digest(content)
            files += folder == "files"
            if folder == "files" and digest != what:
                raise Refused(gettext("The backup is damaged: %(name)s does not hold what its name says", name=name))
    except Refused:
        raise
    except Exception as error:  # a flipped bit makes zipfile, zlib and others say all sorts of things
        raise _no_backup(path) from error
    if (rows, files) != told:
        raise _no_backup(path)


def _digest(content: IO[bytes]) -> str:
    """The SHA-256 of what is read to its end, in hexadecimal."""
    digest = hashlib.sha256()
    while piece := content.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _taken_back_if_it_fails(bundle: zipfile.ZipFile) -> Iterator[list[str]]:
    """The names of the files to put back; those that were not there before are erased again where anything is raised."""
    names = [name for name in bundle.namelist() if name.startswith("files/")]
    new = [name for name in names if not fitted.files().exists(name.removeprefix("files/"))]
    try:
        yield names
    except BaseException:
        for name in new:
            fitted.files().erase(name.removeprefix("files/"))
        raise


@contextmanager
def _kept_whole(path: Path) -> Iterator[None]:
    """Say in a sentence why the rows or the files of a backup could not be kept."""
    try:
        yield
    except OperationalError:
        raise  # the database itself, whose sentence is that of every command
    except transaction.Overtaken as error:
        raise _no_backup(path) from error  # two rows of one number, or one that refers to none: nobody else writes here
    except Refused:
        raise
    except STORE_FAULTS as error:
        raise Refused(
            gettext("The files of the backup could not be kept, so nothing was restored: %(why)s", why=error)
        ) from error
    except (StatementError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise _no_backup(path) from error


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
        raise Refused(gettext("The backup is damaged: %(name)s does not hold what its name says", name=name))


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
