"""An approver who sent an answer back sees, word by word, what has changed in it since; nothing of it is kept once it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scrutiny.answering import service as answering
from scrutiny.answering.discarding import discard
from scrutiny.answering.reread import reread
from scrutiny.answering.service import Typed
from scrutiny.asking import service as asking
from scrutiny.extensions import db
from scrutiny.requests.models import ItemReturn
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask
from tests.scrutiny.reviews.acting import acting

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def police(context, cast):
    """The police, who have an approver, asked three things."""
    return ask(cast)


def sent_back(police, n=0, text="Twelve names in all", **typed):
    """An answer that the approver has sent back."""
    item, by = police.items[n], police.by("responder")
    answering.keep_answer(item, Typed(text=text, **typed), by=by, at=NOW)
    answering.send_to_certifier([item], by=by, at=NOW)
    answering.send_back(item, "Which year?", by=police.by("certifier"), at=NOW)
    return item


def said(item):
    """What has changed: the field, and each run of words with whether it came or went."""
    return {change.field: [(one.kind, one.words) for one in change.pieces] for change in reread(item).changes}


def test_words_that_came_and_went_are_told_apart(police):
    item, by = sent_back(police), police.by("responder")
    answering.keep_answer(item, Typed(text="Twelve names in 2025", period="2025-26"), by=by, at=LATER)
    assert said(item) == {"text": [("same", "Twelve names in "), ("out", "all"), ("in", "2025")], "period": [("in", "2025-26")]}
    assert reread(item).at == NOW


def test_an_answer_sent_unchanged_is_said_to_be_unchanged(police):
    item = sent_back(police)
    answering.keep_answer(item, Typed(text="Twelve names in all"), by=police.by("responder"), at=LATER)
    assert reread(item).changes == ()


def test_a_refusal_in_place_of_the_answer_is_a_change(police):
    item = sent_back(police)
    answering.keep_refusal(item, "Section 31", by=police.by("responder"), at=LATER)
    assert said(item)["said"] == [("in", "Refused")]
    assert said(item)["text"] == [("out", "Twelve names in all")]


def test_what_was_read_is_kept_no_longer_than_it_is_needed(police):
    first, second = sent_back(police, 0), sent_back(police, 1)
    approver, by = police.by("certifier"), police.by("responder")
    answering.keep_answer(first, Typed(text="Twelve in 2025"), by=by, at=LATER)
    answering.submit_item(first, by=approver, at=LATER)
    answering.keep_answer(second, Typed(text="Twelve in 2025"), by=by, at=LATER)
    discard(second, by=by, at=LATER)
    db.session.flush()
    assert [row.content for row in db.session.query(ItemReturn).all()] == [None, None]
    assert [row.why for row in second.returns_open] == ["Which year?"], "the reason stays"
    assert reread(first) is None


def test_the_approver_reads_it_beside_the_answer(app, cast, signed_in):
    with app.app_context():
        police = ask(cast)
        item, by = sent_back(police), police.by("responder")
        answering.keep_answer(item, Typed(text="Twelve names in 2025"), by=by, at=LATER)
        other = police.items[1]
        answering.keep_answer(other, Typed(text="New"), by=by, at=LATER)
        answering.send_to_certifier([item, other], by=by, at=LATER)
        commit()
        one, many = f"/answering/items/{item.id}/certify", f"/answering/{police.request.id}/certify"
        new = f"/answering/items/{other.id}/certify"
    client = signed_in("certifier")
    for path in (one, many):
        page = client.get(path).text
        assert "Changed since it was sent back on" in page
        assert "</span>all</del>" in page
        assert "</span>2025</ins>" in page
    assert "Changed since" not in client.get(new).text


def test_what_an_approver_had_read_goes_with_a_question_that_is_withdrawn(police):
    item = sent_back(police)
    assert any(row.content for row in item.returns)
    asking.withdraw_item(item, why="It has been published", by=acting("officer"), at=LATER)
    assert [row.content for row in item.returns] == [None]
