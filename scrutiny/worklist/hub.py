"""The head of a review's pages: where it stands, and its sub-navigation with counts, as far as the reader may follow it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext

from scrutiny.doors import actor
from scrutiny.findings import queries as findings
from scrutiny.findings.access import DRAFT_READERS, states_open_to
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports.signing import bodies_that_sign, count_signed
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a review: the key templates know it by, its text, its address ('' where this reader has none), its count."""

    key: str
    text: str
    href: str
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the sub-navigation; `current` is what aria-current says of it, '' elsewhere; `pages` stand beneath a part."""

    text: str
    href: str
    count: int | str | None
    current: str
    pages: tuple[Link, ...] = ()


def counts_of(review: Review, by: Actor) -> Counts:
    """The counts this reader may know."""
    requests, replied, asked = replies_of(review.id)
    if not may_inspect(review, by):
        return Counts(requests, replied, asked)
    damaged = bool(damage_of(review.edition))  # then nobody can tell who signs
    return Counts(
        requests,
        replied,
        asked,
        findings.count_in(review.id, states_open_to(by)),
        recommendations.count_standing(review.id),
        0 if damaged else count_signed(review),
        0 if damaged else len(bodies_that_sign(review)),
    )


def sub_navigation(review: Review, by: Actor, here: str, counts: Counts | None = None, *, within: bool = False) -> list[Link]:
    """The parts of a review this reader may open, each with its own pages, counted where a count is known.

    `here` is the key of the page shown; `within` says that the page shown is one that page leads to, such as one request.
    """
    parts = []
    for text, count, pages in _parts(review, by, counts or counts_of(review, by)):
        shown = [page for page in pages if page.href]
        if not shown:
            continue
        exact = "true" if within else "page"
        links = tuple(Link(page.text, page.href, page.count, exact if page.key == here else "") for page in shown)
        current = links[0].current or ("true" if any(link.current for link in links) else "")
        parts.append(Link(text, links[0].href, count, current, links if len(links) > 1 else ()))
    return parts


def _parts(review: Review, by: Actor, counts: Counts) -> list[tuple[str, int | str | None, list[Page]]]:
    """The parts of a review, eight at most, as text, count and pages; a page this reader may not open has no address."""
    at, works = f"/reviews/{review.reference}", may_inspect(review, by)
    work = f"{at}/{{}}" if works else ""
    checks = work if by.has(*DRAFT_READERS) else ""
    overview = [
        Page("Overview", gettext("Summary"), at),
        Page("Timetable", gettext("Timetable"), f"{at}/timetable"),
        Page("Lines", gettext("Lines of enquiry"), work.format("lines")),
        Page("People", gettext("People"), work.format("people")),
    ]
    requests = [
        Page("Requests", gettext("All requests"), work.format("requests"), counts.requests),
        Page("Questions", gettext("Questions proposed"), work.format("questions")),
        Page("Reminders", gettext("Reminders"), work.format("reminders")),
        Page("Letters", gettext("Letters"), work.format("letters")),
    ]
    replies = f"{counts.replied}/{counts.asked}"
    answers = [
        Page("Matrix", gettext("Matrix"), f"{at}/matrix", replies),
        Page("Evidence", gettext("Evidence"), work.format("evidence")),
    ]
    checked = [
        Page("Findings", gettext("All findings"), work.format("findings"), counts.findings),
        Page("Accuracy", gettext("Accuracy check"), checks.format("accuracy")),
    ]
    made = [Page("Recommendations", gettext("Recommendations"), work.format("recommendations"), counts.recommendations)]
    report = [
        Page("Report", gettext("Report text and publication"), _report(review, by) if works else ""),
        Page("Sign-off", gettext("Sign-off"), work.format("sign-off"), f"{counts.signed}/{counts.signing}"),
        Page("Interests", gettext("Interests"), work.format("interests")),
    ]
    return [
        (gettext("Overview"), None, overview),
        (gettext("Requests"), counts.requests, requests),
        (gettext("Answers"), replies, answers),
        (gettext("Findings"), counts.findings, checked),
        (gettext("Recommendations"), counts.recommendations, made),
        (gettext("Report"), None, report),
        (gettext("Pack"), None, [Page("Pack", gettext("Pack"), work.format("pack"))]),
        (gettext("History"), None, [Page("History", gettext("History"), work.format("history"))]),
    ]


def _report(review: Review, by: Actor) -> str:
    """Where a reader finds the report: made, in draft, or as anybody reads it; '' where there is none to read."""
    if may_run(review, by):
        return f"/reviews/{review.reference}/report"
    if review.state in ("reported", "closed"):
        return f"/reports/{review.reference}"
    return f"/reviews/{review.reference}/report/preview" if review.state == "opened" else ""


def init_app(app: Flask) -> None:
    """Let the pages of lower rooms show the same sub-navigation without knowing this room: parts/review.html asks for it."""
    app.jinja_env.globals["pages_of_review"] = lambda review, here, within=False: sub_navigation(
        review, actor(), here, within=within
    )
