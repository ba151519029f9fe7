"""What each agency must do when a body asks it, in plain words, with the law; and warnings before anything is sent."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrutiny.legal_words import Days, caution_sentence, due_sentence, duty_words, how_sure
from workflows.kinds import BODY_KINDS, read_agency_kinds
from workflows.legal_basis import Asking, LegalBasis, find_basis
from workflows.powers import check_powers, read_powers

CONFIG = Path(__file__).parents[2] / "config"
KINDS = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
TEXT = (CONFIG / "powers.toml").read_text(encoding="utf-8")
POWERS = read_powers(TEXT, "config/powers.toml")
TODAY = date(2026, 11, 23)


def _basis(body: str, agency: str, asked: str = "supply", named: str = "", **facts: Any) -> LegalBasis:
    return find_basis(POWERS, Asking(body, agency, **{"on": TODAY, **facts}), asked, named=named)


def _cautions(basis: LegalBasis) -> str:
    return " ".join(caution_sentence(caution) for caution in basis.cautions)


@pytest.mark.parametrize(
    ("body", "agency", "facts", "words", "law"),
    [
        ("council-committee", "unitary", {"own_council": True}, "must supply copies of documents", "SI 2012/2089 reg 17"),
        ("council-committee", "unitary", {"own_council": True}, "within 10 clear days", "SI 2012/2089 reg 17"),
        ("health-committee", "icb", {"host_kind": "county", "subject": "health"}, "information on the planning", "SI 2013/218"),
        ("council-committee", "health-provider", {"subject": "health"}, "must supply information on the", "NHSA 2006 s.244"),
        ("crime-committee", "police", {"subject": "crime"}, "must supply depersonalised information", "SI 2009/942 reg 5"),
        ("council-committee", "police", {}, "may be invited", "LGA 2000 s.9FA"),
        ("council-committee", "icb", {}, "may be invited", "LGA 2000 s.9FA"),
        ("council-committee", "county", {"subject": "flood"}, "must supply information about flood", "LGA 2000 s.9FH"),
        ("council-committee", "police", {"subject": "health"}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "pcc", {}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "voluntary", {}, "may be invited only", "LGA 2000 s.9FA"),
        ("council-committee", "unitary", {"nation": "wales"}, "may be invited only", "LGA 2000 s.21(13)-(15)"),
        ("council-committee", "environment-agency", {"subject": "flood"}, "must supply", "LGA 2000 s.9FH"),
        ("panel", "pcc", {}, "must supply any information the panel reasonably requires", "PRSRA 2011 s.13"),
        ("panel", "mopac", {}, "must supply documents", "PRSRA 2011 ss.32-33"),
        ("panel", "police", {}, "may be invited", "PRSRA 2011 s.29(6)"),
        ("combined-authority-committee", "combined-authority", {"own_council": True}, "must supply", "SI 2017/68"),
        ("inspectorate", "icb", {"subject": "joint-area"}, "case records among them", "SI 2015/1792"),
        ("inspectorate", "dwp", {}, "may be invited only", ""),
    ],
)
def test_before_a_request_is_sent_it_is_said_what_must_be_done(
    body: str, agency: str, facts: dict[str, Any], words: str, law: str
) -> None:
    basis = _basis(body, agency, **facts)
    assert words in duty_words(basis)
    assert law in basis.law


@pytest.mark.parametrize("agency", ["police", "probation", "fire", "district"])
def test_a_power_over_one_subject_never_leads_where_the_subject_is_not_given(agency: str) -> None:
    basis = _basis("council-committee", agency)
    assert (basis.duty, basis.binds) == ("invite", False)
    assert basis.unsettled, "it cannot be said that nothing is owed"
    crime = next(clause for clause in basis.beside if clause.subject == "crime")
    assert crime.condition == "if the committee that asks is its council's crime and disorder committee"
    assert (crime.source, crime.confidence) == ("P&JA 2006 s.20(5)(c); SI 2009/942 reg 5", "general knowledge")


def test_a_condition_that_is_not_known_to_be_met_is_not_claimed() -> None:
    asked = _basis("council-committee", "police", subject="crime")
    assert (asked.binds, asked.unsettled) == (False, True)
    assert "binds only if the committee that asks is its council's crime and disorder committee" in _cautions(asked)
    assert _basis("council-committee", "police", subject="crime", acting=True).binds, "the method is that committee's own"


def test_a_crime_committee_is_known_to_be_one_so_no_condition_is_put_to_it() -> None:
    basis = _basis("crime-committee", "police", subject="crime")
    assert basis.binds
    assert basis.chief is not None
    assert basis.chief.condition == ""
    assert basis.beside == ()


def test_a_cooperating_body_is_not_told_that_it_must_nor_that_it_need_not() -> None:
    basis = _basis("crime-committee", "college", subject="crime")
    assert (basis.binds, basis.unsettled) == (False, True)
    assert "if it is a co-operating body" in _cautions(basis)


def test_a_statement_is_owed_only_where_the_methods_own_rule_says_so() -> None:
    assert not _basis("inspectorate", "county", "reply", subject="joint-area").binds
    assert _basis("inspectorate", "county", "reply", "jar_statement", subject="joint-area").binds


def test_whoever_may_ask_under_freedom_of_information_may_in_scotland_too() -> None:
    assert POWERS.by_key("foi_scotland").askers == POWERS.by_key("foi").askers


def test_the_lead_local_flood_authority_answers_on_floods() -> None:
    assert {"county", "unitary", "metropolitan", "london-borough"} <= set(POWERS.by_key("flood").answerers)


def test_attendance_and_replies_have_bases_of_their_own() -> None:
    facts = {"host_kind": "unitary", "subject": "health"}
    attend = duty_words(_basis("council-committee", "icb", "attend", **facts))
    assert attend == "must send a member or employee to answer questions, on reasonable notice"
    assert "within 28 days" in duty_words(_basis("council-committee", "icb", "reply", **facts))
    own = _basis("council-committee", "county", "reply", own_council=True)
    assert "within two months beginning with the day of receipt" in duty_words(own)


def test_how_sure_we_are_is_kept_with_the_law() -> None:
    own = _basis("council-committee", "unitary", own_council=True).chief
    crime = _basis("crime-committee", "police", subject="crime").chief
    assert own is not None
    assert crime is not None
    assert how_sure(own) == "checked in a published text"
    assert "check it before relying on it" in how_sure(crime)


def test_a_district_councils_committee_is_warned_off_health_powers() -> None:
    basis = _basis("council-committee", "icb", host_kind="district", subject="health")
    assert basis.duty == "invite"
    assert "A committee of a district council may not use" in _cautions(basis)
    assert "SI 2013/218" in _cautions(basis)


def test_a_committee_whose_council_is_not_known_is_warned_of() -> None:
    told = _cautions(_basis("health-committee", "icb", subject="health"))
    assert "The council this committee belongs to is not recorded" in told
    known = _basis("health-committee", "icb", subject="health", host_kind="county")
    assert "not recorded" not in _cautions(known)


def test_personal_data_may_not_be_asked_by_a_committee_but_may_by_an_inspectorate() -> None:
    assert "Personal data may not be asked for" in _cautions(_basis("council-committee", "icb", personal=True))
    asked = _basis("inspectorate", "nhs-trust", subject="joint-area", personal=True)
    assert "Personal data" not in _cautions(asked)


def test_a_doubtful_power_is_never_shown_as_a_duty() -> None:
    basis = _basis("joint-committee", "county", own_council=True)
    assert (basis.duty, basis.unsettled) == ("invite", True)
    assert "so no letter claims it as a duty: SI 2012/1021 was not read" in _cautions(basis)


def test_each_doubtful_power_says_what_was_not_read() -> None:
    assert [power.key for power in POWERS if power.doubtful != bool(power.doubt)] == []


def test_where_another_kind_of_body_has_the_power_it_may_be_asked_to_ask() -> None:
    told = _cautions(_basis("council-committee", "pcc"))
    assert "Only a police, fire and crime panel may require this" in told


def test_a_power_not_yet_law_is_not_relied_on_and_is_named() -> None:
    basis = _basis("health-committee", "nhs-trust", on=date(2013, 1, 1), subject="health")
    assert "SI 2013/218" not in basis.law
    assert "is not law on this day" in _cautions(basis)


def test_the_law_of_england_is_not_used_in_wales() -> None:
    assert "SI 2012/2089" not in _basis("council-committee", "unitary", own_council=True, nation="wales").law
    welsh = {"nation": "wales", "subject": "crime"}
    assert not _basis("crime-committee", "police", **welsh).binds, "no Welsh regulations on information were found"
    reply = _basis("crime-committee", "police", "reply", **welsh).chief
    assert reply is not None
    assert (reply.key, reply.clock) == ("crime_response_wales", "none")
    assert not _basis("council-committee", "unitary", "reply", own_council=True, nation="wales").binds


def test_a_panel_is_warned_where_its_commissioner_was_to_have_ended() -> None:
    assert "was expected to end in May 2028" not in _cautions(_basis("panel", "pcc"))
    told = _cautions(_basis("panel", "pcc", on=date(2028, 5, 4)))
    assert "was expected to end in May 2028 (statement of 13 November 2025 and White Paper" in told


@pytest.mark.parametrize("body", BODY_KINDS)
def test_every_pairing_of_body_and_agency_has_an_answer_in_words_and_comes_back_from_plain_values(body: str) -> None:
    for agency in KINDS:
        for asked in ("supply", "attend", "reply"):
            for own in (True, False):
                basis = _basis(body, agency, asked, own_council=own)
                assert duty_words(basis).startswith(("must ", "may be invited", "may reply"))
                assert LegalBasis.from_plain(basis.to_plain()) == basis
                assert not basis.stripped().cautions


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
        ('silence = "If it does not', 'silense = "If it does not', "silense is not a key known here; write silence"),
        ('confidence = "verified"', 'confidence = "verified"\ndoubt = "unread"', "a doubt belongs with a doubtful power"),
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


LAW = find_basis(POWERS, Asking("council-committee", "county", TODAY, own_council=True))
NO_LAW = find_basis(POWERS, Asking("council-committee", "voluntary", TODAY))


@pytest.mark.parametrize(
    ("basis", "asked_for", "by_law", "words"),
    [
        (LAW, "2026-12-04", "2026-12-09", "We ask for it by Friday 4 December 2026; by law you have until Wednesday 9 December"),
        (LAW, "2026-12-09", "2026-12-09", "You must answer by Wednesday 9 December 2026. That is the day set by law."),
        (
            LAW,
            "2026-12-18",
            "2026-12-09",
            "We ask for it by Friday 18 December 2026, which is later than the day set by law, Wednesday",
        ),
        (LAW, "2026-12-04", None, "Please answer by Friday 4 December 2026."),
        (NO_LAW, "2026-12-04", None, "Please answer by Friday 4 December 2026."),
    ],
)
def test_must_belongs_to_the_day_set_by_law_and_one_day_leads(
    basis: LegalBasis, asked_for: str, by_law: str | None, words: str
) -> None:
    said = due_sentence(basis, Days(date.fromisoformat(asked_for), date.fromisoformat(by_law) if by_law else None))
    assert said.startswith(words)
    assert ("must" in said) == (asked_for == by_law)
