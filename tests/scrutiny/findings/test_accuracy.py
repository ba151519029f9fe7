"""The accuracy check: each agency its own extracts, corrections item by item, each with what was made of it and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import service
from scrutiny.findings.models import AccuracyCheck, Correction
from tests.conftest import NOW
from tests.scrutiny.agreement.agreeing import agreed
from tests.scrutiny.findings import replying
from tests.scrutiny.findings.conftest import Scene
from tests.scrutiny.findings.replying import reached
from workflows.refusals import Refused, Stale


def letters(kind: str) -> list[Letter]:
    """The letters of a kind, oldest first."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


@pytest.fixture
def checks(scene: Scene) -> dict[str, AccuracyCheck]:
    """One finding cites the police and the fire service; one cites the police and names the fire service; one is a draft."""
    both = scene.drafted("Both", text="They counted 12 patterns.")
    service.cite(both, lodging=scene.lodged(), quotation="12 patterns", by=scene.by, at=NOW)
    fire = scene.lodged(agency="fire", title="Fires", text="We set 3 fires ourselves.")
    service.cite(both, lodging=fire, quotation="3 fires", by=scene.by, at=NOW)
    service.propose_finding(both, by=scene.by, at=NOW)
    scene.proposed("Named", text="Loamshire fire\nand Rescue was not told of 12 patterns.")
    scene.proposed("Police only")
    scene.drafted("Draft about Loamshire Police")
    sent = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    return {check.agency.name: check for check in sent}


def test_each_agency_is_shown_its_own_extracts_only(checks: dict[str, AccuracyCheck]) -> None:
    assert list(checks) == ["Loamshire Fire and Rescue", "Loamshire Police"]
    fire, police = checks.values()
    assert [extract.title for extract in police.extracts] == ["Both", "Named", "Police only"]
    assert [extract.title for extract in fire.extracts] == ["Both", "Named"]
    assert [q["quotation"] for extract in fire.extracts for q in extract.quotations] == ["3 fires"]
    assert [q["quotation"] for q in police.extracts[0].quotations] == ["12 patterns"]
    assert police.extracts[0].quotations[0]["where"] == "the written answer"


def test_the_day_is_the_methods_and_says_why(checks: dict[str, AccuracyCheck]) -> None:
    """JTAI: ten working days, the day of receipt being number 1; 2 March 2026 is a Monday."""
    check = checks["Loamshire Police"]
    assert check.due_on == date(2026, 3, 13)
    assert check.clock == "working_day_number:10"
    assert "Friday 13 March 2026" in check.due_why
    assert check.due_working.steps[0].date == date(2026, 3, 2)
    assert check.due_working.calendar


def test_each_agency_has_one_letter_about_itself(checks: dict[str, AccuracyCheck]) -> None:
    sent = letters("accuracy_check")
    assert sorted(one.address for one in sent) == ["colleague@example.org", "fire.responder@example.org", "responder@example.org"]
    fire = next(one for one in sent if one.address == "fire.responder@example.org")
    assert "Friday 13 March 2026" in fire.text
    assert f"/accuracy/{checks['Loamshire Fire and Rescue'].id}" in fire.text
    assert "Police" not in fire.text
    assert "Leo Hart" not in fire.text


def test_a_second_round_waits_for_the_first(scene: Scene, checks: dict[str, AccuracyCheck]) -> None:
    with pytest.raises(Refused, match="sent to Loamshire Fire and Rescue has not reached it"):
        service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    reached(checks.values())
    with pytest.raises(Refused, match="still has until Friday 13 March 2026"):
        service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    for check, who in zip(checks.values(), ("fire_responder", "certifier"), strict=True):
        service.finish_accuracy_check(check, by=scene.actor(who), at=NOW)
    again = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    assert {one.round for one in again} == {2}
    later = NOW + timedelta(days=60)
    assert {one.round for one in service.start_accuracy_check(scene.review, by=scene.by, at=later)} == {3}


def test_there_is_nothing_to_check_before_a_finding_is_proposed(scene: Scene) -> None:
    service.cite(scene.drafted(), lodging=scene.lodged(), quotation="12 patterns", by=scene.by, at=NOW)
    with pytest.raises(Refused, match="propose the findings first"):
        service.start_accuracy_check(scene.review, by=scene.by, at=NOW)


@pytest.fixture
def written(scene: Scene, checks: dict[str, AccuracyCheck]) -> Correction:
    """The police correct a number; their approver has not approved it yet."""
    return service.offer_correction(
        checks["Loamshire Police"].extracts[0],
        words="12 patterns",
        correction="13 patterns",
        grounds="The March return",
        by=scene.actor("responder"),
        at=NOW,
    )


@pytest.fixture
def offered(scene: Scene, written: Correction) -> Correction:
    """The same, approved and sent."""
    service.finish_accuracy_check(written.extract.check, by=scene.actor("certifier"), at=NOW)
    return written


def test_a_correction_is_of_words_that_are_there(scene: Scene, written: Correction) -> None:
    extract, by = written.extract, scene.actor("certifier")
    with pytest.raises(Refused, match="not in the extract"):
        service.offer_correction(extract, words="14 patterns", correction="x", by=by, at=NOW)
    service.finish_accuracy_check(extract.check, by=by, at=NOW)
    with pytest.raises(Refused, match="have finished"):
        service.offer_correction(extract, words="12 patterns", correction="x", by=by, at=NOW)
    with pytest.raises(Refused, match="already"):
        service.finish_accuracy_check(extract.check, by=by, at=NOW)
    said = letters("accuracy_check_answered")
    assert [one.address for one in said] == ["lead.inspector@example.org"]
    assert "one correction" in said[0].text


@pytest.mark.parametrize(
    ("move", "state", "words"),
    [("make", "made", "Made"), ("make_in_part", "made_in_part", "Made in part"), ("decline", "not_made", "Not made")],
)
def test_each_correction_gets_an_answer_with_its_reason(
    scene: Scene, offered: Correction, move: str, state: str, words: str
) -> None:
    with pytest.raises(Refused, match="Give the reason"):
        service.decide_correction(offered, move, decision=" ", by=scene.by, at=NOW)
    text = None if move == "decline" else "They counted 13 patterns."
    service.decide_correction(offered, move, decision="We looked again", text=text, by=scene.by, at=NOW)
    assert offered.state == state
    assert {one.address for one in letters("correction_decided")} == {"responder@example.org", "colleague@example.org"}
    assert f"Our decision: {words}\nWhy: We looked again" in letters("correction_decided")[0].text
    with pytest.raises(Refused, match="not possible"):
        service.decide_correction(offered, move, decision="Again", by=scene.by, at=NOW)


def test_the_finding_changes_with_the_correction_and_the_extract_does_not(scene: Scene, offered: Correction) -> None:
    finding = offered.extract.finding
    change = {"decision": "You are right", "text": "They counted 13 patterns.", "by": scene.by, "at": NOW}
    with pytest.raises(Refused, match="say that the correction is made"):
        service.decide_correction(offered, "decline", **change)
    with pytest.raises(Stale):
        service.decide_correction(offered, "make", seen=finding.version - 1, **change)
    service.decide_correction(offered, "make", seen=finding.version, **change)
    assert finding.text == "They counted 13 patterns."
    assert offered.extract.text == "They counted 12 patterns."


def test_an_inspector_may_not_decide_alone(scene: Scene, offered: Correction) -> None:
    with pytest.raises(Refused, match="Only a"):
        service.decide_correction(offered, "make", decision="Yes", by=scene.actor("inspector"), at=NOW)


def test_a_correction_is_made_only_where_the_finding_no_longer_says_it(scene: Scene, offered: Correction) -> None:
    """Saying "made" and leaving the words alone told the police that a false figure had been put right."""
    finding = offered.extract.finding
    for move in ("make", "make_in_part"):
        with pytest.raises(Refused, match="still says what the agency says is wrong"):
            service.decide_correction(offered, move, decision="Yes", text=finding.text, by=scene.by, at=NOW)
    assert offered.state == "offered"
    service.revise_finding(finding, title="Both", text="They counted 13.", lines=finding.lines, seen=None, by=scene.by, at=NOW)
    service.decide_correction(offered, "make", decision="Yes", text=finding.text, by=scene.by, at=NOW)
    assert offered.state == "made"


@pytest.mark.parametrize("text", ["They counted 12 patterns, it seems.", "They  counted 12 patterns."])
def test_a_change_elsewhere_corrects_nothing(scene: Scene, offered: Correction, text: str) -> None:
    """One comma changed wrote "Made" over words that still stood."""
    with pytest.raises(Refused, match=r"are still in the finding|still says what"):
        service.decide_correction(offered, "make", decision="Yes", text=text, by=scene.by, at=NOW)
    assert offered.state == "offered"


def test_words_that_stay_have_a_reason_the_agency_reads(scene: Scene, offered: Correction) -> None:
    why = "The second time it quotes the return of January, which said 12 patterns."
    text = "They counted 13 patterns. In January they had said 12 patterns."
    service.decide_correction(offered, "make", decision="Yes", text=text, words_stay=why, by=scene.by, at=NOW)
    assert (offered.state, offered.decision) == ("made", f"Yes\n{why}")
    assert why in letters("correction_decided")[0].text


def test_a_correction_is_made_in_part_where_some_of_the_words_stand(scene: Scene, offered: Correction) -> None:
    text = "They counted 12 patterns in January and 13 in March."
    service.decide_correction(offered, "make_in_part", decision="Both are right", text=text, by=scene.by, at=NOW)
    assert offered.state == "made_in_part"


def test_a_finding_is_not_settled_over_a_correction_nobody_decided(scene: Scene, offered: Correction) -> None:
    finding = offered.extract.finding
    with pytest.raises(Refused, match="has not been decided"):
        service.settle_finding(finding, by=scene.by, at=NOW)
    service.decide_correction(offered, "decline", decision="It was 12", by=scene.by, at=NOW)
    replying.waived(scene.review, by=scene.by)
    service.settle_finding(agreed(finding), by=scene.by, at=NOW)
    assert finding.state == "settled"
