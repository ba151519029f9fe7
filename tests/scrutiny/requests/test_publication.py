"""Only what was accepted last may become public, after notice to its agency; and anything sent can be taken back or erased."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.answering import service as answering
from scrutiny.answering.service import Typed
from scrutiny.asking import service
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import service as evidence
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.publication import service as publication
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.service import announce
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import Asked, ask

SignIn = Callable[..., FlaskClient]
CHILD = "Jamie Wren, aged 7, of 4 Mill Lane"
CLEAN = "There were 14 children"
LATER = NOW + timedelta(hours=1)
DAY = r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ \d{4}"


def answer(asked: Asked, item: Item, text: str, *, marking: str = "open", file: str = "") -> Lodging:
    """The fire service answers and sends."""
    by = asked.by("fire_responder")
    kept = answering.keep_answer(item, Typed(text=text, marking=marking, exempt_ground="Paragraph 3"), by=by, at=LATER)
    if file:
        received = receive(file, BytesIO(b"name,age\nJamie Wren,7\n"))
        evidence.add_received(kept.lodging.evidence, received, marking=marking, by=by, at=LATER)
    answering.submit_request(asked.request, [item], by=by, at=LATER)
    return kept.lodging


@pytest.fixture
def asked(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """An announced review: item 1 returned because it named a child, then answered and accepted; 2 sent only; 3 not held."""
    with app.app_context():
        scene = ask(cast, "fire")
        one, two, three = scene.items
        officer = scene.by("officer")
        announce(scene.request.review, NOW.date(), by=officer, at=NOW)
        named = answer(scene, one, CHILD, file="cases.csv")
        service.return_item(one, why="You named a child. Please send this again without names.", by=officer, at=LATER)
        begun = answering.keep_answer(one, Typed(text=CLEAN, marking="open"), by=scene.by("fire_responder"), at=LATER)
        answering.remove_file(one, begun.lodging.evidence.files[0], by=scene.by("fire_responder"), at=LATER)
        clean = answer(scene, one, CLEAN)
        service.accept_item(one, by=officer, at=LATER)
        sent = answer(scene, two, "The policy of 2024")
        answering.say_not_held(three, "We keep no such list", by=scene.by("fire_responder"), at=LATER)
        service.accept_item(three, by=officer, at=LATER)
        commit()
        return SimpleNamespace(
            review=scene.request.review.reference,
            request=scene.request.id,
            items=[one.id, two.id, three.id],
            named=named.id,
            file=named.evidence.files[0].id,
            clean=clean.id,
            sent=sent.id,
        )


def publish(client: FlaskClient, reference: str) -> str:
    """Look at the check page and press its button, and let the letters be accepted; the page that follows."""
    page = client.get(f"/reviews/{reference}/list").text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen
    said = client.post(f"/reviews/{reference}/list", data={"seen": seen[1]}, follow_redirects=True).text
    with client.application.app_context():
        post_letters(at=now())
    return said


def test_the_lead_sees_by_name_what_becomes_public_and_what_does_not(signed_in: SignIn, asked: SimpleNamespace) -> None:
    page = signed_in("officer").get(f"/reviews/{asked.review}/list").text
    assert re.search(rf"1 answer becomes public from {DAY}", page)
    publishes, rest = page.split("Not published: no answer accepted")
    assert "/P01/1" in publishes
    assert "/P01/2" not in publishes
    assert "/P01/2" in rest
    assert CHILD not in page


def test_a_returned_answer_is_never_public_nor_is_one_nobody_accepted(
    app: Flask, signed_in: SignIn, client: FlaskClient, asked: SimpleNamespace
) -> None:
    said = publish(signed_in("officer"), asked.review)
    assert re.search(rf"1 answer will be public from {DAY}, if our email reaches its agency today\. \d emails? queued\.", said)
    with app.app_context():
        days = {row.id: row.public_from for row in db.session.scalars(select(Lodging))}
        assert days[asked.named] is None
        assert days[asked.sent] is None
        assert days[asked.clean] is not None
        clean = db.session.get_one(Lodging, asked.clean)
        first = london_day(clean.public_from)
        assert (first - london_day(now())).days >= publication.DAYS
        assert not clean.is_public_on(first - timedelta(days=1))
        assert clean.is_public_on(first)
        letter = db.session.scalars(select(Letter).where(Letter.kind == "answers_to_be_published")).first()
        assert letter is not None
        assert f"will be public from {day(first)}" in letter.text
        assert f"by the end of {day(first - timedelta(days=1))}" in letter.text
    for lodging in (asked.named, asked.sent, asked.clean):
        assert client.get(f"/evidence/{lodging}").status_code == 404, "nothing is public before the day"
    assert client.get(f"/evidence/files/{asked.file}").status_code == 404


def test_on_the_day_only_the_accepted_answer_opens_everywhere(
    app: Flask, signed_in: SignIn, client: FlaskClient, asked: SimpleNamespace
) -> None:
    publish(signed_in("officer"), asked.review)
    with app.app_context():  # the day has come
        for row in db.session.scalars(select(Lodging).where(Lodging.public_from.is_not(None))):
            row.public_from = NOW - timedelta(days=1)
        commit()
    assert client.get(f"/evidence/{asked.clean}").status_code == 200
    for lodging in (asked.named, asked.sent):
        assert client.get(f"/evidence/{lodging}").status_code == 404
    everywhere = [f"/api/v1/reviews/{asked.review}/evidence", f"/about/{asked.review}", f"/api/v1/reviews/{asked.review}"]
    for address in everywhere:
        text = client.get(address).text
        assert CHILD not in text, address
        assert "cases.csv" not in text, address


def test_a_report_publishes_only_what_was_accepted_last(app: Flask, asked: SimpleNamespace) -> None:
    with app.app_context():
        review = db.session.get_one(EvidenceRequest, asked.request).review
        assert [row.id for row in publication.accepted_lodgings(review)] == [asked.clean]


def test_a_refusal_accepted_after_an_answer_publishes_nothing_of_it(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        scene = ask(cast, "fire")
        item, officer = scene.items[0], scene.by("officer")
        answer(scene, item, CHILD)
        service.return_item(item, why="Names", by=officer, at=LATER)
        answering.refuse_item(item, "We may not", by=scene.by("fire_responder"), at=LATER + timedelta(hours=1))
        service.accept_item(item, by=officer, at=LATER + timedelta(hours=2))
        assert publication.accepted_lodgings(scene.request.review) == []


def test_an_answer_returned_after_the_list_leaves_the_public_at_once(
    app: Flask, signed_in: SignIn, asked: SimpleNamespace
) -> None:
    publish(signed_in("officer"), asked.review)
    with app.app_context():
        item = db.session.get_one(Item, asked.items[0])
        service.return_item(item, why="A second look", by=Asked(SimpleNamespace(officer=1), item.request).by("officer"), at=LATER)
        assert db.session.get_one(Lodging, asked.clean).public_from is None


def test_what_was_promised_until_the_report_is_kept_until_then(app: Flask, signed_in: SignIn, asked: SimpleNamespace) -> None:
    with app.app_context():
        db.session.get_one(Lodging, asked.clean).promise = "report"
        commit()
    officer = signed_in("officer")
    assert "Published with the report only" in officer.get(f"/reviews/{asked.review}/list").text
    assert "No answers have been published" in publish(officer, asked.review)
    with app.app_context():
        assert db.session.get_one(Lodging, asked.clean).public_from is None


def test_what_changed_since_it_was_looked_at_is_not_published(app: Flask, signed_in: SignIn, asked: SimpleNamespace) -> None:
    officer = signed_in("officer")
    answered = officer.post(f"/reviews/{asked.review}/list", data={"seen": "something else"})
    assert "Something has changed since you looked" in answered.text
    with app.app_context():
        assert db.session.get_one(EvidenceRequest, asked.request).review.list_released_on is None


@pytest.mark.parametrize("who", ["officer", "fire_responder"])
def test_the_lead_and_the_agency_take_it_back_at_once(
    app: Flask, signed_in: SignIn, client: FlaskClient, asked: SimpleNamespace, who: str
) -> None:
    with app.app_context():
        db.session.get_one(Lodging, asked.clean).public_from = NOW - timedelta(days=1)
        commit()
    assert client.get(f"/evidence/{asked.clean}").status_code == 200
    doer = signed_in(who)
    assert f"/evidence/{asked.clean}/restrict" in doer.get(f"/evidence/{asked.clean}").text
    form = {"marking": "exempt", "ground": "Paragraph 3: it names a business", "why": "A name slipped through"}
    done = doer.post(f"/evidence/{asked.clean}/restrict", data=form)
    assert done.status_code == 302, done.text
    assert client.get(f"/evidence/{asked.clean}").status_code == 404
    assert CLEAN not in client.get(f"/api/v1/reviews/{asked.review}/evidence").text
    with app.app_context():
        row = db.session.get_one(Lodging, asked.clean)
        assert (row.marking, row.public_from) == ("exempt", None)
        events = set(db.session.scalars(select(AuditEntry.event)))
        assert {"evidence_taken_back", "evidence_marked"} <= events
        letters = list(db.session.scalars(select(Letter).where(Letter.kind == "evidence_restricted")))
        assert letters
        assert all("A name slipped through" in letter.text for letter in letters)


def test_nothing_can_be_made_freer_there(signed_in: SignIn, asked: SimpleNamespace, app: Flask) -> None:
    with app.app_context():
        db.session.get_one(Lodging, asked.clean).marking = "confidential"
        commit()
    done = signed_in("officer").post(f"/evidence/{asked.clean}/restrict", data={"marking": "open", "why": "x"})
    assert done.status_code == 200
    with app.app_context():
        assert db.session.get_one(Lodging, asked.clean).marking == "confidential"


def test_words_and_files_are_erased_with_their_reason(app: Flask, signed_in: SignIn, asked: SimpleNamespace) -> None:
    officer = signed_in("officer")
    assert "Say why it is erased" in officer.post(f"/evidence/{asked.named}/erase", data={"why": ""}).text
    assert officer.post(f"/evidence/{asked.named}/erase", data={"why": "A child was named"}).status_code == 302
    assert officer.post(f"/evidence/{asked.named}/files/{asked.file}/erase", data={"why": "A child was named"}).status_code == 302
    page = officer.get(f"/evidence/{asked.named}").text
    assert CHILD not in page
    assert "A child was named" in page
    with app.app_context():
        row = db.session.get_one(Lodging, asked.named)
        assert row.evidence.text == ""
        assert row.evidence.digest, "the digest stays"
        assert row.evidence.files[0].erased_why == "A child was named"
        assert row.evidence.files[0].stored.erased_at is not None, "the bytes went with their last use"


@pytest.mark.parametrize("who", ["councillor", "partner_inspector", "responder", "administrator"])
def test_nobody_else_may(signed_in: SignIn, asked: SimpleNamespace, who: str) -> None:
    client = signed_in(who)
    for path in ("restrict", "erase", f"files/{asked.file}/erase"):
        assert client.get(f"/evidence/{asked.named}/{path}").status_code in (403, 404), path
        assert client.post(f"/evidence/{asked.named}/{path}", data={"why": "x", "marking": "personal"}).status_code in (403, 404)
    assert client.get(f"/reviews/{asked.review}/list").status_code in (403, 404)
