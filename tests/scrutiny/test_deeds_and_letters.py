"""Every deed that moves something, and the letters it writes; or why it writes none. A new deed must be entered here."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.lifecycles.every import LIFECYCLES

LETTERS = Path(__file__).resolve().parents[2] / "templates" / "letters"

#: What is only prepared, or noted by the machine, tells nobody.
DRAFT = "Nothing has been sent to anybody yet"
OWN = "It stays within the agency or body that did it, and its colleagues see it on their pages"
SEEN = "Those it concerns see it on My work; nothing is asked of them"
OTHER = "The letters of the deeds that follow from it are written there"

#: Lifecycle, move → the letters written, or the reason why none is.
DEEDS: dict[tuple[str, str], tuple[str, ...] | str] = {
    ("review", "open"): OTHER,
    ("review", "report"): ("report_released",),
    ("review", "close"): SEEN,
    ("review", "withdraw"): ("review_withdrawn", "review_withdrawn_agency"),
    ("invitation", "accept"): ("invitation_answered",),
    ("invitation", "decline"): ("invitation_answered",),
    ("invitation", "take_back"): ("invitation_taken_back",),
    ("evidence request", "drop"): DRAFT,
    ("evidence request", "take_up"): DRAFT,
    ("evidence request", "issue"): ("request_issued",),
    ("evidence request", "withdraw"): ("request_withdrawn",),
    ("evidence request", "close"): ("request_closed",),
    ("delivery", "accept"): ("dates_recounted",),
    ("delivery", "enter"): "The letter itself went on paper, and the agency is not known by an email address",
    ("delivery", "answer"): "The agency did it",
    ("delivery", "fail"): "The officer sees it first on My work; a letter about a letter that failed may fail as well",
    ("delivery", "bounce"): "The officer sees it first on My work; nothing is ever answered to an email that came in",
    ("delivery", "send_again"): ("request_issued",),
    ("register entry", "publish"): ("register_published",),
    ("register entry", "withdraw"): ("register_withdrawn",),
    ("extension", "grant"): ("extension_granted",),
    ("extension", "refuse"): ("extension_refused",),
    ("extension", "take_back"): SEEN,
    ("clarification", "answer"): ("note_replied",),
    ("clarification", "overtake"): OTHER,
    ("escalation", "remind"): ("request_reminder", "request_chased"),
    ("escalation", "chase"): ("request_chased",),
    ("escalation", "propose"): ("escalation_proposed",),
    ("escalation", "approve"): ("chairs_letter",),
    ("escalation", "set_aside"): "It was proposed to those who set it aside",
    ("escalation", "stop"): "Nothing is late any more, so nobody has anything to do",
    ("item", "answer"): OWN,
    ("item", "send_to_certifier"): ("certify",),
    ("item", "send_back"): ("item_sent_back",),
    ("item", "submit"): ("receipt", "request_answered"),
    ("item", "say_not_held"): ("item_not_given",),
    ("item", "refuse"): ("item_not_given",),
    ("item", "redirect"): ("item_not_given",),
    ("item", "enter"): "The officer entered what the agency had sent: both have it",
    ("item", "return"): ("item_returned",),
    ("item", "accept"): ("request_closed",),
    ("item", "withdraw"): ("item_withdrawn",),
    ("reorganisation", "stage"): "It changes nothing before its day; whoever staged it knows",
    ("reorganisation", "drop"): DRAFT,
    ("reorganisation", "undo"): "Nothing had changed for anybody",
    ("reorganisation", "carry_out"): ("work_taken_over", "requests_answered_by", "body_ended", "place_ended"),
}
#: Rooms whose deeds are listed with their own letters elsewhere: findings, corrections, recommendations, responses, reports.
ELSEWHERE = {"finding", "correction", "recommendation", "response", "report"}


def test_every_deed_is_listed_with_its_letters_or_the_reason_why_there_is_none() -> None:
    deeds = {(table.record, move.name) for table in LIFECYCLES if table.record not in ELSEWHERE for move in table.moves}
    assert deeds - set(DEEDS) == set(), "say which letters these deeds write, or why they write none"
    assert set(DEEDS) - deeds == set(), "there are no such deeds any more"


@pytest.mark.parametrize("kind", sorted({kind for letters in DEEDS.values() if isinstance(letters, tuple) for kind in letters}))
def test_each_letter_named_is_there(kind: str) -> None:
    assert (LETTERS / f"{kind}.txt").exists()
