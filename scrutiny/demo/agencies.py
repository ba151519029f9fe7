"""The agencies that answer in Loamshire, and the bodies that ask."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies import service as agencies
from scrutiny.agencies.models import Agency
from scrutiny.agencies.service import AgencyDetails
from scrutiny.bodies import service as bodies
from scrutiny.bodies.models import Body
from scrutiny.bodies.service import BodyDetails
from scrutiny.demo.county import EAST, TOWNS, WEST
from scrutiny.demo.layers import BOARD_CODES, CITY_CODE, COUNTY_CODE, DISTRICT_CODES, FIRE_CODE, FROM, POLICE_CODE
from workflows.roles import OPERATOR_ACTOR

WHOLE = (COUNTY_CODE, CITY_CODE)
#: key: name, kind, scheme and code, codes of its footprint
AGENCIES: dict[str, tuple[str, str, tuple[str, str], tuple[str, ...]]] = {
    "county": ("Loamshire County Council", "county", ("gss", COUNTY_CODE), (COUNTY_CODE,)),
    "city": ("Loamchester City Council", "unitary", ("gss", CITY_CODE), (CITY_CODE,)),
    **{
        name.lower(): (f"{name} District Council", "district", ("gss", DISTRICT_CODES[name]), (DISTRICT_CODES[name],))
        for name in TOWNS
    },
    "police": ("Loamshire Police", "police", ("gss", POLICE_CODE), (POLICE_CODE,)),
    "pcc": ("Police and Crime Commissioner for Loamshire", "pcc", ("demo", "PCC-LOAM"), (POLICE_CODE,)),
    "fire": ("Loamshire Fire and Rescue Authority", "fire", ("gss", FIRE_CODE), (FIRE_CODE,)),
    "west-icb": ("NHS West Loamshire Integrated Care Board", "icb", ("gss", BOARD_CODES[WEST]), (BOARD_CODES[WEST],)),
    "east-icb": ("NHS East Loamshire Integrated Care Board", "icb", ("gss", BOARD_CODES[EAST]), (BOARD_CODES[EAST],)),
    "trust": ("Loam Valley NHS Foundation Trust", "nhs-trust", ("ods", "ZLV"), WHOLE),
    "probation": ("Loamshire Probation Delivery Unit", "probation", ("demo", "PDU-LOAM"), WHOLE),
    "jobcentre": ("Jobcentre Plus Loamshire and the Fens", "dwp", ("demo", "JCP-LOAM"), WHOLE),
    "housing": (
        "Three Rivers Housing Association",
        "housing-association",
        ("demo", "HA-3R"),
        (CITY_CODE, DISTRICT_CODES["Marlbury"], DISTRICT_CODES["Harrowfield"], DISTRICT_CODES["Fenmere"]),
    ),
}
#: key: slug, name, kind, agency that hosts it
BODIES = {
    "osc": ("loamshire-scrutiny", "Loamshire Overview and Scrutiny Committee", "council-committee", "county"),
    "joint": ("loamshire-joint-scrutiny", "Loamshire and Loamchester Joint Scrutiny Committee", "joint-committee", "city"),
    "learning": ("learning-standards", "Learning Standards Inspectorate", "inspectorate", None),
    "care": ("care-standards", "Commission for Care Standards", "inspectorate", None),
}


def found_agencies(at: datetime) -> dict[str, Agency]:
    """Every agency with its code, its e-mail and its footprint, by key."""
    made = {}
    for key, (name, kind, code, footprint) in AGENCIES.items():
        details = AgencyDetails(name=name, kind=kind, codes=(code,), email=f"scrutiny@{key}.loamshire.example", from_on=FROM)
        made[key] = agencies.add_agency(details, by=OPERATOR_ACTOR, at=at)
        for area in footprint:
            agencies.add_to_footprint(made[key], area, by=OPERATOR_ACTOR, at=at, from_on=FROM)
    return made


def found_bodies(hosts: dict[str, Agency], at: datetime) -> dict[str, Body]:
    """The bodies that ask, by key."""
    return {
        key: bodies.add_body(
            BodyDetails(slug=slug, name=name, kind=kind, host_agency_id=hosts[host].id if host else None, from_on=FROM),
            by=OPERATOR_ACTOR,
            at=at,
        )
        for key, (slug, name, kind, host) in BODIES.items()
    }
