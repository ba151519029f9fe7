"""A key that a record keeps is called something for ever, also when nothing here knows it any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask_babel import LazyString, lazy_gettext

from scrutiny.answering.attendance import COMES
from scrutiny.answering.forms import WANTED
from scrutiny.answering.presenters import SHAPES
from scrutiny.asking.presenters import KINDS
from scrutiny.correspondence.queries import SHOWN
from scrutiny.evidence import markings
from scrutiny.holiday_names import NAMES
from scrutiny.kernel_words import WORDS
from scrutiny.recommendations import outcomes
from scrutiny.requests.ways import CAME_BY
from scrutiny.rules.files import CONFIG
from scrutiny.worklist.reviews_list import PARTS
from workflows.clocks import RULES
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.labels import Labels, labels, words_of
from workflows.ladders import ADDRESSED, LETTERS
from workflows.lifecycles.every import LIFECYCLES
from workflows.method import JUDGEMENTS, PERSONAL_DATA, SIGN_OFF_RULES
from workflows.power import CLARIFICATIONS, CONFIDENCE, NATION_LABELS
from workflows.power_words import ENDS, SUBJECTS
from workflows.refusals import Sentence
from workflows.roles import LABELS
from workflows.workdays import DIVISION_LABELS, read_calendar

TABLES: dict[str, Mapping[str, Any]] = {
    "kinds of body": BODY_KINDS,
    "roles": LABELS,
    "how sure": CONFIDENCE,
    "nations": NATION_LABELS,
    "questions back": CLARIFICATIONS,
    "subjects": SUBJECTS,
    "what starts a clock": START_EVENTS,
    "who comes": COMES,
    "what is wanted": WANTED,
    "how an answer was entered": CAME_BY,
    "shapes of items": SHAPES,
    "states of letters": SHOWN,
    "markings": markings.WORDS,
    "states of responses": outcomes.STATUSES,
    "kinds of answer": KINDS,
    "parts in a review": PARTS,
    **{f"states of a {table.record}": table.states for table in LIFECYCLES},
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_key_that_is_not_known_any_more_is_still_called_something(table: Mapping[str, Any]) -> None:
    known = next(iter(table.values()))
    unknown = table["never-heard-of"]
    assert "never-heard-of" not in table
    texts = (str, LazyString)
    assert isinstance(unknown, texts if isinstance(known, texts) else type(known))
    assert unknown
    assert table.get("never-heard-of") is None


def test_every_word_of_the_kernel_for_a_key_can_be_said_in_another_language() -> None:
    kernel = (START_EVENTS, BODY_KINDS, LABELS, NATION_LABELS, CONFIDENCE, CLARIFICATIONS, SUBJECTS, JUDGEMENTS)
    kernel += (PERSONAL_DATA, SIGN_OFF_RULES, ADDRESSED, LETTERS, DIVISION_LABELS, ENDS)
    tables = [*(table.states for table in LIFECYCLES), *kernel]
    words = {word for table in tables for word in table.values()}
    words |= {rule.words for rule in RULES.values()}
    assert words == {str(word) for word in WORDS}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_label_is_the_same_however_it_is_looked_up(table: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """In another language too, and a label of the kernel is words and no promise of words."""
    monkeypatch.setattr(Sentence, "say", staticmethod(lambda text, **values: lazy_gettext(f"[{text}]")))
    for key in table:
        looked_up = table[key]
        assert table.get(key) == looked_up
        assert dict(table.items())[key] == looked_up
        if isinstance(table, Labels) and isinstance(dict.__getitem__(table, key), str):
            assert type(looked_up) is str


def test_a_key_without_a_label_is_said_in_its_own_words() -> None:
    assert labels({"a": "Known"})["local-scrutiny_board"] == "Local scrutiny board"
    assert labels({"a": "known"})["local-scrutiny_board"] == "local scrutiny board"
    assert words_of("") == "not known"
    assert Labels({"a": 1}, len)["four"] == 4


def test_a_marking_that_is_not_known_any_more_is_the_strictest() -> None:
    for marking in markings.STRICTNESS:
        assert markings.stricter(marking, "secret") == markings.stricter("secret", marking) == "secret"
    assert markings.stricter("open", "exempt") == "exempt"
    assert markings.label("secret") == "Nobody here can see it, because it is marked “secret”"


def test_what_came_of_a_recommendation_is_told_whatever_word_it_was_recorded_in() -> None:
    step = {"by": "agency", "outcome": "pondered", "who": "The Trust", "at": "2026-03-02", "words": "", "evidence": ""}
    told = outcomes._step_line(step | {"replaced_by": None, "shown_by": None})
    assert told.head == "The Trust recorded “pondered” on 2 March 2026"
    row = {"status": "half-way", "who": "The Trust", "at": "2026-03-02", "words": "Soon.", "new_date": ""}
    assert outcomes._return_line(row).head == "The Trust recorded “half way” on 2 March 2026"


def test_every_bank_holiday_that_comes_with_the_code_can_be_named_in_another_language() -> None:
    lists = [read_calendar(file.read_text(encoding="utf-8"), file.name) for file in (CONFIG / "holidays").glob("*.toml")]
    assert len(lists) == 3
    assert {title for calendar in lists for title in calendar.holidays.values()} == {str(name) for name in NAMES}
