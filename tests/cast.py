"""The people and places every test shares: an invented county of three square districts, cut by two health boards.

┌──────┬──────┬──────┐      Loamshire (county): Ashby, Barrow End and Corley, each 10 km square,
│ Ashby│Barrow│Corley│      each of two small areas of 10 × 5 km, one above the other.
│      │ End  │      │      West ICB covers Ashby and the lower half of Barrow End; East ICB the rest.
└──────┴──────┴──────┘
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person, SignInSession
from scrutiny.accounts.queries import hash_of
from scrutiny.agencies.models import Agency, AgencyCode, AgencyMembership, Footprint
from scrutiny.areas.models import Area, AreaLoad, AreaOverlap, Place, Postcode
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.extensions import db

BORN = date(2020, 4, 1)
WRITTEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WEST, SOUTH = 400_000, 300_000
#: kind, code, name, (x0, y0, x1, y1) in km from the south-west corner
SHAPES = {
    "ashby": ("district", "E07900001", "Ashby", [(0, 0, 10, 10)]),
    "barrow": ("district", "E07900002", "Barrow End", [(10, 0, 20, 10)]),
    "corley": ("district", "E07900003", "Corley", [(20, 0, 30, 10)]),
    "county": ("upper_tier", "E10900001", "Loamshire", [(0, 0, 30, 10)]),
    "police_area": ("police", "E23900001", "Loamshire", [(0, 0, 30, 10)]),
    "fire_area": ("fire", "E31900001", "Loamshire", [(0, 0, 30, 10)]),
    "west_icb_area": ("icb", "E54900001", "West Loamshire", [(0, 0, 10, 10), (10, 0, 20, 5)]),
    "east_icb_area": ("icb", "E54900002", "East Loamshire", [(10, 5, 20, 10), (20, 0, 30, 10)]),
}
#: small areas: code suffix, box, people
SMALL = [(f"E0190000{i}", (10 * (i // 2), 5 * (i % 2), 10 * (i // 2) + 10, 5 * (i % 2) + 5), 1000 + 500 * i) for i in range(6)]
#: name: (kind of agency, its area, email)
AGENCIES = {
    "county_council": ("Loamshire County Council", "county", "county"),
    "ashby_council": ("Ashby District Council", "district", "ashby"),
    "barrow_council": ("Barrow End District Council", "district", "barrow"),
    "police": ("Loamshire Police", "police", "police_area"),
    "fire": ("Loamshire Fire and Rescue", "fire", "fire_area"),
    "west_icb": ("West Loamshire Integrated Care Board", "icb", "west_icb_area"),
    "east_icb": ("East Loamshire Integrated Care Board", "icb", "east_icb_area"),
}
#: slug: (name, kind, host)
BODIES = {
    "committee": ("loamshire-scrutiny", "Loamshire Overview and Scrutiny Committee", "council-committee", "county_council"),
    "ofsted": ("ofsted", "Office for Standards in Learning", "inspectorate", None),
    "cqc": ("cqc", "Care Standards Commission", "inspectorate", None),
}
#: who they stand for: (full name, body or agency, role)
PEOPLE = {
    "officer": ("Olwen Price", "committee", "scrutiny-officer"),  # runs the reviews, never late
    "chair": ("Cllr Amrit Gill", "committee", "chair"),  # signs for the committee
    "councillor": ("Cllr Joan Pike", "committee", "councillor"),  # reads the pack, dissents
    "inspector": ("Ines Park", "ofsted", "inspector"),  # writes findings, keeps private notes
    "lead_inspector": ("Leo Hart", "ofsted", "lead-inspector"),  # signs for the inspectorate
    "partner_inspector": ("Cara Quinn", "cqc", "lead-inspector"),  # of the partner body
    "responder": ("Rhys Cole", "police", "responder"),  # answers for the police
    "colleague": ("Jo Field", "police", "responder"),  # is handed items
    "certifier": ("Supt Dee Marsh", "police", "certifier"),  # approves what the police send
    "fire_responder": ("Finn Ward", "fire", "responder"),  # of an agency with no certifier
    "icb_responder": ("Wendy Moss", "west_icb", "responder"),
    "stranger": ("Sam Vale", "east_icb", "responder"),  # of an agency that was asked nothing
    "administrator": ("Ada Winn", None, ""),  # runs the instance
}


def _box(x0: float, y0: float, x1: float, y1: float) -> shapely.Geometry:
    """A rectangle given in kilometres from the corner of the county."""
    return shapely.box(WEST + x0 * 1000, SOUTH + y0 * 1000, WEST + x1 * 1000, SOUTH + y1 * 1000)


def _area(load: AreaLoad, kind: str, code: str, name: str, shape: shapely.Geometry, people: int) -> Area:
    """One row, as the loader would have written it."""
    x0, y0, x1, y1 = shape.bounds
    point = shapely.point_on_surface(shape)
    return Area(
        kind=kind,
        code=code,
        name=name,
        from_on=BORN,
        load=load,
        shape=shapely.to_wkb(shape),
        min_x=x0,
        min_y=y0,
        max_x=x1,
        max_y=y1,
        point_x=point.x,
        point_y=point.y,
        square_metres=shape.area,
        people=people,
        people_from="Invented count, 21 March 2021",
    )


def write() -> None:
    """Write the cast into an empty database."""
    load = AreaLoad(kind="cast", file_name="cast", sha256="0" * 64, loaded_at=WRITTEN, loaded_by="operator", from_on=BORN)
    small = {code: (_box(*box), people) for code, box, people in SMALL}
    areas: dict[str, Area] = {}
    shapes: dict[str, shapely.Geometry] = {}
    for key, (kind, code, name, boxes) in SHAPES.items():
        shapes[key] = shapely.union_all([_box(*box) for box in boxes])
        people = sum(n for part, n in small.values() if shapes[key].contains(shapely.point_on_surface(part)))
        areas[key] = _area(load, kind, code, name, shapes[key], people)
    for code, (shape, people) in small.items():
        areas[code], shapes[code] = _area(load, "lsoa", code, f"Small area {code[-1]}", shape, people), shape
    db.session.add_all(areas.values())
    db.session.flush()
    _overlaps(areas, shapes, small)
    agencies = {key: _agency(name, kind, SHAPES[shape], key) for key, (name, kind, shape) in AGENCIES.items()}
    bodies = {
        key: Body(slug=slug, name=name, kind=kind, host_agency=agencies.get(host or ""))
        for key, (slug, name, kind, host) in BODIES.items()
    }
    place = Place(key="ashby", slug="E07900001", name="Ashby", made_at=WRITTEN, areas=[areas["ashby"]])
    wide = Place(key="barrow", slug="E07900002", name="Barrow End", made_at=WRITTEN, areas=[areas["barrow"]])
    postcode = Postcode(postcode="LM1 1AA", x=WEST + 2_000, y=SOUTH + 2_000, load_id=load.id)
    db.session.add_all([*agencies.values(), *bodies.values(), place, wide, postcode])
    for key, (name, whose, role) in PEOPLE.items():
        person = Person(
            email=f"{key.replace('_', '.')}@example.org", name=name, administrator=whose is None, fs_uniquifier=uniquifier(key)
        )
        db.session.add_all([person, session_of(person)])
        if whose in bodies:
            db.session.add(BodyMembership(body=bodies[whose], person=person, role=role, from_on=BORN))
        elif whose is not None:
            db.session.add(AgencyMembership(agency=agencies[whose], person=person, role=role, from_on=BORN))
    db.session.commit()


def _overlaps(
    areas: dict[str, Area], shapes: dict[str, shapely.Geometry], small: dict[str, tuple[shapely.Geometry, int]]
) -> None:
    """What each two areas of different kinds share, worked out the slow and certain way."""
    for one, first in areas.items():
        for other, second in areas.items():
            land = shapes[one].intersection(shapes[other]).area if first.kind != second.kind else 0
            if not land:
                continue
            both = shapes[one].intersection(shapes[other])
            people = sum(n for part, n in small.values() if both.contains(shapely.point_on_surface(part)))
            db.session.add(
                AreaOverlap(
                    area_id=first.id,
                    other_id=second.id,
                    square_metres=land,
                    people=people,
                    share_of_area=land / first.square_metres,
                    share_of_people=people / first.people,
                    share_of_other_area=land / second.square_metres,
                    share_of_other_people=people / second.people,
                )
            )


def _agency(name: str, kind: str, shape: tuple[str, str, str, object], key: str) -> Agency:
    """An agency with one area for its footprint."""
    return Agency(
        name=name,
        kind=kind,
        email=f"{key.replace('_', '.')}.office@example.org",
        from_on=BORN,
        codes=[AgencyCode(scheme="gss", code=shape[1])],
        footprint=[Footprint(area_kind=shape[0], area_code=shape[1], from_on=BORN)],
    )


#: When sessions of tests end: never, whatever moment a test stands at.
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def _session_secret(uniquifier: str) -> str:
    return f"a session of {uniquifier}"


def session_of(person: Person) -> SignInSession:
    """A session of this person, which tests find by whom it is of."""
    secret_hash = hash_of(_session_secret(person.fs_uniquifier))
    return SignInSession(
        person=person, secret_hash=secret_hash, how="link", device="", began_at=WRITTEN, seen_at=NEVER, ends_at=NEVER
    )


def sign_in(app: Flask, client: FlaskClient, uniquifier: str, **more: Any) -> FlaskClient:
    """Sign a client in as the person whose sessions hold this text; where they have signed out meanwhile, anew."""
    secret = _session_secret(uniquifier)
    with app.app_context():
        if db.session.scalar(select(SignInSession.id).where(SignInSession.secret_hash == hash_of(secret))) is None:
            person = db.session.scalars(select(Person).where(Person.fs_uniquifier == uniquifier)).one()
            db.session.add(session_of(person))
            db.session.commit()
    with client.session_transaction() as session:
        session.update({"_user_id": uniquifier, "signed_in": secret, "_fresh": True, "fs_cc": "set", **more})
    return client


def uniquifier(who: str) -> str:
    """What a session of this person holds."""
    return f"cast-{who}"


def ids() -> SimpleNamespace:
    """The id of everyone and everything in the cast, by the names used here."""
    found = {who: db.session.scalar(select(Person.id).where(Person.fs_uniquifier == uniquifier(who))) for who in PEOPLE}
    found |= {key: db.session.scalar(select(Agency.id).where(Agency.name == name)) for key, (name, *_) in AGENCIES.items()}
    found |= {key: db.session.scalar(select(Body.id).where(Body.slug == slug)) for key, (slug, *_) in BODIES.items()}
    found |= {key: db.session.scalar(select(Area.id).where(Area.code == code)) for key, (_, code, *_) in SHAPES.items()}
    found["place"] = db.session.scalar(select(Place.id).where(Place.slug == "E07900001"))
    found["wide_place"] = db.session.scalar(select(Place.id).where(Place.slug == "E07900002"))
    return SimpleNamespace(**found)
