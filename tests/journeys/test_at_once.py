"""Many people at the same moment: nobody's words are lost, nobody meets an error, and the audit trail is whole after it.

`make test` runs a small round of each, on both databases; `make proof` runs the long ones. Each prints its row of the table.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Area
from scrutiny.areas.service import place_of
from scrutiny.asking import drafting
from scrutiny.asking import service as requests
from scrutiny.audit import queries as audit
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import note
from scrutiny.editions.models import Edition
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings import citing
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.reports import jobs
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews import enquiry
from scrutiny.reviews.models import Review
from scrutiny.rules.service import keep_method, keep_text
from scrutiny.transaction import run, writes_now
from tests import databases as kinds
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.reports.story import RELEASE, WORDS, scheduled
from tests.scrutiny.requests.answering_scene import ask
from tests.scrutiny.requests.test_views import begin
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]
ROUNDS = [pytest.param(1, id="small"), pytest.param(8, id="long", marks=[pytest.mark.proof, pytest.mark.slow])]


def at_once(count: int, deed: Callable[[int], Any]) -> list[Any]:
    """What each of so many came to, who all set out at the same moment."""
    together = Barrier(count)

    def go(number: int) -> Any:
        together.wait(30)
        return deed(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(go, range(count)))


@pytest.fixture
def row(app: Flask, capsys: pytest.CaptureFixture[str]) -> Callable[[str, str], None]:
    """Print one row of the table of what happened at once; the trail is verified first."""

    def write(what: str, came: str) -> None:
        with app.app_context():
            assert audit.faults_found() == []
        with capsys.disabled():
            print(f"\n| {what} | {kinds.kind()} | {came} | trail whole |")

    return write


@pytest.mark.parametrize("rounds", ROUNDS)
def test_savers_of_one_item_lose_no_word(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, row: Callable[[str, str], None], rounds: int
) -> None:
    """One of eight is kept; the seven others are shown both versions, with what they typed in the box."""
    with app.app_context(), writes_now():
        item_id = ask(cast).items[0].id
    people = [signed_in(("responder", "colleague", "certifier")[number % 3]) for number in range(8)]
    came: Counter[str] = Counter()
    for turn in range(rounds):
        pages = [client.get(f"/answering/items/{item_id}").text for client in people]
        seen = [re.search(r'name="version"[^>]*value="(\d+)"', page) for page in pages]
        texts = [f"What number {number} wrote in turn {turn}." for number in range(8)]

        def save(number: int, texts: list[str] = texts, seen: list[Any] = seen) -> Any:
            data = {"version": seen[number][1], "marking": "open", "then": "next", "text": texts[number]}
            return people[number].post(f"/answering/items/{item_id}", data=data, content_type="multipart/form-data")

        answers = at_once(8, save)
        kept = [number for number, answer in enumerate(answers) if answer.status_code == 302]
        came.update("kept" if number in kept else str(answer.status_code) for number, answer in enumerate(answers))
        assert len(kept) == 1, [answer.status_code for answer in answers]
        for number, answer in enumerate(answers):
            if number not in kept:
                assert texts[number] in answer.text
                assert texts[kept[0]] in answer.text
        assert texts[kept[0]] in people[0].get(f"/answering/items/{item_id}").text
    assert came == {"kept": rounds, "200": 7 * rounds}
    row(f"8 savers of one item, {rounds} ×", f"{came['kept']} kept, {came['200']} shown both versions, 0 lost, 0 errors")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_reviews_opened_at_once_take_numbers_of_their_own(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, row: Callable[[str, str], None], rounds: int
) -> None:
    """Through the pages, with their drafts: each has its reference, and none is left out."""
    references: list[str] = []
    for _ in range(rounds):
        clients = [signed_in("officer") for _ in range(12)]
        drafts = [begin(client, cast) for client in clients]
        opening = [partial(client.post, f"/reviews/new/{draft}/open") for client, draft in zip(clients, drafts, strict=True)]
        answers = at_once(12, lambda number, opening=opening: opening[number]())
        assert [answer.status_code for answer in answers] == [302] * 12
        references += [answer.location.split("/")[2] for answer in answers]
    with app.app_context():
        held = list(db.session.scalars(select(Review.reference).order_by(Review.reference)))
        drafted = db.session.scalars(select(Review).order_by(Review.id)).all()
        assert {len(drafting.requests_of(review)) for review in drafted} == {len(drafting.requests_of(drafted[0]))}
    year = held[0].split("-")[1]
    assert sorted(references) == held == [f"R-{year}-{number:03d}" for number in range(1, 12 * rounds + 1)]
    row(f"12 reviews opened at once, {rounds} ×", f"{len(held)} opened, numbered without a gap, 0 lost, 0 errors")


def _asked_more(count: int, review: Review, cast: SimpleNamespace) -> EvidenceRequest:
    """So many more items for the fire authority, whose responder sends without a certifier, in a review under way."""
    by, fire = acting("officer"), db.session.get_one(Agency, cast.fire)
    request = drafting.drafts_to_hold(review, [fire], by=by, at=NOW)[0]
    for number in range(count):
        question = enquiry.add_question(review, line=review.lines[0], text=f"And what of {number}?", by=by, at=NOW)
        drafting.add_item(request, question, by=by, at=NOW)
    issue_and_deliver(review, [request], by=by, at=NOW)
    return request


@pytest.mark.slow
@pytest.mark.parametrize("count", [pytest.param(12, id="small"), pytest.param(50, id="long", marks=pytest.mark.proof)])
def test_answers_that_come_while_a_report_is_sealed(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, row: Callable[[str, str], None], count: int
) -> None:
    """Each is saved and sent; the report is sealed, printed and released beside them, and holds what its digest says."""
    with app.app_context():
        edition_id = scheduled(cast).id
        with writes_now():
            request = _asked_more(count, db.session.scalars(select(Review)).one(), cast)
            request_id, items = request.id, [item.id for item in request.items if item.question.text.startswith("And")]

    def answer(client: FlaskClient, item_id: int) -> list[int]:
        page = client.get(f"/answering/items/{item_id}").text
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert version, page
        data = {"version": version[1], "marking": "open", "then": "next", "text": f"The answer to item {item_id}."}
        saved = client.post(f"/answering/items/{item_id}", data=data, content_type="multipart/form-data")
        sent = client.post(f"/answering/{request_id}/check", data={"items": [item_id]})
        return [saved.status_code, sent.status_code]

    def part(number: int) -> Any:
        if number == 8:
            with app.app_context():
                return jobs.release_one(edition_id, RELEASE)
        client = signed_in("fire_responder")
        return [answer(client, item_id) for item_id in items[number::8]]

    *answers, released = at_once(9, part)
    assert released
    came = Counter(status for own in answers for statuses in own for status in statuses)
    assert came == {302: 2 * count}
    with app.app_context():
        kept = {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_(items)))}
        assert {item.state for item in kept.values()} == {"submitted"}
        assert all(item.answers[-1].lodging.evidence.text == f"The answer to item {key}." for key, item in kept.items())
        edition = db.session.get_one(Edition, edition_id)
        assert edition.state == "released"
        assert edition.digest == jobs.compose_digest(edition.snapshot or {})
    row(f"{count} answers saved and sent during a seal", f"{count} submitted, the report released, 0 lost, 0 errors")


def test_what_is_kept_once_is_kept_once(app: Flask, cast: SimpleNamespace, row: Callable[[str, str], None]) -> None:
    """From an empty trail on: a place, the text of a method and of the powers, and the first link of the trail itself."""

    def keep(number: int) -> Any:
        with app.app_context():
            return run(lambda: _kept(cast.county, number))

    assert len(set(at_once(8, keep))) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 8
    row("8 first uses of a place, a method and the powers at once", "each kept once, 0 errors")


def _kept(area_id: int, number: int) -> Any:
    """What is kept at its first use; noted, so that the trail begins."""
    place = place_of([db.session.get_one(Area, area_id)], at=NOW)
    kept = place.id, keep_method("council-task-and-finish", at=NOW).id, keep_text("powers", at=NOW)
    note("place_kept", about=place.reference, by=acting("officer"), at=NOW, number=number)
    return kept


def test_findings_drafted_at_once_are_numbered(app: Flask, cast: SimpleNamespace, row: Callable[[str, str], None]) -> None:
    """One turn for each review."""
    with app.app_context(), writes_now():
        review = opened(cast)
        review_id = review.id
        requests.draft_requests(review, by=acting("officer"), at=NOW)

    def propose(number: int) -> int:
        with app.app_context():
            return run(lambda: _finding(review_id, f"Finding {number}"))

    assert sorted(at_once(8, propose)) == list(range(1, 9))
    row("8 findings drafted at once", "numbered 1 to 8, 0 lost, 0 errors")


def _finding(review_id: int, title: str, text: str = "") -> int:
    """Draft a finding; its number."""
    review = db.session.get_one(Review, review_id)
    by = acting("inspector")
    made = findings.draft_finding(review, title=title, text=text, lines=[review.lines[0]], judgement="", by=by, at=NOW)
    return made.number


def test_citations_added_at_once_to_one_finding(app: Flask, cast: SimpleNamespace, row: Callable[[str, str], None]) -> None:
    """Numbered by what stands in the finding: whoever is overtaken counts again."""
    with app.app_context():
        scheduled(cast)
        with writes_now():
            review = db.session.scalars(select(Review)).one()
            request = next(r for r in drafting.requests_of(review) if r.agency_id == cast.fire)
            lodging_id = request.items[0].answers[-1].lodging_id
            review_id = review.id
        run(lambda: _finding(review_id, "Another"))
        finding_id = db.session.scalars(select(Finding.id).order_by(Finding.id.desc())).first()

    def cite(number: int) -> int:
        quotation = " ".join(WORDS.split()[number : number + 3])
        with app.app_context():
            return run(lambda: _cite(finding_id, lodging_id, quotation))

    assert sorted(at_once(6, cite)) == list(range(1, 7))
    row("6 citations of one finding at once", "numbered 1 to 6, 0 lost, 0 errors")


def test_a_proposed_finding_keeps_its_last_citation(app: Flask, cast: SimpleNamespace, row: Callable[[str, str], None]) -> None:
    """Two people take the two citations out at the same moment: one may, the other is told that it is the last."""
    with app.app_context():
        scheduled(cast)
        with writes_now():
            review = db.session.scalars(select(Review)).one()
            request = next(r for r in drafting.requests_of(review) if r.agency_id == cast.fire)
            lodging_id, review_id = request.items[0].answers[-1].lodging_id, review.id
        run(lambda: _finding(review_id, "Another", "Children wait."))
        finding_id = db.session.scalars(select(Finding.id).order_by(Finding.id.desc())).first()
        for start in (0, 3):
            quotation = " ".join(WORDS.split()[start : start + 3])
            run(lambda quotation=quotation: _cite(finding_id, lodging_id, quotation))
        run(lambda: findings.propose_finding(db.session.get_one(Finding, finding_id), by=acting("inspector"), at=NOW))

    def take_out(number: int) -> str:
        with app.app_context():
            try:
                run(lambda: _uncite(finding_id, number))
            except Refused as refused:
                return refused.sentence
        return "taken out"

    came = sorted(at_once(2, take_out))
    assert came[1] == "taken out"
    assert came[0].startswith("A proposed finding rests on at least one citation")
    row("the 2 citations of a proposed finding taken out at once", "1 taken out, 1 refused, 1 left")


def _uncite(finding_id: int | None, number: int) -> None:
    """Take one citation out; both look first, so that each has seen two."""
    finding = db.session.get_one(Finding, finding_id)
    seen = list(finding.citations)
    time.sleep(0.2)
    citing.uncite(seen[min(number, len(seen) - 1)], by=acting("inspector"), at=NOW)


def _cite(finding_id: int | None, lodging_id: int, quotation: str) -> int:
    """Cite what was lodged; the number of the citation."""
    finding = db.session.get_one(Finding, finding_id)
    lodging = db.session.get_one(Lodging, lodging_id)
    return citing.cite(finding, lodging=lodging, quotation=quotation, by=acting("inspector"), at=NOW).number
