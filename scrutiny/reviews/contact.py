"""Whom the letters of one review say to ask, where it is not the usual contact of the body in the lead; who writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scrutiny.audit.service import note
from scrutiny.bodies.letterheads import Contact, Correspondent, check_contact, correspondent_of
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.reviews.timetable import still_open
from scrutiny.transaction import check_version
from workflows.roles import Actor


def contact_of(review: Review) -> Contact:
    """The contact the review names; without a name where it names none."""
    return Contact(review.contact_name, review.contact_office, review.contact_phone, review.contact_email)


def writer_of(review: Review) -> Correspondent:
    """The body in the lead as the letters of this review speak for it."""
    return correspondent_of(review.lead, contact_of(review))


def name_contact(review: Review, contact: Contact, *, seen: int | None, by: Actor, at: datetime) -> Contact:
    """Name whom the letters of a review say to ask; an empty contact gives it back to the body in the lead."""
    check_version(review, seen)
    still_open(review)
    contact = check_contact(contact)
    if contact != contact_of(review):
        review.contact_name, review.contact_office = contact.name, contact.office
        review.contact_phone, review.contact_email = contact.phone, contact.email
        db.session.flush()
        note("review_contact_named", about=review.plain, within=review.plain, by=by, at=at)
    return contact


def write_for_lead(kind: str, review: Review, /, *, to: Recipient, reference: str, at: datetime, **more: Any) -> Letter:
    """Write a letter of a review in the name of the body in the lead; `more` is what `write_letter` takes beside that."""
    us = writer_of(review)
    return write_letter(kind, to=to, reference=reference, at=at, within=review.plain, sender=us.sender, us=us, **more)
