"""A review whose requests are drafted, or issued."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from scrutiny.asking import service
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened


@pytest.fixture
def review(context: None, cast: SimpleNamespace) -> Review:
    """A review of Barrow End, which two health boards cut."""
    return opened(cast)


@pytest.fixture
def drafts(review: Review) -> dict[str, EvidenceRequest]:
    """Its drafts, by the agency's name."""
    found = service.draft_requests(review, by=acting("officer"), at=NOW)
    return {draft.agency.name: draft for draft in found}


@pytest.fixture
def issued(review: Review, drafts: dict[str, EvidenceRequest]) -> dict[str, EvidenceRequest]:
    """The same, issued."""
    issue_and_deliver(review, list(drafts.values()), by=acting("officer"), at=NOW)
    return drafts
