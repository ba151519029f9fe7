"""The doors of the API: what of a review a key, a session or a stranger may know; what may not be seen is not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.queries import area_with_code
from scrutiny.extensions import db
from scrutiny.opendata import records
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import whole
from scrutiny.reviews.access import may_inspect, may_read
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import is_announced, review_by_reference
from workflows.roles import Actor

#: The states of a request its agency knows of.
SENT = ("issued", "withdrawn", "closed")


@dataclass(frozen=True, slots=True)
class Known:
    """A review, and as what it is known: by a member of its bodies, by an agency it asked, or by anyone."""

    review: Review
    member: bool
    asked: bool


def area_to_read(code: str, on: date, kind: str | None = None) -> Area:
    """The area of a code on a day; 404 with a sentence where there is none."""
    found = area_with_code(code, on, kind) or area_with_code(code.upper(), on, kind)
    return found or abort(
        404, gettext("There is no area with the code %(code)s on %(isoformat)s", code=code[:40], isoformat=on.isoformat())
    )


def review_to_know(reference: str, by: Actor, today: date) -> Known:
    """The review, for members of its bodies, agencies it asked, and, once announced, for anyone."""
    review = review_by_reference(reference)
    if review is None:
        abort(404)
    asked = by.agency is not None and bool(_asked(review, by.agency))
    known = Known(review, may_read(review, by, today), asked)
    if not (known.member or known.asked or is_announced(review, today)):
        abort(404)
    return known


def requests_to_read(known: Known, by: Actor, today: date) -> list[EvidenceRequest]:
    """The requests of a review: all for its bodies (drafts for those who work on it), an agency's own, or the list once out."""
    rows = whole().where(EvidenceRequest.review_id == known.review.id).order_by(EvidenceRequest.number)
    if known.member:
        states = (*SENT, "drafted") if may_inspect(known.review, by) else SENT
        return list(db.session.scalars(rows.where(EvidenceRequest.state.in_(states))))
    if records.list_is_out(known.review, today):
        return list(db.session.scalars(rows.where(EvidenceRequest.is_asked)))
    if not known.asked:
        abort(404)
    return list(db.session.scalars(rows.where(EvidenceRequest.agency_id == by.agency, EvidenceRequest.state.in_(SENT))))


def review_with_matrix(reference: str, by: Actor, today: date) -> Review:
    """The review, for members of its bodies: nobody else has a matrix."""
    known = review_to_know(reference, by, today)
    if not known.member:
        abort(404)
    return known.review


def reads_findings(known: Known, by: Actor) -> bool:
    """Whether the actor reads findings before they are published: members of the lead and partner bodies."""
    return known.member and may_inspect(known.review, by)


def _asked(review: Review, agency_id: int) -> list[int]:
    """The requests an agency was sent in a review."""
    rows = select(EvidenceRequest.id).where(
        EvidenceRequest.review_id == review.id, EvidenceRequest.agency_id == agency_id, EvidenceRequest.state.in_(SENT)
    )
    return list(db.session.scalars(rows.order_by(EvidenceRequest.id)))
