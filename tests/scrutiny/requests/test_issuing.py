"""Issuing: all in one go, dates from the day of issue, a letter to each responder, holders entered."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.asking import letters, presenters, service
from scrutiny.audit.service import GATHERED
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Holder
from scrutiny.reviews.models import Review
from scrutiny.rules.models import RuleEdition
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.requests.answering_scene import document_of
from tests.scrutiny.reviews.acting import acting
from workflows.powers import CONFIDENCE
from workflows.refusals import Refused

Requests = dict[str, EvidenceRequest]


def test_each_responder_gets_one_letter_and_an_agency_without_people_gets_one_at_its_address(issued: Requests) -> None:
    rows = db.session.scalars(select(Letter).where(Letter.kind == "request_issued").order_by(Letter.id))
    found = {letter.address: letter for letter in rows}
    assert {"responder@example.org", "colleague@example.org", "fire.responder@example.org"} <= set(found)
    assert "county.council.office@example.org" in found
    letter = found["responder@example.org"]
    assert letter.subject.startswith("Evidence request: Children's mental health (")
    assert "We would like Loamshire Police to answer the" in letter.text
    assert (letter.sender_name, letter.reply_to) == ("Loamshire Overview and Scrutiny Committee", "")
    police = issued["Loamshire Police"]
    assert all(item.question.text in letter.text for item in police.items)
    assert "You do not have to answer by law, but we hope you will." in letter.text
    wished = re.findall(r"[Ww]e would like [^.]* by \w+ \d+ \w+ 2026\.", letter.text)
    assert len(wished) == 1, "what we would like, and by when, is said once"
    assert f"http://localhost/reviews/{police.review.reference}/requests/{police.slug}" in letter.text
    assert "Children's mental health" in letter.text
    assert "&#39;" not in letter.text


def test_a_letter_says_must_only_where_the_law_binds_for_all_that_is_asked(issued: Requests) -> None:
    said = {
        letter.reference: letter.text
        for letter in db.session.scalars(select(Letter).where(Letter.kind == "request_issued").order_by(Letter.id))
    }
    county = said[issued["Loamshire County Council"].plain]
    assert "By law, you must supply copies of documents" in county
    assert re.search(
        r"We ask for it by .* 2026, which is later than the day set by law, Thursday 12 March 2026. If it comes by", county
    ), county
    police = said[issued["Loamshire Police"].plain]
    assert "You do not have to answer by law, but we hope you will." in police
    assert "must" not in police
    assert "questions below by" in police
    board = said[issued["East Loamshire Integrated Care Board"].plain]
    assert "By law, you must supply information on the planning" in board
    assert "must answer by" not in board, "the law sets no number of days for a health body"
    for text in said.values():
        assert not any(phrase in text for phrase in CONFIDENCE.values())
        assert "crime and disorder" not in text


def test_the_preview_is_the_letter_word_for_word(review: Review, drafts: Requests) -> None:
    police = drafts["Loamshire Police"]
    shown = {p.to.address: p for p in letters.previews(police, at=NOW, public_url="http://localhost")}
    service.issue_requests(review, [police], by=acting("officer"), at=NOW)
    written = list(db.session.scalars(select(Letter).order_by(Letter.id)))
    assert {letter.address for letter in written} >= set(shown) != set()
    for letter in written:
        assert (letter.subject, letter.text) == (shown[letter.address].subject, shown[letter.address].text)


def test_dates_are_counted_again_from_the_day_of_issue(review: Review, drafts: Requests) -> None:
    council = drafts["Loamshire County Council"]
    later = NOW + timedelta(days=7)
    issue_and_deliver(review, [council], by=acting("officer"), at=later)
    assert document_of(council).statutory_due_on == date(2026, 3, 19)
    assert all(item.starts_on == date(2026, 3, 9) for item in council.items)


def test_each_item_has_its_holder_and_a_day_for_its_first_reminder(issued: Requests) -> None:
    assert all(request.items for request in issued.values())
    for request in issued.values():
        for item in request.items:
            holder = db.session.scalars(select(Holder).where(Holder.item_id == item.id)).one()
            assert (holder.agency_id, holder.from_on, holder.to_on) == (request.agency_id, date(2026, 3, 2), None)
            assert item.next_step_on is not None


def test_the_texts_the_dates_rest_on_are_kept(issued: Requests) -> None:
    kinds = set(db.session.scalars(select(RuleEdition.kind)))
    assert {"powers", "holidays/england-and-wales"} <= kinds


def test_each_issue_is_in_the_trail_with_its_dates_and_without_its_words(issued: Requests) -> None:
    gathered = [link for link in db.session.info[GATHERED] if link.event == "request_issued"]
    assert len(gathered) == len(issued)
    assert gathered[0].fields["due"]
    assert not any(item.question.text in str(gathered[0].fields) for item in next(iter(issued.values())).items)


def test_an_empty_request_stops_them_all(review: Review, drafts: Requests) -> None:
    fire = drafts["Loamshire Fire and Rescue"]
    for item in list(fire.items):
        service.drop_item(item, why="Not needed", by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="asks for nothing"):
        service.issue_requests(review, list(drafts.values()), by=acting("officer"), at=NOW)


def test_a_request_is_issued_once(review: Review, issued: Requests) -> None:
    with pytest.raises(Refused, match="issued"):
        service.issue_requests(review, list(issued.values()), by=acting("officer"), at=NOW)


def test_an_inspector_may_not_issue(review: Review, drafts: Requests) -> None:
    with pytest.raises(Refused, match="Only a"):
        service.issue_requests(review, list(drafts.values()), by=acting("inspector"), at=NOW)


def test_what_was_issued_can_no_longer_be_edited(issued: Requests) -> None:
    item = issued["Loamshire Police"].items[0]
    with pytest.raises(Refused, match="has been issued"):
        service.drop_item(item, why="Too late", by=acting("officer"), at=NOW)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([20, 20, 20], "All answers are due on Friday 20 March 2026, if the emails arrive today."),
        ([20], "The answer is due on Friday 20 March 2026, if the emails arrive today."),
        (
            [23, 20],
            "The first answer is due on Friday 20 March 2026 and the last on Monday 23 March 2026, if the emails arrive today.",
        ),
    ],
)
def test_one_day_is_said_once(drafts: Requests, days: list[int], said: str) -> None:
    items = [SimpleNamespace(due_on=date(2026, 3, number)) for number in days]
    agency = next(iter(drafts.values())).agency
    row = SimpleNamespace(request=SimpleNamespace(items=items, agency_id=agency.id, agency=agency), reachable=True, emails=1)
    assert said in presenters.what_happens([row])  # type: ignore[list-item]
