"""The letters the asker sends to agencies: one function each, named as its template; and the same words as a preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from scrutiny.accounts import queries as accounts
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agencies_by_id, members, office_of, recipients
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import days_posted
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.correspondence.wording import formal_name, worded
from scrutiny.formats import listed, london_day
from scrutiny.languages import speaking
from scrutiny.requests.contacts import contact_of, recipient_of
from scrutiny.requests.delivery_models import Contact
from scrutiny.requests.escalation_models import Escalation
from scrutiny.requests.letter_values import (
    OwnWords,
    about,
    day_line,
    item_values,
    keeping_line,
    law_again,
    law_line,
    lead_day,
    readers_line,
)
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import holders
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.queries import bodies_taking_part
from workflows.ladders import CONTACT, HOLDER
from workflows.roles import AGENCY_ROLES, CHAIR, LABELS, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: What was written to an agency about late answers before a chair writes.
REMINDERS = ("request_reminder", "request_chased")
NOTHING_ADDED = OwnWords()


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be sent."""

    to: Recipient
    subject: str
    text: str


def receivers(request: EvidenceRequest, at: datetime) -> list[Recipient]:
    """Whom letters about a request go to: the agency asked, or its successor, and the contact entered for the request;
    without an address where none is known, so that the failure shows."""
    contact = contact_of(request)
    ids = {held for item, held in holders(request, london_day(at)).items() if item in _asked(request)} or {request.agency_id}
    found: list[Recipient] = []
    for agency in agencies_by_id(sorted(ids)).values():
        found += _anybody(agency, at)
    if contact is not None:  # it stands in place of the agency's bare address, and beside the people who sign in for it
        found = [one for one in found if one.reference != request.agency.reference and one.address != contact.email]
        found.append(recipient_of(contact))
    return found


def _asked(request: EvidenceRequest) -> set[int]:
    """The ids of the items that are still asked."""
    return {item.id for item in request.items if item.state != "withdrawn"}


def addressees(agency: Agency, roles: Iterable[str], items: Iterable[Item], at: datetime) -> list[Recipient]:
    """Whom a rung of the ladder writes to at an agency; where nobody is meant by its roles, those who answer for it."""
    found: dict[str, Recipient] = {}
    asked = list(items)
    for role in roles:
        for one in _in_role(agency, role, asked, at):
            found.setdefault(one.reference, one)
    contact = contact_of(asked[0].request) if asked and asked[0].request.agency_id == agency.id else None
    if contact is not None:
        found = {key: one for key, one in found.items() if key != agency.reference and one.address != contact.email}
        found[f"contact:{contact.id}"] = recipient_of(contact)
    return list(found.values()) or _anybody(agency, at)


def _in_role(agency: Agency, role: str, items: Iterable[Item], at: datetime) -> list[Recipient]:
    """Those of an agency who are meant by one word of a ladder."""
    if role == CONTACT:
        return [Recipient(agency.reference, agency.email, agency.name, office=office_of(agency))] if agency.email else []
    if role == HOLDER:
        ids = sorted({int(item.held_by.removeprefix("person:")) for item in items if item.held_by.startswith("person:")})
        people = [person for person in map(accounts.person, ids) if person is not None and person.active]
    else:
        people = members(agency, london_day(at), role) if role in AGENCY_ROLES else []
    return [Recipient(one.reference, one.email, one.name, one.language) for one in people]


def _anybody(agency: Agency, at: datetime) -> list[Recipient]:
    """Those who answer for an agency; the agency with no address where none is known, so that the failure shows."""
    return recipients(agency, london_day(at)) or [Recipient(agency.reference, "", agency.name, office=office_of(agency))]


def request_issued(request: EvidenceRequest, *, at: datetime, occasion: str = "") -> list[Letter]:
    """The request itself, to each responder; what one body asks of a person on one day goes in one email."""
    bundle, letters = f"issued:{request.review.lead.id}", []
    for to in receivers(request, at):
        with speaking(to.language):
            values = issued_values(request)
        letters.append(_write("request_issued", request, to, at=at, occasion=occasion, bundle=bundle, **values))
    return letters


def previews(request: EvidenceRequest, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that issuing would send, word for word."""
    values = issued_values(request)
    return [_previewed("request_issued", to, public_url, values) for to in receivers(request, at)]


def issued_values(request: EvidenceRequest) -> dict[str, Any]:
    """What the letter of a request says."""
    review = request.review
    partners = [body.name for body in bodies_taking_part(review) if body.id != review.lead.id]
    asked = [item for item in request.items if item.state != "withdrawn"]
    ask_by = lead_day(asked)
    return _common(request) | {
        "reason": review.reason.strip(),
        "partners": listed(partners),
        "message": request.message,
        "in_scope": review.in_scope.strip(),
        "out_of_scope": review.out_of_scope.strip(),
        "ask_by": ask_by,
        "law": " ".join(filter(None, [law_line(asked), day_line(asked, ask_by)])),
        "items": [item_values(item) for item in asked],
        "questions": sum(item.question.kind != ATTENDANCE for item in asked),
        "readers": readers_line(review),
        "keeping": keeping_line(review),
    }


def address_reported(request: EvidenceRequest, contact: Contact, *, by: Actor, at: datetime) -> list[Letter]:
    """To the administrators: the address held for an agency is wrong or missing, and which one an officer entered instead."""
    return [
        write_letter(
            "address_reported",
            to=Recipient(one.reference, one.email, one.name, one.language),
            reference=request.plain,
            at=at,
            occasion=f"contact:{contact.id}",
            within=request.review.plain,
            by=by.name,
            contact=contact.name,
            email=contact.email,
            kept=request.agency.email,
            agency_page=f"/administration/agencies/{request.agency_id}",
            **_common(request),
        )
        for one in accounts.administrators()
    ]


def item_returned(item: Item, *, at: datetime) -> list[Letter]:
    """That an answer was returned for more, and why."""
    occasion = f"{item.number}.{len(item.answers)}.{at:%Y%m%d%H%M%S}"
    return _send("item_returned", item.request, at=at, occasion=occasion, item=item_values(item), why=item.returned_why)


def answers_to_be_published(request: EvidenceRequest, items: Sequence[Item], on: date, *, at: datetime) -> list[Letter]:
    """That what an agency sent becomes public on a day, and what it can do before then."""
    occasion, asked = f"{on.isoformat()}:{at:%Y%m%d%H%M%S}", [item_values(item) for item in items]
    last = on - timedelta(days=1)
    return _send("answers_to_be_published", request, at=at, occasion=occasion, items=asked, public_on=on, last_on=last)


def item_withdrawn(item: Item, why: str, *, at: datetime) -> list[Letter]:
    """That an item is no longer asked."""
    return _send("item_withdrawn", item.request, at=at, occasion=str(item.number), item=item_values(item), why=why)


def request_withdrawn(request: EvidenceRequest, why: str, *, at: datetime) -> list[Letter]:
    """That a request is no longer made."""
    return _send("request_withdrawn", request, at=at, why=why)


def request_closed(request: EvidenceRequest, *, at: datetime) -> list[Letter]:
    """That nothing more is asked for."""
    return _send("request_closed", request, at=at)


def extension_decided(extension: Extension, *, at: datetime) -> list[Letter]:
    """What was decided on more time; both dates are named."""
    item = item_values(extension.item) if extension.item else None
    return _send(
        f"extension_{extension.state}",
        extension.request,
        at=at,
        occasion=str(extension.id),
        item=item,
        from_on=extension.from_on,
        asked_until=extension.until_on,
        until_on=extension.granted_until or extension.from_on,
        decision=extension.decision,
        law=_law_beside(extension),
    )


def _law_beside(extension: Extension) -> list[dict[str, Any]]:
    """The day in law of each item that has more time than the law gives."""
    items = [extension.item] if extension.item else extension.request.items
    return [
        {"number": item.number, "due": item.statutory_due_on, "why": item.due_working["statutory"]["sentence"]}
        for item in items
        if item.statutory_due_on and item.due_on and item.statutory_due_on < item.due_on and "statutory" in item.due_working
    ]


def note_replied(note: Note, resumed: Iterable[tuple[Item, date | None, str]] = (), *, at: datetime) -> list[Letter]:
    """The asker's reply to a question back, and what it does to each date: (item, its day before, what the power says)."""
    rows = [item_values(item) | {"before": before, "effect": effect} for item, before, effect in resumed]
    return _send("note_replied", note.request, at=at, occasion=str(note.id), text=note.text, items=rows)


def dates_recounted(
    request: EvidenceRequest, began: str, on: date, moved: Iterable[tuple[Item, date | None]], *, at: datetime
) -> list[Letter]:
    """That the day which starts a clock is known now, and what is due when; the day before is named beside it."""
    rows = [item_values(item) | {"before": before} for item, before in moved]
    occasion = f"{at:%Y%m%d%H%M%S}"
    return _send("dates_recounted", request, at=at, occasion=occasion, began=began, on=on, items=rows)


def of_ladder(
    escalation: Escalation,
    items: Sequence[Item],
    *,
    at: datetime,
    held_until: datetime | None = None,
    not_before: datetime | None = None,
    signed: Actor | None = None,
) -> list[Letter]:
    """The letter of a rung about some items; a person's letters of one kind and day go in one e-mail, whoever asks."""
    request, kind = escalation.request, escalation.letter_to_write
    occasion, bundle = escalation.reached_on.isoformat(), kind
    if signed is not None:
        occasion, bundle = escalation.plain, f"{kind}:{request.review.lead.id}"
    letters = []
    for to in addressees(escalation.agency, escalation.to, items, at):
        with speaking(to.language):
            values = ladder_values(kind, request, escalation.agency, items, signed)
            values |= {"opening": escalation.opening, "closing": escalation.closing}
        until = held_until or not_before
        letters.append(_write(kind, request, to, at=at, occasion=occasion, bundle=bundle, not_before=until, **values))
    return letters


def ladder_previews(
    kind: str,
    roles: Iterable[str],
    agency: Agency,
    items: Sequence[Item],
    *,
    at: datetime,
    public_url: str,
    signed: Actor | None = None,
    words: OwnWords = NOTHING_ADDED,
) -> list[Preview]:
    """The letters that a rung would send, word for word."""
    values = ladder_values(kind, items[0].request, agency, items, signed)
    values |= {"opening": words.opening, "closing": words.closing}
    return [_previewed(kind, to, public_url, values) for to in addressees(agency, roles, items, at)]


def ladder_values(
    kind: str, request: EvidenceRequest, agency: Agency, items: Sequence[Item], signed: Actor | None = None
) -> dict[str, Any]:
    """What every letter of the ladder says."""
    role = next((role for role in (CHAIR, LEAD_INSPECTOR) if signed is not None and signed.has(role)), CHAIR)
    us = writer_of(request.review)
    return _common(request) | {
        "agency": agency.name,
        "items": [item_values(item) for item in items],
        "law": law_again(items),
        "reminded": days_posted(request.plain, REMINDERS) if kind == "chairs_letter" else [],
        "ask_by": lead_day(items),
        "issued_on": london_day(request.issued_at) if request.issued_at else None,
        "signer": replace(us, signatory=formal_name(signed.name), office=LABELS[role]) if signed else us,
    }


def escalation_proposed(
    escalation: Escalation, items: Sequence[Item], *, at: datetime, held_until: datetime | None = None
) -> list[Letter]:
    """To those who may approve it: a letter in their name waits; where the body has nobody such, to its officers."""
    request, today = escalation.request, london_day(at)
    lead = request.review.lead
    to = bodies.recipients(lead, today, (CHAIR, LEAD_INSPECTOR)) or bodies.recipients(lead, today, (SCRUTINY_OFFICER,))
    address = f"/reviews/{request.review.reference}/reminders/{escalation.id}"
    return [
        write_letter(
            "escalation_proposed",
            to=one,
            reference=escalation.plain,
            at=at,
            within=request.review.plain,
            bundle="escalation_proposed",
            not_before=held_until,
            **(ladder_values("escalation_proposed", request, escalation.agency, items) | {"address": address}),
        )
        for one in to
    ]


def due_date_moved(item: Item, before: object, *, at: datetime, not_before: datetime | None = None) -> list[Letter]:
    """That a holiday learnt of late moved a due date; both dates are named. It waits for an open day."""
    occasion = f"{item.number}.{item.due_on}"
    return _send(
        "due_date_moved", item.request, at=at, occasion=occasion, not_before=not_before, item=item_values(item), before=before
    )


def register_notice(request: EvidenceRequest, *, at: datetime, entry: Any) -> list[Letter]:
    """That a non-response is to be published, and until when the agency may answer or add its line."""
    return _send("register_notice", request, at=at, occasion=str(entry.id), entry=entry, line=f"/answering/{request.id}/register")


def register_published(request: EvidenceRequest, *, at: datetime, entry: Any) -> list[Letter]:
    """That it has been published."""
    line = f"/answering/{request.id}/register"
    return _send("register_published", request, at=at, occasion=str(entry.id), entry=entry, line=line)


def register_withdrawn(request: EvidenceRequest, *, at: datetime, entry: Any) -> list[Letter]:
    """That it was withdrawn, and why."""
    return _send("register_withdrawn", request, at=at, occasion=str(entry.id), entry=entry)


def address_of(request: EvidenceRequest) -> str:
    """The path at which a request is found, for asker and agency alike."""
    return f"/reviews/{request.review.reference}/requests/{request.slug}"


def _send(
    kind: str, request: EvidenceRequest, *, at: datetime, occasion: str = "", not_before: datetime | None = None, **values: Any
) -> list[Letter]:
    """Write a letter of a kind to each receiver."""
    bundle = f"{kind}:{request.review.id}"
    values = _common(request) | values
    return [
        _write(kind, request, to, at=at, occasion=occasion, bundle=bundle, not_before=not_before, **values)
        for to in receivers(request, at)
    ]


def _write(kind: str, request: EvidenceRequest, to: Recipient, **values: Any) -> Letter:
    """Write one letter in the name of the body in the lead."""
    within, sender = request.review.plain, writer_of(request.review).sender
    return write_letter(kind, to=to, reference=request.plain, within=within, sender=sender, **values)


def _previewed(kind: str, to: Recipient, public_url: str, values: dict[str, Any]) -> Preview:
    """A letter worded as it would be, and not kept."""
    subject, text = worded(kind, to.language, name=to.name, office=to.office, public_url=public_url, secret="", **values)
    return Preview(to, subject, text)


def _common(request: EvidenceRequest) -> dict[str, Any]:
    """What every letter about a request names."""
    return {
        "our_reference": request.reference,
        "agency": request.agency.name,
        "title": request.review.title,
        "about": about(request.review),
        "lead": request.review.lead.name,
        "address": address_of(request),
        "us": writer_of(request.review),
    }
