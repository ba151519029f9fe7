"""The agencies that answer in Loamshire, and the bodies that ask."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies import service as agencies
from scrutiny.agencies.models import Agency
from scrutiny.agencies.service import AgencyDetails
from scrutiny.bodies import service as bodies
from scrutiny.bodies.letterheads import enter_letterhead
from scrutiny.bodies.models import Body
from scrutiny.bodies.service import BodyDetails
from scrutiny.days import During
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


#: key: what its letters say of it. Telephone numbers are of the range kept for drama.
LETTERHEADS: dict[str, dict[str, str | bool]] = {
    "osc": {
        "signatory_name": "Councillor Amrit Gill",
        "signatory_office": "Chair",
        "deputy_name": "Councillor Joan Pike",
        "deputy_office": "Vice-chair",
        "contact_name": "Olwen Price",
        "contact_office": "scrutiny officer",
        "contact_phone": "01632 960 123",
        "contact_email": "olwen.price@loamshire.gov.example",
        "mailbox": "scrutiny@loamshire.gov.example",
        "heading": "Loamshire County Council, County Hall, Castle Street, Loamchester LM1 1AA",
        "privacy_url": "https://loamshire.gov.example/privacy/scrutiny",
        "genuine_url": "https://loamshire.gov.example/scrutiny",
    },
    "joint": {
        "signatory_name": "Councillor Bethan Rhys",
        "signatory_office": "Chair",
        "deputy_name": "Councillor Idris Lowe",
        "deputy_office": "Vice-chair",
        "contact_name": "Tomasz Nowak",
        "contact_office": "joint scrutiny officer",
        "contact_phone": "01632 960 145",
        "contact_email": "tomasz.nowak@loamchester.gov.example",
        "mailbox": "joint.scrutiny@loamchester.gov.example",
        "heading": "Loamchester City Council, Guildhall, Market Place, Loamchester LM1 2BB",
        "privacy_url": "https://loamchester.gov.example/privacy/joint-scrutiny",
        "genuine_url": "https://loamchester.gov.example/joint-scrutiny",
    },
    "learning": {
        "signatory_name": "Leo Hart",
        "signatory_office": "Lead inspector",
        "deputy_name": "Ines Park",
        "deputy_office": "Inspector",
        "contact_name": "Ines Park",
        "contact_office": "inspector",
        "contact_phone": "01632 960 167",
        "contact_email": "ines.park@learning-standards.gov.example",
        "mailbox": "inspections@learning-standards.gov.example",
        "heading": "Learning Standards Inspectorate, 4 Mill Lane, Loamchester LM2 3CC",
        "privacy_url": "https://learning-standards.gov.example/privacy",
        "genuine_url": "https://learning-standards.gov.example/joint-inspections",
    },
    "care": {
        "signatory_name": "Cara Quinn",
        "signatory_office": "Lead inspector",
        "deputy_name": "Femi Okafor",
        "deputy_office": "Inspector",
        "contact_name": "Femi Okafor",
        "contact_office": "inspector",
        "contact_phone": "01632 960 189",
        "contact_email": "femi.okafor@care-standards.gov.example",
        "mailbox": "inspections@care-standards.gov.example",
        "heading": "Commission for Care Standards, 9 Wharf Road, Loamchester LM2 4DD",
        "privacy_url": "https://care-standards.gov.example/privacy",
        "genuine_url": "https://care-standards.gov.example/joint-inspections",
    },
}


def found_agencies(at: datetime) -> dict[str, Agency]:
    """Every agency with its code, its email and its footprint, by key."""
    made = {}
    for key, (name, kind, code, footprint) in AGENCIES.items():
        details = AgencyDetails(name=name, kind=kind, codes=(code,), email=f"scrutiny@{key}.loamshire.example", from_on=FROM)
        made[key] = agencies.add_agency(details, by=OPERATOR_ACTOR, at=at)
        for area in footprint:
            agencies.add_to_footprint(made[key], area, During(FROM), by=OPERATOR_ACTOR, at=at)
    return made


def found_bodies(hosts: dict[str, Agency], at: datetime) -> dict[str, Body]:
    """The bodies that ask, with what their letters say of them, by key."""
    made = {
        key: bodies.add_body(
            BodyDetails(
                slug=slug,
                name=name,
                kind=kind,
                host_agency_id=hosts[host].id if host else None,
                from_on=FROM,
                seats=11 if "committee" in kind else None,
                quorum=4 if "committee" in kind else None,
            ),
            by=OPERATOR_ACTOR,
            at=at,
        )
        for key, (slug, name, kind, host) in BODIES.items()
    }
    for key, values in LETTERHEADS.items():
        enter_letterhead(made[key], values, by=OPERATOR_ACTOR, at=at)
    return made
