"""An official list of bank holidays for tests: what is held here, with days added or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from tests.workflows.calendars import CALENDARS


def official_list(
    *, added: Mapping[str, Mapping[date, str]] | None = None, first: int = 2025, last: int = 2028, only: str = ""
) -> bytes:
    """The list as GOV.UK gives it, of the years first to last; `added` holds days by division; `only` one division."""
    divisions = {}
    for calendar in CALENDARS:
        days = {day: title for day, title in calendar.holidays.items() if first <= day.year <= last}
        days |= (added or {}).get(calendar.division, {})
        events = [{"title": title, "date": day.isoformat(), "notes": "", "bunting": True} for day, title in sorted(days.items())]
        divisions[calendar.division] = {"division": calendar.division, "events": events}
    return json.dumps({name: told for name, told in divisions.items() if only in ("", name)}, indent=1).encode()
