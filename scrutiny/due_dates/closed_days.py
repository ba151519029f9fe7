"""A day chosen for more time on which nobody works: said plainly, and left to whoever chooses it."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext

from scrutiny.agencies.models import Agency
from scrutiny.formats import day
from scrutiny.holiday_names import holiday_name
from scrutiny.rules.queries import calendars_in_force


def closed_day_words(on: date, agency: Agency) -> str:
    """That a day is no working day where an agency is, and which is the next; '' where it is one."""
    calendar = calendars_in_force().of(agency.nation)
    if calendar.is_working(on):
        return ""
    values = {"day": day(on), "next": day(calendar.on_or_after(on)), "name": holiday_name(calendar.holidays.get(on, ""))}
    if values["name"]:
        return gettext("%(day)s is a bank holiday (%(name)s). The next working day is %(next)s.", **values)
    return gettext("%(day)s is not a working day. The next working day is %(next)s.", **values)
