"""Two agencies or bodies may not have one name in two spellings; the one that is there is named."""

from __future__ import annotations

import unicodedata

import pytest

from scrutiny.agencies.queries import agencies_by_name
from scrutiny.agencies.register import load_agencies
from scrutiny.agencies.service import AgencyDetails, add_agency
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.bodies.register import host_agency
from scrutiny.bodies.service import BodyDetails, add_body
from tests.conftest import NOW
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

NAME = "Cyngor St Môn-y-Gwyn & King’s Vale"
SPELT = [
    "CYNGOR ST MÔN-Y-GWYN & KING’S VALE",
    unicodedata.normalize("NFD", NAME),
    "Cyngor Saint Mon y Gwyn and Kings Vale",
    "cyngor st. môn‑y‑gwyn  &  king's vale",
]


@pytest.fixture
def there(context: None) -> None:
    add_agency(AgencyDetails(NAME, "unitary"), by=OPERATOR_ACTOR, at=NOW)
    add_body(BodyDetails("mon", NAME, "council-committee"), by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("spelt", SPELT)
def test_a_twin_is_refused_with_the_one_that_is_there(spelt: str) -> None:
    with pytest.raises(Refused, match=f"There is an agency called {NAME} already"):
        add_agency(AgencyDetails(spelt, "unitary"), by=OPERATOR_ACTOR, at=NOW)
    with pytest.raises(Refused, match=f"There is a body with the name {NAME} already"):
        add_body(BodyDetails("other", spelt, "council-committee"), by=OPERATOR_ACTOR, at=NOW)
    row = f'name,kind,code,scheme,area_codes\n"{spelt}",unitary,W06900099,gss,E07900001\n'
    with pytest.raises(Refused, match=f"Line 2: there is an agency called {NAME} already"):
        load_agencies(row.encode(), "register.csv", by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("spelt", SPELT)
def test_lists_and_hosts_are_found_however_they_are_spelt(spelt: str) -> None:
    assert [one.name for one in agencies_by_name(spelt)] == [NAME]
    assert [one.name for one in bodies_by_name(spelt)] == [NAME]
    assert host_agency(spelt).name == NAME


@pytest.mark.usefixtures("there")
def test_other_names_and_marks_alone_are_no_twins() -> None:
    for name in ("Cyngor Môn", "★★★", "☆☆☆"):
        add_agency(AgencyDetails(name, "unitary"), by=OPERATOR_ACTOR, at=NOW)
