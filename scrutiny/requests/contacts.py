"""A contact of an agency for one request, kept with who entered it, and those its letter let in; the agency's record stays."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.addresses import read_address
from scrutiny.agencies.models import AgencyGuest
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.service import Recipient
from scrutiny.extensions import db
from scrutiny.read_ahead import known
from scrutiny.requests.delivery_models import Contact
from scrutiny.requests.interests import check_request
from scrutiny.requests.models import EvidenceRequest
from workflows.refusals import Refused
from workflows.roles import Actor

#: States of a request in which somebody still reads letters about it.
LIVE = ("drafted", "issued")


def contact_of(request: EvidenceRequest) -> Contact | None:
    """The contact that stands for a request; None where nobody entered one."""
    rows = select(Contact).where(Contact.request_id == request.id, Contact.ended_at.is_(None))
    return known("contact", request.id, lambda: db.session.scalar(rows.order_by(Contact.id.desc()).limit(1)))


def contacts_of(request: EvidenceRequest) -> list[Contact]:
    """Every contact entered for a request, newest first."""
    return list(db.session.scalars(select(Contact).where(Contact.request_id == request.id).order_by(Contact.id.desc())))


def recipient_of(contact: Contact) -> Recipient:
    """The contact as somebody a letter is written to."""
    return Recipient(f"contact:{contact.id}", contact.email, contact.name)


def enter_contact(request: EvidenceRequest, *, name: str, email: str, by: Actor, at: datetime) -> Contact:
    """Enter or correct whom letters about this request go to, in place of the agency's own address."""
    check_request(request, by=by, at=at)
    if request.state not in LIVE:
        raise Refused(
            gettext("The request %(reference)s is over: no more letters about it are sent", reference=request.reference)
        )
    address, before = read_address(email).lower(), contact_of(request)
    if not name.strip():
        raise Refused(gettext("Enter the name of the person or office"))
    if before is not None and (before.name, before.email) == (name.strip(), address):
        return before
    if before is not None:
        before.ended_at = at
        end_guests_at(request, before.email, by=by, at=at)
    elif request.agency.email:
        end_guests_at(request, request.agency.email.lower(), by=by, at=at)
    contact = Contact(request=request, name=name.strip(), email=address, by=by.reference, at=at)
    db.session.add(contact)
    db.session.flush()
    note(
        "contact_entered",
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        agency=request.agency.reference,
        address=digest(address),
        corrected=before is not None,
    )
    return contact


def guests_of(request: EvidenceRequest) -> list[AgencyGuest]:
    """Those who may answer a request by its letter, or could, the first let in first."""
    return list(db.session.scalars(select(AgencyGuest).where(AgencyGuest.request == request.id).order_by(AgencyGuest.id)))


def end_guest(request: EvidenceRequest, person_id: int, *, by: Actor, at: datetime) -> None:
    """Let somebody answer a request no longer; the letter does not let them in again."""
    check_request(request, by=by, at=at)
    guest = next((one for one in guests_of(request) if one.person_id == person_id and one.ended_at is None), None)
    if guest is None:
        raise Refused(gettext("This person cannot answer the request, or their access has ended already"))
    guest.ended_at, guest.ended_by = at, by.reference
    db.session.flush()
    note("guest_ended", about=request.plain, by=by, at=at, within=request.review.plain, guest=guest.person.reference)


def end_guests_at(request: EvidenceRequest, address: str, *, by: Actor, at: datetime) -> None:
    """The address was wrong: whoever came in by it answers this request no longer."""
    for guest in guests_of(request):
        if guest.person.email == address and guest.ended_at is None:
            end_guest(request, guest.person_id, by=by, at=at)
