"""What an agency says of a recommendation goes by its approver where it has one: its response, a correction, its progress."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from scrutiny.approving import queries
from scrutiny.approving import service as approving
from scrutiny.approving.deeds import Deed, register
from scrutiny.approving.models import Approval
from scrutiny.approving.service import Draft
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.recommendations import outcomes, service
from scrutiny.recommendations.models import Addressee
from scrutiny.recommendations.service import PROGRESS, RESPONSE_DEED
from workflows.lifecycles.lifecycle import Move
from workflows.lifecycles.recommendation import AGENCY, RESPONSE
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.written_days import day_written


@dataclass(frozen=True, slots=True)
class Progress:
    """How it is going: on track, slipped to a new day, said to be done, or not done."""

    status: str
    text: str
    new_date: date | None = None


LABELS = {
    "answer": lazy_gettext("Response"),
    "response": lazy_gettext("Its words"),
    "recommendation": lazy_gettext("Recommendation"),
    "measure": lazy_gettext("How it will be measured"),
    "done_by": lazy_gettext("To be done by"),
    "status": lazy_gettext("How it is going"),
    "progress": lazy_gettext("What has been done"),
    "new_date": lazy_gettext("New date"),
}


def send_response(addressee: Addressee, move: str, *, response: str, by: Actor, at: datetime) -> bool:
    """Send an agency's response or its correction, or pass it to the approver where it takes one. True if it was sent."""
    if not approving.needs_approver(addressee.answerer, by=by, at=at):
        approving.make_way(RESPONSE_DEED, addressee.id, addressee.answerer.id, by=by, at=at)
        service.respond(addressee, move, response=response, by=by, at=at)
        return True
    if not response.strip():
        raise Refused(gettext("Say in your own words what you will do, or why you will not"))
    approving.pass_on(_draft(RESPONSE_DEED, addressee, answer=RESPONSE.named(move).target, response=response), by=by, at=at)
    return False


def send_progress(addressee: Addressee, said: Progress, *, by: Actor, at: datetime) -> bool:
    """Send how it is going, or pass it to the approver where it takes one. True if it was sent."""
    status, new_date = said.status, said.new_date
    service.check_progress(addressee, status=status, new_date=new_date, at=at)
    if not approving.needs_approver(addressee.answerer, by=by, at=at):
        approving.make_way(PROGRESS, addressee.id, addressee.answerer.id, by=by, at=at)
        service.return_progress(addressee, status=status, text=said.text, new_date=new_date, by=by, at=at)
        return True
    on = new_date.isoformat() if new_date else ""
    approving.pass_on(_draft(PROGRESS, addressee, status=status, progress=said.text, new_date=on), by=by, at=at)
    return False


def open_one(kind: str, addressee: Addressee, by: Actor) -> Approval | None:
    """What the actor's agency has before it and has not sent: with its approver, sent back or taken back."""
    return queries.open_one(kind, addressee.id, by.agency)


def approved(addressee: Addressee, by: Actor) -> list[Approval]:
    """What the approver of the actor's agency approved about a recommendation, with whoever wrote it."""
    return [row for row in queries.approved((RESPONSE_DEED, PROGRESS), addressee.id) if row.agency_id == by.agency]


def forget_words(addressee: Addressee, words: Collection[str]) -> None:
    """What an approver approved, or had before them, no longer holds words that were erased; its digest stays."""
    rows = select(Approval).where(Approval.kind.in_((RESPONSE_DEED, PROGRESS)), Approval.subject_id == addressee.id)
    for row in db.session.scalars(rows.order_by(Approval.id)):
        row.content = {key: "" if value in words else value for key, value in row.content.items()}
        row.before = {key: "" if value in words else value for key, value in row.before.items()}
    db.session.flush()


def kept_response(draft: Approval | None, moves: Sequence[Move]) -> dict[str, str | None]:
    """A response that came back, as its form holds it."""
    if draft is None:
        return {}
    chosen = next((one.name for one in moves if one.target == draft.content["answer"]), None)
    return {"move": chosen, "response": draft.content["response"]}


def kept_progress(draft: Approval | None) -> dict[str, str | date | None]:
    """A progress update that came back, as its form holds it."""
    if draft is None:
        return {}
    on = draft.content["new_date"]
    status, text = draft.content["status"], draft.content["progress"]
    return {"status": status, "text": text, "new_date": day_written(on) if on else None}


def _draft(kind: str, addressee: Addressee, **content: str) -> Draft:
    """What was written about a recommendation."""
    recommendation = addressee.recommendation
    review = recommendation.review
    return Draft(
        kind=kind,
        subject_id=addressee.id,
        agency=addressee.answerer,
        about=recommendation.reference,
        within=f"review:{recommendation.review_id}",
        facts={
            "title": review.title,
            "review": review.reference,
            "lead": review.lead.name,
            "number": str(recommendation.number),
            "corrects": "yes" if kind == RESPONSE_DEED and addressee.answer not in ("", "noted") else "",
        },
        before=_BEFORE[kind](addressee.id),
        content=content,
    )


def _before_response(addressee_id: int) -> dict[str, str]:
    """What a response answers, and what the agency said before."""
    addressee = db.session.get_one(Addressee, addressee_id)
    given = {"answer": addressee.answer, "response": addressee.response} if addressee.answer else {}
    return given | _recommended(addressee)


def _before_progress(addressee_id: int) -> dict[str, str]:
    """What a progress update is about, and the one before it."""
    addressee = db.session.get_one(Addressee, addressee_id)
    last = next(reversed(addressee.returns), None)
    given = {"status": last.status, "progress": last.text} if last else {}
    if last and last.new_date:
        given["new_date"] = last.new_date.isoformat()
    return given | _recommended(addressee)


def _recommended(addressee: Addressee) -> dict[str, str]:
    """What was recommended."""
    made = addressee.recommendation
    return {"recommendation": made.text, "measure": made.measure, "done_by": made.done_by.isoformat()}


_BEFORE = {RESPONSE_DEED: _before_response, PROGRESS: _before_progress}


def _worded(key: str, value: str) -> str:
    """A value that is a key or a day, in words."""
    if key == "answer":
        return RESPONSE.states[value]
    if key == "status":
        return str(outcomes.STATUSES[value])
    return day(day_written(value)) if key in ("done_by", "new_date") else value


def _what_response(approval: Approval) -> str:
    """What a response is called within a sentence."""
    values = {"agency": approval.agency.name, "number": approval.facts["number"], "review": approval.facts["review"]}
    if approval.facts["corrects"]:
        return str(gettext("the corrected response of %(agency)s to recommendation %(number)s of %(review)s", **values))
    return str(gettext("the response of %(agency)s to recommendation %(number)s of %(review)s", **values))


def _what_progress(approval: Approval) -> str:
    """What a progress update is called within a sentence."""
    values = {"agency": approval.agency.name, "number": approval.facts["number"], "review": approval.facts["review"]}
    return str(gettext("the progress update of %(agency)s on recommendation %(number)s of %(review)s", **values))


def _told(approval: Approval) -> str:
    """Who will see it and who is told."""
    said = gettext("It will be published with the recommendation, and we will email %(lead)s.", lead=approval.facts["lead"])
    stays = gettext("What was said before stays beside it.") if approval.facts["corrects"] else ""
    return f"{said} {stays}".strip()


def _carry_out_response(approval: Approval, by: Actor, at: datetime) -> str:
    """Send a response that was approved."""
    addressee, said = _addressee(approval), approval.content
    moves = [one for one in RESPONSE.moves if one.roles == AGENCY and one.target == said["answer"]]
    move = next((one for one in moves if addressee.state in one.sources), moves[0])
    service.respond(addressee, move.name, response=said["response"], by=by, at=at)
    service.name_writer(addressee, addressee.steps[-1], approval.written_by)
    return gettext("The response has been sent and will be published with the recommendation.")


def _carry_out_progress(approval: Approval, by: Actor, at: datetime) -> str:
    """Send a progress update that was approved."""
    said = approval.content
    on = day_written(said["new_date"]) if said["new_date"] else None
    addressee = _addressee(approval)
    row = service.return_progress(addressee, status=said["status"], text=said["progress"], new_date=on, by=by, at=at)
    service.name_writer(addressee, row, approval.written_by)
    return gettext("The progress update has been sent.")


def _addressee(approval: Approval) -> Addressee:
    """The recommendation to an agency, while it is still that agency's to answer."""
    addressee = db.session.get_one(Addressee, approval.subject_id)
    if addressee.answerer.id != approval.agency_id:
        raise Refused(gettext("%(agency)s answers for this recommendation now", agency=addressee.answerer.name))
    return addressee


def init_app(app: Flask) -> None:
    """Let responses and progress go by the approver."""
    register(
        Deed(
            kind=RESPONSE_DEED,
            what=_what_response,
            before=_before_response,
            labels=LABELS,
            worded=_worded,
            told=_told,
            page=lambda approval: f"/recommendations/{approval.subject_id}",
            carry_out=_carry_out_response,
        )
    )
    register(
        Deed(
            kind=PROGRESS,
            what=_what_progress,
            before=_before_progress,
            labels=LABELS,
            worded=_worded,
            told=_told,
            page=lambda approval: f"/recommendations/{approval.subject_id}/progress",
            carry_out=_carry_out_progress,
        )
    )
