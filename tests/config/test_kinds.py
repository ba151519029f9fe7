"""The kinds of area and agency, and who answers for which service."""

import re
from pathlib import Path

import pytest

from workflows.kinds import (
    check_agency_kinds,
    check_area_kinds,
    check_services,
    read_agency_kinds,
    read_area_kinds,
    read_services,
)

CONFIG = Path(__file__).parents[2] / "config"
TEXTS = {name: (CONFIG / f"{name}.toml").read_text(encoding="utf-8") for name in ("area_kinds", "agency_kinds", "services")}
AGENCIES = read_agency_kinds(TEXTS["agency_kinds"], "agency_kinds.toml")
AREAS = read_area_kinds(TEXTS["area_kinds"], "area_kinds.toml")
SERVICES = read_services(TEXTS["services"], "services.toml")


def test_the_kinds_every_command_knows_are_there_in_their_order_of_precedence() -> None:
    assert " ".join(AREAS) == "lsoa ward district upper_tier region combined_authority police fire icb ccg stp"
    assert [kind.order for kind in AREAS.values()] == list(range(len(AREAS)))


@pytest.mark.parametrize(
    ("kind", "code", "nation", "agency"),
    [
        ("district", "E08000025", "england", "metropolitan"),
        ("district", "E06000064", "england", "unitary"),
        ("district", "E07000008", "england", "district"),
        ("district", "E09000001", "england", "london-borough"),
        ("district", "W06000015", "wales", "unitary"),
        ("district", "S12000036", "scotland", "unitary"),
        ("upper_tier", "E10000003", "england", "county"),
        ("police", "E23000014", "england", "police"),
        ("fire", "E31000040", "england", "fire"),
        ("icb", "E54000048", "england", "icb"),
        ("combined_authority", "E47000001", "england", "combined-authority"),
        ("lsoa", "E01012259", "england", None),
        ("ward", "X05000001", None, None),
    ],
)
def test_a_code_tells_its_nation_and_who_answers(kind: str, code: str, nation: str | None, agency: str | None) -> None:
    assert AREAS[kind].nation_of(code) == nation
    assert AREAS[kind].agency_kind_of(code) == agency


def test_only_small_areas_are_the_measuring_stick() -> None:
    assert [kind.key for kind in AREAS.values() if kind.measuring_stick] == ["lsoa"]


def test_in_two_tiers_the_county_cares_and_the_district_collects() -> None:
    care, bins = SERVICES["adult-social-care"], SERVICES["waste-collection"]
    assert care.is_answered_by("county")
    assert not care.is_answered_by("district")
    assert bins.is_answered_by("district")
    assert not bins.is_answered_by("county")
    assert care.is_answered_by("unitary")
    assert bins.is_answered_by("unitary")
    assert care.is_answered_by("hsc-trust", "northern-ireland")


def test_every_kind_of_agency_but_a_few_answers_for_some_service() -> None:
    answering = {kind for service in SERVICES.values() for kinds in service.answered_by.values() for kind in kinds}
    assert AGENCIES.keys() - answering == {"prison", "national-body", "resilience-forum"}


def test_kinds_are_gathered_under_headings_that_do_not_come_back() -> None:
    groups = [kind.group for kind in AGENCIES.values()]
    assert groups == sorted(groups, key=groups.index)


def test_a_service_of_an_unknown_kind_is_refused_with_the_nearest() -> None:
    (fault,) = check_services(TEXTS["services"].replace('["police"', '["polise"', 1), "services.toml", AGENCIES)
    assert re.search(r"services.toml, line \d+, services.*'polise', which is not known here; write police", fault.sentence)


def test_the_kinds_and_services_shipped_are_right() -> None:
    assert check_agency_kinds(TEXTS["agency_kinds"], "agency_kinds.toml") == ()
    assert check_area_kinds(TEXTS["area_kinds"], "area_kinds.toml", AGENCIES) == ()
    assert check_services(TEXTS["services"], "services.toml", AGENCIES) == ()
