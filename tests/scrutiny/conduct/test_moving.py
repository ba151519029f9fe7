"""Moving one date: what follows is counted by the method, shown before it is done, and nobody is given less time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config.settings import PROJECT_ROOT
from scrutiny import due_words, transaction
from scrutiny.asking import service as requests
from scrutiny.conduct import moving
from scrutiny.conduct.moving import Wish
from scrutiny.conduct.preview_token import mark_of
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.phase_words import phase_why
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reports import story
from tests.scrutiny.reviews.acting import acting, opened
from tests.workflows.calendars import CALENDARS
from workflows.methods import read_method, timetable_of
from workflows.phases import followers_of
from workflows.refusals import Refused

inside = pytest.mark.usefixtures("context")
#: The call for evidence runs from 23 March to 21 April 2026; a week and a half more ends it on Friday 1 May.
LONGER = Wish("evidence-call", date(2026, 3, 23), date(2026, 5, 1))
WHY = "The election falls into it."


def write_review(cast: SimpleNamespace) -> int:
    """A review with one request left a draft and the others issued; their items hang on the call for evidence. Its id."""
    with transaction.writes_now():
        review = opened(cast)
        _, *others = requests.draft_requests(review, by=acting("officer"), at=NOW)
        issue_and_deliver(review, others, by=acting("officer"), at=NOW)
        return review.id


@pytest.fixture
def review(context: None, as_built: Callable[..., int]) -> Review:
    """The review, in the test's own context."""
    return db.session.get_one(Review, as_built(write_review))


def _moved(review: Review, wish: Wish, why: str = WHY) -> None:
    """Move as the page does: with the mark of what was seen."""
    by = acting("officer")
    seen = mark_of(moving.preview(review, wish, by=by, at=NOW))
    moving.move(review, wish, why=why, seen=seen, by=by, at=NOW)


def _days(review: Review) -> dict[str, tuple[date, date]]:
    """The days of each phase."""
    return {phase.key: (phase.starts_on, phase.ends_on) for phase in review.phases}


def _dues(review: Review, state: str) -> set[date | None]:
    """The due dates of the items of requests in a state."""
    return {item.due_on for request in requests_of(review, state) for item in request.items}


@inside
def test_the_phases_that_follow_are_counted_by_the_method(review: Review) -> None:
    """By hand: from Tuesday 5 May (4 May is a holiday), 40 working days with 25 May off end on Tuesday 30 June."""
    shown = moving.preview(review, LONGER, by=acting("officer"), at=NOW)
    rows = {one.key: one for one in shown.phases}
    assert not rows["scoping"].moves
    assert (rows["evidence-sessions"].now_from, rows["evidence-sessions"].now_to) == (date(2026, 5, 5), date(2026, 6, 30))
    assert rows["evidence-sessions"].why.startswith("40 working days long, 1 working day after 1 May 2026")
    assert all(one.moves for one in shown.phases if one.key != "scoping")
    assert shown.written_to[-1] == "Office for Standards in Learning"
    assert _days(review)["evidence-call"] == (date(2026, 3, 23), date(2026, 4, 21)), "looking changed it"


@inside
def test_what_was_shown_is_what_is_done(review: Review) -> None:
    shown = moving.preview(review, LONGER, by=acting("officer"), at=NOW)
    _moved(review, LONGER)
    assert _days(review) == {one.key: (one.now_from, one.now_to) for one in shown.phases}
    phase = next(one for one in review.phases if one.key == "evidence-call")
    assert phase_why(phase.why.reasons) == f"Moved by Olwen Price on 2 March 2026; before that it ran to 21 April 2026. {WHY}"
    assert phase.why.first
    assert phase.why.first.ends_on == date(2026, 4, 21)


@inside
def test_items_asked_get_more_time_with_both_dates_kept_and_their_agencies_are_told_once(review: Review) -> None:
    _moved(review, LONGER)
    assert _dues(review, "issued") == {date(2026, 5, 1)}
    item = requests_of(review, "issued")[0].items[0]
    assert item.first_due_on == date(2026, 4, 21)
    assert item.due_working.before == date(2026, 4, 21)
    assert "“Call for evidence” ends (Friday 1 May 2026)" in due_words.why(item.due_working)
    assert item.next_step_on is not None
    assert date(2026, 4, 21) < item.next_step_on < date(2026, 5, 1)
    letters = list(db.session.scalars(select(Letter).where(Letter.kind == "dates_given").order_by(Letter.id)))
    told = [(letter.reference, letter.person) for letter in letters]
    assert len(set(told)) == len(told)
    assert {reference for reference, _ in told} == {one.plain for one in requests_of(review, "issued")}
    assert "by Friday 1 May 2026. It was due by Tuesday 21 April 2026." in letters[0].text
    assert WHY in letters[0].text
    partners = db.session.scalars(select(Letter).where(Letter.kind == "dates_moved")).one()
    assert "Call for evidence: Monday 23 March 2026 to Friday 1 May 2026" in partners.text


@inside
def test_a_draft_is_counted_again_and_nobody_is_told_of_it(review: Review) -> None:
    shown = moving.preview(review, LONGER, by=acting("officer"), at=NOW)
    assert {(one.was, one.now) for one in shown.drafts} == {(date(2026, 4, 21), date(2026, 5, 1))}
    _moved(review, LONGER)
    assert _dues(review, "drafted") == {date(2026, 5, 1)}


@inside
def test_a_date_that_an_agency_was_given_is_never_brought_forward(review: Review) -> None:
    sooner = Wish("evidence-call", date(2026, 3, 23), date(2026, 4, 9))
    shown = moving.preview(review, sooner, by=acting("officer"), at=NOW)
    assert shown.later == ()
    assert any("already asked keep their dates" in said for said in shown.stays)
    _moved(review, sooner)
    assert _dues(review, "issued") == {date(2026, 4, 21)}
    assert _dues(review, "drafted") == {date(2026, 4, 9)}
    assert not list(db.session.scalars(select(Letter).where(Letter.kind == "dates_given")))


@inside
def test_an_extended_item_keeps_the_later_of_its_days_and_a_chosen_day_stays(review: Review) -> None:
    one, two, three = requests_of(review, "issued")[0].items[:3]
    one.due_on, two.due_on = date(2026, 5, 20), date(2026, 4, 28)
    three.wanted_on = three.due_on
    db.session.flush()
    _moved(review, LONGER)
    assert (one.due_on, two.due_on, three.due_on) == (date(2026, 5, 20), date(2026, 5, 1), date(2026, 4, 21))


@inside
def test_phases_may_stay_where_they_are_and_what_is_out_of_order_is_said(review: Review) -> None:
    alone = Wish(LONGER.key, LONGER.starts_on, LONGER.ends_on, follows=False)
    shown = moving.preview(review, alone, by=acting("officer"), at=NOW)
    assert [one.key for one in shown.phases if one.moves] == ["evidence-call"]
    assert shown.warnings[0] == "“Evidence sessions” would begin before “Call for evidence” ends, on Fri 1 May 2026."
    _moved(review, alone)
    assert _days(review)["evidence-sessions"][0] == date(2026, 4, 22)


@inside
def test_a_phase_moved_by_hand_stays_when_one_before_it_moves_and_those_after_it_follow_it(review: Review) -> None:
    _moved(review, Wish("evidence-sessions", date(2026, 6, 1), date(2026, 6, 12)))
    before = _days(review)
    shown = moving.preview(review, LONGER, by=acting("officer"), at=NOW)
    assert any("“Evidence sessions” was given its days by hand and keeps them" in said for said in shown.stays)
    _moved(review, LONGER)
    assert _days(review) == before | {"evidence-call": (LONGER.starts_on, LONGER.ends_on)}


@inside
def test_what_is_over_stays(review: Review) -> None:
    later = NOW + timedelta(days=70)  # 11 May: the call for evidence is over
    wish = Wish("scoping", date(2026, 3, 9), date(2026, 5, 29))
    shown = moving.preview(review, wish, by=acting("officer"), at=later)
    rows = {one.key: one for one in shown.phases}
    assert not rows["evidence-call"].moves
    assert "“Call for evidence” is over and stays as it was." in shown.stays


@inside
@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (Wish("evidence-call", date(2026, 5, 1), date(2026, 4, 30)), "would end before it starts"),
        (Wish("evidence-call", date(2026, 3, 23), date(2026, 4, 21)), "These are the days it has already"),
        (Wish("nonsense", date(2026, 3, 23), date(2026, 4, 21)), "no phase called nonsense: choose one of scoping, "),
        (Wish("scoping", date(1950, 1, 2), date(1950, 1, 3)), "are known only from"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_a_sentence(review: Review, wish: Wish, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        _moved(review, wish)


@inside
def test_two_at_once_the_second_looks_again(review: Review) -> None:
    by = acting("officer")
    other = Wish("scoping", date(2026, 3, 2), date(2026, 3, 27))
    seen = mark_of(moving.preview(review, LONGER, by=by, at=NOW))
    _moved(review, other)
    version = review.version
    with pytest.raises(Refused, match="Something has changed since you looked"):
        moving.move(review, LONGER, why=WHY, seen=seen, by=by, at=NOW)
    assert version > 1, "a moved phase counts as a change of the review"


@inside
def test_a_report_on_the_schedule_does_not_move_and_that_is_said(cast: SimpleNamespace) -> None:
    edition_id = story.scheduled(cast).id
    review = db.session.scalars(select(Review)).one()
    shown = moving.preview(review, LONGER, by=acting("officer"), at=NOW)
    assert "The report is to be published on 3 March 2026 at 9:30am. That date does not change automatically." in shown.warnings
    _moved(review, LONGER)
    edition = db.session.get_one(Edition, edition_id)
    assert (edition.state, edition.release_at) == ("scheduled", story.RELEASE)


@inside
def test_answers_that_came_are_left_in_peace(cast: SimpleNamespace) -> None:
    review, _ = story.answered(cast)
    sent = [item.id for request in requests_of(review, "issued") for item in request.items if item.state == "submitted"]
    _moved(review, LONGER)
    assert [db.session.get_one(Item, one).due_on for one in sent] == [date(2026, 4, 21)]
    assert db.session.scalars(select(EvidenceRequest)).first() is not None


METHOD = read_method(
    (PROJECT_ROOT / "config" / "methods" / "council-task-and-finish-2026.1.toml").read_text(encoding="utf-8"),
    "council-task-and-finish-2026.1.toml",
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    key=st.sampled_from([phase.key for phase in METHOD.phases]),
    start=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    away=st.integers(-30, 90),
    longer=st.integers(0, 60),
)
def test_a_moved_phase_carries_its_followers_and_nothing_else(key: str, start: date, away: int, longer: int) -> None:
    """Followers stand where the method would count them from the new day; what does not follow stays."""
    as_is = {one.key: one for one in timetable_of(METHOD, start, CALENDARS)}
    mine = as_is[key]
    days = mine.starts_on + timedelta(days=away), mine.ends_on + timedelta(days=away + longer)
    pinned = {one.key: one for one in as_is.values() if one.key not in followers_of(METHOD, key)}
    pinned[key] = type(mine)(key, mine.title, *days, mine.statutory, "by hand")
    moved = {one.key: one for one in timetable_of(METHOD, start, CALENDARS, standing=pinned)}
    assert moved[key] == pinned[key]
    for phase in METHOD.phases:
        if phase.key not in {key, *followers_of(METHOD, key)}:
            assert moved[phase.key] == as_is[phase.key]
        elif phase.after == key and phase.counted_from == "end" and phase.offset > 0:
            assert moved[phase.key].starts_on > days[1]
    assert [one.key for one in moved.values()] == [phase.key for phase in METHOD.phases]


@inside
def test_what_would_follow_past_the_last_day_there_is_is_refused_in_a_sentence(review: Review) -> None:
    with pytest.raises(Refused, match=r"runs past the dates that can be written; choose earlier days\."):
        moving.preview(review, Wish("evidence-call", date(9998, 1, 1), date(9999, 12, 31)), by=acting("officer"), at=NOW)


def test_the_command_takes_no_day_nobody_could_mean(app: Flask) -> None:
    args = ["reviews", "move-phase", "R-2026-001", "scoping", "--from", "2026-11-02", "--to", "9999-12-31", "--preview"]
    done = app.test_cli_runner().invoke(args=args)
    assert done.exit_code == 2
    assert "9999-12-31 is too far off. Choose a day before 1 January" in done.stderr


@pytest.mark.parametrize(("away", "clear"), [(6, None), (5, "4 clear working days"), (2, "1 clear working day"), (0, "0 clear")])
@inside
def test_a_meeting_too_near_its_agenda_is_warned_of_with_the_law(review: Review, away: int, clear: str | None) -> None:
    agenda = next(one for one in review.phases if one.key == "agenda")
    on = CALENDARS.of("england").after(agenda.ends_on, away) if away else agenda.ends_on
    said = " ".join(moving.preview(review, Wish("committee", on, on), by=acting("officer"), at=NOW).warnings)
    assert ("the law asks for 5 (LGA 1972 s.100B)" in said) is (clear is not None)
    assert (f"“Committee decides” would be only {clear}" in said) if clear else ("only" not in said)


@inside
def test_a_single_day_on_a_weekend_or_a_holiday_is_warned_of(review: Review) -> None:
    def warned(on: date) -> str:
        return " ".join(moving.preview(review, Wish("committee", on, on), by=acting("officer"), at=NOW).warnings)

    assert "“Committee decides” would fall on Saturday 28 November 2026: not a working day." in warned(date(2026, 11, 28))
    assert "would fall on Friday 25 December 2026: a bank holiday (Christmas Day)." in warned(date(2026, 12, 25))
    assert "would fall on Friday" not in warned(date(2026, 11, 27))
