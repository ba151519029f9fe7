"""Asking agencies to attend a meeting: a question like any other, with a day, a place and the notice the law asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.agencies.models import Agency
from scrutiny.asking.drafting import add_item, drafts_to_hold
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.models import Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Line, Review
from scrutiny.reviews.service import add_question
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A meeting as the officer types it in."""

    held_on: date
    place: str
    about: str
    begins: str = ""
    whom: str = ""
    why: str = ""
    answer_by: date | None = None


def ask_to_attend(review: Review, agencies: Sequence[Agency], asked: Asked, *, line: Line, by: Actor, at: datetime) -> list[Item]:
    """Put a meeting into the draft of each agency; nothing is sent. It is one question, so one row of the matrix."""
    if not agencies:
        raise Refused(gettext("Choose at least one agency to attend"))
    if asked.held_on <= london_day(at):
        raise Refused(
            gettext("%(held_on)s is not after today: choose a day that leaves time to come", held_on=day(asked.held_on))
        )
    if not asked.place.strip():
        raise Refused(gettext("Say where the meeting is held, or that it is held online"))
    if not asked.about.strip():
        raise Refused(gettext("Say what the meeting is about: whoever comes prepares for it"))
    question = add_question(
        review,
        line=line,
        title=f"Attend on {day(asked.held_on)}",
        text=_text(review, asked),
        kind=ATTENDANCE,
        why=asked.why,
        by=by,
        at=at,
    )
    meeting = Meeting(
        question=question, held_on=asked.held_on, begins=asked.begins.strip(), place=asked.place.strip(), whom=asked.whom.strip()
    )
    db.session.add(meeting)
    db.session.flush()
    drafts = drafts_to_hold(review, agencies, by=by, at=at)
    return [add_item(draft, question, wanted_on=asked.answer_by, by=by, at=at) for draft in drafts]


def _text(review: Review, asked: Asked) -> str:
    """The question in full, as letters and pages say it."""
    when = f"{day(asked.held_on)}{f' at {asked.begins.strip()}' if asked.begins.strip() else ''}"
    whom = f" We ask for {asked.whom.strip()}." if asked.whom.strip() else ""
    about = asked.about.strip().rstrip(".")
    return f"Please attend the meeting of {review.lead.name} on {when}, {asked.place.strip()}. It is about: {about}.{whom}"
