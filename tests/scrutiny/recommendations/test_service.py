"""A recommendation from draft to done: what may follow what, by whom, and what each agency is told."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.recommendations import queries, service
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports import jobs
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused, Stale

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def told(cast: SimpleNamespace) -> tuple[Review, Finding, Recommendation]:
    """A review with a finding and a proposed recommendation to the fire authority."""
    review, lodging = answered(cast)
    finding = found(review, lodging, cast.fire)
    return review, finding, queries.of_review(review.id)[0]


@pytest.fixture
def made(cast: SimpleNamespace) -> Addressee:
    """A recommendation that has been made, by a report that came out."""
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    return db.session.scalars(select(Addressee)).one()


def _draft(review: Review, cast: SimpleNamespace, **changes: object) -> Recommendation:
    """Another draft, or one with something changed."""
    values = {
        "text": "Do one thing.",
        "measure": "It is done.",
        "done_by": date(2027, 1, 31),
        "agency": db.session.get_one(Agency, cast.police),
        "findings": [],
    }
    return service.draft_recommendation(review, **(values | changes), by=acting("inspector"), at=NOW)  # type: ignore[arg-type]


def test_a_recommendation_that_follows_from_nothing_cannot_be_proposed(
    told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace
) -> None:
    """It is told what is missing, and stays a draft."""
    draft = _draft(told[0], cast)
    with pytest.raises(Refused, match="which finding this recommendation follows from"):
        service.move_recommendation(draft, "propose", by=acting("inspector"), at=NOW)
    assert draft.state == "drafted"


def test_a_day_that_has_passed_cannot_be_kept(told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace) -> None:
    """Refused in a sentence."""
    with pytest.raises(Refused, match="must be after today"):
        _draft(told[0], cast, done_by=date(2026, 3, 2))


def test_numbers_are_never_used_twice(told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace) -> None:
    """A withdrawn recommendation keeps its number."""
    second = _draft(told[0], cast)
    service.move_recommendation(second, "withdraw", by=acting("lead_inspector"), at=NOW)
    assert _draft(told[0], cast).number == 3


def test_the_second_of_two_who_change_one_is_told(told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace) -> None:
    """Nothing of the first is lost."""
    _, finding, row = told
    seen = row.version
    agency = db.session.get_one(Agency, cast.fire)
    values = {"measure": row.measure, "done_by": row.done_by, "agency": agency, "findings": [finding]}
    service.revise_recommendation(row, text="First", seen=seen, by=acting("inspector"), at=NOW, **values)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        service.revise_recommendation(row, text="Second", seen=seen, by=acting("officer"), at=NOW, **values)  # type: ignore[arg-type]
    assert row.text == "First"


def test_once_made_its_words_stand(made: Addressee) -> None:
    """They have been published."""
    row = made.recommendation
    with pytest.raises(Refused, match="its words stand"):
        service.revise_recommendation(
            row,
            text="Other",
            measure=row.measure,
            done_by=row.done_by,
            agency=made.agency,
            findings=row.findings,
            seen=None,
            by=acting("officer"),
            at=RELEASE,
        )


def test_the_clock_starts_on_the_day_it_comes_out(made: Addressee, cast: SimpleNamespace) -> None:
    """Each addressee has its own day of receipt; the law is named, or it is said that there is none."""
    assert made.received_on == date(2026, 3, 3)
    assert made.duty
    county = Addressee(agency=db.session.get_one(Agency, cast.county_council))
    made.recommendation.addressees.append(county)
    service.start_clock(county, received_on=date(2026, 3, 10))
    assert county.due_on == date(2026, 5, 9), "two months beginning with the day of receipt: LGA 2000 s.9FE"
    assert "LGA 2000" in county.due_working["source"]
    assert county.due_working["steps"]


def test_a_response_is_in_words_and_reaches_those_who_asked(made: Addressee) -> None:
    """Empty words are refused; the officers of the lead body are written to."""
    with pytest.raises(Refused, match="in your own words"):
        service.respond(made, "accept", response=" ", by=acting("fire_responder"), at=RELEASE)
    service.respond(made, "accept", response="We will.", by=acting("fire_responder"), at=RELEASE)
    assert made.state == "accepted"
    assert db.session.scalars(select(Letter.subject).where(Letter.kind == "response_given")).all()


def test_progress_is_kept_beside_what_came_before(made: Addressee) -> None:
    """On track, slipped with a new day, done; then the bodies check, and close it or open it again."""
    by = acting("fire_responder")
    with pytest.raises(Refused, match="has been accepted"):
        service.return_progress(made, status="on-track", text="Begun.", new_date=None, by=by, at=RELEASE)
    service.respond(made, "accept", response="We will.", by=by, at=RELEASE)
    service.return_progress(made, status="on-track", text="Begun.", new_date=None, by=by, at=RELEASE)
    with pytest.raises(Refused, match="new day"):
        service.return_progress(made, status="slipped", text="Late.", new_date=None, by=by, at=RELEASE)
    later = RELEASE.date() + timedelta(days=90)
    service.return_progress(made, status="slipped", text="Late.", new_date=later, by=by, at=RELEASE)
    service.return_progress(made, status="achieved", text="Done.", new_date=None, by=by, at=RELEASE)
    assert [row.status for row in made.returns] == ["on-track", "slipped", "achieved"]
    assert made.state == "said_done"
    service.settle_response(made, "reopen", why="Not all of it.", by=acting("officer"), at=RELEASE)
    assert (made.state, made.closed_at) == ("accepted", None)
    service.return_progress(made, status="achieved", text="All of it.", new_date=None, by=by, at=RELEASE)
    service.settle_response(made, "close", why="Seen.", by=acting("officer"), at=RELEASE)
    assert made.state == "closed"


def test_an_agency_cannot_close_its_own(made: Addressee) -> None:
    """Only the bodies that asked say that it is done."""
    by = acting("fire_responder")
    service.respond(made, "accept", response="We will.", by=by, at=RELEASE)
    service.return_progress(made, status="achieved", text="Done.", new_date=None, by=by, at=RELEASE)
    with pytest.raises(Refused, match="Only a"):
        service.settle_response(made, "close", why="We say so.", by=by, at=RELEASE)


def test_what_is_open_about_a_place_is_found_whoever_made_it(made: Addressee, cast: SimpleNamespace) -> None:
    """By the place, by the agency; a late response is worked out, never stored."""
    assert queries.of_place(cast.wide_place, only_open=True) == [made]
    assert queries.of_place(cast.place) == []
    assert queries.of_agency(cast.fire) == [made]
    made.due_on = date(2026, 4, 1)
    assert not queries.is_response_late(made, date(2026, 4, 1))
    assert queries.is_response_late(made, date(2026, 4, 2))
