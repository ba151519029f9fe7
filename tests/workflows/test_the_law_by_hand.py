"""The powers as the sheet of law has them, typed by hand: a slip in config/powers.toml shows here; then who must do what."""

from datetime import date
from typing import Any

import pytest

from scrutiny.legal_words import caution_sentence, duty_words
from tests.workflows.test_powers import POWERS, TODAY
from workflows.powers import Asking, find_basis, why_not

# key | duty | clock | what starts it | a question back | how sure | law
BY_HAND = """
osc_docs                   supply  clear_after:10           request_received  none  verified   SI 2012/2089 reg 17
osc_docs_wales             supply  stated_date              request_received  pauses  doubtful   LGA 2000 s.22
osc_attend                 attend  reasonable:10            notification  pauses  verified   LGA 2000 s.9FA(8)-(10)
osc_attend_wales           attend  reasonable:10            notification  pauses  verified   LGA 2000 s.21(13)-(15)
osc_response               reply   months_beginning_with:2  report_or_later_notice  none  forerunner LGA 2000 s.9FE
key_decision_breach        reply   stated_date              request_received  pauses  general    SI 2012/2089 reg 18
joint_docs                 supply  stated_date              request_sent  pauses  doubtful   SI 2012/1021
partner_regard             regard  none  report_received  pauses  verified   LGA 2000 s.9FF
partner_regard_joint       regard  none  report_received  pauses  doubtful   SI 2012/1021
partner_regard_unsure      regard  none  report_received  pauses  doubtful   LGA 2000 s.9FF
partner_regard_transport   regard  none  report_received  pauses  general    LGPIHA 2007 s.104(3)
partner_regard_work        regard  none  report_received  pauses  verified   LGPIHA 2007 s.104(4)
partner_info               supply  stated_date              request_sent  pauses  doubtful   LGA 2000 s.9FI
district_report            reply   months_beginning_with:2  report_or_later_notice  none  doubtful   SI 2009/1919 reg 6
osc_invite                 invite  reasonable:10            request_sent  pauses  verified   LGA 2000 s.9FA(8)-(10)
osc_invite_wales           invite  reasonable:10            request_sent  pauses  verified   LGA 2000 s.21(13)-(15)
health_info                supply  stated_date              request_sent  pauses  verified   SI 2013/218 regs 20 and 26
health_attend              attend  reasonable:10            notification  pauses  verified   SI 2013/218 reg 27
health_report              reply   calendar_after:28        response_requested  none  general    SI 2013/218 reg 22
crime_info                 supply  stated_date              request_sent  pauses  general    SI 2009/942 reg 5
crime_info_cooperating     supply  stated_date              request_sent  pauses  general    P&JA 2006 s.20(5)(c)
crime_attend               attend  reasonable:10            notification  pauses  general    SI 2009/942 reg 6
crime_attend_cooperating   attend  reasonable:10            notification  pauses  general    P&JA 2006 s.20(5)(e)
crime_response             reply   calendar_after:28        report_date  none  general    P&JA 2006 s.19(8A)-(8B)
crime_response_cooperating reply   calendar_after:28        report_date  none  general    P&JA 2006 s.19(8A)-(8B)
crime_response_wales       reply  none  report_date  pauses  verified   P&JA 2006 s.19(8A)-(8B)
crime_response_wales_health reply none  report_date  pauses  doubtful   CDA 1998 s.5
flood                      supply  none  request_sent  pauses  verified   LGA 2000 s.9FH
ca_docs                    supply  stated_date              request_received  pauses  general    SI 2017/68
ca_attend                  attend  reasonable:10            notification  pauses  general    LDEDCA 2009 Sch 5A
ca_osc_response            reply   months_beginning_with:2  report_or_later_notice  none  general    SI 2017/68 art 7
local_scrutiny_docs        supply  stated_date              request_received  pauses  doubtful   EDCEA 2026 s.11
pcp_info                   supply  stated_date              request_sent  pauses  general    PRSRA 2011 s.13
mayor_pcp_info             supply  stated_date              request_sent  pauses  general    PRSRA 2011 s.13
pcp_attend                 attend  reasonable:10            notification  pauses  verified   PRSRA 2011 s.29
mayor_pcp_attend           attend  reasonable:10            notification  pauses  general    PRSRA 2011 s.29
pcp_response               reply   stated_date              report_received  pauses  verified   PRSRA 2011 s.29(3)
mayor_pcp_response         reply   stated_date              report_received  pauses  general    PRSRA 2011 s.29(3)
pcp_chief                  invite  reasonable:10            request_sent  pauses  verified   PRSRA 2011 s.29(6)
lon_pcp_docs               supply  stated_date              request_sent  pauses  verified   PRSRA 2011 ss.32-33
lon_pcp_attend             attend  reasonable:10            notification  pauses  verified   PRSRA 2011 ss.32-33
pcc_inspectorate_reply  reply   calendar_after:56        publication  none  general    Police Act 1996 s.55
jar_info                supply  stated_date              notification  pauses  verified   SI 2015/1792 Schedule
jar_statement           reply   working_after:70         report_received  none  verified   SI 2015/1792 regs 3-4
constabulary_info       supply  stated_date              notification  pauses  general    Police Act 1996 Sch 4A
care_quality_info       supply  stated_date              notification  pauses  general    HSCA 2008 ss.60-65
probation_info          supply  stated_date              notification  pauses  general    CJCSA 2000 s.7
psb_attend              attend  reasonable:10            notification  pauses  verified   (Wales) Act 2015 s.35
foi                     supply  working_after_uk_any:20  request_received  restarts  general    FOIA 2000 s.10
foi_scotland            supply  working_after:20         request_received  restarts  general    FOISA 2002 s.10
"""
ROWS = [line.split(maxsplit=6) for line in BY_HAND.strip().splitlines()]

# Who asks | what kind of agency | about | information | attendance | reply to a report.
# must, regard, invite; a number of days or months where the law gives one; - where nothing is owed. Council committees sit
# in a county council unless the agency is the committee's own council.
DUTIES_BY_HAND = """
council-committee  own county          -       must    must    2 months
council-committee  icb                 health  must    must    28 days
council-committee  icb                 -       invite  invite  regard
council-committee  nhs-trust           health  must    must    28 days
council-committee  health-provider     health  must    must    28 days
council-committee  nhs-england         health  must    must    28 days
council-committee  ambulance           health  must    must    28 days
council-committee  ambulance           -       invite  invite  regard
crime-committee    police              crime   must    must    28 days
crime-committee    fire                crime   must    must    28 days
crime-committee    probation           crime   must    must    28 days
crime-committee    icb                 crime   must    must    28 days
council-committee  police              health  invite  invite  -
council-committee  fire                health  invite  invite  regard
council-committee  pcc                 -       invite  invite  -
panel              pcc                 -       must    must    must
panel              mopac               -       must    must    -
panel              police              -       invite  invite  -
council-committee  district            -       invite  invite  regard
council-committee  county              -       invite  invite  -
council-committee  unitary             -       invite  invite  -
combined-authority-committee own combined-authority - must must 2 months
council-committee  combined-authority  -       invite  invite  regard
council-committee  environment-agency  flood   must    invite  regard
council-committee  water-company       flood   must    invite  -
council-committee  drainage-board      flood   must    invite  -
council-committee  dwp                 -       invite  invite  regard
council-committee  homes-england       -       invite  invite  -
council-committee  national-highways   flood   must    invite  -
council-committee  national-body       -       invite  invite  regard
council-committee  school-trust        -       invite  invite  -
council-committee  college             -       invite  invite  -
council-committee  housing-association -       invite  invite  -
council-committee  transport-operator  -       invite  invite  -
council-committee  voluntary           -       invite  invite  -
"""
PERIODS = {"2 months": "within two months beginning with", "28 days": "within 28 days"}


def test_every_power_of_the_file_stands_in_the_table() -> None:
    assert [row[0] for row in ROWS] == [power.key for power in POWERS]


@pytest.mark.parametrize(("key", "duty", "clock", "event", "question", "sure", "law"), ROWS, ids=[row[0] for row in ROWS])
def test_a_power_says_what_the_sheet_says(
    key: str, duty: str, clock: str, event: str, question: str, sure: str, law: str
) -> None:
    power = POWERS.by_key(key)
    event = event.replace("report_or_later_notice", "report_received_or_notice_if_later")
    assert (power.duty, str(power.clock), power.event, power.clarification) == (duty, clock, event, question)
    assert power.confidence == {"general": "general knowledge"}.get(sure, sure)
    assert law in power.source
    assert power.valid_from is not None, "the day it became law is known"
    assert bool(power.clarification_source) == (question == "restarts"), "what restarts a clock needs its law"


@pytest.mark.parametrize("line", DUTIES_BY_HAND.strip().splitlines())
def test_each_agency_owes_what_the_sheet_says(line: str) -> None:
    body, *rest = line.split()
    own = rest[0] == "own"
    agency, subject, information, attendance, *last = rest[1:] if own else rest
    host = "county" if body in ("council-committee", "crime-committee") else None
    about = None if subject == "-" else subject
    asking = Asking(body, agency, TODAY, own_council=own, host_kind=host, subject=about)
    for asked, owed in (("supply", information), ("attend", attendance), ("reply", " ".join(last))):
        basis = find_basis(POWERS, asking, asked)
        if owed in PERIODS:
            assert PERIODS[owed] in duty_words(basis)
        found = "must" if basis.binds else basis.duty if basis.chief else "-"
        assert found == {"2 months": "must", "28 days": "must"}.get(owed, owed), (line, asked, duty_words(basis))


def _why_not(key: str, body: str, agency: str, **facts: Any) -> str:
    barred = why_not(POWERS.by_key(key), Asking(body, agency, **{"on": TODAY, **facts}))
    return caution_sentence(barred) if barred else ""


@pytest.mark.parametrize(
    ("key", "body", "agency", "facts", "said"),
    [
        ("health_info", "council-committee", "icb", {"host_kind": "county"}, ""),
        ("health_info", "council-committee", "icb", {"host_kind": "district"}, "not for a committee of a district council"),
        ("health_info", "inspectorate", "icb", {}, "is not for an inspectorate to use"),
        ("health_info", "council-committee", "police", {}, "does not reach this agency"),
        ("health_info", "council-committee", "icb", {"on": date(2013, 3, 31)}, "is not law yet: it is from 1 April 2013"),
        ("health_info", "council-committee", "icb", {"on": date(2013, 4, 1)}, ""),
        ("health_info", "council-committee", "health-board", {"nation": "wales"}, "does not reach this agency"),
        ("crime_info", "crime-committee", "police", {"nation": "scotland"}, "is not law in Scotland"),
        ("crime_info", "crime-committee", "police", {"nation": "wales"}, "is not law in Wales"),
        ("crime_response_wales", "crime-committee", "police", {"nation": "wales"}, ""),
        (
            "crime_response_wales",
            "crime-committee",
            "police",
            {"nation": "wales", "on": date(2009, 9, 30)},
            "from 1 October 2009",
        ),
        ("health_info", "council-committee", "icb", {"body_nation": "wales"}, "is not law in Wales"),
        ("osc_docs", "council-committee", "county", {"own_council": False}, "does not reach this agency"),
        ("crime_info", "council-committee", "police", {"subject": "health"}, "reaches only crime and disorder"),
    ],
)
def test_a_power_that_may_not_be_used_says_why(key: str, body: str, agency: str, facts: dict[str, Any], said: str) -> None:
    found = _why_not(key, body, agency, **facts)
    assert said in found
    assert bool(found) == bool(said)


def test_a_power_that_has_ended_is_not_relied_on_and_says_since_when() -> None:
    from dataclasses import replace

    ended = replace(POWERS.by_key("pcp_info"), valid_to=date(2028, 5, 3))
    asking = Asking("panel", "pcc", date(2028, 5, 4))
    barred = why_not(ended, asking)
    assert barred is not None
    assert "is out of date: it was law until 3 May 2028" in caution_sentence(barred)
    assert why_not(ended, Asking("panel", "pcc", date(2028, 5, 3))) is None


def test_a_power_of_one_nation_does_not_bind_an_agency_of_another() -> None:
    asking = Asking(
        "council-committee", "fire", TODAY, host_kind="unitary", nation="wales", body_nation="england", subject="health"
    )
    basis = find_basis(POWERS, asking, "reply")
    assert basis.chief is None or "wales" in basis.chief.nations
    warned = " ".join(caution_sentence(caution) for caution in basis.cautions)
    assert "Regard of a partner authority" in warned
    assert "is not law in Wales: it does not bind here" in warned
