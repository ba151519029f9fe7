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
from scrutiny.requests.handing_models import Handing
from scrutiny.requests.letter_values import files_sent
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Extension, Item, Note
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


def items_handed(rows: Sequence[Handing], to: Person, by: Actor, *, at: datetime) -> None:
    """To the colleague who is handed items of one request, with what is said to them and by when they should be done."""
    first, items = rows[0], [_item(row.item) for row in sorted(rows, key=lambda row: row.item.number)]
    values: dict[str, Any] = {"items": items, "by_name": by.name, "note": first.note, "wanted_on": first.due_on}
    _write("item_handed", first.item.request, [_recipient(to)], at, f"handing.{first.id}", **values)


def item_passed_back(row: Handing, giver: Person | None, by: Actor, *, at: datetime) -> None:
    """To whoever handed it over; to the agency where they are no longer there."""
    request = row.item.request
    to = [_recipient(giver)] if giver else agencies.recipients(request.agency, london_day(at))
    values = {"item": _item(row.item), "by_name": by.name, "why": row.back_why, "is_yours": giver is not None}
    _write("item_passed_back", request, to, at, f"handing.{row.id}", **values)


def certify(request: EvidenceRequest, items: Sequence[Item], by: Actor, *, at: datetime) -> None:
    """To the approvers: answers wait for their approval, or what is to be said in place of them."""
    people = agencies.members(by.agency or 0, london_day(at), CERTIFIER)
    to = [_recipient(person) for person in people]
    rows = [_item(one) | {"said": ITEM.states[one.decline_kept.kind] if one.decline_kept else ""} for one in items]
    _write("certify", request, to, at, _occasion(items), items=rows, by_name=by.name)


def taken_from_approver(item: Item, by: Actor, *, at: datetime) -> None:
    """To the approvers: what waited for their approval was taken back, and waits no longer."""
    people = agencies.members(by.agency or 0, london_day(at), CERTIFIER)
    to = [_recipient(person) for person in people if person.reference != by.reference]
    _write("taken_from_approver", item.request, to, at, _occasion([item]), item=_item(item), by_name=by.name)


def item_sent_back(item: Item, by: Actor, *, at: datetime) -> None:
    """To whoever wrote the answer: the approver wants something changed."""
    said = item.decline_kept or item.answer
    writer = item.held_by or (said.by if said else "")
    theirs = [one for one in agencies.members(item.request.agency_id, london_day(at)) if one.reference == writer]
    to = [_recipient(one) for one in theirs] or agencies.recipients(item.request.agency, london_day(at))
    _write("item_sent_back", item.request, to, at, _occasion([item]), item=_item(item), why=item.returned_why, by_name=by.name)


def receipt(request: EvidenceRequest, items: Sequence[Item], by: Actor, *, at: datetime) -> None:
    """To whoever sent answers, and to those who wrote them: what was sent, and where the receipt can be had again.

    Where it was said that there is no answer, everybody of the agency is told: it was said in the name of all.
    """
    sent = [item.declines_sent[-1] if item.state in INSTEAD else item.answer for item in items]
    wrote = {one.by for one in sent if one is not None} | {by.reference}
    people = accounts.people_named([int(one[7:]) for one in sorted(wrote) if one.startswith("person:")])
    found = [accounts.person(id) for id in sorted(people)]
    if any(item.state in INSTEAD for item in items):
        found += [one for one in agencies.members(by.agency or 0, london_day(at)) if one.id not in people]
    to = [_recipient(person) for person in found if person and person.active]
    to = to or agencies.recipients(request.agency, london_day(at))
    rows = [_item(item) | _sent(item) for item in sorted(items, key=lambda item: item.number)]
    _write("receipt", request, to, at, _occasion(items), items=rows, sent_at=at)


def request_answered(request: EvidenceRequest, *, at: datetime) -> None:
    """To the officers: nothing of this request is left with the agency."""
    _tell_askers("request_answered", request, at, _occasion(request.items), items=[_item(item) for item in request.items])


def item_not_given(item: Item, said: Decline, by: Actor, *, at: datetime) -> None:
    """To the officers: an item that will not be answered, why, and who says so."""
    names = accounts.names_of([said.by, said.certified_by])
    _tell_askers(
        "item_not_given",
        item.request,
        at,
        f"{item.number}.{said.id}",
        item=_item(item),
        said=INSTEAD[item.state](item.request.agency.name),
        ground=item.ground,
        redirected_to=item.redirected_to,
        by_name=names.get(said.by, by.name),
        approved_by=names.get(said.certified_by, ""),
    )


def decline_taken_back(item: Item, by: Actor, waiting: Sequence[str] = (), *, at: datetime) -> None:
    """To the officers: the agency no longer says that it gives no answer; what it had asked (`waiting`) waits for a reply."""
    values = {"item": _item(item), "by_name": by.name, "waiting": list(waiting)}
    _tell_askers("decline_taken_back", item.request, at, _occasion([item]), **values)


def wrong_answer(answer: Answer, by: Actor, *, withheld: bool, again: bool, at: datetime) -> None:
    """To the officers, and to everybody of the agency: something wrong was sent, and whether an answer is asked for again."""
    item, lodging = answer.item, answer.lodging
    values = {"item": _item(item), "why": lodging.wrong_why, "by_name": by.name, "withheld": withheld}
    values |= {"again": again, "sent_at": answer.submitted_at, "restrict": f"/evidence/{lodging.id}/restrict"}
    occasion = f"{lodging.id}.{at.isoformat()}"
    _tell_askers("wrong_answer", item.request, at, occasion, **values)
    people = [person for person in agencies.members(by.agency or 0, london_day(at)) if person.reference != by.reference]
    _write("wrong_answer_told", item.request, [_recipient(person) for person in people], at, occasion, **values)


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


def _occasion(items: Sequence[Item]) -> str:
    """What tells two letters of one kind apart: the items as they stand now; each move counts the version of an item up."""
    return ",".join(f"{item.id}.{item.version}" for item in items)


def _sent(item: Item) -> dict[str, Any]:
    """What was sent of an item, as a receipt lists it: what was said in place of an answer, or its files."""
    if item.state in INSTEAD:
        return {"said": ITEM.states[item.state], "ground": item.ground, "redirected_to": item.redirected_to, "files": []}
    return {"said": "", "ground": "", "redirected_to": "", "files": files_sent(item.answer)}


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
