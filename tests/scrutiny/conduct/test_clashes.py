"""What a timetable runs into, and that nobody is told more of other reviews than they may know."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from scrutiny.asking import service as requests
from scrutiny.bodies.models import Body
from scrutiny.conduct.clashes import AGENCY, MEETING, PLACE, QUIET, Clash, clashes_of
from scrutiny.due_dates.rules import phases_of
from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened

pytestmark = pytest.mark.usefixtures("context")


def _asked(cast: SimpleNamespace, title: str, **changes: object) -> Review:
    """A review with every request issued."""
    review = opened(cast, title=title, **changes)
    issue_and_deliver(review, requests.draft_requests(review, by=acting("officer"), at=NOW), by=acting("officer"), at=NOW)
    return review


def _found(review: Review, who: str, kind: str) -> list[Clash]:
    """The clashes of a kind that somebody is told of."""
    shown = clashes_of(review, phases_of(review.phases), by=acting(who), today=NOW.date())
    return [one for one in shown if one.kind == kind]


def test_an_agency_busy_with_another_review_in_the_same_week_is_named(cast: SimpleNamespace) -> None:
    one, two = _asked(cast, "One"), _asked(cast, "Two", partners=[])
    said = [clash.said for clash in _found(one, "officer", AGENCY)]
    assert "Loamshire Police: 5 items due here by Tue 21 Apr 2026, and 5 for “Two” (R-2026-002) by Tue 21 Apr 2026" in said
    assert _found(one, "lead_inspector", AGENCY) == [], "the inspectorate has no part in the other"
    assert _found(two, "officer", AGENCY)


def test_two_meetings_of_one_body_on_one_day_are_told(cast: SimpleNamespace) -> None:
    one = _asked(cast, "One")
    opened(cast, title="Two", partners=[])
    (clash,) = _found(one, "officer", MEETING)
    assert "Loamshire Overview and Scrutiny Committee would be wanted at both" in clash.said
    assert _found(one, "lead_inspector", MEETING) == []


def test_another_review_of_the_same_place_is_told_once_it_is_announced(cast: SimpleNamespace) -> None:
    one = opened(cast, title="One", lead=db.session.get_one(Body, cast.committee))
    other = opened(cast, title="Two", partners=[])
    assert _found(one, "lead_inspector", PLACE) == []
    other.announced_on = NOW.date()
    (clash,) = _found(one, "lead_inspector", PLACE)
    assert clash.href == "/about/R-2026-002", "the inspectorate has no part in it, so its own pages are not there"
    assert _found(one, "officer", PLACE)[0].href == "/reviews/R-2026-002"
    assert clash.said.startswith("“Two” (R-2026-002), led by Loamshire Overview and Scrutiny Committee, looks at Barrow End")


def test_a_phase_that_ends_on_a_holiday_says_which(cast: SimpleNamespace) -> None:
    review = opened(cast)
    review.phases[0].ends_on = date(2026, 4, 6)
    said = [clash.said for clash in _found(review, "officer", QUIET) if clash.phase == "scoping"]
    assert said == ["“Scoping” ends on Mon 6 Apr 2026 (Easter Monday)"]
