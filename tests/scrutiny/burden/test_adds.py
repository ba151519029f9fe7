"""Before requests are sent, the page says what they add to each agency, beside what others ask and what is held already."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.asking.adds import Added, added_by, added_sentence
from scrutiny.asking.drafting import add_item, draft_for_agency, drafts_to_hold
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.service import add_question
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.burden.conftest import LATER, SHOWN
from tests.scrutiny.requests.answering_scene import QUESTIONS, TODAY
from tests.scrutiny.reviews.acting import acting, opened
from tests.scrutiny.worklist.conftest import words_of
from workflows.roles import OPERATOR_ACTOR


def draft(cast: SimpleNamespace, agency: str) -> EvidenceRequest:
    """A draft of another review of the committee that asks an agency the three questions of the scene once more."""
    review, asked, officer = opened(cast), db.session.get_one(Agency, getattr(cast, agency)), acting("officer")
    draft_for_agency(review, asked, by=officer, at=NOW)
    (found,) = drafts_to_hold(review, [asked], by=officer, at=NOW)
    for item in list(found.items):
        found.items.remove(item)
        db.session.delete(item)
    db.session.flush()
    for title, kind, key in QUESTIONS:
        text = f"Tell us about {title.lower()}"
        values = {"text": text, "title": title, "kind": kind, "standard_key": key}
        add_item(found, add_question(review, line=review.lines[0], by=officer, at=NOW, **values), by=officer, at=NOW)
    return found


def test_a_draft_adds_what_it_asks_and_says_what_is_held(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    """The fire service has answered one of these to the committee."""
    with writes_now():
        found = draft(cast, "fire")
        added = added_by(found.review, [found], by=acting("officer"), today=TODAY)[found.slug]
    assert added == Added(questions=3, minutes=60 + 45 + 75, bodies=0, others=0, held=1)
    assert added_sentence(added) == (
        "This adds 3 questions, about 3 hours by our estimate. This agency has already answered 1 of these "
        "questions, to your bodies or in public."
    )


def test_what_others_ask_is_told_to_who_may_know_it(context: None, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    """The inspectorate asks the police the same in a review that is not announced; the committee has no part in it."""
    with writes_now():
        found = draft(cast, "police")
        for item in db.session.scalars(select(Item).where(Item.request_id == asked.inspected)):
            item.due_on = LATER.date()
        today = LATER.date()
        mine, all_of_it = (
            added_by(found.review, [found], by=by, today=today)[found.slug] for by in (acting("officer"), OPERATOR_ACTOR)
        )
        review = db.session.get_one(EvidenceRequest, asked.inspected).review
        review.announced_on = review.list_released_on = today
        public = added_by(found.review, [found], by=acting("officer"), today=today)[found.slug]
        later = added_by(found.review, [found], by=acting("officer"), today=SHOWN.date().replace(year=2025))[found.slug]
    assert [(one.bodies, one.others) for one in (mine, all_of_it, public, later)] == [(0, 0), (1, 3), (1, 3), (0, 0)]
    assert "; 1 other body is asking it 3 questions due within 20 working days." in added_sentence(public)


@pytest.mark.parametrize("agency", ["fire"])
def test_the_page_that_issues_says_it(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient], agency: str
) -> None:
    with app.app_context(), writes_now():
        reference = draft(cast, agency).review.reference
    words = words_of(signed_in("officer").get(f"/reviews/{reference}/requests/issue"))
    assert "This adds 3 questions, about 3 hours by our estimate." in words
