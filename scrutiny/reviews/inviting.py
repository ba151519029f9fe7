"""Inviting a body to be a partner: it takes part only once it accepts, and may decline with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import digest, note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reviews import letters
from scrutiny.reviews.models import Invitation, Review
from scrutiny.reviews.queries import bodies_taking_part, part_of
from scrutiny.reviews.service import add_body
from scrutiny.reviews.timetable import still_open
from scrutiny.rules.queries import damage_of, method_of
from workflows.lifecycles.invitation import INVITATION
from workflows.refusals import Refused
from workflows.roles import Actor


def invite_partner(review: Review, body: Body, *, by: Actor, at: datetime) -> Invitation:
    """Invite a body to be a partner, and write to those who plan for it; until it accepts it has no part in the review."""
    still_open(review)
    if part_of(review, body.id) is not None:
        raise Refused(gettext("%(body)s already has a part in this review", body=body.name))
    if body in invited_to(review):
        raise Refused(gettext("%(body)s has been invited already and has not answered", body=body.name))
    sentence = method_of(review.edition).why_not_join(body.kind)
    if sentence:
        raise Refused(sentence)
    invitation = Invitation(review=review, body=body, state=INVITATION.initial, by=by.reference, at=at)
    db.session.add(invitation)
    db.session.flush()
    note("partner_invited", about=review.plain, within=review.plain, by=by, at=at, body=body.reference)
    letters.partner_invited(invitation, at=at)
    return invitation


def invited_to(review: Review) -> list[Body]:
    """The bodies that were invited to a review and have not answered, by name."""
    waiting = [one.body for one in invitations_of(review) if one.state == "invited"]
    return sorted(waiting, key=lambda body: body.name)


def accept(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Become a partner from today; the lead is told."""
    review = invitation.review
    still_open(review)
    _answer("accept", invitation, by=by, at=at)
    add_body(review, invitation.body, "partner", by=by, at=at)
    letters.invitation_answered(invitation, by=by, at=at)
    return invitation


def decline(invitation: Invitation, *, why: str, by: Actor, at: datetime) -> Invitation:
    """Take no part, with the reason; the lead is told."""
    if not why.strip():
        raise Refused(gettext("Say why your body cannot take part: the body in the lead reads it"))
    invitation.why = why.strip()
    _answer("decline", invitation, by=by, at=at)
    letters.invitation_answered(invitation, by=by, at=at, lacking=bodies_lacking(invitation.review))
    return invitation


def take_back(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Invite a body no longer; it is told."""
    _answer("take_back", invitation, by=by, at=at)
    letters.invitation_taken_back(invitation, at=at)
    return invitation


def invitations_of(review: Review) -> list[Invitation]:
    """Every invitation of a review, oldest first."""
    return list(db.session.scalars(select(Invitation).where(Invitation.review_id == review.id).order_by(Invitation.id)))


def bodies_lacking(review: Review) -> str:
    """What the lead has to do where fewer bodies take part than the method needs; '' where there are enough."""
    if review.state not in ("planned", "opened") or damage_of(review.edition):
        return ""
    method = method_of(review.edition)
    taking_part = len(bodies_taking_part(review))
    waiting = invited_to(review)
    if taking_part >= method.least_bodies:
        return ""
    needed = gettext(
        "The method “%(method)s” needs %(least)s bodies or more to take part.", method=method.title, least=method.least_bodies
    )
    if taking_part + len(waiting) >= method.least_bodies:
        return needed + " " + gettext("The report cannot be published until enough of those invited have accepted.")
    return (
        needed
        + " "
        + gettext("Invite more partners, or withdraw the review. The report cannot be published until enough bodies take part.")
    )


def waiting_for(body_id: int) -> Sequence[Invitation]:
    """The invitations a body has not answered, oldest first."""
    rows = select(Invitation).join(Review).where(Invitation.body_id == body_id, Invitation.state == "invited")
    return list(db.session.scalars(rows.where(Review.state.in_(("planned", "opened"))).order_by(Invitation.id)))


def _answer(name: str, invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Move an invitation and note it."""
    move = INVITATION.make(name, invitation, by=by)
    invitation.answered_by, invitation.answered_at = by.reference, at
    db.session.flush()
    review, why = invitation.review, {"why": digest(invitation.why)} if invitation.why else {}
    note(move.event, about=review.plain, within=review.plain, by=by, at=at, body=invitation.body.reference, **why)
