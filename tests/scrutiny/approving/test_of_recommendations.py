"""What an agency says of a recommendation is one person's draft until its approver has approved exactly that."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import AgencyMembership
from scrutiny.approving import queries
from scrutiny.approving import service as approving
from scrutiny.approving.models import Approval
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.recommendations import approvals, service
from scrutiny.recommendations.approvals import Progress
from scrutiny.recommendations.models import Addressee
from scrutiny.transaction import commit, writes_now
from tests.scrutiny.approving.pressing import approve as press
from tests.scrutiny.approving.pressing import seen_in, waiting
from tests.scrutiny.recommendations.test_service import come_out
from tests.scrutiny.reports.story import RELEASE
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]


def to_police(cast: SimpleNamespace) -> None:
    """A recommendation to the police, who have an approver."""
    come_out(cast)
    with writes_now():
        db.session.scalars(select(Addressee)).one().agency_id = cast.police


@pytest.fixture
def made(context: None, as_built: Callable[..., None]) -> Addressee:
    """The recommendation as it came out."""
    as_built(to_police)
    return db.session.scalars(select(Addressee)).one()


@pytest.fixture
def answer_page(app: Flask, as_built: Callable[..., None]) -> str:
    """The same, and where its agency answers it."""
    with app.app_context():
        as_built(to_police)
        return f"/recommendations/{db.session.scalars(select(Addressee.id)).one()}"


def letters(kind: str) -> list[tuple[str, str]]:
    """To whom letters of a kind went, and under which subject."""
    rows = select(Letter.address, Letter.subject).where(Letter.kind == kind).order_by(Letter.id)
    return [(address, subject) for address, subject in db.session.execute(rows)]


def passed(made: Addressee, move: str = "accept", words: str = "We will.") -> Approval:
    """Rhys writes a response, which waits for Dee."""
    assert approvals.send_response(made, move, response=words, by=acting("responder"), at=RELEASE) is False
    (passed_on,) = queries.to_do(made.agency_id)
    return passed_on


def approve(approval: Approval, who: str = "certifier") -> str:
    """Approve it as it is."""
    return approving.approve(approval, seen=approving.as_seen(approval), by=acting(who), at=RELEASE)


def test_a_response_goes_out_when_its_approver_has_approved_it(made: Addressee) -> None:
    response, rhys, dee = passed(made), acting("responder"), acting("certifier")
    assert (made.state, made.steps, letters("response_given")) == ("awaited", [], [])
    number, review = made.recommendation.number, made.recommendation.review.reference
    called = f"the response of {made.agency.name} to recommendation {number} of {review}"
    assert letters("approval_wanted") == [("certifier@example.org", f"To approve: {called}")]
    with pytest.raises(Refused, match="already"):
        approvals.send_response(made, "reject", response="No.", by=rhys, at=RELEASE)
    with pytest.raises(Refused, match="Only an approver"):
        approve(response, "colleague")
    assert "will be published" in approve(response)
    assert (made.state, made.response, made.responded_by) == ("accepted", "We will.", rhys.reference)
    assert (response.state, response.decided_by) == ("approved", dee.reference)
    assert letters("approval_given") == [("responder@example.org", f"Approved and sent: {called}")]
    assert letters("response_given")
    assert queries.hands_in(("response", "progress"), made.id) == {rhys.reference, dee.reference}
    with pytest.raises(Refused, match="not waiting for your approval any more"):
        approve(response)
    passed(made, "correct_reject", "We will not.")
    assert letters("approval_wanted")[-1][1].startswith("To approve: the corrected response of ")
    assert made.response == "We will."


def test_nobody_sends_in_the_agencys_name_alone(made: Addressee) -> None:
    for by in (acting("responder"), acting("colleague")):
        with pytest.raises(Refused, match="send it to the approver"):
            service.respond(made, "accept", response="We will.", by=by, at=RELEASE)
    assert approvals.send_response(made, "accept", response="We will.", by=acting("certifier"), at=RELEASE) is True
    with pytest.raises(Refused, match="send it to the approver"):
        service.return_progress(made, status="on-track", text="Begun.", new_date=None, by=acting("responder"), at=RELEASE)


def test_where_there_is_another_approver_nobody_approves_their_own_words(made: Addressee) -> None:
    other = acting("colleague").person
    row = db.session.scalars(select(AgencyMembership).where(AgencyMembership.person_id == other)).one()
    row.role = "certifier"
    db.session.flush()
    assert approvals.send_response(made, "accept", response="We will.", by=acting("certifier"), at=RELEASE) is False
    assert [address for address, _ in letters("approval_wanted")] == ["colleague@example.org"]
    (response,) = queries.to_do(made.agency_id)
    with pytest.raises(Refused, match="another approver"):
        approve(response)
    db.session.rollback()


def test_what_came_back_is_changed_and_sent_on_and_both_versions_stay(made: Addressee) -> None:
    first, rhys, dee = passed(made), acting("responder"), acting("certifier")
    with pytest.raises(Refused, match="Say what must change"):
        approving.send_back(first, " ", by=dee, at=RELEASE)
    approving.send_back(first, "Name the officer who does it.", by=dee, at=RELEASE)
    assert [address for address, _ in letters("approval_sent_back")] == ["responder@example.org"]
    second = passed(made, "accept", "Chief Inspector Vale will.")
    assert (first.state, first.content["response"], first.why) == ("overtaken", "We will.", "Name the officer who does it.")
    approving.take_back(second, by=rhys, at=RELEASE)
    assert [address for address, _ in letters("approval_taken_back")] == ["certifier@example.org"]
    with pytest.raises(Refused):
        approve(second)
    third = passed(made, "accept", "Chief Inspector Vale will, by May.")
    approve(third)
    assert [step.words for step in made.steps] == ["Chief Inspector Vale will, by May."]


def test_progress_goes_the_same_way(made: Addressee) -> None:
    approve(passed(made))
    with pytest.raises(Refused, match="new day"):
        approvals.send_progress(made, Progress("slipped", "Late."), by=acting("responder"), at=RELEASE)
    said = Progress("achieved", "Twelve tables are out.")
    assert approvals.send_progress(made, said, by=acting("responder"), at=RELEASE) is False
    assert (made.state, made.returns, letters("progress_returned")) == ("accepted", [], [])
    (response,) = queries.to_do(made.agency_id)
    approve(response)
    assert (made.state, [row.text for row in made.returns]) == ("said_done", ["Twelve tables are out."])
    assert letters("progress_returned")


def test_the_pages_lead_from_the_responder_to_the_approver_and_out(answer_page: str, signed_in: SignIn) -> None:
    rhys, dee, officer = signed_in("responder"), signed_in("certifier"), signed_in("officer")
    assert "Send to your approver" in rhys.get(answer_page).text
    assert rhys.post(answer_page, data={"move": "accept", "response": "We will."}).status_code == 302
    assert "Nothing is sent until your approver approves it." in rhys.get(answer_page).text
    assert "with your approver" in rhys.get("/inbox").text
    assert "We will." not in officer.get(f"{answer_page}/check").text
    at = waiting(dee)
    assert "Approve the response of" in dee.get("/inbox").text
    assert rhys.post(at, data=seen_in(dee, at)).status_code == 403
    for stranger in ("fire_responder", "officer", "administrator", "stranger"):
        assert signed_in(stranger).get(at).status_code == 404
        assert signed_in(stranger).post(at, data={"seen": "x"}).status_code == 404
    assert "Say what must change" in dee.post(f"{at}/send-back", data={"why": ""}).text
    old = seen_in(dee, at)
    assert dee.post(f"{at}/send-back", data={"why": "Name the officer."}).status_code == 302
    again = rhys.get(answer_page).text
    assert "Name the officer." in again
    assert "We will." in again, "the words are kept"
    rhys.post(answer_page, data={"move": "accept", "response": "Vale will."})
    late = dee.post(at, data=old)
    assert late.status_code == 409
    assert "This is not waiting for your approval any more" in late.text
    assert "There is a newer version" in late.text
    assert "We will." in late.text
    assert "Vale will." in late.text
    done = press(dee).text
    assert "Written by Rhys Cole. Approved and sent by Supt Dee Marsh" in done
    assert "Vale will." in officer.get(f"{answer_page}/check").text
    assert "Written by Rhys Cole, approved by Supt Dee Marsh" in rhys.get(answer_page).text
    rhys.post(answer_page, data={"move": "correct_reject", "response": "We cannot."})
    last = waiting(dee)
    beside = dee.get(last).text
    assert beside.count("govuk-button--secondary") == 1, "one button stands out"
    assert beside.index("Stands now") < beside.index("Vale will.") < beside.index("We cannot.")
    assert rhys.post(f"{last}/take-back").status_code == 302
    assert "We cannot." in rhys.get(answer_page).text


def test_what_it_answers_may_change_meanwhile(app: Flask, answer_page: str, signed_in: SignIn, cast: SimpleNamespace) -> None:
    dee, address = signed_in("certifier"), f"{answer_page}/progress"
    dee.post(answer_page, data={"move": "accept", "response": "We will."})
    signed_in("responder").post(address, data={"status": "on-track", "text": "Begun."})
    at = waiting(dee)
    old = seen_in(dee, at)
    with app.app_context():
        made = db.session.scalars(select(Addressee)).one()
        service.return_progress(made, status="on-track", text="Half done.", new_date=None, by=acting("certifier"), at=RELEASE)
        commit()
    refused = dee.post(at, data=old)
    assert refused.status_code == 409
    assert "What this answers has changed since you opened it" in refused.text
    assert "Half done." in refused.text
    assert dee.post(at, data=seen_in(dee, at)).status_code == 302
    with app.app_context():
        since = RELEASE.date()
        db.session.add(AgencyMembership(agency_id=cast.police, person_id=cast.officer, role="responder", from_on=since))
        commit()
    elsewhere = signed_in("officer").get(at)
    assert elsewhere.status_code == 404
    assert "Act for Loamshire Police" in elsewhere.text, "who acts for another of theirs is offered the switch"
