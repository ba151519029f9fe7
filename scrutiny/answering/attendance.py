"""Saying who attends a meeting the agency was asked to, or why nobody can."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext, lazy_gettext

from scrutiny.answering import service
from scrutiny.answering.service import Typed
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.attendance_queries import meeting_of
from scrutiny.requests.models import Answer, Decline, Item
from workflows.labels import labels
from workflows.refusals import Refused
from workflows.roles import Actor

#: What an agency may say: (in the form, on pages).
COMES = labels({"asked": lazy_gettext("Will attend"), "another": lazy_gettext("Sends another")})
DECLINES = "declines"


def say_attends(item: Item, comes: str, who: str, *, by: Actor, at: datetime, more: str = "") -> Answer:
    """Save who will attend, or whom the agency sends in place of the person asked for; it is sent as any answer is."""
    meeting = _meeting(item)
    if comes not in COMES:
        raise Refused(gettext("Say whether the person asked for comes, or another"))
    if not who.strip():
        raise Refused(gettext("Say who will attend: name and post"))
    stead = " in place of the person asked for" if comes == "another" else ""
    text = f"{who.strip()} will attend the meeting on {day(meeting.held_on)}{stead}."
    answer = service.keep_answer(item, Typed(text="\n\n".join(filter(None, [text, more.strip()]))), by=by, at=at)
    answer.attends, answer.attended_by = comes, who.strip()
    db.session.flush()
    return answer


def decline(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """Say that nobody will attend, with the reason: to the agency's approver where it has one, else to the requester."""
    keep_decline(item, why, by=by, at=at)
    service.pass_on(item.request, [item], by=by, at=at)


def keep_decline(item: Item, why: str, *, by: Actor, at: datetime) -> Decline:
    """Save that nobody will attend, with the reason; nothing is sent."""
    _meeting(item)
    if not why.strip():
        raise Refused(gettext("Say why nobody can attend: the requester reads your words"))
    return service.keep_refusal(item, why, by=by, at=at)


def _meeting(item: Item) -> Meeting:
    """The meeting an item asks an agency to attend."""
    found = meeting_of(item.question)
    if found is None:
        raise Refused(gettext("Item %(number)s does not ask anybody to attend", number=item.number))
    return found
