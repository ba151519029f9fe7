"""The people of the demonstration: what each is called, whose they are, in which role, and what they come to do."""

from __future__ import annotations

from datetime import datetime

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.bodies import service as bodies
from scrutiny.bodies.models import Body
from scrutiny.demo.layers import FROM
from scrutiny.extensions import db
from workflows.roles import (
    CERTIFIER,
    CHAIR,
    COUNCILLOR,
    INSPECTOR,
    LEAD_INSPECTOR,
    OPERATOR_ACTOR,
    RESPONDER,
    SCRUTINY_OFFICER,
    Appointment,
)

Places = tuple[tuple[str, str], ...]
#: key: name, (body or agency, role) …, how the sign-in page introduces them
PEOPLE: dict[str, tuple[str, Places, str]] = {
    "olwen": (
        "Olwen Price",
        (("osc", SCRUTINY_OFFICER),),
        "Scrutiny officer: opens reviews, asks the agencies, chases, compiles the pack",
    ),
    "amrit": (
        "Cllr Amrit Gill",
        (("osc", CHAIR),),
        "Chair of the scrutiny committee: agrees findings and enters the committee’s vote",
    ),
    "joan": (
        "Cllr Joan Pike",
        (("osc", COUNCILLOR),),
        "Councillor: reads the pack, proposes questions, dissents in her own words",
    ),
    "tomasz": (
        "Tomasz Nowak",
        (("joint", SCRUTINY_OFFICER), ("city", RESPONDER)),
        "Wears two hats: officer of the joint committee, and answers for the city council",
    ),
    "bethan": ("Cllr Bethan Rhys", (("joint", CHAIR),), "Chair of the joint committee of county and city"),
    "leo": ("Leo Hart", (("learning", LEAD_INSPECTOR),), "Lead inspector, learning: leads joint inspections and signs them"),
    "ines": (
        "Ines Park",
        (("learning", INSPECTOR),),
        "Inspector, learning: reads evidence, keeps private notes, writes findings",
    ),
    "cara": (
        "Cara Quinn",
        (("care", LEAD_INSPECTOR),),
        "Lead inspector, care: partner in joint inspections, signs for her commission",
    ),
    "femi": ("Femi Okafor", (("care", INSPECTOR),), "Inspector, care: cites what health bodies send"),
    "priya": ("Priya Shah", (("county", RESPONDER),), "Answers for the county council; her director certifies"),
    "helen": ("Helen Ormerod", (("county", CERTIFIER),), "Director at the county council: approves answers before they are sent"),
    "rhys": ("Rhys Cole", (("police", RESPONDER),), "Answers for the police, and hands parts to a colleague"),
    "jo": ("Jo Field", (("police", RESPONDER),), "Analyst at the police: answers the items handed to her"),
    "dee": ("Supt Dee Marsh", (("police", CERTIFIER),), "Superintendent: approves what the police send, or sends it back"),
    "wendy": ("Wendy Moss", (("west-icb", RESPONDER),), "Answers for the West Loamshire health board"),
    "sam": ("Sam Vale", (("east-icb", RESPONDER),), "Answers for the East Loamshire health board; has something overdue"),
    "grace": ("Grace Abbott", (("trust", RESPONDER),), "Answers for the NHS trust, which has no approver"),
    "finn": ("Finn Ward", (("fire", RESPONDER),), "Answers for the fire and rescue authority"),
    "marsha": ("Marsha Bright", (("housing", RESPONDER),), "Answers for the housing association"),
    "ada": ("Ada Winn", (), "Administrator: people and bodies, boundaries, letters, jobs and backups"),
}


def invite_people(owners: dict[str, Body | Agency], at: datetime) -> dict[str, Person]:
    """Invite everybody to what they belong to, with what the sign-in page says of them; by key."""
    made = {}
    for key, (name, places, introduction) in PEOPLE.items():
        first = name.split()[-2].lower() + "." + name.split()[-1].lower()
        whose = places[0][0] if places else "instance"
        person = bodies.invite(
            f"{first}@{whose}.loamshire.example",
            name,
            bodies.InvitedAs(
                owners[places[0][0]] if places else None,
                Appointment(places[0][1] if places else "", FROM),
                administrator=not places,
            ),
            by=OPERATOR_ACTOR,
            at=at,
        )
        for owner, role in places[1:]:
            bodies.join(person, owners[owner], Appointment(role, FROM), by=OPERATOR_ACTOR, at=at)
        person.introduction = introduction
        made[key] = person
    db.session.flush()
    return made
