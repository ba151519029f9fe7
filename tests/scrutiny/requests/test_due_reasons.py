"""Why a date is what it is: kept as values, composed where it is shown, and read from the sentences of before."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from flask import Flask

from scrutiny import due_words
from scrutiny.due_step_words import explained, why_step
from tests.migrated import migration
from tests.workflows.calendars import CALENDARS
from workflows.clocks import RULES
from workflows.deadlines import Due, Pause, due
from workflows.due_date_steps import KINDS, Step, kept_steps, plain_steps
from workflows.due_reasons import (
    AgreedWithReply,
    AwaitsDelivery,
    BeforeMeeting,
    Chosen,
    Extended,
    Kept,
    LawGivesNoDays,
    LawOther,
    LawSame,
    MethodAlone,
    MethodOther,
    MethodSame,
    NotStarted,
    OfPhase,
    PauseAdded,
    Paused,
    Reason,
    Returned,
    counted,
    from_plain,
    keep,
    reasons_of,
    to_plain,
)
from workflows.due_working import Attending, RestsOn, Standstill, Working, worked

#: How sentences of before are read, and written again on the way back: frozen, whatever is said today.
OLD = migration("0032")
DAY = date(2026, 3, 2)
LATER = date(2026, 5, 1)
REASONS: tuple[Reason, ...] = (
    Chosen(DAY),
    Chosen(DAY, at_first=True),
    OfPhase(DAY, -3, "wd", "Call for evidence", LATER),
    OfPhase(DAY, 1, "weeks", "Call for evidence", LATER, at_first=True),
    OfPhase(DAY, 0, "cd", "Call for evidence", LATER),
    BeforeMeeting(DAY, LATER),
    NotStarted("working_after:20", "request_received"),
    NotStarted("calendar_after:28", "notification", law="HSCA 2012"),
    AwaitsDelivery(),
    Paused(DAY),
    Paused(DAY, LATER),
    LawSame(),
    LawGivesNoDays(),
    LawOther("LGA 2000", LATER),
    MethodSame(),
    MethodOther(LATER, "Within two months."),
    MethodAlone("Within two months."),
)
AGREED: tuple[Reason, ...] = (Extended(DAY, LATER), AgreedWithReply(DAY, LATER), PauseAdded(DAY, 3), Returned(DAY, "submitted"))


def counts() -> list[Due]:
    """Every clock from two days, one near Easter, one past the calendar; and with a pause."""
    found = []
    for name in RULES:
        clock = name if name == "none" else "stated_date:2026-04-20" if name == "stated_date" else f"{name}:10"
        for start in (date(2026, 3, 27), date(2028, 12, 20)):
            if name == "stated_date" and start.year == 2028:
                continue
            found.append(due(clock, start, CALENDARS))
            found.append(due(clock, start, CALENDARS, pauses=(Pause(start, start.replace(day=start.day + 3)),)))
    return found


@pytest.fixture
def context(the_app: Flask) -> Iterator[None]:
    """An application context for words alone: no row is read, so the database is not brought back for each of hundreds."""
    with the_app.app_context():
        yield


@pytest.mark.parametrize("reason", [*REASONS, *AGREED, Kept("Because.")], ids=repr)
def test_a_reason_comes_back_from_what_a_row_keeps(reason: Reason) -> None:
    assert from_plain(to_plain(reason)) == reason


@pytest.mark.parametrize("found", counts(), ids=lambda found: f"{found.clock} {found.start} {len(found.pauses)}")
def test_a_count_says_the_same_wherever_it_is_said(context: None, found: Due) -> None:
    """And comes back from what a row keeps."""
    reason = counted(found)
    assert from_plain(to_plain(reason)) == reason
    assert due_words.sentences([from_plain(to_plain(reason))]) == due_words.sentences([reason]) != ""


@pytest.mark.parametrize("found", counts(), ids=lambda found: f"{found.clock} {found.start} {len(found.pauses)}")
def test_each_day_of_a_count_comes_back_from_what_a_row_keeps(context: None, found: Due) -> None:
    steps = found.steps()
    kept = {"steps": json.loads(json.dumps(plain_steps(steps)))}
    assert kept_steps(kept) == steps
    assert all(why_step(step) for step in steps)
    assert not any("why" in step for step in kept["steps"])


def test_a_day_is_said_as_it_always_was_and_kept_without_its_words(context: None) -> None:
    """Rows of before held the words: both are shown alike."""
    pause = Pause(date(2026, 3, 10), date(2026, 3, 12))
    counted_days = {
        "working_after:10": ("the day the request was received is not counted", "working day 1", "Saturday", "Good Friday"),
        "calendar_after:28": ("day 1", "paused: a question waited for its reply"),
        "months_beginning_with:1": (
            "the day the request was received is the first day",
            "end of month 1",
            "2 days later, as many",
        ),
        "clear_before:5": ("publish by this day", "clear day 1"),
        "stated_date:2026-03-31": ("the date written in the request", "2 working days later, as many as were paused"),
    }
    kinds: set[str] = set()
    for clock, words in counted_days.items():
        for start in (date(2026, 3, 9), date(2026, 3, 25)):
            steps = due(clock, start, CALENDARS, event="request_received", pauses=(pause,)).steps()
            kinds |= {step.kind for step in steps}
            said = " | ".join(why_step(step) for step in steps)
            words = tuple(word for word in words if word not in said)
        assert not words, clock
    assert kinds | {"kept"} == set(KINDS)
    (short,) = [s for s in due("months_beginning_with:1", date(2026, 1, 31), CALENDARS).steps() if s.kind == "month"]
    assert why_step(short) == "end of month 1; there is no day 31 to end before, so the last day of that month"
    old = {"date": "2026-04-03", "counted": False, "why": "Good Friday"}
    assert kept_steps({"steps": [old]}) == (Step(date(2026, 4, 3), False, "kept", name="Good Friday"),)
    assert explained(kept_steps({"steps": [old]})) == [old]


@pytest.mark.parametrize("found", counts(), ids=lambda found: f"{found.clock} {found.start} {len(found.pauses)}")
def test_a_count_comes_back_from_the_words_of_before(context: None, found: Due) -> None:
    plain = to_plain(counted(found))
    steps = explained(found.steps())
    read = OLD.read_sentence(OLD.words_of([plain]), steps)
    assert OLD.words_of(read) == OLD.words_of([plain])
    if found.clock.name not in ("none", "stated_date"):  # these sentences never said when the clock began
        assert [from_plain(one) for one in read] == [from_plain(plain)]


@pytest.mark.parametrize("reason", REASONS, ids=repr)
def test_a_sentence_of_before_becomes_the_values_it_was_made_of(reason: Reason) -> None:
    assert [from_plain(one) for one in OLD.read_sentence(OLD.words_of([to_plain(reason)]))] == [reason]


@pytest.mark.parametrize("reason", AGREED, ids=repr)
def test_what_was_agreed_becomes_values(reason: Reason) -> None:
    assert from_plain(OLD.read_agreed(OLD.words_of([to_plain(reason)]))) == reason


def test_a_sentence_that_is_not_understood_whole_is_kept() -> None:
    words = "Due on Monday 2 March 2026: the day the officer chose. And because the chair said so."
    assert OLD.read_sentence(words) == [to_plain(Kept(words))]
    assert OLD.read_agreed("Given more time by telephone.") == to_plain(Kept("Given more time by telephone."))


def test_sentences_are_read_in_the_words_of_older_versions() -> None:
    """As they stood in rows: with a hyphen, and with a rule that was worded otherwise."""
    first = (
        "Due on Monday 13 April 2026: 28 days after the start; the day of the start is not counted; weekends and holidays are."
    )
    (read,) = OLD.read_sentence(f"{first} Counted from 16 March 2026, the day the e-mail with the draft was sent.")
    assert (read["kind"], read["event"]) == ("counted", "draft_email_date")
    rule = "a reasonable time, taken here as 10 working days; this is an expectation, not a duty in law"
    (read,) = OLD.read_sentence(
        f"No date is set yet: it is {rule}, counted from the day the request was received, and that day is not known."
    )
    assert (read["kind"], read["clock"]) == ("not_started", "reasonable:10")


def test_a_text_made_against_the_reader_takes_no_longer() -> None:
    """Each wildcard is bounded: a minute of work before, some milliseconds now."""
    began = process_time()
    for text in (
        "By law (" + "a): no date is set yet: it is a, counted from the day a" * 2_000,
        "No date is set yet: it is " + "a, counted from the day " * 4_000,
        "Due on Monday 2 March 2026: " + "a. Counted from 2 March 2026, the day it was published, passing over " * 2_000,
    ):
        assert OLD.read_sentence(text)[0]["kind"] == "kept"
    assert process_time() - began < 20  # of this process, whatever else the machine does


def test_a_row_of_before_is_read(context: None) -> None:
    row = {"sentence": "Due on Monday 2 March 2026: the day the officer chose.", "extended": "Extended by telephone."}
    assert reasons_of(row) == (Kept(row["sentence"]),)
    assert due_words.why_agreed(Working.from_plain(row), runs=True) == f"{row['extended']} Counted before that: {row['sentence']}"


def test_a_working_comes_back_from_what_a_row_keeps(context: None) -> None:
    """Every part of it, and what is nothing is not written."""
    found = due("working_after:10", date(2026, 3, 27), CALENDARS, event="request_received")
    law = worked(found, due=found.due, source="LGA 2000", before=DAY)
    whole = Working(
        reasons=REASONS,
        plain_steps=law.plain_steps,
        source="LGA 2000",
        due=DAY,
        counted=DAY,
        start=DAY,
        calendar="a digest",
        provisional=True,
        expected=True,
        needs=("request_received",),
        rests_on=RestsOn("osc_response", "LGA 2000", "report_received"),
        statutory=law,
        agreed=worked(found, words="Within two months.", method="call-in", clock="reasonable:10"),
        words="Within two months.",
        method="call-in",
        clock="reasonable:10",
        edition="another digest",
        extended=Extended(DAY, LATER),
        again=Returned(DAY, "submitted"),
        before=DAY,
        moved_on=LATER,
        late=True,
        awaits="delivery",
        if_delivered=LATER,
        paused=Standstill(DAY, LATER, agreed=True),
        attend=Attending(LATER, "10:00", "County Hall", "the chief executive", 17),
    )
    assert not [part.name for part in fields(Working) if getattr(whole, part.name) == part.default], "a part is not tried"
    assert Working.from_plain(json.loads(json.dumps(whole.to_plain()))) == whole
    assert whole.steps == found.steps()
    assert Working().to_plain() == {}
    assert Working.from_plain({}) == Working()
    assert set(Working(reasons=(LawSame(),)).to_plain()) == {"version", "reasons"}


def test_every_kept_row_is_read_whole(context: None) -> None:
    """The rows of a demo of an older version, and what they say, stay as they are when they are written again."""
    kept = json.loads(gzip.decompress((Path(__file__).parents[2] / "golden" / "rows" / "0011.json.gz").read_bytes()))
    derived, number = {"rule", "sentence", "version", "reasons", "steps"}, 0
    for table in ("item", "addressee", "accuracy_check"):
        for row in kept[table]["rows"]:
            values = dict(zip(kept[table]["columns"], row, strict=True))["due_working"]
            plain = json.loads(values) if isinstance(values, str) else values
            read = Working.from_plain(plain)
            again = read.to_plain()
            assert Working.from_plain(again) == read
            assert {key for key, value in plain.items() if value} - derived <= set(again), plain
            assert due_words.why(read) == plain.get("sentence", "")
            number += bool(plain)
    assert number > 400


def test_an_english_sentence_is_not_kept_in_any_row(app: Flask) -> None:
    """Of reasons only names of holidays, phases, laws and a method's own words are text."""
    plain = keep((*REASONS, counted(counts()[0])))
    assert "Due on" not in str(plain)
    assert "The law" not in str(plain)


def test_every_sentence_of_kept_rows_is_understood() -> None:
    """The rows of a demo of an older version: not one sentence is left as it was."""
    kept = json.loads(gzip.decompress((Path(__file__).parents[2] / "golden" / "rows" / "0011.json.gz").read_bytes()))
    number = 0
    for table in ("item", "addressee", "accuracy_check"):
        for row in kept[table]["rows"]:
            values = dict(zip(kept[table]["columns"], row, strict=True))["due_working"]
            working = json.loads(values) if isinstance(values, str) else values
            parts = [working, *(working[key] for key in ("statutory", "agreed") if isinstance(working.get(key), dict))]
            for part in (part for part in parts if part.get("sentence")):
                number += 1
                reasons = OLD.read_sentence(part["sentence"], part.get("steps") or ())
                assert not [one for one in reasons if one["kind"] == "kept"], part["sentence"]
                assert {from_plain(one) for one in reasons}, "today's code knows every one of them"
    assert number > 500
