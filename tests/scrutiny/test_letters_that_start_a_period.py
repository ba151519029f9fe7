"""Every letter from which a period runs: it runs only once the letter has arrived. A new letter must be entered here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.asking import delivering as requests
from scrutiny.correspondence import outcomes
from scrutiny.findings import delivering as checks
from scrutiny.publication import delivering as notices
from scrutiny.recommendations import delivering as recommendations
from scrutiny.reviews.needs import told_by_rooms

LETTERS = Path(__file__).resolve().parents[2] / "templates" / "letters"
#: The letters from whose arrival a period is counted.
START = {requests.ASKS, checks.ASKS, recommendations.BRINGS, notices.REGISTER, notices.ANSWERS}
MOVED = "It moves the end of a period that began with a letter which arrived"
AGAIN = "Those who answered have it on their list; a lost letter stands on My work, and nobody is called silent over it"
LADDER = "It reminds of a period that began with a letter which arrived"
PUBLIC = "The day stands on the public page from the moment the challenge is published, and on My work of whoever must answer"
REPEATS = "It repeats a day that was set before, and begins no period"
#: Letters that name a day as well, from which nothing is counted, and why.
OTHERS = {
    "accuracy_check_overdue": LADDER,
    "accuracy_check_reminder": LADDER,
    "accuracy_day_moved": MOVED,
    "accuracy_waived": MOVED,
    "certify": REPEATS,
    "chairs_letter": LADDER,
    "challenge_overdue": LADDER,
    "challenge_published": PUBLIC,
    "challenge_to_answer": PUBLIC,
    "challenge_to_check": REPEATS,
    "check_sent_back": REPEATS,
    "check_to_approve": REPEATS,
    "dates_given": MOVED,
    "dates_recounted": MOVED,
    "due_date_moved": MOVED,
    "escalation_proposed": REPEATS,
    "extension_asked": REPEATS,
    "extension_granted": MOVED,
    "extension_refused": REPEATS,
    "item_handed": REPEATS,
    "item_passed_back": REPEATS,
    "item_returned": AGAIN,
    "item_sent_back": REPEATS,
    "note_replied": REPEATS,
    "progress_returned": REPEATS,
    "register_published": REPEATS,
    "request_chased": LADDER,
    "request_reminder": LADDER,
    "response_chairs_letter": LADDER,
    "response_chased": LADDER,
    "response_day_moved": MOVED,
    "response_reminder": LADDER,
    "response_to_escalate": REPEATS,
    "work_taken_over": REPEATS,
}
#: How a letter says by when its reader is to do something.
NAMES_A_DAY = re.compile(r"due_on|reply_until|public_on|last_on|\b(until|by) \{\{ ?day")


def named_days() -> set[str]:
    """The letters in which a day stands by which something is to be done."""
    return {path.stem for path in LETTERS.glob("[!_]*.txt") if NAMES_A_DAY.search(path.read_text(encoding="utf-8"))}


def test_every_letter_that_names_a_day_starts_a_period_or_says_why_not() -> None:
    assert named_days() >= START, "the words by which days are found have changed"
    assert named_days() - START == set(OTHERS), "say whether a period runs from this letter: if so, it runs from its arrival"


@pytest.mark.parametrize("kind", sorted(START))
def test_what_became_of_it_is_noted(app: Flask, kind: str) -> None:
    """Accepted: the period runs. Come back: it does not, and the room whose letter it is tells the officer."""
    for outcome in ("posted", "bounced"):
        assert (kind, outcome) in outcomes._deeds
    with app.app_context():
        told = " ".join(str(rows.compile(compile_kwargs={"literal_binds": True})) for rows in told_by_rooms())
    assert f"'{kind}'" in told
