"""The doors of this room's pages about a review; what may not be seen is not there (404)."""

from __future__ import annotations

from datetime import date

from flask import abort

from scrutiny.accounts.access import key_of_mine
from scrutiny.accounts.models import AccessKey
from scrutiny.correspondence import queries as correspondence
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.reviews.access import may_inspect, may_read, may_run, review_to_read
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import whole
from workflows.roles import Actor

#: Letters an agency's people write to each other, or keep: never shown to those who asked.
AGENCY_OWN_LETTERS = (
    *("item_handed", "item_passed_back", "certify", "taken_from_approver", "wrong_answer_told", "item_sent_back", "receipt"),
    *("check_to_approve", "check_taken_back", "check_sent_back"),
    *("approval_wanted", "approval_taken_back", "approval_sent_back", "approval_given"),
)


def body_asking(by: Actor) -> int:
    """The id of the body acted for; to everybody else the list of reviews is not there."""
    if by.body is None:
        abort(404)
    return by.body


def delays_to_read(by: Actor) -> None:
    """The delay log is for members of an agency, who see its own, and of a body, who see the reviews it leads."""
    if by.agency is None and by.body is None:
        abort(404)


def capacity_with_work(by: Actor) -> None:
    """To whoever acts for nobody there is no work to list."""
    if by.agency is None and by.body is None:
        abort(404)


def feed_of_mine(key_id: int, by: Actor) -> AccessKey:
    """One of the actor's own feeds that still opens something, else 404."""
    key = key_of_mine(key_id, by)
    return key if key.shows else abort(404)


def review_shown(review_id: int, by: Actor, today: date) -> Review:
    """The review of a feed, while its holder may still read it; else there is none."""
    review = db.session.scalar(whole().where(Review.id == review_id))
    if review is None or not may_read(review, by, today):
        abort(404)
    return review


def review_to_follow(reference: str, by: Actor, today: date) -> Review:
    """The review, for members of its lead and partner bodies: its history and its letters are theirs."""
    review = review_to_read(reference, by, today)
    if not may_inspect(review, by):
        abort(404)
    return review


def letters_of(review: Review) -> list[Letter]:
    """The letters of a review that its bodies may know of, newest first."""
    return [one for one in correspondence.letters_within(review.plain) if one.kind not in AGENCY_OWN_LETTERS]


def letter_to_read(reference: str, letter_id: int, by: Actor, today: date) -> tuple[Review, Letter]:
    """One letter of a review in its own words, for those who run the review; a secret stands in it as a placeholder."""
    review = review_to_follow(reference, by, today)
    letter = correspondence.letter(letter_id)
    hidden = letter is None or letter.within != review.plain or letter.kind in AGENCY_OWN_LETTERS
    if hidden or letter is None or not may_run(review, by):
        abort(404)
    return review, letter
