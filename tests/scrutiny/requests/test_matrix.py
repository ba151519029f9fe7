"""The matrix: every state in word and shape, narrowed by filters, in three statements whatever its size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from scrutiny.asking import service
from scrutiny.asking.service import ByHand
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.matrix import Matrix, as_items, as_table, filtered, matrix
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.states import SHOWN, shown
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.queries import review_by_reference
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting

TODAY = london_day(NOW)
Requests = dict[str, EvidenceRequest]
#: Of the body in the lead, and of one that observes.
WHO = ("officer", "partner_inspector")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL sent to the database meanwhile."""
    sent: list[str] = []

    def heard(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)


@pytest.mark.parametrize(
    ("state", "due_on", "key"),
    [
        ("asked", TODAY + timedelta(days=30), "waiting"),
        ("answered", TODAY + timedelta(days=30), "waiting"),
        ("with_certifier", TODAY + timedelta(days=30), "waiting"),
        ("sent_back", TODAY + timedelta(days=30), "waiting"),
        ("asked", TODAY + timedelta(days=7), "due-soon"),
        ("answered", TODAY, "due-soon"),
        ("asked", TODAY - timedelta(days=1), "overdue"),
        ("with_certifier", TODAY - timedelta(days=1), "overdue"),
        ("returned", TODAY + timedelta(days=3), "returned"),
        ("returned", TODAY - timedelta(days=1), "overdue"),
        ("submitted", TODAY - timedelta(days=1), "answered"),
        ("accepted", TODAY - timedelta(days=1), "accepted"),
        ("not_held", None, "not-held"),
        ("refused", None, "refused"),
        ("redirected", None, "redirected"),
        ("withdrawn", TODAY - timedelta(days=1), "withdrawn"),
        ("asked", None, "waiting"),
    ],
)
def test_each_state_has_its_word_and_shape(state: str, due_on: date | None, key: str) -> None:
    found = shown(state, due_on, TODAY)
    assert found.key == key
    assert found.shape
    assert found.word


def test_shapes_are_as_the_pages_promise() -> None:
    shapes = {key: row.shape for key, row in SHOWN.items()}
    assert shapes["not-asked"] == "·"
    assert [shapes[key] for key in ("waiting", "due-soon", "overdue", "answered", "returned")] == list("○◔!●↩")
    assert [shapes[key] for key in ("accepted", "not-held", "refused", "redirected")] == list("✓–×→")


def test_the_matrix_holds_every_item_asked(review: Review, issued: Requests) -> None:
    found = matrix(review, acting("officer"), TODAY)
    assert [name for _, name in found.agencies] == [request.agency.name for request in issued.values()]
    assert found.asked == sum(len(request.items) for request in issued.values())
    assert found.replied == 0
    assert [line.key for line in found.lines] == [line.key for line in review.lines]


def test_answers_are_counted_and_drafts_of_the_agency_are_not_seen(review: Review, issued: Requests) -> None:
    police = issued["Loamshire Police"]
    police.items[0].state = "answered"
    entered = ByHand(came_by="post", received_by="Olwen", received_on=TODAY, text="214")
    service.enter_answer(police.items[1], entered, by=acting("officer"), at=NOW)
    db.session.flush()
    found = matrix(review, acting("officer"), TODAY)
    assert found.of(police.agency_id) == (1, len(police.items))
    assert "answered" in found.totals
    assert found.totals["answered"] == 1


@pytest.mark.parametrize("totals", [{key: number for number, key in enumerate(SHOWN, 1)}, {"returned": 1, "accepted": 3}, {}])
def test_what_the_totals_say_adds_up_to_what_is_said_above_them(context: None, totals: dict[str, int]) -> None:
    found = Matrix((), (), totals)
    groups = found.sums
    assert sorted(row for _, rows in groups for row in rows) == sorted(totals.items()), "each state stands once"
    for words, rows in groups:
        numbers = [int(number) for number in re.findall(r"\d+", words)]
        assert numbers[0] == sum(count for _, count in rows)
        assert numbers[1:] in ([], [found.asked])
    counted = [int(re.findall(r"\d+", words)[0]) for words, _ in groups if "Not counted" not in words]
    assert sum(counted) == found.asked
    assert not totals or counted[0] == found.replied


def test_drafts_are_not_there_for_observers(review: Review, drafts: Requests, cast: SimpleNamespace) -> None:
    from scrutiny.bodies.models import Body
    from scrutiny.reviews.service import add_body

    add_body(review, db.session.get_one(Body, cast.cqc), "observer", by=acting("officer"), at=NOW)
    assert matrix(review, acting("officer"), TODAY).totals == {"draft": sum(len(d.items) for d in drafts.values())}
    assert matrix(review, acting("partner_inspector"), TODAY).agencies == ()


def test_questions_nobody_was_asked_yet_are_not_there_for_observers(
    review: Review, drafts: Requests, cast: SimpleNamespace
) -> None:
    """A question of our own, in a draft or added before it: what will be asked is told when it is asked."""
    from scrutiny.bodies.models import Body
    from scrutiny.reviews.service import add_body

    add_body(review, db.session.get_one(Body, cast.cqc), "observer", by=acting("officer"), at=NOW)
    first, *_ = drafts.values()
    issue_and_deliver(review, [first], by=acting("officer"), at=NOW)
    asked = {item.question_id for item in first.items}
    question = Question(review_id=review.id, line_id=review.lines[0].id, title="Ours", text="What we will ask", state="taken")
    db.session.add(question)
    db.session.flush()
    rows = {who: [row for line in matrix(review, acting(who), TODAY).lines for row in line.rows] for who in WHO}
    assert {row.question_id for row in rows["partner_inspector"]} <= asked
    assert rows["partner_inspector"], "what was asked is there"
    assert question.id in {row.question_id for row in rows["officer"]}


def test_filters_leave_what_they_name(review: Review, issued: Requests) -> None:
    whole = matrix(review, acting("officer"), TODAY)
    police = issued["Loamshire Police"]
    one = filtered(whole, agency_id=police.agency_id)
    assert [name for _, name in one.agencies] == ["Loamshire Police"]
    assert one.asked == len(police.items)
    line = whole.lines[0].key
    assert [part.key for part in filtered(whole, line=line).lines] == [line]
    assert filtered(whole, state="accepted").lines == ()
    assert filtered(whole, state="waiting").asked == whole.totals.get("waiting", 0)


def test_the_tables_hold_the_same_words(review: Review, issued: Requests) -> None:
    found = matrix(review, acting("officer"), TODAY)
    header, rows = as_table(found)
    assert header[:2] == ["Line of enquiry", "Question"]
    assert len(header) == 2 + len(issued)
    assert len(rows) == sum(len(line.rows) for line in found.lines)
    header, rows = as_items(found)
    assert len(rows) == found.asked
    assert isinstance(rows[0][-1], date)


def test_the_matrix_takes_four_statements_whatever_its_size(review: Review, issued: Requests) -> None:
    reference = review.reference
    db.session.flush()
    officer = acting("officer")
    db.session.expire_all()
    found = review_by_reference(reference)
    assert found is not None
    with statements() as many:
        matrix(found, officer, TODAY)
    assert len(many) == 4
