"""The official list of bank holidays: read, refused where it is damaged, compared with what is held; and staleness told."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from tests.workflows.calendars import CALENDARS
from workflows.bank_holidays import (
    as_text,
    changes,
    check_official,
    check_taken_up,
    differences,
    read_official,
    staleness,
    taken_up,
)
from workflows.refusals import Refused
from workflows.workdays import DIVISIONS, read_calendar

MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy" / "m60_future_bank_holidays.json"
GOOD = """{
  "england-and-wales": {"division": "england-and-wales", "events": [
    {"title": "Christmas Day", "date": "2026-12-25", "notes": "", "bunting": true}]},
  "scotland": {"division": "scotland", "events": [
    {"title": "Christmas Day", "date": "2026-12-25", "notes": "", "bunting": true},
    {"title": "World Cup bank holiday", "date": "2026-06-15", "notes": "", "bunting": true}]},
  "northern-ireland": {"division": "northern-ireland", "events": [
    {"title": "St Patrick’s Day", "date": "2026-03-17", "notes": "", "bunting": true}]}
}"""


def _faults(text: str, name: str = "list.json") -> list[str]:
    faults = check_official(text, name)
    assert faults
    assert all(fault.line and fault.remedy for fault in faults)
    return [fault.sentence for fault in faults]


def _official() -> dict[str, dict[date, str]]:
    """The list as the govuk-bank-holidays wheel carries it."""
    held = BankHolidays(use_cached_holidays=True)
    return {division: {event["date"]: event["title"] for event in held.get_holidays(division=division)} for division in DIVISIONS}


def test_the_list_as_gov_uk_gives_it_is_read_by_division() -> None:
    official = _official()
    text = json.dumps(
        {
            division: {"division": division, "events": [{"title": t, "date": d.isoformat()} for d, t in days.items()]}
            for division, days in official.items()
        }
    )
    assert read_official(text, "bank-holidays.json") == official


def test_a_future_list_with_dates_that_do_not_exist_is_refused_naming_each_and_every_missing_division() -> None:
    if not MESSY.is_file():
        pytest.skip(f"there is no {MESSY}: set SHARED_DATA to the folder of real and messy files")
    assert _faults(MESSY.read_text(encoding="utf-8"), "m60.json") == [
        "m60.json, line 1, scotland: Scotland is missing; fetch the whole list from GOV.UK again.",
        "m60.json, line 1, northern-ireland: Northern Ireland is missing; fetch the whole list from GOV.UK again.",
        "m60.json, line 1, england-and-wales.events.1.date: the date of Christmas Day, 2026-13-25, does not exist; "
        "correct it by the official list.",
        "m60.json, line 1, england-and-wales.events.2.date: the date of Boxing Day is '26/12/2026'; write it as 2026-12-25.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"2026-06-15"', '"2026-06-31"', "line 6, scotland.events.2.date: the date of World Cup bank holiday, 2026-06-31"),
        ('"2026-06-15"', '"2026-W25-1"', "the date of World Cup bank holiday is '2026-W25-1'"),
        ('"2026-06-15"', '"15 June 2026"', "the date of World Cup bank holiday is '15 June 2026'"),
        ('"2026-06-15"', "20260615", "line 6, scotland.events.2.date: the date of World Cup bank holiday is 20260615"),
        ('"date": "2026-06-15"', '"day": "2026-06-15"', "the date of World Cup bank holiday is missing; write it as"),
        ('"2026-06-15"', '"2026-12-25"', "2026-12-25 is there twice (Christmas Day; World Cup bank holiday); keep one"),
        ('"title": "World Cup bank holiday"', '"title": ""', "scotland.events.2: this event has no title"),
        ('"events": [\n    {"title": "St', '"days": [\n    {"title": "St', "line 7, northern-ireland: northern-ireland holds no"),
        ('  "scotland": {"d', '  "shetland": {"d', "line 1, scotland: Scotland is missing"),
        ('  "scotland": {"d', '  "shetland": {"d', "line 4, shetland: 'shetland' is not a division known here"),
        ('"2026-06-15", "notes', '"2026-06-15" "notes', "line 6: this is not JSON"),
    ],
)
def test_a_damaged_list_is_refused_with_line_and_remedy(old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert any(told in sentence for sentence in _faults(GOOD.replace(old, new))), _faults(GOOD.replace(old, new))


@pytest.mark.parametrize("text", ["", "[]", "null", '"bank holidays"', "[" * 100_000, GOOD[:200], "<html>404</html>"])
def test_what_is_not_the_list_at_all_is_refused_in_a_sentence(text: str) -> None:
    (sentence,) = _faults(text)
    assert "not JSON" in sentence or "not the GOV.UK list" in sentence


def test_a_day_proclaimed_late_is_told_and_so_is_one_that_is_gone() -> None:
    official = _official()
    official["england-and-wales"][date(2027, 7, 19)] = "Jubilee"
    del official["northern-ireland"][date(2026, 3, 17)]
    told = [one.sentence for one in differences(CALENDARS, official)]
    assert told == [
        "19 July 2027 (Jubilee) is new in England and Wales.",
        "15 June 2026 (World Cup bank holiday) is held here for Scotland, but is not in the official list.",
        "17 March 2026 (St Patrick’s Day) is held here for Northern Ireland, but is not in the official list.",
    ]


def test_years_the_list_does_not_cover_are_no_difference() -> None:
    official = {"scotland": {day: title for day, title in CALENDARS.of("scotland").holidays.items() if day.year == 2026}}
    assert differences(CALENDARS, official) == ()


def test_calendars_that_soon_end_are_told_loudly_and_those_that_ended_more_so() -> None:
    assert staleness(CALENDARS, date(2026, 11, 22)) == ()
    assert staleness(CALENDARS, date(2028, 4, 5)) == ()
    soon = staleness(CALENDARS, date(2028, 4, 6))
    assert len(soon) == 3
    assert soon[1] == (
        "Bank holidays of Scotland are known only to 31 December 2028: dates after it are provisional; "
        "load the newest list, www.gov.uk/bank-holidays.json."
    )
    assert "every working-day date is provisional" in staleness(CALENDARS, date(2029, 1, 1))[0]


def _years(first: int, last: int) -> dict[str, dict[date, str]]:
    """An official list that says what is held here, for some years."""
    return {
        calendar.division: {day: title for day, title in calendar.holidays.items() if first <= day.year <= last}
        for calendar in CALENDARS
    }


def test_a_list_counts_within_its_years_and_what_was_held_outside_them() -> None:
    official = _years(2026, 2027)
    official["england-and-wales"][date(2027, 7, 19)] = "Jubilee"
    del official["scotland"][date(2026, 6, 15)]
    new = taken_up(CALENDARS, official)
    assert not new.of("england").is_working(date(2027, 7, 19))
    assert new.of("scotland").is_working(date(2026, 6, 15))
    assert new.of("scotland").is_working(date(2027, 7, 19))
    assert not new.of("england").is_working(date(2012, 6, 5))
    assert [calendar.last_day for calendar in new] == [date(2028, 12, 31)] * 3
    assert changes(CALENDARS, new) == (
        "19 July 2027 (Jubilee) is new in England and Wales.",
        "15 June 2026 (World Cup bank holiday) is no longer a bank holiday in Scotland.",
    )


def test_a_list_that_reaches_further_makes_dates_known_further() -> None:
    official = _years(2027, 2028)
    for days in official.values():
        days.update({day.replace(year=2029): title for day, title in list(days.items()) if day.year == 2028})
        days[date(2029, 3, 30)] = "Good Friday"
    new = taken_up(CALENDARS, official)
    assert {calendar.last_day for calendar in new} == {date(2029, 12, 31)}
    assert changes(CALENDARS, new)[1] == "Bank holidays of Scotland are known to 31 December 2029; before, to 31 December 2028."
    assert staleness(new, date(2028, 10, 2)) == ()


def test_a_list_without_good_friday_or_christmas_is_refused() -> None:
    for day, told in ((date(2027, 3, 26), "no Good Friday of 2027"), (date(2028, 12, 25), "no Christmas Day of 2028")):
        official = _years(2027, 2028)
        official["scotland"] = {one: title for one, title in official["scotland"].items() if one != day}
        official["scotland"][date(day.year, 6, 14)] = "Another day"  # so that the count alone would not tell
        with pytest.raises(Refused, match=f"The list holds {told} for Scotland"):
            check_taken_up(CALENDARS, official)


def test_a_list_cut_short_or_with_a_year_left_out_is_refused() -> None:
    short = _years(2026, 2027)
    short["scotland"] = {day: title for day, title in short["scotland"].items() if day < date(2027, 5, 1)}
    with pytest.raises(Refused, match="The list holds 3 bank holidays of 2027 for Scotland"):
        check_taken_up(CALENDARS, short)
    gap = _years(2027, 2028)
    for days in gap.values():
        days.update({day.replace(year=2031): title for day, title in list(days.items()) if day.year == 2028})
    with pytest.raises(Refused, match="The list holds 0 bank holidays of 2029 for England and Wales"):
        check_taken_up(CALENDARS, gap)


def test_a_calendar_written_out_is_read_back_as_it_was() -> None:
    for calendar in CALENDARS:
        again = read_calendar(as_text(calendar, 'A list “of ours”, with "quotes"'), "edition.toml")
        assert again.digest == calendar.digest
