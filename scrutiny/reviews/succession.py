"""Reviews of a body that has ended: which body takes its part from then on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import part_of
from scrutiny.reviews.service import tell_of_joining
from workflows.roles import Actor


def hand_on(review: Review, row: ReviewBody, to: Body, *, on: date, by: Actor, at: datetime) -> None:
    """Let a successor take a body's part in a review from a day; a lead it already shares as partner becomes its own."""
    row.to_on = on - timedelta(days=1)
    held, joined = part_of(review, to.id), None
    if row.part == "lead" or held is None:
        for other in review.bodies:
            if other.body_id == to.id and other.to_on is None:
                other.to_on = on - timedelta(days=1)
        joined = ReviewBody(body=to, part=row.part, from_on=on)
        review.bodies.append(joined)
    db.session.flush()
    note(
        "review_handed_on",
        about=review.plain,
        within=review.plain,
        by=by,
        at=at,
        was=row.body.reference,
        to=to.reference,
        part=row.part,
        on=on.isoformat(),
    )
    if joined is not None and held is None:
        tell_of_joining(review, joined, instead_of=row.body.name, at=at)
