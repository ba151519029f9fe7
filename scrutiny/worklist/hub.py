"""The head of a review's pages: where it stands, and its sub-navigation with counts, as far as the reader may follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask

from scrutiny.doors import actor
from scrutiny.findings import queries as findings
from scrutiny.findings.access import states_open_to
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports.signing import bodies_that_sign, wanted
from scrutiny.requests.counts import replies_of
from scrutiny.reviews.access import may_inspect, may_run
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sub-navigation counts."""

    requests: int
    replied: int
    asked: int
    findings: int = 0
    recommendations: int = 0
    signed: int = 0
    signing: int = 0


def counts_of(review: Review, by: Actor) -> Counts:
    """The counts this reader may know."""
    requests, replied, asked = replies_of(review.id)
    if not may_inspect(review, by):
        return Counts(requests, replied, asked)
    damaged = bool(damage_of(review.edition))  # then nobody can tell who signs
    rows = [] if damaged else wanted(review)
    return Counts(
        requests,
        replied,
        asked,
        findings.count_in(review.id, states_open_to(by)),
        recommendations.count_standing(review.id),
        sum(row.signature is not None for row in rows),
        0 if damaged else len(bodies_that_sign(review)),
    )


def sub_navigation(review: Review, by: Actor, here: str, counts: Counts | None = None) -> list[dict[str, Any]]:
    """The pages of a review this reader may open, with counts where they are known; `here` is the page's own text."""
    counts = counts or counts_of(review, by)
    works, at = may_inspect(review, by), f"/reviews/{review.reference}"
    pages: list[tuple[str, str, Any, bool]] = [
        ("Overview", at, None, True),
        ("Requests", f"{at}/requests", counts.requests, works),
        ("Matrix", f"{at}/matrix", f"{counts.replied}/{counts.asked}", True),
        ("Evidence", f"{at}/evidence", None, works),
        ("Findings", f"{at}/findings", counts.findings, works),
        ("Recommendations", f"{at}/recommendations", counts.recommendations, works),
        ("Sign-off", f"{at}/sign-off", f"{counts.signed}/{counts.signing}", works),
        ("Interests", f"{at}/interests", None, works),
        ("Pack", f"{at}/pack", None, works),
        ("Report", _report(review, by), None, works and bool(_report(review, by))),
        ("People", f"{at}/people", None, works),
        ("Timetable", f"{at}/timetable", None, True),
        ("Questions", f"{at}/questions", None, works),
        ("Letters", f"{at}/letters", None, works),
        ("History", f"{at}/history", None, works),
    ]
    return [{"text": text, "href": href, "count": count, "active": text == here} for text, href, count, shown in pages if shown]


def _report(review: Review, by: Actor) -> str:
    """Where a reader finds the report: made, in draft, or as anybody reads it; '' where there is none to read."""
    if may_run(review, by):
        return f"/reviews/{review.reference}/report"
    if review.state in ("reported", "closed"):
        return f"/reports/{review.reference}"
    return f"/reviews/{review.reference}/report/preview" if review.state == "opened" else ""


def init_app(app: Flask) -> None:
    """Let the pages of lower rooms show the same sub-navigation without knowing this room: parts/review.html asks for it."""
    app.jinja_env.globals["pages_of_review"] = lambda review, here: sub_navigation(review, actor(), here)
