"""The letters of this room: that a holiday learnt of late moved the timetable of a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import write_letter
from scrutiny.formats import london_day
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import bodies_taking_part
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

#: Who runs a review for its body, or leads its part in it.
PLANNERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def timetable_moved(review: Review, moved: Sequence[Phase], *, at: datetime) -> None:
    """To those who plan it at the lead and partner bodies: which phases now run later, and until when before."""
    occasion = ",".join(f"{phase.key}:{phase.ends_on}" for phase in moved)
    today = london_day(at)
    told = {one.reference: one for body in bodies_taking_part(review) for one in bodies.recipients(body, today, PLANNERS)}
    for recipient in told.values():
        write_letter(
            "timetable_moved",
            to=recipient,
            reference=review.plain,
            at=at,
            occasion=occasion,
            within=review.plain,
            review=review,
            phases=moved,
        )
