"""Asking an agency to attend: drafted, minded, issued, answered; under the law that holds, with the notice it asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.agencies.models import Agency
from scrutiny.answering import attendance
from scrutiny.answering import service as answering
from scrutiny.asking import attending, service
from scrutiny.asking import letters as request_letters
from scrutiny.asking.letters import issued_values
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.legal_words import caution_sentence
from scrutiny.requests.attendance_queries import meetings_of, meetings_to_attend
from scrutiny.requests.legal_basis import item_basis, request_basis
from scrutiny.requests.matrix import matrix
from scrutiny.requests.models import Holder, Item
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

TODAY, MEETING = date(2026, 3, 2), date(2026, 3, 26)
LATER = datetime(2026, 3, 5, 10, tzinfo=UTC)


def attend(review: Review, cast: SimpleNamespace, *agencies: str, held_on: date = MEETING, **changes: object) -> list[Item]:
    """Agencies asked to a meeting, in drafts."""
    asked = attending.Asked(
        **{"held_on": held_on, "place": "County Hall", "about": "Waiting times", "begins": "10:30am", "whom": "the chief officer"}
        | changes
    )
    chosen = [db.session.get_one(Agency, getattr(cast, one)) for one in agencies]
    return attending.ask_to_attend(review, chosen, asked, line=review.lines[0], by=acting("officer"), at=NOW)


@pytest.fixture
def meeting(context: None, cast: SimpleNamespace) -> list[Item]:
    """The health board and the fire service asked to a meeting on Thursday 26 March, and issued."""
    review = opened(cast)
    items = attend(review, cast, "west_icb", "fire")
    issue_and_deliver(review, [item.request for item in items], by=acting("officer"), at=NOW)
    return items


def test_it_is_one_question_and_so_one_row_of_the_matrix(meeting: list[Item]) -> None:
    board, fire = meeting
    assert board.question_id == fire.question_id
    found = matrix(board.request.review, acting("officer"), TODAY)
    row = next(row for line in found.lines for row in line.rows if row.question_id == board.question_id)
    assert row.title == "Attend on Thursday 26 March 2026"
    assert {cell.shown.word for cell in row.cells.values()} == {"Waiting"}


def test_each_agency_is_told_what_the_law_says_to_it(meeting: list[Item]) -> None:
    board, fire = (item.due_working.attend for item in meeting)
    assert (item_basis(meeting[0]).binds, item_basis(meeting[0]).law) == (True, "SI 2013/218 reg 27")
    assert (board.held_on, board.notice) == (date(2026, 3, 26), 17)
    assert not item_basis(meeting[1]).binds, "a power over crime does not reach waiting times"
    assert fire.notice == 17


def test_the_answer_is_due_before_the_agenda_goes_out_and_says_why(meeting: list[Item]) -> None:
    item = meeting[0]
    assert (item.due_on, item.clock, item.start_event) == (date(2026, 3, 18), "clear_before:5", "meeting")
    assert "Counted back from 26 March 2026, the day the meeting is held" in due_words.why(item.due_working)
    issued = select(Letter).where(Letter.kind == "request_issued", Letter.text.contains("Waiting times"))
    letter = db.session.scalars(issued.order_by(Letter.id)).first()
    assert letter is not None
    assert "By law, you must send a member or employee to answer questions, on reasonable notice" in letter.text
    assert "Please tell us by Wednesday 18 March 2026 who will come" in letter.text


def test_short_notice_is_minded_before_it_is_sent(context: None, cast: SimpleNamespace) -> None:
    item = attend(opened(cast), cast, "west_icb", held_on=date(2026, 3, 5))[0]
    said = [text for text in map(caution_sentence, request_basis(item.request).cautions) if "reasonable notice" in text]
    assert said == [
        "Item 1: The law asks for reasonable notice (SI 2013/218 reg 27), taken here as 10 working days; "
        "this is 2 working days, up to the meeting on 5 March 2026."
    ]
    assert item.due_on == date(2026, 3, 4)
    assert "too near for its agenda" in due_words.why(item.due_working)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": TODAY}, "is not after today"),
        ({"held_on": date(1969, 3, 1)}, "is not after today"),
        ({"place": " "}, "Say where"),
        ({"about": ""}, "Say what the meeting is about"),
    ],
)
def test_a_meeting_without_its_facts_is_refused(
    context: None, cast: SimpleNamespace, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        attend(opened(cast), cast, "fire", **changes)


def test_a_meeting_past_what_the_calendars_know_is_counted_and_marked_provisional(context: None, cast: SimpleNamespace) -> None:
    item = attend(opened(cast), cast, "fire", held_on=date(2199, 12, 30))[0]
    assert item.due_on is not None
    assert item.due_working.provisional


def test_a_draft_whose_meeting_has_gone_by_is_not_issued(context: None, cast: SimpleNamespace) -> None:
    item = attend(opened(cast), cast, "fire", held_on=date(2026, 3, 6))[0]
    with pytest.raises(Refused, match="The meeting on Friday 6 March 2026 is not after"):
        issue_and_deliver(item.request.review, [item.request], by=acting("officer"), at=datetime(2026, 3, 6, 9, tzinfo=UTC))


def test_an_agency_says_who_comes_sends_another_or_declines(meeting: list[Item]) -> None:
    board, fire = meeting
    answer = attendance.say_attends(board, "another", "Dr Lena Hale, deputy chief", by=acting("icb_responder"), at=LATER)
    answering.submit_request(board.request, [board], by=acting("icb_responder"), at=LATER)
    assert (answer.attends, answer.attended_by) == ("another", "Dr Lena Hale, deputy chief")
    assert answer.lodging.evidence.text.startswith("Dr Lena Hale, deputy chief will attend the meeting on Thursday 26 March 2026")
    assert board.state == "submitted"
    with pytest.raises(Refused, match="Say why nobody can attend"):
        attendance.decline(fire, " ", by=acting("fire_responder"), at=LATER)
    attendance.decline(fire, "All watch officers are on call", by=acting("fire_responder"), at=LATER)
    assert (fire.state, fire.ground) == ("refused", "All watch officers are on call")
    review = board.request.review
    found = matrix(review, acting("officer"), TODAY, reasons=True)
    cells = next(row.cells for line in found.lines for row in line.rows if row.question_id == board.question_id)
    told = {one: (cells[one.request.agency_id].shown.key, cells[one.request.agency_id].shown.word) for one in (board, fire)}
    assert told == {board: ("answered", "Sends another"), fire: ("refused", "Declined")}
    assert cells[board.request.agency_id].why == due_words.why(board.due_working) != ""
    assert found.totals["refused"] == 1
    assert [(row[0], row[2], row[5], row[6]) for row in meetings_of([review.id])] == [(review.id, MEETING, 2, 1)]
    assert [found.held_on for _, found in meetings_to_attend(board.request.agency_id, TODAY)] == [MEETING]
    assert meetings_to_attend(fire.request.agency_id, TODAY) == []
    assert meetings_to_attend(board.request.agency_id, date(2026, 3, 27)) == []


def test_a_meeting_taken_over_is_for_whoever_holds_it_now(context: None, cast: SimpleNamespace, meeting: list[Item]) -> None:
    fire = meeting[1]
    db.session.scalars(select(Holder).where(Holder.item_id == fire.id)).one().to_on = LATER.date() - timedelta(days=1)
    db.session.add(Holder(item_id=fire.id, agency_id=cast.police, from_on=LATER.date()))
    db.session.flush()
    assert [item.id for item, _ in meetings_to_attend(cast.fire, TODAY)] == [fire.id]
    assert meetings_to_attend(cast.fire, LATER.date()) == []
    assert [item.id for item, _ in meetings_to_attend(cast.police, LATER.date())] == [fire.id]


def test_the_page_of_a_meeting_sends_one_who_is_asked_for_something_else_to_that_item(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        review = opened(cast)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        draft = next(one for one in drafts if one.agency_id == cast.fire)
        issue_and_deliver(review, [draft], by=acting("officer"), at=NOW)
        item_id = draft.items[0].id
        db.session.commit()
    fire = signed_in("fire_responder")
    assert fire.get(f"/answering/items/{item_id}/attend").location.endswith(f"/answering/items/{item_id}")
    assert fire.post(f"/answering/items/{item_id}/attend", data={"comes": "asked", "who": "A"}).status_code == 302
    assert signed_in("stranger").get(f"/answering/items/{item_id}/attend").status_code == 404


def test_a_question_about_it_does_not_move_the_meeting(meeting: list[Item]) -> None:
    item = meeting[0]
    answering.ask_question(item.request, "Is there parking?", item=item, by=acting("icb_responder"), at=LATER)
    assert item.due_on == date(2026, 3, 18)


def test_the_pages_ask_and_answer(app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    with app.app_context():
        review = opened(cast)
        reference, line = review.reference, review.lines[0].id
        db.session.commit()
    officer, ahead = signed_in("officer"), date(datetime.now(UTC).year + 5, 3, 1)
    address = f"/reviews/{reference}/requests/attend"
    data = {"line": line, "about": "Waiting times", "held_on": ["1", "3", str(ahead.year)], "place": "County Hall"}
    data |= {"agencies": [cast.fire]}
    assert "Say where the meeting is held" in officer.post(address, data=data | {"place": ""}).text
    assert "is not after today" in officer.post(address, data=data | {"held_on": ["29", "2", "2024"]}).text
    assert "Choose a day before 1 January" in officer.post(address, data=data | {"held_on": ["31", "12", "9999"]}).text
    assert officer.post(address, data=data).status_code == 302
    page = officer.get(f"/reviews/{reference}/requests").text
    assert f"Attend on {day(ahead)}" in page
    ids = re.findall(r'name="requests"[^>]*value="(\d+)"', officer.get(f"/reviews/{reference}/requests/issue").text)
    assert officer.post(f"/reviews/{reference}/requests/issue", data={"requests": ids}).status_code == 302
    with app.app_context():
        request = requests_of(db.session.scalars(select(Review).where(Review.reference == reference)).one(), "issued")[0]
        item_id = request.items[0].id
    fire = signed_in("fire_responder")
    assert "Attend a meeting" in fire.get("/inbox").text
    assert fire.get(f"/answering/items/{item_id}").location.endswith(f"/answering/items/{item_id}/attend")
    address = f"/answering/items/{item_id}/attend"
    assert "County Hall" in fire.get(address).text
    assert "Say who will attend" in fire.post(address, data={"comes": "asked", "who": ""}).text
    assert fire.post(address, data={"comes": "asked", "who": "Chief Officer Finn Ward"}).status_code == 302
    assert "Chief Officer Finn Ward will attend" in fire.get(address).text
    assert signed_in("stranger").get(address).status_code == 404
    assert officer.get(address).status_code == 404
    assert signed_in("inspector").get(f"/reviews/{reference}/requests/attend").status_code == 403


def test_the_letter_says_of_which_question_each_law_speaks(context: None, cast: SimpleNamespace) -> None:
    """That nothing is owed stood above a duty to attend, as if it were said of both."""
    review = opened(cast)
    service.draft_requests(review, by=acting("officer"), at=NOW)
    (asked,) = attend(review, cast, "west_icb")
    request = asked.request
    assert len(request.items) > 1
    law = issued_values(request)["law"]
    questions = [item.number for item in request.items if item is not asked]
    assert law.startswith("Question"), law
    named = {int(number) for line in law.split("\n") for number in re.findall(r"\d+", line.split(":")[0])}
    assert named == set(questions), "each question that is to be answered, and not the meeting, which says its own"
    binds = {item.number for item in request.items if item is not asked and item_basis(item).binds}
    for line in law.split("\n"):
        numbers = {int(number) for number in re.findall(r"\d+", line.split(":")[0])}
        assert ("you must" in line) == (numbers <= binds), line
    letter = request_letters.previews(request, at=NOW, public_url="https://example.org")[0].text
    assert law in letter
