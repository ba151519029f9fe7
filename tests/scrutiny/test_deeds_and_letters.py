"""Every deed that moves something, and the letters it writes; or why it writes none. A new deed must be entered here."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.lifecycles.every import LIFECYCLES

ROOMS = Path(__file__).resolve().parents[2] / "scrutiny"
LETTERS = ROOMS.parent / "templates" / "letters"

#: What is only prepared, or noted by the machine, tells nobody.
DRAFT = "Nothing has been sent to anybody yet"
OWN = "It stays within the agency or body that did it, and its colleagues see it on their pages"
SEEN = "Those it concerns see it on My work; nothing is asked of them"
PUBLIC = "The page of the challenge says it to everybody"
PLANS = "The bodies that share a plan see it under Planned reviews; agencies are asked for nothing before a review is open"
GAPS = "The register of gaps is the body's own; nobody is asked for anything"
OTHER = "The letters of the deeds that follow from it are written there"

#: Lifecycle, move → the letters written, or the reason why none is.
#: What is written when a recommendation ends: to its agency, and to those with an alert for the place.
ENDED = ("response_settled", "recommendation_alert")
DEEDS: dict[tuple[str, str], tuple[str, ...] | str] = {
    ("review", "open"): OTHER,
    ("review", "report"): ("report_released",),
    ("review", "close"): SEEN,
    ("review", "withdraw"): ("review_withdrawn", "review_withdrawn_agency"),
    ("invitation", "accept"): ("invitation_answered", "body_joined"),
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
    ("clarification", "reopen"): ("decline_taken_back",),
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
    ("item", "keep_decline"): OWN,
    ("item", "discard"): OWN,
    ("item", "discard_decline"): OWN,
    ("item", "discard_to_returned"): OWN,
    ("item", "discard_to_sent_back"): OWN,
    ("item", "say_not_held"): ("item_not_given", "receipt"),
    ("item", "refuse"): ("item_not_given", "receipt"),
    ("item", "redirect"): ("item_not_given", "receipt"),
    ("item", "take_back"): ("taken_from_approver",),
    ("item", "take_back_decline"): ("decline_taken_back",),
    ("item", "say_wrong"): ("wrong_answer", "wrong_answer_told"),
    ("item", "enter"): ("answer_entered",),
    ("item", "return"): ("item_returned",),
    ("item", "accept"): ("request_closed",),
    ("item", "withdraw"): ("item_withdrawn",),
    ("finding", "propose"): ("agreement_wanted",),
    ("finding", "take_back"): DRAFT,
    ("finding", "settle"): ("signature_wanted",),
    ("finding", "reopen"): ("finding_moved", "signature_voided", "agreement_wanted"),
    ("finding", "withdraw"): ("finding_moved", "signature_voided"),
    ("correction", "offer"): ("accuracy_check_answered",),
    ("correction", "make"): ("correction_decided",),
    ("correction", "make_in_part"): ("correction_decided",),
    ("correction", "decline"): ("correction_decided",),
    ("recommendation", "propose"): ("signature_wanted",),
    ("recommendation", "take_back"): DRAFT,
    ("recommendation", "make"): ("recommendation_made",),
    ("recommendation", "withdraw"): DRAFT,
    ("response", "accept"): ("response_given",),
    ("response", "accept_in_part"): ("response_given",),
    ("response", "correct_accept"): ("response_given",),
    ("response", "correct_in_part"): ("response_given",),
    ("response", "correct_reject"): ("response_given",),
    ("response", "reject"): ("response_given",),
    ("response", "note"): ("response_given",),
    ("response", "say_done"): ("progress_returned",),
    ("response", "reopen"): ("response_settled",),
    ("response", "reopen_in_part"): ("response_settled",),
    ("response", "verify"): ENDED,
    ("response", "close_partly_done"): ENDED,
    ("response", "close_not_done"): ENDED,
    ("response", "close_not_accepted"): ENDED,
    ("response", "supersede"): ENDED,
    ("response", "stop_tracking"): ENDED,
    ("approval", "approve"): ("approval_given",),
    ("approval", "send_back"): ("approval_sent_back",),
    ("approval", "take_back"): ("approval_taken_back",),
    ("approval", "overtake"): OWN,
    **dict.fromkeys(
        (("source", move) for move in ("complete", "publish", "replace", "withdraw")),
        "The page of the count says it; no letter asked for it",
    ),
    ("report", "schedule"): ("report_scheduled",),
    ("report", "unschedule"): ("report_unscheduled", "report_held"),
    ("report", "seal"): "The clock does it on its way to publishing, which is told",
    ("report", "print"): "The clock does it on its way to publishing, which is told",
    ("report", "release"): ("report_released", "place_alert", "recommendation_made"),
    ("report", "withdraw"): ("review_withdrawn",),
    ("report", "recall"): ("report_withdrawn", "report_withdrawn_alert"),
    ("reorganisation", "stage"): "It changes nothing before its day; whoever staged it knows",
    ("reorganisation", "drop"): DRAFT,
    ("reorganisation", "undo"): "Nothing had changed for anybody",
    ("reorganisation", "carry_out"): ("work_taken_over", "requests_answered_by", "body_ended", "place_ended"),
    ("challenge", "confirm"): ("challenge_to_check",),
    ("challenge", "publish"): ("challenge_published", "challenge_to_answer"),
    ("challenge", "refuse"): ("challenge_refused",),
    ("challenge", "merge"): ("challenge_merged",),
    ("challenge", "take_down"): ("challenge_refused",),
    ("challenge", "answer"): ("challenge_answered",),
    ("matter for the committee", "put_on_agenda"): PUBLIC,
    ("matter for the committee", "take_up"): PUBLIC,
    ("matter for the committee", "decline"): PUBLIC,
    ("matter for the committee", "exclude"): PUBLIC,
    ("plan", "propose"): PLANS,
    ("plan", "agree"): PLANS,
    ("plan", "return"): PLANS,
    ("plan", "announce"): PLANS,
    ("plan", "drop"): PLANS,
    ("plan", "open"): OTHER,
    ("gap", "look"): GAPS,
    ("gap", "close"): GAPS,
    ("gap", "reopen"): GAPS,
}
#: What people do that moves nothing through a lifecycle, or that the clock does, and the letter each writes.
OTHER_DEEDS: dict[str, tuple[str, ...]] = {
    "ask for a link to sign in": ("sign_in",),
    "give somebody access": ("invitation",),
    "reset somebody's second step": ("second_step_reset",),
    "change how somebody signs in": ("account_changed",),
    "ask for a test email": ("mail_check",),
    "hand somebody's work over": ("work_handed_over",),
    "invite a partner": ("partner_invited",),
    "add a body to a review, or end its part": ("body_added", "body_joined", "body_removed"),
    "propose a question, take it or decline it": ("question_proposed", "question_settled"),
    "move the dates of a review": ("dates_moved", "dates_given"),
    "take up a newer method": ("method_taken_up",),
    "load a holiday learnt of late": ("timetable_moved", "due_date_moved", "accuracy_day_moved", "response_day_moved"),
    "enter the day a clock starts": ("dates_recounted",),
    "report a wrong address": ("address_reported",),
    "hand an item to a colleague, and pass it back": ("item_handed", "item_passed_back"),
    "ask the requester a question, or for more time": ("question_asked", "extension_asked"),
    "show an agency its extracts, waive its check, and hear that it has finished": (
        "accuracy_check",
        "accuracy_waived",
        "accuracy_check_answered",
    ),
    "pass a check of the facts to the approver, take it back, or send it back": (
        "check_to_approve",
        "check_taken_back",
        "check_sent_back",
    ),
    "pass what is said of a recommendation to the approver": ("approval_wanted",),
    "ask for a public summary, and agree to it": ("summary_wanted", "summary_agreed"),
    "say for a body whether it agrees with a finding, and change the words it agreed with": (
        "agreement_answered",
        "agreement_wanted",
    ),
    "name who may open personal material, and end it": ("reader_named", "reader_no_longer_named"),
    "mark evidence more strictly, or erase it": ("evidence_restricted", "evidence_erased"),
    "publish the list of requests": ("answers_to_be_published",),
    "give notice of an entry in the register": ("register_notice",),
    "erase words published with a recommendation": ("response_words_erased",),
    "respond to a recommendation, or say how it is going": ("response_given", "progress_returned"),
    "make a report ready to be signed: the summary, the last finding or the last recommendation": ("signature_wanted",),
    "dissent, and change what was signed": ("dissent_written", "signature_voided", "signature_wanted"),
    "report an error, and decide on it": ("error_reported", "error_decided"),
    "ask for an alert": ("confirm_alert",),
    "challenge what is published, and support a challenge": ("challenge_confirm", "challenge_support_confirm"),
    "change what is challenged": ("challenge_changed",),
    "let the answer to a challenge be late": ("challenge_overdue",),
    "let a response be due soon": ("response_reminder",),
    "remind of a check of the facts, a signature or an invitation": (
        "accuracy_check_reminder",
        "accuracy_check_overdue",
        "signature_reminder",
        "invitation_reminder",
    ),
    "chase a response that is late": ("response_chased", "response_to_escalate", "response_chairs_letter"),
}


def test_every_deed_is_listed_with_its_letters_or_the_reason_why_there_is_none() -> None:
    deeds = {(table.record, move.name) for table in LIFECYCLES for move in table.moves}
    assert deeds - set(DEEDS) == set(), "say which letters these deeds write, or why they write none"
    assert set(DEEDS) - deeds == set(), "there are no such deeds any more"


def test_every_letter_belongs_to_a_deed() -> None:
    named = {kind for letters in DEEDS.values() if isinstance(letters, tuple) for kind in letters}
    named |= {kind for letters in OTHER_DEEDS.values() for kind in letters}
    assert named == {path.stem for path in LETTERS.glob("[!_]*.txt")}


def test_every_letter_is_written_somewhere() -> None:
    """Its name stands in the code, whole or as its kind is put together from a state."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOMS.rglob("*.py"))
    put_together = {"extension_granted": 'f"extension_{extension.state}"', "extension_refused": 'f"extension_{extension.state}"'}
    for path in LETTERS.glob("[!_]*.txt"):
        ladders = path.stem in ("request_reminder", "request_chased", "chairs_letter")
        assert put_together.get(path.stem, f'"{path.stem}"') in code or ladders, path.stem


@pytest.mark.parametrize("kind", sorted({kind for letters in DEEDS.values() if isinstance(letters, tuple) for kind in letters}))
def test_each_letter_named_is_there(kind: str) -> None:
    assert (LETTERS / f"{kind}.txt").exists()
