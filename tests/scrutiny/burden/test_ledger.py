"""The burden ledger over real rows: counted again by hand, seen by those who may, in so many statements however many rows."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.burden.ledger import Asked, Ledger, ledger, peers_of, quarter_of
from scrutiny.burden.rows import Wanted, read
from scrutiny.burden.words import WAYS
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import ReviewBody
from scrutiny.rules.queries import rules
from scrutiny.transaction import writes_now
from tests.scrutiny.burden.conftest import SHOWN
from tests.scrutiny.requests.answering_scene import ask
from tests.scrutiny.reviews.acting import acting
from workflows.burden import NAMES, SPLITS, Counts, Entry, total_of
from workflows.periods import period_of
from workflows.roles import ANYONE, OPERATOR_ACTOR, Actor

TODAY = london_day(SHOWN)


def seen_by(by: Actor, **asked: object) -> Ledger:
    """The ledger of all time for a reader."""
    return ledger(Asked(period="all", **asked), by=by, today=TODAY)  # type: ignore[arg-type]  # named as the fields are


def by_hand(request: EvidenceRequest) -> Counts:
    """The same request counted the slow way, item by item."""
    rates, asked = rules().burden, [item for item in request.items if item.state != "withdrawn"]
    minutes = 0
    for item in asked:
        reused = any(answer.submitted_at and answer.reused_from for answer in item.answers)
        minutes += rates.minutes("reused" if reused else item.question.kind)
        minutes += rates.minutes("returned") * sum(one.kind == "returned" for one in item.returns)
    return Counts(
        asked=len(asked),
        reused=sum(any(answer.submitted_at and answer.reused_from for answer in item.answers) for item in asked),
        left_out=len(request.left_out),
        withdrawn=len(request.items) - len(asked),
        returned=sum(one.kind == "returned" for item in asked for one in item.returns),
        figures=sum(item.question.kind == "figures" for item in asked),
        documents=sum(item.question.kind == "file" for item in asked),
        files=sum(len(answer.lodging.evidence.files) for item in request.items for answer in item.answers if answer.submitted_at),
        estimated=minutes,
        entered=round((request.hours_spent or 0) * 60),
        beside=minutes if request.hours_spent is not None else 0,
    )


def compared_by_hand(entries: list[Entry]) -> None:
    """Each request as the ledger has it, beside the same counted by hand; what is worked out across requests apart."""
    for request in db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.delivered_on.is_not(None))):
        counted = total_of(one for one in entries if one.sent.id == request.id)
        across = {"estimated_pence", "duplicated", "extended", "entered_pence"}
        said = {name: getattr(counted, name) for name in NAMES if name not in across}
        assert said == {name: getattr(by_hand(request), name) for name in said}, request.reference


def test_the_ledger_is_what_its_rows_say_counted_again_by_hand(context: None, asked: SimpleNamespace) -> None:
    compared_by_hand(seen_by(OPERATOR_ACTOR).entries)
    with writes_now():
        item = db.session.get_one(EvidenceRequest, asked.fire).items[0]
        item.return_for("returned", "Which year?", by="person:1", at=SHOWN)
        db.session.get_one(Item, item.id + 1).state = "withdrawn"
        answer = item.answers[0]
        answer.reused_from = answer.id
    found = seen_by(OPERATOR_ACTOR)
    compared_by_hand(found.entries)
    total = found.total
    assert (total.asked, total.withdrawn, total.reused, total.returned, total.left_out) == (7, 2, 1, 1, 1)


def test_a_request_withdrawn_as_a_whole_is_withdrawn_once(context: None, asked: SimpleNamespace) -> None:
    before = seen_by(OPERATOR_ACTOR).total
    with writes_now():
        db.session.get_one(EvidenceRequest, asked.police).state = "withdrawn"
    after = seen_by(OPERATOR_ACTOR).total
    assert (before.asked - after.asked, after.withdrawn - before.withdrawn) == (3, 3)
    with writes_now():
        for item in db.session.get_one(EvidenceRequest, asked.police).items:
            item.state = "withdrawn"
    assert seen_by(OPERATOR_ACTOR).total == after


@pytest.mark.parametrize(
    ("who", "requests"),
    [
        ("anyone", {"fire"}),
        ("stranger", {"fire"}),
        ("officer", {"police", "fire"}),
        ("councillor", {"police", "fire"}),
        ("lead_inspector", {"fire", "inspected"}),
        ("partner_inspector", {"fire", "inspected"}),
        ("responder", {"police", "fire", "inspected"}),
        ("fire_responder", {"fire"}),
        ("operator", {"police", "fire", "inspected"}),
    ],
)
def test_each_reader_counts_what_is_theirs_and_what_is_public(
    context: None, asked: SimpleNamespace, who: str, requests: set[str]
) -> None:
    by = {"anyone": ANYONE, "operator": OPERATOR_ACTOR}.get(who) or acting(who)
    found = seen_by(by)
    names = {getattr(asked, name): name for name in ("police", "fire", "inspected")}
    assert {names[one.sent.id] for one in found.entries} == requests
    assert len(found.names.agencies) == len({one.sent.agency for one in found.entries}), "names tell whom a reader sees asked"
    assert all(part.requests <= len(requests) for way in WAYS for part in found.parts(way))


def test_nobody_learns_from_asked_twice_what_they_may_not_see(context: None, asked: SimpleNamespace) -> None:
    """The inspectorate asked the police what the committee had: only the police see both."""
    assert [seen_by(by).total.duplicated for by in (acting("responder"), OPERATOR_ACTOR)] == [3, 3]
    assert [seen_by(by).total.duplicated for by in (ANYONE, acting("officer"), acting("lead_inspector"))] == [0, 0, 0]
    with writes_now():
        review = db.session.get_one(EvidenceRequest, asked.police).review
        review.list_released_on = TODAY
    assert seen_by(acting("lead_inspector")).total.duplicated == 3
    assert seen_by(acting("lead_inspector"), body=acting("lead_inspector").body).total.duplicated == 3


def test_a_request_that_did_not_arrive_or_is_withdrawn_is_nobody_elses(context: None, asked: SimpleNamespace) -> None:
    with writes_now():
        db.session.get_one(EvidenceRequest, asked.fire).delivered_on = None
    assert seen_by(ANYONE).entries == [] == seen_by(acting("fire_responder")).entries
    with writes_now():
        request = db.session.get_one(EvidenceRequest, asked.fire)
        request.delivered_on, request.state = TODAY, "withdrawn"
    assert (seen_by(ANYONE).entries, seen_by(acting("fire_responder")).requests) == ([], 1)


def test_hours_given_to_requesters_alone_and_files_stay_theirs(context: None, asked: SimpleNamespace) -> None:
    """Hours entered before the page said that they are published are counted for those inside."""
    assert [seen_by(by).total.entered for by in (ANYONE, acting("officer"))] == [150, 150]
    with writes_now():
        db.session.get_one(EvidenceRequest, asked.fire).effort_at = None
    assert [seen_by(by).total.entered for by in (ANYONE, acting("officer"), acting("fire_responder"))] == [0, 150, 150]
    assert (seen_by(ANYONE).said, seen_by(acting("officer")).said) == (0, 1)


def test_a_body_is_counted_with_what_it_asked_while_it_led(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    with writes_now():
        request = db.session.get_one(EvidenceRequest, asked.fire)
        (lead,) = (row for row in request.review.bodies if row.part == "lead")
        lead.to_on = date(2026, 3, 31)
        request.review.bodies.append(ReviewBody(body_id=cast.ofsted, part="lead", from_on=date(2026, 4, 1)))
    assert [part.key for part in seen_by(ANYONE).parts("body")] == [cast.committee]
    assert seen_by(ANYONE, body=cast.ofsted).entries == []
    assert seen_by(ANYONE, body=cast.committee).requests == 1


def test_periods_the_trend_and_the_quarter_of_an_agency(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    found = ledger(Asked(), by=acting("responder"), today=TODAY)
    assert found.period.key == "fy2026"  # the newest with a request
    assert [(one.key, counts.asked) for one, counts in found.trend() if counts] == [("2026-q1", 5), ("2026-q2", 3)]
    assert ledger(Asked("fy2025"), by=acting("responder"), today=TODAY).total.asked == 5
    assert ledger(Asked("fy1900"), by=acting("responder"), today=TODAY).entries == []
    assert [one.key for one in found.periods] == ["fy2026", "fy2025", "cy2026", "2026-q2", "2026-q1", "all"]
    quarter = quarter_of(acting("responder"), TODAY)
    assert (quarter.asked, quarter.bodies, quarter.entered) == (3, 1, 0)


def test_a_place_counts_reviews_of_the_places_it_is_given(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    assert seen_by(OPERATOR_ACTOR, places=(cast.place,)).requests == 3
    assert seen_by(OPERATOR_ACTOR, places=(cast.wide_place,)).entries == []


def test_peers_are_compared_on_what_is_public_alone(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    period = period_of("all")
    assert period is not None
    fire = db.session.get_one(EvidenceRequest, asked.fire).agency
    beside = peers_of(fire, period, TODAY)
    assert (beside.own, beside.peers, beside.median) == (2, 0, None)
    police = db.session.get_one(EvidenceRequest, asked.police).agency
    assert peers_of(police, period, TODAY).own == 0  # asked six, none of them public


def test_statements_do_not_grow_with_the_rows(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, statements: list[str]
) -> None:
    def count() -> int:
        with app.app_context():
            statements.clear()
            seen_by(OPERATOR_ACTOR).parts("who")
            return len(statements)

    before = count()
    with app.app_context(), writes_now():
        for agency in ("fire", "police", "west_icb", "east_icb"):
            ask(cast, agency)
    with app.app_context():
        period = period_of("all")
        assert period is not None
        assert len({one.sent.id for one in read(Wanted(OPERATOR_ACTOR, TODAY, period))}) == 7
    assert count() == before <= 10


def test_every_split_sums_to_the_whole(context: None, asked: SimpleNamespace) -> None:
    found = seen_by(OPERATOR_ACTOR)
    assert WAYS.keys() - {"who"} == SPLITS.keys() - {"request"}
    for way in WAYS:
        parts = [part.counts for part in found.parts(way)]
        assert Counts(*(sum(getattr(one, name) for one in parts) for name in NAMES)) == found.total, way
