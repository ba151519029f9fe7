"""Those a letter lets in: a person comes into being from the address a request was sent to, for that request only."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.accounts.queries import person_by_email
from scrutiny.accounts.service import when_asked_for_a_link
from scrutiny.agencies.models import Agency, AgencyGuest
from scrutiny.agencies.service import when_address_changes
from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.requests.contacts import contact_of
from scrutiny.requests.models import EvidenceRequest
from workflows.roles import TIMETABLE_ACTOR, Actor

#: Letters to an agency about something other than a request, which lead to a page of theirs.
LEADING = (
    "accuracy_check",
    "accuracy_check_overdue",
    "accuracy_check_reminder",
    "accuracy_day_moved",
    "accuracy_waived",
    "correction_decided",
    "evidence_erased",
    "evidence_restricted",
    "recommendation_made",
    "response_chairs_letter",
    "response_chased",
    "response_day_moved",
    "response_reminder",
    "response_settled",
    "response_words_erased",
    "summary_wanted",
)
#: States of a request somebody let in may still read.
KNOWN = ("issued", "withdrawn", "closed")


def init_app(app: Flask) -> None:
    """Look at each address a sign-in link is asked for at, so that a letter lets in whoever it went to."""
    when_asked_for_a_link(welcome)
    when_address_changes(app, leave_address)


def welcome(address: str, at: datetime) -> None:
    """Let whoever reads an address answer each request whose letter the mail server accepted for it."""
    person = person_by_email(address)
    if person is not None and not person.active:
        return
    let_in = [one for one in _asked_at(address) if person is None or _guest(one, person) is None]
    for request in let_in:
        if person is None:
            contact = contact_of(request)
            person = Person(email=address, name=contact.name if contact else request.agency.name, invited_at=at)
            db.session.add(person)
            db.session.flush()
            note("person_let_in", about=person.reference, by=TIMETABLE_ACTOR, at=at, within=request.review.plain)
        db.session.add(AgencyGuest(agency_id=request.agency_id, person_id=person.id, request=request.id, made_at=at))
        note("guest_let_in", about=request.plain, by=TIMETABLE_ACTOR, at=at, within=request.review.plain, guest=person.reference)
    db.session.flush()
    for agency in _written_at(address):
        person = _let_in_for_letters(agency, person, address, at)


def leave_address(agency: Agency, address: str, by: Actor, at: datetime) -> None:
    """An agency has another address: whoever came in by the old one answers for it no longer.

    But for requests whose own contact is there. The row goes, so that a letter lets them in again if the address comes back.
    """
    rows = select(AgencyGuest).join(AgencyGuest.person).where(AgencyGuest.agency_id == agency.id, Person.email == address)
    for guest in db.session.scalars(rows.where(AgencyGuest.ended_at.is_(None)).order_by(AgencyGuest.id)).all():
        request = db.session.get(EvidenceRequest, guest.request) if guest.request is not None else None
        contact = contact_of(request) if request is not None else None
        if contact is not None and contact.email == address:
            continue
        about, within = (request.plain, request.review.plain) if request is not None else (agency.reference, "")
        note("guest_ended", about=about, by=by, at=at, within=within, guest=guest.person.reference)
        db.session.delete(guest)
    db.session.flush()


def _let_in_for_letters(agency: Agency, person: Person | None, address: str, at: datetime) -> Person:
    """Let whoever reads the address of an agency open what letters to it are about; the person, made where there was none."""
    if person is None:
        person = Person(email=address, name=agency.name, invited_at=at)
        db.session.add(person)
        db.session.flush()
        note("person_let_in", about=person.reference, by=TIMETABLE_ACTOR, at=at)
    rows = select(AgencyGuest.id).where(AgencyGuest.agency_id == agency.id, AgencyGuest.person_id == person.id)
    if db.session.scalar(rows.limit(1)) is None:
        db.session.add(AgencyGuest(agency_id=agency.id, person_id=person.id, request=None, made_at=at))
        note("guest_let_in", about=agency.reference, by=TIMETABLE_ACTOR, at=at, guest=person.reference)
    db.session.flush()
    return person


def _written_at(address: str) -> list[Agency]:
    """The agencies whose own address this is, and to whom a letter went there that leads to something of theirs."""
    rows = select(Agency).where(func.lower(Agency.email) == address).order_by(Agency.id)
    sent = select(Letter.id).join(Posting, Posting.id == Letter.posting_id)
    sent = sent.where(Letter.kind.in_(LEADING), func.lower(Letter.address) == address, Posting.state == "posted")
    found = db.session.scalars(rows).all()
    return [one for one in found if db.session.scalar(sent.where(Letter.person == one.reference).limit(1)) is not None]


def _asked_at(address: str) -> list[EvidenceRequest]:
    """The requests that were sent to an address which is still the one of the agency, or of the contact for them."""
    rows = select(Letter.reference, Letter.person).join(Posting, Posting.id == Letter.posting_id)
    sent = rows.where(Letter.kind == "request_issued", func.lower(Letter.address) == address, Posting.state == "posted")
    found: dict[int, EvidenceRequest] = {}
    for reference, person in db.session.execute(sent.order_by(Letter.id)):
        request = db.session.get(EvidenceRequest, int(reference.removeprefix("request:")))
        if request is None or request.state not in KNOWN:
            continue
        contact = contact_of(request)
        stands = contact.email if contact is not None else request.agency.email.lower()
        if person in (f"contact:{contact.id}" if contact else "", request.agency.reference) and stands == address:
            found[request.id] = request
    return list(found.values())


def _guest(request: EvidenceRequest, person: Person) -> AgencyGuest | None:
    """The row that let a person in, ended or not."""
    rows = select(AgencyGuest).where(AgencyGuest.request == request.id, AgencyGuest.person_id == person.id)
    return db.session.scalar(rows)
