"""The head of a review's pages: where it stands, and its sub-navigation with counts, as far as the reader may follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import case, func, select

from scrutiny.doors import actor
from scrutiny.extensions import db
from scrutiny.findings.access import states_open_to
from scrutiny.findings.models import Finding
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports.signing import bodies_that_sign, wanted
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.access import may_inspect, may_run
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of
from workflows.roles import CHAIR, COUNCILLOR, Actor

SENT = ("submitted", "accepted", "not_held", "refused", "redirected")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sub-navigation counts."""

    requests: int
    answered: int
    asked: int
    findings: int = 0
    recommendations: int = 0
    signed: int = 0
    signing: int = 0


def counts_of(review: Review, by: Actor) -> Counts:
    """The counts this reader may know."""
    requests, answered, asked = _asked(review)
    if not may_inspect(review, by):
        return Counts(requests, answered, asked)
    findings = select(func.count()).where(Finding.review_id == review.id, Finding.state.in_(states_open_to(by)))
    made = select(func.count()).where(Recommendation.review_id == review.id, Recommendation.state != "withdrawn")
    damaged = bool(damage_of(review.edition))  # then nobody can tell who signs
    rows = [] if damaged else wanted(review)
    return Counts(
        requests,
        answered,
        asked,
        db.session.scalar(findings) or 0,
        db.session.scalar(made) or 0,
        sum(row.signature is not None for row in rows),
        0 if damaged else len(bodies_that_sign(review)),
    )


def _asked(review: Review) -> tuple[int, int, int]:
    """Requests issued, and of their items how many are answered and how many asked; one statement."""
    standing = Item.state != "withdrawn"
    row = db.session.execute(
        select(
            func.count(func.distinct(EvidenceRequest.id)),
            func.coalesce(func.sum(case((Item.state.in_(SENT), 1), else_=0)), 0),
            func.coalesce(func.sum(case((standing, 1), else_=0)), 0),
        )
        .outerjoin(Item, Item.request_id == EvidenceRequest.id)
        .where(EvidenceRequest.review_id == review.id, EvidenceRequest.is_asked)
    ).one()
    return row[0], row[1], row[2]


def sub_navigation(review: Review, by: Actor, here: str, counts: Counts | None = None) -> list[dict[str, Any]]:
    """The pages of a review this reader may open, with counts where they are known; `here` is the page's own text."""
    counts = counts or counts_of(review, by)
    works, at = may_inspect(review, by), f"/reviews/{review.reference}"
    councillor = by.has(COUNCILLOR, CHAIR)
    pages: list[tuple[str, str, Any, bool]] = [
        ("Overview", at, None, True),
        ("Requests", f"{at}/requests", counts.requests, works),
        ("Matrix", f"{at}/matrix", f"{counts.answered}/{counts.asked}", True),
        ("Evidence", f"{at}/evidence", None, works),
        ("Findings", f"{at}/findings", counts.findings, works),
        ("Recommendations", f"{at}/recommendations", counts.recommendations, works),
        ("Sign-off", f"{at}/sign-off", f"{counts.signed}/{counts.signing}", works),
        ("Pack", f"{at}/pack", None, works and councillor),
        ("Report", f"{at}/report", None, may_run(review, by)),
        ("People", f"{at}/people", None, works),
        ("Timetable", f"{at}/timetable", None, True),
        ("Questions", f"{at}/questions", None, works),
        ("Letters", f"{at}/letters", None, works),
        ("History", f"{at}/history", None, works),
    ]
    return [{"text": text, "href": href, "count": count, "active": text == here} for text, href, count, shown in pages if shown]


def init_app(app: Flask) -> None:
    """Let the pages of lower rooms show the same sub-navigation without knowing this room: parts/review.html asks for it."""
    app.jinja_env.globals["pages_of_review"] = lambda review, here: sub_navigation(review, actor(), here)
