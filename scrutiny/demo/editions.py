"""Methods as they stood in the year of a story: what was begun before this year's editions followed the first of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from flask import current_app

from scrutiny.rules.files import Rules
from scrutiny.rules.queries import rules
from workflows.methods import Method, read_method


@contextmanager
def rules_of(day: date, key: str) -> Iterator[None]:
    """Let a method stand as it did on a day: the rules this instance would have started with then."""
    started = rules()
    current_app.extensions["rules"] = _as_on(started, day, key)
    try:
        yield
    finally:
        current_app.extensions["rules"] = started


def _as_on(started: Rules, day: date, key: str) -> Rules:
    """The rules with the method of that year: its first edition, worded as the earliest that config/ holds."""
    newest = started.methods[key]
    if day.year >= _year(newest):
        return started
    earliest = min(
        (name for name in started.texts if re.fullmatch(rf"{re.escape(key)}-\d{{4}}\.\d+\.toml", name)),
        key=lambda name: [int(part) for part in re.findall(r"\d+", name)],
    )
    version = f"{day.year}.1"
    text = re.sub(r'^version = ".*"$', f'version = "{version}"', started.texts[earliest], count=1, flags=re.MULTILINE)
    method = read_method(text, f"{key}-{version}.toml")
    return replace(started, methods=started.methods | {key: method}, texts=started.texts | {key: text})


def _year(method: Method) -> int:
    """The year of a method's edition."""
    return int(method.version.partition(".")[0])
