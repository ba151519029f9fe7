"""Requests to an agency that has ended: which agency holds their items from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.evidence import succession as evidence
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Holder, Item
from workflows.roles import Actor


def hand_on(request: EvidenceRequest, items: Sequence[Item], to: Agency, *, on: date, by: Actor, at: datetime) -> None:
    """Let a successor hold items of a request from a day, with what was begun or sent for them; who was asked stays.

    An item handed to a colleague who is not of the successor lies with nobody until it is handed again.
    """
    members = {one.reference for one in agencies.members(to, on)}
    for item in items:
        held = select(Holder).where(Holder.item_id == item.id, Holder.to_on.is_(None)).order_by(Holder.id)
        for row in db.session.scalars(held):
            row.to_on = on - timedelta(days=1)
        db.session.add(Holder(item_id=item.id, agency_id=to.id, from_on=on))
        if item.held_by not in members:
            item.held_by = ""
        for answer in item.answers:
            evidence.hand_on(answer.lodging.evidence, to, by=by, at=at)
    db.session.flush()
    note(
        "items_handed_on",
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        was=request.agency.reference,
        to=to.reference,
        on=on.isoformat(),
        items=[item.reference for item in items],
    )
