"""Clash rules: each check by hand on both sides of its edge; a kept text is read, a new one is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT
from tests.workflows.calendars import CALENDARS
from workflows.clashes import (
    DaysOff,
    Facts,
    Load,
    Near,
    Work,
    check_clash_rules,
    find_clashes,
    months_after,
    quarter_of,
    read_clash_rules,
)

TEXT = Path(PROJECT_ROOT / "config" / "clashes.toml").read_text(encoding="utf-8")
RULES = read_clash_rules(TEXT, "clashes.toml")
PLAN = Work(
    "plan-1",
    "Damp homes",
    date(2027, 2, 1),
    date(2027, 6, 30),
    frozenset({1}),
    frozenset({7, 8}),
    frozenset({"housing"}),
    ((date(2027, 3, 1), date(2027, 3, 5)),),
    (date(2027, 6, 1),),
    date(2027, 2, 19),
    "crime-and-disorder",
)


def _rules(work: Work, facts: Facts) -> list[str]:
    """The keys of the rules that a plan breaks."""
    return [one.rule.key for one in find_clashes(work, facts, RULES, CALENDARS.of("england"))]


def _other(**changes: object) -> Near:
    work = Work("review-2", "Rents (R-2027-002)", date(2027, 1, 4), date(2027, 12, 1), frozenset({2}))
    return Near(replace(work, **changes), 0.4)  # type: ignore[arg-type]  # named as the fields are


# From Fri 5 March, Mon 5 April 2027 is the 20th working day after but Good Friday 26 March and Easter Monday 29 March are none.
@pytest.mark.parametrize(("begins", "clash"), [(date(2027, 4, 6), True), (date(2027, 4, 7), False), (date(2027, 3, 3), True)])
def test_two_visits_within_twenty_working_days(begins: date, clash: bool) -> None:
    near = _other(agencies=frozenset({8, 9}), fieldwork=((begins, begins),))
    found = [one for one in find_clashes(PLAN, Facts([near]), RULES, CALENDARS.of("england")) if one.rule.key == "two-visits"]
    assert [one.agency for one in found] == ([8] if clash else [])
    assert _rules(PLAN, Facts([_other(agencies=frozenset({9}), fieldwork=((begins, begins),))])) == []


@pytest.mark.parametrize(
    ("changes", "share", "clash"),
    [
        ({"first": date(2027, 12, 30), "last": date(2028, 3, 1)}, 0.4, True),
        ({"first": date(2027, 12, 31), "last": date(2028, 3, 1)}, 0.4, False),
        ({}, 0.09, False),
        ({"themes": frozenset({"police"})}, 0.4, False),
    ],
)
def test_the_same_theme_within_six_months_in_a_tenth_of_the_place(changes: dict[str, object], share: float, clash: bool) -> None:
    near = replace(_other(**{"themes": frozenset({"housing"}), **changes}), share=share)
    assert (_rules(PLAN, Facts([near])) == ["same-theme"]) is clash


@pytest.mark.parametrize(
    ("days", "keys"),
    [
        (DaysOff("a", "blackout", "Busy", date(2027, 3, 5), date(2027, 3, 9), frozenset({8})), ["blackout"]),
        (DaysOff("a", "blackout", "Busy", date(2027, 3, 6), date(2027, 3, 9), frozenset({8})), []),
        (DaysOff("a", "blackout", "Busy", date(2027, 3, 5), date(2027, 3, 9), frozenset({9})), []),
        (DaysOff("a", "blackout", "Away", date(2027, 3, 5), date(2027, 3, 9), None, frozenset({1})), ["blackout"]),
        (DaysOff("a", "blackout", "Away", date(2027, 3, 5), date(2027, 3, 9), None, frozenset({2})), []),
        (DaysOff("a", "poll", "Poll", date(2027, 2, 1), date(2027, 3, 4), share=0.05), ["pre-election"]),
        (DaysOff("a", "poll", "Poll", date(2027, 2, 1), date(2027, 3, 4), share=0.04), []),
        (DaysOff("a", "year-end", "Year end", date(2027, 3, 1), date(2027, 4, 4)), ["holiday"]),
    ],
)
def test_days_to_keep_clear_of_are_for_whom_they_name(days: DaysOff, keys: list[str]) -> None:
    assert _rules(PLAN, Facts(days=[days])) == keys


def test_load_evidence_and_intervals() -> None:
    loads = [Load(7, date(2027, 1, 1), 40, 6, 40, 5), Load(8, date(2027, 1, 1), 400, 60)]
    (found,) = find_clashes(PLAN, Facts(loads=loads), RULES, CALENDARS.of("england"))
    assert (found.rule.key, found.agency, found.number, found.limit) == ("over-load", 7, 6, 5)
    assert _rules(replace(PLAN, evidence_by=date(2027, 6, 2)), Facts()) == ["meeting-before-evidence"]
    assert _rules(PLAN, Facts(previous={"crime-and-disorder": date(2026, 6, 30)})) == []
    assert _rules(PLAN, Facts(previous={"crime-and-disorder": date(2026, 6, 29)})) == ["crime-and-disorder-yearly"]


def test_the_gravest_stands_first_and_a_key_changes_with_the_days() -> None:
    off = DaysOff("a", "blackout", "Busy", date(2027, 3, 5), date(2027, 3, 9), frozenset({8}))
    near = _other(themes=frozenset({"housing"}))
    found = find_clashes(PLAN, Facts([near], [off]), RULES, CALENDARS.of("england"))
    assert [one.rule.severity for one in found] == ["block", "warn"]
    moved = replace(off, first=date(2027, 3, 4))
    assert find_clashes(PLAN, Facts([], [moved]), RULES, CALENDARS.of("england"))[0].key != found[0].key


def test_months_and_quarters() -> None:
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert quarter_of(date(2027, 12, 31)) == date(2027, 10, 1)


def test_a_kept_text_is_read_and_a_new_one_judged() -> None:
    assert check_clash_rules(TEXT, "clashes.toml") == ()
    bad = TEXT.replace('severity = "block"', 'severity = "fatal"', 1).replace('check = "same-theme"', 'check = "same-team"')
    said = [fault.sentence for fault in check_clash_rules(bad, "clashes.toml", methods=["area-send"])]
    assert any("severity is 'fatal'" in one for one in said)
    assert any("write same-theme" in one for one in said)
    assert any("crime-and-disorder" in one for one in said)
    kept = read_clash_rules(bad, "clashes.toml")
    assert "same-theme" not in {rule.key for rule in kept}
    assert next(rule for rule in kept if rule.key == "blackout").severity == "note", "unknown is the mildest"
