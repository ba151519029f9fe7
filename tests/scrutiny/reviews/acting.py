"""Who acts in these tests, and a review they all begin from."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from tests import cast as the_cast
from tests.conftest import NOW
from workflows.roles import Actor


def acting(who: str) -> Actor:
    """One of the cast, acting for whom they belong to."""
    return actor_of(db.session.scalar(select(Person).where(Person.fs_uniquifier == the_cast.uniquifier(who))))


def opened(cast: SimpleNamespace, **changes: Any) -> Review:
    """A task and finish review of Barrow End by the committee, with the inspectorate as partner."""
    values: dict[str, Any] = {
        "title": "Children's mental health",
        "reason": "Waiting times have doubled.",
        "place": db.session.get_one(Place, cast.wide_place),
        "place_on": date(2026, 3, 2),
        "method_key": "council-task-and-finish",
        "subject": "health",
        "lead": db.session.get_one(Body, cast.committee),
        "partners": [db.session.get_one(Body, cast.ofsted)],
        "starts_on": date(2026, 3, 2),
        "by": acting("officer"),
        "at": NOW,
    }
    return open_review(**(values | changes))
