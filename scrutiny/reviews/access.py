"""The doors of reviews: find and permit in one call; what may not be seen is not there (404)."""

from __future__ import annotations

from datetime import date

from flask import abort

from scrutiny.extensions import db
from scrutiny.reviews.models import Invitation, Question, Review, ReviewDraft
from scrutiny.reviews.queries import is_announced, is_under_way, part_of, review_by_reference
from workflows.roles import CHAIR, COUNCILLOR, LEAD_INSPECTOR, OPERATOR, SCRUTINY_OFFICER, Actor

#: Who runs a review for the body in the lead.
RUNNERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def may_read(review: Review, by: Actor, today: date) -> bool:
    """Whether the body acted for has a part in the review: lead, partner or observer. Agencies never read it."""
    return by.body is not None and part_of(review, by.body, today) is not None


def may_run(review: Review, by: Actor) -> bool:
    """Whether the actor runs the review: an officer, chair or lead inspector of the body in the lead, or the operator."""
    return by.has(OPERATOR) or (by.has(*RUNNERS) and part_of(review, by.body) == "lead")


def may_change(review: Review, by: Actor) -> bool:
    """Whether the actor runs the review and it is not over: what changes it is offered to nobody else."""
    return may_run(review, by) and is_under_way(review)


def may_inspect(review: Review, by: Actor) -> bool:
    """Whether the actor works on the review: anybody of its lead or partner bodies."""
    return by.body is not None and part_of(review, by.body) in ("lead", "partner")


def review_to_read(reference: str, by: Actor, today: date) -> Review:
    """The review, for members of the bodies that have a part in it; for others there is none."""
    review = review_by_reference(reference)
    if review is None or not may_read(review, by, today):
        abort(404)
    return review


def review_to_run(reference: str, by: Actor) -> Review:
    """The review, for those who run it; its other readers are told that they may not."""
    review = _review_of(reference, by)
    if not may_run(review, by):
        abort(403)
    return review


def review_to_inspect(reference: str, by: Actor) -> Review:
    """The review, for members of its lead and partner bodies; observers are told that they may not."""
    review = _review_of(reference, by)
    if not may_inspect(review, by):
        abort(403)
    return review


def review_to_question(reference: str, by: Actor) -> Review:
    """The review, for those who may propose a question: members of its lead and partner bodies."""
    return review_to_inspect(reference, by)


def question_to_settle(reference: str, question_id: int, by: Actor) -> Question:
    """A question of a review, for those who run the review."""
    review = review_to_run(reference, by)
    question = db.session.get(Question, question_id)
    if question is None or question.review_id != review.id:
        abort(404)
    return question


def public_review(reference: str, today: date) -> Review:
    """The review as the public may know it: from the day it is announced; before that there is none."""
    review = review_by_reference(reference)
    if review is None or not is_announced(review, today):
        abort(404)
    return review


def invitation_to_answer(invitation_id: int, by: Actor) -> Invitation:
    """An invitation that waits for an answer, for those who plan for the body invited."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or found.body_id != by.body or found.state != "invited" or not by.has(*RUNNERS):
        abort(404)
    return found


def invitation_to_take_back(invitation_id: int, by: Actor) -> Invitation:
    """An invitation, for those who run the review."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or not may_run(found.review, by):
        abort(404)
    return found


def may_open(by: Actor) -> bool:
    """Whether the actor may open reviews for the body acted for."""
    return by.body is not None and by.has(*RUNNERS)


def body_to_open_for(by: Actor) -> int:
    """The id of the body a new review would be led by; others are told that they may not open one."""
    if by.body is None or not may_open(by):
        abort(403)
    return by.body


def draft_to_edit(draft_id: int, by: Actor) -> ReviewDraft:
    """A review being prepared, for those who run reviews for its body."""
    draft = db.session.get(ReviewDraft, draft_id)
    if draft is None or draft.body_id != by.body or not may_open(by):
        abort(404)
    return draft


def is_councillor(by: Actor) -> bool:
    """Whether the actor is a councillor here, to whom personal material is never shown."""
    return by.has(COUNCILLOR, CHAIR)


def _review_of(reference: str, by: Actor) -> Review:
    """The review, if the body acted for has a part in it now, or the operator asks."""
    review = review_by_reference(reference)
    if review is None or not (by.has(OPERATOR) or part_of(review, by.body) is not None):
        abort(404)
    return review
