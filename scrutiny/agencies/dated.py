"""When a dated row holds: its first and its last day both count, and a day not given is open."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_


def holds_on(dated: Any, on: date | None) -> Any:
    """The condition that a row with `from_on` and `to_on` holds on a day; without a day, the database's own today."""
    day = func.current_date() if on is None else on
    return and_(or_(dated.from_on.is_(None), dated.from_on <= day), or_(dated.to_on.is_(None), dated.to_on >= day))
