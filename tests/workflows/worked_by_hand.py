"""Due dates worked by hand with a paper calendar: clock | nation | start | due | reason.

e England and Wales, s Scotland, n Northern Ireland. Weekdays are named where they matter.
"""

from datetime import date

_NATIONS = {"e": "england-and-wales", "s": "scotland", "n": "northern-ireland"}

# The vectors of the domain sheet, section 0.
GIVEN = """
months_beginning_with:2   | e | 2026-03-10 | 2026-05-09 | the 10th is counted, so the period ends on the 9th
months_beginning_with:2   | e | 2026-03-01 | 2026-04-30 | two whole months
months_beginning_with:2   | e | 2026-12-31 | 2027-02-28 | there is no 31 February to end before
calendar_after:28         | e | 2026-03-02 | 2026-03-30 | four weeks to the day
working_after_uk_any:20   | e | 2026-03-05 | 2026-04-07 | 17 March, 3 and 6 April skipped
clear_before:5            | e | 2026-03-19 | 2026-03-11 | 18, 17, 16, 13 and 12 are clear
working_after:70          | e | 2026-03-02 | 2026-06-12 | Good Friday, Easter Monday, two May days
working_after:70          | e | 2018-01-30 | 2018-05-11 | the Haringey statement, as it really fell due
working_after:20          | e | 2026-03-12 | 2026-04-13 | both Easter days skipped
working_after:20          | s | 2026-03-12 | 2026-04-10 | Good Friday only
working_after:20          | n | 2026-03-12 | 2026-04-14 | St Patrick's Day and both Easter days
"""

HAND = """
working_after:1 | e | 2026-03-02 | 2026-03-03 | Monday to Tuesday
working_after:1 | e | 2026-03-06 | 2026-03-09 | Friday to Monday
working_after:1 | e | 2026-03-07 | 2026-03-09 | from a Saturday
working_after:1 | e | 2026-03-08 | 2026-03-09 | from a Sunday
working_after:2 | e | 2026-03-07 | 2026-03-10 | from a Saturday, two days on
working_after:5 | e | 2026-03-02 | 2026-03-09 | one week
working_after:10 | e | 2026-03-02 | 2026-03-16 | two weeks
working_after:20 | e | 2026-03-02 | 2026-03-30 | four weeks before Easter
working_after:1 | e | 2026-04-02 | 2026-04-07 | Maundy Thursday: Good Friday, weekend, Easter Monday
working_after:2 | e | 2026-04-02 | 2026-04-08 | and one more
working_after:1 | e | 2026-04-03 | 2026-04-07 | starts on Good Friday
working_after:1 | e | 2026-04-06 | 2026-04-07 | starts on Easter Monday
working_after:10 | e | 2026-03-30 | 2026-04-15 | three before Easter, seven after
working_after:1 | e | 2026-05-01 | 2026-05-05 | early May Monday
working_after:1 | e | 2026-05-22 | 2026-05-26 | spring Monday
working_after:5 | e | 2026-05-22 | 2026-06-01 | 26 to 29 May, then 1 June
working_after:1 | e | 2026-08-28 | 2026-09-01 | summer Monday is 31 August
working_after:1 | e | 2026-12-24 | 2026-12-29 | Christmas Friday, weekend, Boxing Day moved to the 28th
working_after:2 | e | 2026-12-24 | 2026-12-30 | and one more
working_after:5 | e | 2026-12-24 | 2027-01-05 | 29, 30, 31, then New Year's Friday, 4 and 5 January
working_after:1 | e | 2026-12-25 | 2026-12-29 | starts on Christmas Day
working_after:1 | e | 2026-12-31 | 2027-01-04 | New Year's Day is a Friday
working_after:1 | e | 2025-12-24 | 2025-12-29 | Thursday and Friday, then the weekend
working_after:1 | e | 2021-12-24 | 2021-12-29 | both days fall on the weekend and move to the 27th and 28th
working_after:1 | e | 2027-12-24 | 2027-12-29 | the same six years on
working_after:1 | e | 2021-12-31 | 2022-01-04 | New Year's Day moved to Monday the 3rd
working_after:1 | e | 2022-06-01 | 2022-06-06 | spring day moved to the 2nd, Jubilee on the 3rd
working_after:1 | e | 2022-05-27 | 2022-05-30 | the last Monday of that May was worked
working_after:1 | e | 2022-09-16 | 2022-09-20 | State Funeral on Monday the 19th
working_after:1 | e | 2023-05-05 | 2023-05-09 | Coronation Monday
working_after:10 | e | 2023-04-28 | 2023-05-16 | two May Mondays skipped
working_after:1 | e | 2020-05-07 | 2020-05-11 | VE Day Friday
working_after:1 | e | 2020-05-01 | 2020-05-04 | early May Monday was moved to VE Day
working_after:1 | e | 2024-02-28 | 2024-02-29 | leap Thursday is worked
working_after:1 | e | 2024-02-29 | 2024-03-01 | from the leap day
working_after:2 | e | 2024-02-29 | 2024-03-04 | from the leap day over a weekend
working_after:1 | e | 2028-04-13 | 2028-04-18 | Easter 2028 is 16 April
working_after:1 | e | 2028-12-22 | 2028-12-27 | Christmas Monday and Boxing Tuesday
working_after:3 | e | 2028-12-22 | 2028-12-29 | the last working day the calendar knows
working_after:1 | e | 2026-06-12 | 2026-06-15 | Scotland's World Cup day is no holiday here
working_after:1 | e | 2026-11-27 | 2026-11-30 | nor is St Andrew's Day
working_after:1 | e | 2026-03-16 | 2026-03-17 | nor is St Patrick's Day
working_after:1 | s | 2026-04-02 | 2026-04-06 | Easter Monday is worked in Scotland
working_after:1 | s | 2024-03-28 | 2024-04-01 | and was in 2024
working_after:1 | s | 2025-12-31 | 2026-01-05 | 1 and 2 January, then the weekend
working_after:1 | s | 2026-01-01 | 2026-01-05 | 2 January is a holiday
working_after:1 | s | 2022-12-30 | 2023-01-04 | both New Year days moved to the 2nd and 3rd
working_after:1 | s | 2026-06-12 | 2026-06-16 | World Cup Monday
working_after:5 | s | 2026-06-12 | 2026-06-22 | 16 to 19, then 22 June
working_after:1 | s | 2026-06-15 | 2026-06-16 | starts on it
working_after:1 | s | 2026-07-31 | 2026-08-04 | summer holiday is the first Monday of August
working_after:1 | s | 2026-08-28 | 2026-08-31 | and not the last
working_after:1 | s | 2026-11-27 | 2026-12-01 | St Andrew's Monday
working_after:1 | s | 2025-11-28 | 2025-12-02 | St Andrew's Sunday, kept on Monday 1 December
working_after:1 | s | 2026-05-22 | 2026-05-26 | spring Monday
working_after:1 | s | 2026-12-24 | 2026-12-29 | Boxing Day moved to the 28th
working_after:3 | s | 2026-12-30 | 2027-01-06 | the 31st, then 1 January, weekend, 2 January kept on the 4th, the 5th and 6th
working_after:1 | s | 2022-09-16 | 2022-09-20 | State Funeral
working_after:1 | s | 2027-07-30 | 2027-08-03 | first Monday of August
working_after:1 | n | 2026-03-16 | 2026-03-18 | St Patrick's Tuesday
working_after:1 | n | 2025-03-14 | 2025-03-18 | St Patrick's Monday
working_after:1 | n | 2024-03-15 | 2024-03-19 | St Patrick's Sunday kept on Monday the 18th
working_after:1 | n | 2026-07-10 | 2026-07-14 | the Twelfth, a Sunday, kept on Monday the 13th
working_after:1 | n | 2024-07-11 | 2024-07-15 | the Twelfth is a Friday
working_after:1 | n | 2026-04-02 | 2026-04-07 | Easter Monday is a holiday here
working_after:1 | n | 2026-06-12 | 2026-06-15 | Scotland's day is worked
working_after:1 | n | 2026-08-28 | 2026-09-01 | last Monday of August
working_after:1 | n | 2026-01-01 | 2026-01-02 | 2 January is worked
working_after:5 | n | 2026-07-08 | 2026-07-16 | 9, 10, not 13, 14, 15, 16
working_after_uk_any:1 | e | 2026-03-16 | 2026-03-18 | St Patrick's Day counts against everybody
working_after_uk_any:1 | e | 2026-04-02 | 2026-04-07 | Easter Monday, though not in Scotland
working_after_uk_any:1 | s | 2026-04-02 | 2026-04-07 | the same for a Scottish asker: the nation changes nothing
working_after_uk_any:1 | e | 2026-06-12 | 2026-06-16 | World Cup Monday in Scotland
working_after_uk_any:1 | e | 2026-07-10 | 2026-07-14 | the Twelfth in Northern Ireland
working_after_uk_any:1 | e | 2026-07-31 | 2026-08-04 | Scotland's summer Monday
working_after_uk_any:1 | s | 2026-08-28 | 2026-09-01 | the others' summer Monday
working_after_uk_any:1 | n | 2026-11-27 | 2026-12-01 | St Andrew's Monday
working_after_uk_any:1 | e | 2025-12-31 | 2026-01-05 | 2 January in Scotland
working_after_uk_any:1 | e | 2026-05-01 | 2026-05-05 | early May, everywhere
working_after_uk_any:20 | e | 2026-07-01 | 2026-07-30 | 13 July skipped
working_after_uk_any:20 | e | 2026-12-01 | 2026-12-31 | Christmas Day and the 28th skipped
working_after_uk_any:20 | e | 2026-12-14 | 2027-01-15 | 25, 28, 1 January and Scotland's 4 January skipped
working_after_uk_any:1 | n | 2026-03-06 | 2026-03-09 | an ordinary weekend
working_day_number:1 | e | 2026-03-03 | 2026-03-03 | notification is day 1, not day 0
working_day_number:2 | e | 2026-03-03 | 2026-03-04 | the next day is 2
working_day_number:5 | e | 2026-03-03 | 2026-03-09 | 3 to 6 are 1 to 4
working_day_number:10 | e | 2026-03-03 | 2026-03-16 | fieldwork begins on the Monday of the third week
working_day_number:10 | e | 2017-11-21 | 2017-12-04 | Haringey: fieldwork began on 4 December
working_day_number:14 | e | 2017-11-21 | 2017-12-08 | and ended on the 8th
working_day_number:10 | e | 2018-01-03 | 2018-01-16 | Haringey: accuracy check of 3 to 16 January
working_day_number:1 | e | 2026-03-07 | 2026-03-09 | from a Saturday, Monday is day 1
working_day_number:2 | e | 2026-03-07 | 2026-03-10 | and Tuesday day 2
working_day_number:1 | e | 2026-04-03 | 2026-04-07 | from Good Friday, Tuesday is day 1
working_day_number:2 | e | 2026-04-02 | 2026-04-07 | Thursday is 1, Tuesday 2
working_day_number:2 | s | 2026-04-02 | 2026-04-06 | in Scotland Easter Monday is 2
working_day_number:1 | s | 2026-06-15 | 2026-06-16 | from the World Cup holiday
working_day_number:1 | e | 2026-12-25 | 2026-12-29 | from Christmas Day
working_day_number:2 | n | 2026-03-16 | 2026-03-18 | over St Patrick's Day
calendar_after:28 | e | 2026-02-01 | 2026-03-01 | a February of 28 days
calendar_after:28 | e | 2024-02-01 | 2024-02-29 | a February of 29
calendar_after:28 | e | 2026-12-04 | 2027-01-01 | New Year's Day does not move it
calendar_after:28 | e | 2026-11-27 | 2026-12-25 | nor does Christmas
calendar_after:1 | e | 2026-12-31 | 2027-01-01 | over the year's end
calendar_after:14 | e | 2026-04-20 | 2026-05-04 | nor does a bank holiday
calendar_after:10 | e | 2026-03-30 | 2026-04-09 | Easter is counted
calendar_after:56 | e | 2026-03-02 | 2026-04-27 | eight weeks, over the change of clocks
calendar_after:28 | e | 2026-03-07 | 2026-04-04 | Saturday to Saturday
calendar_after:365 | e | 2023-03-01 | 2024-02-29 | a leap day inside
calendar_after:365 | e | 2026-01-01 | 2027-01-01 | an ordinary year
calendar_after:28 | e | 1969-12-31 | 1970-01-28 | before 1970, and before any calendar we have
calendar_after:28 | e | 2028-12-31 | 2029-01-28 | past the calendar's end it is still exact
calendar_after:28 | e | 2150-01-01 | 2150-01-29 | the far future
calendar_after:28 | s | 2026-06-01 | 2026-06-29 | holidays of a nation make no difference
calendar_after:28 | n | 2026-03-01 | 2026-03-29 | nor here
months_beginning_with:2 | e | 2023-12-31 | 2024-02-29 | no 31 February; that year it ends on the 29th
months_beginning_with:2 | e | 2026-12-30 | 2027-02-28 | no 30 February
months_beginning_with:2 | e | 2026-12-29 | 2027-02-28 | no 29 February in 2027
months_beginning_with:2 | e | 2026-12-28 | 2027-02-27 | there is a 28th to end before
months_beginning_with:2 | e | 2023-12-30 | 2024-02-29 | no 30 February in a leap year either
months_beginning_with:2 | e | 2023-12-29 | 2024-02-28 | there is a 29 February to end before
months_beginning_with:1 | e | 2026-01-31 | 2026-02-28 | one month from 31 January
months_beginning_with:1 | e | 2026-03-31 | 2026-04-30 | April has no 31st
months_beginning_with:1 | e | 2026-04-30 | 2026-05-29 | May has a 30th to end before
months_beginning_with:1 | e | 2026-10-31 | 2026-11-30 | November has no 31st
months_beginning_with:1 | e | 2026-02-01 | 2026-02-28 | one whole month
months_beginning_with:2 | e | 2026-01-01 | 2026-02-28 | January and February
months_beginning_with:2 | e | 2024-01-01 | 2024-02-29 | January and a leap February
months_beginning_with:12 | e | 2024-02-29 | 2025-02-28 | a year from the leap day
months_beginning_with:2 | e | 2024-02-29 | 2024-04-28 | two months from the leap day
months_beginning_with:48 | e | 2024-02-29 | 2028-02-28 | leap day to leap day
months_beginning_with:2 | e | 2026-02-28 | 2026-04-27 | from the last of February
months_beginning_with:6 | e | 2026-08-31 | 2027-02-28 | the Secretary of State's six months
months_beginning_with:6 | e | 2026-09-15 | 2027-03-14 | six months from the middle
months_beginning_with:2 | e | 2026-11-22 | 2027-01-21 | over the year's end
months_beginning_with:12 | e | 2026-07-10 | 2027-07-09 | a year
months_beginning_with:2 | s | 2026-10-25 | 2026-12-24 | from the day the clocks change
months_beginning_with:2 | n | 2026-10-26 | 2026-12-25 | Christmas Day does not move it
months_beginning_with:2 | e | 1968-12-31 | 1969-02-28 | before 1970
clear_after:10 | e | 2026-03-02 | 2026-03-12 | receipt and ten days
clear_after:10 | e | 2026-12-24 | 2027-01-03 | Christmas is counted; it falls on a Sunday
clear_after:10 | e | 2024-02-20 | 2024-03-01 | over a leap day
clear_after:10 | e | 2026-03-26 | 2026-04-05 | Easter Sunday
clear_after:10 | e | 2026-02-19 | 2026-03-01 | over an ordinary February
clear_after:1 | s | 2026-12-31 | 2027-01-01 | New Year's Day
clear_before:5 | e | 2026-03-23 | 2026-03-13 | a Monday meeting: the whole week before is clear, so the Friday before that
clear_before:5 | e | 2026-03-20 | 2026-03-12 | a Friday meeting: 13 and 16 to 19 are clear
clear_before:5 | e | 2026-03-21 | 2026-03-13 | a Saturday meeting
clear_before:5 | e | 2026-04-07 | 2026-03-26 | after Easter: 2 and 1 April, 31, 30 and 27 March
clear_before:5 | s | 2026-04-07 | 2026-03-27 | in Scotland Easter Monday is clear
clear_before:5 | n | 2026-03-19 | 2026-03-10 | St Patrick's Day does not count
clear_before:5 | e | 2026-05-05 | 2026-04-24 | the early May Monday does not count
clear_before:5 | e | 2027-01-06 | 2026-12-24 | 5 and 4 January, 31, 30 and 29 December
clear_before:5 | s | 2027-01-06 | 2026-12-23 | 4 January does not count, 24 December does
clear_before:3 | e | 2026-03-19 | 2026-03-13 | Wales: 18, 17 and 16
clear_before:1 | e | 2026-03-19 | 2026-03-17 | one clear day between
clear_before:1 | e | 2026-03-16 | 2026-03-12 | a Monday meeting: Friday is clear
clear_before:28 | e | 2026-03-31 | 2026-02-18 | twenty-eight: 2 to 30 March is 21, 19 to 27 February is 7
stated_date:2026-12-01 | e | 2026-11-02 | 2026-12-01 | as written
stated_date:2026-11-02 | e | 2026-11-02 | 2026-11-02 | on the day itself
stated_date:2026-12-25 | e | 2026-11-02 | 2026-12-25 | Christmas Day, if that is what is written
stated_date:2028-02-29 | n | 2026-11-02 | 2028-02-29 | a leap day
reasonable:10 | e | 2026-03-30 | 2026-04-15 | ten working days, Easter inside
reasonable:10 | s | 2026-03-30 | 2026-04-14 | one holiday fewer
reasonable:10 | n | 2026-03-10 | 2026-03-25 | St Patrick's Day inside
reasonable:5 | e | 2026-12-21 | 2026-12-30 | 22, 23, 24, 29, 30
"""


def rows(table: str) -> list[tuple[str, str, date, date, str]]:
    """The rows of a table: clock, nation, start, due, reason."""
    cells = [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.strip()]
    return [(c, _NATIONS[n], date.fromisoformat(s), date.fromisoformat(d), why) for c, n, s, d, why in cells]
