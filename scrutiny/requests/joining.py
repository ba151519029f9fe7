"""Telling the agencies that were asked of each body that joins the review later: it sees what they sent and will send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.service import Recipient
from scrutiny.evidence.queries import may_hold_personal
from scrutiny.formats import london_day
from scrutiny.requests.letter_values import keeping_line
from scrutiny.requests.letters import Preview, common, previewed, receivers_by_agency
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.contact import write_for_lead
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import is_under_way
from scrutiny.reviews.service import when_body_joins

LETTER = "body_joined"
#: States of a request that an agency has had.
ASKED = ("issued", "closed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Joining:
    """A body that joins, by name: as what, from when, and which body it takes the place of, if any."""

    body: str
    part: str
    from_on: date
    instead_of: str = ""


def init_app(app: Flask) -> None:
    """Write to the agencies asked whenever a body joins."""
    when_body_joins(app, body_joined)


def body_joined(review: Review, row: ReviewBody, instead_of: str, at: datetime) -> None:
    """To each agency that was asked in a review under way, once: which body joined and what it can see."""
    joining = Joining(row.body.name, row.part, row.from_on, instead_of)
    for request, agency, to in _told(review, at):
        values = _values(joining, request, agency)
        write_for_lead(LETTER, review, to=to, reference=request.plain, at=at, occasion=str(row.id), **values)


def joined_previews(review: Review, joining: Joining, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that go when a body joins, word for word, to be read before it is added or invited."""
    return [
        previewed(LETTER, to, public_url, common(request, agency) | dict(_values(joining, request, agency)))
        for request, agency, to in _told(review, at)
    ]


def _told(review: Review, at: datetime) -> Iterator[tuple[EvidenceRequest, Agency, Recipient]]:
    """Whom to tell at each agency that was asked, each once, with the first request it has."""
    told: set[str] = set()
    for request in requests_of(review, *ASKED) if is_under_way(review) else ():
        for agency, found in receivers_by_agency(request, at):
            for to in found:
                if to.reference not in told:
                    told.add(to.reference)
                    yield request, agency, to


def _values(joining: Joining, request: EvidenceRequest, agency: Agency) -> Mapping[str, Any]:
    """What the letter says beside what every letter of a request names."""
    shared = common(request, agency)
    shared.pop("us")  # whoever writes for the lead adds it
    return shared | {
        "body": joining.body,
        "part": joining.part,
        "from_on": joining.from_on,
        "instead_of": joining.instead_of,
        "personal": may_hold_personal(request.review),
        "keeping": keeping_line(request.review),
    }


def joining_today(body: str, part: str, at: datetime) -> Joining:
    """A body that is about to join."""
    return Joining(body, part, london_day(at))
