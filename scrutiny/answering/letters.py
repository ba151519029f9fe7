"""The letters that follow an agency's deeds: to colleagues, to its certifiers, and to those who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext

from scrutiny.accounts import queries as accounts
from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.formats import london_day
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.reviews.contact import writer_of
from workflows.lifecycles.item import ITEM
from workflows.powers import NONE
from workflows.roles import CERTIFIER, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: Who of the body in the lead hears from agencies.
ASKERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR)
#: What an agency says in place of an answer, by the item's state.
INSTEAD = {
    "not_held": lambda agency: lazy_gettext("%(agency)s does not hold this information", agency=agency),
    "refused": lambda agency: lazy_gettext("%(agency)s will not provide this information", agency=agency),
    "redirected": lambda agency: lazy_gettext("%(agency)s says that somebody else has this information", agency=agency),
}


def item_handed(item: Item, to: Person, by: Actor, *, at: datetime) -> None:
    """To the colleague who is handed an item."""
    _write("item_handed", item.request, [_recipient(to)], at, f"{item.number}.{_stamp(at)}", item=_item(item), by_name=by.name)


def certify(request: EvidenceRequest, items: Sequence[Item], by: Actor, *, at: datetime) -> None:
    """To the certifiers: answers wait for their approval."""
    people = agencies.members(by.agency or 0, london_day(at), CERTIFIER)
    to = [_recipient(person) for person in people]
    _write("certify", request, to, at, _stamp(at), items=[_item(one) for one in items], by_name=by.name)


def item_sent_back(item: Item, by: Actor, *, at: datetime) -> None:
    """To whoever wrote the answer: the certifier wants something changed."""
    writer = item.held_by or (item.answer.by if item.answer else "")
    person = accounts.person(int(writer.removeprefix("person:"))) if writer.startswith("person:") else None
    to = [_recipient(person)] if person else agencies.recipients(item.request.agency, london_day(at))
    _write(
        "item_sent_back",
        item.request,
        to,
        at,
        f"{item.number}.{_stamp(at)}",
        item=_item(item),
        why=item.returned_why,
        by_name=by.name,
    )


def receipt(request: EvidenceRequest, items: Sequence[Item], by: Actor, *, at: datetime) -> None:
    """To whoever sent answers, and to those who wrote them: what was sent, and where the receipt can be had again."""
    wrote = {item.answer.by for item in items if item.answer} | {by.reference}
    people = accounts.people_named([int(one[7:]) for one in sorted(wrote) if one.startswith("person:")])
    found = [accounts.person(id) for id in sorted(people)]
    to = [_recipient(person) for person in found if person and person.active]
    to = to or agencies.recipients(request.agency, london_day(at))
    rows = [_item(item) | {"files": _files(item)} for item in items]
    _write("receipt", request, to, at, _stamp(at), items=rows, sent_at=at)


def request_answered(request: EvidenceRequest, *, at: datetime) -> None:
    """To the officers: nothing of this request is left with the agency."""
    _tell_askers("request_answered", request, at, _stamp(at), items=[_item(item) for item in request.items])


def item_not_given(item: Item, by: Actor, *, at: datetime) -> None:
    """To the officers: an item that will not be answered, and why."""
    _tell_askers(
        "item_not_given",
        item.request,
        at,
        f"{item.number}.{_stamp(at)}",
        item=_item(item),
        said=INSTEAD[item.state](item.request.agency.name),
        ground=item.ground,
        redirected_to=item.redirected_to,
        by_name=by.name,
    )


def question_asked(note: Note, by: Actor, clocks: Sequence[tuple[Item, str, date | None]] = (), *, at: datetime) -> None:
    """To the officers: the agency asks what is meant; `clocks` holds (item, what it does to its clock, the day it had)."""
    item = _item(note.item) if note.item else None
    stopped = [_item(one) | {"before": before} for one, effect, before in clocks if effect != NONE]
    running = [_item(one) for one, effect, _ in clocks if effect == NONE]
    _tell_askers(
        "question_asked",
        note.request,
        at,
        str(note.id),
        text=note.text,
        item=item,
        by_name=by.name,
        stopped=stopped,
        running=running,
    )


def extension_asked(extension: Extension, by: Actor, *, at: datetime) -> None:
    """To the officers: the agency asks for more time."""
    item = _item(extension.item) if extension.item else None
    _tell_askers(
        "extension_asked",
        extension.request,
        at,
        str(extension.id),
        item=item,
        from_on=extension.from_on,
        until_on=extension.until_on,
        reason=extension.reason,
        by_name=by.name,
    )


def _tell_askers(kind: str, request: EvidenceRequest, at: datetime, occasion: str, **values: Any) -> None:
    """Write to the officers of the body in the lead, with the address at which they run the request."""
    to = bodies.recipients(request.review.lead, london_day(at), ASKERS)
    address = f"/reviews/{request.review.reference}/requests/{request.slug}"
    _write(kind, request, to, at, occasion, address=address, **values)


def _write(kind: str, request: EvidenceRequest, to: Sequence[Recipient], moment: datetime, occasion: str, **values: Any) -> None:
    """Write a letter of a kind to each."""
    us = writer_of(request.review)
    common: dict[str, Any] = {
        "called": request.reference,
        "title": request.review.title,
        "agency": request.agency.name,
        "lead": request.review.lead.name,
        "us": us,
        "address": f"/answering/{request.id}",
    }
    # A receipt is the body's own; the other letters of an agency's deeds are ours.
    sender = us.sender if kind == "receipt" else None
    for one in to:
        write_letter(
            kind,
            to=one,
            reference=request.plain,
            at=moment,
            occasion=occasion,
            within=request.review.plain,
            sender=sender,
            **(common | values),
        )


def _recipient(person: Person) -> Recipient:
    """A person as letters address them."""
    return Recipient(person.reference, person.email, person.name, person.language)


def _stamp(at: datetime) -> str:
    """What tells two letters of one kind apart: the second they were written in."""
    return f"{at:%Y%m%d%H%M%S}"


def _item(item: Item) -> dict[str, Any]:
    """An item as letters name it."""
    question = item.question
    return {
        "number": item.number,
        "title": question.title or question.text,
        "text": question.text,
        "due_on": item.due_on,
        "due_why": item.due_why,
        "state_label": ITEM.states[item.state],
        "id": item.id,
    }


def _files(item: Item) -> list[dict[str, str]]:
    """The files of what was sent, each with its digest."""
    return [{"name": one.name, "sha256": one.sha256} for one in item.answer.lodging.evidence.files] if item.answer else []
