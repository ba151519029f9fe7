"""The doors of reports: to sign, to read in draft, to decide about an error."""

from __future__ import annotations

from datetime import date

from flask import abort

from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.editions import access as editions
from scrutiny.editions.models import Report
from scrutiny.editions.queries import report_of
from scrutiny.extensions import db
from scrutiny.reports import queries
from scrutiny.reports.models import Dissent, ErrorReport, Signature
from scrutiny.reviews import access as reviews
from scrutiny.reviews.models import Review
from workflows.roles import CHAIR, COUNCILLOR, INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

READERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def place_to_report(place_id: int, by: Actor) -> Place:
    """A place whose area reports an administrator looks after; to others it is not there."""
    found = db.session.get(Place, place_id)
    if found is None or not by.administrator:
        abort(404)
    return found


def review_to_sign(reference: str, by: Actor) -> Review:
    """A review whose sign-off page the actor may open: members of its lead and partner bodies."""
    return reviews.review_to_inspect(reference, by)


def body_to_sign_for(review: Review, body_id: int) -> Body:
    """A body of the review; another is not there."""
    found = next((row.body for row in review.bodies if row.body_id == body_id and row.to_on is None), None)
    if found is None:
        abort(404)
    return found


def dissent_of_own(reference: str, dissent_id: int, by: Actor) -> tuple[Review, Dissent]:
    """A dissent the actor wrote."""
    review = review_to_sign(reference, by)
    found = db.session.get(Dissent, dissent_id)
    if found is None or found.review_id != review.id or found.person != by.reference:
        abort(404)
    return review, found


def report_to_read(reference: str, by: Actor) -> tuple[Review, Report | None]:
    """The draft of a report, for members of the review's lead and partner bodies: whoever signs reads it whole first."""
    review = reviews.review_to_inspect(reference, by)
    return review, report_of(review.id)


def signature_to_correct(reference: str, signature_id: int, by: Actor) -> tuple[Review, Signature]:
    """A signature that stands, for the body it was given for, or for the lead where it came on paper."""
    review = review_to_sign(reference, by)
    row = next((row for row in queries.signatures_of(review.id) if row.id == signature_id and row.voided_at is None), None)
    if row is None:
        abort(404)
    if not may_correct(row, review, by):
        abort(403)
    return review, row


def may_correct(row: Signature, review: Review, by: Actor) -> bool:
    """Whether the actor may put a signature right: its own body's signers and officers; the lead's for one on paper."""
    own = by.body == row.body_id or (bool(row.paper_sha256) and by.body == review.lead.id)
    return own and by.has(CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER) and review.state == "opened"


def dissent_to_see(reference: str, dissent_id: int, by: Actor) -> tuple[Review, Dissent]:
    """A dissent that stands, for those who run the review."""
    review, _ = editions.report_to_run(reference, by)
    row = next((row for row in queries.dissents_of(review.id) if row.id == dissent_id), None)
    return review, row or abort(404)


def error_to_decide(reference: str, error_id: int, by: Actor) -> ErrorReport:
    """An error reported in a report the actor runs."""
    _, report = editions.report_to_run(reference, by)
    found = db.session.get(ErrorReport, error_id)
    if report is None or found is None or found.edition.report_id != report.id:
        abort(404)
    return found


def may_dissent(review: Review, by: Actor, today: date) -> bool:
    """Members of the lead and partner bodies, councillors and inspectors alike, while the review is not reported."""
    return review.state == "opened" and by.has(COUNCILLOR, CHAIR, INSPECTOR, LEAD_INSPECTOR) and by.body is not None
