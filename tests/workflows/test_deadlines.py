"""Every clock against dates worked by hand, and against a second way of counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny import due_words
from tests.workflows.calendars import CALENDARS
from tests.workflows.day_by_day import count_by_day
from tests.workflows.worked_by_hand import GIVEN, HAND, rows
from workflows.deadlines import RULES, START_EVENTS, Due, due, parse_clock
from workflows.due_date_steps import KINDS
from workflows.due_reasons import counted
from workflows.refusals import Refused

EVERY_CLOCK = [
    "calendar_after:28",
    "months_beginning_with:2",
    "working_after:20",
    "working_after_uk_any:20",
    "working_day_number:10",
    "clear_after:10",
    "clear_before:5",
    "stated_date:2099-12-01",
    "reasonable:10",
    "none",
]


def _on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("clock", "nation", "start", "expected", "reason"), rows(GIVEN + HAND))
def test_a_date_worked_by_hand_is_what_the_clock_gives(clock: str, nation: str, start: date, expected: date, reason: str) -> None:
    assert due(clock, start, CALENDARS, nation=nation).due == expected, reason


def test_at_least_a_hundred_and_twenty_dates_were_worked_by_hand_for_every_clock_and_nation() -> None:
    table = rows(HAND)
    assert len({row[:3] for row in table}) >= 120
    assert {row[0].split(":")[0] for row in table} == RULES.keys() - {"none"}
    assert {row[1] for row in table} == {"england-and-wales", "scotland", "northern-ireland"}


@settings(max_examples=400, deadline=None)
@given(
    st.dates(_on("2018-01-01"), _on("2028-09-30")),
    st.sampled_from(["england-and-wales", "scotland", "northern-ireland"]),
    st.sampled_from([name for name in RULES if name not in ("stated_date", "none")]),
    st.integers(1, 45),
)
def test_every_clock_agrees_with_a_count_day_by_day(start: date, nation: str, name: str, number: int) -> None:
    if name == "months_beginning_with":
        number = number % 3 + 1
    assert due(f"{name}:{number}", start, CALENDARS, nation=nation).due == count_by_day(name, number, start, nation)


@settings(max_examples=200, deadline=None)
@given(st.dates(_on("2018-01-01"), _on("2028-09-30")), st.sampled_from(EVERY_CLOCK))
def test_the_working_begins_and_ends_where_the_count_does_and_counts_as_many_days(start: date, clock: str) -> None:
    answer = due(clock, start, CALENDARS)
    steps = answer.steps()
    if answer.due is None:
        assert steps == ()
        return
    assert steps[-1].date == answer.due
    counted = sum(step.counted for step in steps)
    name = answer.clock.name
    if name == "months_beginning_with":
        assert counted == answer.clock.number + 1  # the first day, and the end of each month
    elif name != "stated_date":
        assert counted == answer.clock.number
    assert all(step.kind in KINDS for step in steps)


def test_the_working_of_a_freedom_of_information_date_names_each_holiday_and_where_it_is_kept() -> None:
    answer = due("working_after_uk_any:20", _on("2026-03-05"), CALENDARS)
    assert [(step.date.isoformat(), step.name) for step in answer.skipped()] == [
        ("2026-03-17", "St Patrick’s Day in Northern Ireland"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday in England and Wales and Northern Ireland"),
    ]
    assert "s.10(6)" in answer.source
    assert answer.division == "uk-any"


def _told(answer: Due) -> str:
    """Why a date, as every page, letter and command says it."""
    return due_words.sentences([counted(answer)])


def test_why_a_date_is_told_in_plain_sentences(context: None) -> None:
    told = _told(due("working_after:1", _on("2026-04-02"), CALENDARS, event="request_received"))
    assert told == (
        "Due on Tuesday 7 April 2026: 1 working day, starting the day after. "
        "Counted from 2 April 2026, the day the request was received, using the bank holidays of England and Wales, "
        "passing over 3 April 2026 (Good Friday) and 6 April 2026 (Easter Monday)."
    )


def test_a_meeting_is_told_as_the_day_to_publish_by(context: None) -> None:
    told = _told(due("clear_before:5", _on("2026-03-19"), CALENDARS))
    assert told.startswith("By Wednesday 11 March 2026: 5 clear working days before the meeting")
    assert "Counted back from 19 March 2026, the day the meeting is held" in told


def test_a_weekend_does_not_move_a_calendar_date_and_the_words_say_so(context: None) -> None:
    assert "under this rule it can fall on a Saturday" in _told(due("months_beginning_with:2", _on("2026-03-10"), CALENDARS))


def test_reasonable_is_an_expectation_and_never_a_duty(context: None) -> None:
    answer = due("reasonable:10", _on("2026-03-02"), CALENDARS)
    assert answer.expectation
    assert "the law sets no number of days" in _told(answer)
    assert not any(due(clock, _on("2026-03-02"), CALENDARS).expectation for clock in EVERY_CLOCK if "reasonable" not in clock)


def test_past_the_calendars_end_the_answer_is_provisional_and_says_why(context: None) -> None:
    answer = due("working_after:20", _on("2028-12-18"), CALENDARS)
    assert answer.due == _on("2029-01-17")  # two Christmas days known; weekends alone after the end
    assert answer.provisional
    assert "provisional: holidays after 31 December 2028 are not yet known" in _told(answer)


def test_on_the_last_day_of_the_calendar_a_working_day_count_is_already_provisional() -> None:
    assert due("working_after:1", _on("2028-12-31"), CALENDARS).provisional
    assert not due("working_after:1", _on("2028-12-28"), CALENDARS).provisional


def test_calendar_clocks_are_never_provisional() -> None:
    assert not due("calendar_after:28", _on("2060-01-01"), CALENDARS).provisional
    assert not due("months_beginning_with:2", _on("2060-01-01"), CALENDARS).provisional


def test_far_beyond_the_end_only_weekends_are_skipped() -> None:
    assert due("working_after:5", _on("2060-01-05"), CALENDARS).due == _on("2060-01-12")
    assert due("working_after:1", _on("2060-01-03"), CALENDARS).due == _on("2060-01-05")  # from a Saturday
    assert due("clear_before:5", _on("2060-01-15"), CALENDARS).due == _on("2060-01-07")


@pytest.mark.parametrize("clock", ["working_after:20", "working_after_uk_any:20", "working_day_number:3", "reasonable:10"])
def test_before_its_first_year_a_working_day_clock_refuses_in_a_sentence(clock: str) -> None:
    with pytest.raises(Refused, match=r"known only from 1 January 2012.*use a later date or a calendar-day clock"):
        due(clock, _on("2011-12-31"), CALENDARS)


def test_a_meeting_so_early_that_the_count_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(Refused, match="known only from 1 January 2012"):
        due("clear_before:5", _on("2012-01-05"), CALENDARS)


def test_before_its_first_year_calendar_clocks_still_answer() -> None:
    assert due("calendar_after:28", _on("2001-02-01"), CALENDARS).due == _on("2001-03-01")
    assert due("clear_after:10", _on("1969-12-25"), CALENDARS).due == _on("1970-01-04")


def test_on_the_first_day_of_the_calendar_working_days_can_be_counted() -> None:
    assert due("working_day_number:1", _on("2012-01-01"), CALENDARS).due == _on("2012-01-03")


@pytest.mark.parametrize("clock", ["calendar_after:28", "months_beginning_with:2", "working_after:20", "working_day_number:20"])
def test_a_date_past_all_calendars_is_refused(clock: str) -> None:
    with pytest.raises(Refused, match="runs past the dates that can be written"):
        due(clock, _on("9999-12-20"), CALENDARS)


def test_a_stated_date_before_the_start_is_refused() -> None:
    with pytest.raises(Refused, match="1 December 2026, falls before 2 December 2026"):
        due("stated_date:2026-12-01", _on("2026-12-02"), CALENDARS)


def test_a_power_that_gives_no_period_sets_no_date(context: None) -> None:
    for clock in ("none", "stated_date"):
        answer = due(clock, _on("2026-12-02"), CALENDARS)
        assert answer.due is None
        assert answer.steps() == ()
        assert _told(answer).startswith("No date is set yet")


@pytest.mark.parametrize("clock", EVERY_CLOCK)
def test_a_clock_is_written_as_it_was_read(clock: str) -> None:
    assert str(parse_clock(clock)) == clock


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("working_days:20", "There is no clock"),
        ("", "There is no clock"),
        ("working_after", "needs a whole number"),
        ("working_after:", "needs a whole number"),
        ("working_after:0", "needs a whole number"),
        ("working_after:-3", "needs a whole number"),
        ("working_after:2.5", "needs a whole number"),
        ("working_after:99999", "needs a whole number"),
        ("stated_date:2026-02-30", "names no date that exists"),
        ("stated_date:tomorrow", "names no date that exists"),
        ("stated_date:20261201", "names no date that exists"),
        ("none:3", "takes nothing after it"),
    ],
)
def test_a_clock_that_cannot_be_read_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        parse_clock(text)
    assert "write" in refused.value.sentence


def test_an_unknown_nation_or_start_event_is_refused() -> None:
    with pytest.raises(Refused, match="no nation 'cornwall'"):
        due("working_after:1", _on("2026-03-02"), CALENDARS, nation="cornwall")
    with pytest.raises(Refused, match="no start event 'whim'"):
        due("working_after:1", _on("2026-03-02"), CALENDARS, event="whim")


def test_wales_and_england_share_their_bank_holidays() -> None:
    for nation in ("england", "wales"):
        answer = due("working_after:1", _on("2026-04-02"), CALENDARS, nation=nation)
        assert (answer.nation, answer.division, answer.due) == (nation, "england-and-wales", _on("2026-04-07"))


def test_every_start_event_can_be_told(context: None) -> None:
    for event, words in START_EVENTS.items():
        assert words in _told(due("calendar_after:3", _on("2026-03-02"), CALENDARS, event=event))


def test_the_day_the_clocks_change_is_a_day_like_any_other() -> None:
    assert due("calendar_after:1", _on("2026-03-28"), CALENDARS).due == _on("2026-03-28") + timedelta(days=1)
