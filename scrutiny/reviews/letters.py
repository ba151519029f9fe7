"""The letters of this room: that a holiday learnt of late moved the timetable of a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from scrutiny.accounts import queries as accounts
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.formats import london_day
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.models import Invitation, Phase, Question, Review, ReviewBody
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.queries import method_of
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: The rule by which the committee in the lead votes, and nobody else signs.
LEAD_ALONE = "committee-vote"
#: The page each letter leads to.
PAGES = {
    "partner_invited": "/invitations/{invitation}",
    "invitation_answered": "/reviews/{reference}/people",
    "invitation_taken_back": "",
    "body_added": "/reviews/{reference}",
    "body_removed": "",
    "question_proposed": "/reviews/{reference}/questions",
    "question_settled": "/reviews/{reference}/questions",
}
#: Who runs a review for its body, or leads its part in it.
PLANNERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def partner_invited(invitation: Invitation, *, at: datetime) -> None:
    """To those who plan for the body invited."""
    signs = method_of(invitation.review.edition).sign_off.rule != LEAD_ALONE
    values = {"signs": signs, "reason": invitation.review.reason.strip(), "invitation": invitation.id}
    _write("partner_invited", invitation.review, invitation.body, at=at, occasion=str(invitation.id), **values)


def invitation_answered(invitation: Invitation, *, by: Actor, at: datetime, lacking: str = "") -> None:
    """To those who plan for the body in the lead: whether the body invited takes part, or why not and what is `lacking` now."""
    review = invitation.review
    values = {"accepted": invitation.state == "accepted", "why": invitation.why, "by": by.name, "lacking": lacking}
    for to in bodies.recipients(review.lead, london_day(at), PLANNERS):
        _to("invitation_answered", to, review, invitation.body, at=at, occasion=str(invitation.id), **values)


def invitation_taken_back(invitation: Invitation, *, at: datetime) -> None:
    """To those who plan for the body that was invited."""
    _write("invitation_taken_back", invitation.review, invitation.body, at=at, occasion=str(invitation.id))


def body_added(review: Review, row: ReviewBody, *, at: datetime) -> None:
    """To those who plan for a body that was given a part."""
    _write("body_added", review, row.body, at=at, occasion=str(row.id), part=row.part)


def body_removed(review: Review, row: ReviewBody, *, at: datetime) -> None:
    """To those who plan for a body whose part has ended."""
    _write("body_removed", review, row.body, at=at, occasion=str(row.id))


def question_proposed(review: Review, question: Question, *, by: Actor, at: datetime) -> None:
    """To those who plan for the body in the lead, but for whoever proposed it."""
    for to in bodies.recipients(review.lead, london_day(at), PLANNERS):
        if to.reference != by.reference:
            said = {"question": question.text, "by": by.name}
            _to("question_proposed", to, review, review.lead, at=at, occasion=str(question.id), **said)


def question_settled(review: Review, question: Question, *, by: Actor, at: datetime) -> None:
    """To whoever proposed a question: whether it was taken, or why it was declined."""
    person_id = question.proposed_by.removeprefix("person:")
    person = accounts.person(int(person_id)) if person_id.isdigit() else None
    if person is None or not person.active or person.reference == by.reference:
        return
    to = Recipient(person.reference, person.email, person.name, person.language)
    said = {"question": question.text, "taken": question.state == "taken", "why": question.declined_why}
    _to("question_settled", to, review, review.lead, at=at, occasion=str(question.id), **said)


def _write(kind: str, review: Review, body: Body, *, at: datetime, occasion: str, **values: Any) -> None:
    """A letter of a kind to those who plan for a body."""
    for to in bodies.recipients(body, london_day(at), PLANNERS):
        _to(kind, to, review, body, at=at, occasion=occasion, **values)


def _to(kind: str, to: Recipient, review: Review, body: Body, **values: Any) -> None:
    """One letter about a review and a body; `values` say when and on which occasion too."""
    write_letter(
        kind,
        to=to,
        reference=review.plain,
        within=review.plain,
        title=review.title,
        lead=review.lead.name,
        place=review.place.name,
        body=body.name,
        our=review.reference,
        us=writer_of(review),
        address=PAGES[kind].format(reference=review.reference, invitation=values.get("invitation", "")),
        **values,
    )


def timetable_moved(review: Review, moved: Sequence[Phase], *, at: datetime) -> None:
    """To those who plan it at the lead and partner bodies: which phases now run later, and until when before."""
    occasion = ",".join(f"{phase.key}:{phase.ends_on}" for phase in moved)
    today = london_day(at)
    told = {one.reference: one for body in bodies_taking_part(review) for one in bodies.recipients(body, today, PLANNERS)}
    for recipient in told.values():
        write_letter(
            "timetable_moved",
            to=recipient,
            reference=review.plain,
            at=at,
            occasion=occasion,
            within=review.plain,
            review=review,
            phases=moved,
        )
