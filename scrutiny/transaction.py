"""The only place that commits, and the only one that deals with others who write at the same moment.

A deed is one transaction: steps before (the audit chain), the commit, steps after (the queue). On both databases deeds end
as if they had been done one after the other: where another's writing came between, the deed is done again from its start,
reading what is there now. It then takes the next number, meets a sentence of its lifecycle, or finds that the version its
form was opened with is an older one, and shows both. So a deed must change nothing but the session: what it does
elsewhere (files kept under their digest, hints to the scheduler) must be the same when done twice.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from flask import g, request, session
from flask.globals import request_ctx
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from scrutiny import sent_once
from scrutiny.extensions import db, in_passing, writing
from workflows.refusals import Refused, Stale

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row")
Step = Callable[[Session], None]
_before: list[Step] = []
_after: list[Step] = []
_undone: list[Step] = []
#: How often a deed is done again before its person is told that others are quicker.
ATTEMPTS = 10
#: Seconds in which somebody else, who looks for SQLite's pen every few milliseconds, gets it between two deeds of many.
BETWEEN_DEEDS = 0.02
#: PostgreSQL: a number taken twice, a row gone, serialization failed, deadlock, a lock not to be had.
_BETWEEN = {"23505", "23503", "40001", "40P01", "55P03"}
#: The same of SQLite, where writers queue and this is never met but by an error of ours.
_BETWEEN_SQLITE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY"}


class Overtaken(Stale):
    """Another's writing came between, and the deed was undone: it may be done again."""


def set_steps(before: list[Step], after: list[Step], undone: list[Step]) -> None:
    """What is done just before and just after each commit, and after a rollback; given once, by app.py."""
    _before[:], _after[:], _undone[:] = before, after, undone


def undo() -> None:
    """Forget what was begun."""
    db.session.rollback()
    for step in _undone:
        step(db.session())


def soon(job: str) -> None:
    """Ask for a job to be brought forward once this transaction is kept; only a hint, the timetable runs it anyway."""
    db.session.info.setdefault("soon", set()).add(job)


def commit() -> None:
    """Keep what the deed did, or nothing of it."""
    try:
        db.session.flush()
        for step in _before:
            step(db.session())
        db.session.commit()
    except BaseException:
        undo()
        raise
    for step in _after:
        step(db.session())


@contextmanager
def writes_now() -> Iterator[None]:
    """One transaction: committed at the end, undone if anything is raised. Where another's writing came between: Overtaken."""
    undo()  # whatever was read before belongs to an older view of the data
    token = writing.set(True)
    try:
        yield
        commit()
    except BaseException as error:
        undo()
        if _came_between(error):
            raise Overtaken(gettext("Somebody else has changed this record since you opened it")) from error
        raise
    finally:
        writing.reset(token)


def write_in_passing(deed: Callable[[], None]) -> DBAPIError | None:
    """Write something the page can do without, unless that would keep it waiting (SQLite's pen is taken) or cannot be written.

    None, or the error for which it was not written.
    """
    token = in_passing.set(True)
    try:
        with writes_now():
            deed()
    except Overtaken:
        return None  # another request wrote the same row in this moment
    except DBAPIError as error:
        undo()
        return None if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY") else error
    finally:
        in_passing.reset(token)
    return None


def run(deed: Callable[[], R]) -> R:
    """Do a deed in one transaction, and again from its start where another's writing came between."""
    return _again(deed, lambda: None)


def run_in_turn(deeds: Iterable[Callable[[], R]]) -> tuple[list[R], str]:
    """Do deeds alike one after the other, each kept for itself, so that however many there are others come in between.

    What each gave, and why one was refused, '' where none was: the deeds after it are left. Refused where it is the first.
    """
    done: list[R] = []
    for deed in deeds:
        if done:
            time.sleep(BETWEEN_DEEDS)
        try:
            done.append(run(deed))
        except Refused as refused:
            if not done:
                raise
            return done, refused.sentence
    return done, ""


def transactional(deed: Callable[P, R]) -> Callable[P, R]:
    """A step of a job that is a transaction of its own (see `run`)."""

    @functools.wraps(deed)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        return run(lambda: deed(*args, **kwargs))

    return wrapped


def _again(deed: Callable[[], R], prepare: Callable[[], None]) -> R:
    """Do a deed until nothing comes between; `prepare` puts back what the last attempt used up."""
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            with writes_now():
                return deed()
        except Overtaken as overtaken:
            if not attempts_left:
                if isinstance(overtaken.__cause__, IntegrityError):
                    raise overtaken.__cause__ from None  # no race lasts as long: it is a fault of ours
                raise
        # Those who met go on at different moments, later each time.
        time.sleep(random.uniform(0.5, 1.5) * min(0.005 * 2 ** (ATTEMPTS - attempts_left), 0.4))
        prepare()
    raise AssertionError("the last attempt returns or raises")


def _came_between(error: BaseException) -> bool:
    """Whether a deed failed only because another wrote at the same moment."""
    if isinstance(error, StaleDataError | ObjectDeletedError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in _BETWEEN or code in _BETWEEN_SQLITE


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Read, in as many statements as it takes, what stood in the database at one moment; nothing may be written."""
    undo()
    if db.session.get_bind().dialect.name == "postgresql":  # on SQLite every transaction reads so
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    try:
        yield
    finally:
        undo()


def take_turn(about: str) -> None:
    """Wait until nobody else takes the number or reference named, and keep them waiting until this transaction ends.

    What is read after it holds what they took. On SQLite whoever means to write has waited already.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(about.encode()).digest()[:8], "big", signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def enter_once(row: Row, existing: Callable[[], Row | None]) -> tuple[Row, bool]:
    """Enter a row that may exist only once, and True; or the one that another entered in this moment, and False."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        there = existing()
        if there is None:
            raise
        return there, False
    return row, True


def hold(record: Any, *parts: str) -> None:
    """Let nobody else change a record until this transaction ends; where it has changed already, the deed begins anew.

    For deeds that rest on the state of a record with a version and change only what hangs on it; `parts` names what hangs
    on it and is counted, which is read again once the record is held. On SQLite nobody else can be writing.
    """
    model = type(record)
    if db.session.get_bind().dialect.name != "postgresql":
        return
    version = db.session.scalar(select(model.version).where(model.id == record.id).with_for_update(key_share=True))
    if version != record.version:
        raise StaleDataError(f"{model.__name__} {record.id} has changed since it was read")
    if parts:
        db.session.expire(record, parts)


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """A view that writes: a POST runs in one transaction (see `run`), kept when the view returns; a GET reads only.

    Where nothing could be kept, the session is as it was before: no message says that something was done.
    """

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            return view(*args, **kwargs)
        rewind, sent = _rewinding(), sent_once.sent_form()
        try:
            return _again(lambda: sent_once.deal_with(sent, lambda: view(*args, **kwargs), take_turn), rewind)
        except BaseException:
            rewind()
            raise

    wrapped.writes = True  # type: ignore[attr-defined]  # read by the tests about the code
    return wrapped


def _rewinding() -> Callable[[], None]:
    """What puts the request back to where the view found it: its session and messages, `g`, and the files sent with it."""
    before, was_modified, about = copy.deepcopy(dict(session)), session.modified, dict(g.__dict__)

    def rewind() -> None:
        session.clear()
        session.update(copy.deepcopy(before))
        session.modified = was_modified
        request_ctx.flashes = None
        g.__dict__.clear()
        g.__dict__.update(about)
        for files in request.files.listvalues():
            for file in files:
                file.stream.seek(0)

    return rewind


def writes_in_parts(view: Callable[P, R]) -> Callable[P, R]:
    """A view whose POST prepares outside any transaction, then writes in short ones of its own (`run`, `writes_now`)."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            return view(*args, **kwargs)
        return sent_once.deal_with_in_parts(sent_once.sent_form(), lambda: view(*args, **kwargs), run)

    wrapped.writes = True  # type: ignore[attr-defined]  # read by the tests about the code
    return wrapped


def attempt(form: Any, deed: Callable[[], R]) -> R | None:
    """Do a deed asked for by a form; a refusal is said at the top of the form, nothing of the deed is kept, all typed stays."""
    try:
        return deed()
    except Stale:
        raise  # the view shows both versions
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return None


def check_version(record: Any, seen: int | None) -> None:
    """Refuse to change a record that has moved on since the page was opened; the view then shows both versions."""
    if seen is not None and record.version != seen:
        raise Stale(
            gettext(
                "Somebody else has changed this since you opened it. Both versions are shown: keep what you need and save again"
            )
        )
