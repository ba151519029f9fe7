"""A right of reply is a gate: nothing is settled over a check that is missing or running, unless somebody waives it by name."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import queries, right_of_reply, service
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from tests.conftest import NOW
from tests.scrutiny.agreement.agreeing import agreed
from tests.scrutiny.findings.conftest import TODAY, Scene, make_scene
from tests.scrutiny.findings.replying import reached
from workflows.refusals import Refused

REASON = "The force is being replaced and has nobody to answer"


@pytest.fixture
def finding(scene: Scene) -> Finding:
    """A proposed finding that cites the police."""
    return scene.proposed()


def states(scene: Scene, today=TODAY) -> dict[str, str]:
    """Where each agency's right of reply stands."""
    return {reply.agency.name: reply.state for reply in right_of_reply.replies(scene.review, today)}


def test_a_finding_is_not_settled_before_its_agencies_were_shown_it(scene: Scene, finding: Finding) -> None:
    assert states(scene) == {"Loamshire Police": "not_shown"}
    with pytest.raises(Refused, match="Loamshire Police has not been shown this finding"):
        service.settle_finding(finding, by=scene.by, at=NOW)


def test_a_finding_is_not_settled_while_its_check_runs(scene: Scene, finding: Finding) -> None:
    reached(service.start_accuracy_check(scene.review, by=scene.by, at=NOW))
    with pytest.raises(Refused, match="has until Friday 13 March 2026 to check the facts"):
        service.settle_finding(finding, by=scene.by, at=NOW)
    assert states(scene) == {"Loamshire Police": "running"}
    later = NOW + timedelta(days=12)
    assert states(scene, london_day(later)) == {"Loamshire Police": "silent"}
    service.settle_finding(agreed(finding), by=scene.by, at=later)
    assert finding.state == "settled"


def test_a_finding_that_came_after_the_check_needs_another(scene: Scene, finding: Finding) -> None:
    for check in service.start_accuracy_check(scene.review, by=scene.by, at=NOW):
        service.finish_accuracy_check(check, by=scene.actor("certifier"), at=NOW)
    assert states(scene) == {"Loamshire Police": "answered"}
    later = scene.proposed("Another")
    assert states(scene) == {"Loamshire Police": "not_shown"}
    service.settle_finding(agreed(finding), by=scene.by, at=NOW)
    with pytest.raises(Refused, match="has not been shown this finding"):
        service.settle_finding(later, by=scene.by, at=NOW)


def test_a_waiver_has_a_name_and_a_reason_and_the_agency_is_told(scene: Scene, finding: Finding) -> None:
    agency = right_of_reply.replies(scene.review, TODAY)[0].agency
    with pytest.raises(Refused, match="Say why"):
        right_of_reply.waive(scene.review, agency, "  ", by=scene.by, at=NOW)
    with pytest.raises(Refused, match="Only the chair"):
        right_of_reply.waive(scene.review, agency, REASON, by=scene.actor("inspector"), at=NOW)
    reached(service.start_accuracy_check(scene.review, by=scene.by, at=NOW))
    row = right_of_reply.waive(scene.review, agency, REASON, by=scene.by, at=NOW)
    assert (row.name, row.reason) == (scene.by.name, REASON)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "accuracy_waived", Letter.address == "responder@example.org"))
    assert REASON in letter.one().text
    service.settle_finding(agreed(finding), by=scene.by, at=NOW)
    with pytest.raises(Refused, match="No accuracy check of"):
        right_of_reply.waive(scene.review, agency, REASON, by=scene.by, at=NOW)


def test_kinds_that_the_method_gives_the_whole_draft_are_shown_every_finding(
    scene: Scene, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JTAI: the council, the ICB and the chief officer of police, whatever is cited."""
    from dataclasses import replace

    from scrutiny.findings import accuracy

    scene.lodged(agency="fire", title="Fires", text="Three fires")
    method = accuracy.method_of(scene.review.edition)
    whole = replace(method, accuracy_check=replace(method.accuracy_check, whole=("fire",)))
    assert states(scene) == {"Loamshire Police": "not_shown"}
    monkeypatch.setattr(accuracy, "method_of", lambda edition: whole)
    assert states(scene) == {"Loamshire Fire and Rescue": "not_shown", "Loamshire Police": "not_shown"}
    checks = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    fire = next(check for check in checks if check.agency.name == "Loamshire Fire and Rescue")
    assert [extract.quotations for extract in fire.extracts] == [[]], "and quotations of its own evidence only"


def test_the_page_says_what_waits_and_a_waiver_keeps_what_was_typed(app: Flask, cast: SimpleNamespace, signed_in) -> None:
    with app.app_context(), transaction.writes_now():
        scene = make_scene(cast)
        scene.proposed()
        at = f"/reviews/{scene.review.reference}/accuracy"
        agency = right_of_reply.replies(scene.review, TODAY)[0].agency.id
    lead = signed_in("lead_inspector")
    assert "Loamshire Police has not been shown finding 1: send it the accuracy check." in lead.get(at).text
    assert "Say why" in lead.post(f"{at}/waive/{agency}", data={"reason": ""}).text
    assert signed_in("inspector").get(f"{at}/waive/{agency}").status_code == 403
    assert signed_in("partner_inspector").get(f"{at}/waive/{agency}").status_code == 403
    assert signed_in("responder").get(f"{at}/waive/{agency}").status_code == 404
    assert lead.post(f"{at}/waive/{agency}", data={"reason": REASON}).status_code == 302
    assert REASON in lead.get(at).text
    with app.app_context():
        assert [row.reason for row in queries.waivers_of(1)] == [REASON]
