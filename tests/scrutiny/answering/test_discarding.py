"""What is saved and not sent can be discarded: the item is again what it was, and nothing that was sent is touched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from scrutiny.answering import service as answering
from scrutiny.answering.discarding import discard, to_discard
from scrutiny.answering.service import Typed
from scrutiny.asking.service import return_item
from scrutiny.evidence.models import Evidence, EvidenceFile
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, Decline
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import ask
from workflows.refusals import Refused

LATER = NOW + timedelta(hours=1)
WAYS = (
    lambda item, by: answering.keep_not_held(item, "We keep none", by=by, at=NOW),
    lambda item, by: answering.keep_refusal(item, "Section 31", by=by, at=NOW),
    lambda item, by: answering.keep_redirection(item, "The county council", by=by, at=NOW),
    lambda item, by: answering.keep_answer(item, Typed(text="Half an answer"), by=by, at=NOW),
)
ways = pytest.mark.parametrize("save", WAYS, ids=["not held", "refused", "redirected", "answer"])


@pytest.fixture
def fire(context, cast):
    """The fire service, asked three things."""
    return ask(cast, "fire")


@ways
def test_the_item_is_as_if_nothing_had_been_saved(fire, save):
    item, by = fire.items[0], fire.by("fire_responder")
    save(item, by)
    discard(item, by=by, at=LATER, seen=item.version)
    assert (item.state, item.answers, item.declines, item.ground) == ("asked", [], [], "")
    assert (db.session.query(Decline).count(), db.session.query(Answer).count(), db.session.query(Evidence).count()) == (0, 0, 0)
    with pytest.raises(Refused, match="Nothing is saved"):
        discard(item, by=by, at=LATER)


@ways
def test_a_returned_item_is_returned_again_with_its_reason(fire, save):
    item, by = fire.items[0], fire.by("fire_responder")
    answering.keep_answer(item, Typed(text="Six"), by=by, at=NOW)
    answering.submit_item(item, by=by, at=NOW)
    return_item(item, why="By district, please", by=fire.by("officer"), at=LATER)
    save(item, by)
    discard(item, by=by, at=LATER)
    assert item.state == "returned"
    assert [one.why for one in item.returns_open] == ["By district, please"]
    assert [one.lodging.evidence.text for one in item.answers] == ["Six"], "what was sent stays"


def test_the_answer_begun_before_stays_when_the_refusal_goes(fire):
    item, by = fire.items[0], fire.by("fire_responder")
    answering.keep_answer(item, Typed(text="Half an answer"), by=by, at=NOW)
    answering.keep_refusal(item, "Section 31", by=by, at=NOW)
    discard(item, by=by, at=LATER)
    assert (item.state, item.declines) == ("answered", [])
    assert item.answers[-1].lodging.evidence.text == "Half an answer"
    discard(item, by=by, at=LATER)
    assert (item.state, item.answers) == ("asked", [])


def test_files_go_with_the_answer(fire):
    item, by = fire.items[0], fire.by("fire_responder")
    answering.keep_file(item, receive("minutes.pdf", a_pdf()), by=by, at=NOW)
    discard(item, by=by, at=LATER)
    assert db.session.query(EvidenceFile).count() == 0


def test_an_earlier_answer_used_again_stays_where_it_was_sent(fire):
    first, second, by = fire.items[0], fire.items[1], fire.by("fire_responder")
    answering.keep_answer(first, Typed(text="Six"), by=by, at=NOW)
    answering.submit_item(first, by=by, at=NOW)
    answering.reuse_answer(second, first.answers[-1], by=by, at=NOW)
    discard(second, by=by, at=LATER)
    assert (second.state, second.answers) == ("asked", [])
    assert first.answers[-1].lodging.evidence.text == "Six"


def test_what_waits_or_was_sent_or_is_not_theirs_is_not_discarded(context, cast):
    police = ask(cast)
    item = police.items[0]
    answering.refuse_item(item, "Section 31", by=police.by("responder"), at=NOW)
    assert to_discard(item) is None
    with pytest.raises(Refused, match="Nothing is saved"):
        discard(item, by=police.by("responder"), at=LATER)
    answering.take_back(item, by=police.by("responder"), at=NOW)
    with pytest.raises(Refused, match="has changed since"):
        discard(item, by=police.by("responder"), at=LATER, seen=1)
    with pytest.raises(Refused):
        discard(item, by=police.by("officer"), at=LATER)
    discard(item, by=police.by("responder"), at=LATER)
    assert item.state == "asked"


def test_the_pages_offer_it_and_say_what_goes(app, cast, signed_in):
    with app.app_context():
        fire = ask(cast, "fire")
        answering.keep_not_held(fire.items[0], "We keep none", by=fire.by("fire_responder"), at=NOW)
        commit()
        at = f"/answering/items/{fire.items[0].id}"
    client = signed_in("fire_responder")
    assert f'href="{at}/discard"' in client.get(at).text
    page = client.get(f"{at}/discard").text
    assert "We keep none" in page
    assert "it cannot be brought back" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    answer = client.post(f"{at}/discard", data={"version": version})
    assert answer.headers["Location"] == at
    page = client.get(at).text
    assert "is discarded. Nothing was sent." in page
    assert "We keep none" not in page
    assert "Nothing is saved here that could be discarded" in client.get(f"{at}/discard").text
    assert signed_in("responder").get(f"{at}/discard").status_code == 404
