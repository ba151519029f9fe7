"""An agency is found by every name it has, however it is spelt; one that may be another is offered and not opened."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.agencies import service
from scrutiny.agencies.models import Agency
from scrutiny.agencies.service import AgencyDetails
from scrutiny.agencies.succession import carry_on
from scrutiny.extensions import db
from scrutiny.search.agency_names import find_agencies
from tests.conftest import NOW
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")
#: name: (other names, codes)
MORE = {
    "Department for Harbours and Weather": ("Harbours Office\nMinistry of Harbours", ()),
    "St. Wendreda’s Hospitals NHS Trust": ("", (("ods", "RXZ"),)),
    "Cyngor Ynys Gwyn-y-Môr": ("Isle Council", ()),
    "Brackenford & Mere Homes": ("BMH", ()),
}


@pytest.fixture
def more(context: None) -> None:
    """Agencies with these names beside the cast."""
    for name, (others, codes) in MORE.items():
        details = AgencyDetails(name, "police", codes, other_names=others)
        service.add_agency(details, by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("department for harbours & weather", "Department for Harbours and Weather"),
        ("Departmnet for Harbours and Weather", "Department for Harbours and Weather"),
        ("DHW", "Department for Harbours and Weather"),
        ("harbours office", "Department for Harbours and Weather"),
        ("Ministry of Harbors", "Department for Harbours and Weather"),
        ("Saint Wendredas Hospitals NHS Trust", "St. Wendreda’s Hospitals NHS Trust"),
        ("st wendreda's hospitals", "St. Wendreda’s Hospitals NHS Trust"),
        ("rxz", "St. Wendreda’s Hospitals NHS Trust"),
        ("CYNGOR YNYS GWYN Y MOR", "Cyngor Ynys Gwyn-y-Môr"),
        ("Isle Council", "Cyngor Ynys Gwyn-y-Môr"),
        ("Brackenford and Mere Homes", "Brackenford & Mere Homes"),
        ("bmh", "Brackenford & Mere Homes"),
        ("Loamshire Polcie", "Loamshire Police"),
        ("Loamshire Fire & Rescue", "Loamshire Fire and Rescue"),
    ],
)
def test_an_agency_is_the_first_however_its_name_is_typed(typed: str, name: str) -> None:
    found = find_agencies(typed)
    assert [one.name for one in found.in_order][:1] == [name]


@pytest.mark.usefixtures("more")
def test_every_name_with_a_letter_wrong_is_among_the_first_three() -> None:
    chance = random.Random(11)
    for name in [*MORE, *db.session.scalars(select(Agency.name).order_by(Agency.id))]:
        for _ in range(8):
            at = chance.randrange(1, len(name))
            typed = name[:at] + chance.choice("aeionrst") + name[at + 1 :]
            assert name in [one.name for one in find_agencies(typed).in_order[:3]], typed


@pytest.mark.usefixtures("more")
def test_one_alone_that_is_called_just_that_is_sure_and_a_part_of_a_name_is_not() -> None:
    assert find_agencies("Loamshire Police").sure
    assert find_agencies("Loamshire Police").exact
    several = find_agencies("Loamshire")
    assert (several.sure, several.exact) == (False, False)
    assert {"Loamshire Police", "Loamshire County Council"} <= {one.name for one in several.matches}
    assert find_agencies("Xyzzy Qwrt").in_order == ()
    assert find_agencies(" \x00 ").in_order == ()


def test_what_is_added_or_changed_is_found_at_once_and_by_its_old_name_too(cast: SimpleNamespace) -> None:
    ashby = db.session.get_one(Agency, cast.ashby_council)
    assert find_agencies("Ashby and Corley Council").sure is False
    carry_on(ashby, name="Greater Corley Council", code="E07900001", by=OPERATOR_ACTOR, at=NOW)
    for typed in ("Greater Corley Council", "Ashby District Council"):
        found = find_agencies(typed)
        assert (found.sure, [one.id for one in found.matches][:1]) == (True, [ashby.id]), typed
    carry_on(ashby, name="Ashby District Council", code="E07900001", by=OPERATOR_ACTOR, at=NOW)
    assert ashby.names_besides == ["Ashby District Council", "Greater Corley Council"]
