"""Every edition ever shipped, and texts that today's check refuses, are read; whatever a key holds, there is a value for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrutiny.chasing.ladder_words import in_sentences, quiet_in_sentences
from scrutiny.legal_words import clause_words, held_words
from tests.workflows.calendars import CALENDARS
from tests.workflows.test_methods import WRONG
from workflows.deadlines import START_EVENTS
from workflows.differences import differences
from workflows.ladders import ADDRESSEES, LETTERS, STOPS, open_days, read_ladders, steps
from workflows.legal_basis import Asking, Clause, clause_of
from workflows.method import ANSWER_KINDS, JUDGEMENTS, MARKINGS, PERSONAL_DATA, SIGN_OFF_RULES, UNITS, Method
from workflows.methods import check_method, due_of_evidence, read_method, timetable_of
from workflows.power import CLARIFICATIONS, CONFIDENCE, DUTIES, Powers
from workflows.power_words import SUBJECTS
from workflows.powers import check_powers, read_powers
from workflows.reading import Faulty
from workflows.refusals import Refused
from workflows.workdays import DIVISIONS, NATIONS, read_calendar

EDITIONS = Path(__file__).parents[1] / "golden" / "editions"
CONFIG = Path(__file__).parents[2] / "config"
MONDAY = date(2026, 3, 2)
FOLDERS = {"methods": "methods/*.toml", "ladders": "ladders.toml", "powers": "powers.toml", "holidays": "holidays/*.toml"}


def name_of(path: Path) -> str:
    """The name a kept text had as a file: without what tells its editions apart."""
    return f"{path.name.removesuffix('.toml').rpartition('.')[0]}.toml"


def texts_of(folder: str) -> dict[str, tuple[str, str]]:
    """Each kept text of a folder with the name of its file."""
    return {path.name: (path.read_text(encoding="utf-8"), name_of(path)) for path in sorted((EDITIONS / folder).glob("*.toml"))}


METHODS, REFUSED = texts_of("methods"), texts_of("refused")
JTAI = read_method(*METHODS["jtai-2026.1.659a9253179b.toml"])


@contextmanager
def dates_that_cannot_be_counted() -> Iterator[None]:
    """A length of years was never accepted, but is refused in words where it is counted."""
    try:
        yield
    except Refused as refused:
        if not re.search("runs past the dates that can be written|are known only from", refused.sentence):
            raise


def use_method(method: Method) -> None:
    """Do all that pages do with a method, and hold that it names only what is known here."""
    assert method.personal_data in PERSONAL_DATA
    assert method.sign_off.rule in SIGN_OFF_RULES
    assert method.judgement.kind in JUDGEMENTS
    assert method.nations
    assert set(method.nations) <= set(NATIONS)
    assert method.subject is None or method.subject in SUBJECTS
    assert {method.accuracy_check.event, *(rule.event for rule in method.responses)} <= START_EVENTS.keys()
    assert {item.answer for item in method.evidence} <= set(ANSWER_KINDS)
    assert {item.marking for item in method.evidence} <= set(MARKINGS)
    assert {item.unit for item in method.evidence} | {phase.unit for phase in method.phases} <= UNITS.keys()
    assert {row.confidence for row in (*method.basis, *method.leads, *method.phases)} <= CONFIDENCE.keys()
    assert method.title
    assert method.version
    assert method.why_not_lead("parish-meeting")
    assert isinstance(differences(method, JTAI), tuple)
    assert method.option("never-heard-of").label == "never-heard-of"
    assert method.line("never-heard-of").title == "never-heard-of"
    with dates_that_cannot_be_counted():
        phases = timetable_of(method, MONDAY, CALENDARS)
        for item in method.evidence:
            due_of_evidence(item, phases, MONDAY, CALENDARS)


def use_powers(powers: Powers) -> None:
    """Say every power in words."""
    for power in powers:
        assert power.duty in DUTIES
        assert power.clarification in CLARIFICATIONS
        assert power.confidence in CONFIDENCE
        clause = clause_of(power, Asking(power.askers[0] if power.askers else "panel", "police", MONDAY))
        assert clause_words(clause)
        assert held_words(clause)
        assert Clause.from_plain(clause.to_plain()) == clause


def use_ladders(text: str) -> None:
    """Find the day of every rung, and say them in words."""
    ladders = read_ladders(text, "ladders.toml")
    days = open_days("england", CALENDARS, ladders.quiet)
    assert isinstance(quiet_in_sentences(ladders.quiet), list)
    for ladder in (*ladders.all, ladders.usual, ladders.of(method="jtai")):
        assert len(in_sentences(ladder)) == len(ladder.rungs)
        with dates_that_cannot_be_counted():
            steps(ladder, MONDAY, days)
        for rung in ladder.rungs:
            assert rung.letter in LETTERS
            assert rung.to
            assert set(rung.to) <= set(ADDRESSEES)
            assert {"answered", "closed"} <= set(rung.stops) <= STOPS.keys()


def use_calendar(text: str) -> None:
    """Count with a calendar."""
    calendar = read_calendar(text, "scotland.toml")
    assert calendar.division in DIVISIONS
    assert calendar.first_day <= calendar.last_day
    assert calendar.digest
    assert calendar.count(MONDAY, date(2026, 3, 6)) >= 0


USES: dict[str, Callable[[str, str], Any]] = {
    "methods": lambda text, name: use_method(read_method(text, name)),
    "powers": lambda text, name: use_powers(read_powers(text, name)),
    "ladders": lambda text, name: use_ladders(text),
    "holidays": lambda text, name: use_calendar(text),
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_edition_ever_shipped_is_read(folder: str) -> None:
    kept = texts_of(folder)
    assert kept
    for text, name in kept.values():
        USES[folder](text, name)


@pytest.mark.parametrize("file", REFUSED)
def test_a_text_that_todays_check_refuses_is_read(file: str) -> None:
    text, name = REFUSED[file]
    assert check_method(text, name)
    use_method(read_method(text, name))


def test_what_a_kept_method_lacks_is_read_as_the_least_that_may_be_claimed() -> None:
    method = read_method(*REFUSED["council-task-and-finish-2026.1.keys.toml"])
    assert (method.personal_data, method.may_hold_personal) == ("depersonalised only", False)
    assert method.nations == NATIONS
    assert (method.outputs, method.summary) == ((), "")
    assert (method.accuracy_check.clock.name, method.accuracy_check.event) == ("none", "draft_email_date")
    assert method.sign_off.rule == "committee-vote"


def test_what_a_kept_method_says_is_read_as_it_says_it_though_it_may_not_be_said_now() -> None:
    assert read_method(*REFUSED["council-task-and-finish-2026.1.personal.toml"]).may_hold_personal
    method = read_method(*REFUSED["council-task-and-finish-2026.1.limits.toml"])
    assert next(phase.duration for phase in method.phases if phase.key == "evidence-sessions") == 1500
    assert str(method.accuracy_check.clock) == "clear_before:10"


def test_powers_from_before_questions_back_were_told_let_them_stop_no_clock() -> None:
    older = [read_powers(text, name) for text, name in texts_of("powers").values() if check_powers(text, name)]
    assert older, "an edition that today's check refuses"
    assert {power.clarification for powers in older for power in powers} == {"none"}


def not_toml(text: str) -> bool:
    """Whether a text is damaged beyond reading."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return True
    return False


def broken(text: str, every: int) -> Iterable[str]:
    """A text with something else at a key, or without it, for every so many of its lines."""
    lines = text.splitlines()
    for place, line in list(enumerate(lines))[::every]:
        key, equals, _ = line.partition(" = ")
        for other in ([f"{key} = {wrong}" for wrong in WRONG] if equals else []) + [""]:
            yield "\n".join([*lines[:place], other, *lines[place + 1 :]])


@pytest.mark.parametrize(
    ("folder", "file", "every"),
    [
        ("methods", "council-task-and-finish-2026.1.56ced9f00a01.toml", 31),
        ("methods", "area-assessment-2026.1.5ea78300f479.toml", 29),
        ("powers", "powers.02b2ffdb0f26.toml", 41),
        ("ladders", "ladders.0275b46f3c71.toml", 1),
        ("holidays", "scotland.7d886831835e.toml", 5),
    ],
)
def test_whatever_stands_at_a_key_a_kept_text_can_be_read_and_shown(folder: str, file: str, every: int) -> None:
    text, name = texts_of(folder)[file]
    for other in broken(text, every):
        if not_toml(other):
            continue
        USES[folder](other, name)


def test_only_a_text_that_is_no_toml_any_more_cannot_be_read() -> None:
    text, name = METHODS["call-in-2026.1.fbcb8752ffc9.toml"]
    with pytest.raises(Faulty, match="this is not good TOML"):
        read_method(text.replace('"', "\x00", 1), name)
