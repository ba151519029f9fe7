"""Writing recommendations, making them on the day of release, answering them, following them until they are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.audit.service import digest, note
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import lodged_with
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import letters, queries
from scrutiny.recommendations.clocks import Asked, response_dates
from scrutiny.recommendations.models import Addressee, ProgressReturn, Recommendation, ResponseStep
from scrutiny.requests.legal_basis import asking_of, basis_of, power_named, subject_of
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force, method_of, rules
from workflows.lifecycles.recommendation import RECOMMENDATION, RESPONSE
from workflows.method import ResponseRule
from workflows.powers import REPLY, Asking, LegalBasis, Power, why_not
from workflows.refusals import Refused
from workflows.roles import Actor


def draft_recommendation(
    review: Review, *, text: str, measure: str, done_by: date, agency: Agency, findings: list[Finding], by: Actor, at: datetime
) -> Recommendation:
    """Draft one recommendation: one thing to be done, by one agency, by a day, and how it will be known to be done."""
    _check(done_by, at)
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
        addressees=[Addressee(agency=agency)],
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
    done_by: date,
    agency: Agency,
    findings: list[Finding],
    seen: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """Change the words of a recommendation that has not been made; somebody else's change meanwhile is refused."""
    transaction.check_version(recommendation, seen)
    if recommendation.state not in ("drafted", "proposed"):
        raise Refused("This recommendation has been made: it can be withdrawn, but its words stand as they were published")
    _check(done_by, at)
    recommendation.text, recommendation.measure, recommendation.done_by = text, measure, done_by
    recommendation.findings = findings
    if [row.agency_id for row in recommendation.addressees] != [agency.id]:
        recommendation.addressees = [Addressee(agency=agency)]
    db.session.flush()
    _note("recommendation_revised", recommendation, by=by, at=at, text=digest(text))


def move_recommendation(recommendation: Recommendation, move: str, *, by: Actor, at: datetime) -> None:
    """Propose, take back or withdraw; one that follows from no finding cannot be proposed."""
    if move == "propose" and not recommendation.findings:
        raise Refused("Say which finding this recommendation follows from before proposing it")
    before = recommendation.state
    made = RECOMMENDATION.make(move, recommendation, by=by)
    db.session.flush()
    _note(made.event, recommendation, by=by, at=at, before=before, after=recommendation.state)


def make_recommendations(review: Review, *, by: Actor, at: datetime) -> list[Recommendation]:
    """On the day the report comes out: every proposed recommendation is made, and each addressee's clock starts."""
    made = queries.of_review(review.id, states=["proposed"])
    for recommendation in made:
        move_recommendation(recommendation, "make", by=by, at=at)
        recommendation.made_at = at
        for addressee in recommendation.addressees:
            start_clock(addressee, received_on=london_day(at))
            letters.recommendation_made(addressee, at=at)
    return made


def basis_of_response(review: Review, agency: Agency, on: date) -> LegalBasis:
    """What the agency must do about what the lead body of a review recommends, and on what law."""
    asking = asking_of(review, agency, on)
    rule = _rule_for(review, agency, asking)
    return basis_of(asking, REPLY, named=(rule.power or "") if rule else "")


def _rule_for(review: Review, agency: Agency, asking: Asking) -> ResponseRule | None:
    """The rule of the review's own method that fits an agency: one that rests on a power which does not hold is passed over."""
    method = method_of(review.edition)
    holding = {
        power.key for power in rules().powers if why_not(power, asking) is None and power.subject in (None, asking.subject)
    }
    return method.response_rule_for(agency.kind, own_council=asking.own_council, holding=holding)


def start_clock(addressee: Addressee, *, received_on: date) -> None:
    """Record the day of receipt, and from it both days of a response, the law's and the method's; kept for each addressee."""
    basis = basis_of_response(addressee.recommendation.review, addressee.agency, received_on)
    power = power_named(basis.power_key)
    addressee.received_on, addressee.power_key = received_on, basis.power_key
    addressee.legal_basis = basis.stripped().to_plain()
    dates = response_dates(asked_of(addressee, power), calendars_in_force())
    addressee.due_on, addressee.due_working = dates.due_on, dates.working
    addressee.clock = str(dates.governing.clock) if dates.governing else ""
    addressee.statutory_due_on = dates.statutory.due if dates.statutory else None
    addressee.agreed_due_on = dates.agreed.due if dates.agreed else None


def recount(addressee: Addressee) -> date | None:
    """Count a response still awaited again with the calendars in force, under the power it was asked under; the day it had.

    A day only ever moves later; the one before is kept.
    """
    before, power = addressee.due_on, power_named(addressee.power_key)
    if before is None or addressee.received_on is None:
        return None
    dates = response_dates(asked_of(addressee, power), calendars_in_force())
    addressee.due_working = {**addressee.due_working, "calendar": dates.working.get("calendar", "")}
    if dates.due_on is not None and dates.due_on > before:
        addressee.due_on, addressee.due_working = dates.due_on, {**dates.working, "before": before.isoformat()}
    law, wish = (found.due if found else None for found in (dates.statutory, dates.agreed))
    addressee.statutory_due_on = _later(addressee.statutory_due_on, law)
    addressee.agreed_due_on = _later(addressee.agreed_due_on, wish)
    db.session.flush()
    return before


def _later(kept: date | None, counted: date | None) -> date | None:
    """The later of a day kept and the same counted again; one that was not set stays so."""
    return max(kept, counted) if kept is not None and counted is not None else kept


def asked_of(addressee: Addressee, power: Power | None) -> Asked:
    """What decides the day of a response: the power, and the rule of the review's own method that fits it and the agency."""
    review, agency = addressee.recommendation.review, addressee.agency
    on = addressee.received_on or review.starts_on
    rule = _rule_for(review, agency, asking_of(review, agency, on))
    return Asked(power, method_of(review.edition), rule, on, agency.nation, subject_of(review))


def respond(addressee: Addressee, move: str, *, response: str, by: Actor, at: datetime) -> None:
    """An agency's response: accept, accept in part, reject or note, in its own words; an earlier one stays on record."""
    if not response.strip():
        raise Refused("Say in your own words what you will do, or why you will not")
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


def return_progress(
    addressee: Addressee, *, status: str, text: str, new_date: date | None, by: Actor, at: datetime
) -> ProgressReturn:
    """What has been done so far; kept beside the returns before it. 'Done' asks the bodies to check and close."""
    if addressee.state not in ("accepted", "partly_accepted"):
        raise Refused("Progress is returned on a recommendation that has been accepted, and until it is said to be done")
    if status == "slipped" and (new_date is None or new_date <= london_day(at)):
        raise Refused("Give the new day by which it will be done; it must be after today")
    if status != "slipped" and new_date is not None:
        raise Refused("Give a new day only where it has slipped")
    row = ProgressReturn(addressee_id=addressee.id, status=status, text=text, new_date=new_date, by=by.reference, at=at)
    addressee.returns.append(row)
    _note("progress_returned", addressee.recommendation, by=by, at=at, status=status, text=digest(text))
    if status == "achieved":
        before = addressee.state
        made = RESPONSE.make("say_done", addressee, by=by)
        _note(made.event, addressee.recommendation, by=by, at=at, before=before, after=addressee.state)
    db.session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Check:
    """What a body found when it checked a recommendation: the reason, and where given what it saw and what replaces it."""

    why: str
    evidence: str = ""
    lodging: Lodging | None = None
    replaced_by: Recommendation | None = None


def settle_response(addressee: Addressee, move: str, check: Check, *, by: Actor, at: datetime) -> None:
    """The body's part: verify it, end it in another way or keep it open, always with a reason that is published."""
    if not check.why.strip():
        raise Refused("Give the reason. It will be published with the recommendation")
    if (move == "supersede") != (check.replaced_by is not None):
        raise Refused("Choose the recommendation that replaces it, and only where one does")
    if check.replaced_by is not None and (
        check.replaced_by.id == addressee.recommendation_id or check.replaced_by.state != "made"
    ):
        raise Refused("Choose another recommendation, one that has been published")
    if check.lodging is not None and check.lodging not in public_evidence(addressee.recommendation.review, london_day(at)):
        raise Refused("Choose evidence of this review that has been published")
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


def public_evidence(review: Review, on: date) -> list[Lodging]:
    """Evidence of a review that anybody may read: what a body may point to when it says that something was done."""
    return [row for row in lodged_with(review) if row.is_public_on(on)]


def findings_chosen(review: Review, numbers: list[int]) -> list[Finding]:
    """The findings of a review by their numbers, those withdrawn left out."""
    rows = select(Finding).where(Finding.review_id == review.id, Finding.number.in_(numbers), Finding.state != "withdrawn")
    return list(db.session.scalars(rows.order_by(Finding.number)))


def _check(done_by: date, at: datetime) -> None:
    """A day in the past cannot be kept."""
    if done_by <= london_day(at):
        raise Refused("The day by which it is to be done must be after today")


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
