"""The day itself: work passes to successors, everybody is told, a missed day mends itself, and history reads as it did."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyMembership
from scrutiny.agreement.models import FindingAgreement
from scrutiny.answering import service as answering
from scrutiny.answering.access import item_to_answer
from scrutiny.asking import service as requests
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.evidence.access import may_read
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.recommendations import queries as recommendations
from scrutiny.reorganisation import queries, service
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import check_plan
from scrutiny.requests.models import EvidenceRequest, Holder
from scrutiny.reviews.access import may_run
from scrutiny.transaction import writes_now
from scrutiny.worklist.agency_work import due_for
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reorganisation.scene import BEFORE, DAY, EAST, ON_THE_DAY, PLAN, acting_for, county_request, review_of, settle
from tests.scrutiny.reviews.acting import acting
from workflows.jobs import registered
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def scene(context: None, cast: SimpleNamespace) -> SimpleNamespace:
    """Staged, with an alert about Barrow End, and not yet come."""
    found = settle(cast)
    with writes_now():
        db.session.add(
            Alert(address="r@example.org", about=f"place:{cast.wide_place}", named="Barrow End", asked_at=NOW, confirmed_at=NOW)
        )
        row = service.prepare(check_plan(PLAN), by=OPERATOR_ACTOR, at=NOW)
        service.stage(row, by=OPERATOR_ACTOR, at=NOW)
    return found


def run(at: datetime = ON_THE_DAY) -> str:
    return str(registered()["reorganise"](at=at))


def east() -> Agency:
    return db.session.scalars(select(Agency).where(Agency.name == "East Loamshire Council")).one()


def counted() -> tuple[int, int]:
    return db.session.scalar(select(func.count(Letter.id))) or 0, db.session.scalar(select(func.count(Holder.id))) or 0


def test_nothing_happens_before_the_day(scene: SimpleNamespace) -> None:
    before = counted()
    assert run(datetime(2028, 3, 31, 22, 59, tzinfo=UTC)) == "", "one minute to midnight in London"
    assert counted() == before
    assert run(datetime(2028, 3, 31, 23, 5, tzinfo=UTC)) == "carried out G-2026-001", "five past midnight in London"


def test_items_pass_to_the_successor_with_what_was_begun(scene: SimpleNamespace) -> None:
    run()
    request = county_request(scene)
    rows = db.session.scalars(select(Holder).where(Holder.item_id == request.items[0].id).order_by(Holder.id)).all()
    assert [(row.agency_id, row.to_on) for row in rows] == [(scene.county_council, BEFORE), (east().id, None)]
    assert rows[1].from_on == DAY
    assert request.agency_id == scene.county_council, "who was asked stays"
    by = acting_for(east().id, DAY)
    item = item_to_answer(request.items[0].id, by, DAY)
    answering.keep_answer(item, answering.Typed(text="We began, and went on"), by=by, at=ON_THE_DAY)
    answering.submit_item(item, by=by, at=ON_THE_DAY)
    assert item.state == "submitted"
    assert item.answer
    assert may_read(item.answer.lodging, by, DAY)
    assert request.reference in {due.reference for due in due_for(by, DAY)}
    person = db.session.get_one(Person, by.person)
    assert actor_of(person, f"agency:{scene.county_council}", on=DAY).agency != scene.county_council


def test_a_returned_answer_is_written_again_by_the_successor(scene: SimpleNamespace) -> None:
    with writes_now():
        item = county_request(scene).items[0]
        answering.submit_item(item, by=acting_for(scene.county_council), at=NOW)
        requests.return_item(item, why="More, please", by=acting("officer"), at=NOW)
    run()
    by, item = acting_for(east().id, DAY), county_request(scene).items[0]
    answer = answering.keep_answer(item, answering.Typed(text="More"), by=by, at=ON_THE_DAY)
    assert answer.lodging.evidence.agency_id == east().id
    assert [one.lodging.evidence.agency_id for one in item.answers] == [scene.county_council, east().id]


def test_the_review_and_the_recommendation_pass_on_and_history_stays(scene: SimpleNamespace) -> None:
    review = review_of(scene)
    place_on, edition, names = review.place_on, review.edition.digest, [area.code for area in review.place.areas]
    run()
    review = review_of(scene)
    assert review.lead.host_agency_id == east().id
    first = next(row for row in review.bodies if row.body_id == scene.committee)
    assert (first.part, first.to_on) == ("lead", BEFORE)
    assert (review.place_on, review.edition.digest, [area.code for area in review.place.areas]) == (place_on, edition, names)
    officer = db.session.get_one(Person, scene.officer)
    assert may_run(review, actor_of(officer, on=DAY)), "the officer went with it"
    assert not may_run(review, actor_of(db.session.get_one(Person, scene.chair), on=DAY)), "a chair is elected anew"
    (addressee,) = recommendations.of_agency(east().id)
    assert addressee.agency_id == scene.county_council
    assert recommendations.of_agency(scene.county_council) == []


def test_findings_and_what_was_said_of_them_pass_to_the_bodys_successor(scene: SimpleNamespace) -> None:
    with writes_now():
        review, by = review_of(scene), acting("officer")
        finding = findings.draft_finding(review, title="Few run", text="Few run.", lines=[], by=by, at=NOW)
        row = FindingAgreement(
            finding=finding,
            body_id=scene.committee,
            answer="agreed",
            comment="",
            person=by.reference,
            capacity="",
            name=by.name,
            digest="0" * 64,
            words={},
            said_at=NOW,
        )
        db.session.add(row)
        db.session.flush()
        key = row.id
    run()
    row = db.session.get_one(FindingAgreement, key)
    assert (row.body_id, row.finding.body_id) == (review_of(scene).lead.id, review_of(scene).lead.id)
    assert row.name == acting("officer").name


def test_everybody_concerned_gets_one_letter(scene: SimpleNamespace) -> None:
    run()
    found: dict[str, list[Letter]] = {}
    for letter in db.session.scalars(select(Letter).where(Letter.reference == "reorganisation:1").order_by(Letter.id)):
        found.setdefault(letter.kind, []).append(letter)
    (asker,) = found["requests_answered_by"]
    assert asker.person == f"person:{scene.officer}"
    said = "answered by East Loamshire Council in place of Loamshire County Council"
    assert said in asker.text
    (successor,) = found["work_taken_over"]
    assert successor.person == f"person:{scene.responder}"
    assert "asked of Loamshire County Council" in successor.text
    assert "takes over one recommendation made to a council that ends" in successor.text
    people = {letter.person: letter.text for letter in found["body_ended"]}
    assert set(people) == {f"person:{one}" for one in (scene.officer, scene.chair, scene.councillor, scene.responder)}
    assert "you act for East Loamshire Council Overview and Scrutiny Committee" in people[f"person:{scene.officer}"]
    assert "you no longer have a role here" in people[f"person:{scene.chair}"]
    (alert,) = found["place_ended"]
    assert alert.address == "r@example.org"
    assert f"/places/{EAST}" in alert.text


def test_running_again_changes_nothing_and_a_missed_day_mends_itself(scene: SimpleNamespace) -> None:
    late = datetime(2028, 4, 9, 8, 0, tzinfo=UTC)
    assert run(late) == "carried out G-2026-001"
    after = counted()
    assert run(late) == ""
    assert counted() == after
    assert db.session.scalars(select(Holder).where(Holder.to_on.is_not(None))).first().to_on == BEFORE
    row = queries.reorganisation("g-2026-001")
    assert row
    assert row.state == "carried_out"
    assert [row.outcome[what] for what in ("requests", "recommendations", "reviews")] == [1, 1, 1]
    with pytest.raises(Refused, match="cannot be undone"), writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, row.id), by=OPERATOR_ACTOR, at=late)


def test_what_is_asked_between_staging_and_the_day_passes_on_too(scene: SimpleNamespace) -> None:
    with writes_now():
        drafted = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == scene.barrow_council)).one()
        issue_and_deliver(review_of(scene), [drafted], by=acting("officer"), at=NOW)
    run()
    held = db.session.scalars(select(Holder.agency_id).where(Holder.item_id == drafted.items[0].id, Holder.to_on.is_(None))).one()
    assert held == east().id


def test_a_draft_to_an_agency_that_has_ended_cannot_be_issued(scene: SimpleNamespace) -> None:
    run()
    drafted = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == scene.barrow_council)).one()
    officer = actor_of(db.session.get_one(Person, scene.officer), on=DAY)
    with pytest.raises(Refused, match=r"Barrow End District Council answered until Friday 31 March 2028 only.*East Loamshire"):
        issue_and_deliver(review_of(scene), [drafted], by=officer, at=ON_THE_DAY)


def test_letters_about_a_request_go_to_who_holds_it(scene: SimpleNamespace) -> None:
    run()
    with writes_now():
        officer = actor_of(db.session.get_one(Person, scene.officer), on=DAY)
        requests.withdraw_item(county_request(scene).items[1], why="Not needed", by=officer, at=ON_THE_DAY)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "item_withdrawn")).one()
    assert letter.person == f"person:{scene.responder}", "who went with the work"
    rows = select(AgencyMembership.agency_id).where(
        AgencyMembership.person_id == scene.responder, AgencyMembership.from_on == DAY
    )
    assert list(db.session.scalars(rows)) == [east().id]


def test_a_council_that_carries_on_takes_its_new_code_and_name_on_the_day(scene: SimpleNamespace, cast: SimpleNamespace) -> None:
    with writes_now():
        service.undo_staging(db.session.get_one(Reorganisation, 1), by=OPERATOR_ACTOR, at=NOW)
        plan = {
            "title": "A new code",
            "on": "2028-04-01",
            "ending": ["E07900001"],
            "new": [{"code": "E07900041", "name": "Ashby", "made_of": ["E07900001"], "council": "Ashby Borough Council"}],
        }
        service.stage(service.prepare(check_plan(plan), by=OPERATOR_ACTOR, at=NOW), by=OPERATOR_ACTOR, at=NOW)
    council = db.session.get_one(Agency, cast.ashby_council)
    assert (council.name, [row.code for row in council.codes]) == ("Ashby District Council", ["E07900001"])
    run()
    council = db.session.get_one(Agency, cast.ashby_council)
    assert (council.name, council.to_on) == ("Ashby Borough Council", None)
    assert [row.code for row in council.codes] == ["E07900001", "E07900041"]
    assert db.session.get_one(Body, cast.committee).to_on is None
    assert date(2028, 4, 1) in {row.from_on for row in council.footprint}
