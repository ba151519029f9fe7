"""The methods shipped: each may be used, says who may lead it, and never changes once published."""

import re
from datetime import date
from pathlib import Path

import pytest

from workflows.deadlines import due
from workflows.kinds import BODY_KINDS, read_agency_kinds
from workflows.methods import Method, check_method, due_of_evidence, read_method, timetable_of
from workflows.phases import AGENDA, MEETINGS
from workflows.powers import check_powers, read_powers
from workflows.workdays import read_calendars

CONFIG = Path(__file__).parents[2] / "config"
AGENCIES = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
POWERS = read_powers((CONFIG / "powers.toml").read_text(encoding="utf-8"), "powers.toml")
CALENDARS = read_calendars({path.name: path.read_text(encoding="utf-8") for path in (CONFIG / "holidays").glob("*.toml")})
METHODS = {
    path.stem: read_method(path.read_text(encoding="utf-8"), path.name) for path in sorted((CONFIG / "methods").glob("*.toml"))
}
# A review keeps the edition it was opened with: a published file is copied under a higher number, never edited.
PUBLISHED = {
    "area-assessment-2026.1": "5ea78300f4799af681005553cdee4d4f5a71b49def5fdbee6ecb194c64e79017",
    "area-assessment-2026.2": "6ade91a909b2ab72962e763cae92f453c202bf9562304fdbfc41e1e4529abe72",
    "area-assessment-2026.3": "591724977c270ff76ff3e940162a39fb397592f15045db02974bfb07e75c037e",
    "area-send-2026.1": "4a69326cc746b01937b4ed53aa279ba9622e65dc687b9bf4396f40015caee7d3",
    "area-send-2026.2": "133e4829d06f6f445f5ca8cc79ffbcd842e4d30a9ab7ab1f15109495078b3487",
    "area-send-2026.3": "fb0e96176c84cdbfb7a7ea501d81a149024f9fbfc5d1fcf99ddb79097c4c5a0d",
    "area-send-2026.4": "c2497e5f0c6885093ce3d23a4f4e252df71f048ddeefbeacf17a16b1b97b4e2c",
    "call-in-2026.1": "fbcb8752ffc9bcf09169c6f75c7784893011aac000c3a04b37c74e22a6aec3d2",
    "council-task-and-finish-2026.1": "56ced9f00a019a22f4a925eaeee2f1e8f2af0204ff2d72082b1ba5aae55f68d7",
    "council-task-and-finish-2026.2": "47edb3554ec16ac58a652778133ee5e87ba1d7be54cf1d4c95dcad4ba05891b3",
    "council-task-and-finish-2026.3": "871802689e0989589c0b70cc0ac6a4cdc103fa15b9f1a8a560888f1edbf388c6",
    "crime-and-disorder-2026.1": "ce5f45143f58d0409db9df6f6e8611bfc1bab81a2c23062bcfe164b1a943af89",
    "crime-and-disorder-2026.2": "cfa0a3e149ec3c4d58f82ddc1495a3711fa8e2bc0ebfaab9ab015524b641876f",
    "health-variation-2026.1": "e998191976f39e4139028be35c7694ca87a596754ed6feb175f5281cfc18cc1a",
    "health-variation-2026.2": "3bf6e4c017cf908c1088d9562c5610d52153c1aa7c985881ed6de26817a7a6b6",
    "health-variation-2026.3": "14b9207c1b061af677321cf0da234a57f5f1f52adfe9c18d452625b98ab2f74e",
    "joint-scrutiny-2026.1": "9af096f3e04640a14897b6abca5232a299c09254f1de4f91fa04e60c91921a47",
    "joint-scrutiny-2026.2": "7147e3a4665d762de6d4e34a7aa63f56201615079af2ecd49e3a0decb4f2b98d",
    "joint-scrutiny-2026.3": "6705d2960f28587de58809ff2a9f5ded7ad9828a0b76d07ad341f47ec7e32ab1",
    "jtai-2026.1": "659a9253179b6c0b7926dd9febc4b66c5b8a3f6ffc969705c842fbdc842cbe41",
    "jtai-2026.2": "735eff115420942b023332a55e2ffd37efcd224a8493774381255e3f6c44d728",
    "jtai-2026.3": "e5e537b9532855560e5b552d03eb0dc774fd6255ade70421df13373cb525c33f",
    "panel-annual-report-2026.1": "503fc126ef0e0892d561753d53ffc9ba2f0bba59fae1d9743203de1b76dd7ba7",
    "panel-performance-assessment-2026.1": "60217c24e38d6ed4ca33d48e2cd84829683bc8de1ef64c426d10aa948f9afc01",
    "spotlight-2026.1": "09d81df0c10871d10b4eca7885876f504306ea139197dd6f2335a9d79a6366bd",
    "spotlight-2026.2": "600eabc60ca9ea9e40be662d2ccdb30ea985c0f4435b3f94c9af830212260a13",
    "spotlight-2026.3": "b896a556f403a130ba790ca9c89ede8a168408712ec55eb07967b5e742466870",
    "total-place-2026.1": "a4bf1bc0d3b31aaa975d722be94e41f7619779cec6dfb65c8db87fc098af8ab1",
    "total-place-2026.2": "c572b518e5b2cd73942308d5c4766ba64bb054bb6f20aa03c6cc1f64e31bde8c",
    "total-place-2026.3": "28c6c5f50803de6d2a1b2a083249237440a1ab89d17c75b405cb41aedfb4b609",
    "total-place-2026.4": "96062cbaa786b920de1bc149be88223da4cbbcedaffe3d0d455c017a1e268d2d",
}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


def test_every_file_shipped_is_right() -> None:
    assert check_powers((CONFIG / "powers.toml").read_text(encoding="utf-8"), "powers.toml", AGENCIES) == ()
    known = {"agency_kinds": AGENCIES, "powers": [power.key for power in POWERS]}
    for path in (CONFIG / "methods").glob("*.toml"):
        assert check_method(path.read_text(encoding="utf-8"), path.name, **known) == ()


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


# Who may lead, in full: nobody else may. None of these may be led by a body the law does not name.
LEADS = {
    "area-assessment-2026.1": "inspectorate place-board",
    "area-assessment-2026.2": "inspectorate place-board",
    "area-assessment-2026.3": "inspectorate place-board",
    "area-send-2026.1": "inspectorate",
    "area-send-2026.2": "inspectorate",
    "area-send-2026.3": "inspectorate",
    "area-send-2026.4": "inspectorate",
    "call-in-2026.1": "council-committee combined-authority-committee",
    "council-task-and-finish-2026.1": "council-committee health-committee joint-committee combined-authority-committee",
    "council-task-and-finish-2026.2": "council-committee health-committee joint-committee combined-authority-committee",
    "council-task-and-finish-2026.3": "council-committee health-committee joint-committee combined-authority-committee",
    "crime-and-disorder-2026.1": "crime-committee council-committee joint-committee",
    "crime-and-disorder-2026.2": "crime-committee council-committee joint-committee",
    "health-variation-2026.1": "health-committee joint-committee council-committee",
    "health-variation-2026.2": "health-committee joint-committee council-committee",
    "health-variation-2026.3": "health-committee joint-committee council-committee",
    "joint-scrutiny-2026.1": "joint-committee",
    "joint-scrutiny-2026.2": "joint-committee",
    "joint-scrutiny-2026.3": "joint-committee",
    "jtai-2026.1": "inspectorate",
    "jtai-2026.2": "inspectorate",
    "jtai-2026.3": "inspectorate",
    "panel-annual-report-2026.1": "panel",
    "panel-performance-assessment-2026.1": "peer-panel",
    "spotlight-2026.1": "council-committee health-committee crime-committee joint-committee combined-authority-committee panel",
    "spotlight-2026.2": "council-committee health-committee crime-committee joint-committee combined-authority-committee panel",
    "spotlight-2026.3": "council-committee health-committee crime-committee joint-committee combined-authority-committee panel",
    "total-place-2026.1": "place-board council-committee combined-authority-committee",
    "total-place-2026.2": "place-board council-committee combined-authority-committee",
    "total-place-2026.3": "place-board council-committee combined-authority-committee local-pac",
    "total-place-2026.4": "place-board council-committee combined-authority-committee local-pac",
}


def test_each_says_who_may_lead_and_on_what_law() -> None:
    assert {name: " ".join(one.kind for one in method.leads) for name, method in METHODS.items()} == LEADS
    for method in METHODS.values():
        assert all(one.law and one.confidence for one in (*method.leads, *method.joins))
        for kind in BODY_KINDS:
            assert bool(method.why_not_lead(kind)) == (kind not in LEADS[method.name].split())


def test_nobody_joins_a_call_in_for_the_decision_is_one_authoritys() -> None:
    assert METHODS["call-in-2026.1"].why_not_join("council-committee").endswith("“Call-in hearing”: nobody may.")


SCALES = {
    "area-assessment-2026.1": ("flags", "line", "red green no-flag"),
    "area-assessment-2026.2": ("flags", "line", "red green no-flag"),
    "area-assessment-2026.3": ("flags", "line", "red green no-flag"),
    "area-send-2026.1": ("outcomes", "area", "typically-positive inconsistent systemic-failings"),
    "area-send-2026.2": ("outcomes", "area", "typically-positive inconsistent systemic-failings"),
    "area-send-2026.3": ("outcomes", "area", "typically-positive inconsistent systemic-failings"),
    "area-send-2026.4": ("outcomes", "area", "typically-positive inconsistent systemic-failings"),
    "call-in-2026.1": ("outcomes", "area", "release refer-back refer-to-council"),
    "health-variation-2026.1": ("outcomes", "area", "agree agree-with-recommendations disagree"),
    "health-variation-2026.2": ("outcomes", "area", "agree agree-with-recommendations disagree"),
    "health-variation-2026.3": ("outcomes", "area", "agree agree-with-recommendations disagree"),
}


@every_method
def test_each_judges_on_its_own_scale_and_most_on_none(method: Method) -> None:
    scale = method.judgement
    given = (scale.kind, scale.per, " ".join(option.key for option in scale.options))
    assert given == SCALES.get(method.name, ("none", scale.per, ""))


@every_method
def test_each_tells_how_it_ends_and_what_is_looked_at_again(method: Method) -> None:
    assert method.outputs
    assert method.sign_off.who
    assert method.accuracy_check.who
    assert method.follow_ups
    assert all(fact.source and fact.confidence for fact in method.basis)


def test_crime_reports_are_answered_within_28_days_of_their_date_whoever_asks() -> None:
    method = METHODS["crime-and-disorder-2026.1"]
    for kind in ("police", "fire", "icb", "probation", "county", "district"):
        rule = method.response_rule_for(kind)
        assert rule
        assert (str(rule.clock), rule.event, rule.power) == ("calendar_after:28", "report_date", "crime_response")
    dates = {phase.key: phase for phase in timetable_of(method, date(2026, 3, 3), CALENDARS)}
    assert (dates["responses"].ends_on - dates["report"].ends_on).days == 28


def test_a_spotlight_agenda_is_out_five_clear_working_days_before_the_session() -> None:
    for opens in (date(2026, 3, 3), date(2026, 3, 12), date(2026, 12, 3)):  # the later two with Easter and Christmas inside
        dates = {phase.key: phase for phase in timetable_of(METHODS["spotlight-2026.1"], opens, CALENDARS)}
        assert due("clear_before:5", dates["session"].starts_on, CALENDARS).due == dates["agenda"].starts_on


def test_comments_on_a_variation_are_agreed_before_the_day_for_comments() -> None:
    for opens in (date(2026, 3, 3), date(2026, 12, 1), date(2027, 1, 11)):
        dates = {phase.key: phase for phase in timetable_of(METHODS["health-variation-2026.1"], opens, CALENDARS)}
        assert dates["committee"].ends_on < dates["comments"].starts_on == dates["consultation"].ends_on
        assert dates["comments"].ends_on < dates["decision"].starts_on


def test_an_area_assessment_begun_in_january_is_drafted_in_september_and_published_in_november() -> None:
    dates = {phase.key: phase for phase in timetable_of(METHODS["area-assessment-2026.1"], date(2027, 1, 11), CALENDARS)}
    assert dates["draft"].starts_on == date(2027, 9, 9)
    assert dates["publication"].starts_on == date(2027, 11, 17)


def test_each_council_of_a_joint_committee_answers_on_a_clock_of_its_own() -> None:
    rule = METHODS["joint-scrutiny-2026.1"].response_rule_for("unitary")
    assert rule
    assert (str(rule.clock), rule.event) == ("months_beginning_with:2", "report_received_or_notice_if_later")


def test_a_council_review_asks_two_things_or_more_of_every_kind_of_agency() -> None:
    method = METHODS["council-task-and-finish-2026.2"]
    # A resilience forum is a meeting of bodies that are asked themselves; it is asked only what somebody asks it by hand.
    assert [kind for kind in AGENCIES if len(method.evidence_for(kind)) < 2] == ["resilience-forum"]


@every_method
def test_each_has_four_to_six_lines_and_something_to_ask_on_each(method: Method) -> None:
    assert 4 <= len(method.lines) <= 6
    assert {item.line for item in method.evidence} == {line.key for line in method.lines}


NEWEST = [METHODS[name] for name in {name.rsplit("-", 1)[0]: name for name in METHODS}.values()]
newest_of_each = pytest.mark.parametrize("method", NEWEST, ids=[method.name for method in NEWEST])
#: Words that point at something: what a reader of one question alone, or of a letter about a review, cannot find.
POINTS = re.compile(
    r"\b(?:this|these|those)\b(?! (?:place|review|area|inspection|who\b|of\b))(?: \w+)?|\bin question\b|\bthe year chosen\b"
    r"|\bthe (?:services?|question|matter|theme|topic)\b(?! (?:of this review|that would change|it gives))",
    re.IGNORECASE,
)
#: A call-in is of one decision, which its review names.
NAMED_BY_THE_REVIEW = {("call-in", "this decision")}


@newest_of_each
def test_no_line_and_no_question_speaks_of_what_it_does_not_name(method: Method) -> None:
    texts = [line.text for line in method.lines] + [item.question for item in method.evidence]
    found = {(method.key, words[0].lower()) for text in texts for words in POINTS.finditer(text)}
    assert found - NAMED_BY_THE_REVIEW == set()


@newest_of_each
@pytest.mark.parametrize("opens", [date(2026, 4, 3), date(2026, 12, 24), date(2027, 2, 1)])
def test_no_phase_relies_on_something_due_after_it(method: Method, opens: date) -> None:
    """An agenda, and the meeting it is of, come after the answers they rest on; a phase counted back comes after what its own
    meeting waits for."""
    phases = {phase.key: phase for phase in method.phases}
    dates = {one.key: one for one in timetable_of(method, opens, CALENDARS)}
    for phase in method.phases:
        if phase.offset is not None and phase.offset < 0 and phase.after in phases:
            waits_for = phases[phase.after].after
            assert waits_for not in dates or dates[phase.key].starts_on >= dates[waits_for].ends_on, phase.key
    resting = [one for key, one in dates.items() if key in (*MEETINGS, AGENDA)]
    for item in method.evidence:
        when = due_of_evidence(item, dates.values(), opens, CALENDARS).due
        for one in resting:
            assert when is None or when <= one.starts_on, (item.key, one.key)


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
    assert method.evidence
    for item in method.evidence:
        answer = due_of_evidence(item, phases, opens, CALENDARS)
        assert answer.due is not None
        assert answer.due > opens, item.key


@every_method
def test_a_power_an_item_names_reaches_every_agency_it_is_asked_of(method: Method) -> None:
    out_of_reach = {
        item.key: set(item.agencies) - set(POWERS.by_key(item.power).answerers) for item in method.evidence if item.power
    }
    assert not any(out_of_reach.values()), out_of_reach


@every_method
def test_each_closes_its_responses_with_a_rule_for_anybody(method: Method) -> None:
    assert all(method.response_rule_for(kind) for kind in AGENCIES)


def test_personal_evidence_is_asked_only_where_statute_lets_it_be_held() -> None:
    personal = {name for name, method in METHODS.items() if any(item.marking == "personal" for item in method.evidence)}
    assert personal == {f"{key}-2026.{number}" for key in ("jtai", "area-send") for number in (1, 2, 3)} | {"area-send-2026.4"}


def test_the_joint_inspection_of_haringey_falls_as_it_did() -> None:
    dates = {phase.key: phase for phase in timetable_of(METHODS["jtai-2026.1"], date(2017, 11, 21), CALENDARS)}
    assert (dates["fieldwork"].starts_on, dates["fieldwork"].ends_on) == (date(2017, 12, 4), date(2017, 12, 8))
    assert dates["accuracy-check"].starts_on == date(2018, 1, 3)
    assert dates["accuracy-check"].ends_on == date(2018, 1, 16)
    assert dates["publication"].starts_on == date(2018, 1, 30)
    assert dates["statement"].ends_on == date(2018, 5, 11)


@pytest.mark.parametrize("name", ["council-task-and-finish-2026.2", "spotlight-2026.2", "joint-scrutiny-2026.2"])
def test_two_months_for_a_response_are_law_in_england_and_convention_in_wales(name: str) -> None:
    for nation, law in (("england", True), ("wales", False)):
        phases = {phase.key: phase for phase in timetable_of(METHODS[name], date(2027, 1, 11), CALENDARS, nation)}
        assert phases["response"].statutory is law
        assert ("9FE" in str(phases["response"].why)) is law


def test_a_joint_inspection_asks_for_two_inspectorates_at_least() -> None:
    least = {name: method.least_bodies for name, method in METHODS.items() if method.least_bodies > 1}
    assert least == {f"jtai-2026.{number}": 2 for number in (2, 3)} | {f"area-send-2026.{number}": 2 for number in (2, 3, 4)}


def test_probation_signs_the_present_theme_of_a_joint_inspection() -> None:
    assert any("Probation" in who for who in METHODS["jtai-2026.2"].sign_off.who)


def test_crime_reports_are_answered_in_wales_without_a_number_of_days() -> None:
    method = METHODS["crime-and-disorder-2026.2"]
    rule = method.response_rule_for("police", holding={"crime_response_wales"})
    assert rule is not None
    assert (rule.power, str(rule.clock)) == ("crime_response_wales", "reasonable:20")


@every_method
def test_a_new_edition_holds_none_of_our_homework(method: Method) -> None:
    words = " ".join([*(rule.words for rule in method.responses), *(phase.note for phase in method.phases)])
    assert method.number == 1 or not re.search(r"check the|doubtful|believed|not found|general knowledge", words)


def test_the_action_plan_of_area_send_is_dated_no_more_surely_than_is_known() -> None:
    """35 to 50 working days are reported, and the handbook was not read: it is asked for, and no rule of law."""
    method = METHODS["area-send-2026.3"]
    plan = next(phase for phase in method.phases if phase.key == "action-plan")
    assert plan.confidence == "doubtful"
    assert "From 35 to 50 working days" in plan.note
    assert "We ask for it within 35 working days" in method.responses[0].words


def test_an_inspection_that_ends_in_an_outcome_calls_it_so() -> None:
    assert METHODS["area-send-2026.3"].judgement.word == "Outcome"
    assert METHODS["jtai-2026.2"].judgement.word == "Judgement"
