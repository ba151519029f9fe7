"""What letters about many requests need, read in a statement for each kind, however many requests there are."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies.queries import agencies_by_id, members_ahead
from scrutiny.correspondence.editing import attachments_ahead, edits_ahead
from scrutiny.correspondence.queries import posted_ahead
from scrutiny.extensions import db
from scrutiny.read_ahead import reading
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.delivery_models import Contact
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import holders_ahead


def letters_ahead(requests: Collection[EvidenceRequest], *days: date) -> AbstractContextManager[None]:
    """Contacts, holders, agencies, their people and meetings of these requests on some days; for pages that only look."""
    ids = sorted({request.id for request in requests})
    contacts: dict[int, Contact | None] = dict.fromkeys(ids)
    rows = select(Contact).where(Contact.request_id.in_(ids), Contact.ended_at.is_(None)).order_by(Contact.id)
    contacts |= {contact.request_id: contact for contact in db.session.scalars(rows)}
    held = holders_ahead(ids, days)
    asked = {request.agency_id for request in requests}
    agencies = agencies_by_id(sorted(asked | {agency for found in held.values() for agency in found.values()}))
    people = members_ahead(list(agencies), days)
    questions = {item.question_id for request in requests for item in request.items}
    meetings: dict[int, Meeting | None] = dict.fromkeys(questions)
    meetings |= {one.question_id: one for one in db.session.scalars(select(Meeting).where(Meeting.question_id.in_(questions)))}
    named = {item.held_by for request in requests for item in request.items if item.held_by.startswith("person:")}
    persons = select(Person).where(Person.id.in_(int(one.removeprefix("person:")) for one in named))
    letters = [request.plain for request in requests] + sorted({request.review.plain for request in requests})
    letters += [f"{request.plain}/{agency.reference}" for request in requests for agency in agencies.values()]
    return reading(
        letter_edits=edits_ahead(letters),
        letter_files=attachments_ahead(letters),
        contact=contacts,
        holders=held,
        agency=agencies,
        members=people,
        meeting=meetings,
        posted=posted_ahead([request.plain for request in requests]),
        person={one.id: one for one in db.session.scalars(persons)},  # held here, so that the session finds them again
    )
