"""Chasing everyone where a page or a command asks for it: each request in a short transaction of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from scrutiny.chasing.service import chase, chase_everyone
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import overdue
from scrutiny.transaction import run_in_turn
from workflows.refusals import Refused
from workflows.roles import Actor


def chase_in_turn(
    late: Iterable[tuple[EvidenceRequest, Sequence[Item]]], *, by: Actor, at: datetime, words: OwnWords = NOTHING_ADDED
) -> tuple[list[Letter], str]:
    """Write about everything late of many requests; the letters, and why what came after them was not written, or ''.

    Refused where nothing was written.
    """
    chosen = [(request.id, [item.id for item in items]) for request, items in late]

    def write(request_id: int, item_ids: list[int]) -> list[Letter]:
        request = db.session.get_one(EvidenceRequest, request_id)
        still_late = {item.id for item in overdue(request, london_day(at))}
        items = [db.session.get_one(Item, item_id) for item_id in item_ids if item_id in still_late]
        # What was answered meanwhile is no reason to leave those that come after it.
        return chase(request, by=by, at=at, items=items, words=words) if items else []

    done, refused = run_in_turn([partial(write, *one) for one in chosen])
    sent = [letter for letters in done for letter in letters]
    if not sent and refused:
        raise Refused(refused)
    return (sent, refused) if sent else (chase_everyone([], by=by, at=at), refused)
