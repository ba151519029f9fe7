"""The letters of this room: a recommendation made, a response given, a response settled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import write_letter
from scrutiny.formats import london_day
from scrutiny.legal_words import AGENCY, Days, due_sentence, notice_sentence, sentence
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee, ProgressReturn, ResponseStep
from scrutiny.requests.legal_basis import stored_basis
from scrutiny.requests.letters import answering_in
from scrutiny.reviews.contact import write_for_lead
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: who follows a recommendation for the body; its other members read of it in the report
FOLLOWERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def recommendation_made(addressee: Addressee, *, at: datetime, occasion: str) -> None:
    """To the agency: what is recommended, what it must do and by when."""
    review = addressee.recommendation.review
    for recipient in answering_in(review, addressee.answerer, at):
        write_for_lead(
            "recommendation_made",
            review,
            to=recipient,
            reference=addressee.recommendation.reference,
            at=at,
            occasion=occasion,
            bundle=f"report:{review.reference}",
            review=review,
            recommendation=addressee.recommendation,
            addressee=addressee,
            **legal_values(addressee),
        )


def legal_values(addressee: Addressee) -> dict[str, Any]:
    """What the law says of the response, the notice that the letter gives, and by when it is wanted."""
    basis = stored_basis(addressee.legal_basis)
    days = Days(addressee.due_on, addressee.statutory_due_on)
    law = sentence(basis, AGENCY, wished=True)  # by when we would like the response stands below
    return {"law": law, "notice": notice_sentence(basis), "due_words": due_sentence(basis, days)}


def response_day_moved(addressee: Addressee, before: date, *, at: datetime, holiday: bool = True) -> None:
    """To the agency and the lead body: a late holiday, or a letter that came later, moved the day of a response; both days."""
    recommendation, review = addressee.recommendation, addressee.recommendation.review
    today = london_day(at)
    ours = [(one, f"/recommendations/{addressee.id}/check") for one in bodies.recipients(review.lead, today, FOLLOWERS)]
    theirs = [(one, f"/recommendations/{addressee.id}") for one in answering_in(review, addressee.answerer, at)]
    for recipient, address in {one.reference: (one, address) for one, address in ours + theirs}.values():
        write_for_lead(
            "response_day_moved",
            review,
            to=recipient,
            reference=recommendation.reference,
            at=at,
            occasion=f"{addressee.id}:{addressee.due_on}",
            review=review,
            recommendation=recommendation,
            addressee=addressee,
            before=before,
            holiday=holiday,
            address=address,
        )


def response_given(addressee: Addressee, *, at: datetime) -> None:
    """To the lead body's officers: an agency has responded."""
    review = addressee.recommendation.review
    for recipient in bodies.recipients(review.lead, london_day(at), FOLLOWERS):
        write_letter(
            "response_given",
            to=recipient,
            reference=addressee.recommendation.reference,
            at=at,
            within=f"review:{review.id}",
            occasion=f"{addressee.id}:{addressee.state}:{at.isoformat()}",
            review=review,
            recommendation=addressee.recommendation,
            addressee=addressee,
            corrected=sum(step.agency_id is not None and step.outcome in outcomes.GIVEN for step in addressee.steps) > 1,
        )


def progress_returned(addressee: Addressee, row: ProgressReturn, *, at: datetime) -> None:
    """To the lead body: an agency has said how it is going, or that it is done."""
    review = addressee.recommendation.review
    for recipient in bodies.recipients(review.lead, london_day(at), FOLLOWERS):
        write_letter(
            "progress_returned",
            to=recipient,
            reference=addressee.recommendation.reference,
            at=at,
            within=f"review:{review.id}",
            occasion=f"{addressee.id}:{at.isoformat()}",
            bundle=f"progress:{review.id}",
            review=review,
            recommendation=addressee.recommendation,
            addressee=addressee,
            done=row.status == "achieved",
            new_date=row.new_date,
        )


def response_words_erased(addressee: Addressee, why: str, *, by: Actor, at: datetime) -> None:
    """To the agency and the lead body, but not to whoever did it: words published with the recommendation are erased."""
    recommendation, review = addressee.recommendation, addressee.recommendation.review
    ours = [(one, "/check") for one in bodies.recipients(review.lead, london_day(at), FOLLOWERS)]
    theirs = [(one, "") for one in answering_in(review, addressee.answerer, at)]
    for recipient, page in {one.reference: (one, page) for one, page in ours + theirs}.values():
        if recipient.reference == by.reference:
            continue
        write_for_lead(
            "response_words_erased",
            review,
            to=recipient,
            reference=recommendation.reference,
            at=at,
            occasion=f"{addressee.id}:{at.isoformat()}",
            review=review,
            recommendation=recommendation,
            agency=addressee.answerer.name,
            why=why,
            by_name=by.name,
            address=f"/recommendations/{addressee.id}{page}",
        )


def response_settled(addressee: Addressee, step: ResponseStep, *, at: datetime) -> None:
    """To the agency: a body has checked the recommendation, and says what it decided and why."""
    review = addressee.recommendation.review
    for recipient in answering_in(review, addressee.answerer, at):
        write_for_lead(
            "response_settled",
            review,
            to=recipient,
            reference=addressee.recommendation.reference,
            at=at,
            occasion=f"{addressee.id}:{step.outcome}:{at.isoformat()}",
            review=review,
            recommendation=addressee.recommendation,
            addressee=addressee,
            line=outcomes.last_step(outcomes.record_of(addressee, london_day(at))),
            has_ended=addressee.has_ended,
        )
