"""Requests that have reached their agencies, for tests that begin after that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scrutiny.asking import service
from scrutiny.asking.delivering import note_accepted
from scrutiny.correspondence.queries import letters_about
from scrutiny.formats import london_day
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def issue_and_deliver(review: Review, requests: Iterable[EvidenceRequest], *, by: Actor, at: datetime) -> list[EvidenceRequest]:
    """Issue requests; each letter with an address is accepted in the same moment, the others are posted that day."""
    done = service.issue_requests(review, list(requests), by=by, at=at)
    for request in done:
        addressed = [letter for letter in letters_about(request.plain) if letter.address]
        for letter in addressed:
            note_accepted(letter, at=at)
        if not addressed:
            service.enter_delivery(request, how="post", on=london_day(at), words="Posted by the officer", by=by, at=at)
    return done
