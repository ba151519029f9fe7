"""Publishing a non-response: the agency is told first and may answer, or add its own line; only then may the lead publish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.approving.service import check_approved
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.reception import Entered
from scrutiny.extensions import db
from scrutiny.formats import day, london_day, sentences
from scrutiny.publication import delivering, letters
from scrutiny.publication.models import RegisterEntry
from scrutiny.requests.interests import check_request
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import holders, overdue
from scrutiny.reviews.models import Review
from workflows.lifecycles.register_entry import REGISTER_ENTRY
from workflows.refusals import Refused
from workflows.roles import Actor


def public_since(review: Review, today: date) -> bool:
    """Whether the public may know what was asked: announced, and its list released or its report out."""
    announced = review.announced_on is not None and review.announced_on <= today
    listed = review.list_released_on is not None and review.list_released_on <= today
    return announced and (listed or review.reported_at is not None)


def still_to_do(review: Review, today: date) -> str:
    """What is to be done before the public may know what was asked, in a sentence; nothing once it may."""
    if public_since(review, today):
        return ""
    announced = review.announced_on is not None and review.announced_on <= today
    listed = review.list_released_on is not None and review.list_released_on <= today
    if not announced and not (listed or review.reported_at is not None):
        return gettext("Announce the review, then publish its list of requests.")
    if not announced:
        return gettext("Announce the review.")
    return gettext("Publish the list of requests, or wait for the report.")


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
                "late_after": max(one["due_on"], one["statutory_due_on"]),
                "due_why": one.get("why", ""),
                "answered_on": found.isoformat() if (found := came.get(one["id"])) else None,
            }
            for one in entry.items
        ],
        "lead_says": "" if gone else entry.words,
        "agency_says": "" if gone else entry.reply,
        "agency_says_by": entry.line_by if entry.reply and not gone else "",
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
    check_request(request, by=by, at=at)
    today = london_day(at)
    if not public_since(request.review, today):
        raise Refused(_not_public_yet(request.review, today))
    if entry_of(request) is not None:
        raise Refused(gettext("This request has an entry already: publish, correct or withdraw that one"))
    items = would_say(request, today)
    if not items:
        raise Refused(gettext("Nothing of this request is late without an answer"))
    until = delivering.after_notice(request, today)
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
    letters.register_notice(request, at=at, entry=entry, occasion=delivering.key_of(entry))
    return entry


def may_write_line(entry: RegisterEntry, agency_id: int | None, on: date) -> bool:
    """Whether an agency writes the line of an entry: the one asked, or the successor that holds an item of the entry."""
    held = holders(entry.request, on)
    concerned = {held.get(one["id"]) for one in entry.items}
    return agency_id is not None and (agency_id in concerned or agency_id == entry.request.agency_id)


def check_line(entry: RegisterEntry, reply: str) -> None:
    """Refuse a line to an entry that is gone, and one without words."""
    if entry.state == "withdrawn":
        raise Refused(gettext("This entry was withdrawn: there is nothing to reply to"))
    if not reply.strip():
        raise Refused(gettext("Write your line"))


def add_line(entry: RegisterEntry, reply: str, *, by: Actor, at: datetime) -> RegisterEntry:
    """The agency's own line, shown beside the entry; it may be changed as long as the entry stands."""
    check_line(entry, reply)
    check_approved(by.agency or 0, by=by, at=at)
    entry.reply, entry.replied_by = reply.strip(), by.reference
    entry.replied_agency_id = by.agency if by.agency != entry.request.agency_id else None
    db.session.flush()
    delivering.receive(entry, Entered("answered", london_day(at)), by=by, at=at)
    _note("non_response_replied", entry, by=by, at=at, text=digest(entry.reply))
    return entry


def publish(entry: RegisterEntry, *, by: Actor, at: datetime) -> RegisterEntry:
    """Publish an entry once the agency has replied or its days have gone by, if something is still unanswered.

    Its days run from the day on which the notice arrived; nothing is published of an agency that was never told.
    """
    check_request(entry.request, by=by, at=at)
    today = london_day(at)
    if not public_since(entry.request.review, today):
        raise Refused(_not_public_yet(entry.request.review, today))
    if not entry.reply and entry.received_on is None:
        raise Refused(
            gettext(
                "The notice has not reached %(agency)s: %(why)s. Send it again, or record that it was posted",
                agency=entry.request.agency.name,
                why=delivering.why_not_reached(entry),
            )
        )
    if not entry.reply and today <= entry.reply_until:
        raise Refused(
            gettext(
                "The agency may reply until %(reply_until)s: publish after that day, or once it has replied",
                reply_until=day(entry.reply_until),
            )
        )
    if not any(came is None for came in came_since(entry).values()):
        raise Refused(gettext("Everything has been answered since: withdraw the entry"))
    owed = {one["id"] for one in would_say(entry.request, today)}
    if not owed & {one["id"] for one in entry.items}:
        raise Refused(
            gettext("Nothing in this entry is owed any more: it was withdrawn, or more time was given. Withdraw the entry")
        )
    entry.items = [one for one in entry.items if one["id"] in owed]
    with db.session.no_autoflush:
        entry.published_on = today
        _move("publish", entry, by=by, at=at)
    letters.register_published(entry.request, at=at, entry=entry)
    return entry


def correct(entry: RegisterEntry, *, words: str, why: str, by: Actor, at: datetime) -> RegisterEntry:
    """Correct the lead's line of a published entry; that it was corrected, when and why is shown."""
    check_request(entry.request, by=by, at=at)
    if entry.state != "published":
        raise Refused(gettext("Only a published entry is corrected"))
    if not why.strip():
        raise Refused(gettext("Say what was wrong: it is shown with the entry"))
    entry.words = words.strip()
    entry.corrected = [*entry.corrected, {"on": day(london_day(at)), "why": why.strip()}]
    db.session.flush()
    _note("non_response_corrected", entry, by=by, at=at, why=digest(why.strip()))
    return entry


def withdraw(entry: RegisterEntry, *, why: str, by: Actor, at: datetime) -> RegisterEntry:
    """Take an entry out; if it was published, the register says that it was withdrawn and why."""
    check_request(entry.request, by=by, at=at)
    if not why.strip():
        raise Refused(gettext("Say why it is withdrawn: the agency and, if it was published, everybody sees your words"))
    _move("withdraw", entry, by=by, at=at, why=digest(why.strip()))
    entry.withdrawn_why, entry.withdrawn_on = why.strip(), london_day(at)
    db.session.flush()
    letters.register_withdrawn(entry.request, at=at, entry=entry)
    return entry


def _not_public_yet(review: Review, today: date) -> str:
    """Why nothing may be said of a request in public, and what is to be done first."""
    return sentences([gettext("The public may not know of this request yet"), still_to_do(review, today)])


def _move(name: str, entry: RegisterEntry, *, by: Actor, at: datetime, **fields: str) -> None:
    """Move an entry and note it."""
    before = entry.state
    move = REGISTER_ENTRY.make(name, entry, by=by)
    db.session.flush()
    _note(move.event, entry, by=by, at=at, before=before, after=entry.state, **fields)


def _note(event: str, entry: RegisterEntry, *, by: Actor, at: datetime, **fields: Any) -> None:
    """Into the trail, within its review."""
    within = entry.request.review.plain
    note(event, about=entry.request.plain, within=within, by=by, at=at, entry=entry.id, **fields)
