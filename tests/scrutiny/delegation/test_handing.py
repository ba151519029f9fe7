"""Questions go to a colleague together, with a note and a date, and come back with a message; nobody else reads of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.answering import service as answering
from scrutiny.correspondence.models import Letter
from scrutiny.delegation import service as delegation
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.handing import handed_of
from scrutiny.requests.handing_models import Handing
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import commit, writes_now
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask
from workflows.refusals import Refused

SOON = NOW.date() + timedelta(days=3)


@pytest.fixture
def police(app, cast):
    """A request to the police, in an open application context."""
    with app.app_context():
        found = ask(cast)
        commit()
        yield found


def hand(police, *numbers: int, to: str = "colleague", **more) -> None:
    """Hand some items on, as the responder."""
    person = db.session.get_one(Person, getattr(police.cast, to))
    delegation.hand_items(
        [police.items[n - 1] for n in numbers], person, delegation.Terms(**more), by=police.by("responder"), at=NOW
    )


def letters(kind: str) -> list[Letter]:
    """The letters of a kind, oldest first."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_several_go_to_one_colleague_with_one_letter_and_come_back_with_a_message(police):
    hand(police, 1, 3, note="Only the column of 2026.", due_on=SOON)
    assert [item.held_by for item in police.items] == [f"person:{police.cast.colleague}", "", f"person:{police.cast.colleague}"]
    (letter,) = letters("item_handed")
    for words in ("2 questions", "Rhys Cole says: Only the column of 2026.", police.items[0].question.text, "?who=mine"):
        assert words in letter.text
    with pytest.raises(Refused, match="Only the colleague who was handed"):
        delegation.pass_back(police.items[0], "Not mine", by=police.by("responder"), at=NOW)
    giver = delegation.pass_back(police.items[0], "Custody keeps these.", by=police.by("colleague"), at=NOW)
    assert giver.id == police.cast.responder
    assert police.items[0].held_by == giver.reference
    (back,) = letters("item_passed_back")
    assert back.person == giver.reference
    assert "Jo Field says: Custody keeps these." in back.text
    shown = handed_of(police.items, police.request.agency_id)
    assert {item.number: shown[item.id].is_back for item in police.items if item.id in shown} == {1: True, 3: False}
    assert handed_of(police.items, police.cast.fire) == {}, "another agency that holds it later reads nothing of it"
    hand(police, 1, to="responder")
    assert delegation.pass_back(police.items[0], "No time", by=police.by("responder"), at=NOW) is None
    assert police.items[0].held_by == ""
    assert len(letters("item_passed_back")) == 1, "nobody is written to about what they did themselves"


def test_it_is_refused_whole_where_one_of_them_is_finished_or_the_day_is_wrong(police):
    answering.keep_answer(police.items[1], answering.Typed(text="Kept."), by=police.by("responder"), at=NOW)
    police.items[2].state, police.items[2].ground, police.items[2].submitted_at = "not_held", "None kept", NOW
    db.session.flush()
    before = police.items[2].version
    with pytest.raises(Refused, match="nothing left to do"):
        hand(police, 1, 3)
    with pytest.raises(Refused, match="not a member of your agency"):
        hand(police, 1, to="fire_responder")
    with pytest.raises(Refused, match="Choose today or a later day"):
        hand(police, 1, due_on=NOW.date() - timedelta(days=1))
    with pytest.raises(Refused, match="no later than"):
        hand(police, 1, due_on=police.items[0].due_on + timedelta(days=1))
    assert police.items[0].held_by == ""
    assert police.items[2].version == before
    assert db.session.scalar(select(Handing.id)) is None


def test_the_same_again_is_refused_and_writes_to_nobody(police):
    """From two windows too, whose forms are not the same: the colleague has it already. Another note is another matter."""
    hand(police, 1, note="For you", due_on=SOON)
    with pytest.raises(Refused, match="has been handed this already, with the same note and date"):
        hand(police, 1, note="For you ", due_on=SOON)
    hand(police, 1, 2, note="For you", due_on=SOON)
    assert len(db.session.scalars(select(Handing)).all()) == 2, "the question that is new, once"
    hand(police, 1, note="The column of 2026", due_on=SOON)
    assert len(letters("item_handed")) == 3


def test_what_was_handed_over_says_nothing_once_it_is_sent_or_handed_on(police):
    hand(police, 1, note="For you", due_on=SOON)
    hand(police, 1, to="certifier")
    rows = list(db.session.scalars(select(Handing).order_by(Handing.id)))
    assert [(row.given_to, row.ended_at is None) for row in rows] == [
        (f"person:{police.cast.colleague}", False),
        (f"person:{police.cast.certifier}", True),
    ]
    assert not handed_of(police.items, police.request.agency_id)[police.items[0].id].words
    police.items[0].submitted_at = NOW + timedelta(hours=1)
    db.session.flush()
    assert handed_of(police.items, police.request.agency_id) == {}


def test_the_pages_hand_over_filter_show_the_day_and_pass_back(app, cast, signed_in):
    with app.app_context():
        found = ask(cast)
        commit()
        request, first, second = found.request.id, found.items[0].id, found.items[1].id
    rhys, jo = signed_in("responder"), signed_in("colleague")
    where = f"/answering/{request}/hand"
    page = rhys.get(rhys.get(f"/answering/items/{second}/hand").headers["Location"])
    assert f'value="{second}" checked' in page.text
    assert f'value="{first}" checked' not in page.text
    empty = rhys.post(where, data={"note": "Kept words"})
    for words in ("Choose at least one question", "Choose a colleague", "Kept words"):
        assert words in empty.text
    late = {"items": [first, second], "person": cast.colleague, "note": "Kept words", "due_on": ["1", "1", "2026"]}
    refused = rhys.post(where, data=late)
    assert "Choose today or a later day" in refused.text
    assert "Kept words" in refused.text
    soon = london_day(now()) + timedelta(days=3)
    given = late | {"note": "Only 2026", "due_on": [str(part) for part in (soon.day, soon.month, soon.year)]}
    done = rhys.post(where, data=given, follow_redirects=True)
    assert "Jo Field has questions 1, 2 now. 1 email queued" in done.text
    for path in (f"/answering/{request}", "/inbox"):
        assert "With Jo Field" in rhys.get(path).text
        assert "Mine" not in rhys.get(path).text.partition("Show:")[2].partition("</p>")[0]
        assert "With nobody yet" in rhys.get(path).text
    mine = jo.get(f"/answering/{request}?who=mine").text
    assert f'/answering/items/{first}"' in mine
    assert mine.count("govuk-task-list__item ") == 2
    assert "Wanted back by" in mine
    assert "Rhys Cole would like item 1 back by" in jo.get("/inbox?who=mine").text
    assert "Jo Field has item 1 until" in rhys.get("/inbox").text
    item = jo.get(f"/answering/items/{first}").text
    assert "Rhys Cole handed this to Jo Field" in item
    assert "Only 2026" in item
    assert f"/answering/items/{first}/pass-back" in item
    assert "pass-back" not in rhys.get(f"/answering/items/{first}").text
    assert "Say why you pass it back" in jo.post(f"/answering/items/{first}/pass-back", data={"why": " "}).text
    assert jo.post(f"/answering/items/{first}/pass-back", data={"why": "Custody has it"}).status_code == 302
    assert "Jo Field passed this back" in rhys.get(f"/answering/items/{first}").text
    for who in ("fire_responder", "officer", "administrator"):
        for path in (where, f"/answering/items/{first}/pass-back", f"/answering/items/{first}/hand"):
            assert signed_in(who).get(path).status_code == 404, (who, path)
    with app.app_context(), writes_now():
        for one in db.session.get_one(EvidenceRequest, request).items:
            one.state = "withdrawn"
    assert "left to hand over" in rhys.get(where).text
