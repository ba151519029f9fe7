"""Somebody who acts for two opens a page of the other: it says which, changes to it in one press, and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import AgencyMembership
from scrutiny.bodies.models import BodyMembership
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from workflows.roles import RESPONDER, SCRUTINY_OFFICER

OFFER = "This page belongs to Loamshire Fire and Rescue, for which you act too."


@pytest.fixture
def both(app: Flask, cast: SimpleNamespace, asked: SimpleNamespace) -> list[str]:
    """The responder of the police acts for the fire service too; the pages of a request to it, one with a query."""
    with app.app_context(), writes_now():
        db.session.add(AgencyMembership(person_id=cast.responder, agency_id=cast.fire, role=RESPONDER, from_on=NOW.date()))
        request = db.session.get_one(EvidenceRequest, asked.requests[cast.fire])
        return [
            f"/answering/{request.id}",
            f"/answering/items/{request.items[0].id}",
            f"/answering/{request.id}/question?item={request.items[0].id}",
            f"/answering/{request.reference}",
        ]


def test_one_press_changes_and_comes_back(cast: SimpleNamespace, both: list[str], signed_in: Callable[..., FlaskClient]) -> None:
    for path in both:
        client = signed_in("responder")
        client.post("/account/acting-for", data={"capacity": f"agency:{cast.police}"})
        page = client.get(path)
        assert page.status_code == 404
        assert OFFER in page.text, path
        fields = dict(re.findall(r'name="(capacity|next)" value="([^"]*)"', page.text))
        fields["next"] = fields["next"].replace("&amp;", "&")
        assert fields == {"capacity": f"agency:{cast.fire}", "next": path}
        answer = client.post("/account/acting-for", data=fields)
        assert answer.headers["Location"] == path
        assert client.get(path, follow_redirects=True).status_code == 200


def test_a_review_is_opened_for_the_body_that_takes_part(
    app: Flask, cast: SimpleNamespace, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), writes_now():
        member = BodyMembership(person_id=cast.responder, body_id=cast.committee, role=SCRUTINY_OFFICER, from_on=NOW.date())
        db.session.add(member)
    client = signed_in("responder")
    client.post("/account/acting-for", data={"capacity": f"agency:{cast.police}"})
    page = client.get(f"/reviews/{asked.reference}/matrix")
    assert page.status_code in (403, 404)
    assert "This page belongs to Loamshire Overview and Scrutiny Committee" in page.text


def test_nobody_is_told_whose_a_page_is_who_does_not_act_for_it(both: list[str], signed_in: Callable[..., FlaskClient]) -> None:
    for who in ("colleague", "officer", "certifier"):
        for path in [*both, "/answering/99999", "/answering/99999999999999999999"]:
            page = signed_in(who).get(path)
            assert page.status_code in (403, 404)
            assert "This page belongs to" not in page.text
            assert "Fire" not in page.text


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_way_back_stays_here(cast: SimpleNamespace, both: list[str], signed_in: Callable[..., FlaskClient], to: str) -> None:
    answer = signed_in("responder").post("/account/acting-for", data={"capacity": f"agency:{cast.fire}", "next": to})
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize(("state", "offered"), [("drafted", False), ("made", True)])
def test_nobody_learns_of_a_recommendation_that_is_not_made(
    app: Flask, cast: SimpleNamespace, both: list[str], signed_in: Callable[..., FlaskClient], state: str, offered: bool
) -> None:
    """An id that exists says no more than one that does not."""
    with app.app_context(), writes_now():
        review = db.session.scalars(select(Review)).first()
        assert review is not None
        said = {"text": "Publish waits", "measure": "They are published", "written_by": "person:1", "written_at": NOW}
        made = NOW if state == "made" else None
        one = Recommendation(review=review, number=1, done_by=NOW.date(), state=state, made_at=made, **said)
        addressee = Addressee(recommendation=one, agency_id=cast.fire, state="awaited")
        db.session.add_all([one, addressee])
        db.session.flush()
        path = f"/recommendations/{addressee.id}"
    client = signed_in("responder")
    client.post("/account/acting-for", data={"capacity": f"agency:{cast.police}"})
    assert (OFFER in client.get(path).text) is offered
