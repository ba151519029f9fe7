"""After issue, by the asker: enter, return, accept, withdraw, extend, reply, chase."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from scrutiny.asking import service
from scrutiny.asking.service import ByHand
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from tests.conftest import NOW
from tests.lodged_files import receive
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

Requests = dict[str, EvidenceRequest]


@pytest.fixture
def item(issued: Requests) -> Item:
    """The first item asked of the police."""
    return issued["Loamshire Police"].items[0]


def by_hand(**changes: Any) -> ByHand:
    """An answer that came by post."""
    values: dict[str, Any] = {
        "came_by": "post",
        "received_by": "Olwen Price",
        "received_on": date(2026, 3, 2),
        "text": "There were 214 calls.",
    }
    return ByHand(**(values | changes))


def letters_of(kind: str) -> list[Letter]:
    """The letters of a kind, in the order they were written."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_an_answer_that_came_by_post_is_entered_with_who_received_it(item: Item) -> None:
    answer = service.enter_answer(item, by_hand(), by=acting("officer"), at=NOW)
    assert item.state == "submitted"
    assert (answer.came_by, answer.received_by, answer.received_on) == ("post", "Olwen Price", date(2026, 3, 2))
    assert answer.lodging.lodged_at == NOW
    assert answer.lodging.evidence.text == "There were 214 calls."
    assert answer.lodging.evidence.agency_id == item.request.agency_id
    assert item.answer is answer


def test_the_agency_gets_one_receipt_for_all_that_is_entered_in_its_name(issued: Requests) -> None:
    request = issued["Loamshire Fire and Rescue"]
    file = receive("log.csv", b"calls,214\n")
    service.enter_answers(request.items, by_hand(files=[file]), by=acting("officer"), at=NOW)
    letters = letters_of("answer_entered")
    assert letters
    assert len({letter.person for letter in letters}) == len(letters), "one for each reader"
    text = " ".join(letters[0].text.split())
    for words in ("by post on Monday 2 March 2026", "Received by: Olwen Price", "anyone, once it is published", "log.csv"):
        assert words in text, words
    assert all(item.question.text in text for item in request.items)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"received_by": " "}, "who received"),
        ({"received_on": date(2026, 3, 3)}, "after today"),
        ({"received_on": date(2026, 3, 1)}, "cannot have come before"),
        ({"text": ""}, "what was answered"),
        ({"came_by": "pigeon"}, "how the answer came"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(item: Item, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        service.enter_answer(item, by_hand(**changes), by=acting("officer"), at=NOW)


def test_an_inspector_returns_an_answer_with_the_reason_and_a_new_day(item: Item) -> None:
    service.enter_answer(item, by_hand(), by=acting("officer"), at=NOW)
    late = NOW + timedelta(days=60)
    service.return_item(item, why="The figures stop in June.", by=acting("inspector"), at=late)
    assert (item.state, item.returned_why) == ("returned", "The figures stop in June.")
    assert item.due_on == date(2026, 5, 11)  # five working days after Friday 1 May, over the bank holiday of 4 May
    letter = letters_of("item_returned")[0]
    assert "The figures stop in June." in letter.text
    assert "Monday 11 May 2026" in letter.text


def test_a_return_keeps_the_day_there_was_while_it_leaves_time(item: Item) -> None:
    before = item.due_on
    service.enter_answer(item, by_hand(), by=acting("officer"), at=NOW)
    service.return_item(item, why="More, please.", by=acting("officer"), at=NOW)
    assert item.due_on == before


def test_a_return_needs_a_reason(item: Item) -> None:
    service.enter_answer(item, by_hand(), by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="what is missing"):
        service.return_item(item, why="", by=acting("officer"), at=NOW)


def test_the_old_answer_stays_beside_the_new_one(item: Item) -> None:
    service.enter_answer(item, by_hand(), by=acting("officer"), at=NOW)
    service.return_item(item, why="More, please.", by=acting("officer"), at=NOW)
    service.enter_answer(item, by_hand(text="And 31 repeats."), by=acting("officer"), at=NOW)
    assert [answer.lodging.evidence.text for answer in item.answers] == ["There were 214 calls.", "And 31 repeats."]


def test_an_unanswered_item_cannot_be_accepted(item: Item) -> None:
    with pytest.raises(Refused, match="not yet answered"):
        service.accept_item(item, by=acting("officer"), at=NOW)


def test_a_request_closes_when_all_is_accepted(issued: Requests) -> None:
    request = issued["Loamshire Fire and Rescue"]
    with pytest.raises(Refused, match="accept it first"):
        service.close_request(request, by=acting("officer"), at=NOW)
    for one in request.items:
        service.enter_answer(one, by_hand(), by=acting("officer"), at=NOW)
        service.accept_item(one, by=acting("inspector"), at=NOW)
    service.close_request(request, by=acting("officer"), at=NOW)
    assert request.state == "closed"
    assert len(letters_of("request_closed")) == 1


def test_a_withdrawn_item_says_why_and_is_held_by_nobody(item: Item) -> None:
    service.withdraw_item(item, why="Published last week.", by=acting("officer"), at=NOW)
    assert item.state == "withdrawn"
    assert "Published last week." in letters_of("item_withdrawn")[0].text


def _extension(item: Item, *, whole: bool = False) -> Extension:
    """More time asked for by the police."""
    extension = Extension(
        request=item.request,
        item=None if whole else item,
        state="asked",
        from_on=item.due_on,
        until_on=date(2026, 6, 1),
        reason="Our analyst is away.",
        asked_by="person:1",
        asked_at=NOW,
    )
    db.session.add(extension)
    db.session.flush()
    return extension


def test_more_time_granted_moves_the_day_and_keeps_the_first(item: Item) -> None:
    first, extension = item.due_on, _extension(item)
    service.decide_extension(extension, grant=True, by=acting("chair"), at=NOW, until_on=date(2026, 5, 20))
    assert (item.due_on, item.first_due_on, extension.state) == (date(2026, 5, 20), first, "granted")
    assert extension.from_on == first
    assert extension.granted_until == date(2026, 5, 20)
    assert "Wednesday 20 May 2026" in letters_of("extension_granted")[0].text


def test_more_time_for_a_whole_request_moves_only_what_is_open_and_due_sooner(issued: Requests) -> None:
    request = issued["Loamshire Police"]
    first, second = request.items[0], request.items[1]
    service.enter_answer(second, by_hand(), by=acting("chair"), at=NOW)
    kept = second.due_on
    service.decide_extension(_extension(first, whole=True), grant=True, by=acting("chair"), at=NOW)
    assert first.due_on == date(2026, 6, 1)
    assert second.due_on == kept


def test_more_time_refused_needs_a_reason_and_moves_nothing(item: Item) -> None:
    before, extension = item.due_on, _extension(item)
    with pytest.raises(Refused, match="Say why"):
        service.decide_extension(extension, grant=False, by=acting("chair"), at=NOW)
    service.decide_extension(extension, grant=False, decision="The meeting is fixed.", by=acting("chair"), at=NOW)
    assert (item.due_on, extension.state) == (before, "refused")


def test_a_reply_reaches_the_agency(item: Item) -> None:
    service.reply(item.request, item=item, text="Yes, by ward.", by=acting("officer"), at=NOW)
    assert "Yes, by ward." in letters_of("note_replied")[0].text


def test_only_what_is_late_is_chased_and_once_a_day(item: Item) -> None:
    request = item.request
    with pytest.raises(Refused, match="Nothing of"):
        service.chase(request, by=acting("officer"), at=NOW)
    late = NOW + timedelta(days=365)
    service.chase(request, by=acting("officer"), at=late)
    service.chase(request, by=acting("officer"), at=late)
    found = letters_of("request_chased")
    assert len(found) == 2  # one to each responder
    assert item.question.text in found[0].text
