"""Ladders of reminders: their days across weekends, bank holidays and quiet times; and every fault of a file named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.chasing.ladder_words import in_sentences, quiet_in_sentences
from tests.workflows.calendars import CALENDARS
from workflows.ladders import Ladders, OpenDays, check_ladders, gone_by, next_day, open_days, read_ladders, steps
from workflows.refusals import Refused

TEXT = (Path(__file__).parents[2] / "config" / "ladders.toml").read_text(encoding="utf-8")
LADDERS = read_ladders(TEXT, "ladders.toml")
USUAL = LADDERS.usual


def days(nation: str = "england", ladders: Ladders = LADDERS) -> OpenDays:
    """The open days of a nation."""
    return open_days(nation, CALENDARS, ladders.quiet)


#: Due on, nation, the days of reminder, notice and chair's letter; each counted on a wall calendar.
BY_HAND = (
    ("2026-03-30", "england", "2026-03-23 2026-03-31 2026-04-15", "over Easter: 3 and 6 April are closed"),
    ("2026-03-30", "scotland", "2026-03-23 2026-03-31 2026-04-14", "Easter Monday is worked in Scotland"),
    ("2026-03-20", "northern-ireland", "2026-03-12 2026-03-23 2026-04-07", "17 March and both days of Easter closed"),
    ("2026-05-04", "england", "2026-04-27 2026-05-05 2026-05-18", "due on a bank holiday: five working days before it"),
    ("2026-06-06", "england", "2026-06-01 2026-06-08 2026-06-19", "due on a Saturday"),
    ("2027-01-05", "england", "2027-01-04 2027-01-06 2027-01-19", "the reminder falls into the closure and waits for it to end"),
    ("2026-12-30", "england", "2026-12-21 2027-01-04 2027-01-14", "28 December stands in for Boxing Day; the notice waits"),
    ("2026-12-23", "england", "2026-12-16 2027-01-04 2027-01-11", "the notice waits for the closure to end"),
)


@pytest.mark.parametrize(("due", "nation", "told", "why"), BY_HAND, ids=[row[3] for row in BY_HAND])
def test_the_rungs_of_the_usual_ladder_fall_where_a_wall_calendar_says(due: str, nation: str, told: str, why: str) -> None:
    found = steps(USUAL, date.fromisoformat(due), days(nation))
    assert " ".join(step.on.isoformat() if step.on else "-" for step in found) == told, why


@settings(max_examples=300, deadline=None)
@given(
    due=st.dates(date(2018, 1, 1), date(2028, 12, 1)),
    nation=st.sampled_from(["england", "wales", "scotland", "northern-ireland"]),
)
def test_no_rung_ever_falls_on_a_quiet_day_and_each_is_as_early_as_it_may_be(due: date, nation: str) -> None:
    open_ = days(nation)
    for step in steps(USUAL, due, open_):
        # Counted the slow way: walk the working days one by one, then walk off the closed days.
        day, left = due, abs(step.rung.offset)
        while left:
            day += timedelta(days=1 if step.rung.offset > 0 else -1)
            left -= day.weekday() < 5 and day not in open_.calendar.holidays
        while day.weekday() > 4 or day in open_.calendar.holidays or f"{day:%m-%d}" >= "12-24" or f"{day:%m-%d}" == "01-01":
            day += timedelta(days=1)
        assert step.on == (None if step.rung.offset < 0 and day > due else day)


def test_the_rungs_gone_by_are_counted_with_those_left_out_among_them() -> None:
    found = steps(LADDERS.by_key("inspection"), date(2026, 12, 30), days())
    assert [step.on for step in found] == [None, date(2027, 1, 4), date(2027, 1, 5)]  # a reminder after the day is none
    assert [gone_by(found, day) for day in (date(2026, 12, 30), date(2027, 1, 4), date(2027, 2, 1))] == [0, 2, 3]
    assert [next_day(found, gone) for gone in range(4)] == [date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 5), None]


def test_an_agency_has_its_own_ladder_before_its_methods_and_that_before_its_kinds() -> None:
    base = replace(USUAL, usual=False)
    ladders = replace(
        LADDERS,
        all=(
            USUAL,
            replace(base, key="kind", agency_kinds=("police",)),
            replace(base, key="method", methods=("jtai",)),
            replace(base, key="own", agencies=("E23000001",)),
        ),
    )
    assert ladders.of(method="jtai", agency_kind="police", codes=["E23000001"]).key == "own"
    assert ladders.of(method="jtai", agency_kind="police", codes=["X"]).key == "method"
    assert ladders.of(method="spotlight", agency_kind="police").key == "kind"
    assert ladders.of(method="spotlight", agency_kind="icb").key == "usual"
    assert ladders.by_key("gone since").key == "usual"


def test_a_quiet_time_may_be_for_one_nation_and_for_once() -> None:
    ladders = read_ladders(TEXT + _quiet("2026-08-03", "2026-08-14", 'nations = ["scotland"]'), "ladders.toml")
    assert days("scotland", ladders).why_not(date(2026, 8, 5)) == "Rest"
    assert days("scotland", ladders).from_(date(2026, 8, 5)) == date(2026, 8, 17)
    assert days("england", ladders).why_not(date(2026, 8, 5)) == ""
    assert days("scotland", ladders).why_not(date(2027, 8, 5)) == ""


def test_ladders_and_quiet_times_are_told_in_sentences() -> None:
    assert in_sentences(USUAL)[2] == (
        "The chair’s letter: 10 working days after it is due, the chair’s letter to the agency’s own address and those who "
        "approve what the agency sends; it waits until a chair or lead inspector approves it."
    )
    assert quiet_in_sentences(LADDERS.quiet) == ["Christmas closure: 24 December to 1 January, every year."]


def _quiet(first: str, last: str, more: str = "") -> str:
    """A quiet time as it stands in the file."""
    return f'\n[[quiet]]\ntitle = "Rest"\nfirst = {first}\nlast = {last}\n{more}\n'


#: What is changed in the file, and what is then said of it.
FAULTS = (
    ('unit = "wd"', 'unit = "workdays"', "line 19", "write one of wd, cd, weeks, months"),
    ("offset = -5", 'offset = "five"', "line 18", "offset is 'five', of the wrong type; write a whole number"),
    ("offset = -5", "offset = -500", "line 18", "write a whole number of -365 or more"),
    ('letter = "request_reminder"', 'letter = "reminder"', "line 20", "letter is 'reminder'"),
    ('to = ["responder", "holder"]', 'to = ["respnder"]', "line 21", "write responder"),
    ('sent = "by-clock"', 'sent = "soon"', "line 22", "write one of by-clock, when-approved"),
    ('stops = ["answered", "closed", "extension-asked", "with-certifier"]', 'stops = ["answered"]', "line 23", 'add "closed"'),
    ("usual = true", "usual = false", "line 13", "0 ladders are the usual one"),
    ('key = "notice"', 'key = "reminder"', "line 26", "key 'reminder' is used twice"),
    ('title = "Reminder"', 'titel = "Reminder"', "line 17", "titel is not a key known here; write title"),
    ('methods = ["jtai", "area-send"]', 'methods = ["jta"]', "line 49", "write jtai"),
    ('methods = ["jtai", "area-send"]', "", "line 46", "this ladder is for nobody"),
    ('first = "12-24"', 'first = "02-30"', "line 85", "first is '02-30', which is no day of a year"),
    ('first = "12-24"', "first = 2026-12-24", "line 86", "first and last are of two kinds"),
    ('first = "12-24"', 'first = "06-01"', "line 86", "this lasts 215 days; leave 60 or fewer"),
    ("[[quiet]]", "[[quiet]", "line 83", "this is not good TOML"),
)


@pytest.mark.parametrize(("good", "bad", "line", "told"), FAULTS, ids=[row[3] for row in FAULTS])
def test_a_fault_is_told_with_its_line_and_remedy(good: str, bad: str, line: str, told: str) -> None:
    faults = check_ladders(TEXT.replace(good, bad, 1), "ladders.toml", methods=["jtai", "area-send"], agency_kinds=["police"])
    sentences = [fault.sentence for fault in faults]
    assert any(line + "," in sentence or line + ":" in sentence for sentence in sentences), sentences
    assert told in "\n".join(sentences)


def test_quiet_times_that_leave_hardly_a_day_are_refused() -> None:
    (fault,) = check_ladders(TEXT + _quiet('"02-01"', '"03-31"') + _quiet('"05-01"', '"06-29"'), "ladders.toml")
    assert fault.problem == "129 days of every year are quiet"
    all_year = "".join(_quiet(f"2026-{month:02d}-01", f"2026-{month:02d}-28") for month in range(1, 13))
    ends = ("01-31", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31")
    shut = read_ladders(TEXT + all_year + "".join(_quiet(f"2026-{end[:3]}29", f"2026-{end}") for end in ends), "ladders.toml")
    assert days("england", shut).from_(date(2026, 2, 1)) == date(2027, 1, 4)


def test_a_year_without_an_open_day_is_refused_in_a_sentence() -> None:
    rest = {date(2026, 1, 1) + timedelta(days=n): "Rest" for n in range(500)}
    never = OpenDays(replace(CALENDARS.of("england"), holidays=rest), ())
    with pytest.raises(Refused, match="No day in the year after 5 January 2026 is open"):
        never.from_(date(2026, 1, 5))
