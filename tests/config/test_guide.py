"""The guide to writing a method: its boxes make a method that works, and it explains every key the reader knows."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_methods import AGENCIES, CALENDARS, POWERS
from workflows.clocks import RULES
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.method import ANSWER_KINDS, JUDGEMENTS, MARKINGS, PERSONAL_DATA, SIGN_OFF_RULES, UNITS
from workflows.methods import check_method, read_method, timetable_of
from workflows.powers import CONFIDENCE, SUBJECTS
from workflows.reading import Table
from workflows.workdays import NATIONS

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "writing-a-method.md").read_text(encoding="utf-8")
EXAMPLE = "\n".join(re.findall(r"^```toml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE))
NAME = "winter-check-2026.1.toml"


def test_the_boxes_of_the_guide_put_together_are_a_method_with_nothing_wrong_in_it() -> None:
    assert EXAMPLE.count("[[phases]]") == 6
    assert check_method(EXAMPLE, NAME, agency_kinds=AGENCIES, powers=[power.key for power in POWERS]) == ()


def test_the_guides_method_keeps_five_clear_days_before_its_meeting() -> None:
    dates = {phase.key: phase for phase in timetable_of(read_method(EXAMPLE, NAME), date(2026, 9, 7), CALENDARS)}
    assert dates["accuracy-check"].ends_on < dates["agenda"].starts_on < dates["meeting"].starts_on
    assert CALENDARS.of("england").after(dates["agenda"].starts_on, 6) == dates["meeting"].starts_on


def test_the_guide_explains_every_key_a_method_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    take = Table._take

    def noted(table: Table, key: str, *rest: Any) -> Any:
        asked.add(key)
        return take(table, key, *rest)

    monkeypatch.setattr(Table, "_take", noted)
    scored = EXAMPLE.replace('kind = "scale"', 'kind = "score"') + '[[judgement.bands]]\nkey = "low"\nlabel = "Low"\nleast = 4\n'
    assert check_method(scored, NAME, agency_kinds=AGENCIES) == ()
    assert len(asked) > 50
    explained = set(re.findall(r"`(?:\[\[)?(?:judgement\.)?([a-z_]+)(?:\]\])?`", GUIDE))
    headed = set(re.findall(r"^\[\[?([a-z_]+)\]\]?$", EXAMPLE, re.MULTILINE))
    assert asked - explained - headed == {"options"}  # its heading is [[judgement.options]]


@pytest.mark.parametrize(
    "words",
    [
        NATIONS,
        PERSONAL_DATA,
        SUBJECTS,
        BODY_KINDS,
        CONFIDENCE,
        UNITS,
        ANSWER_KINDS,
        MARKINGS,
        JUDGEMENTS,
        SIGN_OFF_RULES,
        START_EVENTS,
        RULES,
    ],
)
def test_the_guide_names_every_word_that_may_be_chosen(words: Any) -> None:
    assert [word for word in words if not re.search(rf"`{re.escape(word)}(:[0-9]+)?`", GUIDE)] == []


def test_the_fault_shown_in_the_guide_is_what_the_check_says() -> None:
    (fault,) = check_method(EXAMPLE.replace('after = "scope"', 'after = "scop"'), NAME)
    shown = re.search(r"^(winter-check-2026.1.toml, line \d+, phases.2.after: .*?), …$", GUIDE, re.MULTILINE)
    assert shown
    assert fault.sentence.startswith(shown[1])
