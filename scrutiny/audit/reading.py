"""Rows as they lie in the database, for whatever checks them: one that no page could read is told, and stops nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from flask_babel import gettext
from sqlalchemy import Column, ColumnElement, Dialect, Float, LargeBinary, Numeric, Table, TypeDecorator, column, select, tuple_
from sqlalchemy import table as bare
from sqlalchemy.exc import DBAPIError

from scrutiny.extensions import Json, Kept, canonical, db

Key = tuple[Any, ...]
#: The values of a row by the names of its columns, or in a sentence's words why it cannot be read.
Values = Mapping[str, Any]
Read = Values | str
AT_ONCE = 200
#: What fetching a row may raise that other hands have written.
UNFETCHED = (DBAPIError, ValueError, OverflowError)
#: What turning its values into plain ones may raise.
UNREAD = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
#: How many levels of JSON are left free below where Python gives up.
ROOM = 100


def rows(table: Table, some: Iterable[Key] | None = None) -> Iterator[tuple[Key, Read]]:
    """Every row of a table in the order of its key, or those of some keys that are there."""
    reader = _reader(table, db.engine.dialect)
    wanted = iter(keys(table) if some is None else some)
    while chunk := list(islice(wanted, AT_ONCE)):
        yield from ((key, "its key is empty") for key in chunk if None in key)
        try:
            found = _fetched(table, chunk)
        except UNFETCHED:
            yield from _one_by_one(table, chunk, reader)
            continue
        for key, raw in found:
            yield key, reader(raw)


def unreadable(about: str, why: str) -> str:
    """That a row cannot be read, and why, in a sentence that any terminal can show."""
    shown = about.encode("utf-8", "backslashreplace").decode()
    return gettext("%(about)s cannot be read: %(why)s", about=shown, why=why)


def keys(table: Table) -> Iterator[Key]:
    """The keys of every row, as the driver gives them; of one that is no text in UTF-8, what its bytes would be."""
    own: list[ColumnElement[Any]] = [column(one.name) for one in table.primary_key.columns]
    wanted = select(*own).select_from(bare(table.name)).order_by(*own)
    try:
        found = db.session.execute(wanted).all()
    except UNFETCHED:
        with _whatever_text() as is_possible:
            if not is_possible:
                raise
            found = db.session.execute(wanted).all()
    yield from map(tuple, found)


@contextmanager
def _whatever_text() -> Iterator[bool]:
    """Have SQLite give text of any bytes; whether this is SQLite."""
    driver = db.session.connection().connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield False
        return
    before, driver.text_factory = driver.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield True
    finally:
        driver.text_factory = before


def _fetched(table: Table, some: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Key and raw values of rows, every column as the driver gives it."""
    own: list[ColumnElement[Any]] = [column(one.name) for one in table.primary_key.columns]
    wanted = select(*own, *(column(one.name).label(f"raw_{one.name}") for one in table.columns)).select_from(bare(table.name))
    where = own[0].in_([key[0] for key in some]) if len(own) == 1 else tuple_(*own).in_(some)
    found = db.session.execute(wanted.where(where).order_by(*own))
    return [(tuple(row[: len(own)]), tuple(row[len(own) :])) for row in found]


def _one_by_one(table: Table, some: Iterable[Key], reader: Callable[[Key], Read]) -> Iterator[tuple[Key, Read]]:
    """Rows of which at least one cannot even be fetched, such as a text on SQLite that is not in UTF-8."""
    for key in some:
        try:
            found = _fetched(table, [key])
        except UNFETCHED as error:
            yield key, str(getattr(error, "orig", error)).splitlines()[0].encode("utf-8", "backslashreplace").decode()
            continue
        for _, raw in found:
            yield key, reader(raw)


def _reader(table: Table, dialect: Dialect) -> Callable[[Key], Read]:
    """What turns the raw values of a row into plain ones."""
    columns = [(one, _processor(one, dialect), _writer(one, dialect)) for one in table.columns]

    def read(raw: Key) -> Read:
        values: dict[str, object] = {}
        for (one, process, written), held in zip(columns, raw, strict=True):
            if held is None:
                if not one.nullable:
                    return f"{one.name} is empty"
                values[one.name] = None
                continue
            value = bytes(held) if isinstance(held, memoryview) else held
            try:
                values[one.name] = process(value)
                if not _same(written(values[one.name]), value):
                    return f"{one.name} is not written as the service writes it"
            except UNREAD:
                return f"{one.name} does not hold what it should"
        return values

    return read


def _same(written: object, raw: object) -> bool:
    """Whether a raw value is the one that would be written, of the same type too: SQL tells 1 from 2 and '' from x''."""
    return type(written) is type(raw) and written == raw


def _processor(of: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """What turns a raw value of a column into a plain one: JSON into its canonical text, whatever was written."""
    if isinstance(of.type, Json | Kept):
        return _canonical
    if isinstance(of.type, Float | Numeric):  # whose own reader on PostgreSQL asks what the column was sent as
        return float
    process: Callable[[Any], Any] = of.type.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is
    if isinstance(of.type, TypeDecorator):
        return process
    kind = of.type.python_type

    def typed(raw: Any) -> Any:
        value = process(raw)
        if type(value) is not kind:  # SQLite keeps a value of any type in any column
            raise TypeError(f"{type(value)} instead of {kind}")
        return value

    return typed


def _writer(of: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """What turns a plain value of a column into the raw one that the service itself writes for it."""
    if isinstance(of.type, Json | Kept | LargeBinary):
        return _as_it_is
    return of.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _canonical(raw: Any) -> str:
    """The canonical text of JSON. Room is left for what nests it further: it is read again elsewhere."""
    json.loads("[" * ROOM + raw + "]" * ROOM)
    return canonical(json.loads(raw))


def _as_it_is(value: Any) -> Any:
    """A value that is the same in the database."""
    return value
