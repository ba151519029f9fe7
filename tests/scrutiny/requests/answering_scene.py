"""Requests of a committee to the police, who have a certifier, and to the fire service, who have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.asking.drafting import add_item, draft_for_agency, drafts_to_hold
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.service import add_question, open_review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from workflows.roles import Actor

TODAY = NOW.date()
#: title, kind, standard key: of items that no method gives a phase, so that the law or ten working days give the day
QUESTIONS = (("Missing children", "figures", "missing"), ("Policy", "file", "policy"), ("Partnership", "any", "together"))


def actor(cast: SimpleNamespace, who: str, on: date = TODAY) -> Actor:
    """One of the cast, as a page would name them."""
    return actor_of(db.session.get_one(Person, getattr(cast, who)), on=on)


def document_of(request: EvidenceRequest) -> Item:
    """The first item of a request that asks for a document: a power over documents reaches no other."""
    return next(item for item in request.items if item.question.kind == "file")


@dataclass
class Asked:
    """One request and how to reach its items."""

    cast: SimpleNamespace
    request: EvidenceRequest

    @property
    def items(self) -> list[Item]:
        """Its items, by number."""
        return self.request.items

    def by(self, who: str) -> Actor:
        """One of the cast."""
        return actor(self.cast, who)


def ask(
    cast: SimpleNamespace,
    agency: str = "police",
    at: datetime = NOW,
    method: str = "council-task-and-finish",
    lead: str = "committee",
    marking: str = "open",
) -> Asked:
    """A review opened and its request to an agency issued, with three items of our own."""
    officer = actor(cast, {"committee": "officer", "ofsted": "lead_inspector"}[lead])
    review = open_review(
        title="Children who go missing",
        place=db.session.get_one(Place, cast.place),
        place_on=TODAY,
        method_key=method,
        lead=db.session.get_one(Body, getattr(cast, lead)),
        partners=[db.session.get_one(Body, cast.cqc)] if method == "jtai" else [],
        starts_on=TODAY,
        announced_on=TODAY,
        by=officer,
        at=at,
    )
    asked = db.session.get_one(Agency, getattr(cast, agency))
    draft_for_agency(review, asked, by=officer, at=at)
    request = drafts_to_hold(review, [asked], by=officer, at=at)[0]
    for item in list(request.items):
        request.items.remove(item)
        db.session.delete(item)
    db.session.flush()
    for title, kind, key in QUESTIONS:
        question = add_question(
            review,
            line=review.lines[0],
            text=f"Tell us about {title.lower()}",
            title=title,
            kind=kind,
            why="We want to know",
            period="2025-26",
            standard_key=key,
            marking=marking,
            by=officer,
            at=at,
        )
        add_item(request, question, by=officer, at=at)
    issue_and_deliver(review, [request], by=officer, at=at)
    return Asked(cast, request)


def letters(kind: str) -> list[tuple[str, str]]:
    """The letters of a kind: (to whom, subject)."""
    rows = select(Letter).where(Letter.kind == kind).order_by(Letter.id)
    return [(letter.person, letter.subject) for letter in db.session.scalars(rows)]
