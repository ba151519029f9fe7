"""Where the day we ask for is earlier than the law's own, nothing is late, chased or shown as overdue before the law's day."""

from __future__ import annotations

from datetime import date

from scrutiny.asking import drafting
from scrutiny.asking.presenters import how
from scrutiny.chasing import waiting
from scrutiny.requests import queries
from scrutiny.requests.ladder import steps_of
from scrutiny.requests.legal_basis import due_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.requests.answering_scene import document_of
from tests.scrutiny.reviews.acting import acting

ASKED, LAW = date(2026, 3, 6), date(2026, 3, 12)


def _item(review: Review, drafts: dict[str, EvidenceRequest]) -> Item:
    """An item of the committee's own council, wanted on Friday 6 March; by law it has until the 12th."""
    council = drafts["Loamshire County Council"]
    item = document_of(council)
    drafting.revise_item(item, seen=None, wanted_on=ASKED, by=acting("officer"), at=NOW)
    issue_and_deliver(review, [council], by=acting("officer"), at=NOW)
    assert (item.due_on, item.statutory_due_on) == (ASKED, LAW)
    return item


def test_between_the_two_days_it_is_not_overdue_anywhere(review: Review, drafts: dict[str, EvidenceRequest]) -> None:
    item = _item(review, drafts)
    between, after = date(2026, 3, 9), date(2026, 3, 13)
    assert (queries.is_overdue(item, between), queries.is_overdue(item, after)) == (False, True)
    assert (how(item, between).key, how(item, after).key) == ("due-soon", "overdue")
    assert [len(waiting.overdue([review.id], day)) for day in (between, after)] == [0, 1]


def test_reminders_go_by_our_day_and_chases_by_the_laws(review: Review, drafts: dict[str, EvidenceRequest]) -> None:
    item = _item(review, drafts)
    steps = [step for step in steps_of(item) if step.on is not None]
    reminders = [step.on for step in steps if step.rung.offset < 0]
    chases = [step.on for step in steps if step.rung.offset >= 0]
    assert max(reminders) <= ASKED
    assert min(chases) >= LAW


def test_a_letter_leads_with_our_day_and_says_must_of_neither(review: Review, drafts: dict[str, EvidenceRequest]) -> None:
    item = _item(review, drafts)
    said = "We ask for it by Friday 6 March 2026; by law you have until Thursday 12 March 2026."
    assert due_of(item) == said
