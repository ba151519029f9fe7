"""The same file in other answers of its agency: whatever closes or erases one of them reaches every copy, by any address."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.answering import correcting, reusing
from scrutiny.answering import service as answering
from scrutiny.answering.queries import draft_of
from scrutiny.answering.service import Typed
from scrutiny.asking.service import accept_item, return_item
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import restricting
from scrutiny.evidence import service as keeping
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.restricting import Restriction
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.stored_files.intake import receive
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import Asked, ask
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

LATER = NOW + timedelta(hours=1)
NAME = "zqnameszq.pdf"
#: Under each address a file, or what it was sent with, is given out.
FILES = ("/evidence/files/{}", "/evidence/files/{}/pages/1.png", "/evidence/files/{}/picture", "/evidence/files/{}/sheet")


@functools.cache
def _names() -> bytes:
    """The file: the same bytes each time, which what makes it does not promise."""
    return a_pdf("Names")


def _answer(asked: Asked, number: int, text: str, *, file: bool = True, send: bool = True) -> Lodging:
    """An answer with the file, or with the copy of it that came with what was returned."""
    item, by = asked.items[number], asked.by("certifier" if asked.request.agency_id == asked.cast.police else "fire_responder")
    answer = answering.keep_answer(item, Typed(text=text), by=by, at=NOW)
    if file:
        answering.keep_file(item, receive(NAME, _names()), by=by, at=NOW)
    if send:
        answering.submit_request(asked.request, [item], by=by, at=NOW)
    return answer.lodging


@pytest.fixture
def scene(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The fire service has the same file in an answer that was returned, in its replacement, in two answers to another review
    and in a draft; the police have given the same bytes."""
    with app.app_context():
        one, other, police = (ask(cast, agency, method="jtai", lead="ofsted") for agency in ("fire", "fire", "police"))
        by, lead = one.by("fire_responder"), one.by("lead_inspector")
        first = _answer(one, 0, "Twelve names")
        return_item(one.items[0], why="Without names", by=lead, at=NOW)
        second = _answer(one, 0, "Twelve", file=False)
        accept_item(one.items[0], by=lead, at=NOW)
        draft = _answer(one, 1, "Unsent", send=False)
        pointer = answering.reuse_answer(other.items[0], one.items[0].answers[-1], by=by, at=NOW).lodging
        answering.submit_request(other.request, [other.items[0]], by=by, at=NOW)
        below = _answer(other, 1, "Below", file=False, send=False)
        reusing.reuse(other.items[1], one.items[0].answers[0], how=reusing.BELOW, looked=True, by=by, at=NOW)
        answering.submit_request(other.request, [other.items[1]], by=by, at=NOW)
        given = _answer(police, 0, "Theirs")
        commit()
        sent = [first, second, pointer, below]
        return SimpleNamespace(
            one=one.request.id,
            first=first.id,
            draft=draft.id,
            sent=[lodging.id for lodging in sent],
            files=sorted({file.id for lodging in [*sent, draft] for file in lodging.evidence.files}),
            theirs=given.evidence.files[0].id,
            sha256=given.evidence.files[0].sha256,
            reviews=[one.request.review.reference, other.request.review.reference],
        )


def _opened(client: FlaskClient, files: list[int]) -> list[str]:
    """The addresses at which files are given out to somebody."""
    addresses = [address.format(file) for address in FILES for file in files]
    return [address for address in addresses if client.get(address).status_code == 200]


def _told(client: FlaskClient, scene: SimpleNamespace) -> list[str]:
    """The pages of evidence, lists and searches on which somebody finds the name of the file."""
    pages = [f"/evidence/{lodging}" for lodging in scene.sent]
    for review in scene.reviews:
        pages += [f"/reviews/{review}/evidence", f"/reviews/{review}/requests/P01/1", f"/api/v1/reviews/{review}/evidence"]
    return [page for page in [*pages, f"/search?q={NAME}"] if NAME in client.get(page).text]


def _fire(cast: SimpleNamespace, request_id: int) -> Asked:
    return Asked(cast, db.session.get_one(EvidenceRequest, request_id))


def test_what_is_made_stricter_is_so_in_every_copy(
    app: Flask, cast: SimpleNamespace, scene: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        lodgings = [db.session.get_one(Lodging, id) for id in scene.sent]
        keeping.make_public(lodgings, by=OPERATOR_ACTOR, at=NOW)
        commit()
    stranger, partner, lead = app.test_client(), signed_in("partner_inspector"), signed_in("lead_inspector")
    before = len(_opened(stranger, scene.files))
    assert before, "public before"
    with app.app_context():
        first, by = db.session.get_one(Lodging, scene.first), _fire(cast, scene.one).by("fire_responder")
        restricting.restrict(first, Restriction("confidential", "It names people"), by=by, at=LATER)
        commit()
        written = db.session.scalars(select(Letter.reference).where(Letter.kind == "evidence_restricted")).all()
        assert len(set(written)) == 2, "each review is told once"
    for client in (stranger, partner):
        assert (_opened(client, scene.files), _told(client, scene)) == ([], [])
    assert _opened(lead, scene.files), "whom it is still for"
    with app.app_context():
        assert db.session.get_one(EvidenceFile, scene.theirs).marking == "open", "what another agency gave is its own"


def test_what_is_taken_back_from_the_public_comes_out_in_no_copy(
    app: Flask, cast: SimpleNamespace, scene: SimpleNamespace
) -> None:
    with app.app_context():
        lodgings = [db.session.get_one(Lodging, id) for id in scene.sent]
        keeping.make_public(lodgings[:2], by=OPERATOR_ACTOR, at=NOW)
        restricting.take_back(lodgings[0], "It names people", by=_fire(cast, scene.one).by("fire_responder"), at=LATER)
        keeping.make_public(lodgings, by=OPERATOR_ACTOR, at=LATER)
        commit()
    assert _opened(app.test_client(), scene.files) == []


def test_an_erased_file_is_gone_from_every_copy_and_from_receipts(
    app: Flask, cast: SimpleNamespace, scene: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        first, by = db.session.get_one(Lodging, scene.first), _fire(cast, scene.one).by("fire_responder")
        assert NAME in "".join(db.session.scalars(select(Letter.text).where(Letter.kind == "receipt")))
        restricting.erase_file(first.evidence.files[0], first, "A court said so", by=by, at=LATER)
        commit()
        texts = "".join(db.session.scalars(select(Letter.text).where(Letter.kind == "receipt")))
        assert (NAME in texts, "Erased file" in texts, scene.sha256 in texts) == (False, True, True)
        assert db.session.get_one(StoredFile, scene.sha256).erased_at is None, "the police have given the same"
    for who in ("lead_inspector", "fire_responder"):
        client = signed_in(who)
        assert (_opened(client, scene.files), _told(client, scene)) == ([], [])
    assert _opened(signed_in("certifier"), [scene.theirs])


def test_a_court_may_have_it_erased_with_whoever_gave_it(app: Flask, scene: SimpleNamespace) -> None:
    args = ["evidence", "erase", str(scene.first), "--file", str(scene.files[0]), "--everywhere", "--why", "A court said so"]
    assert app.test_cli_runner().invoke(args=args).exit_code == 0
    with app.app_context():
        assert db.session.get_one(EvidenceFile, scene.theirs).erased_at is not None
        assert db.session.get_one(StoredFile, scene.sha256).erased_at is not None


def test_something_wrong_is_closed_in_every_copy_and_taken_out_of_drafts(
    app: Flask, cast: SimpleNamespace, scene: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        one = _fire(cast, scene.one)
        pending = answering.reuse_answer(one.items[2], one.items[0].answers[0], by=one.by("fire_responder"), at=NOW)
        answer = one.items[0].answers[0]
        assert correcting.say_wrong(one.items[0], "It names people", by=one.by("fire_responder"), at=LATER, answer_id=answer.id)
        commit()
        assert one.items[0].state == "returned", "its replacement held the same file"
        draft = db.session.get_one(Lodging, scene.draft)
        assert (draft.evidence.files, draft.evidence.text) == ([], "Unsent")
        with pytest.raises(Refused, match="reported this answer as wrong"):
            keeping.check_ready(pending.lodging)
        assert draft_of(one.items[1]) is not None
    for who in ("lead_inspector", "partner_inspector"):
        client = signed_in(who)
        assert (_opened(client, scene.files), _told(client, scene)) == ([], [])
    assert _opened(signed_in("fire_responder"), scene.files), "its agency reads what it sent"
