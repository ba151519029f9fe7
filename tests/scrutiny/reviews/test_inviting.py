"""A partner is invited, accepts or declines, and is told of what concerns it; until it accepts it has no part."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.asking.letters import issued_values
from scrutiny.asking.service import draft_requests
from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.reviews import inviting, service
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part, part_of
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def review(context: None, cast: SimpleNamespace) -> Review:
    """A review of the committee, without a partner."""
    return opened(cast, partners=[])


def letters(kind: str) -> dict[str, Letter]:
    """The letters of a kind, by address."""
    return {one.address: one for one in db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))}


def test_until_it_accepts_a_body_has_no_part(review: Review, cast: SimpleNamespace) -> None:
    ofsted = db.session.get_one(Body, cast.ofsted)
    invitation = inviting.invite_partner(review, ofsted, by=acting("officer"), at=NOW)
    assert part_of(review, ofsted.id) is None
    assert ofsted not in bodies_taking_part(review)
    request = draft_requests(review, by=acting("officer"), at=NOW)[0]
    assert ofsted.name not in str(issued_values(request)), "no letter names it"
    assert letters("partner_invited"), "those who plan for it are told"
    with pytest.raises(Refused, match="invited already"):
        inviting.invite_partner(review, ofsted, by=acting("officer"), at=NOW)
    inviting.accept(invitation, by=acting("lead_inspector"), at=NOW)
    assert part_of(review, ofsted.id) == "partner"
    assert all("has accepted" in letter.text for letter in letters("invitation_answered").values())
    with pytest.raises(Refused):
        inviting.decline(invitation, why="Too late", by=acting("lead_inspector"), at=NOW)


def test_a_body_declines_with_a_reason_and_the_lead_reads_it(review: Review, cast: SimpleNamespace) -> None:
    invitation = inviting.invite_partner(review, db.session.get_one(Body, cast.ofsted), by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="Say why"):
        inviting.decline(invitation, why=" ", by=acting("lead_inspector"), at=NOW)
    inviting.decline(invitation, why="We inspect there in May.", by=acting("lead_inspector"), at=NOW)
    assert part_of(review, cast.ofsted) is None
    told = letters("invitation_answered")
    assert told
    assert all("We inspect there in May." in letter.text for letter in told.values())


def test_added_and_removed_bodies_are_told(review: Review, cast: SimpleNamespace) -> None:
    row = service.add_body(review, db.session.get_one(Body, cast.ofsted), "observer", by=acting("officer"), at=NOW)
    assert letters("body_added")
    service.end_body(review, row, by=acting("officer"), at=NOW)
    assert letters("body_removed")


def test_who_is_invited_stands_in_the_overview_and_is_not_offered_again(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    with app.app_context(), writes_now():
        review, ofsted = opened(cast, partners=[], observers=[db.session.get_one(Body, cast.cqc)]), cast.ofsted
        inviting.invite_partner(review, db.session.get_one(Body, ofsted), by=acting("officer"), at=NOW)
        at = f"/reviews/{review.reference}"
    officer = signed_in("officer")
    assert "Office for Standards in Learning (invited as a partner, has not answered)" in officer.get(at).text
    assert f'<option value="{ofsted}"' not in officer.get(f"{at}/people").text
    assert "has not answered" not in signed_in("partner_inspector").get(at).text, "an observer is not told"
    invitation = officer.get(f"{at}/people").text.split("/invitations/")[1].split("/")[0]
    officer.post(f"/invitations/{invitation}/take-back")
    assert "has not answered" not in officer.get(at).text
    assert f'<option value="{ofsted}"' in officer.get(f"{at}/people").text


@pytest.mark.parametrize("take", [True, False])
def test_whoever_proposes_a_question_hears_what_came_of_it(review: Review, take: bool) -> None:
    line = review.open_lines[0]
    question = service.propose_question(review, line=line, text="Who drives the bus?", why="", by=acting("councillor"), at=NOW)
    assert all("Who drives the bus?" in letter.text for letter in letters("question_proposed").values())
    assert letters("question_proposed")
    why = "" if take else "It is asked already."
    service.settle_question(review, question, take=take, why=why, by=acting("officer"), at=NOW)
    (told,) = letters("question_settled").values()
    assert ("will be put to the agencies" in told.text) is take
    assert ("It is asked already." in told.text) is not take


def test_the_pages_invite_answer_and_take_back(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    with app.app_context(), writes_now():
        reference = opened(cast, partners=[]).reference
    officer, invited = signed_in("officer"), signed_in("lead_inspector")
    page = officer.post(
        f"/reviews/{reference}/people/join", data={"body": cast.ofsted, "part": "partner"}, follow_redirects=True
    ).text
    assert "It takes part once it accepts." in page
    assert "Withdraw the invitation" in page
    assert invited.get(f"/reviews/{reference}").status_code == 404
    assert "Invitation to take part" in invited.get("/inbox").text
    with app.app_context():
        invitation_id = inviting.invitations_of(db.session.scalars(select(Review)).one())[0].id
    here = f"/invitations/{invitation_id}"
    for who in ("officer", "councillor", "inspector", "responder", "stranger"):
        assert signed_in(who).get(here).status_code == 404, who
    assert "only the body in the lead signs" in invited.get(here).text
    refused = invited.post(here, data={"answer": "decline", "why": ""})
    assert "Say why your body cannot take part" in refused.text
    assert signed_in("councillor").post(f"{here}/take-back").status_code == 404
    assert invited.post(here, data={"answer": "accept"}).status_code == 302
    assert invited.get(f"/reviews/{reference}").status_code == 200
    assert invited.get(here).status_code == 404, "it has been answered"
