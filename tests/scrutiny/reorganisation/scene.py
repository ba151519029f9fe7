"""Loamshire becomes two unitary councils: Ashby and the lower half of Barrow End to the west, the rest to the east."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from scrutiny.agencies.models import Agency, AgencyCode, AgencyMembership, Footprint
from scrutiny.answering import service as answering
from scrutiny.areas.models import AreaLoad, Place, SmallAreaPeople
from scrutiny.asking import service as requests
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from scrutiny.transaction import writes_now
from tests import cast as the_cast
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting

TODAY = NOW.date()
DAY = date(2028, 4, 1)
BEFORE = date(2028, 3, 31)
ON_THE_DAY = datetime(2028, 4, 1, 0, 5, tzinfo=UTC)
WEST, EAST = "E06900021", "E06900022"
LOWER, UPPER = "E01900002", "E01900003"  # the two halves of Barrow End
PLAN: dict[str, Any] = {
    "title": "Loamshire becomes two councils",
    "on": "2028-04-01",
    "ending": ["E10900001", "E07900001", "E07900002", "E07900003"],
    "new": [
        {"code": WEST, "name": "West Loamshire", "made_of": ["E07900001", LOWER], "council": "West Loamshire Council"},
        {"code": EAST, "name": "East Loamshire", "made_of": [UPPER, "E07900003"]},
    ],
    "legal_from": "2027-05-06",
    "elected_from": "2027-05-06",
}


def settle(cast: SimpleNamespace) -> SimpleNamespace:
    """Count people, give Corley and Barrow councils and the county an officer who answers, and open work to hand on."""
    with writes_now():
        load = AreaLoad(
            kind="people",
            file_name="count",
            sha256="1" * 64,
            source="Invented count",
            loaded_at=NOW,
            loaded_by="operator",
            from_on=date(2021, 3, 21),
        )
        db.session.add(load)
        db.session.flush()
        for code, _, people in the_cast.SMALL:
            db.session.add(SmallAreaPeople(code=code, as_at=date(2021, 3, 21), people=people, load_id=load.id))
        corley = Agency(
            name="Corley District Council",
            kind="district",
            from_on=the_cast.BORN,
            codes=[AgencyCode(scheme="gss", code="E07900003")],
            footprint=[Footprint(area_kind="district", area_code="E07900003", from_on=the_cast.BORN)],
        )
        housing = Agency(
            name="Ashby Homes",
            kind="housing-association",
            codes=[AgencyCode(scheme="demo", code="HA")],
            footprint=[
                Footprint(area_kind="district", area_code="E07900001", from_on=the_cast.BORN),
                Footprint(area_kind="district", area_code="E07900002", from_on=the_cast.BORN),
            ],
        )
        county = db.session.get_one(Agency, cast.county_council)
        answers = acting("responder")
        db.session.add_all(
            [corley, housing, AgencyMembership(agency=county, person_id=answers.person, role="responder", from_on=the_cast.BORN)]
        )
        db.session.flush()
        review = _review(cast)
    return SimpleNamespace(**vars(cast), review=review, corley_council=corley.id, housing=housing.id)


def _review(cast: SimpleNamespace) -> int:
    """The committee's review of Barrow End, with a request to the county and one to the police; the county has begun."""
    by = acting("officer")
    review = open_review(
        title="Buses in Barrow End",
        reason="Few run",
        place=db.session.get_one(Place, cast.wide_place),
        place_on=TODAY,
        method_key="council-task-and-finish",
        lead=db.session.get_one(Body, cast.committee),
        partners=[db.session.get_one(Body, cast.ofsted)],
        starts_on=TODAY,
        by=by,
        at=NOW,
    )
    drafts = requests.draft_requests(review, by=by, at=NOW)
    wanted = [one for one in drafts if one.agency_id in (cast.county_council, cast.police)]
    issue_and_deliver(review, wanted, by=by, at=NOW)
    county = next(one for one in wanted if one.agency_id == cast.county_council)
    answering.keep_answer(county.items[0], answering.Typed(text="We began"), by=acting_for(cast.county_council), at=NOW)
    recommendation = Recommendation(
        review_id=review.id,
        number=1,
        text="Run more",
        measure="Buses an hour",
        done_by=date(2029, 1, 1),
        state="made",
        written_by="person:1",
        written_at=NOW,
        addressees=[Addressee(agency_id=cast.county_council, state="accepted")],
    )
    db.session.add(recommendation)
    db.session.flush()
    return int(review.id)


def acting_for(agency_id: int, on: date | None = None) -> Any:
    """The cast's responder, acting for an agency."""
    from scrutiny.accounts.models import Person
    from scrutiny.bodies.queries import actor_of

    person = db.session.scalars(select(Person).where(Person.fs_uniquifier == the_cast.uniquifier("responder"))).one()
    return actor_of(person, f"agency:{agency_id}", on=on or TODAY)


def county_request(scene: SimpleNamespace) -> EvidenceRequest:
    """The request to the county council."""
    rows = select(EvidenceRequest).where(
        EvidenceRequest.review_id == scene.review, EvidenceRequest.agency_id == scene.county_council
    )
    return db.session.scalars(rows).one()


def review_of(scene: SimpleNamespace) -> Review:
    """The review."""
    return db.session.get_one(Review, scene.review)
