"""The letters the requester sends to agencies: one function each, named as its template; and the same words as a preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from scrutiny.accounts import queries as accounts
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.evidence.markings import label
from scrutiny.formats import listed, mid_sentence
from scrutiny.languages import speaking
from scrutiny.requests.delivery_models import Contact
from scrutiny.requests.legal_basis import item_basis
from scrutiny.requests.letter_values import (
    day_line,
    days_apart,
    files_sent,
    item_values,
    keeping_line,
    law_line,
    lead_day,
    readers_line,
)
from scrutiny.requests.lettering import edit_to_use, gone, of_request
from scrutiny.requests.letters import Preview, common, previewed, previews_of, receivers, send, sent, write
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import OPEN
from scrutiny.requests.ways import within
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.queries import bodies_taking_part
from workflows.roles import Actor


def request_issued(request: EvidenceRequest, *, at: datetime, occasion: str = "") -> list[Letter]:
    """The request itself, to each responder; what one body asks of a person on one day goes in one email."""
    bundle, letters, lettering = f"issued:{request.review.lead.id}", [], of_request(request)
    more = {"edit": edit_to_use(lettering), "files": lettering.files}
    for to in receivers(request, at):
        with speaking(to.language):
            values = issued_values(request)
        letters.append(write("request_issued", request, to, at=at, occasion=occasion, bundle=bundle, **more, **values))
    gone(lettering, at=at)
    return letters


def previews(
    request: EvidenceRequest, *, at: datetime, public_url: str, as_composed: bool = False, on_paper: bool = False
) -> list[Preview]:
    """The letters that issuing would send, word for word; `as_composed` leaves out what somebody edited."""
    values, lettering = issued_values(request, on_paper=on_paper), of_request(request)
    edit = None if as_composed else edit_to_use(lettering)
    return [previewed("request_issued", to, public_url, values, edit, lettering.files) for to in receivers(request, at)]


def as_sent(request: EvidenceRequest) -> list[Preview]:
    """The letters that asked, as they were sent or will be once a mail server takes them, of the last attempt."""
    asked = [one for one in letters_about(request.plain) if one.kind == "request_issued" and one.state != "replaced"]
    return [sent(one, request.agency.name) for one in asked]


def issued_values(request: EvidenceRequest, *, on_paper: bool = False) -> dict[str, Any]:
    """What the letter of a request says; on paper it cannot speak of the address it came to."""
    review = request.review
    partners = [body.name for body in bodies_taking_part(review) if body.id != review.lead.id]
    asked = [item for item in request.items if item.state != "withdrawn"]
    ask_by = lead_day(asked)
    return common(request) | {
        "reason": review.reason.strip(),
        "partners": listed(partners),
        "message": request.message,
        "in_scope": review.in_scope.strip(),
        "out_of_scope": review.out_of_scope.strip(),
        "ask_by": ask_by,
        "law": " ".join(filter(None, [law_line(asked), day_line(asked, ask_by)])),
        "items": [item_values(item) for item in asked],
        "days_apart": days_apart(asked, ask_by),
        "questions": sum(item.question.kind != ATTENDANCE for item in asked),
        "readers": readers_line(review),
        "keeping": keeping_line(review),
        "attached": [one.name for one in of_request(request).files],
        "on_paper": on_paper,
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
            **common(request),
        )
        for one in accounts.administrators()
    ]


def answers_entered(answers: Sequence[Answer], *, at: datetime) -> list[Letter]:
    """To the agency: the receipt for an answer that was entered in its name, as it was entered."""
    first = answers[0]
    rows = {answer.item: item_values(answer.item) | {"files": files_sent(answer)} for answer in answers}
    return send(
        "answer_entered",
        first.item.request,
        at=at,
        occasion=",".join(f"{answer.item.id}.{answer.number}" for answer in answers),
        rows=rows,
        came=within(first.came_by),
        received_by=first.received_by,
        received_on=first.received_on,
        readers=mid_sentence(label(first.lodging.marking)),
        receipt=f"/answering/{first.item.request_id}/receipt",
    )


def item_returned(item: Item, *, at: datetime) -> list[Letter]:
    """That an answer was returned for more, and why."""
    occasion = f"{item.number}.{len(item.answers)}.{at.isoformat()}"
    values: dict[str, Any] = {"item": item_values(item), "why": item.returned_why}
    return send("item_returned", item.request, at=at, occasion=occasion, concerned=[item], **values)


def item_withdrawn(item: Item, why: str, *, at: datetime) -> list[Letter]:
    """That an item is no longer asked."""
    values: dict[str, Any] = {"item": item_values(item), "why": why}
    return send("item_withdrawn", item.request, at=at, occasion=str(item.number), concerned=[item], **values)


def request_withdrawn(request: EvidenceRequest, why: str, *, at: datetime) -> list[Letter]:
    """That a request is no longer made."""
    return send("request_withdrawn", request, at=at, why=why)


def withdrawal_previews(request: EvidenceRequest, item: Item | None = None, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that withdrawing a request, or one item of it, sends; its reason is still to be written."""
    why = gettext("[the reason you write below]")
    if item is None:
        return previews_of("request_withdrawn", request, at=at, public_url=public_url, why=why)
    values: dict[str, Any] = {"item": item_values(item), "why": why, "concerned": [item]}
    return previews_of("item_withdrawn", request, at=at, public_url=public_url, **values)


def request_closed(request: EvidenceRequest, *, at: datetime) -> list[Letter]:
    """That nothing more is asked for."""
    return send("request_closed", request, at=at)


def extension_decided(extension: Extension, before: Mapping[Item, date | None], *, at: datetime) -> list[Letter]:
    """What was decided on more time: the day of each item it was asked for, before and now, and the law's own beside it."""
    concerned = [extension.item] if extension.item else [one for one in extension.request.items if one.state in OPEN]
    rows = {
        item: item_values(item) | {"before": before.get(item, item.due_on), "law_on": _law_before(item)} for item in concerned
    }
    return send(
        f"extension_{extension.state}",
        extension.request,
        at=at,
        occasion=str(extension.id),
        rows=rows,
        whole=extension.item is None,
        asked_until=extension.until_on,
        decision=extension.decision,
    )


def _law_before(item: Item) -> date | None:
    """The law's own day of an item that was given a later one; None where the law sets none, or a later one."""
    legal = item.statutory_due_on
    return legal if legal and item.due_on and legal < item.due_on and item_basis(item).binds else None


def note_replied(note: Note, resumed: Iterable[tuple[Item, date | None, str]] = (), *, at: datetime) -> list[Letter]:
    """The asker's reply to a question back, and what it does to each date: (item, its day before, what the power says)."""
    rows = {item: item_values(item) | {"before": before, "effect": effect} for item, before, effect in resumed}
    concerned = [*rows, note.item] if note.item is not None else list(rows) or None
    return send("note_replied", note.request, at=at, occasion=str(note.id), concerned=concerned, rows=rows, text=note.text)
