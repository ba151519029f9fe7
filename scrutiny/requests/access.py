"""The asker's doors to requests and items: find and permit in one call; what may not be seen is not there (404)."""

from __future__ import annotations

import re
from datetime import date

from flask import abort

from scrutiny.correspondence.edited_models import LetterAttachment
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.queries import mail
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.requests.queries import request_numbered, review_of_letters
from scrutiny.reviews.access import is_councillor, may_inspect, may_run, review_to_read, review_to_run
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def request_to_read(reference: str, slug: str, by: Actor, today: date) -> EvidenceRequest:
    """The request, for members of the review's bodies; a draft only for those who work on the review."""
    review = review_to_read(reference, by, today)
    request = _numbered(review, slug)
    if request.state in ("drafted", "dropped") and not may_inspect(review, by):
        abort(404)
    return request


def request_to_run(reference: str, slug: str, by: Actor) -> EvidenceRequest:
    """The request, for those who run the review; its other readers are told that they may not."""
    return _numbered(review_to_run(reference, by), slug)


def item_to_look_at(reference: str, slug: str, number: int, by: Actor, today: date) -> Item:
    """One item of a request, for members of the review's bodies; its answer is for evidence.access to show."""
    return _item(request_to_read(reference, slug, by, today), number)


def item_to_run(reference: str, slug: str, number: int, by: Actor) -> Item:
    """One item, for those who run the review: to withdraw it or to enter its answer."""
    return _item(request_to_run(reference, slug, by), number)


def item_to_judge(reference: str, slug: str, number: int, by: Actor, today: date) -> Item:
    """One item, for members of the lead and partner bodies: to accept or return its answer."""
    item = item_to_look_at(reference, slug, number, by, today)
    if not may_inspect(item.request.review, by):
        abort(403)
    return item


def extension_to_decide(reference: str, slug: str, extension_id: int, by: Actor) -> Extension:
    """More time asked for on a request, for those who run the review."""
    request = request_to_run(reference, slug, by)
    extension = db.session.get(Extension, extension_id)
    if extension is None or extension.request_id != request.id:
        abort(404)
    return extension


def mail_to_deal_with(reference: str, slug: str, mail_id: int, by: Actor) -> IncomingMail:
    """An email that came in about a request, for those who run the review."""
    request = request_to_run(reference, slug, by)
    row = mail(mail_id)
    if row is None or row.about != request.plain:
        abort(404)
    return row


def attachment_to_read(reference: str, attachment_id: int, by: Actor) -> LetterAttachment:
    """A file that goes or went with letters of a review, for those who run it."""
    review = review_to_run(reference, by)
    found = db.session.get(LetterAttachment, attachment_id)
    if found is None or review_of_letters(found.reference) != review.id:
        abort(404)
    return found


def may_run_request(request: EvidenceRequest, by: Actor) -> bool:
    """Whether the actor runs the review a request belongs to."""
    return may_run(request.review, by)


def may_read_email(request: EvidenceRequest, by: Actor) -> bool:
    """Whether the actor may read what came by email: its words are evidence nobody has marked yet, so councillors may not."""
    return may_run(request.review, by) and not is_councillor(by)


def _numbered(review: Review, slug: str) -> EvidenceRequest:
    """The request with a slug such as P03."""
    match = re.fullmatch(r"P(\d{2,4})", slug)
    request = request_numbered(review, int(match[1])) if match else None
    if request is None:
        abort(404)
    return request


def _item(request: EvidenceRequest, number: int) -> Item:
    """The item with a number."""
    found = next((item for item in request.items if item.number == number), None)
    if found is None:
        abort(404)
    return found
