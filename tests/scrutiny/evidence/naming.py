"""Naming people of the cast for a review, as its lead would."""

from __future__ import annotations

from scrutiny.accounts.models import Person
from scrutiny.bodies.models import Body
from scrutiny.evidence.models import NamedReader
from scrutiny.evidence.naming import name_reader
from scrutiny.evidence.queries import may_hold_personal
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting


def named(review: Review, *whos: str) -> list[NamedReader]:
    """Name these of the cast, each by themselves and for their own body; nobody where the review holds nothing personal."""
    actors = [acting(who) for who in whos] if may_hold_personal(review) else []
    return [
        name_reader(review, db.session.get_one(Person, by.person), db.session.get_one(Body, by.body), by=by, at=NOW)
        for by in actors
    ]
