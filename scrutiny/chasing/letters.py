"""The letters of the ladder: reminders, a chair's letter and the proposal to send it; and the same words as a preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app

from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries as bodies
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import days_posted
from scrutiny.correspondence.service import write_letter
from scrutiny.correspondence.wording import formal_name
from scrutiny.formats import london_day
from scrutiny.languages import speaking
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords, item_values, law_again, lead_day, nothing_owed
from scrutiny.requests.lettering import CHAIRS, Lettering, edit_that_fits, gone, to_agency
from scrutiny.requests.letters import Preview, addressees, common, composed_letter, previewed, write
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.contact import writer_of
from workflows.roles import CHAIR, LABELS, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: What was written to an agency about late answers before a chair writes.
REMINDERS = ("request_reminder", "request_chased")


def of_ladder(
    escalation: Escalation,
    items: Sequence[Item],
    *,
    at: datetime,
    held_until: datetime | None = None,
    not_before: datetime | None = None,
    signed: Actor | None = None,
    by_clock: bool = False,
) -> list[Letter]:
    """The letter of a rung about some items; a person's letters of one kind and day go in one email, whoever asks.

    `by_clock`: nobody is there to look again at edited words that are out of date, so the letter goes without them.
    """
    request, kind = escalation.request, escalation.letter_to_write
    occasion, bundle = escalation.reached_on.isoformat(), kind
    if signed is not None:
        occasion, bundle = escalation.plain, f"{kind}:{request.review.lead.id}"
    letters, lettering = [], letter_of_ladder(kind, request, escalation.agency, escalation)
    more: dict[str, Any] = {"edit": lettering.edit, "files": lettering.files}
    public_url = str(current_app.config["SETTINGS"].public_url)
    for to in addressees(escalation.agency, escalation.to, items, at):
        with speaking(to.language):
            values = ladder_values(kind, escalation.agency, items, signed, escalation)
            values |= {"opening": escalation.opening, "closing": escalation.closing}
        if by_clock:
            composed = composed_letter(kind, to, values, public_url)
            more["edit"] = more["edit"] and edit_that_fits(lettering, composed, at=at)
        until = held_until or not_before
        letters.append(write(kind, request, to, at=at, occasion=occasion, bundle=bundle, not_before=until, **more, **values))
    gone(lettering, at=at)
    return letters


def letter_of_ladder(kind: str, request: EvidenceRequest, agency: Agency, escalation: Escalation | None) -> Lettering:
    """What may be edited of a letter of the ladder: one that waits for approval by itself, else the next to an agency."""
    waits = escalation.plain if escalation is not None and kind == CHAIRS else ""
    return to_agency(kind, request, agency, waits)


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
    escalation: Escalation | None = None,
    as_composed: bool = False,
) -> list[Preview]:
    """The letters that a rung would send, word for word; `as_composed` leaves out what somebody edited."""
    request = items[0].request
    values = ladder_values(kind, agency, items, signed, escalation)
    values |= {"opening": words.opening, "closing": words.closing}
    lettering = letter_of_ladder(kind, request, agency, escalation)
    edit = None if as_composed else lettering.edit
    return [previewed(kind, to, public_url, values, edit, lettering.files) for to in addressees(agency, roles, items, at)]


def ladder_values(
    kind: str, agency: Agency, items: Sequence[Item], signed: Actor | None = None, escalation: Escalation | None = None
) -> dict[str, Any]:
    """What every letter of the ladder says."""
    request = items[0].request
    role = next((role for role in (CHAIR, LEAD_INSPECTOR) if signed is not None and signed.has(role)), CHAIR)
    us = writer_of(request.review)
    return common(request, agency) | {
        "items": [item_values(item) for item in items],
        "law": law_again(items) if kind != "request_reminder" else nothing_owed(items),
        "reminded": days_posted(request.plain, REMINDERS) if kind == "chairs_letter" else [],
        "ask_by": lead_day(items),
        "attached": [one.name for one in letter_of_ladder(kind, request, agency, escalation).files],
        "several_days": len({item.due_on for item in items}) > 1,
        "asked_on": request.delivered_on or (london_day(request.issued_at) if request.issued_at else None),
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
            **(ladder_values("escalation_proposed", escalation.agency, items) | {"address": address}),
        )
        for one in to
    ]
