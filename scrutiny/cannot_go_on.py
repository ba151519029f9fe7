"""Why a command or the server stops where its machine is not as it should be: one sentence, and no traceback.

No sentence names the address of the database, which holds its password.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from types import TracebackType

import psycopg
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import DBAPIError

from workflows.refusals import Refused

_SQLITE = {
    "unable to open database file": lazy_gettext(
        "The file of the database (DATABASE_URL) cannot be opened: check that it is a file, and that it and its folder may be "
        "written to"
    ),
    "readonly database": lazy_gettext(
        "The file of the database (DATABASE_URL) cannot be written to: it, its folder or its disk is read-only"
    ),
    "disk is full": lazy_gettext("The file of the database (DATABASE_URL) cannot grow: its disk is full"),
    "disk I/O error": lazy_gettext("The file of the database (DATABASE_URL) cannot be read or written: look at its disk"),
    "not a database": lazy_gettext(
        "The file of the database (DATABASE_URL) is not a SQLite database: name another file, or restore a backup into a new one"
    ),
    "malformed": lazy_gettext("The file of the database (DATABASE_URL) is damaged: restore a backup into a new one"),
    "is locked": lazy_gettext(
        "The file of the database (DATABASE_URL) is held by another process: try again once that has ended"
    ),
}
#: What SQLite says of a table or column that is not there, in statements that read and that write; and PostgreSQL's codes.
_LACKING = ("no such table", "no such column", "has no column named")
_LACKING_CODES = ("42P01", "42703")
#: PostgreSQL, once it is connected: the connection is lost, no more can be had, the server stops. Before that there is no code.
_AWAY = ("08", "53", "57P")
#: What the machine, and no line of ours, is to blame for.
_MACHINE = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EISDIR", "EEXIST", "EIO")
    if hasattr(errno, name)
}


def why(error: BaseException | None) -> str:
    """Why it cannot go on, as one sentence; '' where the error is not one of the machine."""
    if isinstance(error, Refused):
        return error.sentence
    fault = error.orig if isinstance(error, DBAPIError) else error
    if lacks_tables(fault):
        return gettext(
            "The database lacks tables or columns of this version: run 'flask db upgrade' first. If that changes nothing, "
            "restore a backup"
        )
    if isinstance(fault, sqlite3.Error):
        return str(next((sentence for words, sentence in _SQLITE.items() if words in str(fault)), ""))
    if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError):
        return _why_no_server(fault)
    if isinstance(fault, OSError) and fault.errno in _MACHINE:
        return ": ".join(str(part) for part in (fault.strerror, fault.filename) if part)
    return ""


def lacks_tables(fault: BaseException | None) -> bool:
    """Whether an error of a database says that a table or a column is not there."""
    if isinstance(fault, psycopg.Error):
        return fault.sqlstate in _LACKING_CODES
    return isinstance(fault, sqlite3.Error) and any(words in str(fault) for words in _LACKING)


def _why_no_server(fault: psycopg.Error) -> str:
    """Why PostgreSQL is not to be had; '' where it is, and refuses something else."""
    if fault.sqlstate is not None and not fault.sqlstate.startswith((*_AWAY, "28", "3D")):
        return ""
    said = str(fault)
    if "password" in said or "authentication" in said or "role " in said:
        return gettext("The database server refuses the name or the password in DATABASE_URL")
    if 'database "' in said and "does not exist" in said:
        return gettext("The database server has no database of the name in DATABASE_URL: create it first")
    return gettext("The database server of DATABASE_URL does not answer: check the address, and that the server runs")


def say_it() -> None:
    """From now on an error of the machine ends this process with its sentence; any other with its traceback, as before."""
    usual = sys.excepthook

    def end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sentence = why(error) or why(error.__cause__)
        if sentence:
            sys.stderr.write(f"Error: {sentence}\n")
        else:
            usual(kind, error, trace)

    sys.excepthook = end
