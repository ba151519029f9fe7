"""Bank holidays taken up from an official list: the rules with it over the files of config/."""

from __future__ import annotations

from dataclasses import replace

from scrutiny.rules.files import Rules
from scrutiny.rules.models import HolidayList
from workflows.bank_holidays import as_text, check_official, check_taken_up, read_official, taken_up
from workflows.reading import Faulty
from workflows.workdays import Calendars


def is_damaged(kept: HolidayList) -> bool:
    """Whether the text of a kept list can no longer be read."""
    try:
        read_official(kept.text, kept.file_name)
    except Faulty:
        return True
    return False


def check_list(started: Rules, text: str, file_name: str) -> None:
    """Refuse an official list that is new here, saying what is wrong with it."""
    if faults := check_official(text, file_name):
        raise Faulty(faults)
    check_taken_up(started.calendars, read_official(text, file_name))


def with_list(started: Rules, text: str, file_name: str) -> Rules:
    """The rules under the text of an official list, new or kept; Faulty where it is no list at all."""
    calendars = taken_up(started.calendars, read_official(text, file_name))
    return replace(started, calendars=calendars, texts=started.texts | _texts(calendars, file_name))


def _texts(calendars: Calendars, file_name: str) -> dict[str, str]:
    """Each division's calendar as an edition of it is kept."""
    source = f"{file_name}, the list of GOV.UK loaded here; earlier years from config/holidays"
    return {f"holidays/{calendar.division}": as_text(calendar, source) for calendar in calendars}
