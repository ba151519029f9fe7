"""The methods shipped: each may be used, says who may lead it, and never changes once published."""

from datetime import date
from pathlib import Path

import pytest

from workflows.kinds import read_agency_kinds
from workflows.methods import Method, due_of_evidence, read_method, timetable_of
from workflows.powers import read_powers
from workflows.workdays import read_calendars

CONFIG = Path(__file__).parents[2] / "config"
AGENCIES = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
POWERS = read_powers((CONFIG / "powers.toml").read_text(encoding="utf-8"), "powers.toml", AGENCIES)
CALENDARS = read_calendars({path.name: path.read_text(encoding="utf-8") for path in (CONFIG / "holidays").glob("*.toml")})
METHODS = {
    path.stem: read_method(path.read_text(encoding="utf-8"), path.name, agency_kinds=AGENCIES, powers=[p.key for p in POWERS])
    for path in sorted((CONFIG / "methods").glob("*.toml"))
}
# A review keeps the edition it was opened with: a published file is copied under a higher number, never edited.
PUBLISHED = {
    "area-send-2026.1": "4a69326cc746b01937b4ed53aa279ba9622e65dc687b9bf4396f40015caee7d3",
    "council-task-and-finish-2026.1": "56ced9f00a019a22f4a925eaeee2f1e8f2af0204ff2d72082b1ba5aae55f68d7",
    "jtai-2026.1": "659a9253179b6c0b7926dd9febc4b66c5b8a3f6ffc969705c842fbdc842cbe41",
}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


def test_a_published_method_never_changes() -> None:
    assert {name: method.digest for name, method in METHODS.items()} == PUBLISHED


@pytest.mark.parametrize("body", ["council-committee", "health-committee", "joint-committee", "panel"])
@pytest.mark.parametrize("name", ["jtai-2026.1", "area-send-2026.1"])
def test_no_committee_may_lead_or_join_a_joint_inspection(name: str, body: str) -> None:
    assert "only an inspectorate may (Children Act 2004 s.20)" in METHODS[name].why_not_lead(body)
    assert METHODS[name].why_not_join(body)
    assert METHODS[name].why_not_lead("inspectorate") == ""


def test_a_council_committee_leads_its_own_review_and_an_inspectorate_may_join() -> None:
    method = METHODS["council-task-and-finish-2026.1"]
    assert method.why_not_lead("council-committee") == ""
    assert method.why_not_join("inspectorate") == ""
    assert method.why_not_lead("inspectorate")


def test_a_council_review_asks_two_things_or_more_of_every_kind_of_agency() -> None:
    method = METHODS["council-task-and-finish-2026.1"]
    assert [kind for kind in AGENCIES if len(method.evidence_for(kind)) < 2] == []


@every_method
def test_each_has_four_to_six_lines_and_something_to_ask_on_each(method: Method) -> None:
    assert 4 <= len(method.lines) <= 6
    assert {item.line for item in method.evidence} == {line.key for line in method.lines}


@every_method
def test_each_draws_a_timetable_in_which_no_phase_ends_before_it_starts(method: Method) -> None:
    for opens in (date(2026, 2, 28), date(2026, 4, 3), date(2026, 12, 24), date(2024, 2, 29)):
        for phase in timetable_of(method, opens, CALENDARS):
            assert opens <= phase.starts_on <= phase.ends_on
            assert phase.why


@every_method
def test_each_item_is_due_after_the_day_it_is_asked(method: Method) -> None:
    opens = date(2026, 3, 3)
    phases = timetable_of(method, opens, CALENDARS)
    for item in method.evidence:
        answer = due_of_evidence(item, phases, opens, CALENDARS)
        assert answer.due is not None
        assert answer.due > opens, item.key


@every_method
def test_a_power_an_item_names_reaches_every_agency_it_is_asked_of(method: Method) -> None:
    for item in method.evidence:
        if item.power:
            assert set(item.agencies) <= set(POWERS.by_key(item.power).answerers), item.key


@every_method
def test_each_closes_its_responses_with_a_rule_for_anybody(method: Method) -> None:
    assert all(method.response_rule_for(kind) for kind in AGENCIES)


def test_personal_evidence_is_asked_only_where_statute_lets_it_be_held() -> None:
    personal = {name for name, method in METHODS.items() if any(item.marking == "personal" for item in method.evidence)}
    assert personal == {"jtai-2026.1", "area-send-2026.1"}


def test_the_joint_inspection_of_haringey_falls_as_it_did() -> None:
    dates = {phase.key: phase for phase in timetable_of(METHODS["jtai-2026.1"], date(2017, 11, 21), CALENDARS)}
    assert (dates["fieldwork"].starts_on, dates["fieldwork"].ends_on) == (date(2017, 12, 4), date(2017, 12, 8))
    assert dates["accuracy-check"].starts_on == date(2018, 1, 3)
    assert dates["accuracy-check"].ends_on == date(2018, 1, 16)
    assert dates["publication"].starts_on == date(2018, 1, 30)
    assert dates["statement"].ends_on == date(2018, 5, 11)
