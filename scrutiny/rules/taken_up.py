"""What was taken up through pages, by any process: the list of bank holidays and the methods that count over the files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select, union_all
from sqlalchemy.exc import OperationalError, ProgrammingError

from scrutiny.extensions import db, writing
from scrutiny.rules import method_texts
from scrutiny.rules.files import Rules
from scrutiny.rules.holidays import with_list
from scrutiny.rules.models import HolidayList, MethodText
from workflows.reading import Faulty

#: A kept text that counts: its id and digest, so that an id given twice (after a rollback) is not taken for the same text.
Text = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Token:
    """Which kept texts count: the list of holidays taken up last, and every method taken up."""

    holidays: Text | None = None
    methods: tuple[Text, ...] = ()


def in_force() -> Token:
    """What counts over the files now, in one statement; nothing where there are no tables yet."""
    newest = select(HolidayList.id).where(HolidayList.taken_up_at.is_not(None))
    newest = newest.order_by(HolidayList.taken_up_at.desc(), HolidayList.id.desc()).limit(1)
    rows = union_all(
        select(literal("holidays"), HolidayList.id, HolidayList.digest).where(HolidayList.id == newest.scalar_subquery()),
        select(literal("method"), MethodText.id, MethodText.digest).where(MethodText.taken_up_at.is_not(None)),
    )
    try:
        with _reading() as connection:
            found = [(kind, (key, digest)) for kind, key, digest in connection.execute(rows)]
    except (OperationalError, ProgrammingError) as fault:
        if any(words in str(fault.orig) for words in ("no such table", "UndefinedTable", "does not exist")):
            return Token()  # before `flask db upgrade`: the commands that need no tables still answer
        raise
    methods = tuple(sorted(text for kind, text in found if kind == "method"))
    return Token(next((text for kind, text in found if kind == "holidays"), None), methods)


def over(started: Rules, token: Token) -> Rules:
    """The rules an instance started with, under what was taken up; without a kept text that is damaged."""
    found = started
    with _reading() as connection:
        if token.holidays is not None:
            wanted = select(HolidayList.text, HolidayList.file_name).where(HolidayList.id == token.holidays[0])
            text, name = connection.execute(wanted).one()
            try:
                found = with_list(found, text, name)
            except Faulty:
                pass  # said to administrators by queries.stale_holidays
        ids = [key for key, _ in token.methods]
        texts = select(MethodText.file_name, MethodText.text).where(MethodText.id.in_(ids)).order_by(MethodText.id)
        rows = connection.execute(texts).all() if ids else ()
    return method_texts.with_methods(found, {row.file_name: row.text for row in rows})


@contextmanager
def _reading() -> Iterator[Connection]:
    """A connection of its own, which only reads: the rules are the same for whoever asks, whatever they have begun to write."""
    token = writing.set(False)
    try:
        with db.engine.connect() as connection:
            yield connection
    finally:
        writing.reset(token)
