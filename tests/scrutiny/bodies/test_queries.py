"""Who an actor is, and who belongs to a body."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import AgencyMembership
from scrutiny.bodies import queries
from scrutiny.bodies.models import BodyMembership
from scrutiny.extensions import db
from workflows.roles import ANYONE

DAY = date(2026, 3, 2)
pytestmark = pytest.mark.usefixtures("context")


def test_nobody_and_somebody_whose_account_ended_are_anyone(cast: SimpleNamespace) -> None:
    person = db.session.get_one(Person, cast.officer)
    assert queries.actor_of(None) is ANYONE
    person.active = False
    assert queries.actor_of(person, on=DAY) is ANYONE


def test_a_person_acts_in_one_capacity_with_all_its_roles(cast: SimpleNamespace) -> None:
    person = db.session.get_one(Person, cast.officer)
    db.session.add_all(
        [
            BodyMembership(body_id=cast.committee, person=person, role="councillor", from_on=DAY),
            AgencyMembership(agency_id=cast.county_council, person=person, role="responder", from_on=DAY),
        ]
    )
    db.session.flush()
    by = queries.actor_of(person, on=DAY)
    assert [one.name for one in by.capacities] == ["Loamshire County Council", "Loamshire Overview and Scrutiny Committee"]
    assert by.agency == cast.county_council
    asked = queries.actor_of(person, f"body:{cast.committee}", on=DAY)
    assert (asked.body, asked.roles) == (cast.committee, {"scrutiny-officer", "councillor"})
    assert queries.actor_of(person, f"body:{cast.ofsted}", on=DAY).agency == cast.county_council, "not theirs: the first by name"


def test_a_membership_counts_on_its_first_and_last_days_only(cast: SimpleNamespace) -> None:
    person = db.session.get_one(Person, cast.administrator)
    db.session.add(BodyMembership(body_id=cast.cqc, person=person, role="inspector", from_on=DAY, to_on=DAY))
    db.session.flush()
    assert queries.actor_of(person, on=DAY).body == cast.cqc
    assert queries.actor_of(person, on=date(2026, 3, 1)).body is None
    assert queries.actor_of(person, on=date(2026, 3, 3)).body is None
    assert queries.actor_of(person, on=DAY).has("administrator", "nothing")


def test_without_a_day_the_databases_own_day_stands_in(cast: SimpleNamespace) -> None:
    assert queries.actor_of(db.session.get_one(Person, cast.responder)).agency == cast.police


def test_an_actor_costs_one_statement(cast: SimpleNamespace) -> None:
    person, sent = db.session.get_one(Person, cast.chair), []
    event.listen(db.engine, "before_cursor_execute", keep := lambda *args: sent.append(args[2]))
    queries.actor_of(person, on=DAY)
    event.remove(db.engine, "before_cursor_execute", keep)
    assert len(sent) == 1


def test_members_and_recipients_are_those_of_the_day_and_the_role(cast: SimpleNamespace) -> None:
    body = queries.body("loamshire-scrutiny")
    assert body is queries.body(cast.committee)
    assert body
    assert [one.name for one in queries.members(body, DAY)] == ["Cllr Amrit Gill", "Cllr Joan Pike", "Olwen Price"]
    assert [one.name for one in queries.members(body.id, DAY, "chair")] == ["Cllr Amrit Gill"]
    assert queries.members(body, date(2019, 1, 1)) == []
    assert [one.address for one in queries.recipients(body, DAY, ["scrutiny-officer", "chair"])] == [
        "chair@example.org",
        "officer@example.org",
    ]
    assert queries.body("nowhere") is None


def test_people_are_found_by_name_or_address_a_page_at_a_time(cast: SimpleNamespace) -> None:
    assert [one.id for one in queries.people_found("OLWEN")[0]] == [cast.officer]
    assert [one.id for one in queries.people_found("lead.inspector@")[0]] == [cast.lead_inspector]
    first, more = queries.people_found(size=5)
    assert (len(first), more) == (5, True)
    last, more = queries.people_found(size=5, page=3)
    assert (len(last), more) == (3, False)
    assert queries.people_found("%")[0] == []
