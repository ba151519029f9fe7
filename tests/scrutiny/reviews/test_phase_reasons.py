"""Why a phase has its days: kept as values, composed where it is shown, and read from the sentences of before."""

from __future__ import annotations

import json
from datetime import date

import pytest

from scrutiny.phase_words import phase_why
from workflows.phase_reasons import KINDS, Chosen, Drawn, Earlier, Kept, Left, Lengthened, Moved, PhaseReason, PhaseWhy

DAY, LATER = date(2026, 3, 2), date(2026, 5, 1)
SAID: tuple[tuple[PhaseReason, str], ...] = (
    (
        Drawn(15, "wd", DAY, "opens", "", 0, "wd", 0, statutory=False),
        "15 working days long, from 2 March 2026, when the review opens. By convention, not law.",
    ),
    (
        Drawn(1, "weeks", DAY, "ends", "Walk", 1, "wd", 0, statutory=True, note="LGA 2000.", known_until=LATER),
        "1 week long, 1 working day after 2 March 2026, when “Walk” ends. Set by law. LGA 2000. "
        "Provisional: holidays after 1 May 2026 are not yet known.",
    ),
    (
        Drawn(2, "months", DAY, "starts", "Walk", -3, "cd", 0, statutory=False),
        "2 months long, 3 days before 2 March 2026, when “Walk” starts. By convention, not law.",
    ),
    (
        Drawn(1, "cd", DAY, "starts", "Walk", 10, "wd", 1, statutory=False),
        "1 day long, from working day 10, where 2 March 2026, when “Walk” starts, is number 1. By convention, not law.",
    ),
    (Chosen(), "The days you chose."),
    (Moved("Olwen Price", DAY, LATER), "Moved by Olwen Price on 2 March 2026; before that it ran to 1 May 2026."),
    (
        Moved("Olwen Price", DAY, LATER, "The hall is let."),
        "Moved by Olwen Price on 2 March 2026; before that it ran to 1 May 2026. The hall is let.",
    ),
    (Left("Walk", DAY), "Left where it was when “Walk” moved on 2 March 2026."),
    (Lengthened(LATER), "Before a holiday was learnt of late it ran to Friday 1 May 2026."),
    (Kept("Because the chair said so."), "Because the chair said so."),
)


def test_every_kind_of_reason_is_tried() -> None:
    assert {type(reason) for reason, _ in SAID} == set(KINDS.values())


@pytest.mark.parametrize(("reason", "words"), SAID, ids=[type(reason).__name__ for reason, _ in SAID])
def test_a_reason_is_said_from_what_a_row_keeps(context: None, reason: PhaseReason, words: str) -> None:
    """Also where it is the reason of days of before; and the row holds no sentence of ours."""
    why = PhaseWhy((reason,), "digest", by_hand=True, first=Earlier(DAY, LATER, (reason,)), before=Earlier(DAY, DAY))
    kept = json.loads(json.dumps(why.to_plain()))
    assert PhaseWhy.from_plain(kept) == why
    assert phase_why(why.reasons) == words
    if not isinstance(reason, Kept):
        assert not [sentence for sentence in words.split(". ") if len(sentence) > 20 and sentence in str(kept["reasons"])]


def test_a_row_of_before_is_read_as_it_was_written(context: None) -> None:
    first = {"from": "2026-03-02", "to": "2026-05-01", "sentence": "5 working days long."}
    before = {"from": "2026-03-02", "to": "2026-03-02", "said": "Monday 2 March 2026"}
    row = {"sentence": "Moved by somebody.", "by_hand": True, "calendar": "digest", "first": first, "before": before}
    why = PhaseWhy.from_plain(row)
    assert phase_why(why.reasons) == "Moved by somebody."
    assert why.first == Earlier(DAY, LATER, (Kept("5 working days long."),))
    assert why.before == Earlier(DAY, DAY)
    assert (why.by_hand, why.calendar) == (True, "digest")
    assert PhaseWhy.from_plain({}) == PhaseWhy()
