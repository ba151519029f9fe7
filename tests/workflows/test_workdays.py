"""Calendars: what they hold, and how a damaged one is refused."""

from datetime import date, timedelta

import pytest

from tests.workflows.calendars import CALENDARS, TEXTS
from workflows.feasts import easter
from workflows.refusals import Refused
from workflows.workdays import check_calendar, check_calendars, division_of, read_calendar

GOOD = """division = "scotland"
source = "by hand"
first_day = 2026-01-01
last_day = 2026-12-31

[holidays]
2026-01-01 = "New Year's Day"
2026-12-25 = "Christmas Day"
2026-04-03 = "Good Friday"

[extra_days]
2026-06-15 = "World Cup bank holiday"
"""


def _faults(text: str) -> str:
    return "\n".join(fault.sentence for fault in check_calendar(text, "scotland.toml"))


def test_a_good_calendar_is_read_with_its_extra_days() -> None:
    calendar = read_calendar(GOOD, "scotland.toml")
    assert calendar.division == "scotland"
    assert calendar.why_not(date(2026, 6, 15)) == "World Cup bank holiday"
    assert calendar.why_not(date(2026, 6, 14)) == "Sunday"
    assert calendar.why_not(date(2026, 6, 16)) == ""
    assert not calendar.is_working(date(2026, 12, 25))


def test_the_edition_changes_with_the_days_and_not_with_the_layout() -> None:
    edition = read_calendar(GOOD, "a.toml").digest
    assert read_calendar("# a remark\n" + GOOD, "b.toml").digest == edition
    assert read_calendar(GOOD.replace("06-15", "06-16"), "a.toml").digest != edition
    assert read_calendar(GOOD.replace("2026-12-31", "2026-12-30"), "a.toml").digest != edition


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-12-25 =", "2026-13-25 =", "scotland.toml, line 8, holidays.2026-13-25: '2026-13-25' is not a date that exists"),
        ("2026-12-25 =", "2026-W52-5 =", "line 8, holidays.2026-W52-5: '2026-W52-5' is not a date that exists"),
        ("2026-12-25 =", '"26/12/2026" =', "line 8, holidays.26/12/2026: '26/12/2026' is not a date that exists"),
        ("2026-12-25 =", "2027-12-25 =", "2027-12-25 lies outside first_day 2026-01-01 to last_day 2026-12-31"),
        ('"scotland"', '"scotlnad"', "line 1, division: division is 'scotlnad', which is not known here; write scotland"),
        ('source = "by hand"', "", "source is missing"),
        ("last_day = 2026-12-31", 'last_day = "2026"', "line 4, last_day: last_day is '2026', of the wrong type"),
        ("last_day = 2026-12-31", "last_day = 2026-12-31T10:00:00", "last_day is 2026-12-31 10:00:00, of the wrong type"),
        ("last_day = 2026-12-31", "last_day = 2026-02-30", "line 4: this is not good TOML"),
        ("last_day = 2026-12-31", "last_day = 2027-12-31", "no holiday of 2027 is listed"),
        ("[holidays]", "[holydays]", "holidays is missing"),
        ('2026-12-25 = "Christmas Day"\n', "", "line 6, holidays: Christmas Day of 2026 is not listed; add 2026-12-25 ="),
        ('2026-04-03 = "Good Friday"\n', "", "line 6, holidays: Good Friday of 2026 is not listed; add 2026-04-03 ="),
        ("[extra_days]", 'sourc = "x"\n[extra_days]', "holidays.sourc: sourc is not a key known here: this table holds days"),
        ('"Christmas Day"', "25", "holidays.2026-12-25: 2026-12-25 is 25, of the wrong type"),
        ('"Christmas Day"', '"Christmas', "line 8: this is not good TOML"),
    ],
)
def test_a_damaged_calendar_is_refused_naming_file_line_and_key(old: str, new: str, told: str) -> None:
    assert told in _faults(GOOD.replace(old, new))


def test_a_christmas_on_a_weekend_may_be_listed_by_its_substitute_and_half_a_year_is_not_asked_for_it() -> None:
    text = GOOD.replace("2026", "2027").replace("2027-04-03", "2027-03-26")  # 25 December 2027 is a Saturday
    assert read_calendar(text.replace("2027-12-25", "2027-12-27"), "scotland.toml").holidays
    assert "Christmas Day of 2027 is not listed; add 2027-12-27" in _faults(text.replace("2027-12-25", "2027-12-28"))
    part = GOOD.replace("last_day = 2026-12-31", "last_day = 2026-12-24").replace('2026-12-25 = "Christmas Day"\n', "")
    assert read_calendar(part, "scotland.toml").last_day == date(2026, 12, 24)


def test_good_friday_is_two_days_before_easter_in_every_year_listed() -> None:
    listed = {day for calendar in CALENDARS for day, title in calendar.holidays.items() if title == "Good Friday"}
    assert len(listed) > 10
    assert listed == {easter(day.year) - timedelta(days=2) for day in listed}


def test_a_missing_division_is_named() -> None:
    texts = {name: text for name, text in TEXTS.items() if "ireland" not in name}
    (fault,) = check_calendars(texts)
    assert (fault.file, fault.problem) == ("northern-ireland.toml", "this calendar is missing")


def test_a_division_given_twice_is_refused() -> None:
    (fault,) = check_calendars({**TEXTS, "z.toml": TEXTS["scotland.toml"]})
    assert fault.problem == "scotland has another file already"


def test_a_day_closed_anywhere_is_closed_for_any_part_of_the_united_kingdom() -> None:
    for calendar in CALENDARS:
        assert calendar.holidays.keys() <= CALENDARS.uk_any.holidays.keys()
    assert CALENDARS.uk_any.why_not(date(2026, 11, 30)) == "St Andrew’s Day in Scotland"
    assert CALENDARS.uk_any.why_not(date(2026, 12, 25)) == "Christmas Day"
    assert len({calendar.digest for calendar in (*CALENDARS, CALENDARS.uk_any)}) == 4


def test_christmas_day_and_good_friday_are_never_working_days_anywhere() -> None:
    good_fridays = [date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14)]
    for day in [*good_fridays, *(date(year, 12, 25) for year in range(2012, 2029))]:
        assert not CALENDARS.uk_any.is_working(day), day


def test_the_next_working_day_is_the_day_itself_where_it_is_one() -> None:
    calendar = CALENDARS.of("england")
    assert calendar.on_or_after(date(2026, 4, 2)) == date(2026, 4, 2)
    assert calendar.on_or_after(date(2026, 4, 3)) == date(2026, 4, 7)


def test_every_nation_has_a_division() -> None:
    assert division_of("wales") == "england-and-wales"
    with pytest.raises(Refused, match="no nation 'france'"):
        division_of("france")
