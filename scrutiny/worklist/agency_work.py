"""What waits for an agency, as one list in the order of its dates: items, answers to approve, facts to check, responses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from scrutiny import due_words
from scrutiny.accounts.queries import people_named
from scrutiny.answering.queries import UNFINISHED, requests_with
from scrutiny.evidence import queries as evidence
from scrutiny.evidence.models import Lodging
from scrutiny.findings import queries as findings
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import plural, short_day
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.attendance_queries import meetings_to_attend
from scrutiny.requests.handing import Handed, handed_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import extensions_asked, holders_of
from scrutiny.reviews.queries import leads_of
from scrutiny.worklist.agency_approvals import with_approvals
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
                asked = tuple(f"More time asked for, until {short_day(one.until_on)}" for one in about)
                wanted_back = _wanted_back(these, handed, by) if kind == "answer" else ()
                found.append(_row(request, kind, day, these, total, wanted_back + asked, leads, names, by))
    return found


def _row(
    request: EvidenceRequest,
    kind: str,
    day: date | None,
    items: Sequence[Item],
    total: int,
    asked: tuple[str, ...],
    leads: dict[int, str],
    names: dict[int, str],
    by: Actor,
) -> Due:
    """The items of one request that are due on one day."""
    what = f"{len(items)} of {plural(total, 'item')} left" if kind == "answer" else f"{plural(len(items), 'answer')} to approve"
    states = Counter(item.state for item in items)
    said = {
        "returned": "returned for more",
        "sent_back": _sent_back_by(items, by),
        "answered": "saved, not sent",
        "with_certifier": "with your approver",
    }
    notes = tuple(f"{states[state]} {words}" for state, words in said.items() if states[state] and kind == "answer")
    waiting = kind == "answer" and states["with_certifier"] == len(items)
    return Due(
        key=f"request-{request.id}-{kind}-{day.isoformat() if day else 'undated'}",
        due_on=day,
        working=items[0].due_working,
        why=items[0].due_why,
        asker=leads.get(request.review_id, ""),
        title=request.review.title,
        reference=request.reference,
        what=what,
        notes=notes + asked,
        who=_who(items, names, by),
        href=f"/answering/{request.id}/certify" if kind == "approve" else f"/answering/{request.id}",
        late_after=min((item.late_after for item in items if item.late_after), default=None),
        action="Approve" if kind == "approve" else "Look" if waiting else "Continue",
        held=tuple(sorted({(key, _holder(item, names, by)) for item in items if (key := _held_as(item, by))})),
        for_reader=kind == "approve" or any(_holder(item, names, by) in ("You", "Nobody yet") for item in items),
    )


def _sent_back_by(items: Sequence[Item], by: Actor) -> str:
    """Who sent items back within the agency; an approver reads of herself, or of another."""
    if not by.has(CERTIFIER):
        return "sent back by your approver"
    senders = {item.returns_open[-1].by for item in items if item.state == "sent_back" and item.returns_open}
    return "sent back by you" if senders == {by.reference} else "sent back by an approver"


def _who(items: Sequence[Item], names: dict[int, str], by: Actor) -> str:
    """Who has these items: 'You, Jo Field (2)'; with a count for each where there are several."""
    held = Counter(_holder(item, names, by) for item in items)
    said = [f"{name} ({count})" if len(held) > 1 else name for name, count in held.items()]
    return ", ".join(sorted(said, key=lambda name: not name.startswith("You")))


def _holder(item: Item, names: dict[int, str], by: Actor) -> str:
    """Who has one item."""
    if item.state == "with_certifier":
        return "You" if by.has(CERTIFIER) else "Your approver"
    if item.held_by == by.reference:
        return "You"
    return names.get(int(item.held_by[7:]), "A colleague") if item.held_by[:7] == "person:" else "Nobody yet"


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
            said.append(gettext("%(giver)s wants item %(number)s back by %(day)s", giver=given.by_name, **words))
        else:
            said.append(gettext("%(name)s has item %(number)s until %(day)s", name=given.to_name, **words))
    return tuple(said)


def _of_meeting(item: Item, meeting: Meeting, leads: dict[int, str], by: Actor) -> Due:
    """A meeting to come that somebody of the agency was asked to attend."""
    said = item.answer
    comes = f"{said.attended_by} will attend" if said and said.submitted_at and said.attends else "Not said yet who will attend"
    return Due(
        key=f"meeting-{item.id}",
        due_on=meeting.held_on,
        working=Working(),
        why=f"The day of the meeting{f', at {meeting.begins}' if meeting.begins else ''}, {meeting.place}.",
        asker=leads.get(item.request.review_id, ""),
        title=item.request.review.title,
        reference=item.reference,
        what="Attend a meeting",
        notes=(comes,),
        who=_holder(item, {}, by),
        href=f"/answering/items/{item.id}/attend",
        action="Look",
    )


def _of_check(check: AccuracyCheck, leads: dict[int, str], by: Actor) -> Due:
    """Extracts of draft findings whose facts the agency may correct."""
    written = sum(len(extract.corrections) for extract in check.extracts)
    waits, approves = check.passed_at is not None, by.has(CERTIFIER)
    notes = [plural(written, "correction") + " written so far"] if written else []
    notes += ["with your approver"] if waits and not approves else ["sent back by an approver"] if check.sent_back_why else []
    return Due(
        key=f"accuracy-{check.id}",
        due_on=check.due_on if check.received_on else None,
        working=check.due_working if check.received_on else Working(),
        why=check.due_why if check.received_on else "",
        asker=leads.get(check.review_id, ""),
        title=check.review.title,
        reference=check.review.reference,
        what=("Approve the check of the facts in " if waits and approves else "Check the facts in ")
        + plural(len(check.extracts), "finding"),
        notes=tuple(notes),
        who="You" if waits and approves else "Your approver" if waits else "Anyone",
        href=f"/accuracy/{check.id}",
        action="Approve" if waits and approves else "Look" if waits else "Check",
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
        what=f"Agree what the public may be told of “{lodging.evidence.title}”",
        notes=(),
        who="Anyone",
        href=f"/evidence/{lodging.id}",
        action="Read and agree",
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
        what=f"{'Respond to recommendation' if answer else 'Say how it is going with recommendation'} {recommendation.number}",
        notes=("Noted so far",) if row.state == "noted" else (),
        who="Anyone",
        href=f"/recommendations/{row.id}" if answer else f"/recommendations/{row.id}/progress",
        action="Respond" if answer else "Say",
    )


def _why_then(promised: date, done_by: date) -> str:
    """Why progress is due on a day."""
    if promised == done_by:
        return f"The recommendation asks for it to be done by {short_day(done_by)}."
    return f"You said it would be done by {short_day(promised)}; the recommendation asks for {short_day(done_by)}."


def overdue(found: Sequence[Due], today: date) -> list[Due]:
    """What is late on a day."""
    return [due for due in found if due.due_on is not None and max(due.due_on, due.late_after or due.due_on) < today]
