"""Frozen dataclasses as the plain values JSON can hold, and back: numbers stay numbers, days are written as days."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workflows.written_days import day_written

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A value as JSON holds it: dataclasses as objects, tuples as lists, days as '2026-11-29'."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: to_plain(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of a type from what `to_plain` made of it; a field that is not there takes its default."""
    built: T = _build(kind, plain)
    return built


def _build(kind: Any, plain: Any) -> Any:
    """One value of a type: a dataclass, a tuple of one type, a day, something or nothing, or a plain value."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        within = next(part for part in get_args(kind) if part is not type(None))
        return None if plain is None else _build(within, plain)
    if origin is tuple:
        within = get_args(kind)[0]
        return tuple(_build(within, part) for part in plain)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _build(hint, plain[name]) for name, hint in _hints(kind).items() if name in plain})
    return day_written(plain) if kind is date else plain


@cache
def _hints(kind: type[Any]) -> dict[str, object]:
    """The types of a dataclass's fields, worked out once."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
