"""Questions back and the clocks they stop: pauses, restarts and where the law gives none, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.answering import service as answering
from scrutiny.asking import service
from scrutiny.correspondence.models import Letter
from scrutiny.due_dates import clarifying, starting
from scrutiny.extensions import db
from scrutiny.requests.models import Item
from scrutiny.requests.queries import is_overdue
from tests.scrutiny.requests.answering_scene import Asked, ask, document_of
from workflows.refusals import Refused

#: Wednesday 4 March: asked. Monday 9 March: answered. Thursday, Friday and Monday were paused.
ASKED, ANSWERED = datetime(2026, 3, 4, 10, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)


@pytest.fixture
def police(context: None, cast: SimpleNamespace) -> Asked:
    """A request to the police: the law sets no number of days, so each item is expected in ten working days, by 16 March."""
    found = ask(cast)
    assert [item.due_on for item in found.items] == [date(2026, 3, 16)] * 3
    return found


@pytest.fixture
def council(context: None, cast: SimpleNamespace) -> Asked:
    """A request to the committee's own council: ten clear days by law for a document, by 12 March; else as of anybody."""
    found = ask(cast, agency="county_council")
    assert [item.due_on.day for item in found.items if item.due_on] == [16, 12, 16]
    return found


def asks(scene: Asked, item: Item | None = None, at: datetime = ASKED, who: str = "responder") -> None:
    """The agency asks what is meant."""
    by = scene.by(who)
    answering.ask_question(scene.request, "Which year?", item=item, by=by, at=at)


def test_while_a_question_waits_an_expected_day_stands_still(police: Asked) -> None:
    item, other = police.items[0], police.items[1]
    asks(police, item)
    assert (item.due_on, item.next_step_on, item.first_due_on) == (None, None, date(2026, 3, 16))
    assert due_words.why(item.due_working).startswith("The due date is paused: a question was asked on Wednesday 4 March 2026")
    assert other.due_on == date(2026, 3, 16)
    assert not is_overdue(item, date(2026, 5, 1))
    letter = db.session.scalars(select(Letter).where(Letter.kind == "question_asked")).one()
    assert "the time to answer question 1 does not run" in letter.text


def test_the_reply_gives_back_as_many_working_days_as_were_paused_and_the_working_shows_them(police: Asked) -> None:
    item = police.items[0]
    asks(police, item)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert (item.due_on, item.first_due_on) == (date(2026, 3, 19), date(2026, 3, 16))
    paused = [step.date.isoformat() for step in item.due_working.steps if step.kind == "paused"]
    assert paused == ["2026-03-05", "2026-03-06", "2026-03-09"]
    assert "paused from 4 March 2026 to 9 March 2026" in due_words.why(item.due_working)
    assert item.next_step_on == date(2026, 3, 12)
    row = clarifying.clarifications_of(police.request)[0]
    assert (row.state, row.effect, row.asked_on, row.answered_on) == ("answered", "pauses", date(2026, 3, 4), date(2026, 3, 9))
    assert (row.due_before, row.due_after) == (date(2026, 3, 16), date(2026, 3, 19))
    letter = db.session.scalars(select(Letter).where(Letter.kind == "note_replied")).first()
    assert letter is not None
    assert "now due by Thursday 19 March 2026. It was due by Monday 16 March 2026" in letter.text


def test_a_question_about_the_whole_request_stops_every_clock_and_one_reply_starts_them(police: Asked) -> None:
    asks(police)
    assert {item.due_on for item in police.items} == {None}
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert {item.due_on for item in police.items} == {date(2026, 3, 19)}


def test_two_questions_pause_each_day_once_and_the_last_reply_starts_the_clock(police: Asked) -> None:
    item = police.items[0]
    asks(police, item)
    asks(police, item, at=datetime(2026, 3, 5, 10, tzinfo=UTC))
    first, second = clarifying.questions_waiting(police.request)
    by = police.by("officer")
    service.reply(police.request, text="2025", question=first, by=by, at=datetime(2026, 3, 6, 10, tzinfo=UTC))
    assert item.due_on is None
    service.reply(police.request, text="Both", question=second, by=by, at=ANSWERED)
    assert item.due_on == date(2026, 3, 19)


def test_where_the_law_gives_no_pause_its_day_stands_and_an_agreed_day_is_shown_beside_it(council: Asked) -> None:
    by = council.by("officer")
    item = document_of(council.request)
    stopped = clarifying.stop_clocks(
        service.reply(council.request, text="We wonder which year", by=by, at=ASKED), [item], by=by, at=ASKED
    )
    assert [row.effect for row in stopped] == ["none"]
    assert (item.due_on, item.statutory_due_on) == (date(2026, 3, 12), date(2026, 3, 12))
    chair = council.by("chair")  # nobody answers for a body what they asked for its council
    service.reply(council.request, text="2025", item=item, agreed_until=date(2026, 3, 20), by=chair, at=ANSWERED)
    assert (item.due_on, item.statutory_due_on) == (date(2026, 3, 20), date(2026, 3, 12))
    assert "was agreed" in item.due_why
    assert "By law" in due_words.why(item.due_working) or item.due_working.statutory.due == date(2026, 3, 12)


def test_a_power_that_restarts_counts_afresh_from_the_reply(police: Asked) -> None:
    item = police.items[0]
    item.power_key = "foi"
    clarifying.recount(item)
    assert (item.due_on, item.clock) == (date(2026, 3, 31), "working_after_uk_any:20")  # 17 March is a holiday in one part
    asks(police, item)
    assert clarifying.clarifications_of(police.request)[0].effect == "restarts"
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert (item.due_on, item.start_event) == (date(2026, 4, 9), "clarified")
    assert "the question back was answered" in due_words.why(item.due_working)
    assert item.statutory_due_on == item.due_on


def test_a_question_asked_after_the_day_has_gone_by_stops_nothing(police: Asked) -> None:
    item = police.items[0]
    asks(police, item, at=datetime(2026, 3, 17, 10, tzinfo=UTC))
    assert item.due_on == date(2026, 3, 16)
    assert is_overdue(item, date(2026, 3, 17))


def test_more_time_granted_before_a_question_is_moved_by_the_pause(police: Asked) -> None:
    item = police.items[0]
    extension = answering.ask_extension(
        police.request, date(2026, 3, 20), "Half-term", item=item, by=police.by("responder"), at=ASKED
    )
    service.decide_extension(extension, grant=True, by=police.by("officer"), at=ASKED)
    asks(police, item)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert item.due_on == date(2026, 3, 25)
    assert "3 working days of pause" in item.due_why


def test_more_time_granted_while_a_question_waits_is_what_the_clock_goes_on_from(police: Asked) -> None:
    item = police.items[0]
    asks(police, item)
    extension = answering.ask_extension(
        police.request, date(2026, 3, 20), "Half-term", item=item, by=police.by("responder"), at=ASKED
    )
    assert extension.from_on == date(2026, 3, 16)
    service.decide_extension(extension, grant=True, by=police.by("officer"), at=ASKED)
    assert item.due_on is None
    assert "It was due on Friday 20 March 2026 before that" in due_words.why(item.due_working)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert (item.due_on, item.first_due_on) == (date(2026, 3, 25), date(2026, 3, 16))


def test_an_item_settled_before_the_reply_has_its_day_again(police: Asked) -> None:
    item = police.items[0]
    asks(police, item)
    answering.say_not_held(item, "We hold nothing of the kind", by=police.by("certifier"), at=ANSWERED)
    row = clarifying.clarifications_of(police.request)[0]
    assert (row.state, row.reply_id) == ("overtaken", None)
    assert item.due_on == date(2026, 3, 19)
    assert item.next_step_on is None


def test_a_refusal_taken_back_leaves_its_question_waiting_and_the_clock_standing(police: Asked) -> None:
    """Refusing is no reply: what the law counts from has not come, and the days until it comes are paused as before."""
    item, approver = police.items[0], police.by("certifier")
    asks(police, item)
    answering.refuse_item(item, "Section 31", by=approver, at=ANSWERED)
    answering.take_back(item, by=approver, at=datetime(2026, 3, 10, 10, tzinfo=UTC))
    assert [row.state for row in clarifying.clarifications_of(police.request)] == ["asked"]
    assert (item.due_on, item.next_step_on, item.answered_on) == (None, None, None)
    assert due_words.why(item.due_working).startswith("The due date is paused: a question was asked on Wednesday 4 March 2026")
    letter = db.session.scalars(select(Letter).where(Letter.kind == "decline_taken_back")).first()
    assert letter is not None
    assert "still needs your reply:\n\nWhich year?" in letter.text
    service.reply(police.request, text="2025", by=police.by("officer"), at=datetime(2026, 3, 11, 10, tzinfo=UTC))
    assert item.due_on == date(2026, 3, 23), "five working days from 5 to 11 March were paused"
    assert item.next_step_on is not None


def test_a_refusal_taken_back_keeps_a_day_that_was_agreed(police: Asked) -> None:
    item, approver = police.items[0], police.by("certifier")
    extension = answering.ask_extension(
        police.request, date(2026, 3, 20), "Half-term", item=item, by=police.by("responder"), at=ASKED
    )
    service.decide_extension(extension, grant=True, by=police.by("officer"), at=ASKED)
    asks(police, item)
    answering.refuse_item(item, "Section 31", by=approver, at=ANSWERED)
    answering.take_back(item, by=approver, at=ANSWERED)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert item.due_on == date(2026, 3, 25)


def test_where_nobody_had_asked_a_refusal_taken_back_has_the_day_it_had(police: Asked) -> None:
    item, approver = police.items[0], police.by("certifier")
    answering.refuse_item(item, "Section 31", by=approver, at=ASKED)
    answering.take_back(item, by=approver, at=ANSWERED)
    assert (item.due_on, item.first_due_on) == (date(2026, 3, 16), date(2026, 3, 16))


def test_a_reply_on_the_same_day_moves_nothing(police: Asked) -> None:
    item = police.items[0]
    asks(police, item)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ASKED)
    assert item.due_on == date(2026, 3, 16)


def test_a_day_agreed_in_a_reply_must_be_to_come(police: Asked) -> None:
    asks(police)
    with pytest.raises(Refused, match="choose a later day"):
        service.reply(police.request, text="2025", agreed_until=date(2026, 3, 9), by=police.by("officer"), at=ANSWERED)


def test_a_start_entered_while_a_question_waits_leaves_the_clock_standing(police: Asked) -> None:
    item = police.items[0]
    event = item.start_event
    asks(police, item)
    assert starting._recounted(item, event, ASKED.date()) is None
    assert (item.due_on, item.next_step_on) == (None, None)
    service.reply(police.request, text="2025", by=police.by("officer"), at=ANSWERED)
    assert item.due_on == date(2026, 3, 19)
