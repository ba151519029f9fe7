"""What an agency says in place of an answer goes the way of answers; an approver decides on many at one press."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.agency_record.receipts import receipt_of
from scrutiny.answering import attendance
from scrutiny.answering import service as answering
from scrutiny.answering.service import Decision, Typed
from scrutiny.asking import presenters
from scrutiny.asking.service import accept_item, return_item
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.reports import gather_review
from scrutiny.requests.models import Item
from scrutiny.transaction import commit
from scrutiny.worklist import pack
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import TODAY, actor, ask, letters
from workflows.refusals import Refused

LATER = NOW + timedelta(hours=1)
#: Each way to say that there is no answer, and the state it leads to.
WAYS = (
    ("not_held", lambda item, by: answering.say_not_held(item, "We keep none", by=by, at=NOW)),
    ("refused", lambda item, by: answering.refuse_item(item, "Section 31", by=by, at=NOW)),
    ("redirected", lambda item, by: answering.redirect_item(item, "The county council", by=by, at=NOW)),
)
ways = pytest.mark.parametrize(("state", "say"), WAYS, ids=[way[0] for way in WAYS])


@pytest.fixture
def police(context, cast):
    """The police, who have an approver, asked three things."""
    return ask(cast)


def approve(asked, *items, hold=False, why="", at=LATER):
    """Decide on items at one press."""
    return answering.decide(asked.request, [Decision(item, why) for item in items], hold=hold, by=asked.by("certifier"), at=at)


def keep(asked, n, who="responder"):
    """Save an answer."""
    answering.keep_answer(asked.items[n], Typed(text=f"Answer {n}"), by=asked.by(who), at=NOW)


@ways
def test_what_is_said_in_place_of_an_answer_waits_for_the_approver(police, cast, state, say):
    item = police.items[0]
    say(item, police.by("responder"))
    assert (item.state, item.ground, item.submitted_at, letters("item_not_given")) == ("with_certifier", "", None, [])
    assert [to for to, _ in letters("certify")] == [f"person:{cast.certifier}"]
    with pytest.raises(Refused, match="approves answers"):
        answering.submit_request(police.request, [item], by=police.by("colleague"), at=NOW)
    approve(police, item)
    said = item.declines_sent[0]
    assert (item.state, item.submitted_at, said.kind) == (state, LATER, state)
    assert (said.by, said.certified_by) == (f"person:{cast.responder}", f"person:{cast.certifier}")
    told = {to for to, _ in letters("receipt")}
    assert told >= {f"person:{one}" for one in (cast.responder, cast.colleague, cast.certifier)}, "the agency's people are told"
    stands, before = presenters.declines_sent(item)
    assert (stands.approved_by, before) == ("Supt Dee Marsh", [])
    assert stands.by
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "item_not_given")).one()
    assert stands.by in text
    assert "Supt Dee Marsh approved it" in text


def test_nobody_can_attend_goes_the_same_way(police, monkeypatch):
    monkeypatch.setattr(attendance, "_meeting", lambda item: None)
    attendance.decline(police.items[1], "All are on call", by=police.by("responder"), at=NOW)
    assert police.items[1].state == "with_certifier"


@ways
def test_an_approver_returns_what_is_said_in_place_of_an_answer(police, state, say):
    item = police.items[0]
    say(item, police.by("responder"))
    approve(police, item, why="Look in the archive first")
    assert (item.state, item.returned_why, item.ground) == ("sent_back", "Look in the archive first", "")
    keep(police, 0)
    assert (item.decline_kept, item.state) == (None, "answered"), "an answer takes its place"


def test_what_waits_is_taken_back_by_the_responder_and_the_approver_told(police, cast):
    keep(police, 0)
    answering.refuse_item(police.items[1], "Section 31", by=police.by("responder"), at=NOW)
    answering.send_to_certifier([police.items[0]], by=police.by("responder"), at=NOW)
    for item in police.items[:2]:
        answering.take_back(item, by=police.by("colleague"), at=LATER)
    assert [item.state for item in police.items] == ["answered", "answered", "asked"]
    assert police.items[1].decline_kept.ground == "Section 31", "nothing that was written is lost"
    assert {to for to, _ in letters("taken_from_approver")} == {f"person:{cast.certifier}"}
    assert letters("decline_taken_back") == []
    with pytest.raises(Refused, match="not waiting"):
        approve(police, police.items[0])


@ways
def test_it_is_taken_back_until_it_is_accepted(context, cast, state, say):
    fire = ask(cast, "fire")
    item, by = fire.items[0], fire.by("fire_responder")
    say(item, by)
    assert (item.state, item.answered_on) == (state, TODAY)
    answering.take_back(item, by=by, at=LATER)
    assert (item.state, item.ground, item.redirected_to, item.submitted_at) == ("answered", "", "", None)
    assert (item.answered_on, item.next_step_on is not None) == (None, True), "it runs on as if nothing had come"
    assert [to for to, _ in letters("decline_taken_back")] == [f"person:{cast.officer}"]
    row = receipt_of(fire.request, by, TODAY).rows[0]
    assert re.search(r"withdrawn on .* by Finn Ward", row.state), "what was said stays on record"
    assert presenters.declines_sent(item)[1][0].taken_back_by == "Finn Ward"
    answering.submit_request(fire.request, [item], by=by, at=LATER)
    accept_item(item, by=fire.by("officer"), at=LATER)
    with pytest.raises(Refused):
        answering.take_back(item, by=by, at=LATER)


def test_only_an_approver_takes_back_what_an_approver_sent(police):
    answering.refuse_item(police.items[0], "Section 31", by=police.by("responder"), at=NOW)
    approve(police, police.items[0])
    with pytest.raises(Refused, match="Ask Supt Dee Marsh"):
        answering.take_back(police.items[0], by=police.by("responder"), at=LATER)
    answering.take_back(police.items[0], by=police.by("certifier"), at=LATER)
    assert police.items[0].state == "answered"


def test_every_refusal_stays_on_the_receipt_after_a_return(context, cast):
    fire = ask(cast, "fire")
    item, by = fire.items[0], fire.by("fire_responder")
    answering.refuse_item(item, "Too much work", by=by, at=NOW)
    return_item(item, why="Which part?", by=fire.by("officer"), at=NOW)
    keep(fire, 0, "fire_responder")
    answering.submit_item(item, by=by, at=LATER)
    rows = receipt_of(fire.request, by, TODAY).rows
    assert [row.instead for row in rows] == ["Too much work", ""]
    assert re.fullmatch(r"Refused, and returned for more on \d.*", rows[0].state), "the receipt says what became of it"
    assert rows[0].about == ("What was missing: Which part?",)
    assert rows[1].state == "Sent", "what came after the return was not returned"
    assert (item.ground, presenters.declines_sent(item)[0]) == ("", None)
    assert presenters.declines_sent(item)[1][0].decline.ground == "Too much work"


def test_many_are_decided_at_one_press_with_one_receipt(police):
    for n in range(2):
        keep(police, n)
    answering.keep_refusal(police.items[2], "Section 31", by=police.by("responder"), at=NOW)
    answering.send_to_certifier(police.items, by=police.by("responder"), at=NOW)
    sent, returned = answering.decide(
        police.request,
        [Decision(police.items[0]), Decision(police.items[1], "Name the year"), Decision(police.items[2])],
        by=police.by("certifier"),
        at=LATER,
    )
    assert ([item.number for item in sent], [item.number for item in returned]) == ([1, 3], [2])
    assert [item.state for item in police.items] == ["submitted", "sent_back", "refused"]
    receipts = [subject for to, subject in letters("receipt") if to == f"person:{police.cast.responder}"]
    assert len(receipts) == 1
    assert receipts[0].startswith("Receipt for your 2 replies")


def test_two_presses_in_one_second_give_two_receipts(police):
    for n in range(2):
        keep(police, n)
        answering.send_to_certifier([police.items[n]], by=police.by("responder"), at=NOW)
    for n in range(2):
        approve(police, police.items[n])
    to = f"person:{police.cast.responder}"
    assert len([subject for one, subject in letters("receipt") if one == to]) == 2
    assert len(letters("certify")) == 2


def test_what_is_approved_is_held_until_everything_is(police):
    for n in range(3):
        keep(police, n)
    answering.send_to_certifier(police.items[:2], by=police.by("responder"), at=NOW)
    assert approve(police, *police.items[:2], hold=True) == ([], [])
    assert [item.state for item in police.items[:2]] == ["with_certifier"] * 2
    answering.send_to_certifier([police.items[2]], by=police.by("responder"), at=NOW)
    sent, _ = approve(police, police.items[2], hold=True)
    assert [item.number for item in sent] == [1, 2, 3], "the last approval sends all of them"
    assert {answer.certified_by for item in police.items for answer in item.answers} == {f"person:{police.cast.certifier}"}
    assert len([to for to, _ in letters("receipt") if to == f"person:{police.cast.responder}"]) == 1


def test_an_approver_decides_on_what_she_read(police):
    keep(police, 0)
    answering.send_to_certifier([police.items[0]], by=police.by("responder"), at=NOW)
    seen = police.items[0].version
    answering.take_back(police.items[0], by=police.by("responder"), at=NOW)
    answering.keep_answer(police.items[0], Typed(text="Quite another answer"), by=police.by("responder"), at=NOW)
    answering.send_to_certifier([police.items[0]], by=police.by("responder"), at=NOW)
    with pytest.raises(Refused, match="has changed since"):
        answering.decide(police.request, [Decision(police.items[0], seen=seen)], by=police.by("certifier"), at=LATER)
    with pytest.raises(Refused, match="Only an approver"):
        answering.decide(police.request, [Decision(police.items[0])], by=police.by("colleague"), at=LATER)
    with pytest.raises(Refused, match="Tick what you have read"):
        answering.decide(police.request, [], by=police.by("certifier"), at=LATER)
    assert police.items[0].state == "with_certifier"


def test_the_page_shows_all_keeps_what_is_typed_and_sends_once(app, cast, signed_in):
    with app.app_context():
        police = ask(cast)
        for n in range(2):
            keep(police, n)
        answering.keep_not_held(police.items[2], "We keep none of it", by=police.by("responder"), at=NOW)
        answering.send_to_certifier(police.items, by=police.by("responder"), at=NOW)
        commit()
        request, items = police.request.id, [item.id for item in police.items]
    boss, page = signed_in("certifier"), f"/answering/{request}/certify"
    shown = boss.get(page).text
    assert all(words in shown for words in ("Answer 0", "Answer 1", "We keep none of it", "I have read item 3 and approve it"))
    assert signed_in("responder").post(page, data={f"read_{items[0]}": "y"}).status_code == 403
    nothing = boss.post(page, data={})
    assert "Tick what you have read and approve, or say what must change" in nothing.text
    both = boss.post(page, data={f"read_{items[0]}": "y", f"why_{items[0]}": "Name the year", f"read_{items[1]}": "y"})
    assert "not both" in both.text
    assert "Name the year" in both.text
    assert len(shown.split(f'name="read_{items[1]}"')) == 2
    done = boss.post(page, data={f"read_{items[0]}": "y", f"read_{items[2]}": "y", f"why_{items[1]}": "Name the year"})
    assert done.headers["Location"].endswith("/receipt")
    with app.app_context():
        assert [db.session.get_one(Item, item).state for item in items] == ["submitted", "sent_back", "not_held"]
    seen = signed_in("officer").get("/reviews/R-2026-001/requests/P01/3").text
    assert "Who said so" in seen
    assert "approved by Supt Dee Marsh" in seen


@pytest.fixture
def waiting(app, cast, signed_in):
    """Two answers and a refusal that wait for the approver: the numbers of the request and its items, and a deed on one."""
    with app.app_context():
        police = ask(cast)
        for n in range(2):
            keep(police, n)
        answering.keep_refusal(police.items[2], "Section 31", by=police.by("responder"), at=NOW)
        answering.send_to_certifier(police.items, by=police.by("responder"), at=NOW)
        commit()
        return SimpleNamespace(request=police.request.id, items=[item.id for item in police.items])


def deed(app, cast, number, *deeds):
    """Do something on an item beside the pages."""
    with app.app_context():
        item = db.session.get_one(Item, number)
        for one in deeds:
            one(item, actor(cast, "responder"))
        commit()
        return item.version


def take_back_item(item, by):
    answering.take_back(item, by=by, at=LATER)


def send_another(item, by):
    answering.keep_answer(item, Typed(text="Quite another answer"), by=by, at=LATER)
    answering.send_to_certifier([item], by=by, at=LATER)


def state(app, number):
    with app.app_context():
        return db.session.get_one(Item, number).state


def test_what_was_typed_about_an_item_taken_back_meanwhile_is_shown_and_nothing_is_done(app, cast, signed_in, waiting):
    boss, (one, two, _) = signed_in("certifier"), waiting.items
    deed(app, cast, one, take_back_item)
    sent = boss.post(f"/answering/{waiting.request}/certify", data={f"why_{one}": "Name the year", f"read_{two}": "y"})
    assert "Item 1 is not waiting for your approval any more. Rhys Cole took this back" in sent.text
    assert re.search(r"<textarea[^>]*readonly[^>]*>\s*Name the year", sent.text)
    assert re.search(f'name="read_{two}"[^>]*checked', sent.text), "what is decided on the others stays ticked"
    assert state(app, two) == "with_certifier"
    alone = boss.post(f"/answering/items/{one}/certify", data={"decision": "send_back", "why": "Name the year"})
    assert alone.status_code == 409
    assert "Rhys Cole took this back" in alone.text
    assert re.search(r"<textarea[^>]*readonly[^>]*>\s*Name the year", alone.text)


def test_an_approver_is_not_stuck_once_somebody_has_saved_meanwhile(app, cast, signed_in, waiting):
    """The page is drawn again for what stands now: her words stay, nothing is ticked that she has not read."""
    boss, one, page = signed_in("certifier"), waiting.items[0], f"/answering/{waiting.request}/certify"
    seen = re.search(rf'name="version_{one}"[^>]*value="(\d+)"', boss.get(page).text)[1]
    version = deed(app, cast, one, take_back_item, send_another)
    refused = boss.post(page, data={f"version_{one}": seen, f"read_{one}": "y"})
    assert "Item 1 has changed since you opened this page. Read it again" in refused.text
    assert "Quite another answer" in refused.text
    assert re.search(rf'name="version_{one}"[^>]*value="{version}"', refused.text)
    assert not re.search(f'name="read_{one}"[^>]*checked', refused.text)
    assert state(app, one) == "with_certifier"
    boss.post(page, data={f"version_{one}": version, f"read_{one}": "y"})
    assert state(app, one) == "submitted"


def test_the_page_of_one_item_approves_only_what_was_read(app, cast, signed_in, waiting):
    boss, one = signed_in("certifier"), waiting.items[0]
    page = f"/answering/items/{one}/certify"
    seen = re.search(r'name="version"[^>]*value="(\d+)"', boss.get(page).text)[1]
    version = deed(app, cast, one, take_back_item, send_another)
    refused = boss.post(page, data={"version": seen, "decision": "send_back", "why": "Name the year"})
    assert "has changed since you opened this page" in refused.text
    assert "Name the year" in refused.text
    assert re.search(rf'name="version"[^>]*value="{version}"', refused.text)
    assert boss.post(page, data={"version": version, "decision": "approve"}).status_code == 302
    assert state(app, one) == "submitted"


def test_what_was_taken_back_says_so_and_is_not_sent_unless_it_is_ticked(app, cast, signed_in, waiting):
    client, refusal = signed_in("responder"), waiting.items[2]
    said = client.post(f"/answering/items/{refusal}/take-back", follow_redirects=True).text
    assert "You have withdrawn your reply to item 3: Refusal saved, not sent" in said
    assert "Rhys Cole took this back on" in said
    assert "efusal saved, not sent" in client.get(f"/answering/{waiting.request}").text
    check = client.get(f"/answering/{waiting.request}/check").text
    assert "Tick it below if it should be sent" in check
    assert not re.search(rf'name="items"[^>]*value="{refusal}"[^>]*checked', check)
    client.post(f"/answering/items/{refusal}/refuse", data={"ground": "Section 31, and here is why"})
    assert re.search(rf'name="items"[^>]*value="{refusal}"[^>]*checked', client.get(f"/answering/{waiting.request}/check").text)


def test_the_page_says_who_takes_back_what_the_approver_sent(app, cast, signed_in, waiting):
    refusal = waiting.items[2]
    signed_in("certifier").post(f"/answering/{waiting.request}/certify", data={f"read_{refusal}": "y"})
    for page in (f"/answering/items/{refusal}", f"/answering/items/{refusal}/take-back"):
        assert "To have it withdrawn, ask Supt Dee Marsh" in signed_in("responder").get(page).text
    assert "Withdraw this" in signed_in("certifier").get(f"/answering/items/{refusal}").text


def test_a_refusal_is_taken_back_on_its_page(app, cast, signed_in):
    with app.app_context():
        fire = ask(cast, "fire")
        answering.refuse_item(fire.items[0], "Section 31", by=fire.by("fire_responder"), at=NOW)
        commit()
        item = fire.items[0].id
    client = signed_in("fire_responder")
    assert "Withdraw this" in client.get(f"/answering/items/{item}").text
    assert "the question is open again" in client.get(f"/answering/items/{item}/take-back").text
    assert client.post(f"/answering/items/{item}/take-back").headers["Location"] == f"/answering/items/{item}"
    assert "Saved, not sent yet" in client.get(f"/answering/items/{item}").text
    assert "You can no longer withdraw this" in client.get(f"/answering/items/{item}/take-back").text
    assert "it is not possible to take back" in client.post(f"/answering/items/{item}/take-back").text


def test_an_accepted_refusal_counts_as_refused_wherever_it_is_counted(context, cast):
    fire = ask(cast, "fire")
    by, officer = fire.by("fire_responder"), fire.by("officer")
    answering.refuse_item(fire.items[0], "Section 31", by=by, at=NOW)
    answering.say_not_held(fire.items[1], "We keep none", by=by, at=NOW)
    keep(fire, 2, "fire_responder")
    answering.submit_item(fire.items[2], by=by, at=NOW)
    for item in fire.items:
        accept_item(item, by=officer, at=LATER)
    kinds = ["refused", "not_held", "submitted"]
    assert [item.came_as for item in fire.items] == kinds
    rows = select(Item.came_as).where(Item.request_id == fire.request.id).order_by(Item.number)
    assert list(db.session.scalars(rows)) == kinds, "one rule for the object and the statement"
    facts = gather_review.draft_of(fire.request.review, "Summary", today=TODAY).agencies[0]
    assert (facts.asked, facts.answered, facts.not_held, facts.refused, facts.outstanding) == (3, 1, 1, 1, 0)
    assert facts.redirected == 0
    assert [(row.answered, row.not_given) for row in pack.asked_of(fire.request.review_id)] == [(1, 2)]


def test_what_another_holds_is_counted_apart_in_the_report(context, cast):
    fire = ask(cast, "fire")
    by, officer = fire.by("fire_responder"), fire.by("officer")
    answering.redirect_item(fire.items[0], "Loamshire Police", by=by, at=NOW)
    answering.redirect_item(fire.items[1], "Stonewold NHS Trust", by=by, at=NOW)
    accept_item(fire.items[1], by=officer, at=LATER)
    facts = gather_review.draft_of(fire.request.review, "Summary", today=TODAY).agencies[0]
    assert (facts.asked, facts.answered, facts.not_held, facts.refused, facts.outstanding) == (3, 0, 0, 0, 1)
    assert facts.redirected == 2
