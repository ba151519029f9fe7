"""A body's days: in law, of its first election, of its service; who answers goes by the last, who may act by the first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from scrutiny.accounts.models import Person
from scrutiny.agencies import dated
from scrutiny.agencies.answering import answering
from scrutiny.agencies.models import Agency, AgencyMembership
from scrutiny.agencies.register import load_agencies
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.bodies.register import load_bodies
from scrutiny.extensions import db
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
VESTING = date(2026, 4, 1)
pytestmark = pytest.mark.usefixtures("context")
HEADER = "name,kind,code,scheme,area_codes,from,to,legal_from,legal_to,elected_from\n"


def load(line: str) -> Agency:
    load_agencies((HEADER + line).encode(), "shadow.csv", by=OPERATOR_ACTOR, at=NOW)
    return db.session.scalars(db.select(Agency).order_by(Agency.id.desc()).limit(1)).one()


def test_a_shadow_council_exists_and_is_elected_before_it_answers(cast: SimpleNamespace) -> None:
    shadow = load("Ashby Council,unitary,E06900009,gss,E07900001,2026-04-01,,2025-05-01,,2025-05-01")
    assert (shadow.legal_from, shadow.elected_from, shadow.from_on) == (date(2025, 5, 1), date(2025, 5, 1), VESTING)
    assert shadow.name not in [one.name for one in answering([cast.ashby], TODAY)]
    assert shadow.name in [one.name for one in answering([cast.ashby], VESTING)]
    assert dated.in_law(shadow) == "Exists from Thursday 1 May 2025"
    assert dated.elected(shadow, TODAY) == "First elected on Thursday 1 May 2025"
    assert dated.in_service(shadow, TODAY) == (
        "Serves from Wednesday 1 April 2026. Until then it exists beside those that serve now"
    )
    assert dated.in_service(shadow, VESTING) == "Serves from Wednesday 1 April 2026"


def test_who_may_act_goes_by_the_days_in_law(cast: SimpleNamespace) -> None:
    shadow = load("Ashby Council,unitary,E06900009,gss,E07900001,2026-04-01,,2026-03-02,2030-03-31,")
    person = db.session.get_one(Person, cast.administrator)
    db.session.add(AgencyMembership(agency=shadow, person=person, role="responder", from_on=date(2020, 4, 1)))
    db.session.flush()
    acting = {on: bodies.actor_of(person, on=on).agency for on in (date(2026, 3, 1), TODAY, date(2030, 3, 31), date(2030, 4, 1))}
    assert acting == {date(2026, 3, 1): None, TODAY: shadow.id, date(2030, 3, 31): shadow.id, date(2030, 4, 1): None}


def test_without_days_in_law_those_of_its_service_count(cast: SimpleNamespace) -> None:
    committee = db.session.get_one(Body, cast.committee)
    committee.to_on = TODAY
    db.session.flush()
    person = db.session.get_one(Person, cast.officer)
    assert bodies.actor_of(person, on=TODAY).body == cast.committee
    assert bodies.actor_of(person, on=date(2026, 3, 3)).body is None
    assert cast.committee not in [one.id for one in bodies.bodies_by_name(on=date(2026, 3, 3))]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("2026-04-01,,2026-05-01,,", "before it exists in law"),
        ("2026-04-01,2027-01-01,,2026-12-31,", "after it has ended in law"),
        ("2026-04-01,,2026-03-01,2026-02-01,", "before it begins"),
    ],
)
def test_days_that_cross_are_refused(cast: SimpleNamespace, days: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        load(f"Ashby Council,unitary,E06900009,gss,E07900001,{days}")


def test_a_body_takes_its_days_from_the_file_and_keeps_them_where_it_has_no_column(cast: SimpleNamespace) -> None:
    with_days = b"slug,name,kind,from,legal_from,elected_from\nnew,New Committee,council-committee,2026-04-01,2025-05-01,\n"
    load_bodies(with_days, "b.csv", by=OPERATOR_ACTOR, at=NOW)
    load_bodies(b"slug,name,kind\nnew,New Committee,council-committee\n", "b.csv", by=OPERATOR_ACTOR, at=NOW)
    body = bodies.body("new")
    assert body
    assert (body.legal_from, body.from_on, body.elected_from) == (date(2025, 5, 1), VESTING, None)
    with pytest.raises(Refused, match=r"Line 2: “soon” under from is not a date"):
        load_bodies(b"slug,name,kind,from\nnew,New Committee,council-committee,soon\n", "b.csv", by=OPERATOR_ACTOR, at=NOW)
