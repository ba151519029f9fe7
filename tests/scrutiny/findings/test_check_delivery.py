"""An accuracy check that reached nobody was shown to nobody: no day of it runs, and nothing goes on over it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Select, select

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.mail import MailNotAccepted
from scrutiny.agencies.models import Agency
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.reception import Entered
from scrutiny.extensions import db
from scrutiny.findings import delivering, right_of_reply, service
from scrutiny.findings.jobs import sweep_checks
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import london_day
from scrutiny.reports.gather_review import _reply
from scrutiny.snapshots import statements
from scrutiny.transaction import writes_now
from scrutiny.worklist.deadlines import deadlines_of
from scrutiny.worklist.needs import needs_of
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import Scene, make_scene
from workflows.refusals import Refused

LATER = NOW + timedelta(days=40)
SOON = NOW + timedelta(days=3)


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mail server refuse every letter for good."""

    def post(self: object, message: object) -> None:
        raise MailNotAccepted("550 No such user here", permanent=True)

    monkeypatch.setattr(type(fitted.mailer()), "post", post)


def postings() -> Select[Posting]:
    """The emails that ask an agency to check the facts, the first first; partners are written to about the finding itself."""
    return select(Posting).join(Letter).where(Letter.kind == "accuracy_check").order_by(Posting.id)


@pytest.fixture
def begun(context: None, cast: SimpleNamespace) -> Scene:
    """A finding about the police, sent to it, its letters not yet posted."""
    with writes_now():
        scene = make_scene(cast)
        scene.proposed()
        service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    return scene


def check_of() -> AccuracyCheck:
    """The check as it is kept."""
    return db.session.scalars(select(AccuracyCheck).execution_options(populate_existing=True)).one()


def state(scene: Scene, today: date) -> str:
    """Where the right of reply of the police stands."""
    return right_of_reply.replies(scene.review, today)[0].state


def test_a_check_that_reached_nobody_is_never_silent_and_holds_what_follows(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch)
    post_letters(at=NOW)
    late = london_day(LATER)
    assert (check_of().received_on, state(begun, late)) == (None, "not_reached")
    reply = right_of_reply.replies(begun.review, late)[0]
    assert reply.holds
    assert reply.shown == ()
    assert "has not reached it (550 No such user here)" in right_of_reply.in_words(reply)
    finding = reply.missing[0]
    with writes_now(), pytest.raises(Refused, match="has not reached it"):
        service.settle_finding(finding, by=begun.by, at=LATER)
    needs = needs_of([begun.review], begun.by, late, LATER)[begun.review.id]
    assert [need.href for need in needs if "has not reached it" in need.text] == [
        f"/reviews/{begun.review.reference}/accuracy/{check_of().id}/delivery"
    ]
    assert not [row for row in deadlines_of([begun.review], begun.by) if row.key.startswith("accuracy")]
    said = " ".join(statements.right_of_reply(SimpleNamespace(replies=(_reply(reply),), corrections=())))
    assert said == "Sent what the draft findings say of them, which has not reached them: Loamshire Police."
    with writes_now():
        right_of_reply.waive(begun.review, reply.agency, "It has ended", by=begun.by, at=LATER)
    waived = right_of_reply.replies(begun.review, late)[0]
    said = " ".join(statements.right_of_reply(SimpleNamespace(replies=(_reply(waived),), corrections=())))
    assert said.startswith("Loamshire Police was not shown finding 1 before it was final.")


def test_a_check_runs_from_the_day_its_letter_is_accepted(begun: Scene) -> None:
    assert state(begun, london_day(NOW)) == "not_reached"
    promised = check_of().due_on
    post_letters(at=SOON)
    check = check_of()
    assert (check.received_on, check.received_how) == (london_day(SOON), "email")
    assert check.due_on > promised
    assert state(begun, london_day(SOON)) == "running"
    assert state(begun, london_day(LATER)) == "silent"
    told = db.session.scalars(select(Letter).where(Letter.kind == "accuracy_day_moved")).all()
    assert told
    assert all("bank holiday" not in letter.text for letter in told)


def test_one_letter_that_failed_is_told_though_another_reached_the_agency(begun: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody was not written to; once the agency has answered, nobody has to be."""

    def lost() -> list[str]:
        needs = needs_of([begun.review], begun.by, london_day(SOON), SOON)[begun.review.id]
        return [need.text for need in needs if "could not be delivered" in need.text]

    post_letters(at=NOW)
    with writes_now():
        db.session.scalars(postings()).first().state = "failed"
    assert lost() == ["1 letter could not be delivered"]
    with writes_now():
        check_of().answered_at = SOON
    assert lost() == []
    with writes_now():
        check_of().answered_at = None
        for posting in db.session.scalars(postings()):
            posting.state = "failed"
        delivering.note_bounced(db.session.scalars(select(Letter).where(Letter.kind == delivering.ASKS)).first(), at=SOON)
    assert lost() == [], "that the check reached nobody is said instead"


def test_what_was_not_noted_is_noted_by_the_sweep(begun: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    post_letters(at=NOW)
    assert check_of().received_on is None
    assert sweep_checks(at=LATER) == 2, "one for each letter"
    assert check_of().received_on == london_day(NOW)
    assert sweep_checks(at=LATER) == 0


def test_a_check_whose_letters_came_back_unnoted_is_taken_back_by_the_sweep(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agency is never printed as silent on what came back to us; what it has, by one of its letters, it keeps."""
    post_letters(at=NOW)
    monkeypatch.setattr("scrutiny.correspondence.outcomes._deeds", {})
    first, second = db.session.scalars(postings()).all()
    with writes_now():
        db.session.get_one(Posting, first.id).state = "bounced"
    assert (sweep_checks(at=SOON), check_of().received_how) == (0, "email"), "the other letter arrived"
    with writes_now():
        db.session.get_one(Posting, second.id).state = "bounced"
        check_of().answered_at = SOON
    assert (sweep_checks(at=SOON), check_of().received_how) == (0, "email"), "it has answered"
    with writes_now():
        check_of().answered_at = None
    assert sweep_checks(at=SOON) == 2, "one for each letter"
    assert (check_of().received_on, check_of().received_how) == (None, "")
    assert sweep_checks(at=SOON) == 0


def test_who_got_its_extracts_on_paper_is_not_emailed_about_the_day(begun: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no address that works: each such letter would fail and be counted as lost."""
    refuse(monkeypatch)
    post_letters(at=NOW)
    promised = check_of().due_on
    with writes_now():
        delivering.enter_received(check_of(), Entered("hand", london_day(SOON), "By Olwen"), by=begun.by, at=SOON)
    assert check_of().due_on > promised
    assert not db.session.scalars(select(Letter).where(Letter.kind == "accuracy_day_moved")).all()


def test_a_check_is_posted_on_paper_or_sent_again(begun: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with writes_now(), pytest.raises(Refused, match="still on its way"):
        delivering.send_again(check_of(), by=begun.by, at=NOW)
    with monkeypatch.context() as patch:
        refuse(patch)
        post_letters(at=NOW)
    with writes_now(), pytest.raises(Refused, match="is after today"):
        delivering.enter_received(check_of(), Entered("post", london_day(LATER), "By Olwen"), by=begun.by, at=NOW)
    with writes_now():
        delivering.send_again(check_of(), by=begun.by, at=SOON)
    post_letters(at=SOON)
    assert check_of().received_on == london_day(SOON)
    assert not db.session.scalars(select(Letter).where(Letter.kind == "accuracy_day_moved")).all(), "the new letter names the day"
    assert {row.state for row in db.session.scalars(postings())} == {"replaced", "posted"}


def test_an_agency_that_opens_its_extracts_has_them(app: Flask, cast: SimpleNamespace, signed_in) -> None:
    with app.app_context(), transaction.writes_now():
        scene = make_scene(cast)
        scene.proposed()
        for agency in db.session.scalars(select(Agency)):
            agency.email = ""
        check = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)[0].id
        at = f"/reviews/{scene.review.reference}/accuracy"
    lead = signed_in("lead_inspector")
    assert "Not delivered" in lead.get(at).text
    page = lead.get(f"{at}/{check}/delivery").text
    assert "Nothing has reached Loamshire Police yet" in page
    assert signed_in("inspector").get(f"{at}/{check}/delivery").status_code == 403
    assert signed_in("responder").get(f"{at}/{check}/delivery").status_code == 404
    assert "Enter who posted it" in lead.post(f"{at}/{check}/delivery", data={"how": "post", "on": "2026-03-02"}).text
    assert signed_in("responder").get(f"/accuracy/{check}").status_code == 200
    with app.app_context():
        assert check_of().received_how == "opened"
    assert "Not delivered" not in lead.get(at).text
