"""A recommendation from draft to done: what may follow what, by whom, and what each agency is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Area, Place
from scrutiny.areas.places_here import places_here
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.editions.models import Report
from scrutiny.editions.recalling import recall
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.recommendations import dating, outcomes, queries, service
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.recommendations.service import Check
from scrutiny.reports import jobs
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused, Stale

pytestmark = pytest.mark.usefixtures("context")


def write_told(cast: SimpleNamespace) -> tuple[int, int]:
    """A review and its finding, kept: their ids."""
    with transaction.writes_now():
        review, lodging = answered(cast)
        return review.id, found(review, lodging, cast.fire).id


def come_out(cast: SimpleNamespace) -> None:
    """A report that came out."""
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    post_letters(at=RELEASE)


@pytest.fixture
def told(context: None, as_built: Callable[..., tuple[int, int]]) -> tuple[Review, Finding, Recommendation]:
    """A review with a finding and a proposed recommendation to the fire authority."""
    review_id, finding_id = as_built(write_told)
    return db.session.get_one(Review, review_id), db.session.get_one(Finding, finding_id), queries.of_review(review_id)[0]


@pytest.fixture
def made(context: None, as_built: Callable[..., None]) -> Addressee:
    """A recommendation that has been made, by a report that came out."""
    as_built(come_out)
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
    return service.draft_recommendation(review, **(values | changes), by=acting("inspector"), at=NOW)


def test_a_recommendation_that_follows_from_nothing_cannot_be_proposed(
    told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace
) -> None:
    """It is told what is missing, and stays a draft."""
    draft = _draft(told[0], cast)
    with pytest.raises(Refused, match="which finding this recommendation follows from"):
        service.move_recommendation(draft, "propose", by=acting("inspector"), at=NOW)
    assert draft.state == "drafted"


def test_a_day_that_has_passed_cannot_be_kept(told: tuple[Review, Finding, Recommendation], cast: SimpleNamespace) -> None:
    """Refused in a sentence when it is proposed, or changed after that; a draft may hold it."""
    draft = _draft(told[0], cast, done_by=date(2026, 3, 2))
    with pytest.raises(Refused, match="must be after today"):
        service.move_recommendation(draft, "propose", by=acting("inspector"), at=NOW)
    values = {"text": "x", "measure": "y", "done_by": None, "agency": told[2].addressees[0].agency, "findings": [told[1]]}
    with pytest.raises(Refused, match="Give the day"):
        service.revise_recommendation(told[2], **values, seen=told[2].version, by=acting("inspector"), at=NOW)


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
    service.revise_recommendation(row, text="First", seen=seen, by=acting("inspector"), at=NOW, **values)
    with pytest.raises(Stale):
        service.revise_recommendation(row, text="Second", seen=seen, by=acting("officer"), at=NOW, **values)
    assert row.text == "First"


def test_once_made_its_words_stand(made: Addressee) -> None:
    """They have been published."""
    row = made.recommendation
    with pytest.raises(Refused, match="its words cannot be changed"):
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
    assert made.legal_basis["chief"]["duty"] in ("reply", "regard")
    county = Addressee(agency=db.session.get_one(Agency, cast.county_council))
    made.recommendation.addressees.append(county)
    dating.date_response(county, received_on=date(2026, 3, 10))
    assert county.due_on == date(2026, 5, 9), "two months beginning with the day of receipt: LGA 2000 s.9FE"
    assert "LGA 2000" in county.due_working.source
    assert county.due_working.steps


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
    service.settle_response(made, "reopen", Check("Not all of it."), by=acting("officer"), at=RELEASE)
    assert made.state == "accepted"
    service.return_progress(made, status="achieved", text="All of it.", new_date=None, by=by, at=RELEASE)
    service.settle_response(made, "verify", Check("Seen.", "The tables on its site."), by=acting("officer"), at=RELEASE)
    assert made.state == "done"
    assert [step.words for step in made.steps] == ["We will.", "Not all of it.", "Seen."], "no reason is ever written over"


def test_what_was_accepted_in_part_stays_so_when_it_is_not_done_yet(made: Addressee) -> None:
    """Keeping it open does not turn an acceptance in part into one of the whole."""
    by = acting("fire_responder")
    service.respond(made, "accept_in_part", response="Two of three.", by=by, at=RELEASE)
    service.return_progress(made, status="achieved", text="Done.", new_date=None, by=by, at=RELEASE)
    service.settle_response(made, "reopen", Check("Not yet."), by=acting("officer"), at=RELEASE)
    assert (made.state, made.answer) == ("partly_accepted", "partly_accepted")


def test_an_agency_cannot_close_its_own(made: Addressee) -> None:
    """Only the bodies that asked say that it is done."""
    by = acting("fire_responder")
    service.respond(made, "accept", response="We will.", by=by, at=RELEASE)
    service.return_progress(made, status="achieved", text="Done.", new_date=None, by=by, at=RELEASE)
    with pytest.raises(Refused, match="Only a"):
        service.settle_response(made, "verify", Check("We say so."), by=by, at=RELEASE)


def _areas(place_id: int) -> tuple[list[str], list[int]]:
    """Codes and ids of the areas of a place."""
    areas = db.session.get_one(Place, place_id).areas
    return [area.code for area in areas], [area.id for area in areas]


REJECTED = "There is no money for it."


@pytest.mark.parametrize(
    ("answer", "move", "word", "sentence"),
    [
        ("accept", "verify", "Done and verified", "verified on 3 March 2026 that it is done"),
        ("accept_in_part", "close_partly_done", "Partly done", "closed it as partly done on 3 March 2026"),
        ("accept", "close_not_done", "Closed as not done", "closed it as not done on 3 March 2026"),
        ("reject", "close_not_accepted", "Closed as not accepted", "closed it as not accepted on 3 March 2026"),
        ("reject", "supersede", "Replaced", "closed it as replaced on 3 March 2026"),
        ("reject", "stop_tracking", "No longer tracked", "stopped tracking it on 3 March 2026"),
        ("", "stop_tracking", "No longer tracked", "stopped tracking it on 3 March 2026"),
    ],
)
def test_each_end_has_its_own_word_its_reason_and_what_was_answered_before(
    made: Addressee, cast: SimpleNamespace, answer: str, move: str, word: str, sentence: str
) -> None:
    """Who rejected and why stays on record after whatever end, beside the reason of the body and what it saw."""
    if answer:
        service.respond(made, answer, response=REJECTED, by=acting("fire_responder"), at=RELEASE)
    new = _another_made(made, cast) if move == "supersede" else None
    check = Check("We looked at it.", "A visit on 2 March", replaced_by=new)
    service.settle_response(made, move, check, by=acting("officer"), at=RELEASE)
    record = outcomes.record_of(made, RELEASE.date())
    assert outcomes.state_of(record).word == word
    for brief in (False, True):
        told = [line.text for line in outcomes.account(record, brief=brief)]
        assert any(sentence in line and "“We looked at it.” " in line for line in told)
        assert any("Evidence: A visit on 2 March." in line for line in told)
        if answer == "reject":
            assert any("rejected it on 3 March 2026: “There is no money for it.”" in line for line in told)
        if new is not None:
            assert any(f"replaced by recommendation {new.number} of {new.review.reference}." in line for line in told)
    row = dict(zip(outcomes.COLUMNS, outcomes.row(record), strict=True))
    assert (row["outcome"], row["ended_on"], row["ended_why"]) == (word, "2026-03-03", "We looked at it.")
    assert made.has_ended
    assert "We looked at it." in db.session.scalars(select(Letter.text).where(Letter.kind == "response_settled")).one()


def test_what_was_rejected_can_never_be_called_done(made: Addressee) -> None:
    """Not by verifying it, not by calling it done in part; and nothing ends without a reason."""
    service.respond(made, "reject", response=REJECTED, by=acting("fire_responder"), at=RELEASE)
    for move in ("verify", "close_partly_done", "close_not_done", "reopen"):
        with pytest.raises(Refused, match="This response is rejected"):
            service.settle_response(made, move, Check("We say so."), by=acting("officer"), at=RELEASE)
    with pytest.raises(Refused, match="Give the reason"):
        service.settle_response(made, "close_not_accepted", Check("  "), by=acting("officer"), at=RELEASE)
    with pytest.raises(Refused, match="Choose the recommendation that replaces it"):
        service.settle_response(made, "supersede", Check("A newer one."), by=acting("officer"), at=RELEASE)
    assert made.state == "rejected"


def test_a_slipped_date_is_told_in_words_and_a_new_day_belongs_to_a_slip_alone(made: Addressee) -> None:
    """'Slipped' is a word and a date, never a key."""
    by = acting("fire_responder")
    service.respond(made, "accept", response="We will.", by=by, at=RELEASE)
    later = date(2027, 9, 1)
    with pytest.raises(Refused, match="only where it has slipped"):
        service.return_progress(made, status="on-track", text="Begun.", new_date=later, by=by, at=RELEASE)
    service.return_progress(made, status="slipped", text="The rooms are late.", new_date=later, by=by, at=RELEASE)
    record = outcomes.record_of(made, RELEASE.date())
    assert outcomes.when(record).endswith("slipped to 1 September 2027")
    told = [line.text for line in outcomes.account(record)]
    assert any("has slipped and will be done by 1 September 2027: “The rooms are late.”" in line for line in told)
    assert not any(key in " ".join(told) for key in outcomes.STATUSES if "-" in key)


def _another_made(made: Addressee, cast: SimpleNamespace) -> Recommendation:
    """A second recommendation of the same review, made like the first."""
    other = _draft(made.recommendation.review, cast)
    other.state = "made"
    return other


def test_what_is_open_about_a_place_is_found_whoever_made_it(made: Addressee, cast: SimpleNamespace) -> None:
    """By the place, by the agency; a late response is worked out, never stored."""
    wide = list(places_here(*_areas(cast.wide_place)))
    assert queries.made(place_ids=wide, only_open=True) == [made]
    county = db.session.get_one(Area, cast.county)
    assert queries.made(place_ids=list(places_here([county.code], [county.id]))) == [made], "the county holds the place"
    assert queries.made(place_ids=list(places_here(*_areas(cast.place)))) == [], "another district shares none of its land"
    assert queries.made(place_ids=[]) == []
    assert queries.of_agency(cast.fire) == [made]
    made.due_on = date(2026, 4, 1)
    assert not queries.is_response_late(made, date(2026, 4, 1))
    assert queries.is_response_late(made, date(2026, 4, 2))


def _alert(place: Place, address: str = "reader@example.org") -> None:
    """Somebody has asked to be told of a place, and confirmed it."""
    db.session.add(Alert(address=address, about=place.reference, named="Barrow End", asked_at=NOW, confirmed_at=NOW))
    db.session.flush()


def _alerted() -> list[str]:
    """What was written to those with an alert about a recommendation."""
    rows = select(Letter.text).where(Letter.kind == "recommendation_alert").order_by(Letter.id)
    return list(db.session.scalars(rows))


def test_whoever_follows_the_place_is_told_of_each_end_once_and_of_nothing_else(made: Addressee) -> None:
    place = made.recommendation.review.place
    _alert(place)
    service.respond(made, "accept", response="We shall.", by=acting("fire_responder"), at=RELEASE)
    service.return_progress(made, status="achieved", text="It is done.", new_date=None, by=acting("fire_responder"), at=RELEASE)
    service.settle_response(made, "reopen", Check("Not all of it."), by=acting("officer"), at=RELEASE)
    assert _alerted() == []
    service.settle_response(made, "verify", Check("Seen."), by=acting("officer"), at=RELEASE)
    [text] = _alerted()
    for words in ("Publish waiting times every month.", "Loamshire Fire and Rescue", "that it is done: “Seen.”", "/alerts/stop/"):
        assert words in text
    assert f"/reports/{made.recommendation.review.reference}#recommendation-1" in text


def test_nobody_is_told_of_what_is_not_public_any_more(made: Addressee) -> None:
    """The report is withdrawn; nor of a place they did not ask about, nor after they stopped."""
    review = made.recommendation.review
    _alert(review.place)
    other = db.session.scalars(select(Place).where(Place.id != review.place_id)).first()
    assert other is not None
    _alert(other, "other@example.org")
    report = db.session.scalars(select(Report).where(Report.review_id == review.id)).one()
    recall(report, "It named a child", by=acting("officer"), at=RELEASE)
    service.settle_response(made, "stop_tracking", Check("The report is withdrawn."), by=acting("officer"), at=RELEASE)
    assert _alerted() == []
