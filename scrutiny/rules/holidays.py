"""Bank holidays taken up from an official list: which list counts now, and the rules with it over the files of config/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from scrutiny.extensions import db, writing
from scrutiny.rules.files import Rules
from scrutiny.rules.models import HolidayList
from workflows.bank_holidays import as_text, check_official, check_taken_up, read_official, taken_up
from workflows.reading import Faulty
from workflows.workdays import Calendars

#: Which list counts: its id and digest, so that an id given twice (after a rollback) is not taken for the same list.
Token = tuple[int, str]


def json_text(content: bytes) -> str:
    """The text of a JSON file however it was saved: UTF-8 with or without its mark, or UTF-16; raises UnicodeDecodeError."""
    return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")


def in_force() -> Token | None:
    """The list taken up last, by any process; None where there is none, or no tables yet."""
    newest = select(HolidayList.id, HolidayList.digest).where(HolidayList.taken_up_at.is_not(None))
    try:
        with _reading() as connection:
            row = connection.execute(newest.order_by(HolidayList.taken_up_at.desc(), HolidayList.id.desc()).limit(1)).first()
    except (OperationalError, ProgrammingError) as fault:
        if any(words in str(fault.orig) for words in ("no such table", "UndefinedTable", "does not exist")):
            return None  # before `flask db upgrade`: the commands that need no tables still answer
        raise
    return (row.id, row.digest) if row else None


def over(started: Rules, token: Token) -> Rules:
    """The rules an instance started with, under the list that counts; without it where its kept text is damaged."""
    wanted = select(HolidayList.text, HolidayList.file_name).where(HolidayList.id == token[0])
    with _reading() as connection:
        row = connection.execute(wanted).one()
    try:
        return with_list(started, row.text, row.file_name)
    except Faulty:
        return started


@contextmanager
def _reading() -> Iterator[Connection]:
    """A connection of its own, which only reads: the rules are the same for whoever asks, whatever they have begun to write."""
    token = writing.set(False)
    try:
        with db.engine.connect() as connection:
            yield connection
    finally:
        writing.reset(token)


def is_damaged(kept: HolidayList) -> bool:
    """Whether the text of a kept list can no longer be read."""
    try:
        read_official(kept.text, kept.file_name)
    except Faulty:
        return True
    return False


def check_list(started: Rules, text: str, file_name: str) -> None:
    """Refuse an official list that is new here, saying what is wrong with it."""
    if faults := check_official(text, file_name):
        raise Faulty(faults)
    check_taken_up(started.calendars, read_official(text, file_name))


def with_list(started: Rules, text: str, file_name: str) -> Rules:
    """The rules under the text of an official list, new or kept; Faulty where it is no list at all."""
    calendars = taken_up(started.calendars, read_official(text, file_name))
    return replace(started, calendars=calendars, texts=started.texts | _texts(calendars, file_name))


def _texts(calendars: Calendars, file_name: str) -> dict[str, str]:
    """Each division's calendar as an edition of it is kept."""
    source = f"{file_name}, the list of GOV.UK loaded here; earlier years from config/holidays"
    return {f"holidays/{calendar.division}": as_text(calendar, source) for calendar in calendars}
