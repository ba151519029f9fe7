"""The names of bank holidays in the language spoken now; a calendar keeps them as the official list gives them."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask_babel import gettext, lazy_gettext

from scrutiny.formats import weekday
from workflows.workdays import WEEKDAYS

#: The names in the lists that come with the code; a test holds this against them.
NAMES: Final = (
    lazy_gettext("2nd January"),
    lazy_gettext("2nd January (substitute day)"),
    lazy_gettext("Bank Holiday for the State Funeral of Queen Elizabeth II"),
    lazy_gettext("Bank holiday for the coronation of King Charles III"),
    lazy_gettext("Battle of the Boyne (Orangemen’s Day)"),
    lazy_gettext("Battle of the Boyne (Orangemen’s Day) (substitute day)"),
    lazy_gettext("Boxing Day"),
    lazy_gettext("Boxing Day (substitute day)"),
    lazy_gettext("Christmas Day"),
    lazy_gettext("Christmas Day (substitute day)"),
    lazy_gettext("Early May bank holiday"),
    lazy_gettext("Early May bank holiday (VE day)"),
    lazy_gettext("Easter Monday"),
    lazy_gettext("Good Friday"),
    lazy_gettext("New Year’s Day"),
    lazy_gettext("New Year’s Day (substitute day)"),
    lazy_gettext("Platinum Jubilee bank holiday"),
    lazy_gettext("Queen’s Diamond Jubilee (extra bank holiday)"),
    lazy_gettext("Spring bank holiday"),
    lazy_gettext("Spring bank holiday (substitute day)"),
    lazy_gettext("St Andrew’s Day"),
    lazy_gettext("St Andrew’s Day (substitute day)"),
    lazy_gettext("St Patrick’s Day"),
    lazy_gettext("St Patrick’s Day (substitute day)"),
    lazy_gettext("Summer bank holiday"),
    lazy_gettext("World Cup bank holiday"),
)


def holiday_name(title: str) -> str:
    """A holiday by its name in the language spoken now; a name that somebody typed stays as it is."""
    return str(gettext(title)) if title else ""


def why_closed(day: date, why: str) -> str:
    """Why nobody is at work on a day, as a calendar says it: the weekday, or a holiday or a quiet time by its name."""
    return weekday(day) if why in WEEKDAYS else holiday_name(why)
