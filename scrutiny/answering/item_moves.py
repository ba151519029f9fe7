"""What every deed of an agency on an item needs: whether it may still be done, the move by the lifecycle, and the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm.attributes import flag_modified

from scrutiny.answering.queries import UNFINISHED
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from workflows.lifecycles.item import ITEM
from workflows.refusals import Refused
from workflows.roles import Actor


def check_unfinished(item: Item) -> None:
    """Whether the agency still has something to do about an item."""
    check_issued(item.request)
    if item.state not in UNFINISHED:
        raise Refused(
            gettext("This item is %(states)s: there is nothing left to do about it", states=ITEM.states[item.state].lower())
        )


def check_issued(request: EvidenceRequest) -> None:
    """A request that is withdrawn or closed is over."""
    if request.state != "issued":
        raise Refused(gettext("This request is %(state)s: nothing more is asked of you", state=request.state))


def move_item(
    item: Item, name: str, by: Actor, at: datetime, also: Mapping[str, Any] = MappingProxyType({}), **fields: Any
) -> None:
    """Move an item by its lifecycle with what its new state needs, count its version up and note it."""
    check_issued(item.request)
    before = item.state
    move = ITEM.make(name, item, by=by)
    for column, value in also.items():
        setattr(item, column, value)
    flag_modified(item, "state")  # an answer saved again keeps its state, and is a new version all the same
    db.session.flush()
    note(
        move.event,
        about=item.plain,
        within=item.request.review.plain,
        by=by,
        at=at,
        before=before,
        after=item.state,
        reference=item.reference,
        **fields,
    )


def note_about(event: str, request: EvidenceRequest, by: Actor, at: datetime, **fields: Any) -> None:
    """Note a deed about a request."""
    note(event, about=request.plain, within=request.review.plain, by=by, at=at, **fields)
