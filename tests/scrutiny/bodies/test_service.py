"""Bodies added and edited, people invited and ended; registers of bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.bodies import queries, service
from scrutiny.bodies.models import Body
from scrutiny.bodies.register import details_of, load_bodies
from scrutiny.bodies.service import BodyDetails
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR, Appointment

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
BY = {"by": OPERATOR_ACTOR, "at": NOW}
pytestmark = pytest.mark.usefixtures("context")


def test_a_body_is_added_with_words_for_what_is_wrong() -> None:
    service.add_body(BodyDetails("place-board", "Loamshire Place Board", "place-board"), **BY)
    for details, words in (
        (BodyDetails("Place Board", "A", "panel"), "cannot be used in an address"),
        (BodyDetails("board", "A", "quango"), "no kind of body called “quango”: use one of council-committee"),
        (BodyDetails("place-board", "A", "panel"), "There is a body with the slug place-board already"),
        (BodyDetails("board", "loamshire place board", "panel"), "There is a body with the name Loamshire Place Board already"),
    ):
        with pytest.raises(Refused, match=words):
            service.add_body(details, **BY)


def test_the_second_of_two_editors_is_stopped(cast: SimpleNamespace) -> None:
    body = db.session.get_one(Body, cast.cqc)
    details, seen = details_of(body), body.version
    assert service.edit_body(body, BodyDetails("cqc", "Care Commission", details.kind), seen=seen, **BY) == ["name"]
    with pytest.raises(Stale):
        service.edit_body(body, details, seen=seen, **BY)


def test_an_invited_person_gets_a_letter_and_a_role(cast: SimpleNamespace) -> None:
    body = db.session.get_one(Body, cast.ofsted)
    person = service.invite("New.Person@Example.org", "New Person", service.InvitedAs(body, Appointment("inspector", DAY)), **BY)
    assert queries.actor_of(person, on=DAY).roles == {"inspector"}
    assert db.session.scalars(select(Letter.kind).where(Letter.person == person.reference)).all() == ["invitation"]
    with pytest.raises(Refused, match="New Person has the role of inspector in Office"):
        service.invite("new.person@example.org", "New Person", service.InvitedAs(body, Appointment("inspector", DAY)), **BY)
    with pytest.raises(Refused, match="A body has no role called Responder"):
        service.invite("other@example.org", "Other", service.InvitedAs(body, Appointment("responder", DAY)), **BY)
    with pytest.raises(Refused, match="Say what the person is for"):
        service.invite("other@example.org", "Other", service.InvitedAs(None, Appointment("", DAY)), **BY)


def test_ending_a_person_ends_what_they_belong_to_but_never_the_last_administrator(cast: SimpleNamespace) -> None:
    person = db.session.get_one(Person, cast.responder)
    service.end_person(person, on=DAY, **BY)
    assert not person.active
    assert [row.to_on for row in queries.memberships_of([person.id])[person.id]] == [DAY]
    last = db.session.get_one(Person, cast.administrator)
    with pytest.raises(Refused, match="is the only administrator"):
        service.end_person(last, on=DAY, **BY)


def test_the_last_administrator_stays_one(cast: SimpleNamespace) -> None:
    last = db.session.get_one(Person, cast.administrator)
    with pytest.raises(Refused, match="is the only administrator"):
        service.unmake_administrator(last, **BY)
    db.session.get_one(Person, cast.officer).administrator = True
    db.session.flush()
    service.unmake_administrator(last, **BY)
    assert not last.administrator


def test_a_membership_ends_on_its_last_day(cast: SimpleNamespace) -> None:
    row = queries.memberships(cast.committee)[0]
    service.end_membership(row, on=DAY, **BY)
    assert row.person not in queries.members(cast.committee, date(2026, 3, 3))
    with pytest.raises(Refused, match="It ended on Monday 2 March 2026 already"):
        service.end_membership(row, on=date(2026, 3, 5), **BY)


def test_bodies_are_loaded_from_csv_and_known_again_by_their_slug(cast: SimpleNamespace) -> None:
    text = (
        "slug,name,kind,host_agency,nation\n"
        "ofsted,Office for Standards in Learning,inspectorate,,\n"
        "cqc,Care Commission,inspectorate,,england\n"
        "ashby-scrutiny,Ashby Scrutiny,council-committee,E07900001,\n"
        "barrow-scrutiny,Barrow Scrutiny,crime-committee,Barrow End District Council,\n"
        "corley-scrutiny,Corley Scrutiny,council-committee,,\n"
    )
    done = load_bodies(text.encode(), "bodies.csv", **BY)
    assert done.added == ["ashby-scrutiny", "barrow-scrutiny", "corley-scrutiny"]
    assert (done.changed, done.unchanged) == (["cqc"], 1)
    assert done.warnings == ["Line 6: Corley Scrutiny has no host agency, so no power of its council is found for it"]
    hosts = [db.session.get_one(Body, queries.body(slug).id).host_agency_id for slug in done.added]
    assert hosts == [cast.ashby_council, cast.barrow_council, None]


def test_a_register_with_a_fault_names_its_line_and_remedy() -> None:
    for line, words in (
        ("a-b,A,quango,,", "bodies.csv was not loaded. Line 2: There is no kind of body called “quango”"),
        ("a-b,A,panel,E99,", "Line 2: no agency has the code or name “E99”: load its agency first"),
        ("a-b,A,panel,,\na-b,B,panel,,", "Line 3: the slug a-b is also on line 2"),
    ):
        with pytest.raises(Refused) as refused:
            load_bodies(f"slug,name,kind,host_agency,nation\n{line}\n".encode(), "bodies.csv", **BY)
        assert words in refused.value.sentence
    with pytest.raises(Refused, match="has no column kind: its first row must name slug,name,kind"):
        load_bodies(b"slug,name\nx,y\n", "bodies.csv", **BY)


def test_a_host_agency_named_by_two_is_not_guessed() -> None:
    db.session.add_all([Agency(name=f"Twin {n}", kind="fire", codes=[AgencyCode(scheme="own", code="T1")]) for n in (1, 2)])
    db.session.flush()
    with pytest.raises(Refused, match="more than one agency has the code or name “T1”"):
        load_bodies(b"slug,name,kind,host_agency\nx-y,X,panel,T1\n", "bodies.csv", **BY)
