"""What an agency says of the facts goes by its approver where it has one: nothing of it is seen outside before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scrutiny.agencies.models import AgencyMembership
from scrutiny.checking import service as checking
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import queries, right_of_reply, service
from scrutiny.findings.models import AccuracyCheck, Correction
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import TODAY, Scene, make_scene
from tests.scrutiny.findings.replying import reached
from workflows.refusals import Refused

RIGHT = {"words": "12 patterns", "correction": "13 patterns", "grounds": "The March return"}


def begun(cast: SimpleNamespace) -> tuple[Scene, AccuracyCheck]:
    """The police, who have an approver, are shown a finding."""
    scene = make_scene(cast)
    finding = scene.drafted("Counts", text="They counted 12 patterns.")
    service.cite(finding, lodging=scene.lodged(), quotation="12 patterns", by=scene.by, at=NOW)
    service.propose_finding(finding, by=scene.by, at=NOW)
    (check,) = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    reached([check])
    return scene, check


@pytest.fixture
def police(context: None, cast: SimpleNamespace) -> SimpleNamespace:
    """The check of the police, and who acts in it."""
    scene, check = begun(cast)
    return SimpleNamespace(scene=scene, check=check, rhys=scene.actor("responder"), dee=scene.actor("certifier"))


def offer(police: SimpleNamespace) -> Correction:
    """Rhys writes a correction."""
    correction: Correction = service.offer_correction(police.check.extracts[0], **RIGHT, by=police.rhys, at=NOW)
    return correction


def letters(kind: str) -> list[str]:
    """To whom letters of a kind went."""
    return list(db.session.scalars(select(Letter.address).where(Letter.kind == kind).order_by(Letter.id)))


def test_nothing_is_seen_before_the_approver_has_approved(police: SimpleNamespace) -> None:
    correction, review = offer(police), police.scene.review
    assert correction.state == "drafted"
    assert checking.finish(police.check, by=police.rhys, at=NOW) is False
    assert (police.check.answered_at, police.check.passed_at, police.check.passed_by) == (None, NOW, police.rhys.reference)
    assert letters("check_to_approve") == ["certifier@example.org"]
    assert letters("accuracy_check_answered") == []
    assert queries.corrections_undecided(review.id) == 0
    assert [reply.state for reply in right_of_reply.replies(review, TODAY)] == ["running"], "it still holds the findings"
    with pytest.raises(Refused, match="waits for your approver"):
        offer(police)
    with pytest.raises(Refused, match="approver already"):
        checking.finish(police.check, by=police.rhys, at=NOW)
    assert checking.finish(police.check, by=police.dee, at=NOW) is True
    assert (correction.state, police.check.approved_by, police.check.passed_at) == ("offered", police.dee.reference, None)
    assert queries.corrections_undecided(review.id) == 1
    assert letters("accuracy_check_answered") == ["lead.inspector@example.org"]


def test_a_responder_cannot_finish_in_the_agencys_name(police: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="pass it on to the approver"):
        service.finish_accuracy_check(police.check, by=police.rhys, at=NOW)
    assert police.check.answered_at is None


def test_it_is_sent_back_with_the_reason_and_passed_on_again(police: SimpleNamespace) -> None:
    correction = offer(police)
    checking.finish(police.check, by=police.rhys, at=NOW)
    with pytest.raises(Refused, match="Say what must change"):
        checking.send_back(police.check, " ", by=police.dee, at=NOW)
    with pytest.raises(Refused, match="Only an approver"):
        checking.send_back(police.check, "No", by=police.rhys, at=NOW)
    checking.send_back(police.check, "January is right", by=police.dee, at=NOW)
    assert (police.check.passed_at, police.check.sent_back_why) == (None, "January is right")
    assert letters("check_sent_back") == ["responder@example.org"]
    checking.take_out(correction, by=police.rhys, at=NOW)
    assert police.check.extracts[0].corrections == []
    checking.finish(police.check, by=police.rhys, at=NOW)
    assert police.check.sent_back_why == ""
    checking.finish(police.check, by=police.dee, at=NOW)
    with pytest.raises(Refused, match="does not wait"):
        checking.send_back(police.check, "Late", by=police.dee, at=NOW)


def test_it_can_be_taken_back_until_it_is_approved(police: SimpleNamespace) -> None:
    correction = offer(police)
    checking.finish(police.check, by=police.rhys, at=NOW)
    with pytest.raises(Refused, match="withdraw it first"):
        checking.take_out(correction, by=police.rhys, at=NOW)
    checking.take_back(police.check, by=police.rhys, at=NOW)
    assert police.check.passed_at is None
    assert letters("check_taken_back") == ["certifier@example.org"]
    offer(police)
    checking.finish(police.check, by=police.rhys, at=NOW)
    checking.finish(police.check, by=police.dee, at=NOW)
    for deed in (checking.take_back, checking.finish):
        with pytest.raises(Refused):
            deed(police.check, by=police.rhys, at=NOW)
    with pytest.raises(Refused, match="has been sent"):
        checking.take_out(correction, by=police.dee, at=NOW)


def test_an_agency_without_an_approver_says_it_itself(context: None, cast: SimpleNamespace) -> None:
    scene = make_scene(cast)
    finding = scene.drafted("Fires", text="They set 3 fires.")
    fire = scene.lodged(agency="fire", title="Fires", text="We set 3 fires ourselves.")
    service.cite(finding, lodging=fire, quotation="3 fires", by=scene.by, at=NOW)
    service.propose_finding(finding, by=scene.by, at=NOW)
    (check,) = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    finn = scene.actor("fire_responder")
    words = {"words": "3 fires", "correction": "4 fires", "grounds": "The log"}
    assert service.offer_correction(check.extracts[0], **words, by=finn, at=NOW).state == "offered"
    assert checking.finish(check, by=finn, at=NOW) is True
    assert check.approved_by == ""


def test_the_pages_lead_from_the_responder_to_the_approver(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        scene, check = begun(cast)
        at, extract, review = f"/accuracy/{check.id}", check.extracts[0].id, scene.review.reference
        commit()
    rhys, dee, leo = signed_in("responder"), signed_in("certifier"), signed_in("lead_inspector")
    move: dict[str, Any] = {"move": "x"}
    assert "agency’s approver must approve this check" in rhys.get(at).text
    assert "sent when an approver of your agency has approved" in rhys.get(f"{at}/{extract}").text
    rhys.post(f"{at}/{extract}", data=RIGHT)
    page = rhys.get(at).text
    assert "Your correction is saved, and not sent yet." in page
    assert "Send 1 correction to your approver" in page
    hidden = leo.get(f"/reviews/{review}/accuracy").text
    assert "13 patterns" not in hidden
    assert press(rhys, at).status_code == 302
    assert "Nothing is sent until your approver approves it." in rhys.get(at).text
    assert "Approve the check of the facts in 1 finding" in dee.get("/inbox").text
    page = dee.get(at).text
    assert "Approve and send 1 correction" in page
    assert "The March return" in page
    assert rhys.post(f"{at}/send-back", data={"why": "No"}).status_code == 403
    unsaid = dee.post(f"{at}/send-back", data={"why": ""}).text
    assert "Say what must change" in unsaid
    assert dee.post(f"{at}/send-back", data={"why": "January is right"}).status_code == 302
    assert "Sent back by an approver:</strong> January is right" in rhys.get(at).text
    press(rhys, at)
    rhys.post(f"{at}/take-back", data=move)
    assert "You have withdrawn this." in rhys.get(at).text
    number = re.search(rf"{at}/corrections/(\d+)/take-out", rhys.get(at).text)
    assert number is not None
    press(rhys, at)
    press(dee, at)
    assert "Approved by Supt Dee Marsh." in rhys.get(at).text
    assert "13 patterns" in leo.get(f"/reviews/{review}/accuracy").text
    assert signed_in("fire_responder").post(f"{at}/take-back", data=move).status_code == 404
    assert rhys.post(f"{at}/corrections/999/take-out", data=move).status_code == 404


def press(client: FlaskClient, at: str) -> TestResponse:
    """The button by which the check is passed on or sent, with what the page holds."""
    return client.post(f"{at}/finish", data=held(client, at))


def held(client: FlaskClient, at: str) -> dict[str, str]:
    """The hidden fields of that button."""
    seen = re.search(r'name="seen" value="(\w+)"', client.get(at).text)
    assert seen is not None
    return {"move": "finish", "seen": seen[1]}


def test_an_approver_sends_nothing_that_came_after_she_opened_the_page(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        scene, check = begun(cast)
        at, extract, review = f"/accuracy/{check.id}", check.extracts[0].id, scene.review.reference
        commit()
    rhys, dee, leo = signed_in("responder"), signed_in("certifier"), signed_in("lead_inspector")
    rhys.post(f"{at}/{extract}", data=RIGHT)
    press(rhys, at)
    old = held(dee, at)
    rhys.post(f"{at}/take-back", data={"move": "x"})
    rhys.post(f"{at}/{extract}", data=RIGHT | {"correction": "99 patterns"})
    refused = dee.post(f"{at}/finish", data=old)
    assert "This has changed since you opened it" in refused.text
    assert "99 patterns" not in leo.get(f"/reviews/{review}/accuracy").text
    assert press(rhys, at).status_code == 302
    assert press(dee, at).status_code == 302
    assert "99 patterns" in leo.get(f"/reviews/{review}/accuracy").text


def test_whoever_has_left_is_not_told_why_it_came_back(police: SimpleNamespace) -> None:
    checking.finish(police.check, by=police.rhys, at=NOW)
    for membership in db.session.scalars(select(AgencyMembership).where(AgencyMembership.person_id == police.rhys.person)):
        membership.to_on = date(2020, 1, 2)
    db.session.flush()
    checking.send_back(police.check, "January is right", by=police.dee, at=NOW)
    told = set(db.session.scalars(select(Letter.address).where(Letter.kind == "check_sent_back")))
    assert told
    assert "responder@example.org" not in told
