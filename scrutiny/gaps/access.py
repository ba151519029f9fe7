"""The one door of the gaps: which reviews are counted or named, and for whom.

A gap rests on published reports alone, so it is the same for every reader. A review that is not published yet is named beside
it: to anyone once its list is out, and before that to members of the bodies that work on it.
"""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import ColumnElement, or_

from scrutiny.areas.models import Area
from scrutiny.areas.queries import areas_of_kind
from scrutiny.editions.lists_out import listed_reviews
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import readable_by
from scrutiny.rules.queries import rules
from workflows.roles import Actor


def reviews_named(by: Actor, today: date) -> ColumnElement[bool]:
    """The condition that a review may be named to a reader together with the agencies it asked."""
    public = Review.id.in_(listed_reviews(today))
    if by.body is None:
        return public
    working = readable_by(by.body, today).where(ReviewBody.part.in_(("lead", "partner")), ReviewBody.to_on.is_(None))
    return or_(public, Review.id.in_(working))


def layer_shown(kind: str, on: date) -> list[Area]:
    """Every area of a kind on a day; 404 where there is no such kind, or it is only a measuring stick."""
    known = rules().area_kinds.get(kind)
    if known is None or known.measuring_stick:
        abort(404)
    return areas_of_kind(kind, on)
