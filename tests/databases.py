"""Databases for tests: of the kind the run is on (TEST_DATABASE), each made for its test and gone after the run.

A run on SQLite copies a file for each test. On PostgreSQL each worker has one database, emptied and filled again for each
test from a schema that holds the cast (3 ms; a database cloned for each test took 60 to 110 ms, truncating 77 tables 250 ms).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, MetaData, create_engine, text
from sqlalchemy.engine import make_url

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PREFIX = "scrutiny_test_"
#: A table that has grown past this is vacuumed after it was emptied, or every later test would wade through what is gone.
LARGE = 512 * 1024
SPARE, FIRST = "spare", "template"


def kind() -> str:
    """What this run is on."""
    named = os.environ.get("TEST_DATABASE") or SQLITE
    if named not in (SQLITE, POSTGRESQL):
        raise SystemExit(f"TEST_DATABASE is '{named}': set it to {SQLITE} or {POSTGRESQL}")
    return named


class Databases(Protocol):
    """What a run can ask of its kind of database."""

    def new(self, folder: Path, name: str) -> str:
        """The address of a database of its own, empty; a folder is a name's home where databases are files."""

    def keep_template(self, url: str, name: str = FIRST) -> None:
        """Remember what this database holds now: what `renew` brings back; `copy` begins with the first."""

    def renew(self, url: str, name: str = FIRST) -> None:
        """The database as it was when its template of that name was kept; nobody may be at work in it."""

    def let_go(self, engine: Engine) -> None:
        """Close what connections must be closed before `renew`."""

    def copy(self, url: str, folder: Path, name: str) -> str:
        """The address of another database that holds what the template of this one holds."""

    def close(self) -> None:
        """Throw every database of the run away."""


class Files:
    """SQLite: a database is a file."""

    def new(self, folder: Path, name: str) -> str:
        """A file not yet there."""
        return f"sqlite:///{folder / name}.db"

    def keep_template(self, url: str, name: str = FIRST) -> None:
        """A copy of what it holds beside it, what is still in its journal too: somebody may have the file open."""
        path = _path(url)
        kept = path.with_suffix(f".{name}")
        kept.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as held, closing(sqlite3.connect(kept)) as copy:
            held.backup(copy)

    def let_go(self, engine: Engine) -> None:
        """Each: the file is moved."""
        engine.dispose()

    def renew(self, url: str, name: str = FIRST) -> None:
        """The copy moved there whole, as a file of its own.

        A server thread of the test before may still hold the old one open, and SQLite shares its locks by file, not by name.
        """
        path = _path(url)
        _drop_side_files(path)
        fresh = path.with_suffix(".fresh")
        shutil.copy(path.with_suffix(f".{name}"), fresh)
        fresh.replace(path)

    def copy(self, url: str, folder: Path, name: str) -> str:
        """The template under another name."""
        path = folder / f"{name}.db"
        shutil.copy(_path(url).with_suffix(f".{FIRST}"), path)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """The folders of the run go by themselves."""


class Server:
    """PostgreSQL: databases on a server, named for the process that made them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.prefix = f"{PREFIX}{os.getpid()}_"
        self.admin = psycopg.connect(address, autocommit=True, application_name=self.prefix)
        self.made: list[str] = []
        self.refreshers: dict[str, Refresher] = {}
        for name in self._left_behind():
            with suppress(psycopg.Error):  # another process of this run may be dropping it too
                self._drop([name])

    def new(self, folder: Path, name: str, template: str = "template0") -> str:
        """A database of this process; two folders may hold the same name, so each gets a number."""
        database = f"{self.prefix}{len(self.made)}_{name.replace('-', '_').lower()}"
        # Sorted by letters' codes, as SQLite sorts, whatever the language of the server.
        order = sql.SQL("LC_COLLATE 'C' ENCODING 'UTF8'" if template == "template0" else "")
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}")
        self.admin.execute(create.format(sql.Identifier(database), sql.Identifier(template), order))
        # What is thrown away need not reach the disk.
        self.admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(database)))
        self.made.append(database)
        return self._url(database)

    def keep_template(self, url: str, name: str = FIRST) -> None:
        """Two copies: rows in a schema beside the tables, to fill them again; of the first a database nobody opens, to clone."""
        if name == FIRST or url not in self.refreshers:
            spare = self.new(Path(), SPARE, template=_name(url))
            self.refreshers[url] = Refresher(_plain(url), spare=_name(spare))
        self.refreshers[url].keep(name)

    def let_go(self, engine: Engine) -> None:
        """None: one that is new knows no table, and reads the catalogue of the server for each anew."""

    def renew(self, url: str, name: str = FIRST) -> None:
        """Empty every table and fill those that held something."""
        self.refreshers[url].refresh(name)

    def copy(self, url: str, folder: Path, name: str) -> str:
        """A clone of the spare copy."""
        return self.new(folder, name, template=self.refreshers[url].spare)

    def close(self) -> None:
        """Drop what this process made."""
        for refresher in self.refreshers.values():
            refresher.connection.close()
        # Each drop waits for the disk, a minute in all. A machine of CI goes with all it holds; elsewhere the next run drops it.
        if os.environ.get("CI") != "true":
            self._drop(self.made)
        self.admin.close()

    def _left_behind(self) -> list[str]:
        """Databases of runs that were killed: nobody is connected under the name that made them."""
        rows = self.admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND pg_get_userbyid(datdba) = current_user "
            "AND NOT EXISTS (SELECT 1 FROM pg_stat_activity "
            "WHERE starts_with(application_name, %s) AND starts_with(pg_database.datname, application_name))",
            (PREFIX, PREFIX),
        ).fetchall()
        return [name for (name,) in rows]

    def _drop(self, names: Iterable[str]) -> None:
        """Drop databases, whoever is still connected."""
        for name in names:
            self.admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        """The address of a database of the server, as the product takes it."""
        address = make_url(self.address).set(database=name, drivername="postgresql+psycopg")
        # A socket's folder is a query of the address; SQLAlchemy writes it back as it was.
        return address.render_as_string(hide_password=False)


class Refresher:
    """One database brought back to what it held, quickly and again and again."""

    def __init__(self, url: str, *, spare: str) -> None:
        self.spare = spare
        self.connection = psycopg.connect(url, autocommit=True)
        metadata = MetaData()
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        metadata.reflect(engine)
        engine.dispose()
        self.tables = [table.name for table in metadata.sorted_tables]
        # By name: a migration run back and forth by a test leaves the columns in another order.
        self.columns = {table.name: ", ".join(f'"{column.name}"' for column in table.columns) for table in metadata.sorted_tables}
        self.connection.execute("SET lock_timeout = '5s'")
        # What comes back was whole when it was kept: each row need not be looked for again in every table that may point to it.
        with suppress(psycopg.errors.InsufficientPrivilege):
            self.connection.execute("SET session_replication_role = replica")

    def keep(self, name: str) -> None:
        """Copy what the tables hold into a schema of its own, with a function that brings it back."""
        schema = f'"kept {name}"'
        filled = [name for name in self.tables if self._one(f'SELECT EXISTS (SELECT 1 FROM "{name}")')]
        sequences = self.connection.execute(
            "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
        self.connection.execute(f"CREATE SCHEMA {schema}")
        for table in filled:
            self.connection.execute(f'CREATE TABLE {schema}."{table}" AS TABLE public."{table}"')
        steps = [f'DELETE FROM public."{table}";' for table in reversed(self.tables)]
        steps += [
            f'INSERT INTO public."{table}" ({self.columns[table]}) SELECT {self.columns[table]} FROM {schema}."{table}";'
            for table in filled
        ]
        steps += [f"PERFORM setval('public.\"{name}\"', {last}, {used});" for name, last, used in sequences]
        self.connection.execute(
            f"CREATE FUNCTION {schema}.refresh() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n{chr(10).join(steps)}\nEND $$"
        )

    def refresh(self, name: str) -> None:
        """Bring everything back; whoever of an earlier test still holds a lock is turned out."""
        bring_back = f'SELECT "kept {name}".refresh()'
        for (table,) in self._strangers():
            self.connection.execute(f'DROP TABLE public."{table}" CASCADE')
        try:
            self.connection.execute(bring_back)
        except psycopg.errors.LockNotAvailable:
            self.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            self.connection.execute(bring_back)
        for (table,) in self.connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND pg_relation_size(oid) > %s",
            (LARGE,),
        ).fetchall():
            self.connection.execute(f'VACUUM public."{table}"')

    def _strangers(self) -> list[Any]:
        """Tables a test made that were not there."""
        return self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", (self.tables,)
        ).fetchall()

    def _one(self, statement: str) -> Any:
        """The one value of a statement."""
        row = self.connection.execute(statement).fetchone()
        assert row is not None
        return row[0]


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Look at the rows of a database from outside, as they are kept, whichever it is."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement)).fetchall()]
    finally:
        engine.dispose()


def _path(url: str) -> Path:
    """The file of a database that is one."""
    return Path(url.removeprefix("sqlite:///"))


def _drop_side_files(path: Path) -> None:
    """Remove the journal and the shared memory of a file nobody has open."""
    for extra in path.parent.glob(path.name + "-*"):
        extra.unlink()


def _name(url: str) -> str:
    """The name of a database on its server."""
    name = make_url(url).database
    assert name
    return name


def _plain(url: str) -> str:
    """The address as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
