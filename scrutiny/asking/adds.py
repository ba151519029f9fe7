"""What sending requests adds to each agency: questions and hours, what other bodies ask of it now, and what is held already.

Of other bodies only what whoever sends may know is counted: reviews their body takes part in, and lists that are out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from scrutiny.extensions import db
from scrutiny.formats import full_stop, number
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import OPEN
from scrutiny.reviews.models import Question, Review, ReviewBody
from scrutiny.reviews.queries import readable_by, same_question
from scrutiny.rules.queries import calendars_in_force, rules
from workflows.burden import Alike, Sent, entries_of, total_of
from workflows.roles import OPERATOR, Actor

#: Within so many working days what others ask counts as asked at the same time.
SOON = 20


@dataclass(frozen=True, slots=True)
class Added:
    """What one draft adds to its agency, and what stands there already."""

    questions: int
    minutes: int
    bodies: int
    others: int
    held: int


def added_by(review: Review, drafts: Sequence[EvidenceRequest], *, by: Actor, today: date) -> dict[str, Added]:
    """What each draft of a review would add, by its slug; two statements however many there are."""
    others = _asked_by_others(review, [one.agency_id for one in drafts], by, today)
    held = _held_already([one.id for one in drafts], by, today)
    found = {}
    for draft in drafts:
        bodies, questions = others.get(draft.agency_id, (0, 0))
        found[draft.slug] = Added(len(draft.items), _minutes(draft, today), bodies, questions, held.get(draft.id, 0))
    return found


def added_sentence(added: Added) -> str:
    """The same in one or two sentences: what this adds, what others ask, and what is held."""
    said = gettext(
        "This adds %(questions)s, about %(hours)s by our estimate",
        questions=ngettext("%(n)s question", "%(n)s questions", added.questions, n=number(added.questions)),
        hours=_hours_words(added.minutes),
    )
    if added.others:
        said += "; " + gettext(
            "%(bodies)s asking it %(questions)s due within %(days)s working days",
            bodies=ngettext("%(n)s other body is", "%(n)s other bodies are", added.bodies, n=number(added.bodies)),
            questions=ngettext("%(n)s question", "%(n)s questions", added.others, n=number(added.others)),
            days=SOON,
        )
    if not added.held:
        return full_stop(said)
    held = ngettext(
        "This agency has already answered %(n)s of these questions, to your bodies or in public.",
        "This agency has already answered %(n)s of these questions, to your bodies or in public.",
        added.held,
        n=number(added.held),
    )
    return f"{full_stop(said)} {held}"


def _hours_words(minutes: int) -> str:
    hours = max(1, round(minutes / 60)) if minutes else 0
    return ngettext("%(n)s hour", "%(n)s hours", hours, n=number(hours))


def _minutes(draft: EvidenceRequest, today: date) -> int:
    """What a draft would take to answer, by the estimates of the burden ledger."""
    kinds = [item.question.kind for item in draft.items]
    alike = [Alike(kind, "", "", kinds.count(kind), 0, 0, 0, 0) for kind in dict.fromkeys(kinds)]
    sent = Sent(0, 0, draft.agency_id, draft.agency.kind, 0, 0, "", today)
    return total_of(entries_of(sent, alike, rules().burden)).estimated


def _known(by: Actor, today: date) -> ColumnElement[bool]:
    """That a review's requests may be known of: the actor's body takes part, or their list is out."""
    if by.has(OPERATOR):
        return true()
    out = and_(Review.announced_on <= today, Review.list_released_on <= today)
    return or_(out, Review.id.in_(readable_by(by.body, today))) if by.body is not None else out


def _asked_by_others(review: Review, agencies: Sequence[int], by: Actor, today: date) -> dict[int, tuple[int, int]]:
    """For each agency, how many other bodies wait for an answer soon, and to how many questions."""
    until = calendars_in_force().of(review.lead.nation).after(today, SOON)
    leads = and_(ReviewBody.review_id == Review.id, ReviewBody.part == "lead", ReviewBody.to_on.is_(None))
    rows = (
        select(EvidenceRequest.agency_id, func.count(ReviewBody.body_id.distinct()), func.count(Item.id))
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(ReviewBody, leads)
        .where(
            EvidenceRequest.agency_id.in_(agencies),
            EvidenceRequest.state == "issued",
            EvidenceRequest.delivered_on.is_not(None),
            Review.state.in_(("planned", "opened")),
            ReviewBody.body_id != review.lead.id,
            Item.state.in_(OPEN),
            Item.due_on <= until,
            _known(by, today),
        )
        .group_by(EvidenceRequest.agency_id)
    )
    return {agency: (bodies, questions) for agency, bodies, questions in db.session.execute(rows)}


def _held_already(drafts: Sequence[int], by: Actor, today: date) -> dict[int, int]:
    """Of the questions of each draft, how many the agency has answered to a body whose requests the actor may know of."""
    draft, asked = aliased(EvidenceRequest), aliased(Item)
    put, wanted = aliased(Question), aliased(Question)
    same = same_question(put) == same_question(wanted)
    rows = (
        select(draft.id, func.count(asked.id.distinct()))
        .select_from(draft)
        .join(asked, asked.request_id == draft.id)
        .join(wanted, wanted.id == asked.question_id)
        .join(EvidenceRequest, and_(EvidenceRequest.agency_id == draft.agency_id, EvidenceRequest.id != draft.id))
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(put, put.id == Item.question_id)
        .where(draft.id.in_(drafts), Item.came_as == "submitted", same, _known(by, today))
        .group_by(draft.id)
    )
    return dict(db.session.execute(rows).all())
