"""How fast due dates are worked out, beside numpy's own counting of business days."""

from datetime import date, timedelta
from time import perf_counter

import numpy
import pytest

from tests.workflows.calendars import CALENDARS
from workflows.deadlines import due

MANY = 100_000
STARTS = [date(2018, 1, 1) + timedelta(days=n % 3650) for n in range(MANY)]


@pytest.mark.bench
def test_a_hundred_thousand_due_dates_take_less_than_a_second() -> None:
    """The working is built only when asked for; the ratio to numpy is printed for the record."""
    calendar = CALENDARS.of("england")
    began = perf_counter()
    ours = [due("working_after:20", start, CALENDARS).due for start in STARTS]
    seconds = perf_counter() - began

    holidays = numpy.array(sorted(calendar.holidays), dtype="datetime64[D]")
    began = perf_counter()
    theirs = [numpy.busday_offset(start, 20, roll="backward", holidays=holidays).item() for start in STARTS[:2000]]
    one_by_one = (perf_counter() - began) * MANY / 2000
    began = perf_counter()
    at_once = numpy.busday_offset(numpy.array(STARTS, dtype="datetime64[D]"), 20, roll="backward", holidays=holidays).tolist()
    together = perf_counter() - began
    print(f"{MANY / seconds:,.0f} due dates a second, each with all its working to hand")
    print(f"numpy.busday_offset takes {one_by_one / seconds:.1f} times as long one by one, {together / seconds:.2f} all at once")
    assert ours[:2000] == theirs
    assert ours == at_once
    assert seconds < 1
