"""The letters of this room: a recommendation made, a response given, a response settled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import write_letter
from scrutiny.formats import london_day
from scrutiny.legal_words import AGENCY, Days, due_sentence, notice_sentence, sentence
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee, ResponseStep
from scrutiny.requests.legal_basis import stored_basis
from scrutiny.reviews.contact import writer_of
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

#: who follows a recommendation for the body; its other members read of it in the report
FOLLOWERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def recommendation_made(addressee: Addressee, *, at: datetime) -> None:
    """To the agency: what is recommended, what it must do and by when."""
    review = addressee.recommendation.review
    for recipient in agencies.recipients(addressee.answerer, london_day(at)):
        write_letter(
            "recommendation_made",
            to=recipient,
            sender=writer_of(review).sender,
            us=writer_of(review),
            reference=addressee.recommendation.reference,
            at=at,
            within=f"review:{review.id}",
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
    return {"law": sentence(basis, AGENCY), "notice": notice_sentence(basis), "due_words": due_sentence(basis, days)}


def response_day_moved(addressee: Addressee, before: date, *, at: datetime) -> None:
    """To the agency and to the lead body: a holiday learnt of late moved the day of a response; both days are named."""
    recommendation, review = addressee.recommendation, addressee.recommendation.review
    today = london_day(at)
    told = [*agencies.recipients(addressee.agency, today), *bodies.recipients(review.lead, today, FOLLOWERS)]
    for recipient in {one.reference: one for one in told}.values():
        write_letter(
            "response_day_moved",
            to=recipient,
            sender=writer_of(review).sender,
            us=writer_of(review),
            reference=recommendation.reference,
            at=at,
            within=f"review:{review.id}",
            occasion=f"{addressee.id}:{addressee.due_on}",
            review=review,
            recommendation=recommendation,
            addressee=addressee,
            before=before,
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
        )


def response_settled(addressee: Addressee, step: ResponseStep, *, at: datetime) -> None:
    """To the agency: a body has checked the recommendation, and says what it decided and why."""
    review = addressee.recommendation.review
    for recipient in agencies.recipients(addressee.answerer, london_day(at)):
        write_letter(
            "response_settled",
            to=recipient,
            sender=writer_of(review).sender,
            us=writer_of(review),
            reference=addressee.recommendation.reference,
            at=at,
            within=f"review:{review.id}",
            occasion=f"{addressee.id}:{step.outcome}:{at.isoformat()}",
            review=review,
            recommendation=addressee.recommendation,
            addressee=addressee,
            line=outcomes.account(outcomes.record_of(addressee, london_day(at)))[-1],
            has_ended=addressee.has_ended,
        )
