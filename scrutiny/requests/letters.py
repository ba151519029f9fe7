"""The letters the asker sends to agencies: one function each, named as its template; and the same words as a preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrutiny.agencies.queries import recipients
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.correspondence.wording import worded
from scrutiny.formats import listed, london_day
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.reviews.queries import bodies_taking_part


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be sent."""

    to: Recipient
    subject: str
    text: str


def receivers(request: EvidenceRequest, at: datetime) -> list[Recipient]:
    """Whom letters about a request go to; the agency with no address where none is known, so that the failure shows."""
    agency = request.agency
    return recipients(agency, london_day(at)) or [Recipient(agency.reference, "", agency.name)]


def request_issued(request: EvidenceRequest, *, at: datetime) -> list[Letter]:
    """The request itself, to each responder; the requests of one review and day go in one e-mail."""
    return _send("request_issued", request, at=at, bundle=f"issued:{request.review.id}", **issued_values(request))


def previews(request: EvidenceRequest, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that issuing would send, word for word."""
    values = issued_values(request)
    return [_previewed("request_issued", to, public_url, values) for to in receivers(request, at)]


def issued_values(request: EvidenceRequest) -> dict[str, Any]:
    """What the letter of a request says."""
    review = request.review
    partners = [body.name for body in bodies_taking_part(review) if body.id != review.lead.id]
    return _common(request) | {
        "reason": review.reason.strip(),
        "place": review.place.name,
        "partners": listed(partners),
        "message": request.message,
        "standing": request.standing,
        "items": [_item(item) for item in request.items if item.state != "withdrawn"],
        "first_due_on": min((item.due_on for item in request.items if item.due_on), default=None),
    }


def item_returned(item: Item, *, at: datetime) -> list[Letter]:
    """That an answer was returned for more, and why."""
    occasion = f"{item.number}.{len(item.answers)}.{at:%Y%m%d%H%M%S}"
    return _send("item_returned", item.request, at=at, occasion=occasion, item=_item(item), why=item.returned_why)


def item_withdrawn(item: Item, why: str, *, at: datetime) -> list[Letter]:
    """That an item is no longer asked."""
    return _send("item_withdrawn", item.request, at=at, occasion=str(item.number), item=_item(item), why=why)


def request_withdrawn(request: EvidenceRequest, why: str, *, at: datetime) -> list[Letter]:
    """That a request is no longer made."""
    return _send("request_withdrawn", request, at=at, why=why)


def request_closed(request: EvidenceRequest, *, at: datetime) -> list[Letter]:
    """That nothing more is asked for."""
    return _send("request_closed", request, at=at)


def extension_decided(extension: Extension, *, at: datetime) -> list[Letter]:
    """What was decided on more time; both dates are named."""
    item = _item(extension.item) if extension.item else None
    return _send(
        f"extension_{extension.state}", extension.request, at=at, occasion=str(extension.id), item=item,
        from_on=extension.from_on, asked_until=extension.until_on, until_on=extension.granted_until or extension.from_on,
        decision=extension.decision,
    )  # fmt: skip


def note_replied(note: Note, *, at: datetime) -> list[Letter]:
    """The asker's reply to a question back."""
    return _send("note_replied", note.request, at=at, occasion=str(note.id), text=note.text)


def request_chased(request: EvidenceRequest, late: Iterable[Item], *, at: datetime) -> list[Letter]:
    """That items are late; once a day at the most."""
    return _send("request_chased", request, at=at, occasion=london_day(at).isoformat(), **chased_values(request, late))


def chase_previews(request: EvidenceRequest, late: Iterable[Item], *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that chasing would send, word for word."""
    values = chased_values(request, late)
    return [_previewed("request_chased", to, public_url, values) for to in receivers(request, at)]


def request_reminder(request: EvidenceRequest, soon: Iterable[Item], *, at: datetime) -> list[Letter]:
    """That items fall due soon."""
    occasion = london_day(at).isoformat()
    return _send("request_reminder", request, at=at, occasion=occasion, items=[_item(item) for item in soon])


def due_date_moved(item: Item, before: object, *, at: datetime) -> list[Letter]:
    """That a holiday learnt of late moved a due date; both dates are named."""
    occasion = f"{item.number}.{item.due_on}"
    return _send("due_date_moved", item.request, at=at, occasion=occasion, item=_item(item), before=before)


def chased_values(request: EvidenceRequest, late: Iterable[Item]) -> dict[str, Any]:
    """What the letter of a chase says."""
    return _common(request) | {"items": [_item(item) for item in late], "standing": request.standing}


def address_of(request: EvidenceRequest) -> str:
    """The path at which a request is found, for asker and agency alike."""
    return f"/reviews/{request.review.reference}/requests/{request.slug}"


def _send(
    kind: str, request: EvidenceRequest, *, at: datetime, occasion: str = "", bundle: str = "", **values: Any
) -> list[Letter]:
    """Write a letter of a kind to each receiver."""
    bundle = bundle or f"{kind}:{request.review.id}"
    return [
        write_letter(
            kind, to=to, reference=request.plain, at=at, occasion=occasion, within=request.review.plain, bundle=bundle,
            **(_common(request) | values),
        )
        for to in receivers(request, at)
    ]  # fmt: skip


def _previewed(kind: str, to: Recipient, public_url: str, values: dict[str, Any]) -> Preview:
    """A letter worded as it would be, and not kept."""
    subject, text = worded(kind, to.language, name=to.name, public_url=public_url, secret="", **values)
    return Preview(to, subject, text)


def _common(request: EvidenceRequest) -> dict[str, Any]:
    """What every letter about a request names."""
    return {
        "our_reference": request.reference,
        "agency": request.agency.name,
        "title": request.review.title,
        "lead": request.review.lead.name,
        "address": address_of(request),
    }


def _item(item: Item) -> dict[str, Any]:
    """An item as letters name it."""
    return {
        "number": item.number,
        "reference": item.reference,
        "title": item.question.title,
        "text": item.question.text,
        "why": item.question.why,
        "period": item.question.period,
        "due_on": item.due_on,
        "due_why": item.due_working.get("sentence", ""),
    }
