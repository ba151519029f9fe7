"""The letters of this room: a review withdrawn, its dates moved, a newer edition of its method taken up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.correspondence.service import Recipient
from scrutiny.due_dates.rescheduling import Redated
from scrutiny.formats import london_day
from scrutiny.requests.letters import address_of, receivers
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.access import RUNNERS
from scrutiny.reviews.contact import write_for_lead
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import bodies_taking_part
from workflows.method import Method
from workflows.roles import Actor


def partners_of(review: Review) -> list[Body]:
    """The bodies that work on a review beside the one in the lead."""
    return [body for body in bodies_taking_part(review) if body.id != review.lead.id]


def review_withdrawn(review: Review, why: str, *, by: Actor, at: datetime) -> None:
    """To those who run the review for its partners: that it is withdrawn, and why. Agencies have letters of their own."""
    for to in _partners(review, at):
        write_for_lead(
            "review_withdrawn", review, to=to, reference=review.plain, at=at, review=review, why=why, by=by, lead=review.lead.name
        )


def review_withdrawn_to_agencies(review: Review, why: str, *, by: Actor, at: datetime) -> None:
    """To the agencies whose requests are all closed: the same. An agency with a request that was open has a letter for that."""
    still_asked = {one.agency_id for one in requests_of(review, "withdrawn") if one.ended_why == why}
    told: set[str] = set()
    for request in requests_of(review, "closed"):
        for to in receivers(request, at) if request.agency_id not in still_asked else ():
            if to.reference not in told:
                told.add(to.reference)
                write_for_lead(
                    "review_withdrawn_agency",
                    review,
                    to=to,
                    reference=request.plain,
                    at=at,
                    review=review,
                    why=why,
                    agency=request.agency.name,
                    our_reference=request.reference,
                    by=by,
                    lead=review.lead.name,
                    address=address_of(request),
                )


def dates_moved(review: Review, moved: Sequence[tuple[Phase, date, date]], why: str, *, by: Actor, at: datetime) -> None:
    """To the same: which phases have other dates now, each with the days it had."""
    for to in _partners(review, at):
        write_for_lead(
            "dates_moved",
            review,
            to=to,
            reference=review.plain,
            at=at,
            occasion=at.isoformat(),
            review=review,
            moved=moved,
            why=why,
            by=by,
            lead=review.lead.name,
        )


def method_taken_up(review: Review, older: Method, newer: Method, why: str, *, by: Actor, at: datetime) -> None:
    """To the same: that the review is now read by a newer edition of its method."""
    for to in _partners(review, at):
        write_for_lead(
            "method_taken_up",
            review,
            to=to,
            reference=review.plain,
            at=at,
            occasion=newer.digest[:16],
            review=review,
            older=older,
            newer=newer,
            why=why,
            by=by,
            lead=review.lead.name,
        )


def dates_given(request: EvidenceRequest, rows: Sequence[Redated], why: str, *, at: datetime) -> None:
    """To an agency: which of its items are due later now, and why; one letter for a request."""
    for to in receivers(request, at):
        write_for_lead(
            "dates_given",
            request.review,
            to=to,
            reference=request.plain,
            at=at,
            occasion=at.isoformat(),
            bundle=f"dates_given:{request.review.id}",
            rows=rows,
            why=why,
            our_reference=request.reference,
            agency=request.agency.name,
            title=request.review.title,
            lead=request.review.lead.name,
            address=address_of(request),
        )


def _partners(review: Review, at: datetime) -> list[Recipient]:
    """Those who run the review for its partner bodies."""
    return [to for body in partners_of(review) for to in bodies.recipients(body, london_day(at), RUNNERS)]
