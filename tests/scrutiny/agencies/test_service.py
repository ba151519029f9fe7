"""Agencies added, edited and ended; their members, and whom letters go to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries, service
from scrutiny.agencies.models import Agency
from scrutiny.agencies.service import AgencyDetails
from scrutiny.days import During
from scrutiny.extensions import db
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR, Appointment

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
BY = {"by": OPERATOR_ACTOR, "at": NOW}
pytestmark = pytest.mark.usefixtures("context")


def test_an_agency_is_added_with_its_codes_and_found_by_name_and_code() -> None:
    made = service.add_agency(AgencyDetails("Loamshire Healthwatch", "healthwatch", (("own", "HW1"),)), **BY)
    assert queries.agency_by_code("HW1") is made
    assert queries.agencies_by_name("healthwatch") == [made]
    assert queries.agencies_by_name("hw1") == [made]
    assert queries.agencies_by_name("100%_") == []
    with pytest.raises(Refused, match="There is an agency called Loamshire Healthwatch already"):
        service.add_agency(AgencyDetails("loamshire healthwatch", "healthwatch"), **BY)


def test_the_second_of_two_editors_is_stopped(cast: SimpleNamespace) -> None:
    agency = db.session.get_one(Agency, cast.fire)
    seen = agency.version
    details = AgencyDetails("Loamshire Fire", "fire", (("gss", "E31900001"),), email="new@example.org", from_on=agency.from_on)
    assert service.edit_agency(agency, details, seen=seen, **BY) == ["name", "email"]
    with pytest.raises(Stale):
        service.edit_agency(agency, details, seen=seen, **BY)
    assert service.edit_agency(agency, details, seen=agency.version, **BY) == []


def test_a_footprint_grows_and_ends(cast: SimpleNamespace) -> None:
    agency = db.session.get_one(Agency, cast.ashby_council)
    row = service.add_to_footprint(agency, " e07900002 ", During(date(2026, 1, 1)), **BY)
    assert (row.area_kind, row.area_code) == ("district", "E07900002")
    assert [area.name for _, area in queries.footprint_areas(agency, DAY) if area] == ["Ashby", "Barrow End"]
    assert "Ashby District Council" in [one.name for one in queries.answering([cast.barrow], DAY)]
    service.end_footprint(agency, row.id, on=date(2026, 3, 1), **BY)
    assert "Ashby District Council" not in [one.name for one in queries.answering([cast.barrow], DAY)]
    service.end_footprint(agency, row.id, on=None, **BY)
    assert len(agency.footprint) == 1
    with pytest.raises(Refused, match="There is no area with the code NOWHERE: load its boundary first"):
        service.add_to_footprint(agency, "nowhere", **BY)
    with pytest.raises(Refused, match="is not in the footprint"):
        service.end_footprint(agency, 9999, on=None, **BY)


def test_members_come_and_go_on_their_days(cast: SimpleNamespace) -> None:
    agency, person = db.session.get_one(Agency, cast.fire), db.session.get_one(Person, cast.stranger)
    membership = service.add_member(agency, person, Appointment("certifier", DAY), **BY)
    assert queries.has_certifier(agency, DAY)
    assert not queries.has_certifier(agency, date(2026, 3, 1))
    assert [one.name for one in queries.members(agency, DAY)] == ["Finn Ward", "Sam Vale"]
    with pytest.raises(Refused, match="Sam Vale has the role of approver in Loamshire Fire and Rescue already"):
        service.add_member(agency, person, Appointment("certifier", DAY), **BY)
    with pytest.raises(Refused, match="An agency has no role called Chair: choose Responder or Approver"):
        service.add_member(agency, person, Appointment("chair", DAY), **BY)
    service.end_membership(membership, on=DAY, **BY)
    assert not queries.has_certifier(agency, date(2026, 3, 3))
    assert [row.person.name for row in queries.memberships(agency)] == ["Finn Ward", "Sam Vale"]


def test_letters_go_to_responders_and_else_to_the_office(cast: SimpleNamespace) -> None:
    police = db.session.get_one(Agency, cast.police)
    assert [one.name for one in queries.recipients(police, DAY)] == ["Jo Field", "Rhys Cole"]
    county = db.session.get_one(Agency, cast.county_council)
    assert [(one.reference, one.address) for one in queries.recipients(county, DAY)] == [
        (f"agency:{county.id}", "county.council.office@example.org")
    ]
    db.session.get_one(Person, cast.responder).active = False
    db.session.flush()
    assert [one.name for one in queries.recipients(police, DAY)] == ["Jo Field"]
    county.email = ""
    assert queries.recipients(county, DAY) == []


def test_an_exception_to_the_kind_can_be_made_and_dropped(cast: SimpleNamespace) -> None:
    agency = db.session.get_one(Agency, cast.ashby_council)
    row = service.except_service(agency, service.Exceptional("housing", excluded=True), **BY)
    assert "housing" not in [one.key for one in queries.services_of(agency, DAY)]
    service.drop_exception(agency, row.id, **BY)
    assert "housing" in [one.key for one in queries.services_of(agency, DAY)]
