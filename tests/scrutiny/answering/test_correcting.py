"""An agency says that it sent something wrong: closed at once to all but itself, told to both sides, asked for again."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from scrutiny.agency_record.receipts import receipt_of
from scrutiny.answering import correcting, declining
from scrutiny.answering import service as answering
from scrutiny.answering.queries import earlier_answers
from scrutiny.answering.service import Typed
from scrutiny.asking.service import accept_item, close_request, return_item, withdraw_item
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import access as evidence
from scrutiny.evidence import service as keeping
from scrutiny.extensions import db
from scrutiny.publication import service as publication
from scrutiny.requests.models import Item
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import TODAY, ask, letters
from workflows.refusals import Refused
from workflows.roles import ANYONE

LATER = NOW + timedelta(hours=1)
READERS = ("officer", "chair", "lead_inspector", "responder")


def send(asked, n=0, who="fire_responder", **words):
    """An answer with a file, sent."""
    by, item = asked.by(who), asked.items[n]
    answering.keep_answer(item, Typed(**({"text": "Twelve names"} | words)), by=by, at=NOW)
    answering.keep_file(item, receive("names.pdf", a_pdf("Names")), by=by, at=NOW)
    answering.submit_request(asked.request, [item], by=by, at=NOW)
    return item.answers[-1].lodging


@pytest.fixture
def fire(context, cast):
    """The fire service, which has no approver, asked three things."""
    return ask(cast, "fire")


def readers_of(fire, lodging):
    """Who of the cast may read it, by the object and by the filter."""
    found = set()
    for who in (*READERS, "fire_responder"):
        by = fire.by(who)
        sees = evidence.may_read(lodging, by, TODAY)
        listed = db.session.query(type(lodging)).filter(evidence.readable(lodging.review, by, TODAY)).all()
        files = evidence.files_to_read(lodging, by, TODAY)
        assert sees == (lodging in listed) == bool(files), f"{who}: one rule for page, list and file"
        if sees:
            found.add(who)
    return found


def test_it_is_closed_at_once_and_asked_for_again(fire, cast):
    lodging, item = send(fire), fire.items[0]
    assert "officer" in readers_of(fire, lodging)
    assert correcting.say_wrong(item, "A sheet names patients", by=fire.by("fire_responder"), at=LATER)
    assert readers_of(fire, lodging) == {"fire_responder"}
    assert (item.state, item.next_step_on is not None, item.due_on > TODAY) == ("returned", True, True)
    [kept] = item.returns_open
    assert (kept.why, kept.by, kept.at) == (item.returned_why, f"person:{cast.fire_responder}", LATER)
    assert kept.why == "Something wrong was sent: A sheet names patients"
    assert [to for to, _ in letters("wrong_answer")] == [f"person:{cast.officer}"]
    assert "reported as wrong on" in receipt_of(fire.request, fire.by("fire_responder"), TODAY).rows[0].state
    fresh = answering.keep_answer(item, Typed(text="Twelve"), by=fire.by("fire_responder"), at=LATER)
    assert fresh.lodging.evidence.files == [], "the wrong file is not taken over"
    answering.submit_request(fire.request, [item], by=fire.by("fire_responder"), at=LATER)
    assert evidence.may_read(fresh.lodging, fire.by("officer"), TODAY)
    assert not evidence.may_read(lodging, fire.by("officer"), TODAY)


def returned(fire, at):
    return_item(fire.items[0], why="Without names", by=fire.by("officer"), at=at)


def saved_again(fire, at):
    returned(fire, at)
    answering.keep_answer(fire.items[0], Typed(text="Twelve"), by=fire.by("fire_responder"), at=at)


def refused_after(fire, at):
    returned(fire, at)
    declining.refuse_item(fire.items[0], "It names people", by=fire.by("fire_responder"), at=at)


def sent_again(fire, at):
    saved_again(fire, at)
    answering.remove_file(fire.items[0], fire.items[0].answers[-1].lodging.evidence.files[0], by=fire.by("fire_responder"), at=at)
    answering.submit_request(fire.request, [fire.items[0]], by=fire.by("fire_responder"), at=at)


def accepted(fire, at):
    accept_item(fire.items[0], by=fire.by("officer"), at=at)


def withdrawn(fire, at):
    withdraw_item(fire.items[0], why="No longer needed", by=fire.by("officer"), at=at)


def closed(fire, at):
    accepted(fire, at)
    for item in fire.items[1:]:
        withdraw_item(item, why="No longer needed", by=fire.by("officer"), at=at)
    close_request(fire.request, by=fire.by("officer"), at=at)


#: What became of an item after an answer was sent, and whether an answer is asked for again when that one is wrong.
AFTERWARDS = {
    "still with the requester": (lambda fire, at: None, "returned"),
    "accepted": (accepted, "returned"),
    "returned": (returned, "returned"),
    "returned and saved again": (saved_again, "answered"),
    "refused after a return": (refused_after, "refused"),
    "another sent after it": (sent_again, "submitted"),
    "withdrawn": (withdrawn, "withdrawn"),
    "of a request that is closed": (closed, "accepted"),
}


@pytest.mark.parametrize(("then", "state"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_every_answer_sent_can_be_closed_whatever_became_of_its_item(fire, then, state):
    """A file of names stayed open to its readers once the item was returned, saved, refused or withdrawn."""
    lodging, by = send(fire), fire.by("fire_responder")
    answer = fire.items[0].answers[0]
    then(fire, NOW)
    db.session.flush()
    assert "officer" in readers_of(fire, lodging)
    assert answer in correcting.answers_to_correct(fire.items[0], by)
    assert correcting.say_wrong(fire.items[0], "Names", by=by, at=LATER, answer_id=answer.id)
    assert readers_of(fire, lodging) == {"fire_responder"}
    assert fire.items[0].state == state
    assert answer not in correcting.answers_to_correct(fire.items[0], by)
    told = db.session.scalars(select(Letter.text).where(Letter.kind == "wrong_answer")).one()
    asked_again = state == "returned" and then is not returned
    assert ("asked for a new answer" in told, "It was sent on" in told) == (asked_again, not asked_again)


def test_any_colleague_says_so_at_once_and_the_approver_is_told(context, cast):
    police = ask(cast)
    answering.keep_answer(police.items[0], Typed(text="Twelve names"), by=police.by("certifier"), at=NOW)
    answering.submit_request(police.request, [police.items[0]], by=police.by("certifier"), at=NOW)
    correcting.say_wrong(police.items[0], "Names", by=police.by("responder"), at=LATER)
    assert {to for to, _ in letters("wrong_answer_told")} >= {f"person:{cast.certifier}", f"person:{cast.colleague}"}


def test_an_accepted_answer_is_closed_and_a_day_set_for_publishing_taken_off(fire):
    lodging = send(fire)
    accept_item(fire.items[0], by=fire.by("officer"), at=NOW)
    keeping.publish_from([lodging], TODAY + timedelta(days=9), by=fire.by("officer"), at=NOW)
    assert correcting.say_wrong(fire.items[0], "Names", by=fire.by("fire_responder"), at=LATER)
    assert (lodging.public_from, fire.items[0].state) == (None, "returned")
    assert publication.accepted_lodgings(lodging.review) == []
    keeping.make_public([lodging], by=fire.by("officer"), at=LATER)
    assert not evidence.may_read(lodging, ANYONE, TODAY + timedelta(days=30))


def test_what_the_public_reads_is_taken_back_by_the_requester_who_is_asked(fire, cast):
    lodging = send(fire)
    accept_item(fire.items[0], by=fire.by("officer"), at=NOW)
    keeping.make_public([lodging], by=fire.by("officer"), at=NOW)
    assert not correcting.say_wrong(fire.items[0], "Names", by=fire.by("fire_responder"), at=LATER)
    assert evidence.may_read(lodging, ANYONE, TODAY), "nobody un-publishes alone"
    assert fire.items[0].state == "accepted"
    assert [to for to, _ in letters("wrong_answer")] == [f"person:{cast.officer}"]
    return_item(fire.items[0], why="Send it without names", by=fire.by("officer"), at=LATER)
    assert not evidence.may_read(lodging, ANYONE, TODAY)
    assert readers_of(fire, lodging) == {"fire_responder"}


def test_it_is_closed_in_every_review_it_went_to_and_not_offered_again(context, cast):
    one, other = ask(cast, "fire"), ask(cast, "fire")
    by = one.by("fire_responder")
    send(one)
    answering.reuse_answer(other.items[0], one.items[0].answers[0], by=by, at=NOW)
    answering.submit_request(other.request, [other.items[0]], by=by, at=NOW)
    assert correcting.say_wrong(one.items[0], "Names", by=by, at=LATER)
    assert [one.items[0].state, other.items[0].state] == ["returned", "returned"]
    assert not evidence.may_read(other.items[0].answers[0].lodging, other.by("officer"), TODAY)
    assert earlier_answers(ask(cast, "fire").items[0], cast.fire) == []


def test_only_what_the_agency_sent_and_the_requester_has(fire):
    with pytest.raises(Refused, match="does not have an answer to item 1"):
        correcting.say_wrong(fire.items[0], "Names", by=fire.by("fire_responder"), at=LATER)
    send(fire)
    with pytest.raises(Refused, match="Say what is wrong"):
        correcting.say_wrong(fire.items[0], " ", by=fire.by("fire_responder"), at=LATER)
    with pytest.raises(Refused):
        correcting.say_wrong(fire.items[0], "Names", by=fire.by("responder"), at=LATER)


def test_it_is_said_on_a_page_and_the_files_are_gone(app, cast, signed_in):
    with app.app_context():
        fire = ask(cast, "fire")
        commit()
        request, item, ref = fire.request.id, fire.items[0].id, fire.request.review.reference
    client, officer = signed_in("fire_responder"), signed_in("officer")
    data = {"text": "Names", "marking": "open", "files": (io.BytesIO(a_pdf("Names")), "names.pdf"), "then": "next"}
    client.post(f"/answering/items/{item}", data=data, content_type="multipart/form-data")
    client.post(f"/answering/{request}/check", data={"items": [item]})
    with app.app_context():
        file = db.session.get_one(Item, item).answers[0].lodging.evidence.files[0].id
    seen = f"/reviews/{ref}/requests/P01/1"
    assert officer.get(f"/evidence/files/{file}").status_code == 200
    assert "names.pdf" in officer.get(seen).text
    assert "We sent something wrong" in client.get(f"/answering/items/{item}").text
    page = f"/answering/items/{item}/wrong"
    assert "Only your agency can open them" in client.get(page).text
    assert "Say what is wrong" in client.post(page, data={"why": ""}).text
    assert client.post(page, data={"why": "A sheet names patients"}).status_code == 302
    for shown in (f"/answering/{request}", f"/answering/items/{item}"):
        assert "reported as wrong" in client.get(shown).text.lower(), "and not “Returned for more”, which the requester says"
    assert officer.get(f"/evidence/files/{file}").status_code == 404
    assert client.get(f"/evidence/files/{file}").status_code == 200
    told = officer.get(seen).text
    assert "names.pdf" not in told
    assert "A sheet names patients" in told
    assert "Only the agency can open it" in told
    assert "The requester does not have an answer to this item at the moment" in client.get(page).text
    assert signed_in("responder").get(page).status_code == 404
