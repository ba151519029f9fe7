"""Drafting: one request for each answering agency, with its own items, dates and law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.asking import drafting, ordering
from scrutiny.asking.letters import previews
from scrutiny.due_dates.rescheduling import Timetable, redated
from scrutiny.due_dates.rules import phases_of
from scrutiny.extensions import db
from scrutiny.legal_words import caution_sentence, clause_words, held_words, question_words
from scrutiny.requests.legal_basis import request_basis
from scrutiny.requests.matrix import matrix
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.enquiry import add_question
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.queries import questions_of
from scrutiny.rules.queries import method_of
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")


def test_each_answering_agency_with_standard_items_gets_one_draft(drafts: dict) -> None:
    assert set(drafts) == {
        "Loamshire County Council",
        "Barrow End District Council",
        "Loamshire Police",
        "Loamshire Fire and Rescue",
        "West Loamshire Integrated Care Board",
        "East Loamshire Integrated Care Board",
    }
    assert [draft.reference[-4:] for draft in drafts.values()] == ["/P01", "/P02", "/P03", "/P04", "/P05", "/P06"]
    assert all(draft.items for draft in drafts.values())


def test_the_same_standard_item_put_to_several_agencies_is_one_question(review: Review, drafts: dict) -> None:
    east, west = drafts["East Loamshire Integrated Care Board"], drafts["West Loamshire Integrated Care Board"]
    assert [item.question_id for item in east.items] == [item.question_id for item in west.items]
    keys = list(db.session.scalars(select(Question.standard_key).where(Question.review_id == review.id)))
    assert len(keys) == len(set(keys))


def test_a_draft_says_what_share_of_the_place_its_agency_answers_for(drafts: dict) -> None:
    east = drafts["East Loamshire Integrated Care Board"]
    assert east.share_of_land == pytest.approx(0.5)
    assert east.share_of_people == pytest.approx(2500 / 4500)


def test_a_draft_says_on_what_law_it_rests(drafts: dict) -> None:
    own = request_basis(drafts["Loamshire County Council"])
    assert own.binds
    assert "SI 2012/2089" in own.law
    other = request_basis(drafts["Loamshire Police"])
    assert (other.duty, other.binds) == ("invite", False)
    assert other.chief is not None
    assert other.chief.confidence == "verified"


def test_every_item_has_a_due_date_and_says_why(drafts: dict) -> None:
    assert any(draft.items for draft in drafts.values())
    for draft in drafts.values():
        for item in draft.items:
            assert item.due_on is not None
            assert item.due_on > date(2026, 3, 2)
            assert due_words.why(item.due_working).startswith(("Due on", "By"))
            assert item.due_working.steps
            assert item.nation == "england-and-wales"
            assert len(item.calendar) == 64


def test_the_law_gives_the_councils_own_executive_ten_clear_days(drafts: dict) -> None:
    """For the documents of its decisions; no law makes it answer a question in words or figures."""
    for item in drafts["Loamshire County Council"].items:
        assert item.statutory_due_on == (date(2026, 3, 12) if item.question.kind == "file" else None)
        assert (item.legal_basis["chief"]["duty"] == "supply") == (item.question.kind == "file")


def test_drafting_again_adds_nothing(review: Review, drafts: dict) -> None:
    assert drafting.draft_requests(review, by=acting("officer"), at=NOW) == []
    assert len(requests_of(review)) == len(drafts)


def test_a_line_left_out_is_asked_of_nobody(cast: SimpleNamespace) -> None:
    review = opened(cast)
    from scrutiny.reviews.service import drop_line

    line = review.lines[0]
    drop_line(review, line, why="Covered last year", by=acting("officer"), at=NOW)
    found = drafting.draft_requests(review, by=acting("officer"), at=NOW)
    assert not any(item.question.line_id == line.id for draft in found for item in draft.items)


def test_the_officers_day_stands_in_place_of_the_methods(drafts: dict) -> None:
    item = drafts["Loamshire Police"].items[0]
    drafting.revise_item(item, seen=item.version, wanted_on=date(2026, 4, 1), by=acting("officer"), at=NOW)
    assert item.due_on == date(2026, 4, 1)
    assert "officer chose" in due_words.why(item.due_working)
    drafting.revise_item(item, seen=item.version, wanted_on=None, by=acting("officer"), at=NOW)
    assert "officer chose" not in due_words.why(item.due_working)


def test_a_question_of_ones_own_is_due_with_the_standard_ones_of_its_letter(review: Review, drafts: dict) -> None:
    """By the timetable of the method, and it moves with it; the law's own day stays beside it."""
    line, by = review.lines[0], acting("officer")
    question = add_question(review, line=line, text="Who drives?", kind="file", by=by, at=NOW)
    for name in ("Loamshire Police", "Loamshire County Council"):
        item = drafting.add_item(drafts[name], question, by=by, at=NOW)
        assert item.due_on == drafts[name].items[0].due_on
        assert "Call for evidence" in due_words.why(item.due_working)
    assert item.statutory_due_on == date(2026, 3, 12)
    method = method_of(review.edition)
    phases = phases_of(review.phases)
    later = tuple(replace(row, ends_on=row.ends_on + timedelta(days=14)) for row in phases)
    moved = redated(drafts.values(), Timetable(method, phases), Timetable(method, later), NOW.date())
    assert item in [row.item for row in moved]


def test_a_question_is_moved_and_asked_in_that_order_wherever_it_is_shown(review: Review, drafts: dict) -> None:
    """Its own number, the other drafts that ask both, the matrix, and whoever is drafted later; what has no place there stays."""
    by = acting("officer")
    question = add_question(review, line=review.lines[0], text="Who drives?", by=by, at=NOW)
    police, county, fire = (drafts[f"Loamshire {name}"] for name in ("Police", "County Council", "Fire and Rescue"))
    item, elsewhere = (drafting.add_item(one, question, by=by, at=NOW) for one in (police, county))
    before, kept = [one.question_id for one in police.items], [one.question_id for one in fire.items]
    with pytest.raises(Refused, match="last question"):
        ordering.move_item(item, up=False, by=by, at=NOW)
    for number in range(len(before) - 1, 0, -1):
        assert ordering.move_item(item, up=True, by=by, at=NOW).number == number
    with pytest.raises(Refused, match="first question"):
        ordering.move_item(item, up=True, by=by, at=NOW)
    assert [one.question_id for one in police.items] == [question.id, *before[:-1]]
    assert [one.reference for one in police.items] == [f"{police.reference}/{number}" for number in range(1, len(before) + 1)]
    shared = [one.question_id for one in county.items if one.question_id in before]
    assert shared[0] == question.id
    assert elsewhere.reference == f"{county.reference}/{elsewhere.number}"
    assert [one.question_id for one in fire.items] == kept
    rows = next(line for line in matrix(review, by, NOW.date()).lines if line.key == review.lines[0].key).rows
    assert rows[0].question_id == question.id
    assert questions_of(review)[0] is question
    late = add_question(review, line=review.lines[0], text="Who pays?", by=by, at=NOW)
    assert [one.id for one in questions_of(review) if one.line_id == late.line_id][-1] == late.id
    letter = previews(police, at=NOW, public_url="http://test")[0].text
    assert letter.index("Who drives?") < letter.index(police.items[1].question.text)
    police.state = "issued"
    with pytest.raises(Refused, match="has been sent"):
        ordering.move_item(item, up=False, by=by, at=NOW)


def test_a_day_that_has_gone_by_is_refused(drafts: dict) -> None:
    item = drafts["Loamshire Police"].items[0]
    with pytest.raises(Refused, match="choose a later day"):
        drafting.revise_item(item, seen=item.version, wanted_on=date(2026, 3, 2), by=acting("officer"), at=NOW)


def test_an_item_is_dropped_with_a_reason_and_can_be_put_back(drafts: dict) -> None:
    draft = drafts["Loamshire Police"]
    item, before = draft.items[0], len(draft.items)
    question = item.question
    with pytest.raises(Refused, match="Say why"):
        drafting.drop_item(item, why=" ", by=acting("officer"), at=NOW)
    drafting.drop_item(item, why="Published already", by=acting("officer"), at=NOW)
    assert len(draft.items) == before - 1
    assert [one.number for one in draft.items] == list(range(1, before))
    assert draft.left_out[0]["why"] == "Published already"
    drafting.add_item(draft, question, by=acting("officer"), at=NOW)
    assert len(draft.items) == before
    assert draft.left_out == []


def test_an_agency_is_dropped_with_a_reason_and_taken_up_again(drafts: dict) -> None:
    draft = drafts["Loamshire Fire and Rescue"]
    drafting.drop_request(draft, why="Nothing to add here", by=acting("officer"), at=NOW)
    assert (draft.state, draft.dropped_why) == ("dropped", "Nothing to add here")
    drafting.take_up_request(draft, by=acting("officer"), at=NOW)
    assert (draft.state, draft.dropped_why) == ("drafted", "")


def test_an_agency_outside_the_footprint_may_be_added(review: Review, drafts: dict, cast: SimpleNamespace) -> None:
    from scrutiny.agencies.models import Agency

    ashby = db.session.get_one(Agency, cast.ashby_council)
    draft = drafting.draft_for_agency(review, ashby, by=acting("officer"), at=NOW)
    assert draft.share_of_land is None
    assert draft.items
    with pytest.raises(Refused, match="already has a draft"):
        drafting.draft_for_agency(review, ashby, by=acting("officer"), at=NOW)


def test_an_inspector_may_not_drop_a_draft(drafts: dict) -> None:
    with pytest.raises(Refused, match="Only a"):
        drafting.drop_request(drafts["Loamshire Police"], why="No", by=acting("inspector"), at=NOW)


def test_an_item_whose_power_may_not_be_used_rests_on_another_and_says_so(drafts: dict) -> None:
    board = drafts["East Loamshire Integrated Care Board"]
    item = board.items[0]
    item.power_key = "jar_info"  # a power of the inspectorates
    drafting.work_out(board, date(2026, 3, 2))
    warnings = [text for text in _cautions(board) if text.startswith("Item 1 was to be asked under a power")]
    assert len(warnings) == 1
    assert "is not for a council scrutiny committee to use" in warnings[0]
    assert "NHSA 2006 s.244" in warnings[0]
    item.power_key = "health_info"
    drafting.work_out(board, date(2026, 3, 2))
    assert not any(text.startswith("Item 1") for text in _cautions(board))


def test_personal_data_asked_by_a_committee_is_warned_about(drafts: dict) -> None:
    police = drafts["Loamshire Police"]
    police.items[0].question.marking = "personal"
    drafting.work_out(police, date(2026, 3, 2))
    assert any("Personal data may not be asked for" in text for text in _cautions(police))


def test_a_draft_lists_each_duty_with_its_law_and_since_when(drafts: dict) -> None:
    lines = {line.duty: line for line in request_basis(drafts["East Loamshire Integrated Care Board"]).lines}
    assert set(lines) >= {"supply", "attend", "reply"}
    attend = lines["attend"]
    assert clause_words(attend) == "must send a member or employee to answer questions, on reasonable notice"
    assert (attend.source, attend.confidence) == ("SI 2013/218 reg 27", "verified")
    assert held_words(attend) == "from Monday 1 April 2013, in England"
    assert "days from a question back" in question_words(attend)


def _cautions(request: EvidenceRequest) -> list[str]:
    return [caution_sentence(caution) for caution in request_basis(request).cautions]
