"""What each agency must do when a body asks it, in plain words, with the law; and warnings before anything is sent."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workflows.kinds import BODY_KINDS, read_agency_kinds
from workflows.powers import Standing, check_powers, power_for, read_powers

CONFIG = Path(__file__).parents[2] / "config"
KINDS = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
TEXT = (CONFIG / "powers.toml").read_text(encoding="utf-8")
POWERS = read_powers(TEXT, "config/powers.toml")
TODAY = date(2026, 11, 23)


def _standing(body: str, agency: str, **facts: Any) -> Standing:
    return power_for(POWERS, body_kind=body, agency_kind=agency, **{"on": TODAY, **facts})


@pytest.mark.parametrize(
    ("body", "agency", "facts", "sentence", "law"),
    [
        ("council-committee", "unitary", {"own_council": True}, "must supply copies of documents", "SI 2012/2089 reg 17"),
        ("council-committee", "unitary", {"own_council": True}, "within 10 clear days", "SI 2012/2089 reg 17"),
        ("health-committee", "icb", {"host_kind": "county"}, "must supply information on the planning", "SI 2013/218"),
        ("council-committee", "nhs-trust", {}, "by the date written in the request", "NHSA 2006 s.244"),
        ("crime-committee", "police", {"subject": "crime"}, "must supply depersonalised information", "SI 2009/942 reg 5"),
        ("council-committee", "police", {"subject": "crime"}, "if the committee that asks is its council's crime", "P&JA 2006"),
        ("council-committee", "police", {}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "fire", {}, "must have regard, need not reply", "LGA 2000 s.9FF"),
        ("council-committee", "county", {"subject": "flood"}, "must supply information about flood", "LGA 2000 s.9FH"),
        ("council-committee", "police", {"subject": "health"}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "dwp", {}, "must have regard, need not reply", "LGA 2000 s.9FF"),
        ("council-committee", "pcc", {}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "voluntary", {}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "environment-agency", {"subject": "flood"}, "though no period is set", "LGA 2000 s.9FH"),
        ("panel", "pcc", {}, "must supply any information the panel reasonably requires", "PRSRA 2011 s.13"),
        ("panel", "police", {}, "may be invited only", "PRSRA 2011 s.29(6)"),
        ("combined-authority-committee", "combined-authority", {"own_council": True}, "must supply", "SI 2017/68"),
        ("inspectorate", "icb", {"subject": "joint-area"}, "case records among them", "SI 2015/1792"),
        ("inspectorate", "dwp", {}, "may be invited only", "no power is known here"),
    ],
)
def test_before_a_request_is_sent_it_is_said_what_must_be_done(
    body: str, agency: str, facts: dict[str, Any], sentence: str, law: str
) -> None:
    standing = _standing(body, agency, **facts)
    assert sentence in standing.sentence
    assert law in standing.law


@pytest.mark.parametrize("agency", ["police", "probation", "fire", "district"])
def test_a_power_over_one_subject_never_leads_where_the_subject_is_not_given(agency: str) -> None:
    standing = _standing("council-committee", agency)
    assert standing.duty in ("regard", "invite")
    assert "crime" not in standing.sentence
    crime = next(clause for clause in standing.bound if clause.subject == "crime and disorder")
    assert crime.sentence.startswith("must supply depersonalised information")
    assert crime.sentence.endswith("if the committee that asks is its council's crime and disorder committee")
    assert (crime.law, crime.how_sure) == (
        "P&JA 2006 ss.19-20; SI 2009/942 reg 5",
        "from general knowledge; check it before relying on it",
    )


def test_a_crime_committee_is_known_to_be_one_so_no_condition_is_put_to_it() -> None:
    standing = _standing("crime-committee", "police", subject="crime")
    assert "if the committee" not in standing.sentence
    assert standing.bound == ()


def test_what_binds_on_one_subject_is_not_said_where_as_much_binds_on_all() -> None:
    assert _standing("council-committee", "county", own_council=True).bound == ()


def test_whoever_may_ask_under_freedom_of_information_may_in_scotland_too() -> None:
    assert POWERS.by_key("foi_scotland").askers == POWERS.by_key("foi").askers


def test_the_lead_local_flood_authority_answers_on_floods() -> None:
    assert {"county", "unitary", "metropolitan", "london-borough"} <= set(POWERS.by_key("flood").answerers)


def test_attendance_and_replies_have_lines_of_their_own() -> None:
    standing = _standing("council-committee", "icb", host_kind="unitary")
    assert _line(standing, "attend") == "must attend on reasonable notice, by a member or employee, to answer questions"
    assert "within 28 days" in _line(standing, "reply")
    own = _standing("council-committee", "county", own_council=True)
    assert "within two months beginning with the day of receipt" in _line(own, "reply")


def _line(standing: Standing, duty: str) -> str:
    power = standing.line_for(duty)
    return power.sentence if power else ""


def test_how_sure_we_are_is_said() -> None:
    assert _standing("council-committee", "unitary", own_council=True).how_sure == "seen in a public text"
    assert "check it before relying on it" in _standing("council-committee", "icb").how_sure


def test_a_district_councils_committee_is_warned_off_health_powers() -> None:
    standing = _standing("council-committee", "icb", host_kind="district", subject="health")
    assert standing.duty == "invite"
    assert any("A committee of a district council may not use" in w and "SI 2013/218" in w for w in standing.warnings)


def test_personal_data_may_not_be_asked_by_a_committee_but_may_by_an_inspectorate() -> None:
    assert any("Personal data may not be asked for" in w for w in _standing("council-committee", "icb", personal=True).warnings)
    asked = _standing("inspectorate", "nhs-trust", subject="joint-area", personal=True)
    assert not any("Personal data" in warning for warning in asked.warnings)


def test_a_doubtful_power_is_never_shown_as_a_duty() -> None:
    standing = _standing("joint-committee", "county", own_council=True)
    assert standing.duty == "invite"
    assert any("its text was not found" in warning for warning in standing.warnings)
    assert all(not power.doubtful for power in [standing.power] if power)


def test_where_another_kind_of_body_has_the_power_it_may_be_asked_to_ask() -> None:
    warnings = _standing("council-committee", "pcc").warnings
    assert any("Only a police, fire and crime panel may require this" in warning for warning in warnings)


def test_a_power_not_yet_law_is_not_relied_on_and_is_named() -> None:
    standing = _standing("health-committee", "nhs-trust", on=date(2013, 1, 1))
    assert standing.power is not None
    assert "SI 2013/218" not in standing.law
    assert any("is not law on this day" in warning for warning in standing.warnings)


def test_the_law_of_england_is_not_used_in_wales() -> None:
    assert "LGA 2000" not in _standing("council-committee", "unitary", own_council=True, nation="wales").law
    assert _standing("council-committee", "police", nation="wales", subject="crime").duty == "supply"


def test_every_pairing_of_body_and_agency_has_an_answer_in_words() -> None:
    for body in BODY_KINDS:
        for agency in KINDS:
            for own in (True, False):
                assert _standing(body, agency, own_council=own).sentence.startswith(("must ", "may be invited only"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('clock = "clear_after:10"', 'clock = "clear_after"', "powers.1.clock: The clock 'clear_after' needs a whole number"),
        ('duty = "supply"', 'duty = "suply"', "powers.1.duty: duty is 'suply', which is not known here; write supply"),
        ('askers = ["council-committee", "health', 'askers = ["council-comitee", "health', "write council-committee"),
        ("valid_from = 2012-09-10", "valid_from = 2012-09-31", "this is not good TOML"),
        ("valid_from = 2012-09-10", 'valid_from = "2012-09-10"', "of the wrong type; write a date such as 2026-04-01"),
        ("valid_from = 2012-09-10", "valid_from = 2012-09-10\nvalid_to = 2011-01-01", "valid_to falls before valid_from"),
        ('condition_on = ["council-committee"]\n', "", "write both condition and condition_on"),
        ('key = "osc_attend"', 'key = "osc_docs"', "key 'osc_docs' is used twice"),
        ('silence = "The executive', 'silense = "The executive', "silense is not a key known here; write silence"),
        ('confidence = "verified"', 'confidence = "certain"', "confidence is 'certain', which is not known here"),
        ('answerers = ["county", "district"', 'answerers = ["county", "distric"', "write district"),
    ],
)
def test_a_fault_in_the_file_is_refused_with_line_and_remedy(old: str, new: str, told: str) -> None:
    faults = check_powers(TEXT.replace(old, new, 1), "config/powers.toml", KINDS)
    fault = faults[0]
    assert told in "\n".join(one.sentence for one in faults)
    assert fault.file == "config/powers.toml"
    assert fault.line > 1
    line = TEXT.replace(old, new, 1).splitlines()[fault.line - 1]
    assert fault.key.split(".")[-1] in line or "not good TOML" in fault.problem or "missing" in fault.problem
