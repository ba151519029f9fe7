"""Whoever leaves hands everything over at once: shown first, recorded, both told; and nothing that is theirs alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies import queries
from scrutiny.bodies.letterheads import enter_letterhead
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.handover import queries as handing_over
from scrutiny.handover import service
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import ReviewDraft
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.bodies.test_letterheads import HEAD
from tests.scrutiny.requests.test_delivering import issued_to, opened
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]


def seen(page: str) -> str:
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


@pytest.fixture
def other(app: Flask, cast: SimpleNamespace) -> int:
    """A second officer of the committee."""
    with app.app_context(), writes_now():
        person = Person(email="nia@example.org", name="Nia Bell")
        role = BodyMembership(body_id=cast.committee, person=person, role="councillor", from_on=NOW.date())
        db.session.add_all([person, role])
        committee = db.session.get_one(Body, cast.committee)
        officer = db.session.get_one(Person, cast.officer)
        enter_letterhead(committee, HEAD | {"contact_email": officer.email}, by=OPERATOR_ACTOR, at=NOW)
        db.session.add(ReviewDraft(body_id=cast.committee, made_by=officer.reference, saved_at=NOW))
        db.session.flush()
        return person.id


def test_an_officers_roles_drafts_and_posts_pass_on_and_both_are_told(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace, other: int
) -> None:
    client, home = signed_in("administrator"), f"/people/{cast.officer}/hand-over"
    assert home in client.get(f"/administration/people/{cast.officer}").text
    assert "Choose who takes the work" in client.post(home).text
    assert "Choose one of the answers listed" in client.post(home, data={"to": "body:9/person:9"}).text
    page = client.post(home, data={"to": f"body:{cast.committee}/person:{other}"}, follow_redirects=True)
    for said in ("Roles: scrutiny officer", "1 review being prepared", "In letters: the person its letters say to ask"):
        assert said in page.text
    address = f"{home}/preview?to=body:{cast.committee}/person:{other}"
    assert "has changed since you opened this page" in client.post(address, data={"seen": "x"}).text
    done = client.post(address, data={"seen": seen(page.text)}, follow_redirects=True)
    assert "The work of Olwen Price is handed over. 2 emails queued." in done.text
    with app.app_context():
        assert "scrutiny-officer" in queries.actor_of(db.session.get_one(Person, other)).roles
        ended = queries.memberships_of([cast.officer])[cast.officer]
        assert all(one.to_on is not None for one in ended)
        head = db.session.get_one(Body, cast.committee).letterhead
        assert head
        assert (head.contact_name, head.contact_email, head.signatory_name) == (
            "Nia Bell",
            "nia@example.org",
            HEAD["signatory_name"],
        )
        assert db.session.scalars(select(ReviewDraft.made_by)).one() == f"person:{other}"
        letters = db.session.scalars(select(Letter).where(Letter.kind == "work_handed_over")).all()
        assert {letter.person for letter in letters} == {f"person:{cast.officer}", f"person:{other}"}
        assert "- Roles: scrutiny officer" in letters[0].text
        assert (
            db.session.scalars(select(AuditEntry).where(AuditEntry.event == "work_handed_over")).one().about
            == f"person:{cast.officer}"
        )
    again = client.get(address)
    assert "Olwen Price has nothing to hand over in Loamshire Overview and Scrutiny Committee." in again.text


def test_a_responder_hands_over_questions_but_no_role(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    with app.app_context():
        request_id = issued_to(cast, "police")
    with app.app_context(), writes_now():
        item = db.session.get_one(EvidenceRequest, request_id).items[0]
        item.held_by, item_id = f"person:{cast.responder}", item.id
        reference = item.reference
    client, home = signed_in("responder"), f"/people/{cast.responder}/hand-over"
    assert home in client.get("/account").text
    address = f"{home}/preview?to=agency:{cast.police}/person:{cast.colleague}"
    page = client.get(address)
    assert f"1 question to answer: {reference}" in page.text
    assert "roles: only an administrator can give them" in page.text
    assert client.post(address, data={"seen": seen(page.text)}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Item, item_id).held_by == f"person:{cast.colleague}"
        assert queries.memberships_of([cast.responder])[cast.responder][0].to_on is None


def test_a_handover_leaves_what_is_finished_as_it_is(app: Flask, cast: SimpleNamespace) -> None:
    """A handover once changed who held answers that were sent, refused and withdrawn, and so their versions and history."""
    with app.app_context():
        request_id = issued_to(cast, "police")
    with app.app_context(), writes_now():
        items = db.session.get_one(EvidenceRequest, request_id).items
        ends = ("submitted", "accepted", "refused", "redirected", "withdrawn")
        for item, state in zip(items, ends, strict=False):
            item.held_by, item.state = f"person:{cast.responder}", state
            item.submitted_at, item.ground, item.redirected_to = NOW, "Section 12", "Another force"
        last = items[len(ends)] if len(items) > len(ends) else items[-1]
        last.held_by, last.state = f"person:{cast.responder}", "asked"
        finished = [item.id for item in items if item.state in ends]
    with app.app_context(), writes_now():
        was = [(one.state, one.held_by, one.version) for one in (db.session.get_one(Item, key) for key in finished)]
        person, to = (db.session.get_one(Person, key) for key in (cast.responder, cast.colleague))
        owner = db.session.get_one(Agency, cast.police)
        work = handing_over.work_of(person, to, owner, on=NOW.date(), with_roles=False)
        assert [item.state for item in work.items] == ["asked"]
        service.hand_over(work, by=acting("responder"), at=NOW, on=NOW.date())
        assert was == [(one.state, one.held_by, one.version) for one in (db.session.get_one(Item, key) for key in finished)]
        assert work.items[0].held_by == f"person:{cast.colleague}"
        stale = replace(work, items=(db.session.get_one(Item, finished[0]),))
        with pytest.raises(Refused, match="nothing left to do about it"):
            service.hand_over(stale, by=acting("responder"), at=NOW, on=NOW.date())


def test_nobody_else_opens_it_and_a_stranger_takes_nothing(
    app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace, other: int
) -> None:
    home = f"/people/{cast.officer}/hand-over"
    for path in (home, f"{home}/preview?to=body:{cast.committee}/person:{other}"):
        assert signed_in("chair").get(path).status_code == 404
        assert signed_in("chair").post(path).status_code == 404
        assert client.get(path).status_code == 302
    away = signed_in("administrator").get(f"{home}/preview?to=agency:{cast.police}/person:{cast.colleague}")
    assert away.status_code == 302


def named(cast: SimpleNamespace, person_id: int) -> None:
    """Name somebody under the committee's letters, and in the letters of a review it leads."""
    with writes_now():
        review, person = opened(cast), db.session.get_one(Person, person_id)
        review.contact_name, review.contact_email = person.name, person.email
        names = {"contact_name": person.name, "contact_email": person.email}
        enter_letterhead(db.session.get_one(Body, cast.committee), names, by=OPERATOR_ACTOR, at=NOW)


def test_names_in_letters_pass_on_only_from_those_who_may_change_them(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace, other: int
) -> None:
    with app.app_context():
        named(cast, cast.councillor)
    posts, contacts = "the person its letters say to ask", "The person to ask about"
    path = f"/people/{cast.councillor}/hand-over/preview?to=body:{cast.committee}/person:{other}"
    page = signed_in("councillor").get(path)
    assert "nothing to hand over" in page.text
    for said in (posts, contacts):
        assert said not in page.text
        assert said in signed_in("administrator").get(path).text
    with app.app_context():
        named(cast, cast.officer)
    own = signed_in("officer").get(f"/people/{cast.officer}/hand-over/preview?to=body:{cast.committee}/person:{other}").text
    assert posts in own
    assert contacts in own


def test_a_former_member_sees_no_names_and_changes_no_letters(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace, other: int
) -> None:
    with app.app_context():
        named(cast, cast.officer)
        with writes_now():
            for role in db.session.scalars(select(BodyMembership).where(BodyMembership.person_id == cast.officer)):
                role.to_on = NOW.date() - timedelta(days=1)
    client, home, to = signed_in("officer"), f"/people/{cast.officer}/hand-over", f"body:{cast.committee}/person:{other}"
    for page in (client.get(home), client.post(home, data={"to": to})):
        assert "Nobody else belongs to the same body or agency" in page.text
        assert "Nia Bell" not in page.text
    for answer in (client.get(f"{home}/preview?to={to}"), client.post(f"{home}/preview?to={to}", data={"seen": "x"})):
        assert answer.headers["Location"].endswith(home)
    with app.app_context():
        head = db.session.get_one(Body, cast.committee).letterhead
        assert head
        assert head.contact_name == "Olwen Price"
    left = signed_in("administrator").get(f"{home}/preview?to={to}")
    assert "the person its letters say to ask" in left.text


def test_the_command_previews_and_hands_over(app: Flask, cast: SimpleNamespace, other: int) -> None:
    with app.app_context():
        mine = db.session.get_one(Person, cast.officer).email
    run = app.test_cli_runner().invoke
    told = json.loads(run(args=["people", "hand-over", mine, "nia@example.org", "--preview", "--json"]).stdout)
    assert told["Loamshire Overview and Scrutiny Committee"][0] == "Roles: scrutiny officer"
    assert run(args=["people", "hand-over", mine, "nia@example.org"]).exit_code == 0
    again = run(args=["people", "hand-over", mine, "nia@example.org"])
    assert (again.exit_code, "has nothing to hand over" in again.stderr) == (1, True)
    nobody = run(args=["people", "hand-over", mine, "who@example.org"])
    assert "Nobody here has the address who@example.org" in nobody.stderr
