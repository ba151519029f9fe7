"""A key that a record keeps is called something for ever, also when nothing here knows it any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scrutiny.answering.attendance import COMES
from scrutiny.answering.forms import WANTED
from scrutiny.answering.presenters import SHAPES
from scrutiny.asking.presenters import KINDS
from scrutiny.correspondence.queries import SHOWN
from scrutiny.evidence import markings
from scrutiny.recommendations import outcomes
from scrutiny.requests.ways import CAME_BY
from scrutiny.worklist.reviews_list import PARTS
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.labels import Labels, labels, words_of
from workflows.lifecycles.every import LIFECYCLES
from workflows.power import CLARIFICATIONS, CONFIDENCE, NATION_LABELS
from workflows.power_words import SUBJECTS
from workflows.roles import LABELS

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
    assert type(unknown) is type(known)
    assert unknown
    assert table.get("never-heard-of") is None


def test_a_key_without_a_label_is_said_in_its_own_words() -> None:
    assert labels({"a": "Known"})["local-scrutiny_board"] == "Local scrutiny board"
    assert labels({"a": "known"})["local-scrutiny_board"] == "local scrutiny board"
    assert words_of("") == "not known"
    assert Labels({"a": 1}, len)["four"] == 4


def test_a_marking_that_is_not_known_any_more_is_the_strictest() -> None:
    for marking in markings.STRICTNESS:
        assert markings.stricter(marking, "secret") == markings.stricter("secret", marking) == "secret"
    assert markings.stricter("open", "exempt") == "exempt"
    assert markings.label("secret") == "Nobody here: it is marked “secret”"


def test_what_came_of_a_recommendation_is_told_whatever_word_it_was_recorded_in() -> None:
    step = {"by": "agency", "outcome": "pondered", "who": "The Trust", "at": "2026-03-02", "words": "", "evidence": ""}
    told = outcomes._step_line(step | {"replaced_by": None, "shown_by": None})
    assert told.head == "The Trust recorded “pondered” on 2 March 2026"
    row = {"status": "half-way", "who": "The Trust", "at": "2026-03-02", "words": "Soon.", "new_date": ""}
    assert outcomes._return_line(row).head == "The Trust recorded “half way” on 2 March 2026"
