"""Sending what an agency has saved: to its approver, who approves or returns it, and to the requester; with one receipt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.answering import letters
from scrutiny.answering.item_moves import move_item
from scrutiny.answering.queries import UNFINISHED, draft_of, items_held
from scrutiny.answering.reread import content_of
from scrutiny.asking import delivering
from scrutiny.audit.service import digest, note
from scrutiny.due_dates import clarifying
from scrutiny.evidence import service as evidence
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Item
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor

#: The move of an item by what is said in place of an answer.
DECLINING = {"not_held": "say_not_held", "refused": "refuse", "redirected": "redirect"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approver decides on one item: approved, or to be changed for a reason; `seen` is the version that was read."""

    item: Item
    why: str = ""
    seen: int | None = None

    @property
    def approves(self) -> bool:
        """Whether it is approved."""
        return not self.why.strip()


def pass_on(request: EvidenceRequest, items: Sequence[Item], *, hours: float | None = None, by: Actor, at: datetime) -> bool:
    """Send on what is saved: to the approver where the agency has one and somebody else sends; True where it went there."""
    if agencies.has_certifier(by.agency or 0, london_day(at)) and not by.has(CERTIFIER):
        send_to_certifier(items, hours=hours, by=by, at=at)
        return True
    submit_request(request, items, hours=hours, by=by, at=at)
    return False


def send_to_certifier(items: Sequence[Item], *, hours: float | None = None, by: Actor, at: datetime) -> None:
    """Send what is saved to the agency's approver, who approves it or sends it back."""
    if not items:
        raise Refused(gettext("Choose at least one answer to send to your approver"))
    if not agencies.has_certifier(by.agency or 0, london_day(at)):
        raise Refused(gettext("Your agency has nobody who approves answers: send them to the requester yourself"))
    for item in items:
        check_ready(item)  # all before any moves: a page that shows the refusal must find nothing half done
    for item in items:
        move_item(item, "send_to_certifier", by, at, {"approved_by": "", "approved_at": None})
    spend(items[0].request, hours, at)
    letters.certify(items[0].request, items, by, at=at)


def send_back(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """The approver sends an answer back to the responder, with the reason."""
    if not why.strip():
        raise Refused(gettext("Say what must change: the responder sees your words"))
    read = content_of(item)
    move_item(item, "send_back", by, at, {"approved_by": "", "approved_at": None}, why=digest(why.strip()))
    item.return_for("sent_back", why.strip(), by=by.reference, at=at, content=read)
    db.session.flush()
    letters.item_sent_back(item, by, at=at)


def decide(
    request: EvidenceRequest, decisions: Sequence[Decision], *, hold: bool = False, by: Actor, at: datetime
) -> tuple[list[Item], list[Item]]:
    """Approve or send back many at one press; gives those that were sent, and those that were sent back.

    What is approved is sent at once with one receipt, or with `hold` is kept until everything the agency holds in the
    request is approved.
    """
    if not decisions:
        raise Refused(gettext("Tick what you have read and approve, or say what must change"))
    for decision in decisions:
        check_unchanged(decision)
    returned = [decision.item for decision in decisions if not decision.approves]
    for decision in decisions:
        if not decision.approves:
            send_back(decision.item, decision.why, by=by, at=at)
    approved = [decision.item for decision in decisions if decision.approves]
    for item in approved:
        check_ready(item)
        _approve(item, by, at)
    mine = items_held(request, by.agency, london_day(at))
    left = [item for item in mine if item.state in UNFINISHED]
    held = [item for item in left if item.state == "with_certifier" and item.approved_at is not None]
    ready = approved
    if len(held) == len(left):  # the last of them: what was held goes too
        ready = held
    elif hold:
        ready = []
    if ready:
        submit_request(request, ready, by=by, at=at)
    return ready, returned


def check_unchanged(decision: Decision) -> None:
    """An approver decides on what she read."""
    item = decision.item
    if item.state != "with_certifier":
        raise Refused(gettext("Item %(number)s is not waiting for your approval any more", number=item.number))
    if has_changed(item, decision.seen):
        raise Refused(gettext("Item %(number)s has changed since you opened this page. Read it again", number=item.number))


def has_changed(item: Item, seen: int | None) -> bool:
    """Whether an item is another than the version that was read."""
    return seen is not None and seen != item.version


def _approve(item: Item, by: Actor, at: datetime) -> None:
    """Write down who approved an item."""
    if not by.has(CERTIFIER):
        raise Refused(gettext("Only an approver of your agency may approve answers"))
    item.approved_by, item.approved_at = by.reference, at
    db.session.flush()
    within = item.request.review.plain
    note("item_approved", about=item.plain, within=within, by=by, at=at, reference=item.reference)


def submit_request(
    request: EvidenceRequest, items: Sequence[Item], *, hours: float | None = None, by: Actor, at: datetime
) -> None:
    """Send to the requester what is saved: from now on the bodies of the review see it. One receipt is written."""
    if not items:
        raise Refused(gettext("There is nothing to send yet: save an answer first"))
    certified = agencies.has_certifier(by.agency or 0, london_day(at))
    if certified and not by.has(CERTIFIER):
        raise Refused(gettext("Your agency’s approver approves answers before they are sent: send this to the approver"))
    for item in items:
        check_ready(item)
    for item in items:
        _submit(item, approver=(item.approved_by or by.reference) if certified else "", by=by, at=at)
    spend(request, hours, at)
    letters.receipt(request, items, by, at=at)
    for item in items:
        if item.state in DECLINING:
            letters.item_not_given(item, item.declines_sent[-1], by, at=at)
    if not any(item.state in UNFINISHED for item in request.items):
        letters.request_answered(request, at=at)


def submit_item(item: Item, *, by: Actor, at: datetime) -> Answer:
    """Send one answer to the requester."""
    submit_request(item.request, [item], by=by, at=at)
    return item.answers[-1]


def _submit(item: Item, *, approver: str, by: Actor, at: datetime) -> None:
    """Send one answer, or what is said in place of one; `approver` is who of the agency approved it."""
    said = check_ready(item)
    if isinstance(said, Decline):
        also = {"ground": said.ground, "redirected_to": said.redirected_to}
        move_item(item, DECLINING[said.kind], by, at, also | {"submitted_at": at}, ground=digest(said.ground))
    else:
        also = {"ground": "", "redirected_to": ""}
        move_item(item, "submit", by, at, also | {"submitted_at": at}, answer=said.number)
        evidence.lodge(said.lodging, by=by, at=at)
    said.submitted_at, said.certified_by = at, approver
    item.forget_read()
    clarifying.overtake(item, by=by, at=at)
    item.next_step_on, item.approved_by, item.approved_at = None, "", None
    item.came(london_day(at))
    delivering.note_answered(item.request, london_day(at), by=by, at=at)
    db.session.flush()


def check_ready(item: Item) -> Answer | Decline:
    """What there is to send of an item, or a refusal naming it."""
    if item.decline_kept is not None and item.state in ("answered", "with_certifier"):
        return item.decline_kept
    answer = draft_of(item)
    if answer is None:
        raise Refused(gettext("Item %(number)s has no answer yet: write one, or say that you do not hold it", number=item.number))
    if not answer.marked:
        raise Refused(gettext("Item %(number)s: choose who may see the answer", number=item.number))
    for file in files_to_look_at(answer):
        values = {"number": item.number, "file": file.name, "what": " ".join(file.hidden)}
        raise Refused(gettext("Item %(number)s: look at “%(file)s” first. %(what)s", **values))
    try:
        evidence.check_ready(answer.lodging)
    except Refused as refused:
        raise Refused(gettext("Item %(number)s: %(refused)s", number=item.number, refused=refused.sentence)) from None
    return answer


def look_at(items: Sequence[Item], ticked: Collection[str], *, by: Actor, at: datetime) -> None:
    """Somebody has looked at these files (by id) of what is to be sent."""
    drafts = [draft for item in items if item.decline_kept is None and (draft := draft_of(item)) is not None]
    for file in (file for draft in drafts for file in files_to_look_at(draft)):
        if str(file.id) in ticked:
            evidence.look_at(file, by=by, at=at)


def files_to_look_at(answer: Answer) -> list[EvidenceFile]:
    """The files of an answer in which something is hidden that nobody has looked at."""
    return [file for file in answer.lodging.evidence.files if file.erased_at is None and not file.is_looked_at]


def hiding_in(item: Item) -> list[EvidenceFile]:
    """The files of what is saved of an item in which something is hidden that nobody has looked at."""
    draft = None if item.decline_kept is not None else draft_of(item)
    return files_to_look_at(draft) if draft is not None else []


def spend(request: EvidenceRequest, hours: float | None, at: datetime) -> None:
    """Keep the hours the agency says it has spent so far; what it left alone stays as it was said before."""
    if hours is not None and hours != request.hours_spent:
        request.hours_spent, request.effort_at = hours, at
        db.session.flush()
