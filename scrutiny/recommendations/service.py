"""Writing recommendations, making them on the day of release, answering them, following them until they are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.approving.queries import hands_in
from scrutiny.approving.service import check_approved
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.reception import Entered
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import lodged_with
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.formats import full_stop, london_day
from scrutiny.recommendations import delivering, letters, queries
from scrutiny.recommendations.endings import tell_ended
from scrutiny.recommendations.models import Addressee, ProgressReturn, Recommendation, ResponseStep
from scrutiny.requests import interests
from scrutiny.reviews.conflicts import check_not_own, refuse_own
from scrutiny.reviews.models import Review
from workflows.lifecycles.recommendation import RECOMMENDATION, RESPONSE
from workflows.refusals import Refused
from workflows.roles import Actor

#: What an agency says of a recommendation, by the kinds under which its approver approves it.
RESPONSE_DEED, PROGRESS = "response", "progress"


def draft_recommendation(
    review: Review,
    *,
    text: str,
    measure: str,
    done_by: date | None,
    agency: Agency | None,
    findings: list[Finding],
    by: Actor,
    at: datetime,
) -> Recommendation:
    """Draft one recommendation: one thing to be done, by one agency, by a day, and how it will be known to be done.

    A draft holds whatever is there; what is missing is said when it is proposed.
    """
    if not (text.strip() or measure.strip()):
        raise Refused(gettext("Say what should be done"))
    recommendation = Recommendation(
        review_id=review.id,
        review=review,
        number=queries.next_number(review.id),
        text=text,
        measure=measure,
        done_by=done_by,
        written_by=by.reference,
        written_at=at,
        findings=findings,
        addressees=[Addressee(agency=agency)] if agency else [],
    )
    db.session.add(recommendation)
    db.session.flush()
    _note("recommendation_drafted", recommendation, by=by, at=at, text=digest(text))
    return recommendation


def revise_recommendation(
    recommendation: Recommendation,
    *,
    text: str,
    measure: str,
    done_by: date | None,
    agency: Agency | None,
    findings: list[Finding],
    seen: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """Change the words of a recommendation that has not been made; somebody else's change meanwhile is refused."""
    transaction.check_version(recommendation, seen)
    if recommendation.state not in ("drafted", "proposed"):
        raise Refused(gettext("This recommendation has been made. It can be withdrawn, but its words cannot be changed"))
    recommendation.text, recommendation.measure, recommendation.findings = text, measure, findings
    recommendation.done_by = done_by  # type: ignore[assignment]  # none in a draft only
    if [row.agency_id for row in recommendation.addressees] != ([agency.id] if agency else []):
        recommendation.addressees = [Addressee(agency=agency)] if agency else []
    if recommendation.state == "proposed":
        _check_whole(recommendation, at)
    db.session.flush()
    _note("recommendation_revised", recommendation, by=by, at=at, text=digest(text))


def move_recommendation(recommendation: Recommendation, move: str, *, by: Actor, at: datetime) -> None:
    """Propose, take back or withdraw; one that follows from no finding cannot be proposed."""
    if move == "propose":
        _check_whole(recommendation, at)
    if move in ("propose", "withdraw"):
        interests.check_declared(recommendation.review, [row.agency_id for row in recommendation.addressees], by=by, at=at)
    before = recommendation.state
    made = RECOMMENDATION.make(move, recommendation, by=by)
    db.session.flush()
    _note(made.event, recommendation, by=by, at=at, before=before, after=recommendation.state)


def make_recommendations(review: Review, *, by: Actor, at: datetime) -> list[Recommendation]:
    """On the day the report comes out: every proposed recommendation is made and sent to whom it is addressed."""
    made = queries.of_review(review.id, states=["proposed"])
    for recommendation in made:
        move_recommendation(recommendation, "make", by=by, at=at)
        recommendation.made_at = at
        for addressee in recommendation.addressees:
            delivering.bring(addressee, at=at)
    return made


def respond(addressee: Addressee, move: str, *, response: str, by: Actor, at: datetime) -> None:
    """An agency's response: accept, accept in part, reject or note, in its own words; an earlier one stays on record."""
    if not response.strip():
        raise Refused(gettext("Say in your own words what you will do, or why you will not"))
    check_approved(addressee.answerer, by=by, at=at)
    delivering.receive(addressee, Entered("answered", london_day(at)), by=by, at=at)
    before = addressee.state
    made = RESPONSE.make(move, addressee, by=by)
    addressee.response, addressee.responded_by, addressee.responded_at = response, by.reference, at
    if addressee.state != "noted":
        addressee.answered_on = addressee.answered_on or london_day(at)
    answerer = addressee.answerer.id
    step = ResponseStep(outcome=addressee.state, words=response, agency_id=answerer, by=by.reference, at=at)
    addressee.steps.append(step)
    db.session.flush()
    _note(made.event, addressee.recommendation, by=by, at=at, before=before, after=addressee.state, text=digest(response))
    letters.response_given(addressee, at=at)


def check_progress(addressee: Addressee, *, status: str, new_date: date | None, at: datetime) -> None:
    """Refuse progress that cannot be returned: on what was not accepted, or with a new day that is missing or too many."""
    if addressee.state not in ("accepted", "partly_accepted"):
        raise Refused(gettext("Progress is returned on a recommendation that has been accepted, and until it is said to be done"))
    if status == "slipped" and (new_date is None or new_date <= london_day(at)):
        raise Refused(gettext("Give the new day by which it will be done; it must be after today"))
    if status != "slipped" and new_date is not None:
        raise Refused(gettext("Give a new day only where it has slipped"))


def return_progress(
    addressee: Addressee, *, status: str, text: str, new_date: date | None, by: Actor, at: datetime
) -> ProgressReturn:
    """What has been done so far; kept beside the returns before it. 'Done' asks the bodies to check and close."""
    check_progress(addressee, status=status, new_date=new_date, at=at)
    check_approved(addressee.answerer, by=by, at=at)
    row = ProgressReturn(addressee_id=addressee.id, status=status, text=text, new_date=new_date, by=by.reference, at=at)
    addressee.returns.append(row)
    _note("progress_returned", addressee.recommendation, by=by, at=at, status=status, text=digest(text))
    if status == "achieved":
        before = addressee.state
        made = RESPONSE.make("say_done", addressee, by=by)
        _note(made.event, addressee.recommendation, by=by, at=at, before=before, after=addressee.state)
    db.session.flush()
    letters.progress_returned(addressee, row, at=at)
    return row


def name_writer(addressee: Addressee, row: ResponseStep | ProgressReturn, written_by: str) -> None:
    """Let what was just sent carry the name of whoever wrote it; who approved it stands with the approval."""
    row.by = written_by
    if isinstance(row, ResponseStep):
        addressee.responded_by = written_by
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Check:
    """What a body found when it checked a recommendation: the reason, and where given what it saw and what replaces it."""

    why: str
    evidence: str = ""
    lodging: Lodging | None = None
    replaced_by: Recommendation | None = None


def settle_response(addressee: Addressee, move: str, check: Check, *, by: Actor, at: datetime) -> None:
    """The body's part: verify it, end it in another way or keep it open, always with a reason that is published."""
    if by.body is not None:
        _check_not_own(addressee, by, at)
    if not check.why.strip():
        raise Refused(gettext("Give the reason. It will be published with the recommendation"))
    if (move == "supersede") != (check.replaced_by is not None):
        raise Refused(gettext("Choose the recommendation that replaces it, and only where one does"))
    if check.replaced_by is not None and (
        check.replaced_by.id == addressee.recommendation_id or check.replaced_by.state != "made"
    ):
        raise Refused(gettext("Choose another recommendation, one that has been published"))
    if check.lodging is not None and check.lodging not in public_evidence(addressee.recommendation.review, london_day(at)):
        raise Refused(gettext("Choose evidence of this review that has been published"))
    if move == "reopen" and addressee.answer == "partly_accepted":
        move = "reopen_in_part"
    before = addressee.state
    made = RESPONSE.make(move, addressee, by=by)
    lead = addressee.recommendation.review.lead
    step = ResponseStep(
        outcome=addressee.state,
        words=check.why.strip(),
        evidence=check.evidence.strip(),
        lodging=check.lodging,
        replaced_by=check.replaced_by,
        body_id=by.body or lead.id,
        by=by.reference,
        at=at,
    )
    addressee.steps.append(step)
    db.session.flush()
    _note(made.event, addressee.recommendation, by=by, at=at, before=before, after=addressee.state, text=digest(check.why))
    letters.response_settled(addressee, step, at=at)
    if addressee.has_ended:
        tell_ended(addressee, step, at)


def _check_not_own(addressee: Addressee, by: Actor, at: datetime) -> None:
    """Nobody checks for a body what they answered or reported for an agency."""
    gave = {row.by for row in addressee.returns} | {row.by for row in addressee.steps if row.agency_id is not None}
    gave |= hands_in((RESPONSE_DEED, PROGRESS), addressee.id)
    if by.reference in gave | {addressee.responded_by}:
        did = gettext("You answered this recommendation for %(agency)s", agency=addressee.answerer.name)
        refuse_own(did, addressee.recommendation.review, gave | {by.reference}, at=at)
    check_not_own(addressee.recommendation.review, {addressee.agency_id, addressee.answerer.id}, by=by, at=at)


def public_evidence(review: Review, on: date) -> list[Lodging]:
    """Evidence of a review that anybody may read: what a body may point to when it says that something was done."""
    return [row for row in lodged_with(review) if row.is_public_on(on)]


def findings_chosen(review: Review, numbers: list[int]) -> list[Finding]:
    """The findings of a review by their numbers, those withdrawn left out."""
    rows = select(Finding).where(Finding.review_id == review.id, Finding.number.in_(numbers), Finding.state != "withdrawn")
    return list(db.session.scalars(rows.order_by(Finding.number)))


def lacking(recommendation: Recommendation, on: date) -> list[str]:
    """What a draft lacks before it can be proposed, a sentence for each without its full stop."""
    done_by: date | None = recommendation.done_by
    found = {
        gettext("Say what should be done"): not recommendation.text.strip(),
        gettext("Choose who should do it"): not recommendation.addressees,
        gettext("Give the day by which it is to be done"): done_by is None,
        gettext("The day by which it is to be done must be after today"): done_by is not None and done_by <= on,
        gettext("Say how it will be measured"): not recommendation.measure.strip(),
        gettext("Say which finding this recommendation follows from before proposing it"): not recommendation.findings,
    }
    return [said for said, is_lacking in found.items() if is_lacking]


def _check_whole(recommendation: Recommendation, at: datetime) -> None:
    """What others are to read and sign has all its parts."""
    if left := lacking(recommendation, london_day(at)):
        raise Refused(" ".join(full_stop(said) for said in left).removesuffix("."))


def _note(
    event: str, recommendation: Recommendation, *, by: Actor, at: datetime, before: str = "", after: str = "", **fields: str
) -> None:
    """Into the audit trail, within its review."""
    note(
        event,
        about=recommendation.reference,
        within=f"review:{recommendation.review_id}",
        by=by,
        at=at,
        before=before,
        after=after,
        **fields,
    )
