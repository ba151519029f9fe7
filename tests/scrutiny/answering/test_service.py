"""The agency's deeds, from the first word saved to the receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from scrutiny.agency_record.receipts import receipt_of
from scrutiny.answering import service as answering
from scrutiny.answering.queries import draft_of, earlier_answers
from scrutiny.answering.service import Typed
from scrutiny.asking.service import accept_item, return_item
from scrutiny.audit.models import AuditEntry
from scrutiny.evidence import access as evidence_access
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.formats import moment
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import TODAY, Asked, actor, ask, letters
from workflows.refusals import Refused, Stale

LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def police(cast):
    """The police, asked three things."""
    return ask(cast)


def keep(asked, n=0, who="responder", **words):
    """Save an answer to the n-th item."""
    typed = Typed(**({"text": "Twelve children."} | words))
    return answering.keep_answer(asked.items[n], typed, by=asked.by(who), at=NOW)


def test_an_answer_is_saved_and_saved_again_and_nobody_else_sees_it(police):
    first = keep(police)
    second = keep(police, text="Thirteen children.", figures="Children: 13", marking="exempt", exempt_ground="Paragraph 1")
    assert first is second
    assert (police.items[0].state, second.number, second.lodging.evidence.figures) == ("answered", 1, "Children: 13")
    assert not evidence_access.may_read(second.lodging, police.by("officer"), TODAY)
    assert evidence_access.may_read(second.lodging, police.by("colleague"), TODAY)
    assert not evidence_access.may_read(second.lodging, police.by("fire_responder"), TODAY)


def test_a_colleague_who_saves_second_is_told(police):
    seen = police.items[0].version
    keep(police)
    assert police.items[0].version > seen
    with pytest.raises(Stale):
        answering.keep_answer(police.items[0], Typed(text="Mine"), by=police.by("colleague"), at=NOW, seen=seen)
    again = police.items[0].version
    keep(police)
    assert police.items[0].version > again, "saving once more, in the same state, is a new version too"


def test_files_are_added_and_removed_before_sending(police):
    by = police.by("responder")
    file = answering.keep_file(police.items[1], receive("policy.txt", b"Our policy"), by=by, at=NOW)
    assert police.items[1].state == "answered"
    assert draft_of(police.items[1]).lodging.evidence.files == [file]
    keep(police, 1, text="See the file", marking="confidential")
    assert file.marking == "confidential", "a file follows the answer it belongs to"
    answering.remove_file(police.items[1], file, by=by, at=NOW)
    assert draft_of(police.items[1]).lodging.evidence.files == []


def test_with_a_certifier_nothing_is_sent_before_approval(police):
    keep(police)
    keep(police, 2, text="We meet monthly.")
    by = police.by("responder")
    with pytest.raises(Refused, match="approver approves answers"):
        answering.submit_request(police.request, [police.items[0]], by=by, at=NOW)
    answering.send_to_certifier([police.items[0], police.items[2]], hours=3.5, by=by, at=NOW)
    assert [item.state for item in police.items] == ["with_certifier", "asked", "with_certifier"]
    assert letters("certify") == [(f"person:{police.cast.certifier}", letters("certify")[0][1])]
    with pytest.raises(Refused, match="can no longer change"):
        keep(police)
    boss = police.by("certifier")
    answering.send_back(police.items[2], "Say with whom", by=boss, at=NOW)
    assert (police.items[2].state, letters("item_sent_back")[0][0]) == ("sent_back", f"person:{police.cast.responder}")
    answer = answering.submit_item(police.items[0], by=boss, at=LATER)
    assert (police.items[0].state, answer.certified_by) == ("submitted", f"person:{police.cast.certifier}")
    assert (answer.lodging.lodged_at, answer.submitted_at, police.request.hours_spent) == (LATER, LATER, 3.5)
    assert evidence_access.may_read(answer.lodging, police.by("officer"), TODAY)
    assert letters("request_answered") == [], "two items are still with the police"


def test_only_a_certifier_sends_back_or_approves(police):
    keep(police)
    answering.send_to_certifier([police.items[0]], by=police.by("responder"), at=NOW)
    with pytest.raises(Refused):
        answering.submit_item(police.items[0], by=police.by("responder"), at=NOW)
    with pytest.raises(Refused, match="Only an approver"):
        answering.send_back(police.items[0], "No", by=police.by("colleague"), at=NOW)


def test_without_a_certifier_the_responder_sends_and_the_officer_hears_when_all_is_done(cast):
    fire = ask(cast, "fire")
    keep(fire, 0, "fire_responder", figures="Calls: 4")
    answering.submit_request(fire.request, [fire.items[0]], hours=2, by=fire.by("fire_responder"), at=NOW)
    assert letters("receipt") == [(f"person:{cast.fire_responder}", letters("receipt")[0][1])]
    assert letters("request_answered") == []
    answering.say_not_held(fire.items[1], "We keep no such policy", by=fire.by("fire_responder"), at=NOW)
    answering.redirect_item(fire.items[2], "The county council", by=fire.by("fire_responder"), at=LATER)
    assert [item.state for item in fire.items] == ["submitted", "not_held", "redirected"]
    assert letters("request_answered")[0][0] == f"person:{cast.officer}"
    assert [subject.split(":")[0] for _, subject in letters("item_not_given")] == [
        "Loamshire Fire and Rescue does not hold this information",
        "Loamshire Fire and Rescue says that somebody else has this information",
    ]


def test_one_empty_answer_stops_the_whole_sending_by_its_number(cast):
    fire = ask(cast, "fire")
    keep(fire, 0, "fire_responder")
    keep(fire, 1, "fire_responder", text="")
    with pytest.raises(Refused, match="Item 2: There is nothing in this answer yet"):
        answering.submit_request(fire.request, fire.items[:2], by=fire.by("fire_responder"), at=NOW)
    assert [item.state for item in fire.items[:2]] == ["answered", "answered"]


def test_a_refusal_needs_its_ground(police):
    with pytest.raises(Refused, match="Give the ground"):
        answering.refuse_item(police.items[0], "  ", by=police.by("responder"), at=NOW)
    answering.refuse_item(police.items[0], "Section 30 would harm an inquiry", by=police.by("certifier"), at=NOW)
    assert (police.items[0].state, police.items[0].ground) == ("refused", "Section 30 would harm an inquiry")


def test_what_is_returned_begins_again_and_what_was_sent_stays(cast):
    fire = ask(cast, "fire")
    by, officer = fire.by("fire_responder"), fire.by("officer")
    answering.keep_file(fire.items[0], receive("a.txt", b"One"), by=by, at=NOW)
    first = keep(fire, 0, "fire_responder")
    answering.submit_item(fire.items[0], by=by, at=NOW)
    return_item(fire.items[0], why="For which year?", by=officer, at=NOW)
    second = keep(fire, 0, "fire_responder", text="In 2025-26.")
    assert (second.number, first.lodging.evidence.text, second.lodging.evidence.text) == (2, "Twelve children.", "In 2025-26.")
    assert [one.sha256 for one in second.lodging.evidence.files] == [one.sha256 for one in first.lodging.evidence.files]
    answering.submit_item(fire.items[0], by=by, at=LATER)
    accept_item(fire.items[0], by=officer, at=LATER)
    assert len(receipt_of(fire.request, by, TODAY).rows) == 2


def test_an_earlier_answer_of_the_same_agency_is_pointed_to_and_never_another_agencys(cast):
    march = ask(cast, "fire")
    old = keep(march, 0, "fire_responder", figures="Calls: 4")
    answering.submit_item(march.items[0], by=march.by("fire_responder"), at=NOW)
    again, police = ask(cast, "fire", LATER), ask(cast, "police", LATER)
    assert earlier_answers(again.items[0], cast.fire) == [old]
    assert earlier_answers(police.items[0], cast.police) == []
    with pytest.raises(Refused, match="Only what your own agency"):
        answering.reuse_answer(police.items[0], old, by=police.by("responder"), at=LATER)
    answer = answering.reuse_answer(again.items[0], old, by=again.by("fire_responder"), at=LATER)
    assert (answer.lodging.evidence_id, answer.reused_from) == (old.lodging.evidence_id, old.id)
    assert answer.lodging.lodged_at is None
    changed = keep(again, 0, "fire_responder", text="Fourteen by now.")
    assert changed is answer
    assert changed.lodging.evidence_id != old.lodging.evidence_id
    assert old.lodging.evidence.text == "Twelve children."
    assert db.session.scalar(select(func.count()).select_from(Lodging)) == 2, "the unused pointer is gone"


def test_reusing_drops_the_draft_it_replaces(cast):
    march = ask(cast, "fire")
    old = keep(march, 0, "fire_responder")
    answering.submit_item(march.items[0], by=march.by("fire_responder"), at=NOW)
    again = ask(cast, "fire", LATER)
    by = again.by("fire_responder")
    answering.keep_file(again.items[0], receive("a.txt", b"One"), by=by, at=NOW)
    answering.reuse_answer(again.items[0], old, by=by, at=LATER)
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1
    answering.submit_item(again.items[0], by=by, at=LATER)
    assert evidence_access.may_read(again.items[0].answer.lodging, again.by("officer"), TODAY)


def test_a_question_and_more_time_reach_the_officer(police):
    by = police.by("responder")
    due = police.items[0].due_on
    answering.ask_question(police.request, "Which year?", item=police.items[0], by=by, at=NOW)
    with pytest.raises(Refused, match="Choose a day after"):
        answering.ask_extension(police.request, due, "Half-term", by=by, at=NOW)
    extension = answering.ask_extension(police.request, due + timedelta(days=7), "Half-term", by=by, at=NOW)
    assert (extension.from_on, extension.state) == (due, "asked")
    with pytest.raises(Refused, match="already"):
        answering.ask_extension(police.request, due + timedelta(days=9), "Again", by=by, at=NOW)
    officer = f"person:{police.cast.officer}"
    assert [letters(kind)[0][0] for kind in ("question_asked", "extension_asked")] == [officer, officer]
    answering.take_back_extension(extension, by=by, at=NOW)
    assert extension.state == "taken_back"


def test_personal_is_refused_where_the_method_may_not_hold_it(cast):
    police = ask(cast)
    with pytest.raises(Refused, match="people could be recognised"):
        keep(police, marking="personal")
    jtai = ask(cast, at=LATER, method="jtai", lead="ofsted")
    assert keep(jtai, marking="personal").lodging.marking == "personal"


def test_nothing_is_answered_once_the_request_is_over(police):
    police.request.state = "withdrawn"
    with pytest.raises(Refused, match="withdrawn: nothing more is asked"):
        keep(police)
    with pytest.raises(Refused, match="nothing more is asked"):
        answering.refuse_item(police.items[0], "Any", by=police.by("responder"), at=NOW)


def test_every_deed_is_in_the_trail_with_its_capacity_and_no_words(police):
    keep(police, text="A child called Alys")
    answering.send_to_certifier([police.items[0]], by=police.by("responder"), at=NOW)
    answering.submit_item(police.items[0], by=police.by("certifier"), at=NOW)
    commit()
    about = police.items[0].plain
    rows = list(db.session.scalars(select(AuditEntry).where(AuditEntry.about == about).order_by(AuditEntry.number)))
    assert [(row.event, row.before, row.after) for row in rows] == [
        ("item_answered", "asked", "answered"),
        ("item_sent_to_certifier", "answered", "with_certifier"),
        ("item_submitted", "with_certifier", "submitted"),
    ]
    assert {row.capacity for row in rows} == {f"agency:{police.cast.police}"}
    assert "Alys" not in str([row.fields for row in rows])


def test_the_receipt_lists_everything_sent_with_digests(cast):
    fire = ask(cast, "fire")
    by = fire.by("fire_responder")
    file = answering.keep_file(fire.items[0], receive("calls.csv", b"Year,Calls\n2025,4\n"), by=by, at=NOW)
    keep(fire, 0, "fire_responder", figures="Calls: 4")
    answering.submit_item(fire.items[0], by=by, at=NOW)
    answering.say_not_held(fire.items[1], "We keep none", by=by, at=NOW)
    receipt = receipt_of(fire.request, by, TODAY)
    assert [(row.state, row.sent_at) for row in receipt.rows] == [("Sent", NOW), ("Not held", NOW)]
    assert receipt.rows[0].files[0]["sha256"] == file.sha256
    assert (receipt.rows[1].instead, receipt.left) == ("We keep none", 1)
    assert [(figure.label, figure.number) for figure in receipt.rows[0].figures] == [("Calls", 4)]
    assert actor(cast, "fire_responder").capacity.name == receipt.agency


def test_a_question_that_waits_is_not_asked_twice_and_not_very_many_in_a_day(police: Asked) -> None:
    """Each is a letter to every officer: a double press sent two, and a loop as many as it liked."""
    by, item = police.by("responder"), police.items[0]
    answering.ask_question(police.request, "Which year?", item=item, by=by, at=NOW)
    with pytest.raises(Refused, match="You have asked this already"):
        answering.ask_question(police.request, "Which year? ", item=item, by=by, at=NOW)
    for number in range(1, answering.MOST_QUESTIONS):
        answering.ask_question(police.request, f"Which year {number}?", by=by, at=NOW)
    whole = timedelta(hours=24)
    said = f"You have asked 20 questions within 24 hours. You can ask again from {moment(NOW + whole)}"
    for at in (NOW, NOW + whole - timedelta(minutes=1)):  # the second is on the next day in London
        with pytest.raises(Refused, match=re.escape(said)):
            answering.ask_question(police.request, "And which month?", by=by, at=at)
    assert answering.ask_question(police.request, "And which month?", by=by, at=NOW + whole)
