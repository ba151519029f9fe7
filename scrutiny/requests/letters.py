"""Whom letters about a request go to, and what each of them names; the words belong to the room whose deed they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrutiny.accounts import queries as accounts
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import addressed, agencies_by_id, members, office_of, recipients
from scrutiny.correspondence.edited_models import LetterAttachment, LetterEdit
from scrutiny.correspondence.edited_queries import edit_used, files_of
from scrutiny.correspondence.editing import Composed, merged
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.correspondence.wording import salutation, worded
from scrutiny.formats import london_day
from scrutiny.requests.contacts import contact_of, recipient_of
from scrutiny.requests.letter_values import about
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import holders, requests_of
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.models import Review
from workflows.ladders import CONTACT, HOLDER
from workflows.roles import AGENCY_ROLES


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be sent: its words, its files, and the edited words it goes with, unless these are out of date."""

    to: Recipient
    subject: str
    text: str
    dear: str = ""
    files: tuple[LetterAttachment, ...] = ()
    edit: LetterEdit | None = None
    out_of_date: bool = False


def receivers(request: EvidenceRequest, at: datetime, concerned: Sequence[Item] | None = None) -> list[Recipient]:
    """Whom letters about a request, or about some items of it, go to: the agency asked, or the successors that hold these,
    and the contact entered for the request; without an address where none is known, so that the failure shows."""
    return [to for _, found in receivers_by_agency(request, at, concerned) for to in found]


def receivers_by_agency(
    request: EvidenceRequest, at: datetime, concerned: Sequence[Item] | None = None
) -> list[tuple[Agency, list[Recipient]]]:
    """The same, for each agency that holds any of the items: a letter names its own items only."""
    held, items = holders(request, london_day(at)), _asked(request) if concerned is None else concerned
    ids = {held[item.id] for item in items} or {request.agency_id}
    agencies = list(agencies_by_id(sorted(ids)).values())
    return [(agency, _with_contact(request, agency, anybody(agency, at), alone=len(agencies) == 1)) for agency in agencies]


def _with_contact(request: EvidenceRequest, agency: Agency, found: list[Recipient], *, alone: bool) -> list[Recipient]:
    """Those of an agency, with the contact entered for the request: of the agency asked or, entered since that ended, of
    the one that answers in its place. It stands in place of a bare address, and beside the people who sign in."""
    contact, ended = contact_of(request), request.agency.to_on
    if contact is None:
        return found
    since = alone and ended is not None and london_day(contact.at) > ended
    if agency.id != request.agency_id and not since:
        return found
    others = [one for one in found if one.reference != agency.reference and one.address != contact.email]
    return [*others, recipient_of(contact)]


def _asked(request: EvidenceRequest) -> list[Item]:
    """The items that are still asked."""
    return [item for item in request.items if item.state != "withdrawn"]


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
    return list(found.values()) or anybody(agency, at)


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


def anybody(agency: Agency, at: datetime) -> list[Recipient]:
    """Those who answer for an agency; the agency with no address where none is known, so that the failure shows."""
    return addressed(agency, london_day(at))


def answering_in(review: Review, agency: Agency, at: datetime) -> list[Recipient]:
    """Whom an agency is written to about a review as a whole: its people or address, else the contacts its requests have;
    without an address where none is known, so that the failure shows."""
    found = recipients(agency, london_day(at))
    contacts = [contact_of(one) for one in requests_of(review, "issued", "closed") if one.agency_id == agency.id]
    return found or [recipient_of(one) for one in contacts if one is not None] or addressed(agency, london_day(at))


def address_of(request: EvidenceRequest) -> str:
    """The path at which a request is found, for asker and agency alike."""
    return f"/reviews/{request.review.reference}/requests/{request.slug}"


def send(
    kind: str,
    request: EvidenceRequest,
    *,
    at: datetime,
    occasion: str = "",
    not_before: datetime | None = None,
    concerned: Sequence[Item] | None = None,
    rows: Mapping[Item, dict[str, Any]] | None = None,
    **values: Any,
) -> list[Letter]:
    """Write a letter of a kind to each receiver: about the whole request, or only to those who hold the items concerned.

    `rows` are the items it lists: after a split, each agency reads of its own.
    """
    bundle, letters = f"{kind}:{request.review.id}", []
    concerned = list(rows) if concerned is None and rows is not None else concerned
    held = holders(request, london_day(at))
    for agency, found in receivers_by_agency(request, at, concerned):
        told = common(request, agency) | values
        if rows is not None:
            told["items"] = [row for item, row in rows.items() if held[item.id] == agency.id]
        for to in found:
            letters.append(write(kind, request, to, at=at, occasion=occasion, bundle=bundle, not_before=not_before, **told))
    return letters


def previews_of(
    kind: str, request: EvidenceRequest, *, at: datetime, public_url: str, concerned: Sequence[Item] | None = None, **values: Any
) -> list[Preview]:
    """The letters `send` would write, to be read before it does."""
    return [
        previewed(kind, to, public_url, common(request, agency) | values)
        for agency, found in receivers_by_agency(request, at, concerned)
        for to in found
    ]


def write(kind: str, request: EvidenceRequest, to: Recipient, **values: Any) -> Letter:
    """Write one letter in the name of the body in the lead."""
    within, sender = request.review.plain, writer_of(request.review).sender
    return write_letter(kind, to=to, reference=request.plain, within=within, sender=sender, **values)


def composed_letter(kind: str, to: Recipient, values: dict[str, Any], public_url: str) -> Composed:
    """A letter as the product words it."""
    subject, text = worded(kind, to.language, name=to.name, office=to.office, public_url=public_url, secret="", **values)
    return Composed(subject, text, salutation(to.name, to.office))


def previewed(
    kind: str,
    to: Recipient,
    public_url: str,
    values: dict[str, Any],
    edit: LetterEdit | None = None,
    files: Sequence[LetterAttachment] = (),
) -> Preview:
    """A letter worded as it would be, with what somebody edited, and not kept."""
    composed = composed_letter(kind, to, values, public_url)
    found = merged(edit, composed) if edit is not None else (composed.subject, composed.text)
    subject, text = found or (composed.subject, composed.text)
    return Preview(to, subject, text, composed.dear, tuple(files), edit, out_of_date=found is None)


def sent(letter: Letter, name: str) -> Preview:
    """A letter that is written, with its files and the edited words it went with."""
    to = Recipient(letter.person, letter.address, name)
    return Preview(to, letter.subject, letter.text, files=tuple(files_of([letter.id])), edit=edit_used(letter))


def common(request: EvidenceRequest, agency: Agency | None = None) -> dict[str, Any]:
    """What every letter about a request names; `agency` is the one written to, where it answers in place of the one asked."""
    return {
        "our_reference": request.reference,
        "agency": (agency or request.agency).name,
        "asked": request.agency.name,
        "title": request.review.title,
        "about": about(request.review),
        "lead": request.review.lead.name,
        "address": address_of(request),
        "us": writer_of(request.review),
    }
