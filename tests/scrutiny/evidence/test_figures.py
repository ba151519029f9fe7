"""Figures typed one a line: one number is read, anything else is named by its line and never guessed at."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.evidence.figures import faults_in, kept_figures, read_figures
from workflows.refusals import Refused


@pytest.mark.parametrize(
    ("line", "label", "number", "unit"),
    [
        ("Referrals: 1,204 children", "Referrals", "1204", "children"),
        ("Spend in 2025-26: £3.2 million", "Spend in 2025-26", "3.2", "£ million"),
        ("Change: -4.5 %", "Change", "-4.5", "%"),
        ("Change: −4.5%", "Change", "-4.5", "%"),
        ("Reserve: -£1,200,000", "Reserve", "-1200000", "£"),
        ("Reserve: £-12", "Reserve", "-12", "£"),
        ("Growth: +5 posts", "Growth", "5", "posts"),
        ("Waiting: 0", "Waiting", "0", ""),
        ("Year 2025: boys: 12", "Year 2025: boys", "12", ""),
        ("People: 1 204 000", "People", "1204000", ""),
        ("Share: .75", "Share", "0.75", ""),
        ("Wait: 12.5 hours", "Wait", "12.5", "hours"),
        ("Beds: 3 per 1,000 people", "Beds", "3", "per 1,000 people"),
        ("Cost: £4m", "Cost", "4", "£ m"),
        ("Rate: 12 per 100,000", "Rate", "12", "per 100,000"),
        ("Rate: 3.5 deaths per 100,000 people aged 5 to 11", "Rate", "3.5", "deaths per 100,000 people aged 5 to 11"),
        ("Cost: 14p per £1,000", "Cost", "14", "p per £1,000"),
        ("Pupils: 120 Year 7 pupils", "Pupils", "120", "Year 7 pupils"),
        ("Children: 12 children aged 5-11", "Children", "12", "children aged 5-11"),
        ("Children: 1,204 children in 2025", "Children", "1204", "children in 2025"),
        ("Homes: 40 three-bed homes", "Homes", "40", "three-bed homes"),
        ("Floor: 40 m2", "Floor", "40", "m2"),
        ("Wait: 12 hours", "Wait", "12", "hours"),
        ("Visits: 5 visits in 12 months", "Visits", "5", "visits in 12 months"),
        ("Share: 40% of pupils", "Share", "40", "% of pupils"),
        ("Staff: 4 in post", "Staff", "4", "in post"),
        ("Staff: 4 doctors and nurses", "Staff", "4", "doctors and nurses"),
        ("Change: 4-bed homes", "Change", "4", "-bed homes"),
    ],
)
def test_a_line_is_a_label_a_number_and_a_unit(line: str, label: str, number: str, unit: str) -> None:
    figure = read_figures(line)[0]
    assert (figure.label, figure.number, figure.unit) == (label, Decimal(number), unit)


@pytest.mark.parametrize(
    ("line", "typed", "unit"),
    [
        ("Children: <5", "<5", ""),
        ("Children: < 5 children", "< 5", "children"),
        ("Children: ≤10", "≤10", ""),
        ("Children: fewer than 5", "fewer than 5", ""),
        ("Children: c", "c", ""),
        ("Children: [c]", "[c]", ""),
        ("Children: *", "*", ""),
        ("Children: suppressed", "suppressed", ""),
        ("Children: n/a", "n/a", ""),
        ("Children: [low]", "[low]", ""),
    ],
)
def test_a_small_number_may_be_kept_back(line: str, typed: str, unit: str) -> None:
    figure = read_figures(line)[0]
    assert (figure.label, figure.number, figure.typed, figure.unit) == ("Children", None, typed, unit)


@pytest.mark.parametrize(
    "line",
    [
        "Ratio of staff to children: 1:8",
        "Average wait (hours): 12:30",
        "Calls: 5-10",
        "Calls: 5–10",
        "Calls: 5 - 10",
        "Calls: 5 to 10",
        "Calls: 5/10",
        "Ratio: 5 : 6",
        "Wait: 1::0",
        "Rate: 12,5 %",
        "Rate: 1.234,5",
        "Two: 1.2.3",
        "Two: 1,23",
        "Big: 1e5",
        "Big: 10^5",
        "Note: 5¹",
        "Half: 2½",
        "Two: 5 6",
        "Two: --5",
        "About: 5 ± 1",
        "no colon here",
        ": 4",
        "Bad: lots",
        "Bad:",
    ],
)
def test_what_is_not_one_number_is_refused_by_its_line(line: str) -> None:
    faults = faults_in(f"Good: 1\n{line}\nGood too: 2")
    assert len(faults) == 1
    assert faults[0].startswith("Line 2: ")
    assert re.search("like '(Referrals in the year: 1,204 children|Children for each adult: 4)'", faults[0])


_SECOND = st.sampled_from(["3", "10", "1,500", "£1,500", "£1.5m", "20.5", "ten"])
_FIRST = st.sampled_from(["1", "£1,200", "3.5", "-4", "£1.2m", "12%"])
#: How people write two numbers, a part, an interval or a bound where one number is asked for.
TWO_NUMBERS = [
    *("{a} in {b}", "{a} of {b}", "{a} out of {b}", "{a} out of every {b}", "{a} of the {b}", "{a} to {b}", "{a} or {b}"),
    *("{a} and {b}", "{a}–{b}", "{a} – {b}", "{a} - {b}", "{a}; {b}", "{a} ({b})", "{a} [{b} to {b}]", "{a} (95% CI {b} to {b})"),
    *("{a} (range {b})", "{a} ± {b}", "{a} vs {b}", "{a} x {b}", "{a} plus {b}", "{a}+", "{a}-", "{a} +", "{a}?", "{a} or more"),
    *(
        "{a} plus",
        "{a}+ people",
        "{a} people to {b} people",
        "{a} people of {b}",
        "{a} people out of {b}",
        "{a} (about {b} to {b})",
    ),
]
STEPS = [("h", "min"), ("hours", "minutes"), ("hrs", "mins"), ("years", "months"), ("weeks", "days"), ("ft", "in"), ("h", "")]


@given(st.sampled_from(TWO_NUMBERS), _FIRST, _SECOND)
def test_two_numbers_a_part_or_a_bound_are_never_stored_as_one(shape: str, first: str, second: str) -> None:
    fault = faults_in(f"Count: {shape.format(a=first, b=second)}")
    assert len(fault) == 1, shape.format(a=first, b=second)
    assert fault[0].startswith("Line 1: “")


@given(
    st.sampled_from(STEPS),
    st.integers(1, 99),
    st.integers(1, 59),
    st.sampled_from(["", " "]),
    st.sampled_from([" ", ", ", " and "]),
)
def test_a_measure_in_several_steps_is_never_stored_as_its_first(
    step: tuple[str, str], big: int, small: int, gap: str, between: str
) -> None:
    typed = f"{big}{gap}{step[0]}{between}{small}{gap}{step[1]}"
    assert len(faults_in(f"Usual wait: {typed}")) == 1, typed


def test_every_line_at_fault_is_named_and_blank_ones_are_passed_over() -> None:
    faults = faults_in("Good: 1\n\nno colon here\n: 4\nBad: lots\nTwo: 1.2.3")
    assert [fault.split(":")[0] for fault in faults] == ["Line 3", "Line 4", "Line 5", "Line 6"]


def test_a_kept_line_that_is_refused_today_is_still_shown_as_it_was_typed() -> None:
    """What was accepted once stays readable."""
    ratio, fair = kept_figures("Ratio of staff to children: 1:8\nGood: 1")
    assert (ratio.label, ratio.number, ratio.typed) == ("Ratio of staff to children", None, "1:8")
    assert fair.number == 1


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_any_number_written_plainly_or_with_commas_is_read_as_itself(number: Decimal) -> None:
    for written in (f"{number:f}", f"{number:,.2f}", f"{number:,.2f}".replace("-", "−")):
        assert read_figures(f"Count: {written} things")[0].number == number


@given(st.text(alphabet="0123456789.,:-–/ %£<", min_size=1, max_size=12))
def test_a_number_read_is_all_of_what_was_typed(typed: str) -> None:
    """No figure of what was typed may be lost: what is read, written again with its unit, has the same figures."""
    try:
        figure = read_figures(f"Count: {typed}")[0]
    except Refused:
        return  # either outcome is right; only a silent loss is not
    figures = "".join(c for c in typed if c.isdigit())
    kept = "".join(c for c in (f"{figure.number:f}" if figure.number is not None else figure.typed) + figure.unit if c.isdigit())
    assert figures.lstrip("0") == kept.lstrip("0") or figures == kept
