"""The day of a response: the law's duty first, the method's own rule as the day asked for, both kept with why."""

from __future__ import annotations

from datetime import date

import pytest

from config.settings import PROJECT_ROOT
from scrutiny import due_words
from scrutiny.recommendations.clocks import Asked, response_dates
from tests.workflows.calendars import CALENDARS
from workflows.kinds import read_agency_kinds
from workflows.methods import read_method
from workflows.powers import read_powers

CONFIG = PROJECT_ROOT / "config"
KINDS = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
POWERS = read_powers((CONFIG / "powers.toml").read_text(encoding="utf-8"), "powers.toml")
RECEIVED = date(2026, 3, 2)


def dates(method: str, kind: str, power: str | None, holding: set[str], *, own: bool = False):
    """The dates of a response received on 2 March 2026, under the newest method of a name."""
    name = f"{method}-2026.1.toml"
    read = read_method((CONFIG / "methods" / name).read_text(encoding="utf-8"), name)
    rule = read.response_rule_for(kind, own_council=own, holding=holding)
    asked = Asked(POWERS.by_key(power) if power else None, read, rule, RECEIVED, "england")
    return response_dates(asked, CALENDARS)


@pytest.mark.parametrize(
    ("method", "kind", "power", "holding", "own", "law", "wish", "due"),
    [
        # The executive's own council: two months beginning with receipt, and the method says the same.
        ("council-task-and-finish", "county", "osc_response", {"osc_response"}, True, "2026-05-01", "2026-05-01", "2026-05-01"),
        # A health body, where the committee holds the health power: 28 days, and the method names that law.
        ("council-task-and-finish", "icb", "health_report", {"health_report"}, False, "2026-03-30", "2026-03-30", "2026-03-30"),
        # The same body, where it does not: no duty, forty working days asked for.
        ("council-task-and-finish", "icb", None, set(), False, None, "2026-04-29", "2026-04-29"),
        # A partner that need only have regard: no duty to reply, forty working days asked for.
        ("council-task-and-finish", "fire", "partner_regard", {"partner_regard"}, False, None, "2026-04-29", "2026-04-29"),
        # A power over crime and disorder sets no day in a review of something else …
        ("council-task-and-finish", "police", "crime_response", {"crime_response"}, False, None, "2026-04-29", "2026-04-29"),
        # … and does in one of crime and disorder.
        ("crime-and-disorder", "police", "crime_response", {"crime_response"}, False, "2026-03-30", "2026-03-30", "2026-03-30"),
        # A call-in asks nothing of an agency that did not decide; the law's day still counts if there is one.
        ("call-in", "fire", None, set(), False, None, None, None),
        ("call-in", "county", "osc_response", {"osc_response"}, True, "2026-05-01", "2026-03-16", "2026-05-01"),
    ],
)
def test_the_law_comes_first_and_the_methods_rule_is_the_day_asked_for(
    method: str, kind: str, power: str | None, holding: set[str], own: bool, law: str | None, wish: str | None, due: str | None
) -> None:
    found = dates(method, kind, power, holding, own=own)
    said = [
        str(one) if one else None
        for one in (found.statutory and found.statutory.due, found.agreed and found.agreed.due, found.due_on)
    ]
    assert said == [law, wish, due]


def test_both_days_are_kept_with_why(context: None) -> None:
    working = dates("call-in", "county", "osc_response", {"osc_response"}, own=True).working
    assert "The law's day counts; the method asks for Monday 16 March 2026. The decision maker reconsiders" in due_words.why(
        working
    )
    assert working.statutory.steps
    assert working.agreed.clock == "reasonable:10"
    asked_for = dates("council-task-and-finish", "fire", "partner_regard", {"partner_regard"}).working
    assert "The method asks for this day. A partner authority must have regard" in due_words.why(asked_for)
    assert asked_for.source == "method council-task-and-finish-2026.1"
