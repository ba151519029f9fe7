"""A review under way with a lead, a partner and an observer, and evidence of the police before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.bodies.queries import actor_of
from scrutiny.evidence import service
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from tests.conftest import NOW
from tests.scrutiny.evidence.naming import named
from workflows.roles import Actor

TODAY = date(2026, 3, 2)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"


@dataclass
class Scene:
    """The review and how to act in it."""

    cast: SimpleNamespace
    review: Review

    def actor(self, who: str) -> Actor:
        """One of the cast, as a page would name them."""
        return actor_of(db.session.get_one(Person, getattr(self.cast, who)), on=TODAY)

    def person(self, who: str) -> Person:
        """One of the cast as a row."""
        return db.session.get_one(Person, getattr(self.cast, who))

    def draft(self, marking: str = "open", agency: str = "police", **words: str) -> Lodging:
        """Evidence of an agency, not sent yet."""
        given = {"title": "Missing children", "text": "We found 12 patterns."} | words
        ground = "Paragraph 3: prices under negotiation" if marking == "exempt" else ""
        return service.lodge_draft(
            agency=db.session.get_one(Agency, getattr(self.cast, agency)),
            review=self.review,
            marking=marking,
            exempt_ground=ground,
            by=self.actor("responder"),
            at=NOW,
            **given,
        )

    def lodged(self, marking: str = "open", **words: str) -> Lodging:
        """Evidence of the police that has been sent."""
        lodging = self.draft(marking, **words)
        service.lodge(lodging, by=self.actor("responder"), at=NOW)
        return lodging


def make_scene(cast: SimpleNamespace, method: str = "jtai", lead: str = "ofsted", partners: tuple[str, ...] = ("cqc",)) -> Scene:
    """A review of Ashby under a method: by the inspectorate under JTAI, or by the committee under task and finish."""
    found = {key: db.session.get_one(Body, getattr(cast, key)) for key in ("committee", "ofsted", "cqc")}
    person = {"ofsted": "lead_inspector", "committee": "officer"}[lead]
    by = actor_of(db.session.get_one(Person, getattr(cast, person)), on=TODAY)
    observers = [found["committee"]] if lead != "committee" else []
    review = open_review(
        title="Children who go missing",
        place=db.session.get_one(Place, cast.place),
        place_on=TODAY,
        method_key=method,
        lead=found[lead],
        partners=[found[key] for key in partners],
        observers=observers,
        starts_on=TODAY,
        announced_on=TODAY,
        by=by,
        at=NOW,
    )
    named(review, person)
    return Scene(cast, review)


@pytest.fixture
def scene_of(context: None, cast: SimpleNamespace) -> Callable[..., Scene]:
    """Make a review inside the test's own application context (so never with a client)."""
    return partial(make_scene, cast)


@pytest.fixture
def scene(scene_of: Callable[..., Scene]) -> Scene:
    """The joint inspection most tests use."""
    return scene_of()


def join(scene: Scene, who: str, body: str, role: str) -> None:
    """Give one of the cast one more role in a body."""
    membership = BodyMembership(body_id=getattr(scene.cast, body), person_id=getattr(scene.cast, who), role=role, from_on=TODAY)
    db.session.add(membership)
    db.session.flush()
