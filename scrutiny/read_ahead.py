"""Rows read for many records in one statement, for pages that show them all: whoever asks for one of them finds it here.

Only for pages that look: what is kept here is as old as its reading. Whatever was not read ahead is asked for as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

R = TypeVar("R")
_known: ContextVar[Mapping[str, Mapping[Any, Any]]] = ContextVar("read_ahead", default={})  # noqa: B039  # never written to


@contextmanager
def reading(**rows: Mapping[Any, Any]) -> Iterator[None]:
    """Let these be found meanwhile, each kind by its key, beside what is known already."""
    before = _known.get()
    token = _known.set({**before, **{kind: {**before.get(kind, {}), **found} for kind, found in rows.items()}})
    try:
        yield
    finally:
        _known.reset(token)


def known(kind: str, key: Hashable, otherwise: Callable[[], R]) -> R:
    """What was read ahead of a kind under a key, or what asking for it gives."""
    there = _known.get().get(kind, {})
    return cast(R, there[key]) if key in there else otherwise()
