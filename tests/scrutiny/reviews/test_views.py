"""Pages of one review."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.bodies.models import BodyMembership
from scrutiny.extensions import db
from scrutiny.pages import today
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import withdraw_review
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def reference(app: Flask, cast: SimpleNamespace) -> str:
    """A review under way."""
    with app.app_context():
        review = opened(cast)
        db.session.commit()
        return review.reference


def kept(app: Flask) -> Review:
    """The one review there is."""
    return db.session.scalars(select(Review)).one()


def test_title_and_scope_are_changed_and_the_second_sees_both_versions(signed_in: SignIn, reference: str, app: Flask) -> None:
    officer, chair = signed_in("officer"), signed_in("chair")
    version = re.search(r'name="version"[^>]*value="(\d+)"', officer.get(f"/reviews/{reference}/edit").text)
    assert version is not None
    data = {"title": "Trains", "reason": "", "in_scope": "", "out_of_scope": "", "version": version[1]}
    assert officer.post(f"/reviews/{reference}/edit", data=data).status_code == 302
    second = chair.post(f"/reviews/{reference}/edit", data=data | {"title": "Ferries"})
    assert second.status_code == 200
    assert "Both versions" in second.text
    again = re.search(r'name="version"[^>]*value="(\d+)"', second.text)
    assert again is not None
    assert chair.post(f"/reviews/{reference}/edit", data=data | {"title": "Ferries", "version": again[1]}).status_code == 302
    with app.app_context():
        assert kept(app).title == "Ferries"


def test_the_pages_are_read_by_every_body_of_the_review(signed_in: SignIn, reference: str) -> None:
    for who in ("officer", "councillor", "inspector"):
        for page in ("timetable", "lines", "people", "questions", "requests", "matrix"):
            assert signed_in(who).get(f"/reviews/{reference}/{page}").status_code == 200, page


def test_lines_are_added_reworded_left_out_and_taken_up(signed_in: SignIn, reference: str) -> None:
    officer, here = signed_in("officer"), f"/reviews/{reference}/lines"
    assert officer.post(here, data={"title": "", "text": ""}).status_code == 200
    assert officer.post(here, data={"title": "", "text": "Who drives?"}).status_code == 302
    assert officer.post(f"{here}/own-1", data={"title": "Drivers", "text": "Who drives at night?"}).status_code == 302
    assert officer.post(f"{here}/own-1/drop", data={"why": "Known"}).status_code == 302
    assert "Left out: Known" in officer.get(here).text
    assert officer.post(f"{here}/own-1/take-up").status_code == 302
    assert "Left out: Known" not in officer.get(here).text
    assert signed_in("inspector").post(here, data={"title": "", "text": "Mine"}).status_code == 403


def test_a_body_joins_and_leaves(signed_in: SignIn, reference: str, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    assert officer.post(f"/reviews/{reference}/people/join", data={"body": cast.cqc, "part": "observer"}).status_code == 302
    assert "Care Standards Commission" in officer.get(f"/reviews/{reference}/people").text
    with app.app_context():
        row = next(row.id for row in kept(app).bodies if row.part == "observer")
    assert officer.post(f"/reviews/{reference}/people/{row}/end").status_code == 302
    assert officer.post(f"/reviews/{reference}/people/{row}/end").status_code == 404


def test_a_councillors_question_is_taken_and_put_to_agencies(
    signed_in: SignIn, reference: str, cast: SimpleNamespace, app: Flask
) -> None:
    with app.app_context():
        line = kept(app).lines[0].id
    councillor, officer = signed_in("councillor"), signed_in("officer")
    here = f"/reviews/{reference}/questions"
    assert councillor.post(here, data={"line": line, "text": "How late?", "why": ""}).status_code == 302
    assert "(yours)" in councillor.get(here).text
    assert councillor.post(f"{here}/1", data={"take": "yes"}).status_code == 403
    assert "Say why" in officer.post(f"{here}/1", data={"take": "no", "why": ""}).text
    done = officer.post(f"{here}/1", data={"take": "yes", "why": ""})
    assert done.location == f"/reviews/{reference}/requests/ask?question=1"
    assert "How late?" in officer.get(done.location).text
    ask = {"line": line, "text": "How late?", "kind": "any", "agencies": [cast.police], "wanted_on": ["", "", ""]}
    assert officer.post(done.location, data=ask).status_code == 302
    assert "How late?" in officer.get(f"/reviews/{reference}/requests").text


def _publish(officer: FlaskClient, reference: str) -> str:
    """Press the button of the page that shows what becomes public; the page that follows."""
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', officer.get(f"/reviews/{reference}/list").text)
    assert seen
    return officer.post(f"/reviews/{reference}/list", data={"seen": seen[1]}, follow_redirects=True).text


def test_the_announcement_and_the_list(signed_in: SignIn, reference: str, app: Flask) -> None:
    officer, here = signed_in("officer"), f"/reviews/{reference}/announce"
    assert "Announce the review first" in _publish(officer, reference)
    page = officer.get(here).text
    for words in ("Announce the review", "Nobody will be emailed", "cannot be undone", "Office for Standards in Learning"):
        assert words in page
    assert "Enter the day from which" in officer.post(here, data={"announced_on": ["", "", ""]}).text
    assert "Enter today or a later day" in officer.post(here, data={"announced_on": ["1", "1", "2020"]}).text
    next_year = str(today().year + 1)
    planned = officer.post(here, data={"announced_on": ["1", "3", next_year]}, follow_redirects=True).text
    assert f"The review will be announced on {date(int(next_year), 3, 1):%A} 1 March {next_year}" in planned
    private = officer.post(here, data={"announced_on": ["", "", ""]}, follow_redirects=True).text
    assert "The review is private" in private
    done = officer.post(here, data={"announced_on": [str(today().day), str(today().month), str(today().year)]})
    assert "The review is announced" in officer.get(done.location).text
    page = officer.get(here).text
    assert 'name="announced_on' not in page
    assert "Publish the list of requests" in page
    assert "The list of requests is public" in _publish(officer, reference)
    with app.app_context():
        assert kept(app).list_released_on is not None


def test_what_changes_a_review_is_not_offered_once_it_is_over(signed_in: SignIn, reference: str, app: Flask) -> None:
    """Announcing, adding lines and bodies, proposing: each was offered on a withdrawn review, and some were done."""
    officer, at = signed_in("officer"), f"/reviews/{reference}"
    offered = {
        "": "/announce",
        "/announce": 'name="announced_on',
        "/lines": "Add lines of enquiry",
        "/people": "Add another body",
        "/questions": "Propose a question",
    }
    for page, words in offered.items():
        assert words in officer.get(at + page).text, page
    with app.app_context(), writes_now():
        withdraw_review(kept(app), "No need", by=acting("officer"), at=NOW)
    for page, words in offered.items():
        assert words not in officer.get(at + page).text, page
    lines = officer.post(f"{at}/lines", data={"text": "One more?"}).text
    assert "This review is withdrawn: it can no longer be changed" in lines


def test_what_was_done_to_lines_and_bodies_is_said(signed_in: SignIn, reference: str, cast: SimpleNamespace) -> None:
    officer, at = signed_in("officer"), f"/reviews/{reference}"
    added = officer.post(f"{at}/lines", data={"text": "Who drives?\nWho pays?"}, follow_redirects=True).text
    assert "2 lines of enquiry added." in added
    key = "own-1"
    typed = {"title": "Drivers", "text": "Who drives the buses?"}
    assert (
        "Saved. What agencies have already been asked"
        in officer.post(f"{at}/lines/{key}", data=typed, follow_redirects=True).text
    )
    dropped = officer.post(f"{at}/lines/{key}/drop", data={"why": "Not ours"}, follow_redirects=True).text
    assert "“Drivers” is left out." in dropped
    taken_up = officer.post(f"{at}/lines/{key}/take-up", follow_redirects=True).text
    assert "“Drivers” is a line of enquiry again." in taken_up
    row = re.search(r'action="([^"]*/people/\d+/end)"', officer.get(f"{at}/people").text)
    assert row
    ended = officer.post(row[1], follow_redirects=True).text
    assert "has no part in this review from today." in ended


def test_the_people_of_a_review_are_those_of_today(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    """Neither who has left, nor who has not begun, nor whose account has ended."""
    with app.app_context(), writes_now():
        opened(cast)
        body, day = cast.committee, timedelta(days=1)
        for name, days in (("Gone Away", {"to_on": today() - day}), ("Not Yet", {"from_on": today() + day}), ("Is Here", {})):
            person = Person(email=f"{name[0]}@example.org".lower(), name=name, fs_uniquifier=name)
            membership = {"body_id": body, "person": person, "role": "councillor", "from_on": today() - 9 * day} | days
            db.session.add_all([person, BodyMembership(**membership)])
        ended = Person(email="e@example.org", name="Account Ended", fs_uniquifier="ended", active=False)
        db.session.add_all([ended, BodyMembership(body_id=body, person=ended, role="councillor", from_on=today() - 9 * day)])
    text = signed_in("officer").get("/reviews/R-2026-001/people").text
    assert [name for name in ("Gone Away", "Not Yet", "Is Here", "Account Ended") if name in text] == ["Is Here"]
