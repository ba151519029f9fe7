"""The only place that commits. A deed is one transaction: steps before (the audit chain), the commit, steps after (the queue)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from flask import request
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from scrutiny.extensions import db, writing
from workflows.refusals import Refused, Stale

P = ParamSpec("P")
R = TypeVar("R")
Step = Callable[[Session], None]
_before: list[Step] = []
_after: list[Step] = []
_undone: list[Step] = []


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
    """Keep what the deed did, or nothing of it; a record somebody else has changed meanwhile is refused."""
    try:
        db.session.flush()
        for step in _before:
            step(db.session())
        db.session.commit()
    except StaleDataError as stale:
        undo()
        raise Stale("Somebody else has changed this record since you opened it") from stale
    except BaseException:
        undo()
        raise
    for step in _after:
        step(db.session())


@contextmanager
def writes_now() -> Iterator[None]:
    """One transaction for a command or for one row of a job: committed at the end, undone if anything is raised."""
    undo()  # whatever was read before belongs to an older view of the data
    token = writing.set(True)
    try:
        yield
        commit()
    except BaseException:
        undo()
        raise
    finally:
        writing.reset(token)


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """A view that writes: a POST runs in one transaction, kept when the view returns; a GET reads only."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            return view(*args, **kwargs)
        with writes_now():
            return view(*args, **kwargs)

    wrapped.writes = True  # type: ignore[attr-defined]  # read by the tests about the code
    return wrapped


def writes_in_parts(view: Callable[P, R]) -> Callable[P, R]:
    """A view whose POST reads what was sent outside any transaction, then writes in short ones of its own (`writes_now`)."""
    view.writes = True  # type: ignore[attr-defined]  # read by the tests about the code
    return view


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


@contextmanager
def for_show() -> Iterator[None]:
    """Work something out only to show it: nothing is sent to the database meanwhile, and all is forgotten after."""
    try:
        with db.session.no_autoflush:
            yield
    finally:
        undo()


def check_version(record: Any, seen: int | None) -> None:
    """Refuse to change a record that has moved on since the page was opened; the view then shows both versions."""
    if seen is not None and record.version != seen:
        raise Stale(
            "Somebody else has changed this since you opened it. Both versions are shown: keep what you need and save again"
        )
