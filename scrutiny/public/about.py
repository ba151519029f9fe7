"""A review as anyone may know it: nothing before its day, then title, place, bodies and dates; later what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrutiny.bodies.models import Body
from scrutiny.editions.models import Edition
from scrutiny.editions.queries import released_edition, report_of
from scrutiny.evidence.models import Lodging
from scrutiny.formats import london_day
from scrutiny.opendata import records
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.access import public_review
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.models import MethodEdition
from workflows.roles import ANYONE


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the page of an announced review shows; `requests` is None while the list is not out.

    `planned` are the phases that are plans still: none of a withdrawn review, and of a reported one those after its report.
    """

    review: Review
    method: MethodEdition
    lead: list[Body]
    partners: list[Body]
    has_begun: bool
    report: Edition | None
    reported_on: date | None
    planned: list[Phase]
    requests: list[EvidenceRequest] | None
    evidence: list[Lodging]


def page_of(reference: str, today: date) -> AboutPage:
    """The page of a review, the same for everybody; 404 before it is announced."""
    review = public_review(reference, today)
    report = report_of(review.id)
    reported_on = london_day(review.reported_at) if review.reported_at else None
    listed = records.list_is_out(review, today)
    return AboutPage(
        review=review,
        method=review.edition,
        lead=bodies_taking_part(review, "lead"),
        partners=bodies_taking_part(review, "partner"),
        report=released_edition(report) if report else None,
        has_begun=review.state not in ("planned", "withdrawn") and review.starts_on <= today,
        reported_on=reported_on,
        planned=_planned(review, reported_on),
        requests=[one for one in requests_of(review, "issued", "closed") if one.is_asked] if listed else None,
        evidence=records.lodged_readable(review, ANYONE, today) if listed else [],
    )


def _planned(review: Review, reported_on: date | None) -> list[Phase]:
    """The phases that are plans still. When each of the others really ended, nobody entered: a plan is no record of it."""
    if review.state == "withdrawn":
        return []
    return [phase for phase in review.phases if reported_on is None or phase.starts_on > reported_on]
