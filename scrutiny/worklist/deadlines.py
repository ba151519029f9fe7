"""The days that come next in reviews, each named: phases, answers due, accuracy checks, responses, releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import distinct, func, select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.findings.access import DRAFT_READERS
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import LONDON, london_day, plural
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports.models import Edition, Report
from scrutiny.reports.queries import ON_THE_WAY
from scrutiny.requests.attendance_queries import meetings_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN
from scrutiny.reviews.access import may_inspect
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import CURRENT
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day of a review, what falls on it, and where to look."""

    review_id: int
    day: date
    text: str
    href: str
    key: str  # the same from day to day, for calendars


def deadlines_of(reviews: Sequence[Review], by: Actor) -> list[Deadline]:
    """Every day still open in these reviews, earliest first: observers are told of phases only; four statements."""
    named = {review.id: review for review in reviews}
    found = [_of_phase(review, phase) for review in reviews if review.state in CURRENT for phase in review.phases]
    works = [review.id for review in reviews if may_inspect(review, by) and review.state in (*CURRENT, "reported")]
    for review_id, day, items, agencies in _items(works):
        words = f"{plural(items, 'item')} due from {plural(agencies, 'agency', 'agencies')}"
        found.append(Deadline(review_id, day, words, f"{_at(named[review_id])}/matrix", f"items-{review_id}-{day}"))
    for review_id, meeting_id, day, begins, _, asked, coming in meetings_of(works):
        words = f"Meeting{f' at {begins}' if begins else ''}: {coming} of {plural(asked, 'agency', 'agencies')} asked will attend"
        found.append(Deadline(review_id, day, words, f"{_at(named[review_id])}/matrix", f"meeting-{meeting_id}"))
    # Councillors hear of the day; the corrections themselves are for those who read drafts.
    accuracy = "/accuracy" if by.has(*DRAFT_READERS) else ""
    for check_id, review_id, day, agency in _checks(works):
        words = f"Accuracy check due from {agency}"
        found.append(Deadline(review_id, day, words, f"{_at(named[review_id])}{accuracy}", f"accuracy-{check_id}"))
    for review_id, day, count in _responses(works):
        words = f"{plural(count, 'response')} to recommendations due"
        found.append(Deadline(review_id, day, words, f"{_at(named[review_id])}/recommendations", f"responses-{review_id}-{day}"))
    for review_id, edition_id, release_at in _releases(works):
        words = f"Report released at {release_at.astimezone(LONDON):%H:%M}"
        found.append(
            Deadline(review_id, london_day(release_at), words, f"{_at(named[review_id])}/report", f"release-{edition_id}")
        )
    return sorted(found, key=lambda one: (one.day, one.key))


def _of_phase(review: Review, phase: Any) -> Deadline:
    """The last day of a phase."""
    return Deadline(review.id, phase.ends_on, f"“{phase.title}” ends", f"{_at(review)}", f"phase-{phase.id}")


def _at(review: Review) -> str:
    """The address of a review."""
    return f"/reviews/{review.reference}"


def _items(ids: Sequence[int]) -> list[Any]:
    """Open items by review and day: how many, from how many agencies."""
    return list(
        db.session.execute(
            select(EvidenceRequest.review_id, Item.due_on, func.count(Item.id), func.count(distinct(EvidenceRequest.agency_id)))
            .join(Item, Item.request_id == EvidenceRequest.id)
            .where(
                EvidenceRequest.review_id.in_(ids),
                EvidenceRequest.state == "issued",
                Item.state.in_(OPEN),
                Item.due_on.is_not(None),
            )
            .group_by(EvidenceRequest.review_id, Item.due_on)
            .order_by(Item.due_on, EvidenceRequest.review_id)
        )
    )


def _checks(ids: Sequence[int]) -> list[Any]:
    """Accuracy checks not answered yet."""
    return list(
        db.session.execute(
            select(AccuracyCheck.id, AccuracyCheck.review_id, AccuracyCheck.due_on, Agency.name)
            .join(Agency, Agency.id == AccuracyCheck.agency_id)
            .where(AccuracyCheck.review_id.in_(ids), AccuracyCheck.answered_at.is_(None))
            .order_by(AccuracyCheck.due_on, AccuracyCheck.id)
        )
    )


def _responses(ids: Sequence[int]) -> list[Any]:
    """Responses to recommendations that are awaited, by review and day."""
    return list(
        db.session.execute(
            select(Recommendation.review_id, Addressee.due_on, func.count())
            .join(Addressee, Addressee.recommendation_id == Recommendation.id)
            .where(
                Recommendation.review_id.in_(ids),
                Recommendation.state == "made",
                Addressee.state.in_(("awaited", "noted")),
                Addressee.due_on.is_not(None),
            )
            .group_by(Recommendation.review_id, Addressee.due_on)
            .order_by(Addressee.due_on, Recommendation.review_id)
        )
    )


def _releases(ids: Sequence[int]) -> list[Any]:
    """Reports that are on their way out."""
    return list(
        db.session.execute(
            select(Report.review_id, Edition.id, Edition.release_at)
            .join(Edition, Edition.report_id == Report.id)
            .where(Report.review_id.in_(ids), Edition.state.in_(ON_THE_WAY), Edition.release_at.is_not(None))
            .order_by(Edition.release_at, Edition.id)
        )
    )
