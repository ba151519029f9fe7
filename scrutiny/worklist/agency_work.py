"""What waits for an agency, as one list in the order of its dates: items, answers to approve, facts to check, responses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from scrutiny import due_words
from scrutiny.accounts.queries import people_named
from scrutiny.answering.queries import UNFINISHED, requests_with
from scrutiny.evidence import queries as evidence
from scrutiny.evidence.models import Lodging
from scrutiny.findings import queries as findings
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import short_day
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.attendance_queries import meetings_to_attend
from scrutiny.requests.handing import Handed, handed_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import extensions_asked, holders_of
from scrutiny.reviews.queries import leads_of
from scrutiny.worklist.agency_approvals import with_approvals
from scrutiny.worklist.agency_challenges import challenges_due
from scrutiny.worklist.agency_due import MINE, NOBODY, Due
from workflows.due_working import Working
from workflows.roles import CERTIFIER, Actor

#: Responses an agency still owes, and those on which it returns progress.
TO_ANSWER, TO_FOLLOW = ("awaited", "noted"), ("accepted", "partly_accepted")


def due_for(by: Actor, today: date) -> list[Due]:
    """Everything that waits for the agency acted for, the earliest due first; a constant number of statements."""
    agency = by.agency or 0
    requests = requests_with(agency, today)
    checks = findings.checks_of_agency(agency, only_open=True)
    addressees = [row for row in recommendations.of_agency(agency, only_open=True) if row.state in (*TO_ANSWER, *TO_FOLLOW)]
    reviews = {request.review_id for request in requests} | {check.review_id for check in checks}
    meetings = meetings_to_attend(agency, today)
    reviews |= {item.request.review_id for item, _ in meetings}
    summaries = evidence.summaries_to_agree(agency)
    reviews |= {lodging.review_id for lodging in summaries}
    leads = leads_of(reviews | {row.recommendation.review_id for row in addressees})
    found = _of_requests(requests, leads, by, today)
    found += [_of_meeting(item, meeting, leads, by) for item, meeting in meetings]
    found += [_of_check(check, leads, by) for check in checks]
    found += [_of_recommendation(row, leads) for row in addressees]
    found += [_of_summary(lodging, leads) for lodging in summaries]
    found += challenges_due(agency)
    found = with_approvals(found, by)
    return sorted(found, key=lambda due: due.order)


def _of_requests(requests: Sequence[EvidenceRequest], leads: dict[int, str], by: Actor, today: date) -> list[Due]:
    """A row for each day on which items of a request are due; answers a certifier must approve stand in rows of their own."""
    ids = [request.id for request in requests]
    holders, extensions = holders_of(ids, today), extensions_asked(ids)
    colleagues = {int(item.held_by[7:]) for request in requests for item in request.items if item.held_by[:7] == "person:"}
    names = people_named(sorted(colleagues))
    handed = handed_of([item for request in requests for item in request.items if item.held_by], by.agency)
    found = []
    for request in requests:
        mine = [item for item in request.items if holders.get(item.id, request.agency_id) == by.agency]
        left = [item for item in mine if item.state in UNFINISHED]
        approve = [item for item in left if item.state == "with_certifier" and by.has(CERTIFIER)]
        wanted = extensions.get(request.id, ())
        total = sum(item.state != "withdrawn" for item in mine)
        for kind, items in (("answer", [item for item in left if item not in approve]), ("approve", approve)):
            for day in {item.due_on for item in items}:
                these = [item for item in items if item.due_on == day]
                # More time for one item is said where that item is; an answer that waits to be approved needs none.
                about = [one for one in wanted if kind == "answer" and one.item_id in (None, *(item.id for item in these))]
                asked = tuple(gettext("More time asked for, until %(day)s", day=short_day(one.until_on)) for one in about)
                wanted_back = _wanted_back(these, handed, by) if kind == "answer" else ()
                group = _Group(kind, day, these, total, wanted_back + asked)
                found.append(_row(request, group, leads.get(request.review_id, ""), names, by))
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Items of one request to answer, or to approve, on one day, of how many in all; and what is asked about them."""

    kind: str
    day: date | None
    items: Sequence[Item]
    total: int
    asked: tuple[str, ...]


def _row(request: EvidenceRequest, group: _Group, asker: str, names: dict[int, str], by: Actor) -> Due:
    """The items of one request that are due on one day."""
    kind, day, items, total = group.kind, group.day, group.items, group.total
    if kind == "answer":
        what = ngettext("%(left)s of %(num)s item left", "%(left)s of %(num)s items left", total, left=len(items))
    else:
        what = ngettext("%(num)s answer to approve", "%(num)s answers to approve", len(items))
    states = Counter(item.state for item in items)
    notes = _notes(items, states, by) if kind == "answer" else ()
    waiting = kind == "answer" and states["with_certifier"] == len(items)
    return Due(
        key=f"request-{request.id}-{kind}-{day.isoformat() if day else 'undated'}",
        due_on=day,
        working=items[0].due_working,
        why=items[0].due_why,
        asker=asker,
        title=request.review.title,
        reference=request.reference,
        what=what,
        notes=notes + group.asked,
        who=_who(items, names, by),
        href=f"/answering/{request.id}/certify" if kind == "approve" else f"/answering/{request.id}",
        late_after=min((item.late_after for item in items if item.late_after), default=None),
        action=gettext("Approve") if kind == "approve" else gettext("Look") if waiting else gettext("Continue"),
        held=tuple(sorted({(key, _holder(item, names, by)) for item in items if (key := _held_as(item, by))})),
        for_reader=kind == "approve" or any(_held_as(item, by) in (MINE, NOBODY) for item in items),
    )


def _notes(items: Sequence[Item], states: Counter[str], by: Actor) -> tuple[str, ...]:
    """How many of the items stand how, where that is worth saying."""
    said = {
        "returned": gettext("%(count)s returned for more", count=states["returned"]),
        "sent_back": _sent_back_by(items, states["sent_back"], by),
        "answered": gettext("%(count)s saved, not sent", count=states["answered"]),
        "with_certifier": gettext("%(count)s with your approver", count=states["with_certifier"]),
    }
    return tuple(words for state, words in said.items() if states[state])


def _sent_back_by(items: Sequence[Item], count: int, by: Actor) -> str:
    """How many items were sent back within the agency, and by whom; an approver reads of herself, or of another."""
    if not by.has(CERTIFIER):
        return gettext("%(count)s sent back by your approver", count=count)
    senders = {item.returns_open[-1].by for item in items if item.state == "sent_back" and item.returns_open}
    if senders == {by.reference}:
        return gettext("%(count)s sent back by you", count=count)
    return gettext("%(count)s sent back by an approver", count=count)


def _who(items: Sequence[Item], names: dict[int, str], by: Actor) -> str:
    """Who has these items: 'You, Jo Field (2)'; with a count for each where there are several."""
    held = Counter(_holder(item, names, by) for item in items)
    own = gettext("You")
    in_order = sorted(held.items(), key=lambda one: one[0] != own)
    return ", ".join(f"{name} ({count})" if len(held) > 1 else name for name, count in in_order)


def _holder(item: Item, names: dict[int, str], by: Actor) -> str:
    """Who has one item."""
    if item.state == "with_certifier":
        return gettext("You") if by.has(CERTIFIER) else gettext("Your approver")
    if item.held_by == by.reference:
        return gettext("You")
    if item.held_by[:7] == "person:":
        return names.get(int(item.held_by[7:])) or gettext("A colleague")
    return gettext("Nobody yet")


def _held_as(item: Item, by: Actor) -> str:
    """Who has one item, as the address of the list says it; '' for an approver who does not ask."""
    if item.state == "with_certifier":
        return MINE if by.has(CERTIFIER) else ""
    return MINE if item.held_by == by.reference else item.held_by or NOBODY


def _wanted_back(items: Sequence[Item], handed: dict[int, Handed], by: Actor) -> tuple[str, ...]:
    """By when colleagues who hand each other items want them back, a sentence for each."""
    said = []
    for given in (handed[item.id] for item in items if item.id in handed and handed[item.id].wanted_on):
        words = {"number": given.item.number, "day": short_day(given.wanted_on)}
        if given.given_to == by.reference:
            said.append(gettext("%(giver)s would like item %(number)s back by %(day)s", giver=given.by_name, **words))
        else:
            said.append(gettext("%(name)s has item %(number)s until %(day)s", name=given.to_name, **words))
    return tuple(said)


def _of_meeting(item: Item, meeting: Meeting, leads: dict[int, str], by: Actor) -> Due:
    """A meeting to come that somebody of the agency was asked to attend."""
    said = item.answer
    if said and said.submitted_at and said.attends:
        comes = gettext("%(name)s will attend", name=said.attended_by)
    else:
        comes = gettext("Not said yet who will attend")
    if meeting.begins:
        why = gettext("The day of the meeting, at %(hour)s, %(place)s.", hour=meeting.begins, place=meeting.place)
    else:
        why = gettext("The day of the meeting, %(place)s.", place=meeting.place)
    return Due(
        key=f"meeting-{item.id}",
        due_on=meeting.held_on,
        working=Working(),
        why=why,
        asker=leads.get(item.request.review_id, ""),
        title=item.request.review.title,
        reference=item.reference,
        what=gettext("Attend a meeting"),
        notes=(comes,),
        who=_holder(item, {}, by),
        href=f"/answering/items/{item.id}/attend",
        action=gettext("Look"),
    )


def _of_check(check: AccuracyCheck, leads: dict[int, str], by: Actor) -> Due:
    """Extracts of draft findings whose facts the agency may correct."""
    written = sum(len(extract.corrections) for extract in check.extracts)
    waits, approves = check.passed_at is not None, by.has(CERTIFIER)
    count = len(check.extracts)
    if waits and approves:
        what = ngettext(
            "Approve the check of the facts in %(num)s finding", "Approve the check of the facts in %(num)s findings", count
        )
        who, action = gettext("You"), gettext("Approve")
    else:
        what = ngettext("Check the facts in %(num)s finding", "Check the facts in %(num)s findings", count)
        who = gettext("Your approver") if waits else gettext("Anyone")
        action = gettext("Look") if waits else gettext("Check")
    notes = [ngettext("%(num)s correction written so far", "%(num)s corrections written so far", written)] if written else []
    if waits and not approves:
        notes.append(gettext("with your approver"))
    elif check.sent_back_why:
        notes.append(gettext("sent back by an approver"))
    return Due(
        key=f"accuracy-{check.id}",
        due_on=check.due_on if check.received_on else None,
        working=check.due_working if check.received_on else Working(),
        why=check.due_why if check.received_on else "",
        asker=leads.get(check.review_id, ""),
        title=check.review.title,
        reference=check.review.reference,
        what=what,
        notes=tuple(notes),
        who=who,
        href=f"/accuracy/{check.id}",
        action=action,
        for_reader=approves or not waits,
    )


def _of_summary(lodging: Lodging, leads: dict[int, str]) -> Due:
    """What the public would be told of something the agency sent that is not open: it waits for the agency to agree."""
    return Due(
        key=f"summary-{lodging.id}",
        due_on=None,
        working=Working(),
        why="",
        asker=leads.get(lodging.review_id, ""),
        title=lodging.review.title,
        reference=lodging.review.reference,
        what=gettext("Agree what the public may be told of “%(title)s”", title=lodging.evidence.title),
        notes=(),
        who=gettext("Anyone"),
        href=f"/evidence/{lodging.id}",
        action=gettext("Read and agree"),
    )


def _of_recommendation(row: Addressee, leads: dict[int, str]) -> Due:
    """A recommendation to respond to, or on which progress is to be returned."""
    recommendation = row.recommendation
    promised = next((back.new_date for back in reversed(row.returns) if back.new_date), None) or recommendation.done_by
    answer = row.state in TO_ANSWER
    return Due(
        key=f"recommendation-{row.id}-{'respond' if answer else 'progress'}",
        due_on=row.due_on if answer else promised,
        working=row.due_working if answer else Working(),
        why=due_words.why(row.due_working) if answer else _why_then(promised, recommendation.done_by),
        asker=leads.get(recommendation.review_id, ""),
        title=recommendation.review.title,
        reference=recommendation.review.reference,
        what=gettext("Respond to recommendation %(number)s", number=recommendation.number)
        if answer
        else gettext("Say how it is going with recommendation %(number)s", number=recommendation.number),
        notes=(gettext("Noted so far"),) if row.state == "noted" else (),
        who=gettext("Anyone"),
        href=f"/recommendations/{row.id}" if answer else f"/recommendations/{row.id}/progress",
        action=gettext("Respond") if answer else gettext("Say"),
    )


def _why_then(promised: date, done_by: date) -> str:
    """Why progress is due on a day."""
    if promised == done_by:
        return gettext("The recommendation asks for it to be done by %(day)s.", day=short_day(done_by))
    return gettext(
        "You said it would be done by %(promised)s; the recommendation asks for %(day)s.",
        promised=short_day(promised),
        day=short_day(done_by),
    )


def overdue(found: Sequence[Due], today: date) -> list[Due]:
    """What is late on a day."""
    return [due for due in found if due.due_on is not None and max(due.due_on, due.late_after or due.due_on) < today]
