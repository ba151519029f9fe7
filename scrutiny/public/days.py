"""The day a public page is asked about, from its address."""

from __future__ import annotations

from datetime import date

from flask import abort, request

from workflows.written_days import read_day


def day_asked(name: str = "on") -> date | None:
    """The day of the address, None where it has none; 404 with what to write where it cannot be read."""
    text = request.args.get(name, "").strip()
    day = read_day(text)
    if text and day is None:
        abort(404, f"“{text[:20]}” is not a day: write it in the address as {name}=2026-04-01, or leave it out for today")
    return day
