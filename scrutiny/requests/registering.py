"""Publishing a non-response: the agency is told first and may answer, or add its own line; only then may the lead publish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import letters
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import overdue
from scrutiny.requests.register_models import RegisterEntry
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from workflows.lifecycles.register_entry import REGISTER_ENTRY
from workflows.refusals import Refused
from workflows.roles import Actor

#: Working days an agency has, from the notice, to answer or to add its line before anything is published. Policy, not law.
NOTICE: Final = 5


def public_since(review: Review, today: date) -> bool:
    """Whether the public may know what was asked: announced, and its list released or its report out."""
    announced = review.announced_on is not None and review.announced_on <= today
    listed = review.list_released_on is not None and review.list_released_on <= today
    return announced and (listed or review.reported_at is not None)


def entry_of(request: EvidenceRequest) -> RegisterEntry | None:
    """The entry of a request that is not withdrawn."""
    rows = select(RegisterEntry).where(RegisterEntry.request_id == request.id, RegisterEntry.state != "withdrawn")
    return db.session.scalar(rows.order_by(RegisterEntry.id.desc()).limit(1))


def published(today: date) -> list[RegisterEntry]:
    """What the public register holds on a day, the newest first; those withdrawn say so, without what they said."""
    rows = (
        select(RegisterEntry)
        .where(RegisterEntry.published_on.is_not(None), RegisterEntry.published_on <= today)
        .options(joinedload(RegisterEntry.request).joinedload(EvidenceRequest.review).joinedload(Review.place))
        .options(joinedload(RegisterEntry.request).joinedload(EvidenceRequest.agency))
        .order_by(RegisterEntry.published_on.desc(), RegisterEntry.id.desc())
    )
    return list(db.session.scalars(rows))


def came_since(entry: RegisterEntry) -> dict[int, date | None]:
    """The day each item of an entry was answered since, by its id; worked out, never stored."""
    ids = [one["id"] for one in entry.items]
    rows = db.session.execute(select(Item.id, Item.answered_on).where(Item.id.in_(ids)))
    return {row.id: row.answered_on for row in rows}


def as_plain(entry: RegisterEntry) -> dict[str, object]:
    """A published entry in plain values, for machines; one withdrawn says only that, and why."""
    request, gone = entry.request, entry.state == "withdrawn"
    came = came_since(entry)
    return {
        "review": request.review.reference,
        "request": request.reference,
        "agency_id": request.agency_id,
        "agency": request.agency.name,
        "state": entry.state,
        "lead": request.review.lead.name,
        "published_on": entry.published_on.isoformat() if entry.published_on else "",
        "items": []
        if gone
        else [
            {
                **{key: one[key] for key in ("reference", "title", "due_on", "statutory_due_on")},
                "due_why": one.get("why", ""),
                "answered_on": found.isoformat() if (found := came.get(one["id"])) else None,
            }
            for one in entry.items
        ],
        "lead_says": "" if gone else entry.words,
        "agency_says": "" if gone else entry.reply,
        "corrections": [] if gone else entry.corrected,
        "withdrawn_why": entry.withdrawn_why,
    }


def would_say(request: EvidenceRequest, today: date) -> list[dict[str, object]]:
    """What an entry would hold today: the items that are late and were never answered."""
    return [
        {
            "id": item.id,
            "reference": item.reference,
            "title": item.question.title,
            "due_on": item.due_on.isoformat() if item.due_on else "",
            "statutory_due_on": item.statutory_due_on.isoformat() if item.statutory_due_on else "",
            "why": item.due_why,
        }
        for item in overdue(request, today)
        if item.answered_on is None
    ]


def give_notice(request: EvidenceRequest, *, words: str, by: Actor, at: datetime) -> RegisterEntry:
    """Tell the agency what would be published, and until when it may answer or add its line; nothing is public yet."""
    today = london_day(at)
    if not public_since(request.review, today):
        raise Refused("The public may not know of this request yet: announce the review and release its list first")
    if entry_of(request) is not None:
        raise Refused("This request has an entry already: publish, correct or withdraw that one")
    items = would_say(request, today)
    if not items:
        raise Refused("Nothing of this request is late without an answer")
    until = calendars_in_force().of(request.agency.nation).after(today, NOTICE)
    entry = RegisterEntry(
        request=request,
        state=REGISTER_ENTRY.initial,
        items=items,
        words=words.strip(),
        reply_until=until,
        noticed_by=by.reference,
        noticed_at=at,
    )
    db.session.add(entry)
    db.session.flush()
    _note("non_response_noticed", entry, by=by, at=at, items=[one["reference"] for one in items], until=until.isoformat())
    letters.register_notice(request, at=at, entry=entry)
    return entry


def add_line(entry: RegisterEntry, reply: str, *, by: Actor, at: datetime) -> RegisterEntry:
    """The agency's own line, shown beside the entry; it may be changed as long as the entry stands."""
    if entry.state == "withdrawn":
        raise Refused("This entry was withdrawn: there is nothing to reply to")
    if not reply.strip():
        raise Refused("Write your line")
    entry.reply, entry.replied_by = reply.strip(), by.reference
    db.session.flush()
    _note("non_response_replied", entry, by=by, at=at, text=digest(entry.reply))
    return entry


def publish(entry: RegisterEntry, *, by: Actor, at: datetime) -> RegisterEntry:
    """Publish an entry once the agency has replied or its days have gone by, if something is still unanswered."""
    today = london_day(at)
    if not public_since(entry.request.review, today):
        raise Refused("The public may not know of this request: release the review's list first")
    if not entry.reply and today <= entry.reply_until:
        raise Refused(f"The agency may reply until {day(entry.reply_until)}: publish after that day, or once it has replied")
    if not any(came is None for came in came_since(entry).values()):
        raise Refused("Everything has been answered since: withdraw the entry")
    owed = {one["id"] for one in would_say(entry.request, today)}
    if not owed & {one["id"] for one in entry.items}:
        raise Refused("Nothing in this entry is owed any more: it was withdrawn, or more time was given. Withdraw the entry")
    entry.items = [one for one in entry.items if one["id"] in owed]
    with db.session.no_autoflush:
        entry.published_on = today
        _move("publish", entry, by=by, at=at)
    letters.register_published(entry.request, at=at, entry=entry)
    return entry


def correct(entry: RegisterEntry, *, words: str, why: str, by: Actor, at: datetime) -> RegisterEntry:
    """Correct the lead's line of a published entry; that it was corrected, when and why is shown."""
    if entry.state != "published":
        raise Refused("Only a published entry is corrected")
    if not why.strip():
        raise Refused("Say what was wrong: it is shown with the entry")
    entry.words = words.strip()
    entry.corrected = [*entry.corrected, {"on": day(london_day(at)), "why": why.strip()}]
    db.session.flush()
    _note("non_response_corrected", entry, by=by, at=at, why=digest(why.strip()))
    return entry


def withdraw(entry: RegisterEntry, *, why: str, by: Actor, at: datetime) -> RegisterEntry:
    """Take an entry out; if it was published, the register says that it was withdrawn and why."""
    if not why.strip():
        raise Refused("Say why it is withdrawn: the agency and, if it was published, everybody sees your words")
    _move("withdraw", entry, by=by, at=at, why=digest(why.strip()))
    entry.withdrawn_why, entry.withdrawn_on = why.strip(), london_day(at)
    db.session.flush()
    letters.register_withdrawn(entry.request, at=at, entry=entry)
    return entry


def _move(name: str, entry: RegisterEntry, *, by: Actor, at: datetime, **fields: str) -> None:
    """Move an entry and note it."""
    before = entry.state
    move = REGISTER_ENTRY.make(name, entry, by=by)
    db.session.flush()
    _note(move.event, entry, by=by, at=at, before=before, after=entry.state, **fields)


def _note(
    event: str, entry: RegisterEntry, *, by: Actor, at: datetime, before: str = "", after: str = "", **fields: object
) -> None:
    """Into the trail, within its review."""
    within = entry.request.review.plain
    note(event, about=entry.request.plain, within=within, by=by, at=at, before=before, after=after, entry=entry.id, **fields)
