"""What waits for an agency, as one list in the order of its dates: items, answers to approve, facts to check, responses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.accounts.queries import people_named
from scrutiny.answering.queries import UNFINISHED
from scrutiny.evidence import queries as evidence
from scrutiny.evidence.models import Lodging
from scrutiny.findings import queries as findings
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import plural, short_day
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.attendance_queries import meetings_to_attend
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.worklist import queries
from workflows.roles import CERTIFIER, Actor

#: Responses an agency still owes, and those on which it returns progress.
TO_ANSWER, TO_FOLLOW = ("awaited", "noted"), ("accepted", "partly_accepted")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing an agency has before it: when it is due and why then, from whom, what, who has it, and where to go on."""

    key: str  # the same from day to day, for calendars
    due_on: date | None
    working: dict[str, Any]  # sentence and steps
    asker: str
    title: str
    reference: str
    what: str
    notes: tuple[str, ...]
    who: str
    href: str
    action: str
    late_after: date | None = None  # the day after which it is late, where that is not the day it is due
    for_reader: bool = True  # whether it waits for whoever asks, or for anybody; not for a colleague alone

    @property
    def order(self) -> tuple[bool, date, str]:
        """Where it stands in the list: by date, those without one last."""
        return self.due_on is None, self.due_on or date.max, self.key

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The working of the date, step by step, with days as dates."""
        return [step | {"date": date.fromisoformat(step["date"])} for step in self.working.get("steps") or []]


def due_for(by: Actor, today: date) -> list[Due]:
    """Everything that waits for the agency acted for, the earliest due first; a constant number of statements."""
    agency = by.agency or 0
    requests = queries.requests_with(agency, today)
    checks = findings.checks_of_agency(agency, only_open=True)
    addressees = [row for row in recommendations.of_agency(agency, only_open=True) if row.state in (*TO_ANSWER, *TO_FOLLOW)]
    reviews = {request.review_id for request in requests} | {check.review_id for check in checks}
    meetings = meetings_to_attend(agency, today)
    reviews |= {item.request.review_id for item, _ in meetings}
    summaries = evidence.summaries_to_agree(agency)
    reviews |= {lodging.review_id for lodging in summaries}
    leads = queries.leads_of(reviews | {row.recommendation.review_id for row in addressees})
    found = _of_requests(requests, leads, by, today)
    found += [_of_meeting(item, meeting, leads, by) for item, meeting in meetings]
    found += [_of_check(check, leads) for check in checks]
    found += [_of_recommendation(row, leads) for row in addressees]
    found += [_of_summary(lodging, leads) for lodging in summaries]
    return sorted(found, key=lambda due: due.order)


def _of_requests(requests: Sequence[EvidenceRequest], leads: dict[int, str], by: Actor, today: date) -> list[Due]:
    """A row for each day on which items of a request are due; answers a certifier must approve stand in rows of their own."""
    ids = [request.id for request in requests]
    holders, extensions = queries.holders_of(ids, today), queries.extensions_asked(ids)
    colleagues = {int(item.held_by[7:]) for request in requests for item in request.items if item.held_by[:7] == "person:"}
    names = people_named(sorted(colleagues))
    found = []
    for request in requests:
        mine = [item for item in request.items if holders.get(item.id, request.agency_id) == by.agency]
        left = [item for item in mine if item.state in UNFINISHED]
        approve = [item for item in left if item.state == "with_certifier" and by.has(CERTIFIER)]
        asked = tuple(f"More time asked for, until {short_day(one.until_on)}" for one in extensions.get(request.id, ()))
        total = sum(item.state != "withdrawn" for item in mine)
        for kind, items in (("answer", [item for item in left if item not in approve]), ("approve", approve)):
            for day in {item.due_on for item in items}:
                these = [item for item in items if item.due_on == day]
                found.append(_row(request, kind, day, these, total, asked, leads, names, by))
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
        "sent_back": "sent back by your certifier",
        "answered": "saved, not sent",
        "with_certifier": "with your certifier",
    }
    notes = tuple(f"{states[state]} {words}" for state, words in said.items() if states[state] and kind == "answer")
    waiting = kind == "answer" and states["with_certifier"] == len(items)
    return Due(
        key=f"request-{request.id}-{kind}-{day.isoformat() if day else 'undated'}",
        due_on=day,
        working=items[0].due_working | {"sentence": items[0].due_why},
        asker=leads.get(request.review_id, ""),
        title=request.review.title,
        reference=request.reference,
        what=what,
        notes=notes + asked,
        who=_who(items, names, by),
        href=f"/answering/{request.id}",
        late_after=max((item.late_after for item in items if item.late_after), default=None),
        action="Approve" if kind == "approve" else "Look" if waiting else "Continue",
        for_reader=kind == "approve" or any(_holder(item, names, by) in ("You", "Nobody yet") for item in items),
    )


def _who(items: Sequence[Item], names: dict[int, str], by: Actor) -> str:
    """Who has these items: 'You, Jo Field (2)'; with a count for each where there are several."""
    held = Counter(_holder(item, names, by) for item in items)
    said = [f"{name} ({count})" if len(held) > 1 else name for name, count in held.items()]
    return ", ".join(sorted(said, key=lambda name: not name.startswith("You")))


def _holder(item: Item, names: dict[int, str], by: Actor) -> str:
    """Who has one item."""
    if item.state == "with_certifier":
        return "You" if by.has(CERTIFIER) else "Your certifier"
    if item.held_by == by.reference:
        return "You"
    return names.get(int(item.held_by[7:]), "A colleague") if item.held_by[:7] == "person:" else "Nobody yet"


def _of_meeting(item: Item, meeting: Meeting, leads: dict[int, str], by: Actor) -> Due:
    """A meeting to come that somebody of the agency was asked to attend."""
    said = item.answer
    comes = f"{said.attended_by} will attend" if said and said.submitted_at and said.attends else "Not said yet who will attend"
    return Due(
        key=f"meeting-{item.id}",
        due_on=meeting.held_on,
        working={"sentence": f"The day of the meeting{f', at {meeting.begins}' if meeting.begins else ''}, {meeting.place}."},
        asker=leads.get(item.request.review_id, ""),
        title=item.request.review.title,
        reference=item.reference,
        what="Attend a meeting",
        notes=(comes,),
        who=_holder(item, {}, by),
        href=f"/answering/items/{item.id}/attend",
        action="Look",
    )


def _of_check(check: AccuracyCheck, leads: dict[int, str]) -> Due:
    """Extracts of draft findings whose facts the agency may correct."""
    offered = sum(len(extract.corrections) for extract in check.extracts)
    return Due(
        key=f"accuracy-{check.id}",
        due_on=check.due_on,
        working=check.due_working or {"sentence": check.due_why, "steps": []},
        asker=leads.get(check.review_id, ""),
        title=check.review.title,
        reference=check.review.reference,
        what=f"Check the facts in {plural(len(check.extracts), 'finding')}",
        notes=(f"{plural(offered, 'correction')} offered so far",) if offered else (),
        who="Anyone",
        href=f"/accuracy/{check.id}",
        action="Check",
    )


def _of_summary(lodging: Lodging, leads: dict[int, str]) -> Due:
    """What the public would be told of something the agency sent that is not open: it waits for the agency to agree."""
    return Due(
        key=f"summary-{lodging.id}",
        due_on=None,
        working={"sentence": "", "steps": []},
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
        working=dict(row.due_working) if answer else {"sentence": _why_then(promised, recommendation.done_by), "steps": []},
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
